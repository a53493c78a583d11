"""One request of the simulator's own, to the server that a callback URL names or to the tunnel that leads there."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

import h11

MOST_BYTES = 64 * 1024
"""Most bytes of a reply: a document of BXML has no more (universal-platform 7.3)."""
_PIECE = 16 * 1024


class UnreachableError(Exception):
    """No reply came; the text says why."""


class TooSlowError(UnreachableError):
    """There was no whole reply in time."""


@dataclass(frozen=True, slots=True)
class Reply:
    """A server's answer. `body` has one byte more than allowed if it was too long, and is then incomplete."""

    status: int
    challenge: str
    """The header WWW-Authenticate."""
    body: bytes


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A request to a callback URL."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes = b""


async def exchange(request: Outgoing, *, tunnel: str | None, seconds: float) -> Reply:
    """Send a request and return the reply.

    Raises:
        TooSlowError: there was no whole reply within so many seconds.
        UnreachableError: there was no connection, or no reply in HTTP.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _exchange(request, urlsplit(request.url), urlsplit(tunnel) if tunnel else None)
    except TimeoutError:
        raise TooSlowError(f"no answer within {seconds:g} s") from None
    except (OSError, ValueError, h11.ProtocolError) as problem:
        raise UnreachableError(str(problem) or type(problem).__name__) from problem


async def _exchange(request: Outgoing, url: SplitResult, tunnel: SplitResult | None) -> Reply:
    server = tunnel or url
    secure = server.scheme == "https"
    port = server.port or (443 if secure else 80)
    reader, writer = await asyncio.open_connection(server.hostname, port, ssl=secure or None)
    try:
        connection = h11.Connection(h11.CLIENT)
        for event in _events(request, url, tunnel):
            writer.write(connection.send(event) or b"")
        await writer.drain()
        return await _reply(connection, reader)
    finally:
        writer.close()


def _events(request: Outgoing, url: SplitResult, tunnel: SplitResult | None) -> list[h11.Event]:
    target = (tunnel.path.rstrip("/") if tunnel else "") + (url.path or "/")
    if url.query:
        target += f"?{url.query}"
    headers = {
        "Host": url.netloc.rpartition("@")[2],
        "Connection": "close",
        **request.headers,
        **({"X-Forwarded-Proto": url.scheme} if tunnel else {}),
    }
    if request.method == "POST":
        headers["Content-Length"] = str(len(request.body))
    head = h11.Request(method=request.method, target=target, headers=list(headers.items()))
    return [head, *([h11.Data(data=request.body)] if request.body else []), h11.EndOfMessage()]


async def _reply(connection: h11.Connection, reader: asyncio.StreamReader) -> Reply:
    status, challenge, body = 0, "", b""
    while len(body) <= MOST_BYTES:
        match connection.next_event():
            case h11.NEED_DATA:
                connection.receive_data(await reader.read(_PIECE))
            case h11.Response() as head:
                status = head.status_code
                named = [value for name, value in head.headers if name == b"www-authenticate"]
                challenge = named[0].decode("latin-1") if named else ""
            case h11.Data() as piece:
                body += piece.data
            case h11.EndOfMessage() | h11.ConnectionClosed():
                break
            case _:  # an informational response
                pass
    return Reply(status, challenge, body[: MOST_BYTES + 1])
