"""The simulator lets in who may come in, and not more of it than it can take."""

import asyncio
import base64
import re
import socket
import sys
import urllib.error
import urllib.request
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import ExitStack
from typing import Final

import httpx
import pytest

from bwtui.simulator.access import LARGEST_BODY, MOST_CONNECTIONS
from bwtui.simulator.app import create_app
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from support.cli_runner import CliRunner
from support.waiting import wait_until

DOORS: Final = (
    ("GET", "/api"), ("GET", "/api/"), ("GET", "/api/accounts/9900000"), ("POST", "/api/accounts/9900000/sites"),
    ("GET", "/_simulator/state"), ("GET", "/_simulator/log"), ("DELETE", "/_simulator/log"), ("PUT", "/_simulator/faults"),
    ("DELETE", "/_simulator/faults"), ("GET", "/"), ("GET", "/nothing"), ("POST", "/api/v2/users/9900000/messages"),
    ("POST", "/_simulator/inbound/message"), ("POST", "/_simulator/inbound/call"),
)  # fmt: skip


@pytest.fixture
def guarded() -> Iterator[RunningSimulator]:
    with RunningSimulator(
        Settings(guarded=True, client_secret="s3cret-of-now", password="s3cret-of-now")
    ) as running:
        yield running


@pytest.mark.parametrize("door", DOORS, ids=str)
def test_without_the_secret_every_request_is_refused(
    guarded: RunningSimulator, door: tuple[str, str]
) -> None:
    method, path = door
    wrong = base64.b64encode(b"demo:demo-secret").decode()
    for shown in ("", f"Basic {wrong}", "Bearer x", "Basic \xff", "Basic"):
        headers = [(b"Authorization", shown.encode("latin-1"))] if shown else []
        reply = httpx.request(method, guarded.origin + path, headers=headers)
        assert (reply.status_code, reply.content) == (401, b"")
    assert not guarded.account.effects


def test_the_secret_gets_in_by_basic_or_by_token(guarded: RunningSimulator) -> None:
    auth = ("demo", "s3cret-of-now")
    assert httpx.get(f"{guarded.base_url}/accounts/9900000", auth=auth).status_code == 200
    assert httpx.get(f"{guarded.origin}/_simulator/state", auth=auth).status_code == 200
    form = {"grant_type": "client_credentials"}
    token = httpx.post(f"{guarded.origin}/api/v1/oauth2/token", data=form, auth=auth).json()["access_token"]
    bearer = {"Authorization": f"Bearer {token}"}
    assert httpx.get(f"{guarded.base_url}/accounts/9900000/sites", headers=bearer).status_code == 200
    assert httpx.post(f"{guarded.origin}/api/v1/oauth2/token", data=form).status_code == 401


@pytest.mark.parametrize("host", ["127.0.0.1", "::1", "localhost", "0.0.0.0"])
def test_beyond_loopback_it_warns_and_has_a_secret_of_its_own(runner: CliRunner, host: str) -> None:
    open_to_all = host != "0.0.0.0"
    with runner.start("simulate", "--port", "0", "--host", host) as process:
        assert process.stdout
        said = _announced(process.stdout, warned=not open_to_all)
        origin = re.search(r"http://\S+?(?=/api)", said)
        assert origin, said
        try:
            with urllib.request.urlopen(f"{origin[0]}/_simulator/state", timeout=10) as reply:
                status = reply.status
        except urllib.error.HTTPError as refusal:
            status = refusal.code
        process.terminate()
    secret = re.search(r"export BW_CLIENT_SECRET=(\S+)", said)
    assert secret
    assert (status == 200, secret[1] == "demo-secret", "Warning" not in said) == (open_to_all,) * 3


def _announced(stream: Iterable[str], *, warned: bool) -> str:
    """Return the lines up to the last one of the announcement."""
    last = "Warning" if warned else "export BW_CLIENT_SECRET"
    said = ""
    for line in stream:
        said += line
        if line.startswith(last):
            return said
    return said


PUSHES: Final = (
    ("POST", "/api/accounts/9900000/sites"),
    ("PUT", "/_simulator/faults"),
    ("POST", "/api/v1/oauth2/token"),
)


async def push(method: str, path: str, content: AsyncIterator[bytes]) -> int:
    """Send a body; give the status."""
    transport = httpx.ASGITransport(create_app(Settings()))
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        return (await client.request(method, path, content=content, auth=("demo", "demo-secret"))).status_code


@pytest.mark.parametrize("where", PUSHES, ids=str)
async def test_a_body_that_is_too_large_is_refused_unread(where: tuple[str, str]) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while True:
            sent += 65536
            yield bytes(65536)

    assert await push(*where, endless()) == 413
    assert sent <= LARGEST_BODY + 2 * 65536


@pytest.mark.parametrize("where", PUSHES, ids=str)
async def test_a_body_that_does_not_come_to_an_end_is_not_waited_for(
    where: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bwtui.simulator.access.PATIENCE", 0.05)

    async def hanging() -> AsyncIterator[bytes]:
        yield b"<Site>"
        await asyncio.Event().wait()

    assert await push(*where, hanging()) == 408


@pytest.mark.skipif(sys.platform != "linux", reason="elsewhere a process has fewer files")
def test_one_connection_too_many_is_closed_and_the_others_are_served() -> None:
    with RunningSimulator() as running, ExitStack() as stack:
        port = httpx.URL(running.origin).port or 0
        held = [
            stack.enter_context(socket.create_connection(("127.0.0.1", port)))
            for _ in range(MOST_CONNECTIONS)
        ]
        extra = stack.enter_context(socket.create_connection(("127.0.0.1", port)))
        extra.settimeout(10)
        assert extra.recv(10) == b""
        held[0].sendall(b"GET /api HTTP/1.1\r\nHost: x\r\n\r\n")
        held[0].settimeout(10)
        assert held[0].recv(100).startswith(b"HTTP/1.1 200")
        for connection in held[:50]:
            connection.close()
        wait_until(lambda: httpx.get(running.base_url).status_code == 200)


def test_a_connection_that_asks_for_nothing_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bwtui.simulator.server.PATIENCE", 0.1)
    with RunningSimulator() as running:
        port = httpx.URL(running.origin).port or 0
        with socket.create_connection(("127.0.0.1", port)) as idle:
            idle.sendall(b"GET /api HTTP/1.1\r\nX: ")
            idle.settimeout(10)
            assert idle.recv(10) == b""
