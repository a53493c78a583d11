"""Outbound calls (sheet 9.4): accepted, then a state that moves on by itself. Nobody's phone rings."""

import re
from typing import Any
from urllib.parse import urlencode, urlsplit

from bwtui.simulator.http import Call, Reply, whole
from bwtui.simulator.json_api import Complaint, fields_of
from bwtui.simulator.resources import PhoneCall
from bwtui.simulator.simulated_account import World, stamp

_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
_SIP = re.compile(r"sips?:[^\s@]+@[^\s@]+", re.IGNORECASE)
_STATES = ((0.1, "queued"), (0.3, "initiated"), (2.0, "answered"))
"""Until how many seconds after its creation a call is in a state; then it is disconnected."""


def create(call: Call) -> Reply:
    body = fields_of(call)
    _check(call, body)
    call_id = f"c-{call.world.new_uuid()}"
    account = call.ids["account"]
    url = f"{call.base}/accounts/{account}/calls/{call_id}"
    details: dict[str, Any] = {
        "applicationId": body["applicationId"],
        "accountId": account,
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
        "enqueuedTime": stamp(call.world.clock()),
        **{
            name: body[name]
            for name in ("tag", "disconnectUrl", "answerFallbackUrl", "username")
            if name in body
        },
        **({"password": "*****"} if "password" in body else {}),
    }
    call.world.calls[call_id] = PhoneCall(id=call_id, details=details, created=call.world.clock())
    call.world.note(f"call {call_id} created")
    return Reply(201, details, {"Location": url})


def get(call: Call) -> Reply:
    return Reply(200, _shown(call.world, _found(call)))


def list_all(call: Call) -> Reply:
    """The oldest first, in pages that a Link header follows; a number is matched whole."""
    shown = [_shown(call.world, found) for found in call.world.calls.values()]
    for name, key in (("to", "to"), ("from", "from"), ("disconnectcause", "disconnectCause")):
        if name in call.query:
            shown = [item for item in shown if item.get(key) == call.query[name]]
    since, until = call.query.get("minstarttime", ""), call.query.get("maxstarttime", "~")
    shown = [item for item in shown if since <= item["startTime"] <= until]
    size = min(whole(call.query.get("pagesize")) or 1000, 10_000)
    start = whole(call.query.get("pagetoken")) or 0
    headers = {}
    if start + size < len(shown):
        query = urlencode({**call.query, "pageSize": size, "pageToken": start + size})
        headers["Link"] = f'<{call.base}{call.path}?{query}>; rel="next"'
    return Reply(200, shown[start : start + size], headers)


def update(call: Call) -> Reply:
    """`completed` hangs up; `active`, the default, goes on elsewhere, which nobody here can hear."""
    found = _found(call)
    body = fields_of(call)
    wanted = body.get("state") or "active"
    if wanted not in {"active", "completed"}:
        raise _invalid("Invalid state: must be active or completed")
    if wanted == "active" and not isinstance(body.get("redirectUrl"), str):
        raise _invalid("Invalid redirectUrl: is required when the state is active")
    if wanted == "completed" and (body.get("redirectUrl") or body.get("tag")):
        raise _invalid("Invalid redirectUrl or tag: not allowed when the state is completed")
    if _state(call.world, found) == "disconnected":
        raise Complaint(409, "conflict", "Call has already ended", {"id": found.id})
    if wanted == "completed":
        found.hung_up = call.world.clock()
        call.world.note(f"call {found.id} hung up")
    return Reply()


def _found(call: Call) -> PhoneCall:
    found = call.world.calls.get(call.ids["call"])
    if found is None:
        raise Complaint(404, "not-found", "Call was not found", {"id": call.ids["call"]})
    return found


def _state(world: World, found: PhoneCall) -> str:
    if found.hung_up is not None:
        return "disconnected"
    age = world.clock() - found.created
    return next((name for until, name in _STATES if age < until), "disconnected")


def _shown(world: World, found: PhoneCall) -> dict[str, Any]:
    state = _state(world, found)
    names = ("applicationId", "accountId", "callId", "to", "from", "enqueuedTime")
    shown: dict[str, Any] = {
        **{name: found.details[name] for name in names},
        "direction": "outbound",
        "state": state,
        "startTime": stamp(found.created),
        "lastUpdate": stamp(world.clock()),
    }
    if state == "disconnected":
        answered = found.hung_up is None or found.hung_up - found.created >= _STATES[1][0]
        ended = found.created + _STATES[-1][0] if found.hung_up is None else found.hung_up
        shown |= {"endTime": stamp(ended), "disconnectCause": "hangup" if answered else "cancel"}
    return shown


def _check(call: Call, body: dict[str, Any]) -> None:
    for name in ("to", "from"):
        given = body.get(name)
        if isinstance(given, str) and (_E164.fullmatch(given) or (name == "to" and _SIP.fullmatch(given))):
            continue
        raise _invalid(f"Invalid {name}: must be an E164 telephone number")
    application = call.world.applications.get(str(body.get("applicationId")).lower())
    if application is None or application.service_type != "Voice-V2":
        raise _invalid("Invalid applicationId: must be the id of a voice application")
    url = body.get("answerUrl")
    if not isinstance(url, str) or len(url) > 2048 or urlsplit(url).scheme not in {"http", "https"}:
        raise _invalid("Invalid answerUrl: must be an http or https URL of at most 2048 characters")
    for name, low, high in (("callTimeout", 1, 300), ("callbackTimeout", 1, 25), ("priority", 1, 5)):
        value = body.get(name, low)
        if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
            raise _invalid(f"Invalid {name}: must be between {low} and {high}")
    if len(str(body.get("tag") or "")) > 4096:
        raise _invalid("Invalid tag: must be at most 4096 characters")


def _invalid(description: str) -> Complaint:
    return Complaint(400, "validation", description, {"id": None})
