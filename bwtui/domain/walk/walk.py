"""The walk through a setup: its places in their order, and the place of each question."""

from typing import Final

from bwtui.domain.answers.answers import Answers, wished_steps
from bwtui.domain.catalog import STEPS
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
    steps = (step.key for step in wished_steps(answers) if step.on_screen)
    return (WELCOME, CONNECT, *steps, REVIEW, APPLY, DONE)


def step_number(place: str, answers: Answers) -> str:
    """`Step 4 of 9`; for a place that is no step, how many there are."""
    steps = [step.key for step in wished_steps(answers) if step.on_screen]
    if place not in steps:
        return counted(len(steps), "step")
    return f"Step {steps.index(place) + 1} of {len(steps)}"


def place_of(key: str) -> str:
    """The place at which a question is asked: `site.name` at `site`, `account.account_id` at `connect`."""
    table = key.partition(".")[0]
    return {"setup": WELCOME, "account": CONNECT, "login": CONNECT}.get(table, table)
