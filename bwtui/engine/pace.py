"""How long the engine waits, and how a wait ends early when the person wants to leave."""

import asyncio
import time
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from typing import Any, TypeVar

from bwtui.domain.run import Stopped

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """Waiting times in seconds, and the wish to stop."""

    settle: float = 10.0
    """A request that was cut off may still take effect this long after it was sent: keep looking until then."""
    look: float = 1.0
    """Between two looks for what a cut-off request may have made."""
    first_poll: float = 0.25
    """Most orders are final in under a second."""
    longest_poll: float = 10.0
    located: float = 30.0
    """A number that was ordered may take this long to show on its location."""
    clock: Callable[[], float] = time.time
    """Since the epoch, for what is written down."""
    monotonic: Callable[[], float] = time.monotonic
    """For waits: nobody sets it."""
    stop: asyncio.Event = field(default_factory=asyncio.Event)

    def settled(self, sent_at: float) -> Callable[[], bool]:
        """Ask for whether what was sent then has settled: from now on never longer than `settle`, whoever sets the clock."""
        end = self.monotonic() + min(self.settle, sent_at + self.settle - self.clock())
        return lambda: self.monotonic() >= end

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
        """What looking brings; it changes nothing, so that it is broken off when the person wants to leave.

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
