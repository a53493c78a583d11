"""Send messages, and report their outcome to the application (bandwidth-api 9.1, 9.2)."""

import re
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from bwtui.simulator.http import ApiRequest, ApiResponse, whole
from bwtui.simulator.json_api import JsonErrorResponse, fields_of
from bwtui.simulator.resources import Application, MessageEvent
from bwtui.simulator.simulated_account import SimulatedAccount, last_ten

_NOT_OURS = 4432
"""The error code of a message from a number that may not send it."""
_E164 = re.compile(r"\+[1-9][0-9]{1,14}")


def send(request: ApiRequest) -> ApiResponse:
    """Accept a message with 202. If the location is not linked to the application, no event or error follows."""
    body = fields_of(request)
    recipients = [body["to"]] if isinstance(body.get("to"), str) else body.get("to")
    _check(request, body, recipients)
    now = _moment(request.account)
    message: dict[str, Any] = {
        "id": f"{int(time.time() * 1000)}{request.account.new_uuid().replace('-', '')[:16]}",
        "owner": body["from"],
        "applicationId": body["applicationId"],
        "time": now,
        "segmentCount": max(1, -(-len(body.get("text") or "") // 160)),
        "direction": "out",
        "to": recipients,
        "from": body["from"],
        **{name: body[name] for name in ("text", "media", "tag", "priority", "expiration") if name in body},
    }
    request.account.note(f"message {message['id']} accepted")
    _keep(request, message)
    _queue_events(request, message)
    return ApiResponse(202, message)


def search(request: ApiRequest) -> ApiResponse:
    """List messages that match all filters, one for each recipient, without text; at least one filter is required."""
    if not any(name in _FILTERS or name in {"fromdatetime", "todatetime"} for name in request.query):
        words = "At least one query parameter is required"
        raise JsonErrorResponse(400, "bad-request", words)
    since, until = request.query.get("fromdatetime", ""), request.query.get("todatetime", "~")
    found = [
        kept
        for kept in request.account.messages.values()
        if since <= kept["receiveTime"] <= until
        and all(
            _matches(kept, key, request.query[name])
            for name, key in _FILTERS.items()
            if name in request.query
        )
    ]
    size = min(whole(request.query.get("limit")) or 100, 1000)
    start = whole(request.query.get("pagetoken")) or 0
    info = {}
    if start + size < len(found):
        query = urlencode({**request.query, "pageToken": start + size})
        info = {"nextPage": f"{request.base}{request.path}?{query}", "nextPageToken": str(start + size)}
    shown = found[start : start + size]
    return ApiResponse(200, {"totalCount": len(found), "pageInfo": info, "messages": shown})


_FILTERS = {
    "messageid": "messageId",
    "sourcetn": "sourceTn",
    "destinationtn": "destinationTn",
    "messagestatus": "messageStatus",
    "messagedirection": "messageDirection",
    "messagetype": "messageType",
    "errorcode": "errorCode",
    "location": "location",
}
"""Query parameters, in lower case, and the fields that they are compared with."""


def _matches(kept: dict[str, Any], key: str, wanted: str) -> bool:
    """Compare a field with a filter: numbers by any of several beginnings, words without regard to case."""
    value = str(kept.get(key) or "")
    if key.endswith("Tn"):
        return any(value.startswith(part) for part in wanted.split(",") if part)
    return value.lower() == wanted.lower()


def _keep(request: ApiRequest, message: dict[str, Any]) -> None:
    account = request.account
    number = account.numbers.get(last_ten(message["from"]) or "")
    failed = number is None or number.status != "Inservice"
    for index, recipient in enumerate(message["to"]):
        account.messages[f"{message['id']}/{index}"] = {
            "messageId": message["id"],
            "accountId": request.ids["account"],
            "sourceTn": message["from"],
            "destinationTn": recipient,
            "messageStatus": "FAILED" if failed else "DELIVERED",
            "messageDirection": "OUTBOUND",
            "messageType": "mms" if message.get("media") else "sms",
            "segmentCount": message["segmentCount"],
            **({"errorCode": _NOT_OURS} if failed else {}),
            "receiveTime": message["time"],
            "recipientCount": len(message["to"]),
            **({} if number is None else {"location": number.peer_id}),
        }


def _check(request: ApiRequest, body: dict[str, Any], recipients: object) -> None:
    wrong: dict[str, str] = {}
    if request.account.applications.get(str(body.get("applicationId")).lower()) is None:
        wrong["applicationId"] = f"'{body.get('applicationId', '')}' is not a known application"
    if not isinstance(body.get("from"), str) or not _E164.fullmatch(body["from"]):
        wrong["from"] = (
            f"'{body.get('from', '')}' must be replaced with a valid E164 formatted telephone number"
        )
    if not isinstance(recipients, list) or not 1 <= len(recipients) <= 10:
        wrong["to"] = "must hold 1 to 10 telephone numbers"
    else:
        for number in recipients:
            if not isinstance(number, str) or not _E164.fullmatch(number):
                wrong["to"] = f"'{number}' must be replaced with a valid E164 formatted telephone number"
    if not body.get("text") and not body.get("media"):
        wrong["text"] = "text or media is required"
    if len(str(body.get("text") or "")) > 2048:
        wrong["text"] = "must not be longer than 2048 characters"
    if len(str(body.get("tag") or "")) > 1024:
        wrong["tag"] = "must not be longer than 1024 characters"
    if wrong:
        details = [{"fieldName": name, "description": text} for name, text in wrong.items()]
        raise JsonErrorResponse(
            400, "request-validation", "Your request could not be accepted", {"fieldErrors": details}
        )


def _queue_events(request: ApiRequest, message: dict[str, Any]) -> None:
    account = request.account
    application = account.applications[message["applicationId"].lower()]
    number = account.numbers.get(last_ten(message["from"]) or "")
    peer = account.sites[number.site_id].peers.get(number.peer_id) if number is not None else None
    if number is not None and (peer is None or peer.messaging_app_id != application.id):
        return
    for recipient in message["to"]:
        failed = number is None or number.status != "Inservice"
        event = _event(message, recipient, failed=failed)
        if event["type"] in application.callback_types:
            account.outbox.append(MessageEvent(url=_url(application), body=event))


def _event(message: dict[str, Any], recipient: str, *, failed: bool) -> dict[str, Any]:
    """Return the event for one recipient, with an empty text; a number that is not ours may not send (4432)."""
    told = {**message, "text": ""}
    told.pop("media", None)
    return {
        "type": "message-failed" if failed else "message-delivered",
        "time": message["time"],
        "description": "forbidden-from-number" if failed else "ok",
        "to": recipient,
        "message": told,
        **({"errorCode": _NOT_OURS} if failed else {}),
    }


def _url(application: Application) -> str | None:
    fields = application.fields
    return fields.get("OutboundCallbackUrl") or fields.get("InboundCallbackUrl")


def _moment(account: SimulatedAccount) -> str:
    moment = datetime.fromtimestamp(account.clock(), UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
