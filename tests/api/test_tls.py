"""Over a real TLS connection: agreeing on it costs two round trips, so each connection does it once and is used again."""

import asyncio
import ssl
from asyncio import StreamReader, StreamWriter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

import httpx
import pytest
import trustme

from benchmarks.critical_path import apply_once, example
from bwtui.api.client import ApiError, Client, OAuth, token_url_for
from bwtui.domain.runs.problem import Kind
from bwtui.domain.values.secret import Secret
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from support.scripted_http import ask

WIDEST = 13
"""The most connections that the client keeps: the proof reads what nine steps have made, the lists of four kinds, and
which numbers are being released."""


@dataclass
class Door:
    """A TLS server in front of the simulator, as a real service has one."""

    inner: str
    port: int = 0
    agreed: int = 0
    """The number of TLS handshakes."""
    relays: set[asyncio.Task[None]] = field(default_factory=set)

    @property
    def base_url(self) -> str:
        return f"https://127.0.0.1:{self.port}/api"

    async def serve(self, reader: StreamReader, writer: StreamWriter) -> None:
        """Hand over what comes in either direction until one side has enough."""
        self.agreed += 1
        if here := asyncio.current_task():
            self.relays.add(here)
        behind = urlsplit(self.inner)
        inner_reader, inner_writer = await asyncio.open_connection(behind.hostname, behind.port)
        try:
            async with asyncio.TaskGroup() as both:
                both.create_task(hand_over(reader, inner_writer))
                both.create_task(hand_over(inner_reader, writer))
        finally:
            inner_writer.close()
            writer.close()


async def hand_over(source: StreamReader, target: StreamWriter) -> None:
    with suppress(OSError, ssl.SSLError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()
    target.close()


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> trustme.CA:
    """A certificate authority that this machine trusts."""
    authority, file = trustme.CA(), tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return authority


@asynccontextmanager
async def opened(authority: trustme.CA) -> AsyncIterator[Door]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    authority.issue_cert("127.0.0.1").configure_cert(context)
    with RunningSimulator(Settings(order_seconds=0)) as simulator:
        door = Door(simulator.origin)
        server = await asyncio.start_server(door.serve, "127.0.0.1", 0, ssl=context)
        door.port = server.sockets[0].getsockname()[1]
        try:
            yield door
        finally:
            server.close()
            for relay in door.relays:
                relay.cancel()
            await asyncio.gather(*door.relays, return_exceptions=True)


def client_of(door: Door) -> Client:
    credentials = OAuth("demo", Secret("demo-secret"), token_url_for(door.base_url))
    return Client(base_url=door.base_url, credentials=credentials)


async def test_one_after_the_other_all_requests_go_through_one_connection(authority: trustme.CA) -> None:
    async with opened(authority) as door, client_of(door) as client:
        for _ in range(20):
            assert (await client.send(ask(path="/accounts/9900000"))).status == 200
        assert door.agreed == 1, "the token's too"


async def test_a_whole_run_opens_no_more_than_it_uses_at_once_and_one_for_each_post(
    authority: trustme.CA, tmp_path: Path
) -> None:
    async with opened(authority) as door:
        await apply_once(example(), door.base_url, tmp_path)
        async with httpx.AsyncClient() as plain:
            log = (await plain.get(f"{door.inner}/_simulator/log")).json()
        creating = sum(entry["method"] == "POST" and "oauth2" not in entry["path"] for entry in log)
        assert len(log) > 2 * WIDEST
        assert 1 < door.agreed <= WIDEST + creating


async def test_a_server_that_nobody_trusts_gets_no_credentials(
    authority: trustme.CA, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    async with opened(authority) as door, client_of(door) as client:
        with pytest.raises(ApiError) as caught:
            await client.send(ask(path="/accounts/9900000"))
        assert caught.value.problem.kind is Kind.UNREACHABLE
        assert door.agreed == 0
