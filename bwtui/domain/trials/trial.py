"""Trials: a first message, a first call, and what is known of each. Sent once, and never again by itself."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final
from uuid import uuid4

from bwtui.domain.values.phone_numbers import e164, readable, ten_digits
from bwtui.domain.values.secret import Secret
from bwtui.domain.values.text import trim

LONGEST_TEXT: Final = 2048
"""Most characters of a message (bandwidth-api 9.1)."""
USUAL_TEXT: Final = "Hello from bwtui"
SAY: Final = "bwtui-say"
"""The parameter of a URL by which a listener is told what to say in a call."""
UNTOLD: Final = "9902"
"""The error code of a message of which no carrier has said what became of it: it may have been delivered."""


class TrialKind(StrEnum):
    """The sort of a trial."""

    MESSAGE = "message"
    CALL = "call"

    @property
    def operation(self) -> str:
        """The name of the request that sends it, by which errors are explained."""
        return f"{self}.create"

    @property
    def looked_up(self) -> str:
        """The name of the requests that read what became of it."""
        return f"{self}.read"


LOOK_UPS: Final = frozenset(kind.looked_up for kind in TrialKind)
"""The requests whose answers tell errors of messages and calls, and are no errors themselves."""


class Stage(StrEnum):
    """The progress of a message or a call."""

    SENDING = "sending"
    """It was about to be sent: nobody knows if Bandwidth has it."""
    REFUSED = "refused"
    ACCEPTED = "accepted"
    SENT = "sent"
    """Handed to the carrier."""
    RINGING = "ringing"
    DELIVERED = "delivered"
    ANSWERED = "answered"
    FAILED = "failed"

    @property
    def is_last(self) -> bool:
        """True if nothing comes after it that would matter."""
        return self in (Stage.REFUSED, Stage.DELIVERED, Stage.ANSWERED, Stage.FAILED)


_ORDER: Final = tuple(Stage)


@dataclass(frozen=True, slots=True)
class Trial:
    """A message or a call to send, complete."""

    kind: TrialKind
    account_id: str
    application_id: str
    sender: str
    """As it is sent: `+19195551234`."""
    to: str
    text: str = ""
    """The text of a message."""
    answer_url: str = ""
    """The address that is asked what to do once a call is answered."""
    disconnect_url: str = ""
    """The address that is told the end of the call, if any."""
    user: str = ""
    """The user that the address asks for, if any."""
    password: Secret | None = None


@dataclass(frozen=True, slots=True)
class Attempt:
    """A trial that was sent or is about to be: on disk before it leaves. Its text and secrets are not part of it."""

    kind: TrialKind
    account_id: str
    application_id: str
    sender: str
    to: str
    tag: str
    """Our own mark, which Bandwidth repeats in its events."""
    at: float
    """When it was about to be sent, in seconds since the epoch."""
    before: tuple[str, ...] | None = None
    """The ids that are another's: those of the log for the same two numbers, and of earlier trials.

    `None` where not all of them are known: then nothing that is found is taken for this one."""
    since: float | None = None
    """What Bandwidth's clock said when its log was read, just before it was sent; `None` if that was not told."""
    id: str = ""
    """The id that Bandwidth gave; empty while it is not known."""
    stage: Stage = Stage.SENDING
    code: str = ""
    """Why it failed: an error code of Bandwidth's, or the cause of a call's end."""
    text: str = ""
    """Bandwidth's description of the failure. Text from outside: never markup."""
    is_told: bool = False
    """True once the person has been told how it ended, so that it is not taken up again."""

    @property
    def is_unfinished(self) -> bool:
        """True if the person does not know yet what became of it."""
        return not self.is_told

    def heard(self, word: "Word") -> "Attempt":
        """Return the attempt after news of it; what came later is not undone by what was told late."""
        known = replace(self, id=self.id or word.id)
        if _ORDER.index(word.stage) <= _ORDER.index(self.stage) or self.stage.is_last:
            return known
        return replace(known, stage=word.stage, code=word.code, text=word.text)


@dataclass(frozen=True, slots=True)
class Word:
    """News of one message or call."""

    stage: Stage
    id: str = ""
    code: str = ""
    text: str = ""
    at: float | None = None
    """When Bandwidth received it, in seconds since the epoch by its clock; `None` where that is not told."""


@dataclass(frozen=True, slots=True)
class Listed:
    """What Bandwidth's log has for two numbers."""

    words: tuple[Word, ...]
    is_all: bool
    """True if there are no more than these."""
    read_at: float | None
    """What Bandwidth's clock said as it answered; `None` if it does not tell."""


class NewsSource(StrEnum):
    """The source of news."""

    LISTENER = "listener"
    LOG = "message log"
    CALL = "state of the call"


class Outcome(StrEnum):
    """The way in which following a trial ended."""

    DELIVERED = "delivered"
    ANSWERED = "answered"
    FAILED = "failed"
    REFUSED = "refused"
    NO_WORD = "no word"
    NOT_KNOWN = "not known"
    """Nobody knows if Bandwidth has accepted it."""
    STOPPED = "stopped"


# --- What happens, for whoever shows it ------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Sending:
    """It is about to leave; that is on disk."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Accepted:
    """Bandwidth has accepted it, which does not say that it arrives."""

    attempt: Attempt


@dataclass(frozen=True, slots=True)
class Unclear:
    """No answer says if it was accepted: it is looked up, and not sent again."""

    attempt: Attempt
    why: str
    """A sentence; may hold text from outside."""


@dataclass(frozen=True, slots=True)
class Heard:
    """There is news of it."""

    attempt: Attempt
    source: NewsSource
    seconds: float
    """Since it was sent."""


@dataclass(frozen=True, slots=True)
class Ended:
    """The last event: what is known when nothing more is waited for."""

    attempt: Attempt
    outcome: Outcome
    seconds: float = 0.0
    """The time waited."""
    why: str = ""
    """Why it is not known more, or was refused; may hold text from outside."""


TrialEvent = Sending | Accepted | Unclear | Heard | Ended

OnTrial = Callable[[TrialEvent], None]
"""Told each event of a trial."""


# --- What is asked for -----------------------------------------------------------------------------------------


class TrialError(ValueError):
    """Raised for something that cannot be sent as it was asked for; the text says why, and what to type."""


def destination(typed: str) -> str:
    """Return a number to write to or to call, as it is sent. Raises `TrialError`."""
    if not typed.strip():
        raise TrialError("Type the number of a phone, like +19195550142.")
    if not ten_digits(typed):
        raise TrialError(f"“{trim(typed)}” is not a US or Canadian phone number; type it like +19195550142.")
    return e164(typed)


def sender_number(typed: str, numbers: tuple[str, ...]) -> str:
    """Return the number to send from, one of the setup's, its first one by default. Raises `TrialError`."""
    if not typed:
        return e164(numbers[0])
    number = ten_digits(typed)
    if number in numbers:
        return e164(number)
    those = ", ".join(map(readable, numbers[:5])) + ("" if len(numbers) <= 5 else ", …")
    raise TrialError(f"“{trim(typed)}” is none of this setup's numbers: {those}.")


def message_text(typed: str) -> str:
    """Return the text of a message. Raises `TrialError`."""
    if not trim(typed):
        raise TrialError("The text is empty: a message has to say something.")
    if len(typed) > LONGEST_TEXT:
        raise TrialError(f"The text has {len(typed):,} characters; a message takes {LONGEST_TEXT:,} at most.")
    try:
        typed.encode()
    except UnicodeEncodeError:
        raise TrialError("The text is not valid UTF-8: type it once more.") from None
    return typed


def new_attempt(trial: Trial, at: float) -> Attempt:
    """Return the intent to send a trial, with a tag of its own."""
    return Attempt(
        trial.kind, trial.account_id, trial.application_id, trial.sender, trial.to,
        tag=f"bwtui-{uuid4()}", at=at,
    )  # fmt: skip


# --- What Bandwidth says ---------------------------------------------------------------------------------------

_MESSAGE_STAGES: Final[Mapping[str, Stage]] = {
    "SENT": Stage.SENT, "DELIVERED": Stage.DELIVERED, "FAILED": Stage.FAILED, "UNDELIVERED": Stage.FAILED,
}  # fmt: skip
_EVENT_STAGES: Final[Mapping[str, Stage]] = {
    "message-sent": Stage.SENT, "message-delivered": Stage.DELIVERED, "message-failed": Stage.FAILED,
}  # fmt: skip

CALL_ENDS: Final[Mapping[str, str]] = {
    "busy": "The line is busy. Call again later.",
    "timeout": "Nobody answered. Call again, or another phone.",
    "cancel": "The call was ended before anybody answered.",
    "rejected": "The call was rejected: the phone, or its carrier, does not take it.",
    "callback-error": "The call was answered, but the server that was asked what to say gave no usable answer. Look at it.",
    "invalid-bxml": "The call was answered, but what the server said is no valid BXML. Correct its answer.",
    "application-error": "The call was answered, and then ended by an error of the server that was asked what to say.",
    "account-limit": "The account has reached its limit of calls. Wait for others to end, or ask Bandwidth for more.",
    "node-capacity-exceeded": "Bandwidth had no capacity for the call. Call again later.",
}  # fmt: skip
"""Why a call ended badly: what each cause means, and what to do (bandwidth-api 9.5)."""


def message_status(status: str) -> Stage:
    """Return the stage that a status of the message log means; an unknown one only says that there is a message."""
    return _MESSAGE_STAGES.get(status.upper(), Stage.ACCEPTED)


def message_event(type_: str) -> Stage:
    """Return the stage that an event of a message means."""
    return _EVENT_STAGES.get(type_, Stage.ACCEPTED)


def call_state(state: str, cause: str, *, was_answered: bool = False) -> Stage:
    """Return the stage that the state of a call means; one that ended by hanging up was answered."""
    match state.casefold():
        case "initiated":
            return Stage.RINGING
        case "answered":
            return Stage.ANSWERED
        case "disconnected":
            return Stage.ANSWERED if cause == "hangup" or was_answered else Stage.FAILED
        case _:
            return Stage.ACCEPTED


def outcome_of(attempt: Attempt) -> Outcome | None:
    """Return how a trial has ended; `None` while it has not."""
    if attempt.stage is Stage.FAILED and attempt.code == UNTOLD:
        return Outcome.NO_WORD
    return Outcome(attempt.stage.value) if attempt.stage.is_last else None
