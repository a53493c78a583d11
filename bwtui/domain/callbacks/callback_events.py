"""Callbacks as values: message events, voice events, whatever else arrives; and what their error codes mean.

Everything in an event is text from outside: never markup, never a path, never trusted (bandwidth-api 9.2, 9.5).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from types import MappingProxyType
from typing import Final

from bwtui.domain.values.json_lines import NO_JSON, JsonText
from bwtui.domain.values.stamps import time_of
from bwtui.domain.values.text import is_digits

MOST_EVENTS: Final = 1000
"""Most events in one body; Bandwidth usually sends one."""


@dataclass(frozen=True, slots=True)
class MessageEvent:
    """One event of a message: an incoming one, or what became of one that was sent."""

    type: str
    """`message-received`, `message-delivered`, `message-failed`, …; an open list."""
    message_id: str
    to: str
    """The recipient that the event is about; a group message has an event for each."""
    sender: str
    text: str = ""
    """Empty for what was sent: only incoming messages carry their text."""
    time: str = ""
    sent_at: str = ""
    """The time of the message itself."""
    description: str = ""
    error_code: int | None = None
    application_id: str = ""
    raw: Mapping[str, object] = field(default_factory=dict)
    """The event as it was read."""
    source: JsonText = NO_JSON
    """The event as it came; empty where it came as the parameters of a query."""

    @property
    def identity(self) -> tuple[str, ...]:
        """The same for each repetition of an event: Bandwidth delivers at least once."""
        return ("message", self.message_id, self.type, self.to)

    @property
    def is_inbound(self) -> bool:
        """True for a message that somebody sent to one of our numbers."""
        return self.type == "message-received"


@dataclass(frozen=True, slots=True)
class VoiceEvent:
    """One event of a call."""

    type: str
    """`initiate`, `answer`, `disconnect`, …; an open list."""
    call_id: str
    to: str
    sender: str
    """The number that calls; `Private`, `Anonymous` and the like where it is hidden."""
    direction: str = ""
    time: str = ""
    started_at: str = ""
    """When the call began, as far as the event tells."""
    cause: str = ""
    """Why the call ended: `hangup`, `busy`, …; an open list."""
    error: str = ""
    application_id: str = ""
    raw: Mapping[str, object] = field(default_factory=dict)
    """The event as it was read."""
    source: JsonText = NO_JSON
    """The event as it came; empty where it came as the parameters of a query."""

    @property
    def identity(self) -> tuple[str, ...]:
        """The same for each repetition of an event."""
        return ("voice", self.call_id, self.type, self.time)

    @property
    def wants_bxml(self) -> bool:
        """True if the call waits to be told what to do."""
        return self.type in ("initiate", "answer")


@dataclass(frozen=True, slots=True)
class UnknownEvent:
    """Something that is neither: shown as it came, and never taken for a repetition."""

    type: str = ""
    raw: object = None
    source: JsonText = NO_JSON

    @property
    def identity(self) -> tuple[str, ...]:
        """Empty: nothing tells two of them apart."""
        return ()


CallbackEvent = MessageEvent | VoiceEvent | UnknownEvent


def read_events(body: object) -> tuple[CallbackEvent, ...]:
    """Return the events of a body: parsed JSON, an array or a single object, or the parameters of a query."""
    return tuple(map(_read, body)) if isinstance(body, list) else (_read(body),)


def seconds_since(event: CallbackEvent, now: datetime) -> float | None:
    """Return the seconds since the message was sent or the call began; `None` where the event does not tell."""
    match event:
        case MessageEvent(sent_at=began) | VoiceEvent(started_at=began):
            moment = time_of(began)
            return round((now - moment).total_seconds(), 3) if moment else None
        case UnknownEvent():
            return None


def sent_before(event: MessageEvent, moment: datetime) -> bool:
    """Return True unless the event tells that its message is not older than `moment`."""
    sent = time_of(event.sent_at)
    return sent is None or sent < moment


def _read(event: object) -> CallbackEvent:
    if not isinstance(event, dict):
        return UnknownEvent(raw=event)
    message = event.get("message")
    if isinstance(message, dict) and _text(event, "type") and _text(message, "id"):
        return _message_event(event, message)
    if _text(event, "eventType") and _text(event, "callId"):
        return _voice_event(event)
    return UnknownEvent(_text(event, "type") or _text(event, "eventType"), event)


def _message_event(event: Mapping[str, object], message: Mapping[str, object]) -> MessageEvent:
    return MessageEvent(
        type=_text(event, "type"),
        message_id=_text(message, "id"),
        to=_text(event, "to") or _first(message.get("to")),
        sender=_text(message, "from"),
        text=_text(message, "text"),
        time=_text(event, "time"),
        sent_at=_text(message, "time"),
        description=_text(event, "description"),
        error_code=_code(event.get("errorCode")),
        application_id=_text(message, "applicationId"),
        raw=event,
    )


def _voice_event(event: Mapping[str, object]) -> VoiceEvent:
    return VoiceEvent(
        type=_text(event, "eventType"),
        call_id=_text(event, "callId"),
        to=_text(event, "to"),
        sender=_text(event, "from"),
        direction=_text(event, "direction"),
        time=_text(event, "eventTime"),
        started_at=_text(event, "enqueuedTime") or _text(event, "startTime"),
        cause=_text(event, "cause"),
        error=_text(event, "errorMessage"),
        application_id=_text(event, "applicationId"),
        raw=event,
    )


def _text(values: Mapping[str, object], name: str) -> str:
    value = values.get(name)
    return value if isinstance(value, str) else ""


def _first(values: object) -> str:
    return values[0] if isinstance(values, list) and values and isinstance(values[0], str) else ""


def _code(value: object) -> int | None:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    return int(value) if isinstance(value, str) and is_digits(value) and len(value) <= 9 else None


# --- What error codes of messages mean ---------------------------------------------------------------------------

_REGISTER: Final = "Register a brand and a campaign for it, and put the number on the campaign."

MESSAGE_ERRORS: Final[Mapping[int, str]] = MappingProxyType({
    4432: "Messages to this country are not allowed for the account or the sending number. Ask Bandwidth to open it, or"
    " send to another country.",
    4476: f"The sending number is on no registered 10DLC campaign, and US carriers refuse it. {_REGISTER}",
    4720: "The recipient cannot get texts: a landline, or a number that is not in service. Try a mobile phone.",
    4770: f"AT&T has blocked the message, since the sending number is on no registered campaign. {_REGISTER}",
    4773: "The number's campaign is not active. Look at its status in the Bandwidth App, under Registration Center.",
    4774: "The number is still being put on its campaign, or that has failed. Wait for it, then send again.",
    4780: "The campaign has reached a carrier's limit for messages. Send again later, or ask for a higher limit.",
    4781: "The campaign has reached a carrier's limit for messages. Send again later, or ask for a higher limit.",
    4795: "The sending number is toll-free and not verified. Nothing is delivered before its verification is approved:"
    " request it in the Bandwidth App, or wait for the review.",
    5229: "The carrier does not know yet that the number is on its campaign. It can take some days: send again later,"
    " or put the number on the campaign again.",
    5620: f"T-Mobile has blocked the message, since the sending number is on no registered campaign. {_REGISTER}",
    9902: "No carrier has said what became of the message in time. It may have been delivered all the same: ask the"
    " recipient before you send it again.",
})  # fmt: skip
"""Error codes of `message-failed`: what each means, and what to do (bandwidth-api 9.2, 9.3)."""


def explain(code: int | str | None) -> str:
    """Return what an error code means and what to do; empty for a code that no source explains."""
    known = _code(code)
    return MESSAGE_ERRORS.get(known, "") if known is not None else ""
