"""Send messages, and report their outcome to the application (bandwidth-api 9.1, 9.2)."""

import re
from typing import Any

from bwtui.simulator import inbound_messages, message_log
from bwtui.simulator.http import ApiRequest, ApiResponse
from bwtui.simulator.json_api import JsonErrorResponse, fields_of
from bwtui.simulator.outcomes import MESSAGE_FAILURES, of_message
from bwtui.simulator.resources import Application, MessageEvent
from bwtui.simulator.simulated_account import SimulatedAccount, last_ten, stamp

_E164 = re.compile(r"\+[1-9][0-9]{1,14}")


def send(request: ApiRequest) -> ApiResponse:
    """Accept a message with 202. If the location is not linked to the application, no event or error follows."""
    body = fields_of(request)
    recipients = [body["to"]] if isinstance(body.get("to"), str) else body.get("to")
    _check(request, body, recipients)
    account = request.account
    message: dict[str, Any] = {
        "id": f"{int(account.clock() * 1000)}{account.new_uuid().replace('-', '')[:16]}",
        "owner": body["from"],
        "applicationId": body["applicationId"],
        "time": stamp(account.clock()),
        "segmentCount": max(1, -(-len(body.get("text") or "") // 160)),
        "direction": "out",
        "to": recipients,
        "from": body["from"],
        **{name: body[name] for name in ("text", "media", "tag", "priority", "expiration") if name in body},
    }
    account.note(f"message {message['id']} accepted")
    linked = _is_linked(account, message)
    for index, recipient in enumerate(message["to"]):
        error = of_message(account, message["from"], recipient)
        message_log.keep_sent(account, message, index, error, is_moving=linked)
        if linked:
            _follow(account, message, recipient, error)
    return ApiResponse(202, message)


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


def _is_linked(account: SimulatedAccount, message: dict[str, Any]) -> bool:
    """Return False if the sender's location has another application; a number that is not ours has no location."""
    number = account.numbers.get(last_ten(message["from"]) or "")
    if number is None:
        return True
    site = account.sites.get(number.site_id)
    peer = site.peers.get(number.peer_id) if site else None
    return peer is not None and peer.messaging_app_id == message["applicationId"].lower()


def _follow(account: SimulatedAccount, message: dict[str, Any], recipient: str, error: int | None) -> None:
    """Have the events of one recipient posted, and a reply if the phone answers, each at its time."""
    switches = account.switches
    application = account.applications[message["applicationId"].lower()]
    seconds = switches.delivery_seconds
    if switches.sending_events and message.get("media"):
        _post(account, application, _event(account, message, recipient, "message-sending", after=seconds / 3))
    if switches.sent_events:
        _post(
            account, application, _event(account, message, recipient, "message-sent", after=seconds * 2 / 3)
        )
    kind = "message-delivered" if error is None else "message-failed"
    if kind in application.callback_types:
        _post(account, application, _event(account, message, recipient, kind, after=seconds, error=error))
    if error is None and switches.reply is not None:
        inbound_messages.receive(account, recipient, message["from"], switches.reply, after=seconds)


_DESCRIPTIONS = {
    "message-sending": "Message is sending to carrier",
    "message-sent": "Message sent to carrier",
    "message-delivered": "ok",
}


def _event(
    account: SimulatedAccount,
    message: dict[str, Any],
    recipient: str,
    kind: str,
    *,
    after: float,
    error: int | None = None,
) -> MessageEvent:
    """Make the event for one recipient; its text is empty (bandwidth-api 9.2)."""
    event = {**message, "text": "", "channel": "MMS" if message.get("media") else "SMS"}
    event.pop("expiration", None)
    body = {
        "type": kind,
        "time": stamp(account.clock() + after),
        "description": _DESCRIPTIONS.get(kind) or MESSAGE_FAILURES[error or 0],
        "to": recipient,
        "message": event,
        **({} if error is None else {"errorCode": error}),
    }
    return MessageEvent(url=None, body=body, after=after)


def _post(account: SimulatedAccount, application: Application, event: MessageEvent) -> None:
    fields = application.fields
    event.url = fields.get("OutboundCallbackUrl") or fields.get("InboundCallbackUrl")
    account.outbox.append(event)
