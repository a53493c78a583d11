"""The sentences about a teardown: before it, about each object; after it, about what is left and why."""

from typing import Final, NamedTuple

from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.runs.removal_text import REMOVED, Twin, twins_left, waits_only
from bwtui.domain.runs.run import RunState
from bwtui.domain.steps import Step
from bwtui.domain.teardown.teardown import WORD, Fate, RemovalPlan
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.values.text import counted

NOTHING_MADE: Final = "Nothing that this setup knows to have made is left on the account."
_ALL_ELSE: Final = (
    "Everything else that this setup knows to have made is removed, as was read back. Left on the account:"
)
_MOVED: Final = "moved to another location by somebody: not released, and still paid for"
_LEFT: Final = "Left on the account:"


class Left(NamedTuple):
    """Something that the setup has made and that stays for now."""

    step: Step
    told: str
    """Its id or numbers; empty for a setting."""
    reason: str
    problem: Problem | None = None


class TeardownOutcome(NamedTuple):
    """The outcome of a teardown."""

    status: str
    """`removed`, `waiting`, `left`, `conflict` or `failed`."""
    kind: Kind | None
    """The kind of problem for the exit code; `None` if everything is removed."""
    left: tuple[Left, ...] = ()
    twins: tuple[Twin, ...] = ()
    """The things that stay because they are not known to be ours."""


def release_warning(plan: RemovalPlan) -> str:
    """Say what releasing numbers means, and keeping them; empty if there are none to release."""
    kept = plan.kept_numbers
    if not kept:
        return ""
    it, holds = ("it", "It keeps") if len(kept.numbers) == 1 else ("them", "They keep")
    held = ", ".join(action.step.title for action in plan if action.fate is Fate.LEAVE and action is not kept)
    return f"Releasing {listed(kept.numbers)} cannot be undone: somebody else may get {it}." + (
        f" {holds} the rest from being removed: {held}." if held else ""
    )


RELEASE_QUESTION: Final = f"Type {WORD} to release, Enter to keep [keep]"


def remove_question(plan: RemovalPlan) -> str:
    """Return the question before anything is removed."""
    release = plan.release
    count = sum(action.fate is Fate.REMOVE for action in plan)
    removed = f"remove {counted(count, 'thing')}" if count else ""
    released = f"release {listed(release.numbers)}" if release and release.numbers else ""
    return f"{' and '.join(filter(None, (removed, released))) or 'go on'}?".capitalize()


def conflict_question(step: Step, told: str, reason: str) -> str:
    """Return the question about something that somebody has changed since."""
    named = f"{step.title} {told}".strip()
    return f"{named} is not as this setup left it: {reason}. Remove it all the same?"


def closing(ended: TeardownOutcome) -> str:
    """Say what a teardown has come to; what is left is named after it."""
    if ended.status != "removed":
        return _LEFT
    return _ALL_ELSE if ended.left else REMOVED


def left_lines(ended: TeardownOutcome) -> tuple[str, ...]:
    """Return a line for each thing that stays, with its reason."""
    return tuple(
        f"{each.step.title}{f' {each.told}' if each.told else ''}: {each.reason}" for each in ended.left
    )


def plan_lines(plan: RemovalPlan) -> tuple[str, ...]:
    """Return a line for what becomes of everything."""
    return tuple(
        f"{action.step.title}: {'; '.join(filter(None, (action.fate.value, action.told, action.reason)))}"
        for action in plan
    )


def outcome(plan: RemovalPlan, run: RunState) -> TeardownOutcome:
    """Return what a teardown has come to: what is still there of what the setup had made."""
    left, kinds, is_refused = list[Left](), list[Kind](), False
    moved = [Left(each.step, listed(each.moved), _MOVED) for each in plan if each.moved]
    for action in plan:
        record = run.step(action.step.key)
        if not action.is_unfinished or not (record.is_ours or action.fate is Fate.CONFLICT):
            continue
        problem = record.removal.problem if record.removal else None
        if problem and (action.sends or action.fate is Fate.GONE):
            kinds.append(problem.kind)
            is_refused = is_refused or not waits_only(problem)
            left.append(Left(action.step, action.told, problem.text, problem))
            continue
        if action.fate is Fate.CONFLICT:
            kinds.append(Kind.CONFLICT)
        elif action.fate is Fate.WAIT:
            kinds.append(Kind.UNREACHABLE)
        is_held = action.sends or action.fate is Fate.GONE
        left.append(Left(action.step, action.told, "is needed by what stays" if is_held else action.reason))
    twins = twins_left(run)
    if not left:
        return TeardownOutcome("removed", None, tuple(moved), twins)
    kind = next((each for each in kinds if each is not Kind.FAILED), kinds[0] if kinds else Kind.FAILED)
    if not kinds:
        status = "left"
    elif kind is Kind.CONFLICT:
        status = "conflict"
    elif kind is Kind.UNREACHABLE and not is_refused:
        status = "waiting"
    else:
        status = "failed"
    return TeardownOutcome(status, kind, (*moved, *left), twins)
