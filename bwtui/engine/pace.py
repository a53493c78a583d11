"""How long the engine waits, and how a wait ends early when the person wants to leave."""

import asyncio
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from bwtui.domain.run import Stopped


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
    stop: asyncio.Event = field(default_factory=asyncio.Event)

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

    def polls(self) -> Iterator[float]:
        """The waits between looks at an order: growing, and without end, since an order has no time limit."""
        wait = self.first_poll
        while True:
            yield wait
            wait = min(wait * 1.6, self.longest_poll)
