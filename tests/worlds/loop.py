"""An event loop on a simulated clock: nothing sleeps, the time jumps to whatever is due next.

What would run in a thread runs at once and in place. Nothing to do and nothing to wait for is an error (`Stuck`), and
so is a run without end (`Endless`).
"""

import asyncio
from asyncio import base_events
from collections.abc import Callable
from typing import Any, Final

MOST_ROUNDS: Final = 200_000
"""Rounds of the loop in one life; an ordinary one takes some hundreds."""


class Stuck(Exception):  # noqa: N818 - named as what is the matter
    """Every task waits, and nothing will ever wake one."""


class Endless(Exception):  # noqa: N818
    """A life that goes on and on, in time or in rounds of the loop."""


class _Jump:
    """Stands where a loop asks its sockets: nothing ever comes in, so the time is all that passes."""

    def __init__(self, loop: "SimulatedLoop") -> None:
        self._loop = loop

    def select(self, timeout: float | None) -> list[Any]:
        self._loop.advance(timeout)
        return []


class SimulatedLoop(base_events.BaseEventLoop):
    """The loop of one life, which begins at `now` and may last `longest` simulated seconds."""

    def __init__(self, now: float, longest: float = 3600) -> None:
        super().__init__()
        self._now = now
        self._end = now + longest
        self._rounds = 0
        self._selector = _Jump(self)
        self._clock_resolution = 1e-6

    def time(self) -> float:
        return self._now

    def advance(self, seconds: float | None) -> None:
        """Let the time pass. Raises `Stuck` without an end to the wait, `Endless` for what is too much."""
        if seconds is None:
            raise Stuck
        self._now += seconds
        self._rounds += 1
        if self._now > self._end or self._rounds > MOST_ROUNDS:
            raise Endless

    def allow(self, seconds: float) -> None:
        """Give a life that was ended this much longer to clean up."""
        self._end, self._rounds = self._now + seconds, 0

    def run_in_executor(self, _executor: Any, func: Callable[..., Any], *args: Any) -> asyncio.Future[Any]:  # type: ignore[override]
        future = self.create_future()
        try:
            future.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 - whatever it was, who waits gets it
            future.set_exception(error)
        return future

    def call_soon_threadsafe(  # type: ignore[override]
        self, callback: Callable[..., Any], *args: Any, context: Any = None
    ) -> Any:
        return self.call_soon(callback, *args, context=context)

    def _process_events(self, _events: list[Any]) -> None:
        """Nothing comes in."""

    def _write_to_self(self) -> None:
        """Nobody has to be woken."""
