"""Outbound calls (sheet 9.4): accepted, then a state that moves on by itself. Nobody's phone rings."""

import re
from typing import Any
from urllib.parse import urlsplit

from bwtui.simulator.conversation import Complaint, fields_of
from bwtui.simulator.exchange import Call, Reply
from bwtui.simulator.records import PhoneCall
from bwtui.simulator.world import stamp

_E164 = re.compile(r"\+[1-9][0-9]{1,14}")
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
    found = call.world.calls.get(call.ids["call"])
    if found is None:
        raise Complaint(404, "not-found", "Call was not found", {"id": call.ids["call"]})
    age = call.world.clock() - found.created
    state = next((name for until, name in _STATES if age < until), "disconnected")
    names = ("applicationId", "accountId", "callId", "to", "from", "enqueuedTime")
    shown: dict[str, Any] = {
        **{name: found.details[name] for name in names},
        "direction": "outbound",
        "state": state,
        "startTime": stamp(found.created),
        "lastUpdate": stamp(call.world.clock()),
    }
    if state == "disconnected":
        shown |= {"endTime": stamp(found.created + _STATES[-1][0]), "disconnectCause": "hangup"}
    return Reply(200, shown)


def _check(call: Call, body: dict[str, Any]) -> None:
    for name in ("to", "from"):
        if not isinstance(body.get(name), str) or not _E164.fullmatch(body[name]):
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
