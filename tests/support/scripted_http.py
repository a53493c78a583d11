"""Helpers for the tests of the client: a clock that does not run, scripted answers, clients to open."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, closing, suppress
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from bwtui.api.client import Basic, Client, Clock, OAuth
from bwtui.domain.values.documents import Element, Request
from bwtui.domain.values.secret import Secret

BASE = "https://api.bandwidth.com/api"
CANARY = "canary&<s3cret>\"'x"
OAUTH = OAuth("CLI-1", Secret(CANARY), "https://api.bandwidth.com/api/v1/oauth2/token")


@dataclass
class ManualClock:
    """Time that passes only when someone sleeps."""

    now: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> Clock:
        return Clock(monotonic=lambda: self.now, wall=lambda: self.now, sleep=self.sleep, jitter=lambda: 0.0)


@dataclass
class ScriptedTransport:
    """Answers in order, the last one for ever; an exception is raised. Remembers what was asked."""

    answers: list[httpx.Response | Exception]
    token_answers: list[httpx.Response | Exception] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)
    tokens: list[httpx.Request] = field(default_factory=list)
    token_wanted: asyncio.Event = field(default_factory=asyncio.Event)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/oauth2/token"):
            self.tokens.append(request)
            self.token_wanted.set()
            await asyncio.sleep(0)  # lets other tasks run, as a network would
            made = httpx.Response(200, json={"access_token": f"token-{len(self.tokens)}", "expires_in": 3600})
            return self._play(self.token_answers or [made])
        self.asked.append(request)
        await asyncio.sleep(0)
        return self._play(self.answers)

    @staticmethod
    def _play(answers: list[httpx.Response | Exception]) -> httpx.Response:
        answer = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(answer, Exception):
            raise answer
        return httpx.Response(answer.status_code, headers=answer.headers, content=answer.content)


@dataclass
class ClientFactory:
    """Opens clients that are closed after the test."""

    stack: AsyncExitStack
    ticker: ManualClock = field(default_factory=ManualClock)

    async def client(self, script: ScriptedTransport | None = None, **options: Any) -> Client:
        """A client on a script, with the clock that does not run; on real sockets and time without one."""
        options.setdefault("base_url", BASE)
        options.setdefault("credentials", Basic("user", Secret(CANARY)))
        if script is not None:
            options.setdefault("transport", httpx.MockTransport(script))
            options.setdefault("clock", self.ticker.clock())
        return await self.stack.enter_async_context(Client(**options))


def ask(method: str = "GET", operation: str = "site.read", **options: Any) -> Request:
    """Some request of a method."""
    options.setdefault("path", "/accounts/9900000/sites")
    if method in {"POST", "PUT"}:
        options.setdefault("body", Element("Site", (Element("Name", "A & B <c>"),)))
    return Request(operation=operation, method=method, **options)


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
Serve = Callable[[Talk], Awaitable[str]]


@pytest.fixture
async def factory() -> AsyncIterator[ClientFactory]:
    async with AsyncExitStack() as stack:
        yield ClientFactory(stack)


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    """Starts a server on loopback that talks in bytes; gives the base URL."""
    async with AsyncExitStack() as stack:

        async def start(talk: Talk) -> str:
            async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                with suppress(ConnectionError, asyncio.IncompleteReadError), closing(writer):
                    await talk(reader, writer)

            server = await asyncio.start_server(one, "127.0.0.1", 0)
            stack.callback(server.close)
            return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"

        yield start
