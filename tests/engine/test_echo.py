"""An answer to a message costs money: it is sent once, also where Bandwidth wants it later."""

import httpx
import pytest

from bwtui.api.client import Basic, Client
from bwtui.domain.callbacks.callback_events import MessageEvent
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.values.secret import Secret
from bwtui.engine.echo import send_back
from support.in_process import BASE_URL, QUICK

MESSAGE = MessageEvent("message-received", "m1", "+19845550100", "+19195551234", text="hello")


@pytest.mark.parametrize("status", [429, 401, 500])
async def test_it_is_never_sent_a_second_time(status: int) -> None:
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        return httpx.Response(status, headers={"Retry-After": "0"})

    transport = httpx.MockTransport(answer)
    credentials = Basic("demo", Secret("demo-secret"))
    async with Client(
        base_url=BASE_URL, credentials=credentials, timing=QUICK, transport=transport
    ) as client:
        with pytest.raises(ProblemError):
            await send_back(client, "9900000", MESSAGE, "You wrote: hello")
    assert [request.url.path for request in asked] == ["/api/v2/users/9900000/messages"]
