"""A process on its line to the account: what it sends, when it dies, when it is asked to stop."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import parse_qsl

import httpx

from worlds.api import Api
from worlds.loop import Endless, SimulatedLoop
from worlds.world import Death, Stop

READ_TIMEOUT: Final = 30.0
"""Seconds after which the client gives up."""
MOST_REQUESTS: Final = 3000
"""Of one life; an ordinary one sends 40."""


class Dead(BaseException):
    """The process is no more."""


@dataclass(slots=True)
class Entry:
    """One request as it was sent."""

    at: float
    method: str
    path: str
    body: bytes = b""
    outcome: str = "no answer"
    stopped: bool = False
    """True if it was sent after the person had asked to stop."""
    agreed: bool = True
    """True if somebody had agreed to the cost in this life."""
    committed: frozenset[str] = frozenset()
    """The numbers that were ours by then."""
    beside: frozenset[str] = frozenset()
    """The numbers that somebody had put on our location by then."""

    @property
    def writes(self) -> bool:
        return self.method != "GET" and not self.path.endswith(("/oauth2/token", "/serviceActivationChecker"))


@dataclass(slots=True)
class Lived:
    """The result of a life."""

    began: float
    ended: float = 0.0
    code: int | None = None
    """The exit code; `None` for a death."""
    error: str = ""
    """The exception that was raised, if any; a life never ends in one."""
    stopped: bool = False
    agreed: bool = False
    said: list[str] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    log: list[Entry] = field(default_factory=list)


class Process:
    """The process of one life, as far as death and signals are concerned."""

    def __init__(self, loop: SimulatedLoop, lived: Lived, ends: Death | Stop | None) -> None:
        self.loop, self.lived, self.ends = loop, lived, ends
        self.dead = False
        self.sent = self.written = 0
        self.leave: Callable[[], None] = lambda: None
        self.work: asyncio.Task[Any] | None = None

    def begin(self, leave: Callable[[], None], work: asyncio.Task[Any]) -> None:
        self.leave, self.work = leave, work
        if self.ends and self.ends.on == "time":
            act = self.stop if isinstance(self.ends, Stop) else self.halt
            self.loop.call_later(self.ends.at, act)

    def halt(self) -> None:
        self.dead = True
        self.loop.stop()

    def die(self) -> None:
        self.halt()
        raise Dead

    def insist(self) -> None:
        """Nothing gets out of a dead process."""
        if self.dead:
            raise Dead

    def dies(self, on: str, at: int, when: str) -> bool:
        return isinstance(self.ends, Death) and (self.ends.on, self.ends.at, self.ends.when) == (on, at, when)

    def stop(self) -> None:
        assert isinstance(self.ends, Stop)
        assert self.work
        if not self.lived.stopped:
            self.lived.stopped = True
            self.leave()
            if self.ends.again:
                self.loop.call_later(self.ends.again, self.work.cancel)

    def on_write(self, when: str) -> None:
        self.insist()
        self.written += when == "before"
        if self.dies("write", self.written, when):
            self.die()


class Line(httpx.AsyncBaseTransport):
    """Carries requests to the account."""

    def __init__(self, api: Api, process: Process) -> None:
        self._api, self._process = api, process

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        process, loop = self._process, self._process.loop
        process.insist()
        process.sent += 1
        number = process.sent
        if process.dies("request", number, "before"):
            process.die()
        if number > MOST_REQUESTS:
            raise Endless
        url = request.url
        raw_path, _, raw_query = url.raw_path.decode().partition("?")
        query = {
            name.casefold() if raw_path.endswith("/orders") else name: value
            for name, value in parse_qsl(raw_query)
        }
        lived = process.lived
        entry = Entry(
            loop.time(), request.method, raw_path + ("?" + raw_query if raw_query else ""), request.content
        )
        entry.stopped, entry.agreed = lived.stopped, lived.agreed
        lived.log.append(entry)
        self._api.account.settle(loop.time())
        if entry.writes:
            entry.committed = frozenset(self._api.account.committed())
            entry.beside = frozenset(self._api.account.by_hand(loop.time()))
        outcome = self._api.handle(request.method, raw_path, query, request.content, loop.time())
        if process.dies("request", number, "after"):
            process.die()
        if isinstance(process.ends, Stop) and process.ends.on == "request" and process.ends.at == number:
            process.stop()
        if not outcome.reached:
            entry.outcome = "no connection"
            raise httpx.ConnectError("refused", request=request)
        if outcome.after >= READ_TIMEOUT:
            entry.outcome = "timed out"
            await asyncio.sleep(READ_TIMEOUT)
            raise httpx.ReadTimeout("timed out", request=request)
        await asyncio.sleep(outcome.after)
        if outcome.reply is None:
            entry.outcome = "cut"
            raise httpx.RemoteProtocolError(
                "Server disconnected without sending a response.", request=request
            )
        entry.outcome = str(outcome.reply.status)
        if process.dies("request", number, "answered"):
            process.die()
        headers = {"Content-Type": "application/xml", **outcome.reply.headers}
        return httpx.Response(outcome.reply.status, headers=headers, content=outcome.reply.body.encode())
