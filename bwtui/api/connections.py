"""The connections to a server: kept and shared, or a new one for each request that must not be sent twice."""

import ssl
from functools import partial
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Final

import httpx

from bwtui import __version__
from bwtui.api.proxy_and_tls import past_the_proxy, proxy_for, tls_context
from bwtui.api.retry import Timeouts
from bwtui.api.transport import set_location_aside

AT_ONCE: Final = 13
"""Most requests under way at the same time: as many as a verification sends, so that no read waits for another."""

_LIMITS: Final = httpx.Limits(
    max_connections=AT_ONCE,
    max_keepalive_connections=AT_ONCE,
    # Long enough for only one TLS handshake per connection during a run, short enough that no request uses a
    # connection that a firewall has dropped while the person was thinking.
    keepalive_expiry=20,
)
_ONE_REQUEST_EACH: Final = httpx.Limits(max_connections=AT_ONCE, max_keepalive_connections=0)


def connections_to(
    urls: tuple[str, ...], timing: Timeouts, transport: httpx.AsyncBaseTransport | None
) -> tuple[httpx.AsyncClient, httpx.AsyncClient]:
    """Return two clients for these addresses: one that keeps connections, one with a new connection per request.

    With a given `transport` both are the same. Raises `ValueError` for a proxy or certificates that cannot be used.
    """
    secure = transport is None and any(httpx.URL(url).scheme == "https" for url in urls)
    # Without TLS, on loopback, no certificates are needed: reading the usual ones takes 50 ms.
    context = tls_context() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    connections = partial(
        httpx.AsyncClient,
        headers={
            "Accept": "application/xml",
            "Accept-Encoding": "gzip, deflate",
            "User-Agent": f"bwtui/{__version__}",
        },
        # No cookies: a server's session would only outlive the token.
        cookies=CookieJar(DefaultCookiePolicy(allowed_domains=())),
        event_hooks={"response": [set_location_aside]},
        follow_redirects=False,
        timeout=httpx.Timeout(timing.read, connect=timing.connect, pool=timing.connect),
        transport=transport,
        proxy=proxy_for(urls) if secure else None,
        mounts={_pattern(url): None for url in past_the_proxy(urls)} if secure else None,
        trust_env=False,  # `proxy_and_tls` reads and checks the environment
        verify=context,
    )
    try:
        kept = connections(limits=_LIMITS)
        return kept, kept if transport else connections(limits=_ONE_REQUEST_EACH)
    except ImportError as error:
        raise ValueError("the environment names a SOCKS proxy; it has to be http:// or https://") from error


def _pattern(url: str) -> str:
    """Return the pattern for the host of an address, as httpx needs it in `mounts`."""
    host = httpx.URL(url).host
    return f"all://[{host}]" if ":" in host else f"all://{host}"
