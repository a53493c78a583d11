"""Reaching a server without credentials: what stands in the way is told apart, and nothing secret is sent."""

import asyncio
import socket
import time

import pytest

from bwtui.api.probe import Obstacle, Probe, probe
from bwtui.domain.doctor import State
from bwtui.engine.doctor import net_lines
from support.scripted_http import Serve
from support.scripted_http import serve as serve  # noqa: PLC0414 - a fixture

ANSWER = b"HTTP/1.1 404 Not Found\r\nDate: Sun, 29 Nov 2026 14:00:00 GMT\r\nContent-Length: 0\r\n\r\n"


async def test_any_answer_shows_that_the_server_is_reached_and_tells_its_time(serve: Serve) -> None:
    heard = bytearray()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        heard.extend(await reader.readuntil(b"\r\n\r\n"))
        writer.write(ANSWER)
        await writer.drain()

    found = await probe(await serve(talk))
    assert (found.obstacle, found.date) == (None, 1795960800.0)
    assert abs(found.asked_at - time.time()) < 60
    assert heard.startswith(b"GET /api HTTP/1.1")
    assert b"authorization" not in heard.lower()


async def test_a_server_without_a_date_is_reached_too(serve: Serve) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nDate: yesterday\r\nContent-Length: 0\r\n\r\n")
        await writer.drain()

    found = await probe(await serve(talk))
    assert (found.obstacle, found.date) == (None, None)


async def test_a_port_where_nobody_listens_is_no_connection() -> None:
    assert (await probe("http://127.0.0.1:1/api")).obstacle is Obstacle.CONNECTION


async def test_a_server_that_never_answers_is_given_up(serve: Serve) -> None:
    async def talk(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    found = await probe(await serve(talk), seconds=0.2)
    assert found.obstacle is Obstacle.CONNECTION
    assert "did not answer" in found.text


async def test_a_server_without_tls_cannot_be_trusted(serve: Serve) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        writer.write(ANSWER)
        await writer.drain()

    url = (await serve(talk)).replace("http:", "https:")
    assert (await probe(url)).obstacle is Obstacle.TLS


async def test_a_name_that_nobody_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(*_: object) -> None:
        raise socket.gaierror(-2, "Name or service not known")

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", unknown)
    assert (await probe("https://api.bandwidth.com/api")).obstacle is Obstacle.NAME


async def test_a_proxy_that_cannot_be_used_is_told_without_its_password(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "gopher://user:canary@proxy.example")
    found = await probe("https://api.bandwidth.com/api")
    assert found.obstacle is Obstacle.ENVIRONMENT
    assert "HTTPS_PROXY" in found.text
    assert "canary" not in found.text


async def test_a_proxy_that_nobody_runs_is_told_as_the_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    assert (await probe("https://api.bandwidth.com/api")).obstacle is Obstacle.PROXY


@pytest.mark.parametrize(
    ("obstacle", "stops", "behind"),
    [
        (Obstacle.ENVIRONMENT, "net.proxy", 4),
        (Obstacle.PROXY, "net.proxy", 4),
        (Obstacle.NAME, "net.dns", 3),
        (Obstacle.CONNECTION, "net.connection", 2),
        (Obstacle.TLS, "net.tls", 1),
    ],
)
def test_what_comes_behind_an_obstacle_is_not_known(obstacle: Obstacle, stops: str, behind: int) -> None:
    lines = net_lines("https://api.bandwidth.com/api", Probe(obstacle, "why"))
    assert len(lines) == 5
    assert [line.name for line in lines if line.state is State.STOPS] == [stops]
    assert [line.state for line in lines[5 - behind :]] == [State.UNKNOWN] * behind
    assert {line.state for line in lines[: 4 - behind]} <= {State.FINE}
