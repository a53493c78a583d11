"""The progress of a whole setup in a word and a sentence: its row, where many are listed."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from bwtui.domain.answers.answers import Answers, wanted_steps
from bwtui.domain.planning.progress import Open, Progress, open_points, progress_of, worst
from bwtui.domain.runs.order_text import order_told
from bwtui.domain.runs.problem import Kind
from bwtui.domain.runs.run import RunState, Status
from bwtui.domain.values.text import single_line


class ProgressStage(StrEnum):
    """How far a setup is."""

    DONE = "done"
    APPLIED = "applied"
    """Applied, but not read back since."""
    WAITING = "waiting"
    """Nothing failed: an order is under way at Bandwidth."""
    FAILED = "failed"
    TO_DO = "to do"
    REMOVING = "removing"
    REMOVED = "removed"


class BriefProgress(NamedTuple):
    """The progress of a setup, in brief."""

    stage: ProgressStage
    text: str
    """The first thing that is open; empty if nothing is."""
    kind: Kind | None
    """The kind of problem that its exit code says; `None` if it is done."""


def brief_progress(answers: Answers, run: RunState) -> BriefProgress:
    """Return the progress of a setup in brief."""
    points = open_points(answers, run)
    if run.is_removed:
        return BriefProgress(ProgressStage.REMOVED, "", Kind.NOT_FOUND)
    if run.is_being_removed:
        return BriefProgress(ProgressStage.REMOVING, "a part of it was removed", worst(points) or Kind.FAILED)
    if not points and progress_of(answers, run) is Progress.DONE:
        return BriefProgress(ProgressStage.DONE, "", None)
    stage, text = _stage(points, answers, run)
    return BriefProgress(stage, single_line(text), worst(points) or Kind.FAILED)


def _stage(points: Sequence[Open], answers: Answers, run: RunState) -> tuple[ProgressStage, str]:
    on_order = [point for point in points if run.step(point.step.key).order_under_way]
    if failed := [point for point in points if point.is_wrong and point not in on_order]:
        return ProgressStage.FAILED, f"{failed[0].step.title}: {failed[0].text}"
    if on_order:
        return ProgressStage.WAITING, order_told(run.step(on_order[0].step.key))
    if progress_of(answers, run) is not Progress.INCOMPLETE:
        return ProgressStage.APPLIED, "not read back since it was applied"
    wanted = wanted_steps(answers)
    to_do = [step.title for step in wanted if run.step(step.key).status is not Status.DONE]
    done = f"{len(wanted) - len(to_do)} of {len(wanted)} steps done"
    return ProgressStage.TO_DO, f"{done}, next {to_do[0]}" if to_do else ""
