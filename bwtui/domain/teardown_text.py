"""What is said of a teardown: before it, what becomes of everything; after it, what is left and why."""

from typing import Final, NamedTuple

from bwtui.domain.phone_numbers import listed
from bwtui.domain.run import Kind, Own, Problem, RunState
from bwtui.domain.steps import Step
from bwtui.domain.teardown import WORD, Fate, RemovalPlan
from bwtui.domain.wording import counted

NOTHING_MADE: Final = "Nothing that this setup has made is left on the account."
REMOVED: Final = "Everything that this setup had made is removed, as was read back."

_WAITING: Final = (Own.STILL_AGEING,)


class Left(NamedTuple):
    """Something that the setup has made and that stays for now."""

    step: Step
    told: str
    """Its id or numbers; empty for a setting."""
    reason: str
    problem: Problem | None = None


class Outcome(NamedTuple):
    """The outcome of a teardown."""

    status: str
    """`removed`, `waiting`, `left`, `conflict` or `failed`."""
    kind: Kind | None
    """The kind of problem for the exit code; `None` if everything is removed."""
    left: tuple[Left, ...] = ()


def release_question(plan: RemovalPlan) -> str:
    """Return the question for the word that releases numbers; empty if none would be released."""
    kept = plan.kept_numbers
    if not kept:
        return ""
    it = "it" if len(kept.numbers) == 1 else "them"
    return (
        f"Release {listed(kept.numbers)}? That cannot be undone: somebody else may get {it}. Type {WORD} to release "
        f"{it}; Enter alone keeps {it}, with all that {it} need{'s' if it == 'it' else ''}: "
    )


def remove_question(plan: RemovalPlan) -> str:
    """Return the question before anything is removed."""
    release = plan.release
    besides = f", and {listed(release.numbers)} released" if release and release.numbers else ""
    count = sum(action.fate is Fate.REMOVE for action in plan)
    verb = "is" if count == 1 else "are"
    return f"{counted(count, 'thing')} {verb} removed{besides}. Go on? [y/N] "


def conflict_question(step: Step, told: str, reason: str) -> str:
    """Return the question about something that somebody has changed since."""
    named = f"{step.title} {told}".strip()
    return f"{named} is not as this setup left it: {reason}. Remove it all the same? [y/N] "


def outcome(plan: RemovalPlan, run: RunState) -> Outcome:
    """Return what a teardown has come to: what is still there of what the setup had made."""
    left, kinds, is_refused = [], list[Kind](), False
    for action in plan:
        record = run.step(action.step.key)
        if not action.is_unfinished or not record.is_ours:
            continue
        problem = record.removal.problem if record.removal else None
        if problem and (action.sends or action.fate is Fate.GONE):
            kinds.append(problem.kind)
            is_refused = is_refused or problem.code not in _WAITING
            left.append(Left(action.step, action.told, problem.text, problem))
            continue
        if action.fate is Fate.CONFLICT:
            kinds.append(Kind.CONFLICT)
        elif action.fate is Fate.WAIT:
            kinds.append(Kind.UNREACHABLE)
        is_held = action.sends or action.fate is Fate.GONE
        left.append(Left(action.step, action.told, "is needed by what stays" if is_held else action.reason))
    if not left:
        return Outcome("removed", None)
    kind = next((each for each in kinds if each is not Kind.FAILED), kinds[0] if kinds else Kind.FAILED)
    if not kinds:
        status = "left"
    elif kind is Kind.CONFLICT:
        status = "conflict"
    elif kind is Kind.UNREACHABLE and not is_refused:
        status = "waiting"
    else:
        status = "failed"
    return Outcome(status, kind, tuple(left))
