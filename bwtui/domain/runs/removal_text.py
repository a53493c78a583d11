"""The sentences about a setup that is being removed, or is; apart from its plan, so that `bwtui status` starts sooner."""

from collections.abc import Iterable
from typing import Final, NamedTuple

from bwtui.domain.catalog import STEPS
from bwtui.domain.runs.problem import OwnCode, Problem
from bwtui.domain.runs.run import RunState
from bwtui.domain.steps import Step
from bwtui.domain.values.text import single_line

REMOVED: Final = "Everything that this setup knows to have made is removed, as was read back."
ANEW: Final = "To set it up anew, go back to Review: your answers are as you left them."

_WAITING: Final = (OwnCode.STILL_AGEING, OwnCode.NOT_READY, OwnCode.STILL_SHOWN)


def waits_only(problem: Problem) -> bool:
    """Return True for a problem that time alone solves."""
    return problem.code in _WAITING


def still_there(run: RunState) -> str:
    """Say of a setup that is being removed what of it is still on the account."""
    left = (step.title for step in STEPS if run.step(step.key).is_ours)
    return f"This setup is being removed. Still there: {', '.join(left)}."


class Twin(NamedTuple):
    """Another object of the name of one that is removed, perhaps made by a request that was delivered twice."""

    step: Step
    id: str


def twin_lines(twins: Iterable[Twin]) -> tuple[str, ...]:
    """Return a line for each thing that nobody but a person can tell whether this setup has made it."""
    return tuple(
        f"{each.step.title} {single_line(each.id)} has the same name and is still on the account: perhaps it was made by a "
        "request that was delivered twice. Delete it in the Bandwidth App if it was."
        for each in twins
    )


def twins_left(run: RunState) -> tuple[Twin, ...]:
    """Return the objects of the same name as those that were removed."""
    return tuple(Twin(step, id_) for step in STEPS for id_ in run.step(step.key).twins)
