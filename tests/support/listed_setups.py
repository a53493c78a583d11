"""Setups of a list, as far as a test wants them to be, without an account."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

from bwtui.domain.answers.answers import Answers, wanted_steps
from bwtui.domain.planning.progress import answers_of
from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.runs.run_events import Event, Failed, Finished, OrderUpdated, Removed, Started, Verified
from bwtui.domain.runs.setup import Setup
from bwtui.store.state import StateFile
from support.guide import guide_answers

ANSWERS: Final = Answers(
    guide_answers(messaging_app__callback_user=None, voice_app__callback_user=None).given
)
STEPS: Final = wanted_steps(ANSWERS)
NUMBER: Final = "9195551234"
BASE_URL: Final = "http://127.0.0.1:1/api"

APPLIED: Final[tuple[Event, ...]] = tuple(
    Finished(
        step.key, 1.0, {step.produces: f"{step.key}-1"} if step.produces else {},
        (NUMBER,) if step.paid else (), answers=answers_of(step, ANSWERS),
    )
    for step in STEPS
)  # fmt: skip
DONE: Final[tuple[Event, ...]] = (
    *APPLIED,
    Verified(2.0, {step.key: answers_of(step, ANSWERS) for step in STEPS}),
)
BEGUN: Final[tuple[Event, ...]] = APPLIED[:2]
REFUSED: Final[tuple[Event, ...]] = (
    Started("site", 1.0),
    Failed("site", 1.0, Problem("site.create", Kind.CONFLICT, "The name\nis taken.", 409, "12500")),
)
ON_ORDER: Final[tuple[Event, ...]] = (
    *(event for event in APPLIED if isinstance(event, Finished) and event.step != "number"),
    Started("number", 1.0, "customer-1", (NUMBER,)),
    OrderUpdated("number", 1.0, "customer-1", "order-1", "BACKORDERED"),
)
REMOVED: Final[tuple[Event, ...]] = (*BEGUN, *(Removed(step.key, 3.0) for step in STEPS[:2]))


def leave(folder: Path, name: str, events: Sequence[Event], answers: Answers = ANSWERS) -> None:
    """Leave the state file of a setup behind."""
    StateFile(folder, name).save(Setup("9900000", BASE_URL, answers.given, events=tuple(events)))
