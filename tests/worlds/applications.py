"""Applications as the account keeps them (bandwidth-api 5)."""

from typing import Final

from worlds.documents import Refused
from worlds.setups_wanted import Fields

_MESSAGE_URLS: Final = ("CallbackUrl", "MsgCallbackUrl", "InboundCallbackUrl", "OutboundCallbackUrl")
_CREDENTIALS: Final = ("CallbackCreds", "InboundCallbackCreds", "OutboundCallbackCreds")


def kept_as(fields: Fields, before: Fields) -> Fields:  # noqa: C901 - one rule after the other
    """An application as it is kept: message URLs and credentials in every place where replies have them."""
    if not fields.get("AppName"):
        raise Refused(400, "12806", "Application Name required")
    sent = {path: text for path, text in fields.items() if text}
    _passwords(sent, before)
    if sent.get("ServiceType") != "Messaging-V2":
        if not sent.get("CallInitiatedCallbackUrl"):
            raise Refused(400, "12803", "The format of the requested URL is invalid")
        sent.setdefault("CallInitiatedMethod", "POST")
        return _grouped(sent)
    split = [path for path in ("InboundCallbackUrl", "OutboundCallbackUrl") if path in sent]
    if split and ("MsgCallbackUrl" in sent or "CallbackUrl" in sent):
        raise Refused(400, "13065", "MsgCallbackUrl cannot be set together with Inbound/OutboundCallbackUrl")
    if "CallbackCreds/UserId" in sent and "InboundCallbackCreds/UserId" in sent:
        raise Refused(400, "13066", "CallbackCreds cannot be set together with InboundCallbackCreds")
    if url := sent.get("MsgCallbackUrl") or sent.get("CallbackUrl"):
        sent.update(dict.fromkeys(_MESSAGE_URLS, url))
    elif "InboundCallbackUrl" not in sent:
        raise Refused(400, "12802", "The inbound callback URL must be specified")
    if "CallbackCreds/UserId" in sent:
        for leaf in ("UserId", "Password"):
            if value := sent.get(f"CallbackCreds/{leaf}"):
                sent.update({f"{parent}/{leaf}": value for parent in _CREDENTIALS})
    return _grouped(sent)


def _passwords(sent: Fields, before: Fields) -> None:
    for parent in _CREDENTIALS:
        user, password = sent.get(f"{parent}/UserId"), sent.get(f"{parent}/Password")
        if password and not user:
            raise Refused(400, "12800", "Can not save password without user name")
        if user and not password:
            if before.get(f"{parent}/UserId") != user:
                raise Refused(400, "12976", "Changing the user name needs the password")
            sent[f"{parent}/Password"] = before.get(f"{parent}/Password", "")


def _grouped(fields: Fields) -> Fields:
    """Return the fields with those of one parent side by side."""
    return dict(sorted(fields.items(), key=lambda item: item[0].rpartition("/")[0]))
