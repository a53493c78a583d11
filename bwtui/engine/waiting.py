"""The engine's waiting times, and waits that end early when the person wants to leave."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from bwtui.domain.runs.problem import Kind, Problem, Stopped

_T = TypeVar("_T")


class TimedAttempt(Protocol):
    """The last attempt of a request, as it was written down; times in seconds since the epoch."""

    @property
    def started_at(self) -> float:
        """The time at which it was sent."""

    @property
    def ended_at(self) -> float:
        """The time at which it ended without an answer; 0 if that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Waiting times in seconds, and the wish to stop."""

    settle: float = 75.0
    """A request that was cut off may still take effect, and show, this long after its last attempt ended.

    Longer than the client's own time-out, since the server may go on working after a gateway gave up."""
    attempt: float = 40.0
    """The longest that an attempt lasts, connecting included; for one whose end was not written down."""
    visible: float = 45.0
    """Something just made or changed may take this long to show."""
    refusal: float = 10.0
    """A request that was refused may take this long to show that it had its effect all the same."""
    look: float = 1.0
    """The pause between two look-ups of something that is not there yet."""
    first_poll: float = 0.25
    """The first pause between reads of an order: most orders are final in under a second."""
    longest_poll: float = 10.0
    located: float = 45.0
    """A number that was ordered may take this long to show on its location."""
    restored: float = 600.0
    """A number that was just ordered may show this long as what it was before: released by somebody."""
    provisioned: float = 300.0
    """A number that was just ordered may take this long until it can be used, and its services until they are active.

    The official client waits 90 seconds (bandwidth-api 13.3)."""
    joined: float = 900.0
    """The longest that one run waits for numbers to join a campaign; a later run goes on waiting (bandwidth-api 13.7)."""
    longest_join_poll: float = 60.0
    clock: Callable[[], float] = time.time
    """Seconds since the epoch, for times that are written down."""
    monotonic: Callable[[], float] = time.monotonic
    """Seconds for measuring waits: unlike `clock`, it cannot be set."""
    on_wait: Callable[[str, float, str], None] | None = None
    """Called for each wait with the step's operation, the most seconds that it takes, and the reason."""
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    def refused(self, problem: Problem | None) -> float:
        """Return the longest time that a refused request's effect is looked for before the request is sent again.

        That is `refusal`: a refusal almost always means that nothing happened, and the person has just corrected what it
        names. Where there were too many requests, nobody corrects anything, and a copy may have come through: then `visible`.
        """
        is_limit = problem is not None and problem.kind is Kind.RATE_LIMITED
        return self.visible if is_limit else min(self.visible, self.refusal)

    def over(self, at: float, seconds: float) -> Callable[[], bool]:
        """Give a function that is true once `seconds` have passed since `at`.

        It waits at most `seconds` from now, even if the clock is set.
        """
        end = self.monotonic() + self.left(at, seconds)
        return lambda: self.monotonic() >= end

    def left(self, at: float, seconds: float) -> float:
        """Return how many of the `seconds` since `at` are left: at most all of them, negative once they are over."""
        return min(seconds, at + seconds - self.clock())

    def settling(self, attempt: TimedAttempt) -> tuple[float, float]:
        """Return the time from which, and the seconds for which, the last attempt may still take effect unseen."""
        if attempt.ended_at:
            return attempt.ended_at, self.settle
        return attempt.started_at, self.attempt + self.settle

    def tell(self, operation: str, seconds: float, reason: str) -> None:
        """Report a wait and its reason, unless it is shorter than a second."""
        if self.on_wait and seconds >= 1 and not self.stop.is_set():
            self.on_wait(operation, seconds, reason)

    def once(self) -> Callable[[str, float, str], None]:
        """Return `tell` for a wait that looks again and again: it reports the first time alone."""
        is_told = False

        def tell(operation: str, seconds: float, reason: str) -> None:
            nonlocal is_told
            if not is_told:
                is_told = True
                self.tell(operation, seconds, reason)

        return tell

    def check(self) -> None:
        """Raise `Stopped` if the person wants to leave."""
        if self.stop.is_set():
            raise Stopped

    async def sleep(self, seconds: float) -> None:
        """Wait `seconds`; raise `Stopped` as soon as the person wants to leave."""
        try:
            await asyncio.wait_for(self.stop.wait(), seconds)
        except TimeoutError:
            return
        raise Stopped

    async def look_until_stopped(self, looking: Coroutine[Any, Any, _T]) -> _T:
        """Run a look-up, and cancel it when the person wants to leave: it changes nothing.

        Raises:
            Stopped: the person wants to leave.
        """
        look = asyncio.create_task(looking)
        leave = asyncio.create_task(self.stop.wait())
        try:
            await asyncio.wait((look, leave), return_when=asyncio.FIRST_COMPLETED)
            self.check()
            return look.result()
        finally:
            look.cancel()
            leave.cancel()
            await asyncio.gather(look, leave, return_exceptions=True)

    def polls(self, longest: float | None = None) -> Iterator[float]:
        """Yield the seconds between two looks: growing, without end, since an order has no time limit."""
        wait = self.first_poll
        while True:
            yield wait
            wait = min(wait * 1.6, longest or self.longest_poll)
