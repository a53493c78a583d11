"""Sending messages, and telling the application what became of them (sheet 9.1, 9.2)."""

import re
import time
from datetime import UTC, datetime
from typing import Any
from urllib.parse import urlencode

from bwtui.simulator.http import Call, Reply, whole
from bwtui.simulator.json_api import Complaint, fields_of
from bwtui.simulator.resources import Application, MessageEvent
from bwtui.simulator.simulated_account import World, last_ten

_NOT_OURS = 4432
"""The code of a message from a number that may not send it."""
_E164 = re.compile(r"\+[1-9][0-9]{1,14}")


def send(call: Call) -> Reply:
    """202 is not delivery: without the link from location to application nothing follows, no event, no error."""
    body = fields_of(call)
    recipients = [body["to"]] if isinstance(body.get("to"), str) else body.get("to")
    _check(call, body, recipients)
    now = _moment(call.world)
    message: dict[str, Any] = {
        "id": f"{int(time.time() * 1000)}{call.world.new_uuid().replace('-', '')[:16]}",
        "owner": body["from"],
        "applicationId": body["applicationId"],
        "time": now,
        "segmentCount": max(1, -(-len(body.get("text") or "") // 160)),
        "direction": "out",
        "to": recipients,
        "from": body["from"],
        **{name: body[name] for name in ("text", "media", "tag", "priority", "expiration") if name in body},
    }
    call.world.note(f"message {message['id']} accepted")
    _keep(call, message)
    _queue_events(call, message)
    return Reply(202, message)


def search(call: Call) -> Reply:
    """Messages that match all filters, one for each recipient, without their text; at least one filter is needed."""
    if not any(name in _FILTERS or name in {"fromdatetime", "todatetime"} for name in call.query):
        words = "At least one query parameter is required"
        raise Complaint(400, "bad-request", words)
    since, until = call.query.get("fromdatetime", ""), call.query.get("todatetime", "~")
    found = [
        kept
        for kept in call.world.messages.values()
        if since <= kept["receiveTime"] <= until
        and all(_matches(kept, key, call.query[name]) for name, key in _FILTERS.items() if name in call.query)
    ]
    size = min(whole(call.query.get("limit")) or 100, 1000)
    start = whole(call.query.get("pagetoken")) or 0
    info = {}
    if start + size < len(found):
        query = urlencode({**call.query, "pageToken": start + size})
        info = {"nextPage": f"{call.base}{call.path}?{query}", "nextPageToken": str(start + size)}
    shown = found[start : start + size]
    return Reply(200, {"totalCount": len(found), "pageInfo": info, "messages": shown})


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
"""Query names in lower case, and the fields that they are compared with."""


def _matches(kept: dict[str, Any], key: str, wanted: str) -> bool:
    """Numbers may be several, or one begun; words are compared in any case."""
    value = str(kept.get(key) or "")
    if key.endswith("Tn"):
        return any(value.startswith(part) for part in wanted.split(",") if part)
    return value.lower() == wanted.lower()


def _keep(call: Call, message: dict[str, Any]) -> None:
    world = call.world
    number = world.numbers.get(last_ten(message["from"]) or "")
    failed = number is None or number.status != "Inservice"
    for index, recipient in enumerate(message["to"]):
        world.messages[f"{message['id']}/{index}"] = {
            "messageId": message["id"],
            "accountId": call.ids["account"],
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


def _check(call: Call, body: dict[str, Any], recipients: object) -> None:
    wrong: dict[str, str] = {}
    if call.world.applications.get(str(body.get("applicationId")).lower()) is None:
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
        raise Complaint(
            400, "request-validation", "Your request could not be accepted", {"fieldErrors": details}
        )


def _queue_events(call: Call, message: dict[str, Any]) -> None:
    world = call.world
    application = world.applications[message["applicationId"].lower()]
    number = world.numbers.get(last_ten(message["from"]) or "")
    peer = world.sites[number.site_id].peers.get(number.peer_id) if number is not None else None
    if number is not None and (peer is None or peer.messaging_app_id != application.id):
        return
    for recipient in message["to"]:
        failed = number is None or number.status != "Inservice"
        event = _event(message, recipient, failed=failed)
        if event["type"] in application.callback_types:
            world.outbox.append(MessageEvent(url=_url(application), body=event))


def _event(message: dict[str, Any], recipient: str, *, failed: bool) -> dict[str, Any]:
    """An outbound event has an empty text; a number that is not ours may not send (4432)."""
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


def _moment(world: World) -> str:
    moment = datetime.fromtimestamp(world.clock(), UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
