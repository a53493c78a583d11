"""Ask a callback URL as Bandwidth would, without credentials of the account and without following redirects."""

import asyncio
import socket
import ssl
from dataclasses import dataclass
from urllib.parse import urlsplit

import httpx

from bwtui import __version__
from bwtui.api.proxy_and_tls import past_the_proxy, proxy_for, tls_context

LARGEST_ANSWER = 64 * 1024
"""Most bytes that Bandwidth reads of BXML; of any answer, no more is read here."""


_NOT_KNOWN = (socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME))
"""The resolver's errors for a host that does not exist; any other may be trouble of its own."""


@dataclass(frozen=True, slots=True)
class Answer:
    """A server's answer to a sample event."""

    status: int
    challenge: str
    """The header `WWW-Authenticate`."""
    body: bytes


@dataclass(frozen=True, slots=True)
class NoAnswer:
    """Why there was none."""

    because: str
    bad_tls: bool = False


async def addresses_of(url: str) -> tuple[str, ...] | NoAnswer:
    """Return the addresses of a URL's host; none if no name server knows it, or why they could not be asked."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    loop = asyncio.get_running_loop()
    try:
        found = await loop.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    except socket.gaierror as error:
        if error.errno in _NOT_KNOWN:
            return ()
        return NoAnswer(f"its name could not be looked up: {error.strerror}")
    except UnicodeError:
        return ()
    except OSError as error:
        return NoAnswer(f"its name could not be looked up: {error.strerror}")
    return tuple(dict.fromkeys(str(each[4][0]) for each in found))


def uses_proxy(url: str) -> bool:
    """Return True if requests to the URL go through a proxy, which has name servers of its own."""
    return _proxy(url) is not None


async def ask(
    method: str,
    url: str,
    *,
    seconds: float,
    content: bytes = b"",
    headers: dict[str, str] | None = None,
    transport: httpx.AsyncBaseTransport | None = None,
) -> Answer | NoAnswer:
    """Send one request and return what became of it; it takes at most so many seconds, whatever the server does."""
    try:
        async with asyncio.timeout(seconds):
            return await _ask(method, url, content, headers or {}, transport)
    except TimeoutError:
        return NoAnswer(f"no answer within {seconds:g} s")
    except httpx.HTTPError as error:
        return _failed(error)
    except (ValueError, httpx.InvalidURL) as error:
        return NoAnswer(str(error))


async def _ask(
    method: str, url: str, content: bytes, headers: dict[str, str], transport: httpx.AsyncBaseTransport | None
) -> Answer:
    secure = transport is None and url.startswith("https")
    client = httpx.AsyncClient(
        headers={"User-Agent": f"bwtui/{__version__}", "Accept-Encoding": "identity", **headers},
        timeout=None,  # noqa: S113 - the whole exchange has a limit
        follow_redirects=False,
        transport=transport,
        proxy=_proxy(url) if secure else None,
        trust_env=False,
        verify=tls_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT),
    )
    async with client, client.stream(method, url, content=content) as response:
        body = bytearray()
        # What was asked for is not packed; packed, a few bytes could become any number.
        if response.headers.get("content-encoding", "identity") == "identity":
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > LARGEST_ANSWER:
                    break
        challenge = response.headers.get("www-authenticate", "")
        return Answer(response.status_code, challenge, bytes(body[: LARGEST_ANSWER + 1]))


def _proxy(url: str) -> httpx.Proxy | None:
    return None if past_the_proxy((url,)) or not url.startswith("https") else proxy_for((url,))


def _failed(error: httpx.HTTPError) -> NoAnswer:
    cause: BaseException | None = error
    while cause:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return NoAnswer(cause.verify_message or "the certificate is not valid", bad_tls=True)
        if isinstance(cause, ssl.SSLError):
            return NoAnswer((cause.reason or "it speaks no TLS").replace("_", " ").lower(), bad_tls=True)
        if isinstance(cause, ConnectionRefusedError):
            return NoAnswer("nothing listens there: the connection was refused")
        cause = cause.__cause__ or cause.__context__
    return NoAnswer(
        "the connection failed" if isinstance(error, httpx.ConnectError) else "the answer broke off"
    )
