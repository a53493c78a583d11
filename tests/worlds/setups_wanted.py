"""The wanted setup, in the API's terms and as answers: the guide's example, and changes of it."""

from dataclasses import dataclass, field, replace
from typing import Final

Fields = dict[str, str]

GUIDE: Final[dict[str, Fields]] = {
    "site": {
        "Name": "SetupTest", "Description": "Programmatic Setup Test", "CustomerName": "BW",
        "Address/HouseNumber": "900", "Address/StreetName": "Main Campus Dr", "Address/City": "RALEIGH",
        "Address/StateCode": "NC", "Address/Zip": "27606", "Address/AddressType": "Billing",
    },
    "sippeer": {"PeerName": "Setup Test SIP Peer", "IsDefaultPeer": "true"},
    "sms": {
        "TollFree": "true", "ShortCode": "true", "Protocol": "HTTP",
        "Zone1": "true", "Zone2": "true", "Zone3": "true", "Zone4": "true", "Zone5": "true",
    },
    "mms": {"Protocol": "HTTP"},
    "messaging_app": {
        "ServiceType": "Messaging-V2", "AppName": "Production Server", "Url": "https://yourSecureSite.com/callbacks",
        "UserId": "Your-User-id", "Password": "Your-Password",
    },
    "voice_app": {
        "ServiceType": "Voice-V2", "AppName": "Setup Test Voice",
        "CallInitiatedCallbackUrl": "https://yourSecureSite.com/callbacks/init",
        "CallStatusCallbackUrl": "https://yourSecureSite.com/callbacks/status",
        "UserId": "Your-User-id", "Password": "Your-Password",
    },
    "voice_package": {"name": "Setup Test Voice"},
    "activation": {"INBOUND": "on", "OUTBOUND_NATIONAL": "on", "OUTBOUND_INTERNATIONAL": "", "messaging": "on"},
}  # fmt: skip
"""On a universal account the last two stand for the location's voice settings."""


@dataclass(frozen=True, slots=True)
class Wish:
    """The setup that is wanted now, and the answers that differ from the guide's."""

    wanted: dict[str, Fields] = field(default_factory=lambda: GUIDE)
    quantity: int = 1
    numbers: tuple[str, ...] = ()
    """Exactly these."""
    answers: dict[str, str | None] = field(default_factory=dict)
    """Changes of the guide's answers by key, `None` where one is taken away."""
    passwords: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Change:
    """One answer that is given otherwise."""

    step: str = ""
    wire: str = ""
    key: str = ""
    value: str = ""
    quantity: int = 0
    numbers: tuple[str, ...] = ()
    wanted: str = ""
    """The value in the API's terms, where it is not the answer."""
    unasked: bool = False
    """The answer is taken away: what the account has may stay as it is."""


EXACT: Final = ("9195550003", "9195550004")

CHANGES: Final = {
    "message url": Change("messaging_app", "Url", "messaging_app.callback_url", "https://other.example.net/sms"),
    "call url": Change("voice_app", "CallInitiatedCallbackUrl", "voice_app.call_initiated_url",
                       "https://other.example.net/call"),
    "bare url": Change("voice_app", "CallStatusCallbackUrl", "voice_app.call_status_url", "https://other.example.net"),
    "password": Change("voice_app", "Password", "voice_app.callback_password", "Another-Password"),
    "user": Change("messaging_app", "UserId", "messaging_app.callback_user", "Another-User"),
    "description": Change("site", "Description", "site.description", "Another description"),
    "street": Change("site", "Address/StreetName", "site.street_name", "Other Campus Dr"),
    "zone": Change("sms", "Zone5", "sms.zone5", "false"),
    "two": Change(quantity=2, key="number.quantity", value="2"),
    "three": Change(quantity=3, key="number.quantity", value="3"),
    "exact": Change(numbers=EXACT[:1], quantity=1, key="number.numbers", value=EXACT[0]),
    "longer list": Change(numbers=EXACT, quantity=2, key="number.numbers", value=",".join(EXACT)),
    "some are better": Change(key="number.partial_allowed", value="true"),
    "none instead": Change(key="number.replace_taken", value="false"),
    "blanks": Change("site", "Name", "site.name", "A  B"),
    "no-break blank": Change("sippeer", "PeerName", "sippeer.name", "North\u00a0Side"),
    "accents": Change("messaging_app", "AppName", "messaging_app.name", "Cafe\u0301 Central"),
    "no description": Change("site", "Description", "site.description", unasked=True),
    "no mms": Change(step="mms", key="mms.enabled", value="false", unasked=True),
    "other app": Change("messaging_app", "AppName", "messaging_app.name", "Second Server"),
    "other call app": Change("voice_app", "AppName", "voice_app.name", "Second Voice"),
    "other location": Change("sippeer", "PeerName", "sippeer.name", "Second location"),
    "other package": Change("voice_package", "name", "voice_package.name", "Second package"),
    "package description": Change("voice_package", "description", "voice_package.description", "Main line"),
    "package blanks": Change("voice_package", "name", "voice_package.name", "Voice  2"),
    "no outbound": Change("activation", "OUTBOUND_NATIONAL", "activation.outbound_national", "false"),
    "abroad": Change("activation", "OUTBOUND_INTERNATIONAL", "activation.outbound_international", "true", wanted="on"),
    "other site": Change("site", "Name", "site.name", "Second"),
}  # fmt: skip
"""The answers that can be changed, by the name that a world has for each."""


def changed(wish: Wish, name: str) -> Wish:
    """The wish with one answer given otherwise."""
    change = CHANGES[name]
    answers, passwords = dict(wish.answers), dict(wish.passwords)
    if change.key.endswith("_password"):
        passwords[change.key] = change.value
    else:
        answers[change.key] = None if change.unasked and not change.value else change.value
    wanted = wish.wanted
    if change.unasked:
        left = {} if not change.wire else {k: v for k, v in wanted[change.step].items() if k != change.wire}
        wanted = {**wanted, change.step: left}
    elif change.step:
        value = change.wanted if change.step == "activation" else change.value
        wanted = {**wanted, change.step: {**wanted[change.step], change.wire: value}}
    return replace(
        wish,
        wanted=wanted,
        answers=answers,
        passwords=passwords,
        quantity=change.quantity or wish.quantity,
        numbers=change.numbers or wish.numbers,
    )
