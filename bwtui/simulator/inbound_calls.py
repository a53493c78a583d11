"""Calls from a phone to a number of the account (bandwidth-api 9.5)."""

from typing import Any

from bwtui.simulator import callbacks
from bwtui.simulator.resources import Application, PhoneCall, TelephoneNumber
from bwtui.simulator.service_readiness import held_number
from bwtui.simulator.simulated_account import SimulatedAccount, last_ten

_INBOUND = "voice/INBOUND"


def receive(account: SimulatedAccount, caller: str, called: str, base: str) -> str | None:
    """Take a call to a number of the account; return its id, or None if no application answers the number.

    `base` begins the call's URL: the simulator's origin with its prefix.
    """
    application = _application_of(account, called)
    if application is None:
        return None
    call_id = f"c-{account.new_uuid()}"
    account_id = account.settings.account_id
    details: dict[str, Any] = {
        "applicationId": application.id,
        "accountId": account_id,
        "callId": call_id,
        "to": called,
        "from": caller,
        "callUrl": f"{base}/accounts/{account_id}/calls/{call_id}",
    }
    url = application.fields["CallInitiatedCallbackUrl"]
    call = PhoneCall(
        id=call_id,
        details=details,
        created=account.clock(),
        direction="inbound",
        live=callbacks.unreached(account, url) is None,
    )
    account.calls[call_id] = call
    account.ringing.append(call)
    account.note(f"call {call_id} received")
    return call_id


def _application_of(account: SimulatedAccount, called: str) -> Application | None:
    """Return the voice application of a number: of its location, or on the Universal Platform of its package."""
    number = held_number(account, last_ten(called) or "")
    if number is None:
        return None
    match account.settings.platform:
        case "legacy":
            linked = _of_location(account, number)
        case "universal":
            package = account.packages.get(number.package_id or "")
            linked = package.application_id if package and _INBOUND in number.services else None
        case "build":
            voice = (app.id for app in account.applications.values() if app.service_type == "Voice-V2")
            linked = next(voice, None)
    return account.applications.get(linked.lower()) if linked else None


def _of_location(account: SimulatedAccount, number: TelephoneNumber) -> str | None:
    site = account.sites.get(number.site_id)
    peer = site.peers.get(number.peer_id) if site else None
    return peer.voice_app_id if peer is not None and peer.voice_protocol == "HTTP" else None
