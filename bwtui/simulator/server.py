"""The simulator on a socket: `serve` for a terminal, `RunningSimulator` for a test."""

import asyncio
import ipaddress
import logging
import signal
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import Self

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from bwtui.simulator.access import MOST_CONNECTIONS, PATIENCE
from bwtui.simulator.app import create_app
from bwtui.simulator.fault_injection import CUT
from bwtui.simulator.persistence import AccountFile
from bwtui.simulator.settings import Settings
from bwtui.simulator.simulated_account import SimulatedAccount

_DEFAULTS = Settings()


def serve(
    settings: Settings,
    host: str,
    port: int,
    *,
    announce: Callable[[str, int], None],
    save: Path | None = None,
) -> None:
    """Serve until SIGINT or SIGTERM, on a free port if `port` is 0.

    Beyond loopback nothing is answered without credentials. `announce` is called once, with a block of text and the
    port, when the simulator is ready. `save` is the file of an account to continue, and to save it in.

    Raises:
        OSError: the port is in use; nothing was started.
        AccountFileError: `save` cannot be used.
    """
    settings = replace(settings, guarded=settings.guarded or not is_loopback(host))
    saved = AccountFile(save) if save else None
    account = saved.load(settings) if saved else None
    listening = _listen(host, port)
    bound = listening.getsockname()[1]
    server = _Server(
        _config(settings, account, saved), lambda: announce(announcement(settings, host, bound), bound)
    )
    server.run(sockets=[listening])


def announcement(settings: Settings, host: str, port: int) -> str:
    """Return the simulator's address, its credentials, and lines to paste into a shell.

    The lines are for bwtui and for Bandwidth's CLI `band`. Both take the bare origin; `band` has other variables for
    voice and for messaging.
    """
    origin = _origin(host, port)
    base = f"{origin}/api"
    lines = [
        f"Simulating a Bandwidth account at {base}",
        f"  account    {settings.account_id}",
        *([] if settings.platform == "legacy" else [f"  platform   {settings.platform}"]),
        f"  OAuth2     client {settings.client_id}, secret {settings.client_secret}",
        f"  Basic      user {settings.username}, password {settings.password}",
        "",
        f"export BW_API_URL={origin}",
        f"export BW_VOICE_URL={origin}",
        f"export BW_MESSAGING_URL={origin}",
        f"export BW_ACCOUNT_ID={settings.account_id}",
        f"export BW_CLIENT_ID={settings.client_id}",
        f"export BW_CLIENT_SECRET={settings.client_secret}",
    ]
    if not is_loopback(host):
        lines.append("")
        lines.append(
            f"Warning: {host} is not loopback. Whoever reaches this machine and has the secret above can use the"
            " simulator, its log and state too, and what is sent to it travels unencrypted. Give it no real credentials."
        )
    return "\n".join(lines)


def is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class RunningSimulator:
    """A simulator on a free loopback port, in a thread of its own, for as long as the `with` block lasts."""

    def __init__(self, settings: Settings = _DEFAULTS, account: SimulatedAccount | None = None) -> None:
        self.settings = settings
        self.account = account or SimulatedAccount(settings)
        """The simulated account. Another thread works on it: change it only between requests."""
        listening = _listen("127.0.0.1", 0)
        self.origin = _origin("127.0.0.1", listening.getsockname()[1])
        self.base_url = f"{self.origin}/api"
        """The origin with the prefix, as --base-url takes it."""
        started = threading.Event()
        self._server = _Server(_config(settings, self.account), started.set)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [listening]}, name="simulator", daemon=True
        )
        self._thread.start()
        if not started.wait(10):
            raise TimeoutError("the simulator did not start")

    def close(self) -> None:
        """Stop, without waiting for requests that hang."""
        self._server.should_exit = True
        self._server.force_exit = True
        self._thread.join(10)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


class _Server(uvicorn.Server):
    """Calls `on_start` once it is listening, and ends normally on a signal."""

    def __init__(self, config: uvicorn.Config, on_start: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_start = on_start

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self._on_start()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """Close everything at once where nobody wants to wait; uvicorn pauses for a tenth of a second even then."""
        if not self.force_exit:
            await super().shutdown(sockets)
            return
        for listening in (*self.servers, *(sockets or ())):
            listening.close()
        for connection in list(self.server_state.connections):
            connection.shutdown()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Stop at a signal, and unlike uvicorn do not raise the signal again afterwards: stopping was the wish."""
        if threading.current_thread() is not threading.main_thread():
            yield
            return
        caught = (signal.SIGINT, signal.SIGTERM)
        before = {number: signal.signal(number, self.handle_exit) for number in caught}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)


class _Protocol(H11Protocol):
    """HTTP over h11 that lets the application close the connection, so that a fault can cut it without a reply.

    A connection beyond the limit is closed at once, an idle one that never sent a request after `PATIENCE` seconds.
    """

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        if len(self.connections) > MOST_CONNECTIONS:
            transport.close()
            return
        self.loop.call_later(PATIENCE, self._close_unless_asked)
        inner = self.app

        async def app(scope: Scope, receive: Receive, send: Send) -> None:
            extensions = {**scope.get("extensions", {}), CUT: transport.close}
            await inner({**scope, "extensions": extensions}, receive, send)

        self.app = app

    def _close_unless_asked(self) -> None:
        if self.cycle is None:
            self.transport.close()


def _config(
    settings: Settings, account: SimulatedAccount | None, saved: AccountFile | None = None
) -> uvicorn.Config:
    app: ASGIApp = create_app(settings, account, saved)
    # Faults leave replies unfinished on purpose; uvicorn would report each on standard error.
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
        listening.listen(128)
    except OSError:
        listening.close()
        raise
    return listening


def _origin(host: str, port: int) -> str:
    shown = {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)  # noqa: S104 - it is translated, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"
