"""Trials in words: the question before one is sent, what happens, what it means."""

from typing import Final, assert_never

from bwtui.domain.callbacks.callback_events import explain
from bwtui.domain.trials.trial import (
    CALL_ENDS,
    UNTOLD,
    Accepted,
    Attempt,
    Ended,
    Heard,
    NewsSource,
    Outcome,
    Sending,
    Stage,
    Trial,
    TrialEvent,
    TrialKind,
    Unclear,
)
from bwtui.domain.values.phone_numbers import readable
from bwtui.domain.values.text import sentence, single_line

_SENT: Final = {TrialKind.MESSAGE: "sent", TrialKind.CALL: "placed"}

_QUOTED_AT_MOST: Final = 160
"""Characters: two lines of a dialog on a usual terminal."""


def question(trial: Trial, *, is_demo: bool = False) -> str:
    """Return the question before a trial is sent, with its text, and what it costs."""
    verb = f"Send the message {_quoted(trial.text)}" if trial.kind is TrialKind.MESSAGE else "Place a call"
    cost = (
        "In the demo it costs nothing."
        if is_demo
        else f"This costs money: a {trial.kind} is charged to the account."
    )
    return f"{verb} from {readable(trial.sender)} to {readable(trial.to)}? {cost}"


def _quoted(text: str) -> str:
    """Return a message's text for a question: on one line, and no more of it than leaves the question readable."""
    line = single_line(text)
    return (
        f'"{line}"'
        if len(line) <= _QUOTED_AT_MOST
        else f'"{line[:_QUOTED_AT_MOST]}…" ({len(text):,} characters)'
    )


def meaning(attempt: Attempt) -> str:
    """Return what a failure means and what to do; empty where no source explains it."""
    if attempt.kind is TrialKind.MESSAGE:
        return explain(attempt.code)
    return CALL_ENDS.get(attempt.code, "")


def event_text(event: TrialEvent) -> str:
    """Return an event as a sentence; it may hold text from outside, on one line."""
    match event:
        case Sending(attempt):
            verb = "Sending" if attempt.kind is TrialKind.MESSAGE else "Placing"
            return f"{verb} the {attempt.kind} from {readable(attempt.sender)} to {readable(attempt.to)}."
        case Accepted(attempt):
            arrives = "it arrives" if attempt.kind is TrialKind.MESSAGE else "anybody answers"
            return f"Accepted: Bandwidth has the {attempt.kind}, {attempt.id}. Whether {arrives} is not known yet."
        case Unclear(attempt, why):
            return (
                f"Nobody knows if Bandwidth has accepted the {attempt.kind}: {sentence(single_line(why))} bwtui looks for it, "
                f"and does not {'send' if attempt.kind is TrialKind.MESSAGE else 'place'} it again."
            )
        case Heard(attempt, source, seconds):
            return f"{_stage(attempt)}, {seconds:.1f} s after it was {_SENT[attempt.kind]} ({_reported(source)})."
        case Ended():
            return ended_text(event)
        case _:
            assert_never(event)


def ended_text(event: Ended) -> str:
    """Return how a trial ended, what it means, and what to do."""
    attempt, kind = event.attempt, event.attempt.kind
    waited = f"{event.seconds:.0f} s"
    why = f" {sentence(single_line(event.why))}" if event.why else ""
    match event.outcome:
        case Outcome.DELIVERED:
            return f"Delivered: {readable(attempt.to)} has the message."
        case Outcome.ANSWERED:
            return f"Answered: {readable(attempt.to)} took the call."
        case Outcome.FAILED:
            end = "did not arrive" if kind is TrialKind.MESSAGE else "came to nothing"
            return f"Failed: the {kind} {end}.{_failure(attempt)}"
        case Outcome.REFUSED:
            return f"Refused: Bandwidth did not accept the {kind}.{why}"
        case Outcome.NO_WORD if attempt.code:
            return f"Not known: {meaning(attempt) or attempt.code}"
        case Outcome.NO_WORD:
            known = _stage(attempt).lower()
            return f"No word after {waited}: the {kind} was {known}, and nothing says yet if it arrived.{why}"
        case Outcome.NOT_KNOWN:
            return (
                f"Not known: Bandwidth may have accepted the {kind} or not, and nothing that is surely it was found in {waited}."
                f"{why} It was not {_SENT[kind]} again."
            )
        case Outcome.STOPPED:
            return f"You stopped following it: the {kind} was {_stage(attempt).lower()}."
        case _:
            assert_never(event.outcome)


def unsaved_text(attempt: Attempt, why: str) -> str:
    """Say that a trial's request has left, and what became of it could not be written down; `why` is whole sentences."""
    sent = _SENT[attempt.kind]
    if attempt.stage is Stage.REFUSED:
        done = "was not accepted"
    else:
        done = f"{'was' if attempt.id else 'may have been'} {sent}"
    return (
        f"The {attempt.kind} {done}, but that could not be written down: {why} The next time it is looked up first, and "
        f"no second one is {sent} unless you ask for it."
    )


def _failure(attempt: Attempt) -> str:
    code = (
        f" Error {attempt.code}."
        if attempt.code.isdigit()
        else f" Cause: {attempt.code}."
        if attempt.code
        else ""
    )
    said = meaning(attempt) or (sentence(single_line(attempt.text)) if attempt.text else "")
    return f"{code}{' ' if said else ''}{said}"


def _stage(attempt: Attempt) -> str:
    match attempt.stage:
        case Stage.FAILED if attempt.code == UNTOLD:
            return "Not confirmed"
        case Stage.ACCEPTED:
            return "Accepted"
        case Stage.SENT:
            return "Sent to the carrier"
        case stage:
            return stage.value.capitalize()


def _reported(source: NewsSource) -> str:
    match source:
        case NewsSource.LISTENER:
            return "told by a callback"
        case NewsSource.LOG:
            return "reported by the message log"
        case NewsSource.CALL:
            return "the state of the call"
        case _:
            assert_never(source)
