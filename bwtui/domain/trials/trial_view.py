"""A trial as front ends show it: its lines, what the phone answered, and how long each thing is waited for."""

from typing import Final, assert_never

from bwtui.domain.arrival.arrival import Arrival, ArrivalVerdict
from bwtui.domain.trials.trial import (
    Accepted,
    Attempt,
    Ended,
    Heard,
    Outcome,
    Sending,
    TrialEvent,
    TrialKind,
    Unclear,
)
from bwtui.domain.trials.trial_text import event_text
from bwtui.domain.values.phone_numbers import readable
from bwtui.domain.values.text import single_line

ABOUT: Final = "A message or a call to a phone of yours. It goes out once; bwtui never repeats it."
WAIT: Final = {TrialKind.MESSAGE: 30.0, TrialKind.CALL: 60.0}
"""Seconds for which it is followed; a phone rings for thirty."""
ANSWER_WAIT: Final = {TrialKind.MESSAGE: 20.0, TrialKind.CALL: 5.0}
"""Seconds for which an answer of the phone is waited for, once it arrived."""
SENTENCE: Final = "Hello! This is bwtui, and your account can call."
"""The sentence that a listener of this setup says in a call."""


def event_line(event: TrialEvent) -> str:
    """Return an event as a line with its sign."""
    return f"{_sign(event)} {event_text(event)}"


def left_open_text(last: Attempt) -> str:
    """Say that an earlier trial is followed before there is a new one."""
    return f"It is not known yet what became of the last {last.kind}, to {readable(last.to)}. It is looked up; nothing is sent."


def reply_text(attempt: Attempt, text: str) -> str:
    """Say what the phone wrote back; the text is from outside."""
    return f"Reply from {readable(attempt.to)}: “{single_line(text)}”"


def spoken_text(sentence: str) -> str:
    """Say what was spoken in the call."""
    return f"Spoken to whoever answered: “{single_line(sentence)}”"


def blocked_by(arrival: Arrival | None) -> str:
    """Say why a trial would certainly not arrive; empty if it may."""
    if arrival is None or arrival.verdict is not ArrivalVerdict.NO:
        return ""
    return " ".join(
        filter(None, ("It would not arrive.", arrival.because, arrival.next, "Nothing was sent."))
    )


def _sign(event: TrialEvent) -> str:
    match event:
        case Ended(outcome=Outcome.DELIVERED | Outcome.ANSWERED):
            return "✓"
        case Ended(outcome=Outcome.FAILED | Outcome.REFUSED):
            return "!"
        case Ended() | Unclear():
            return "?"
        case Sending() | Accepted() | Heard():
            return "…"
        case _:
            assert_never(event)
