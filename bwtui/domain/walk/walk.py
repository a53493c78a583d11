"""The walk through a setup: its places in their order, and the place of each question."""

from typing import Final

from bwtui.domain.answers.answers import Answers, wished_steps
from bwtui.domain.catalog import STEPS
from bwtui.domain.platform import FoundPlatform, Platform
from bwtui.domain.values.text import counted

WELCOME: Final = "welcome"
CONNECT: Final = "connect"
REVIEW: Final = "review"
APPLY: Final = "apply"
DONE: Final = "done"

TITLES: Final = {
    WELCOME: "Welcome",
    CONNECT: "Connect",
    **{step.key: step.title for step in STEPS},
    REVIEW: "Review",
    APPLY: "Apply",
    DONE: "Done",
}

TABLES_OF: Final = {WELCOME: "setup", CONNECT: "account"}
"""The tables of the places that are no steps; a step's table has the step's own name."""


def walk(answers: Answers) -> tuple[str, ...]:
    """The places in their order: what is not wanted is not among them."""
    return (WELCOME, CONNECT, *_steps(answers), REVIEW, APPLY, DONE)


def _steps(answers: Answers) -> list[str]:
    return [step.key for step in wished_steps(answers) if step.on_screen]


def step_counts(answers: Answers) -> tuple[int, ...]:
    """Return how many steps have a screen, the least first: more than one count while that depends on the platform."""
    platforms = (answers.platform,) if answers.platform else (Platform.LEGACY, Platform.UNIVERSAL)
    return tuple(sorted({len(_steps(answers.on(FoundPlatform(platform)))) for platform in platforms}))


def counted_steps(answers: Answers) -> str:
    """`9 steps`; `10 or 11 steps` while that depends on the platform."""
    *fewer, most = step_counts(answers)
    return "".join(f"{count} or " for count in fewer) + counted(most, "step")


def step_number(place: str, answers: Answers) -> str:
    """`Step 4 of 9`; for a place that is no step, how many there are."""
    steps = _steps(answers)
    if place not in steps:
        return counted_steps(answers)
    return f"Step {steps.index(place) + 1} of {len(steps)}"


def place_of(key: str) -> str:
    """The place at which a question is asked: `site.name` at `site`, `account.account_id` at `connect`."""
    table = key.partition(".")[0]
    return {"setup": WELCOME, "account": CONNECT, "login": CONNECT}.get(table, table)
