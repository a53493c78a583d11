"""How long the engine waits, and how a wait ends early when the person wants to leave."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from bwtui.domain.run import Stopped

_T = TypeVar("_T")


class Attempt(Protocol):
    """The last attempt of a request, as it was written down; times in seconds since the epoch."""

    @property
    def started_at(self) -> float:
        """When it was sent."""

    @property
    def ended_at(self) -> float:
        """When it had ended without an answer; 0 where that is not known."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Waiting times in seconds, and the wish to stop."""

    settle: float = 75.0
    """A request that was cut off may still take effect, and show, this long after its last attempt has ended.

    Longer than the client's own time-out, since a gateway that gave up tells nothing of what goes on behind it."""
    attempt: float = 40.0
    """How long an attempt lasts at most, connecting included; for one whose end was not written down."""
    visible: float = 45.0
    """Something just made or changed may take this long to be read so."""
    look: float = 1.0
    """Between two looks for what is not there yet."""
    first_poll: float = 0.25
    """Most orders are final in under a second."""
    longest_poll: float = 10.0
    located: float = 45.0
    """A number that was ordered may take this long to show on its location."""
    clock: Callable[[], float] = time.time
    """Since the epoch, for what is written down."""
    monotonic: Callable[[], float] = time.monotonic
    """For waits: nobody sets it."""
    on_wait: Callable[[str, float, str], None] | None = None
    """Told of each wait: the step's operation, its seconds at most, and its reason."""
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    def over(self, at: float, seconds: float) -> Callable[[], bool]:
        """Ask for whether so many seconds have passed since then: never more from now on, whoever sets the clock."""
        end = self.monotonic() + self.left(at, seconds)
        return lambda: self.monotonic() >= end

    def left(self, at: float, seconds: float) -> float:
        """The rest of so many seconds since a time that was written down, at most all of them."""
        return min(seconds, at + seconds - self.clock())

    def settling(self, attempt: Attempt) -> tuple[float, float]:
        """Since when, and for how many seconds, the last attempt can have an effect that does not show yet."""
        if attempt.ended_at:
            return attempt.ended_at, self.settle
        return attempt.started_at, self.attempt + self.settle

    def tell(self, operation: str, seconds: float, reason: str) -> None:
        """Say why there is a wait; one that nobody would notice is not worth it."""
        if self.on_wait and seconds >= 1 and not self.stop.is_set():
            self.on_wait(operation, seconds, reason)

    def check(self) -> None:
        """Raise `Stopped` if the person wants to leave."""
        if self.stop.is_set():
            raise Stopped

    async def sleep(self, seconds: float) -> None:
        """Wait, but not longer than until the person wants to leave; then raise `Stopped`."""
        try:
            await asyncio.wait_for(self.stop.wait(), seconds)
        except TimeoutError:
            return
        raise Stopped

    async def look_until_stopped(self, looking: Coroutine[Any, Any, _T]) -> _T:
        """Run a look-up; it changes nothing, so that it is broken off when the person wants to leave.

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

    def polls(self) -> Iterator[float]:
        """The waits between looks at an order: growing, and without end, since an order has no time limit."""
        wait = self.first_poll
        while True:
            yield wait
            wait = min(wait * 1.6, self.longest_poll)
