"""The simulator as an ASGI application: the API under its prefixes, and log, state and faults under /_simulator."""

import re
from collections.abc import Awaitable, Callable, Iterable
from typing import Any

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route

from bwtui.simulator import (
    auth,
    deliveries,
    order_fulfilment,
    phone_routes,
    platforms,
    starting_contents,
    switches,
)
from bwtui.simulator.access import AccessControl
from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.fault_injection import FaultInjection
from bwtui.simulator.fault_script import Fault, FaultScript, FaultsError, parse
from bwtui.simulator.history import History
from bwtui.simulator.http import ApiRequest, ApiResponse
from bwtui.simulator.json_api import JsonErrorResponse
from bwtui.simulator.persistence import AccountFile
from bwtui.simulator.prefixes import JSON_PREFIX, PREFIXES
from bwtui.simulator.rate_limit import RateLimit
from bwtui.simulator.request_log import RequestLog, RequestLogger
from bwtui.simulator.response_variations import varied
from bwtui.simulator.routes import JSON_PATHS, PATHS, Path, Rule
from bwtui.simulator.settings import Settings
from bwtui.simulator.simulated_account import Postponed, SimulatedAccount
from bwtui.simulator.snapshot import snapshot

__all__ = ["Settings", "SimulatedAccount", "create_app"]

Endpoint = Callable[[Request], Awaitable[Response]]

_DEFAULTS = Settings()
_V2 = "/api/v2"
_CHALLENGE = {"WWW-Authenticate": 'Basic realm="Bandwidth"'}


def create_app(
    settings: Settings = _DEFAULTS, account: SimulatedAccount | None = None, saved: AccountFile | None = None
) -> Starlette:
    """Make the simulator of one account; a test may pass its own `account`, to inspect it or to set its clock.

    With `saved`, every change is in that file before the request is answered.
    """
    if account is None:
        account = SimulatedAccount(settings)
    starting_contents.put_in(account)
    log = RequestLog()
    history = History(account)

    def routes(paths: Iterable[Path]) -> list[Route]:
        return [
            _Route(path.path, _dispatch(account, history, path, saved), methods=list(path.rules))
            for path in paths
        ]

    # The bare base URL answers everybody with an empty document (bandwidth-api 1.1).
    always = [
        _Route("/oauth2/token", _token(account), methods=["POST"]),
        Route("/", _nothing, methods=["GET"]),
    ]
    v1, v2 = routes(path for path in PATHS if path.on_v1), routes(PATHS)
    mounts = [
        *(Mount(prefix, routes=[*(v2 if prefix == _V2 else v1), *always]) for prefix in PREFIXES),
        Mount(JSON_PREFIX, routes=routes(JSON_PATHS)),
    ]
    bare = [Route(prefix, _nothing, methods=["GET"]) for prefix in PREFIXES]
    return Starlette(
        routes=[*_inspection_routes(account, log), *phone_routes.routes(account, saved), *bare, *mounts],
        middleware=[
            Middleware(AccessControl, account),
            Middleware(RequestLogger, account, log),
            Middleware(RateLimit, account),
            Middleware(FaultInjection, account),
        ],
        exception_handlers={404: _nothing_here, 405: _nothing_here},
    )


class _Route(Route):
    """A route that ignores case, since documents and SDKs differ in it (bandwidth-api 1.1)."""

    def __init__(self, path: str, endpoint: Endpoint, methods: list[str]) -> None:
        super().__init__(path, endpoint, methods=methods)
        self.path_regex = re.compile(self.path_regex.pattern, re.IGNORECASE)


def _dispatch(account: SimulatedAccount, history: History, path: Path, saved: AccountFile | None) -> Endpoint:
    def keep() -> None:
        if saved:
            saved.save(account)

    async def respond(request: Request) -> Response:
        body = await request.body()
        history.begin()
        order_fulfilment.settle(account)
        reply = _barred(account, path, request)
        if reply is None:
            reply = _carried_out(account, history, path, request, body)
        deliveries.start(account, request.state.entry.effect_later, keep)
        keep()
        return _response(account, request, reply)

    return respond


def _barred(account: SimulatedAccount, path: Path, request: Request) -> ApiResponse | None:
    """Return the refusal for missing rights, worded as the host does (the numbers host sends no body), else None."""
    below = request.url.path[len(request.scope.get("root_path", "")) :]
    account_id = request.path_params.get("account", account.settings.account_id)
    authorization = request.headers.get("authorization", "")
    if auth.user_of(account, authorization) is None:
        retired = auth.is_retired(account, authorization)
        return ApiResponse(401, None if retired else _UNAUTHENTICATED.get(path.host), _CHALLENGE)
    refused = auth.refuses_account(account, account_id)
    if refused == 403 or (path.host == "numbers" and auth.lacks_role(account, request.method, below)):
        return ApiResponse(403, _FORBIDDEN.get(path.host))
    if refused is not None:
        return ApiResponse(refused)
    refusal = platforms.refusal(account, path, v2=request.scope.get("root_path") == _V2)
    if refusal is not None and refusal.status == 403 and refusal.body is None:
        return ApiResponse(403, _FORBIDDEN.get(path.host))
    return refusal


def _carried_out(
    account: SimulatedAccount, history: History, path: Path, request: Request, body: bytes
) -> ApiResponse:
    """Return the rule's reply; 202 if a fault postpones the request's effect."""
    api_request = _api_request(account, request, body)
    rule = varied(path.rules[api_request.method], getattr(request.state, "changing", ()), history)
    seconds: float | None = getattr(request.state, "effect_after", None)
    twice: Fault | None = getattr(request.state, "twice_script", None)
    entry = request.state.entry

    def carry_out() -> ApiResponse:
        return _ruled(path, rule, api_request, history)

    def act() -> None:
        carry_out()
        entry.effect, account.effects = [*(entry.effect or ()), *account.effects], []

    if seconds is not None:
        account.postponed.append(Postponed(account.clock() + seconds, act))
        return ApiResponse(202)
    reply = carry_out()
    if twice is None:
        return reply
    if twice.answered == 2:
        return carry_out()
    account.postponed.append(Postponed(account.clock() + (twice.seconds or 0), act))
    return reply


def _api_request(account: SimulatedAccount, request: Request, body: bytes) -> ApiRequest:
    prefix = request.scope.get("root_path", "")
    return ApiRequest(
        account=account,
        ids={name: value.lower() if name in _UUIDS else value for name, value in request.path_params.items()},
        query={name.lower(): value for name, value in request.query_params.items()},
        base=f"{request.url.scheme}://{request.url.netloc}{prefix}",
        path=request.url.path[len(prefix) :],
        v2=prefix == _V2,
        method="GET" if request.method == "HEAD" else request.method,
        body=body,
        content_type=request.headers.get("content-type", ""),
        accept=request.headers.get("accept", ""),
        user=auth.user_of(account, request.headers.get("authorization", "")) or "",
        order_script=getattr(request.state, "order_script", None),
    )


def _ruled(path: Path, rule: Rule, api_request: ApiRequest, history: History) -> ApiResponse:
    try:
        reply = rule(api_request)
    except ErrorResponse as refusal:
        return ApiResponse(refusal.status, path.envelope(refusal))
    except JsonErrorResponse as complaint:
        return ApiResponse(complaint.status, complaint.body)
    if api_request.method != "GET":
        history.record()
    return reply


def _token(account: SimulatedAccount) -> Endpoint:
    async def respond(request: Request) -> Response:
        authorization = request.headers.get("authorization", "")
        reply = auth.issue_token(account, authorization, await request.body())
        return _response(account, request, reply)

    return respond


def _response(account: SimulatedAccount, request: Request, reply: ApiResponse) -> Response:
    request.state.entry.effect, account.effects = account.effects, []
    return Response(
        reply.content(),
        status_code=reply.status,
        headers=dict(reply.headers),
        media_type=reply.content_type(),
    )


async def _nothing(request: Request) -> Response:  # noqa: ARG001 - Starlette passes it
    return Response(status_code=200)


async def _nothing_here(request: Request, problem: Exception) -> Response:  # noqa: ARG001
    """Answer an unknown path without a body, as the API does."""
    return Response(
        status_code=getattr(problem, "status_code", 404), headers=getattr(problem, "headers", None)
    )


def _inspection_routes(account: SimulatedAccount, log: RequestLog) -> list[Route]:
    """Return the routes that the API does not have: log, state and faults."""

    async def show_log(request: Request) -> Response:  # noqa: ARG001
        return JSONResponse(log.shown())

    async def clear_log(request: Request) -> Response:  # noqa: ARG001
        log.entries.clear()
        return Response(status_code=204)

    async def show_state(request: Request) -> Response:  # noqa: ARG001
        order_fulfilment.settle(account)
        return JSONResponse(snapshot(account))

    async def replace_faults(request: Request) -> Response:
        content = (await request.body()).decode("utf-8", "replace")
        try:
            faults, chosen = parse(content, "request"), switches.parse(content, "request")
        except FaultsError as problem:
            return JSONResponse({"error": str(problem)}, status_code=400)
        account.script, account.switches = FaultScript(faults), chosen or account.switches
        return JSONResponse({"faults": len(faults)})

    async def clear_faults(request: Request) -> Response:  # noqa: ARG001
        account.script, account.switches = FaultScript([]), account.settings.switches
        return Response(status_code=204)

    return [
        Route("/_simulator/log", show_log, methods=["GET"]),
        Route("/_simulator/log", clear_log, methods=["DELETE"]),
        Route("/_simulator/state", show_state, methods=["GET"]),
        Route("/_simulator/faults", replace_faults, methods=["PUT"]),
        Route("/_simulator/faults", clear_faults, methods=["DELETE"]),
    ]


_UUIDS = frozenset(
    {"order", "application", "subscription", "reservation", "package", "activation", "tnoption"}
)
"""The names of path parameters that are UUIDs, which ignore case."""
_UNAUTHENTICATED: dict[str, dict[str, Any]] = {
    "messaging": {"type": "unauthorized", "description": "Authentication Failed"},
    "voice": {
        "type": "authentication-error",
        "description": "The credentials provided were invalid",
        "id": None,
    },
}
_FORBIDDEN: dict[str, dict[str, Any]] = {
    "messaging": {"type": "forbidden", "description": "Access Denied"},
    "voice": {"type": "authorization-error", "description": "Access is denied", "id": None},
}
