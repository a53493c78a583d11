"""The listener on a socket, with limits for whoever is slow, many or large."""

import asyncio
import logging
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol, RequestResponseCycle

from bwtui.callbacks.app import PATIENCE

MOST_CONNECTIONS: Final = 200
LARGEST_HEADERS: Final = 16 * 1024


class ListenerServer:
    """Serves an app on a host and a port, 0 for any free one."""

    def __init__(self, app: ASGIApp, host: str, port: int) -> None:
        """Raise `OSError` if the port is in use, or the host is not this machine's."""
        self._socket = _listen(host, port)
        self.port: int = self._socket.getsockname()[1]
        self._server = _Server(_config(app))
        self._serving: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Return once requests are answered."""
        self._serving = asyncio.create_task(self._server.serve(sockets=[self._socket]))
        started = asyncio.create_task(self._server.listening.wait())
        await asyncio.wait((self._serving, started), return_when=asyncio.FIRST_COMPLETED)
        started.cancel()

    async def stop(self) -> None:
        """Answer what is under way, for a second at most, and stop."""
        self._server.should_exit = True
        if self._serving:
            await self._serving
        self._socket.close()


class _Server(uvicorn.Server):
    """Says when it is listening, and leaves signals to whoever runs it."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.listening.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Protocol(H11Protocol):
    """HTTP over h11. A connection whose request does not come in time is closed, the oldest of them if there are too many."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self._late: asyncio.TimerHandle | None = None
        self.since = self.loop.time()
        if len(self.connections) > MOST_CONNECTIONS:
            idle = (
                each for each in self.connections if isinstance(each, _Protocol) and each.has_no_request()
            )
            min(idle, key=lambda each: each.since, default=self).transport.close()
        self._expect_a_request()

    def has_no_request(self) -> bool:
        """Return True if nothing would be lost with the connection: no request has come on it as a whole."""
        return self._is_between_requests() or self.cycle.more_body

    def data_received(self, data: bytes) -> None:
        if self._late is None and self._is_between_requests():
            self._expect_a_request()
        super().data_received(data)

    def _expect_a_request(self) -> None:
        self._late = self.loop.call_later(PATIENCE, self._close_if_late)

    def _close_if_late(self) -> None:
        self._late = None
        if self._is_between_requests():
            self.transport.close()

    def _is_between_requests(self) -> bool:
        cycle: RequestResponseCycle | None = getattr(self, "cycle", None)
        return cycle is None or cycle.response_complete


def _config(app: ASGIApp) -> uvicorn.Config:
    # A client that leaves early is nobody's concern; uvicorn would report each on standard error.
    logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)
    return uvicorn.Config(
        app,
        http=_Protocol,
        ws="none",
        lifespan="off",
        loop="asyncio",
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=LARGEST_HEADERS,
        timeout_keep_alive=75,
        timeout_graceful_shutdown=1,
    )


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    # asyncio switches Nagle's algorithm off only for sockets with the protocol TCP; with it, replies wait 40 ms.
    listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind((host, port))
        listening.listen(256)
    except OSError:
        listening.close()
        raise
    return listening
