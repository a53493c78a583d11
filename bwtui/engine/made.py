"""What was made a moment ago, and when: a list that shows it is at least as new as that."""

from collections.abc import Iterable
from typing import Final

KEPT: Final = 300.0
"""Seconds that are remembered: longer than anybody waits for a list."""


class MadeObjects:
    """The objects that were made on one account, by all setups that share this."""

    def __init__(self) -> None:
        self._made: list[tuple[float, str, str]] = []

    def add(self, path: str, id_: str, at: float) -> None:
        """Remember an object that a POST to `path` has made; it was not sent before `at`, in monotonic seconds."""
        self._made = [each for each in self._made if each[0] > at - KEPT]
        self._made.append((at, path, id_.casefold()))

    def is_newer(self, path: str, ids: Iterable[str], at: float) -> bool:
        """Return True if a list at `path` that shows these ids is certainly newer than `at`, in monotonic seconds."""
        later = {id_ for made_at, made_path, id_ in self._made if made_path == path and made_at > at}
        return any(id_.casefold() in later for id_ in ids)
