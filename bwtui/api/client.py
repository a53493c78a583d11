"""The client: sends the domain's requests, and returns a reply or raises one kind of error."""

import asyncio
import hmac
import re
from collections.abc import Callable, Coroutine, Mapping
from contextlib import nullcontext
from dataclasses import replace
from types import MappingProxyType, TracebackType
from typing import Any, Final, Self, TypeVar, assert_never

import httpx

from bwtui.api.auth import Authenticator, Basic, Credentials, OAuth, Token, basic_header
from bwtui.api.cancellation import Cancellation, not_sent_problem, run_unless_stopped
from bwtui.api.clock import Clock
from bwtui.api.connections import connections_to
from bwtui.api.errors import REPEATABLE, ApiError, Failure
from bwtui.api.rate_limit import RateLimit
from bwtui.api.responses import displayed_body, read_reply, read_token
from bwtui.api.retry import Attempts, Timeouts
from bwtui.api.token_claims import TokenClaims
from bwtui.api.transport import BeforeSend, HttpRequest, HttpResponse, send_once
from bwtui.api.wire import Reply
from bwtui.domain.runs.problem import Kind, OwnCode, Problem, Stopped
from bwtui.domain.values.basic_auth import has_ended, local_day
from bwtui.domain.values.documents import Exchange, OnExchange, OnWait, Request, leaves
from bwtui.domain.values.hosts import ServiceHost, is_bandwidth, is_loopback, service_url, token_url_for
from bwtui.domain.values.secret import Secret

__all__ = [
    "ApiError",
    "Basic",
    "Client",
    "Clock",
    "Credentials",
    "Exchange",
    "OAuth",
    "Reply",
    "Timeouts",
    "TokenClaims",
    "token_url_for",
]

_T = TypeVar("_T")
_Read = Callable[[HttpRequest, HttpResponse, float], _T | Failure]

_PARSED_IN_PLACE: Final = 64 * 1024
"""Replies above this many bytes are parsed in a thread: 5,000 numbers would block the event loop for 0.1 s."""

_HOST: Final = re.compile(r"[\w.:-]+")


class Client:
    """Sends requests to one base URL with one set of credentials; `async with` opens and closes its connections."""

    def __init__(
        self,
        *,
        base_url: str,
        credentials: Credentials,
        timing: Timeouts = Timeouts(),  # noqa: B008 - frozen
        transport: httpx.AsyncBaseTransport | None = None,
        on_wait: OnWait | None = None,
        on_exchange: OnExchange | None = None,
        clock: Clock = Clock(),  # noqa: B008 - frozen
        limit: RateLimit | None = None,
        origin: Mapping[str, str] = MappingProxyType({}),
    ) -> None:
        """`limit` gives each request its turn; without one, each is sent at once.

        `origin` says where the credentials come from; it is added to the message if they are refused.

        Raises:
            ValueError: credentials must not be sent to the address, or a proxy cannot be used.
        """
        self._base_url = _checked_url(base_url)
        if isinstance(credentials, OAuth):
            _checked_url(credentials.token_url)
        self._credentials = credentials
        self._timing = timing
        self._clock = clock
        self._limit = limit
        self._origin = origin
        self.on_wait = on_wait
        """Called for each wait; the engine reports its own waits there too."""
        self._on_exchange = on_exchange
        self._authenticator = Authenticator(credentials, self._fetch_token, clock)
        services = (service_url(self._base_url, service) for service in ServiceHost)
        token_urls = [credentials.token_url] if isinstance(credentials, OAuth) else []
        urls = (self._base_url, *token_urls, *services)
        self._http, self._fresh = connections_to(urls, timing, transport)
        self._stop = asyncio.Event()
        self._under_way: dict[Cancellation, float] = {}
        """The monotonic time at which each attempt that changes the account is given up."""

    async def __aenter__(self) -> Self:
        await self._http.__aenter__()
        if self._fresh is not self._http:
            await self._fresh.__aenter__()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if self._fresh is not self._http:
                await self._fresh.__aexit__(kind, error, trace)
        finally:
            await self._http.__aexit__(kind, error, trace)

    def stop_when(self, stop: asyncio.Event) -> None:
        """Send nothing more that changes the account once the event is set; requests already sent are waited for."""
        self._stop = stop

    @property
    def is_on_this_machine(self) -> bool:
        """True for an API on loopback, which can reach what only this machine can."""
        return is_loopback(httpx.URL(self._base_url).host)

    @property
    def seconds_under_way(self) -> float:
        """The most seconds that requests already sent that change the account may still take; 0 without any."""
        now = self._clock.monotonic()
        left = (end - now for attempt, end in self._under_way.items() if not attempt.is_connecting)
        return max(left, default=0.0)

    async def send(self, request: Request, *, before: BeforeSend | None = None) -> Reply:
        """Return the reply to a request, repeated as far as that is safe.

        `before` is awaited before each attempt, so that what it writes is on disk when the request is sent. It may raise
        an exception of its own, and the request is not sent then.

        Raises:
            ApiError: the request failed; it says how, as far as known. After the wish to stop that is the last
                refusal, or that the request was not sent; nothing else is raised.
        """
        http_request = self._http_request(request)
        try:
            outcome = await self._send_with_login(replace(http_request, before=before))
        except Stopped:
            outcome = Failure(problem=not_sent_problem(http_request.operation), sent=False)
        return replace(
            self._answer(outcome), sent=request.body.tag if request.body else "", path=request.path
        )

    async def _send_with_login(self, http_request: HttpRequest) -> Reply | Failure:
        header = await self._header(http_request)
        outcome = self._explained(
            await self._send_with_retries(replace(http_request, header=header), read_reply)
        )
        # A request refused for its credentials had no effect, so even a POST may be sent again with a new token.
        if (
            isinstance(outcome, Failure)
            and outcome.problem.status == 401
            and self._authenticator.invalidate(header)
        ):
            header = await self._header(http_request)
            outcome = await self._send_with_retries(
                replace(http_request, header=header), read_reply, outcome.problem
            )
        return outcome

    def _explained(self, outcome: Reply | Failure) -> Reply | Failure:
        """Return the outcome; if Bandwidth has refused a user of HTTP Basic, with a code for that."""
        if not (
            isinstance(outcome, Failure)
            and outcome.problem.status == 401
            and isinstance(self._credentials, Basic)
            and is_bandwidth(httpx.URL(self._base_url).host)
        ):
            return outcome
        code = OwnCode.BASIC_ENDED if has_ended(local_day(self._clock.wall())) else OwnCode.BASIC_REFUSED
        return replace(outcome, problem=outcome.problem._replace(code=code))

    async def _header(self, http_request: HttpRequest) -> Secret:
        return await self._unless_stopped(http_request, self._authenticator.header())

    def secret_fingerprint(self, secret: Secret) -> str:
        """Return a fingerprint of a secret; without these credentials, which are never saved, it reveals nothing."""
        match self._credentials:
            case Basic(_, key) | OAuth(_, key, _):
                return hmac.new(key.reveal().encode(), secret.reveal().encode(), "sha256").hexdigest()[:16]
            case _:
                assert_never(self._credentials)

    async def claims(self) -> TokenClaims | None:
        """Read the token's claims, fetching a token if there is none; `None` with Basic. Raises `ApiError` without one."""
        return await self._authenticator.claims()

    async def _fetch_token(self, client: OAuth) -> Token:
        http_request = HttpRequest(
            operation="token",
            method="POST",
            url=httpx.URL(client.token_url),
            headers={"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"},
            content=b"grant_type=client_credentials",
            displayed_body="grant_type=client_credentials",
            header=basic_header(client.client_id, client.client_secret),
            secrets=(client.client_secret,),
            repeatable=True,
        )
        outcome = await self._send_with_retries(http_request, read_token)
        # Such as a redirect to a portal: whatever is neither a token nor a refusal is trouble on the way to one.
        if isinstance(outcome, Failure) and outcome.problem.kind is Kind.FAILED:
            problem = outcome.problem._replace(kind=Kind.UNREACHABLE, code=OwnCode.NO_TOKEN)
            outcome = replace(outcome, problem=problem)
        return self._answer(outcome)

    def _answer(self, outcome: _T | Failure) -> _T:
        """Return the answer, or raise what there was instead; a refusal of the credentials says where they come from."""
        if not isinstance(outcome, Failure):
            return outcome
        problem = outcome.problem
        if problem.status == 401 or problem.code == OwnCode.CLIENT_REFUSED:
            problem = problem._replace(details={**problem.details, **self._origin})
        raise ApiError(problem, outcome.body) from outcome.cause

    async def _send_with_retries(
        self, http_request: HttpRequest, read: _Read[_T], failed: Problem | None = None
    ) -> _T | Failure:
        """Send a request until it is answered or must not be repeated any more; `failed` is why it was sent before.

        Raises:
            Stopped: the person asked to stop before it was sent.
        """
        attempts = Attempts(self._timing, self._clock, repeatable=http_request.repeatable)
        refusal: Failure | None = None
        try:
            while True:
                outcome = await self._in_turn(http_request, read, attempts, failed)
                pause = attempts.after(outcome) if isinstance(outcome, Failure) else None
                if (
                    pause is None
                    or not isinstance(outcome, Failure)
                    or (http_request.changes and self._stop.is_set())
                ):
                    return outcome
                refusal, failed = outcome, outcome.problem
                if self.on_wait and not (self._limit and failed.kind is Kind.RATE_LIMITED):
                    self.on_wait(http_request.operation, pause.seconds, pause.reason)
                await self._unless_stopped(http_request, self._sleep(pause.seconds))
        except Stopped:
            if refusal is None:
                raise
            return refusal

    async def _in_turn(
        self, http_request: HttpRequest, read: _Read[_T], attempts: Attempts, failed: Problem | None
    ) -> _T | Failure:
        """Make one attempt; where there is a limit, once it is its turn. What is to be done before comes after the wait."""
        limit, is_answered = self._limit, False
        if limit:
            with attempts.apart():
                at = await self._unless_stopped(http_request, limit.enter(is_write=http_request.changes))
        try:
            if http_request.before:
                with attempts.apart():
                    async with limit.aside() if limit else nullcontext():
                        await self._prepare(http_request, http_request.before, failed)
            outcome = await self._attempt(http_request, read, attempts.left)
            if limit and isinstance(outcome, Failure) and outcome.problem.kind is Kind.RATE_LIMITED:
                limit.refuse(at, outcome.wait)
            else:
                is_answered = not isinstance(outcome, Failure) or outcome.problem.status is not None
        finally:
            if limit:
                limit.leave(is_answered=is_answered)
        return outcome

    async def _sleep(self, seconds: float) -> None:
        await self._clock.sleep(seconds)

    async def _unless_stopped(self, http_request: HttpRequest, work: Coroutine[Any, Any, _T]) -> _T:
        """Wait for `work`; a request that changes the account waits only until the wish to stop."""
        return await (run_unless_stopped(self._stop, work) if http_request.changes else work)

    async def _send_once(self, http_request: HttpRequest, seconds: float) -> HttpResponse | Failure:
        if not http_request.changes:
            return await send_once(self._http, http_request, seconds)
        attempt = Cancellation(self._stop)
        self._under_way[attempt] = self._clock.monotonic() + seconds
        try:
            # A server may close a kept connection just as a request is sent on it. Then nobody knows if the request
            # arrived, so one that must not be sent twice never uses a kept connection.
            connections = self._http if http_request.repeatable else self._fresh
            work = send_once(connections, http_request, seconds, attempt)
            return await run_unless_stopped(self._stop, work, lambda: attempt.is_connecting)
        finally:
            del self._under_way[attempt]

    async def _prepare(self, http_request: HttpRequest, before: BeforeSend, failed: Problem | None) -> None:
        await before(failed)
        if http_request.changes and self._stop.is_set():
            raise Stopped

    async def _attempt(self, http_request: HttpRequest, read: _Read[_T], seconds: float) -> _T | Failure:
        started = self._clock.monotonic()
        response = await self._send_once(http_request, seconds)
        if self._on_exchange:
            self._on_exchange(_exchange_of(http_request, response, self._clock.monotonic() - started))
        if isinstance(response, Failure):
            return response
        if len(response.body) > _PARSED_IN_PLACE:
            return await asyncio.to_thread(read, http_request, response, self._clock.wall())
        return read(http_request, response, self._clock.wall())

    def _http_request(self, request: Request) -> HttpRequest:
        """Return the request as HTTP. Raises `ApiError` if it cannot be expressed."""
        try:
            return _http_request(self._base_url, request, _own_secrets(self._credentials))
        except (httpx.InvalidURL, ValueError):
            # Outside of `except`, because the error may hold the whole document.
            pass
        text = "The request holds something that cannot be sent: a stray character, or a path that leads elsewhere."
        raise ApiError(Problem(operation=request.operation, kind=Kind.INVALID, text=text))


def _http_request(base_url: str, request: Request, own: tuple[Secret, ...]) -> HttpRequest:
    if not request.path.startswith("/") or {".", ".."} & set(request.path.split("/")):
        raise ValueError("a path that leads out of the base URL")
    url = httpx.URL(request.url(base_url), params=request.query or None)
    return HttpRequest(
        operation=request.operation,
        method=request.method,
        url=url,
        headers=_headers(request),
        content=request.content,
        displayed_body=request.shown_body,
        secrets=(*own, *_secrets(request)),
        repeatable=request.only_looks or request.method in REPEATABLE,
        changes=request.method != "GET" and not request.only_looks,
        is_json=request.is_json,
        listed_as=request.listed_as,
    )


def _headers(request: Request) -> dict[str, str]:
    accepted = {"Accept": "application/json"} if request.is_json else {}
    return accepted | ({"Content-Type": request.content_type} if request.body else {})


def _secrets(request: Request) -> list[Secret]:
    found = leaves(request.body) if request.body else ()
    return [content for _, content in found if isinstance(content, Secret)]


def _own_secrets(credentials: Credentials) -> tuple[Secret, ...]:
    match credentials:
        case Basic(_, password):
            return (password,)
        case OAuth(client_id, client_secret, _):
            return (client_secret, basic_header(client_id, client_secret))
        case _:
            assert_never(credentials)


def _exchange_of(http_request: HttpRequest, response: HttpResponse | Failure, seconds: float) -> Exchange:
    attempt = Exchange(
        operation=http_request.operation,
        method=http_request.method,
        url=str(http_request.url),
        request=http_request.displayed_body,
        seconds=seconds,
    )
    if isinstance(response, HttpResponse):
        return attempt._replace(status=response.status, reply=displayed_body(http_request, response))
    return attempt._replace(status=response.problem.status, reply=response.problem.text)


def _checked_url(url: str) -> str:
    """Return the address without a slash at its end; raise `ValueError` if credentials must not be sent to it."""
    try:
        parsed = httpx.URL(url)
    except httpx.InvalidURL as error:
        raise ValueError(f"{url!r} is not an address") from error
    if parsed.userinfo:
        raise ValueError("an address with a user in it: credentials are given separately")
    if parsed.scheme not in {"http", "https"} or not _HOST.fullmatch(parsed.host):
        raise ValueError(f"{url!r} does not begin with https:// and a host")
    if parsed.query or parsed.fragment:
        raise ValueError(f"{url!r} has more than a path behind its host")
    if parsed.scheme == "http" and not is_loopback(parsed.host):
        raise ValueError(f"http:// to {parsed.host} would send the credentials readable; use https://")
    return url.rstrip("/")
