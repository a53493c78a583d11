"""The wizard's places: its screens in their order, and the status of each."""

from enum import Enum
from typing import Final

from bwtui.domain.answers import Answers, wished_steps
from bwtui.domain.catalog import STEPS

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


class PlaceStatus(Enum):
    """The status of a screen: a sign that needs no colour, and a word."""

    TO_DO = ("○", "to do")
    COMPLETE = ("●", "complete")
    DOUBT = ("?", "the account may lack this")
    PROBLEM = ("!", "problem")
    SKIPPED = ("–", "skipped")
    EXISTS = ("=", "exists already")
    DONE = ("✓", "done")

    def __init__(self, sign: str, word: str) -> None:
        self.sign = sign
        self.word = word


def walk(answers: Answers) -> tuple[str, ...]:
    """The screens in their order: what is not wanted is not among them."""
    steps = (step.key for step in wished_steps(answers))
    return (WELCOME, CONNECT, *steps, REVIEW, APPLY, DONE)


def numbered(answers: Answers) -> tuple[str, ...]:
    """The screens that are counted as steps: "step 4 of 10"."""
    return walk(answers)[1:-3]


def place_of(key: str) -> str:
    """The screen on which a question is asked: `site.name` on `site`, `account.account_id` on `connect`."""
    table = key.partition(".")[0]
    return {"setup": WELCOME, "account": CONNECT, "login": CONNECT}.get(table, table)
