"""One HTTP exchange: send a request, read the whole answer, follow redirects within the same origin only."""

import asyncio
import socket
import ssl
from collections.abc import Awaitable, Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final

import httpx

from bwtui.api.cancellation import Cancellation
from bwtui.api.errors import REPEATABLE, Failure, clean
from bwtui.api.masking import mask_text
from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.values.secret import Secret

LARGEST_REPLY: Final = 8 * 1024 * 1024
"""Most bytes of a reply, decoded. 5,000 numbers with their details are 1.2 MB."""

MOST_REDIRECTS: Final = 5

_PACKED: Final = frozenset({"", "identity", "gzip", "deflate"})
"""The content encodings that are accepted. Packed twice, a few kilobytes could become gigabytes at once."""

_LOCATION: Final = "bwtui.location"

NOBODY: Final = Secret("")

# When these are raised, nothing of the request was sent. A proxy is used through a tunnel only (base URLs are https
# then), and a ProxyError is about opening the tunnel.
_NEVER_SENT: Final = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.ProxyError,
    httpx.UnsupportedProtocol,
)


BeforeSend = Callable[[Problem | None], Awaitable[None]]
"""Work that must be done before an attempt is sent; it is told why the attempt before failed, if there was one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpRequest:
    """A request as HTTP, complete except for `Authorization`."""

    operation: str
    method: str
    url: httpx.URL
    headers: Mapping[str, str] = field(default_factory=dict)
    content: bytes = field(default=b"", repr=False)
    """The body; not in the `repr`, since it may hold callback passwords."""
    displayed_body: str = ""
    """The body as it may be shown."""
    header: Secret = NOBODY
    """The value of `Authorization`."""
    secrets: tuple[Secret, ...] = ()
    """Secrets besides `header` to be masked if the server sends them back."""
    repeatable: bool = False
    """True if sending it twice does no more than sending it once."""
    before: BeforeSend | None = None
    changes: bool = False
    """True if it may change the account."""
    is_json: bool = False
    """True if the answer is expected as JSON."""
    listed_as: str = ""
    """The name under which the items of a JSON array are read; empty if no array is expected."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpResponse:
    """A complete response, not yet parsed."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    """Names in lower case."""
    location: str = ""
    body: bytes = field(default=b"", repr=False)
    """The decoded body; not in the `repr`, since it may hold a token."""


async def send_once(
    http: httpx.AsyncClient, request: HttpRequest, seconds: float, trace: Cancellation | None = None
) -> HttpResponse | Failure:
    """Send a request and read the whole answer within `seconds`; return a failure instead of raising it.

    `trace` is called at each stage of the exchange; only its own exceptions are raised.

    No exception of httpx is passed on: its frames hold the `Authorization` header, which a traceback with local
    variables would show.
    """
    try:
        async with asyncio.timeout(seconds):
            return await _follow(http, request, trace)
    except TimeoutError:
        return _no_answer(request, f"{request.url.host} did not complete its answer within {seconds:.0f} s.")
    except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:
        return _failure_of(request, error)


async def set_location_aside(response: httpx.Response) -> None:
    """Move `Location` from the headers to the extensions; to be called on every response.

    httpx parses it even if it is told not to follow redirects, and fails if it is not an address.
    """
    response.extensions[_LOCATION] = response.headers.pop("location", "")


async def _follow(
    http: httpx.AsyncClient, request: HttpRequest, trace: Cancellation | None
) -> HttpResponse | Failure:
    url = request.url
    for _ in range(MOST_REDIRECTS + 1):
        response = await _once(http, request, url, trace)
        if isinstance(response, Failure) or not _is_redirect(response):
            return response
        target = _target(request, url, response)
        if isinstance(target, Failure):
            return target
        url = target
    return _unusable_reply(request, None, f"{request.url.host} redirects without end.")


async def _once(
    http: httpx.AsyncClient, request: HttpRequest, url: httpx.URL, trace: Cancellation | None
) -> HttpResponse | Failure:
    if trace:
        trace.check()  # a transport without a network never calls it
    response = await http.send(_request(http, request, url, trace), stream=True)
    try:
        if response.headers.get("content-encoding", "").strip().lower() not in _PACKED:
            return _unusable_reply(
                request,
                response.status_code,
                "The reply is packed in a way that was not asked for; it was not read.",
            )
        body = bytearray()
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > LARGEST_REPLY:
                return _unusable_reply(
                    request, response.status_code, "The reply is larger than 8 MiB and was not read further."
                )
    finally:
        await response.aclose()
    return HttpResponse(
        status=response.status_code,
        headers=dict(response.headers),
        location=response.extensions[_LOCATION],
        body=bytes(body),
    )


def _request(
    http: httpx.AsyncClient, request: HttpRequest, url: httpx.URL, trace: Cancellation | None
) -> httpx.Request:
    return http.build_request(
        request.method,
        url,
        headers={**request.headers, "Authorization": request.header.reveal()},
        content=request.content or None,
        extensions={"trace": trace} if trace else {},
    )


def _is_redirect(response: HttpResponse) -> bool:
    return response.status in {301, 302, 303, 307, 308} and bool(response.location)


def _target(request: HttpRequest, url: httpx.URL, response: HttpResponse) -> httpx.URL | Failure:
    """Return the target of a redirect, if it has the same origin and keeps the method; else a failure."""
    try:
        target = url.join(response.location)
    except (httpx.InvalidURL, ValueError):
        return _unusable_reply(
            request, response.status, f"{url.host} redirects to something that is no address."
        )
    if _origin(target) != _origin(url) or target.userinfo:
        there, here = clean(target.host or "nowhere"), url.host
        if there == here:
            there = f"{there} by another scheme, port or user"
        return _unusable_reply(
            request, response.status, f"{here} redirects to {there}; credentials are not sent on to it."
        )
    if request.method == "GET" or (request.method in REPEATABLE and response.status in {307, 308}):
        return target
    return _unusable_reply(
        request,
        response.status,
        f"{url.host} redirects a {request.method} ({response.status}), which is not followed.",
    )


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port or {"https": 443, "http": 80}.get(url.scheme)


def _unusable_reply(request: HttpRequest, status: int | None, words: str) -> Failure:
    """Return the failure for an answer that cannot be used; repeating the request would not help."""
    problem = Problem(
        operation=request.operation,
        kind=Kind.FAILED,
        text=words,
        status=status,
        unclear=not request.repeatable,
    )
    return Failure(problem=problem)


def _no_answer(
    request: HttpRequest,
    words: str,
    *,
    sent: bool = True,
    transient: bool = True,
    cause: Exception | None = None,
) -> Failure:
    problem = Problem(
        operation=request.operation,
        kind=Kind.UNREACHABLE,
        text=clean(words),
        unclear=sent and not request.repeatable,
    )
    return Failure(problem=problem, sent=sent, transient=transient, cause=cause)


_NO_TLS: Final = "WRONG_VERSION_NUMBER"
"""OpenSSL's reason where what the server answered is no TLS: it speaks http."""


def _failure_of(request: HttpRequest, error: Exception) -> Failure:
    """Return the failure for an exception of httpx, in words."""
    host, place = request.url.host, request.url.netloc.decode()
    said = clean(mask_text(str(error), (request.header, *request.secrets)))
    chain = list(_chain(error))
    insecure = any(isinstance(link, ssl.SSLError) for link in chain)
    sent = not isinstance(error, _NEVER_SENT)
    if any(isinstance(link, ssl.SSLError) and _NO_TLS in str(link) for link in chain):
        words = f"{place} speaks http, not https. Check the base URL and any proxy in between."
    elif insecure and not sent:
        words = f"No secure connection to {place}: {said}. Check the base URL, the clock and any proxy in between."
    elif any(isinstance(link, socket.gaierror) for link in chain):
        words = f"The name {host} could not be found. Check the base URL and the network."
    elif isinstance(error, httpx.ConnectTimeout | httpx.PoolTimeout):
        words = f"{place} did not accept a connection in time."
    elif isinstance(error, httpx.ProxyError):
        words = f"The proxy did not connect to {place}: {said}."
    elif isinstance(error, httpx.ConnectError):
        words = f"No connection to {place}: {said or 'it was refused'}."
    elif isinstance(error, httpx.TimeoutException):
        words = f"{host} did not answer in time."
    elif isinstance(error, httpx.DecodingError):
        words = f"The answer of {host} is damaged: {said}."
    else:
        words = f"The connection to {host} broke before the answer was complete."
    return _no_answer(
        request,
        words,
        sent=sent,
        transient=not (insecure and not sent),
        cause=ConnectionError(f"{type(error).__name__}: {said}"),
    )


def _chain(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and its causes."""
    link: BaseException | None = error
    while link is not None:
        yield link
        link = link.__cause__ or link.__context__
