"""The sentences about a setup that is being removed, or is; apart from its plan, so that `bwtui status` starts sooner."""

from typing import Final

from bwtui.domain.catalog import STEPS
from bwtui.domain.runs.problem import OwnCode, Problem
from bwtui.domain.runs.run import RunState

REMOVED: Final = "Everything that this setup had made is removed, as was read back."
ANEW: Final = "To set it up anew, go back to Review: your answers are as you left them."

_WAITING: Final = (OwnCode.STILL_AGEING, OwnCode.NOT_READY, OwnCode.STILL_SHOWN)


def waits_only(problem: Problem) -> bool:
    """Return True for a problem that time alone solves."""
    return problem.code in _WAITING


def still_there(run: RunState) -> str:
    """Say of a setup that is being removed what of it is still on the account."""
    left = (step.title for step in STEPS if run.step(step.key).is_ours)
    return f"This setup is being removed. Still there: {', '.join(left)}."
