"""Messages from a phone to a number of the account (universal-platform 7.2)."""

import time
from typing import Any

from bwtui.simulator import message_log
from bwtui.simulator.resources import Application, MessageEvent
from bwtui.simulator.service_readiness import held_number
from bwtui.simulator.simulated_account import SimulatedAccount, last_ten, stamp


def receive(
    account: SimulatedAccount, sender: str, recipient: str, text: str, after: float = 0
) -> str | None:
    """Take a message to a number of the account, after so many seconds, and have its event posted.

    Return the message's id, or None if no messaging application is linked to the number.
    """
    application = _application_of(account, recipient)
    if application is None:
        return None
    moment = stamp(account.clock() + after)
    message: dict[str, Any] = {
        "id": f"{int(time.time() * 1000)}{account.new_uuid().replace('-', '')[:16]}",
        "owner": recipient,
        "applicationId": application.id,
        "time": moment,
        "segmentCount": max(1, -(-len(text) // 160)),
        "direction": "in",
        "to": [recipient],
        "from": sender,
        "text": text,
        "channel": "SMS",
    }
    message_log.keep_received(account, message, after)
    event = {
        "type": "message-received",
        "time": moment,
        "description": "Incoming message received",
        "to": recipient,
        "message": message,
    }
    url = application.fields.get("InboundCallbackUrl")
    account.outbox.append(MessageEvent(url=url, body=event, after=after))
    account.note(f"message {message['id']} received")
    return str(message["id"])


def _application_of(account: SimulatedAccount, recipient: str) -> Application | None:
    number = held_number(account, last_ten(recipient) or "")
    site = account.sites.get(number.site_id) if number else None
    peer = site.peers.get(number.peer_id) if site and number else None
    if peer is None or peer.sms is None or peer.messaging_app_id is None:
        return None
    return account.applications.get(peer.messaging_app_id)
