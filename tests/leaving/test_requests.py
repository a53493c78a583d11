"""Once the person has asked to stop, nothing leaves that changes the account, whatever it was waiting for."""

import asyncio
import socket
from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from api.test_sockets import FINE, request_of
from bwtui.api.cancellation import Cancellation
from bwtui.api.client import ApiError, Client, Clock, Exchange, Timeouts
from bwtui.domain.runs.problem import Kind, OwnCode, Problem
from support.scripted_http import OAUTH, ClientFactory, ScriptedTransport, Serve, ask

CREATED = httpx.Response(201, content=b"<R/>")
CHANGES = ("POST", "PUT", "DELETE")


async def refused(sending: "asyncio.Task[object]") -> Problem:
    """The problem that a request ends with, soon."""
    with pytest.raises(ApiError) as caught:
        await asyncio.wait_for(sending, 5)
    return caught.value.problem


def send(client: Client, method: str) -> "asyncio.Task[object]":
    return asyncio.create_task(client.send(ask(method, operation="site.create")))


class Waits:
    """A wish to stop that is uttered when the client begins to wait; the wait itself would never end."""

    def __init__(self) -> None:
        self.stop = asyncio.Event()
        self.told: list[str] = []

    async def _sleep(self, _seconds: float) -> None:
        self.stop.set()
        await asyncio.get_running_loop().create_future()

    async def client(self, factory: ClientFactory, script: ScriptedTransport, **options: object) -> Client:
        made = await factory.client(
            script,
            clock=Clock(sleep=self._sleep),
            on_wait=lambda _operation, _seconds, reason: self.told.append(reason),
            **options,
        )
        made.stop_when(self.stop)
        return made


@pytest.mark.parametrize("method", CHANGES)
async def test_a_rate_limited_request_is_not_sent_again_and_is_a_clear_refusal(
    factory: ClientFactory, method: str
) -> None:
    waits, script = Waits(), ScriptedTransport([httpx.Response(429, headers={"Retry-After": "8"}), CREATED])
    problem = await refused(send(await waits.client(factory, script), method))
    assert len(script.asked) == 1
    assert (problem.kind, problem.status, problem.unclear) == (Kind.RATE_LIMITED, 429, False)
    assert len(waits.told) == 1


@pytest.mark.parametrize("method", CHANGES)
async def test_nothing_is_sent_again_after_a_failure(factory: ClientFactory, method: str) -> None:
    waits, script = Waits(), ScriptedTransport([httpx.ConnectError("refused"), CREATED])
    problem = await refused(send(await waits.client(factory, script), method))
    assert len(script.asked) == 1
    assert (problem.kind, problem.unclear) == (Kind.UNREACHABLE, False)


async def test_a_refusal_that_comes_after_the_wish_to_stop_is_not_waited_for(factory: ClientFactory) -> None:
    waits = Waits()

    async def talk(_request: httpx.Request) -> httpx.Response:
        waits.stop.set()
        return httpx.Response(429, headers={"Retry-After": "8"})

    client = await factory.client(
        transport=httpx.MockTransport(talk), on_wait=lambda *_: waits.told.append("")
    )
    client.stop_when(waits.stop)
    assert (await refused(send(client, "POST"))).status == 429
    assert not waits.told


@pytest.mark.parametrize("method", CHANGES)
async def test_nothing_is_sent_once_a_token_is_waited_for_no_longer(
    factory: ClientFactory, method: str
) -> None:
    waits = Waits()
    script = ScriptedTransport([CREATED], token_answers=[httpx.Response(429, headers={"Retry-After": "8"})])
    problem = await refused(send(await waits.client(factory, script, credentials=OAUTH), method))
    assert not script.asked
    assert (problem.code, problem.unclear) == (OwnCode.UNSENT, False)


@pytest.mark.parametrize("method", CHANGES)
async def test_nothing_is_sent_at_all_after_the_wish_to_stop(factory: ClientFactory, method: str) -> None:
    script = ScriptedTransport([CREATED])
    client, stop = await factory.client(script), asyncio.Event()
    client.stop_when(stop)
    stop.set()
    problem = await refused(send(client, method))
    assert not script.asked
    assert (problem.operation, problem.code, problem.unclear) == ("site.create", OwnCode.UNSENT, False)


async def test_looking_goes_on_after_the_wish_to_stop(factory: ClientFactory) -> None:
    script = ScriptedTransport(
        [httpx.Response(429, headers={"Retry-After": "8"}), httpx.Response(200, content=b"<R/>")]
    )
    client, stop = await factory.client(script, credentials=OAUTH), asyncio.Event()
    client.stop_when(stop)
    stop.set()
    assert (await client.send(ask("GET"))).status == 200


async def test_a_request_that_has_left_is_waited_for_and_tells_how_long(
    factory: ClientFactory, serve: Serve
) -> None:
    arrived, go_on, stop = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        arrived.set()
        await go_on.wait()
        writer.write(FINE)
        await writer.drain()

    client = await factory.client(base_url=await serve(talk), timing=Timeouts(overall=40))
    client.stop_when(stop)
    assert client.seconds_under_way == 0
    sending = send(client, "POST")
    await arrived.wait()
    stop.set()
    assert 39 < client.seconds_under_way <= 40
    go_on.set()
    await asyncio.wait_for(sending, 5)
    assert client.seconds_under_way == 0


async def test_a_request_whose_connection_is_still_being_opened_never_leaves(factory: ClientFactory) -> None:
    stop, exchanges = asyncio.Event(), list[Exchange]()
    with socket.socket() as listener, socket.socket() as first, socket.socket() as second:
        listener.bind(("127.0.0.1", 0))
        listener.listen(0)
        for other in (first, second):  # the queue is full: a further connection is neither taken nor refused
            other.settimeout(0)
            other.connect_ex(listener.getsockname())
        base = f"http://127.0.0.1:{listener.getsockname()[1]}/api"
        client = await factory.client(base_url=base, on_exchange=exchanges.append)
        client.stop_when(stop)
        sending = send(client, "POST")
        while not any(attempt.is_connecting for attempt in client._under_way):  # noqa: ASYNC110
            await asyncio.sleep(0)
        assert client.seconds_under_way == 0
        stop.set()
        problem = await refused(sending)
    assert (problem.code, problem.unclear) == (OwnCode.UNSENT, False)
    assert not exchanges


async def test_a_connection_that_opens_just_as_one_leaves_carries_nothing(
    factory: ClientFactory, serve: Serve, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The wish to stop comes with the last step of connecting, so that there is nothing left to break off."""
    stop, seen = asyncio.Event(), bytearray()
    gone = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
        seen.extend(await reader.read())
        gone.set()

    class Late(Cancellation):
        async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
            if event == "http11.send_request_headers.started":
                stop.set()
            await super().__call__(event, info)

    monkeypatch.setattr("bwtui.api.client.Cancellation", Late)
    client = await factory.client(base_url=await serve(talk))
    client.stop_when(stop)
    problem = await refused(send(client, "POST"))
    assert problem.code == OwnCode.UNSENT
    await asyncio.wait_for(client.__aexit__(None, None, None), 5)
    await asyncio.wait_for(gone.wait(), 5)
    assert not seen
