"""The wizard's places: its screens in their order, and the status of each."""

from enum import Enum

from bwtui.domain.walk.walk import APPLY, CONNECT, DONE, REVIEW, TITLES, WELCOME, place_of, step_number, walk

__all__ = [
    "APPLY",
    "CONNECT",
    "DONE",
    "REVIEW",
    "TITLES",
    "WELCOME",
    "PlaceStatus",
    "place_of",
    "step_number",
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
