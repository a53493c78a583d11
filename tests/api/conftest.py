"""What the tests of the client share: a clock that does not run, scripted answers, raw sockets."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from bwtui.api.client import Basic, Client, Clock, OAuth
from bwtui.domain.documents import Element, Request
from bwtui.domain.secret import Secret

BASE = "https://api.bandwidth.com/api"
CANARY = "canary&<s3cret>\"'x"


@dataclass
class Ticker:
    """Time that passes only when someone sleeps."""

    now: float = 1_800_000_000.0
    slept: list[float] = field(default_factory=list)

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.now += seconds

    def clock(self) -> Clock:
        return Clock(monotonic=lambda: self.now, wall=lambda: self.now, sleep=self.sleep, jitter=lambda: 0.0)


@dataclass
class Script:
    """Answers in order, the last one for ever; an exception is raised. Remembers what was asked."""

    answers: list[httpx.Response | Exception]
    token_answers: list[httpx.Response | Exception] = field(default_factory=list)
    asked: list[httpx.Request] = field(default_factory=list)
    tokens: list[httpx.Request] = field(default_factory=list)

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/oauth2/token"):
            self.tokens.append(request)
            await asyncio.sleep(0)  # lets others in, as a network would
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


MakeClient = Callable[..., Awaitable[Client]]


@pytest.fixture
def ticker() -> Ticker:
    return Ticker()


@pytest.fixture
def make_script() -> type[Script]:
    return Script


@pytest.fixture
def canary() -> str:
    return CANARY


@pytest.fixture
def oauth() -> OAuth:
    return OAuth("CLI-1", Secret(CANARY), "https://api.bandwidth.com/api/v1/oauth2/token")


@pytest.fixture
async def make_client(ticker: Ticker) -> AsyncIterator[MakeClient]:
    """Opens clients on a script (or on real sockets, without one) and closes them afterwards."""
    async with AsyncExitStack() as stack:

        async def make(script: Script | None = None, **options: Any) -> Client:
            options.setdefault("base_url", BASE)
            options.setdefault("credentials", Basic("user", Secret(CANARY)))
            if script is not None:
                options.setdefault("transport", httpx.MockTransport(script))
                options.setdefault("clock", ticker.clock())
            return await stack.enter_async_context(Client(**options))

        yield make


Talk = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


@pytest.fixture
async def serve() -> AsyncIterator[Callable[[Talk], Awaitable[str]]]:
    """Starts a server on loopback that talks in bytes; gives the base URL."""
    async with AsyncExitStack() as stack:

        async def start(talk: Talk) -> str:
            async def one(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
                try:
                    await talk(reader, writer)
                except (ConnectionError, asyncio.IncompleteReadError):
                    pass
                finally:
                    writer.close()

            server = await asyncio.start_server(one, "127.0.0.1", 0)
            stack.callback(server.close)
            return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"

        yield start


@pytest.fixture
def make_request() -> Callable[..., Request]:
    def make(method: str = "GET", operation: str = "site.read", **options: Any) -> Request:
        options.setdefault("path", "/accounts/9900000/sites")
        if method in {"POST", "PUT"}:
            options.setdefault("body", Element("Site", (Element("Name", "A & B <c>"),)))
        return Request(operation=operation, method=method, **options)

    return make
