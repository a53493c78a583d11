"""The waits of a run: for a request that is sent again later, or for an effect that may still show."""

import time
from collections.abc import Callable
from typing import Final, NamedTuple

_EARLY: Final = 0.1
"""Seconds by which a timer may be early."""


class _Wait(NamedTuple):
    end: float
    reason: str


class WaitStatus:
    """The waits that are under way, by operation."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._waits: dict[str, _Wait] = {}

    @property
    def told(self) -> str:
        """The longest wait: what is left of it, and its reason; empty where nothing waits."""
        now = self._clock()
        under_way = [wait for wait in self._waits.values() if wait.end > now]
        if not under_way:
            return ""
        longest = max(under_way)
        return f"waiting {max(1, round(longest.end - now))} s: {longest.reason}"

    def begin(self, operation: str, seconds: float, reason: str) -> None:
        """Wait for so many seconds at most."""
        self._waits[operation] = _Wait(self._clock() + seconds, reason)

    def heard(self, operation: str) -> None:
        """A reply has come: it ends a wait that is over, and not one in which the account is asked now and then."""
        if (wait := self._waits.get(operation)) and self._clock() >= wait.end - _EARLY:
            del self._waits[operation]

    def over(self, step: str) -> None:
        """Something has become of a step: what was waited for there is over."""
        self._waits = {name: wait for name, wait in self._waits.items() if name.partition(".")[0] != step}

    def clear(self) -> None:
        """Nothing is under way any more."""
        self._waits.clear()
