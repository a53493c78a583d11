"""Reach a server without credentials, to tell what stands in the way: the name, the connection, the proxy or TLS."""

import asyncio
import socket
import ssl
import time
from email.utils import parsedate_to_datetime
from enum import Enum, auto
from typing import NamedTuple

import httpx

from bwtui import __version__
from bwtui.api.errors import clean
from bwtui.api.proxy_and_tls import proxy_for, tls_context


class Obstacle(Enum):
    """The obstacle between this machine and the server."""

    NAME = auto()
    CONNECTION = auto()
    TLS = auto()
    PROXY = auto()
    ENVIRONMENT = auto()
    """The environment names a proxy or certificates that cannot be used."""


class Probe(NamedTuple):
    """The result of an attempt to reach a server."""

    obstacle: Obstacle | None = None
    text: str = ""
    """The obstacle in words, with text from outside."""
    has_proxy: bool = False
    date: float | None = None
    """The server's clock in seconds since the epoch; `None` if it does not tell."""
    asked_at: float = 0.0
    """This machine's clock when the answer came."""


async def probe(url: str, seconds: float = 15.0) -> Probe:
    """Ask for an address once, without credentials; any answer shows that the server is reached."""
    address = httpx.URL(url)
    is_secure = address.scheme == "https"
    try:
        proxy = proxy_for((url,)) if is_secure else None
        context = tls_context() if is_secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    except ValueError as error:
        return Probe(Obstacle.ENVIRONMENT, str(error))
    has_proxy = proxy is not None
    try:
        async with asyncio.timeout(seconds):
            if not has_proxy:
                await asyncio.get_running_loop().getaddrinfo(address.host, address.port or 443)
            http = httpx.AsyncClient(
                headers={"User-Agent": f"bwtui/{__version__}"}, proxy=proxy, verify=context,
                trust_env=False, follow_redirects=False, timeout=seconds,
            )  # fmt: skip
            async with http, http.stream("GET", address) as answer:
                return Probe(has_proxy=has_proxy, date=_date(answer), asked_at=time.time())
    except TimeoutError:
        return Probe(Obstacle.CONNECTION, f"{address.host} did not answer within {seconds:.0f} s", has_proxy)
    except (httpx.HTTPError, httpx.InvalidURL, OSError, ImportError, UnicodeError) as error:
        return Probe(
            _obstacle(error, has_proxy=has_proxy), clean(str(error)) or type(error).__name__, has_proxy
        )


def _obstacle(error: BaseException, *, has_proxy: bool) -> Obstacle:
    chain = []
    link: BaseException | None = error
    while link is not None:
        chain.append(link)
        link = link.__cause__ or link.__context__
    if isinstance(error, httpx.ProxyError | ImportError):
        return Obstacle.PROXY
    if any(isinstance(link, ssl.SSLError) for link in chain):
        return Obstacle.TLS
    if has_proxy and isinstance(error, httpx.ConnectError):
        return Obstacle.PROXY
    if any(isinstance(link, socket.gaierror | UnicodeError) for link in chain):
        return Obstacle.NAME
    return Obstacle.CONNECTION


def _date(answer: httpx.Response) -> float | None:
    try:
        return parsedate_to_datetime(answer.headers.get("date", "")).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
