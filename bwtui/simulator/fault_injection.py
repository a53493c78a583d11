"""Apply scripted faults, between the log and the rules: a request can be lost before or after its effect."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from time import monotonic
from typing import assert_never

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bwtui.simulator.fault_script import Fault
from bwtui.simulator.prefixes import below
from bwtui.simulator.request_log import Entry
from bwtui.simulator.simulated_account import SimulatedAccount

CUT = "bwtui.simulator.cut"
"""The name of the ASGI extension that closes the TCP connection; without it (in-process) a cut raises."""

_PIECES = 20


class ConnectionCutError(ConnectionResetError):
    """The connection was closed by a fault."""


@dataclass(slots=True)
class _BufferedResponse:
    """A reply that is held back so that a fault can change or drop it."""

    status: int = 500
    headers: list[tuple[bytes, bytes]] = field(default_factory=list)
    body: bytes = b""

    async def collect(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], list(message.get("headers", []))
        elif message["type"] == "http.response.body":
            self.body += message.get("body", b"")

    def start(self, *, length: int | None = None) -> Message:
        size = len(self.body) if length is None else length
        kept = [(name, value) for name, value in self.headers if name.lower() != b"content-length"]
        headers = [*kept, (b"content-length", str(size).encode())]
        return {"type": "http.response.start", "status": self.status, "headers": headers}


class FaultInjection:
    """Applies the fault that is due to a request, or lets the request through."""

    def __init__(self, app: ASGIApp, account: SimulatedAccount) -> None:
        self.app = app
        self.account = account

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_simulator"):
            await self.app(scope, receive, send)
            return
        if latency := self.account.settings.latency_ms / 1000:
            send = _not_before(monotonic() + latency, send)
            await asyncio.sleep(latency / 2)
        query = scope["query_string"].decode("latin-1")
        fault, changing = self.account.script.due(scope["method"], below(scope["path"]), query)
        entry: Entry = scope["state"]["entry"]
        entry.fault = ", ".join(met.action for met in (fault, *changing) if met is not None) or None
        scope["state"]["changing"] = changing
        if fault is None:
            await self.app(scope, receive, send)
        else:
            await self._apply_fault(fault, scope, receive, send)

    async def _apply_fault(self, fault: Fault, scope: Scope, receive: Receive, send: Send) -> None:
        if fault.action in ("order", "twice"):  # the rules carry these out
            scope["state"][f"{fault.action}_script"] = fault
            await self.app(scope, receive, send)
            return
        reply = _BufferedResponse()
        if fault.carries_out():
            scope["state"]["effect_after"] = fault.effect_after
            await self.app(scope, receive, reply.collect)
        match fault.action:
            case "hang":
                await _hang(scope, receive)
            case "cut-before" | "cut-after":
                await _cut(scope, receive)
            case "cut-reply":
                await send(reply.start())
                half = reply.body[: len(reply.body) // 2]
                await send({"type": "http.response.body", "body": half, "more_body": True})
                await _cut(scope, receive)
            case "slow":
                await self._slowly(fault, reply, send)
            case "garbage":
                reply.body = reply.body[: len(reply.body) // 2] if fault.body is None else fault.body.encode()
                _shape_response(fault, reply)
                await _whole(reply, send)
            case "answer":
                await self.account.sleep(fault.seconds or 0)
                await _whole(_scripted(fault), send)
            case (
                "order"
                | "twice"
                | "lag"
                | "pages"
                | "unfiltered"
                | "empty-links"
                | "shuffle"
                | "rewrite"
                | "normalise"
            ):
                raise AssertionError(f"{fault.action} leaves the request alone")
            case _:
                assert_never(fault.action)

    async def _slowly(self, fault: Fault, reply: _BufferedResponse, send: Send) -> None:
        seconds = 1.0 if fault.seconds is None else fault.seconds
        if not fault.drip:
            await self.account.sleep(seconds)
            await _whole(reply, send)
            return
        await send(reply.start())
        step = max(1, -(-len(reply.body) // _PIECES))
        for start in range(0, len(reply.body), step):
            await self.account.sleep(seconds / _PIECES)
            piece = reply.body[start : start + step]
            await send({"type": "http.response.body", "body": piece, "more_body": True})
        await send({"type": "http.response.body", "body": b"", "more_body": False})


def _scripted(fault: Fault) -> _BufferedResponse:
    reply = _BufferedResponse(status=fault.status or 500, body=(fault.body or "").encode())
    _shape_response(fault, reply)
    return reply


def _shape_response(fault: Fault, reply: _BufferedResponse) -> None:
    """Set the fault's content type and headers, or a content type that suits the body."""
    headers = {name.lower(): value for name, value in fault.filled_headers().items()}
    if fault.content_type is not None or (fault.body and "content-type" not in headers):
        headers["content-type"] = fault.content_type or _guess(fault.body or "")
    kept = [(name, value) for name, value in reply.headers if name.decode("latin-1").lower() not in headers]
    reply.headers = [*kept, *((name.encode(), value.encode()) for name, value in headers.items())]


def _guess(body: str) -> str:
    opening = body.lstrip()[:15].lower()
    if opening.startswith(("<html", "<!doctype html")):
        return "text/html"
    if opening.startswith("<"):
        return "application/xml"
    return "application/json" if opening.startswith(("{", "[")) else "text/plain"


def _not_before(moment: float, send: Send) -> Send:
    """Return a `send` that holds the reply back until `moment`."""

    async def held(message: Message) -> None:
        await asyncio.sleep(moment - monotonic())
        await send(message)

    return held


async def _whole(reply: _BufferedResponse, send: Send) -> None:
    await send(reply.start())
    await send({"type": "http.response.body", "body": reply.body, "more_body": False})


async def _hang(scope: Scope, receive: Receive) -> None:
    """Wait until the client gives up or the server stops; then close without the 500 that uvicorn would send."""
    try:
        await _gone(receive)
    finally:
        close: Callable[[], None] | None = scope.get("extensions", {}).get(CUT)
        if close is not None:
            close()


async def _cut(scope: Scope, receive: Receive) -> None:
    close: Callable[[], None] | None = scope.get("extensions", {}).get(CUT)
    if close is None:
        raise ConnectionCutError("the simulator closed the connection")
    close()
    await _gone(receive)


async def _gone(receive: Callable[[], Awaitable[Message]]) -> None:
    """Wait until the client has closed the connection."""
    while (await receive())["type"] != "http.disconnect":
        pass
