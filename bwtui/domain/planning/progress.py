"""The progress of a setup: what is *done*, what is open, and which answers the account has.

That what was read back is a proof, the plan made of it says (`Plan.is_proof`); if the proof still holds is decided here.
A setup is done if the last verification matched everything that is wanted, and neither an answer nor the run has
changed since. Everything else that was applied is *applied, not verified*.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from bwtui.domain.answers.answers import Answer, Answers, Source, asked_questions, uses_existing, wanted_steps
from bwtui.domain.catalog import QUESTIONS, SERVER_URL, STEPS
from bwtui.domain.runs.problem import Kind, OwnCode, Problem
from bwtui.domain.runs.run import RunState, Status
from bwtui.domain.runs.run_events import Event, Finished, Verified
from bwtui.domain.steps import Step

if TYPE_CHECKING:  # imported later than the first screen, which does not need them
    from bwtui.domain.planning.actions import Plan


class Progress(StrEnum):
    """The progress of a setup."""

    DONE = "done"
    APPLIED = "applied"
    """Applied, but not verified since the last change."""
    INCOMPLETE = "incomplete"


class Waiting(NamedTuple):
    """An answer that was saved but not applied."""

    key: str
    value: str
    """The saved value; empty if the answer was taken away."""
    on_account: str
    """The value that was applied last; empty for none."""

    def __str__(self) -> str:
        label = QUESTIONS[self.key].label
        if not self.value:
            return f"{label} was cleared, which waits to be applied; the account has {self.on_account}"
        return f"{label} {self.value} waits to be applied; the account has {self.on_account or 'none'}"


class Open(NamedTuple):
    """The reason why a step is not done."""

    step: Step
    kind: Kind
    text: str
    is_wrong: bool = True
    """True if something is known to differ from what is wanted; False if it is only still to do or to read back."""
    problem: Problem | None = None
    """The problem that `text` is from; `remedies` says what to do about it."""


# --- Writing down ----------------------------------------------------------------------------------------------


def verified(plan: "Plan", answers: Answers, at: float) -> Verified:
    """Make the event that records the result of reading everything back."""
    wrong = {
        action.step.key: action.problem
        or action.unproven
        or Problem(operation=action.step.operation("read"), kind=Kind.FAILED, text=action.reason or "missing")
        for action in plan.not_proven
    }
    wanted = {step.key for step in wanted_steps(answers)}
    matched = {
        action.step.key: answers_of(action.step, answers)
        for action in plan
        if action.step.key in wanted and action.step.key not in wrong
    }
    kept = {action.step.key: action.spellings for action in plan if action.spellings}
    notices = {action.step.key: action.notices for action in plan if action.notices}
    return Verified(at=at, answers=matched, open=wrong, kept=kept, notices=notices)


def with_answers(events: Sequence[Event], answers: Answers) -> tuple[Event, ...]:
    """Return the events with the applied answers added to each `Finished`."""
    steps = {step.key: step for step in STEPS}
    return tuple(
        event._replace(answers=answers_of(steps[event.step], answers))
        if isinstance(event, Finished)
        else event
        for event in events
    )


def answers_of(step: Step, answers: Answers) -> dict[str, str]:
    """Return every answer of a step by its full name, defaults filled in, without secrets in any form."""
    is_used = bool(uses_existing(step, answers))
    found = {
        key: answer
        for key in _keys(step, answers)
        if (answer := answers.answer(key)) and answer.value and not (is_used and answer.source.is_default)
    }
    values = {key: answer.value for key, answer in found.items()}
    if any(answer.source is Source.BASE for answer in found.values()):
        values[SERVER_URL] = answers.text(SERVER_URL)
    return values


def _keys(step: Step, answers: Answers) -> Iterator[str]:
    """Yield the full names of a step's questions, without secrets."""
    for question in asked_questions(step, answers):
        if not question.is_secret:
            yield step.key_of(question.key)


# --- Deciding --------------------------------------------------------------------------------------------------


def percent_done(answers: Answers, run: RunState) -> int:
    """Return the share of the work that is done, in percent; the proof counts as one step."""
    steps = wanted_steps(answers)
    done = sum(run.step(step.key).status is Status.DONE for step in steps)
    return 100 * done // (len(steps) + 1)


def progress_of(answers: Answers, run: RunState) -> Progress:
    """Return the progress of a setup."""
    steps = wanted_steps(answers)
    if not steps or any(run.step(step.key).status is not Status.DONE for step in steps):
        return Progress.INCOMPLETE
    return Progress.APPLIED if open_points(answers, run) else Progress.DONE


def declined_step(answers: Answers, run: RunState) -> Step | None:
    """Return the step that costs money, where all is done that can be done without it, and no order is open; else `None`."""
    if not all(order.is_settled for order in run.orders):
        return None
    left = [step for step in wanted_steps(answers) if run.step(step.key).status is not Status.DONE]
    can_be_done = [step for step in left if run.numbers or not step.names_numbers]
    return can_be_done[0] if len(can_be_done) == 1 and can_be_done[0].paid else None


def is_applied(answers: Answers, run: RunState) -> bool:
    """Return True if every wanted step is done with the present answers, read back or not."""
    return progress_of(answers, run) is not Progress.INCOMPLETE and not any(
        waiting(step, answers, run) for step in wanted_steps(answers)
    )


def is_read_back(step: Step, answers: Answers, run: RunState) -> bool:
    """Return True if a step matched when everything was last read back, and nothing has changed since."""
    return (
        run.step(step.key).status is Status.DONE
        and run.proof is not None
        and run.proof.answers.get(step.key) == answers_of(step, answers)
    )


def open_points(answers: Answers, run: RunState) -> tuple[Open, ...]:
    """Return everything that keeps the setup from being done; empty if it is done."""
    wanted = {step.key: step for step in wanted_steps(answers)}
    found = (_open(step, answers, run) for step in wanted.values())
    read_back = (*run.proof.answers, *run.proof.open) if run.proof else ()
    no_longer = (
        Open(step, Kind.FAILED, "no longer asked for, and left as it is on the account")
        for step in STEPS
        if step.key in read_back and step.key not in wanted
    )
    return (*filter(None, found), *no_longer)


def _open(step: Step, answers: Answers, run: RunState) -> Open | None:
    record = run.step(step.key)
    if record.problem and record.problem.code == OwnCode.UNSENT:
        return Open(step, Kind.FAILED, "stopped before it was sent", is_wrong=False)
    if record.problem:
        return Open(step, record.problem.kind, record.problem.text, problem=record.problem)
    if record.status is not Status.DONE:
        return Open(step, Kind.FAILED, record.status.value, is_wrong=False)
    if waits := waiting(step, answers, run):
        return Open(step, Kind.FAILED, "; ".join(map(str, waits)))
    if run.proof and (wrong := run.proof.open.get(step.key)):
        return Open(step, wrong.kind, wrong.text, problem=wrong)
    if not is_read_back(step, answers, run):
        return Open(step, Kind.FAILED, "not read back since it was applied", is_wrong=False)
    return None


def notices(run: RunState) -> tuple[tuple[Step, str], ...]:
    """Return what was found on the account besides what is wanted, when everything was last read back."""
    found = run.proof.notices if run.proof else {}
    return tuple((step, text) for step in STEPS for text in found.get(step.key, ()))


def worst(points: Sequence[Open]) -> Kind | None:
    """Return the kind of problem for the exit code: the first that is more specific than *failed*; `None` for none."""
    kinds = [point.kind for point in points]
    return next((kind for kind in kinds if kind is not Kind.FAILED), kinds[0] if kinds else None)


# --- What the account has --------------------------------------------------------------------------------------


def waiting(step: Step, answers: Answers, run: RunState) -> tuple[Waiting, ...]:
    """Return the answers of a step that were saved but not applied; empty if the applied ones are unknown."""
    applied = run.step(step.key).applied
    if applied is None:
        return ()
    now = answers_of(step, answers)
    return tuple(
        Waiting(key, now.get(key, ""), applied.get(key, ""))
        for key in _keys(step, answers)
        if now.get(key, "") != applied.get(key, "")
    )


def on_account(answers: Answers, run: RunState) -> Answers:
    """Return the answers that the account has: those last applied or read back, if known."""
    given = dict(answers.given)
    for step in STEPS:
        applied = run.step(step.key).applied or {}
        for key, _, value in waiting(step, answers, run):
            given[key] = Answer(value, Source.STATE)
        if base := applied.get(SERVER_URL):
            given[SERVER_URL] = given.get(SERVER_URL, Answer("", Source.STATE))._replace(value=base)
    return answers._replace(given=given)
