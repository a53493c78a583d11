"""The client on real connections, which are cut, hang, trickle, are refused or stay open."""

import asyncio
import socket
from dataclasses import replace

import pytest

from bwtui.api.client import ApiError, Client, Timeouts
from bwtui.domain.runs.problem import Kind, Problem
from support.scripted_http import ClientFactory, Serve, ask

QUICK = Timeouts(attempts=2, backoff=0.001, read=0.05, connect=0.5, overall=5)
FINE = b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\n<R/>"


async def request_of(reader: asyncio.StreamReader) -> bytes:
    """One whole request."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        (
            int(line.split(b":")[1])
            for line in head.lower().split(b"\r\n")
            if line.startswith(b"content-length")
        ),
        0,
    )
    return head + await reader.readexactly(length)


async def refused(client: Client, method: str) -> Problem:
    with pytest.raises(ApiError) as caught:
        await client.send(ask(method))
    return caught.value.problem


PARTIAL = [
    b"",
    b"HTTP/1.1 201 Created\r\nLocation: /x/1\r\nContent-Le",
    b"HTTP/1.1 201 Created\r\nContent-Length: 100\r\n\r\n<R><Id>1",
    b"HTTP/1.1 201 Created\r\nTransfer-Encoding: chunked\r\n\r\n5\r\n<R><I",
    b"HTTP/1.1 201 Created\r\nConnection: close\r\n\r\n<R><Id>1</Id>",
    b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: 4\r\n\r\nabcd",
    b"SSH-2.0-OpenSSH_9\r\n\r\n",
]


@pytest.mark.parametrize("partial", PARTIAL)
@pytest.mark.parametrize(("method", "attempts"), [("GET", 2), ("PUT", 2), ("DELETE", 2), ("POST", 1)])
async def test_a_cut_answer_is_asked_for_again_only_where_that_is_harmless(
    factory: ClientFactory, serve: Serve, partial: bytes, method: str, attempts: int
) -> None:
    seen: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(await request_of(reader))
        writer.write(partial)
        await writer.drain()

    client = await factory.client(base_url=await serve(talk), timing=QUICK)
    problem = await refused(client, method)
    assert problem.unclear is (method == "POST")
    assert len(seen) == attempts


@pytest.mark.parametrize(("method", "attempts"), [("GET", 2), ("POST", 1)])
async def test_a_server_that_hangs_is_given_up(
    factory: ClientFactory, serve: Serve, method: str, attempts: int
) -> None:
    seen: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        seen.append(await request_of(reader))
        await reader.read()  # until the client goes

    client = await factory.client(base_url=await serve(talk), timing=QUICK)
    problem = await refused(client, method)
    assert (problem.kind, problem.unclear) == (Kind.UNREACHABLE, method == "POST")
    assert "did not answer in time" in problem.text
    assert len(seen) == attempts


async def test_a_server_that_trickles_is_bounded_by_the_overall_time(
    factory: ClientFactory, serve: Serve
) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
        while not writer.is_closing():
            writer.write(b"x")
            await writer.drain()
            await asyncio.sleep(0.005)

    timing = Timeouts(read=5, overall=0.1)
    client = await factory.client(base_url=await serve(talk), timing=timing)
    problem = await refused(client, "POST")
    assert problem.unclear
    assert "did not complete its answer" in problem.text


async def test_a_closed_port_never_received_anything(factory: ClientFactory, serve: Serve) -> None:
    async def talk(*_: object) -> None:
        pass

    base = await serve(talk)
    host, _, rest = base.removeprefix("http://").partition(":")
    server = await asyncio.start_server(talk, host, 0)
    port = server.sockets[0].getsockname()[1]
    server.close()
    await server.wait_closed()
    client = await factory.client(base_url=base.replace(rest, f"{port}/api"), timing=QUICK)
    problem = await refused(client, "POST")
    assert (problem.kind, problem.unclear) == (Kind.UNREACHABLE, False)
    assert problem.text.startswith(f"No connection to 127.0.0.1:{port}: ")


async def test_a_server_without_tls_is_told_apart_and_asked_once(
    factory: ClientFactory, serve: Serve
) -> None:
    seen: list[int] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen.append(1)
        await reader.read(1)
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()

    base = (await serve(talk)).replace("http:", "https:")
    client = await factory.client(base_url=base, timing=QUICK)
    problem = await refused(client, "POST")
    assert (problem.kind, problem.unclear) == (Kind.UNREACHABLE, False)
    place = base.removeprefix("https://").partition("/")[0]
    assert problem.text.startswith(f"{place} speaks http, not https.")
    assert len(seen) == 1


async def test_a_name_that_does_not_exist_is_explained(
    factory: ClientFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unknown(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", unknown)
    client = await factory.client(base_url="https://name.invalid/api", timing=QUICK)
    problem = await refused(client, "POST")
    assert (problem.kind, problem.unclear) == (Kind.UNREACHABLE, False)
    assert "name.invalid could not be found" in problem.text


async def test_connections_are_kept_but_not_for_a_post_which_is_unclear_when_it_is_cut(
    factory: ClientFactory, serve: Serve
) -> None:
    connections: list[list[bytes]] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        seen: list[bytes] = []
        connections.append(seen)
        while not any(request.startswith(b"POST") for request in seen):
            seen.append(await request_of(reader))
            writer.write(b"" if len(connections) == 3 else FINE)  # and hang up

    client = await factory.client(base_url=await serve(talk), timing=QUICK)
    for method in ("GET", "PUT", "POST"):
        await client.send(ask(method))
    problem = await refused(client, "POST")
    assert problem.unclear
    methods = [[request.split()[0] for request in seen] for seen in connections]
    assert methods == [[b"GET", b"PUT"], [b"POST"], [b"POST"]]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_a_server_that_closes_a_kept_connection_as_the_next_post_comes_creates_once(
    factory: ClientFactory, serve: Serve, method: str
) -> None:
    made: list[bytes] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        request = await request_of(reader)
        if request.startswith(b"POST"):
            made.append(request)
        writer.write(FINE)
        await writer.drain()
        await reader.read(1)  # something more comes, and finds the connection closed

    waits: list[str] = []
    client = await factory.client(
        base_url=await serve(talk), timing=QUICK, on_wait=lambda *told: waits.append(told[2])
    )
    await client.send(ask(method))
    await client.send(ask("POST"))
    assert len(made) == (2 if method == "POST" else 1)
    assert waits == []


async def test_connections_are_used_again_so_that_tls_is_agreed_on_once_for_each(
    factory: ClientFactory, serve: Serve
) -> None:
    connections: list[int] = []
    waiting = asyncio.Barrier(4)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        connections.append(1)
        for _ in range(3):
            await request_of(reader)
            await waiting.wait()  # so that all are under way at once, which takes a connection for each
            writer.write(FINE)

    client = await factory.client(base_url=await serve(talk), timing=replace(QUICK, read=5))
    for _ in range(3):
        await asyncio.gather(*(client.send(ask("GET")) for _ in range(4)))
    assert len(connections) == 4


async def test_a_redirect_on_the_wire_goes_to_the_same_origin_only(
    factory: ClientFactory, serve: Serve
) -> None:
    elsewhere: list[bytes] = []

    async def other(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        elsewhere.append(await request_of(reader))
        writer.write(FINE)

    target = await serve(other)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while True:
            asked = await request_of(reader)
            to = b"/api/next" if b"/sites " in asked else target.encode()
            writer.write(b"HTTP/1.1 303 See Other\r\nContent-Length: 0\r\nLocation: " + to + b"\r\n\r\n")

    client = await factory.client(base_url=await serve(talk), timing=QUICK)
    problem = await refused(client, "GET")
    assert "another scheme, port or user" in problem.text
    assert elsewhere == []


async def test_a_flood_is_cut_off(factory: ClientFactory, serve: Serve) -> None:
    sent: list[int] = []

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await request_of(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n<R>")
        for _ in range(1000):
            writer.write(b" " * 65536)
            await writer.drain()
            sent.append(65536)

    client = await factory.client(base_url=await serve(talk), timing=Timeouts())
    assert "8 MiB" in (await refused(client, "GET")).text
    assert sum(sent) < 32 * 1024 * 1024
