"""The calls of an account: created, read, listed and hung up (bandwidth-api 9.4)."""

import re
from typing import Any
from urllib.parse import urlencode

from bwtui.simulator import call_states, callbacks
from bwtui.simulator.http import ApiRequest, ApiResponse, whole
from bwtui.simulator.json_api import JsonErrorResponse, fields_of
from bwtui.simulator.resources import PhoneCall
from bwtui.simulator.simulated_account import SimulatedAccount, last_ten, stamp

_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
_HTTP = re.compile(r"https?://[^\s/]", re.IGNORECASE)
_SIP = re.compile(r"sips?:[^\s@]+@[^\s@]+", re.IGNORECASE)
_KEPT = (
    "tag", "disconnectUrl", "answerFallbackUrl", "username", "fallbackUsername",
)  # fmt: skip


def create(request: ApiRequest) -> ApiResponse:
    body = fields_of(request)
    _check(request, body)
    _check_platform(request, body["from"], body["to"])
    call_id = f"c-{request.account.new_uuid()}"
    account_id = request.ids["account"]
    url = f"{request.base}/accounts/{account_id}/calls/{call_id}"
    details: dict[str, Any] = {
        "applicationId": body["applicationId"],
        "accountId": account_id,
        "callId": call_id,
        "to": body["to"],
        "from": body["from"],
        "callUrl": url,
        "callTimeout": body.get("callTimeout", 30),
        "callbackTimeout": body.get("callbackTimeout", 15),
        "answerMethod": body.get("answerMethod", "POST"),
        "answerUrl": body["answerUrl"],
        "answerFallbackMethod": body.get("answerFallbackMethod", "POST"),
        "disconnectMethod": body.get("disconnectMethod", "POST"),
        "priority": body.get("priority", 5),
        "enqueuedTime": stamp(request.account.clock()),
        **{name: body[name] for name in _KEPT if body.get(name) is not None},
        **{name: "*****" for name in ("password", "fallbackPassword") if name in body},
    }
    call = PhoneCall(
        id=call_id,
        details=details,
        created=request.account.clock(),
        live=callbacks.unreached(request.account, body["answerUrl"]) is None,
        creds=_creds(body, "username", "password"),
        fallback_creds=_creds(body, "fallbackUsername", "fallbackPassword"),
    )
    request.account.calls[call_id] = call
    request.account.ringing.append(call)
    request.account.note(f"call {call_id} created")
    return ApiResponse(201, details, {"Location": url})


def _creds(body: dict[str, Any], user: str, password: str) -> callbacks.Creds | None:
    return (str(body[user]), str(body[password])) if user in body and password in body else None


def get(request: ApiRequest) -> ApiResponse:
    return ApiResponse(200, _shown(request.account, _found(request)))


def list_all(request: ApiRequest) -> ApiResponse:
    """List calls, the oldest first, in pages with a Link header; filters match whole numbers only."""
    shown = [_shown(request.account, found) for found in request.account.calls.values()]
    for name, key in (("to", "to"), ("from", "from"), ("disconnectcause", "disconnectCause")):
        if name in request.query:
            shown = [item for item in shown if item.get(key) == request.query[name]]
    since, until = request.query.get("minstarttime", ""), request.query.get("maxstarttime", "~")
    shown = [item for item in shown if since <= item["startTime"] <= until]
    size = min(whole(request.query.get("pagesize")) or 1000, 10_000)
    start = whole(request.query.get("pagetoken")) or 0
    headers = {}
    if start + size < len(shown):
        query = urlencode({**request.query, "pageSize": size, "pageToken": start + size})
        headers["Link"] = f'<{request.base}{request.path}?{query}>; rel="next"'
    return ApiResponse(200, shown[start : start + size], headers)


def update(request: ApiRequest) -> ApiResponse:
    """Change a call: `completed` hangs up; `active`, the default, redirects it, which has no effect here."""
    found = _found(request)
    body = fields_of(request)
    wanted = body.get("state") or "active"
    if wanted not in {"active", "completed"}:
        raise _invalid("Invalid state: must be active or completed")
    if wanted == "active" and not isinstance(body.get("redirectUrl"), str):
        raise _invalid("Invalid redirectUrl: is required when the state is active")
    if wanted == "completed" and (body.get("redirectUrl") or body.get("tag")):
        raise _invalid("Invalid redirectUrl or tag: not allowed when the state is completed")
    if call_states.state(request.account, found) == "disconnected":
        raise JsonErrorResponse(409, "conflict", "Call has already ended", {"id": found.id})
    if wanted == "completed":
        call_states.hang_up(request.account, found)
        request.account.note(f"call {found.id} hung up")
    return ApiResponse()


def _found(request: ApiRequest) -> PhoneCall:
    found = request.account.calls.get(request.ids["call"])
    if found is None:
        raise JsonErrorResponse(404, "not-found", "Call was not found", {"id": request.ids["call"]})
    return found


def _shown(account: SimulatedAccount, found: PhoneCall) -> dict[str, Any]:
    state, course = call_states.state(account, found), call_states.course(account, found)
    names = ("applicationId", "accountId", "callId", "to", "from", "enqueuedTime")
    shown: dict[str, Any] = {
        **{name: found.details[name] for name in names if name in found.details},
        "direction": found.direction,
        "state": state,
        "startTime": stamp(found.created),
        "lastUpdate": stamp(account.clock()),
    }
    if course.answered is not None and state in {"answered", "disconnected"}:
        shown["answerTime"] = stamp(course.answered)
    if state == "disconnected":
        shown |= {"endTime": stamp(course.ended or 0), "disconnectCause": course.cause}
        if found.error is not None:
            shown["errorMessage"] = found.error
    return shown


def _check(request: ApiRequest, body: dict[str, Any]) -> None:
    for name in ("to", "from"):
        given = body.get(name)
        if isinstance(given, str) and (_E164.fullmatch(given) or (name == "to" and _SIP.fullmatch(given))):
            continue
        raise _invalid(f"Invalid {name}: must be an E164 telephone number")
    application = request.account.applications.get(str(body.get("applicationId")).lower())
    if application is None or application.service_type != "Voice-V2":
        raise _invalid("Invalid applicationId: must be the id of a voice application")
    _check_callbacks(body)
    for name, low, high in (("callTimeout", 1, 300), ("callbackTimeout", 1, 25), ("priority", 1, 5)):
        value = body.get(name, low)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise _invalid(f"Invalid {name}: must be between {low} and {high}")
    if len(str(body.get("tag") or "")) > 4096:
        raise _invalid("Invalid tag: must be at most 4096 characters")


def _check_callbacks(body: dict[str, Any]) -> None:
    """Refuse URLs and methods that are not valid; a password is sent over https only (universal-platform 7.3)."""
    for name in ("answerUrl", "answerFallbackUrl", "disconnectUrl"):
        url = body.get(name)
        if url is None and name != "answerUrl":
            continue
        if not isinstance(url, str) or len(url) > 2048 or not _HTTP.match(url):
            raise _invalid(f"Invalid {name}: must be an http or https URL of at most 2048 characters")
        if "password" in body and not url.lower().startswith("https:"):
            raise _invalid(f"Invalid {name}: must be an https URL if there is a password")
    for name in ("answerMethod", "answerFallbackMethod", "disconnectMethod"):
        if body.get(name) not in {None, "GET", "POST"}:
            raise _invalid(f"Invalid {name}: must be GET or POST")


def _check_platform(request: ApiRequest, caller: str, called: str) -> None:
    """Refuse a call that a Build account cannot pay for or may not place, or from a number that may not call out.

    Each by a switch; only the first reply is known (universal-platform 1, 10.8).
    """
    account, switches = request.account, request.account.switches
    match account.settings.platform:
        case "build":
            if switches.build_credits is not None and len(account.calls) >= switches.build_credits:
                raise JsonErrorResponse(402, "payment-required", "Insufficient credits")
            if switches.verified_numbers is not None and called not in switches.verified_numbers:
                words = f"{called} is not a verified number"
                raise JsonErrorResponse(403, "authorization-error", words, {"id": None})
        case "universal":
            number = account.numbers.get(last_ten(caller) or "")
            if switches.outbound_needs_activation and (
                number is None or "voice/OUTBOUND_NATIONAL" not in number.services
            ):
                words = f"OUTBOUND_NATIONAL is not active on {caller}"
                raise JsonErrorResponse(403, "authorization-error", words, {"id": None})
        case "legacy":
            pass


def _invalid(description: str) -> JsonErrorResponse:
    return JsonErrorResponse(400, "validation", description, {"id": None})
