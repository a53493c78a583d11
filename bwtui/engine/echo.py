"""Send a text back to the sender of an incoming message."""

from urllib.parse import quote

from bwtui.api.client import Client
from bwtui.api.wire import text
from bwtui.domain.callbacks.callback_events import MessageEvent
from bwtui.domain.values.documents import Element, Request
from bwtui.domain.values.hosts import ServiceHost
from bwtui.engine.only_once import only_once


async def send_back(client: Client, account_id: str, event: MessageEvent, words: str) -> str:
    """Send a text from the number that was written to, once, and return its id. Raises `ProblemError`.

    What becomes of an unclear request is told by the callbacks.
    """
    fields = (
        Element("applicationId", event.application_id),
        Element("from", event.to),
        Element("to[]", event.sender),
        Element("text", words),
        Element("tag", "bwtui-echo"),
    )
    request = Request(
        operation="message.send",
        method="POST",
        path=f"/users/{quote(account_id, safe='')}/messages",
        body=Element("", fields),
        is_json=True,
        service=ServiceHost.MESSAGING,
    )
    return text((await client.send(request, before=only_once)).document, "id")
