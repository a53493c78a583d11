"""The wizard's places: its screens in their order, and the status of each."""

from enum import Enum

from bwtui.domain.answers import Answers
from bwtui.domain.walk import APPLY, CONNECT, DONE, REVIEW, TITLES, WELCOME, place_of, walk

__all__ = [
    "APPLY",
    "CONNECT",
    "DONE",
    "REVIEW",
    "TITLES",
    "WELCOME",
    "PlaceStatus",
    "numbered",
    "place_of",
    "walk",
]


class PlaceStatus(Enum):
    """The status of a screen: a sign that needs no colour, and a word."""

    TO_DO = ("○", "to do")
    COMPLETE = ("●", "complete")
    DOUBT = ("?", "the account may lack this")
    PROBLEM = ("!", "problem")
    SKIPPED = ("–", "skipped")
    EXISTS = ("=", "exists already")
    WAITING = ("…", "waiting")
    """An order is under way."""
    DONE = ("✓", "done")

    def __init__(self, sign: str, word: str) -> None:
        self.sign = sign
        self.word = word


def numbered(answers: Answers) -> tuple[str, ...]:
    """The screens that are counted as steps: "step 4 of 10"."""
    return walk(answers)[1:-3]
