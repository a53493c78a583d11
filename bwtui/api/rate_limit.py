"""The pace of the requests of a list of setups: one after the other, evenly, and no faster than the account's rate limit.

A single setup has none: `retry` waits where one of its requests is refused.

No limit is published (bandwidth-api 1.7), so the pace is found out. The first refusals (429) show how many requests the
account takes in how many seconds; from then on requests are sent evenly, a little slower than that. Each second without a
refusal they are sent a little faster, since the limit is shared with other programs, which come and go.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from math import inf
from typing import Final

from bwtui.api.clock import Clock
from bwtui.api.connections import AT_ONCE
from bwtui.api.retry import delay

STEP: Final = 0.07
"""Requests a second by which they are sent faster after the first second without a refusal."""
NEXT_STEP: Final = 1.2
"""The factor by which each further step grows: another program may have ended, and left its share of the limit."""
UNSURE: Final = 0.02
"""The share of a pace by which they are sent faster at first, where it was only measured."""
LONGEST_BETWEEN: Final = 3.0
"""The most seconds between two steps, after a refusal that held them up for a second: what costs more is risked less often."""
PROVEN: Final = 4.0
"""Seconds without a refusal after which a pace is known to be no chance."""
KEPT: Final = 0.97
"""The share of a pace that is kept after a refusal.

All processes add the same and lose a share of what they have, so that those that share an account come to send alike
(additive increase, multiplicative decrease: RFC 5681)."""
USUAL_PAUSE: Final = 1.0
"""Seconds to pause after a refusal that does not say for how long."""
SECOND_PAUSE: Final = 0.5
"""The least seconds of a pause when nothing was granted since the last one; each further one is twice as long."""
LONGEST_PAUSE: Final = 120.0
"""The longest that a refusal holds up the others. One for longer has failed its request, and the others find out for themselves."""


class RateLimit:
    """Gives requests their turns. A refusal of one holds up all.

    Times are those of `clock.monotonic`.
    """

    def __init__(
        self,
        *,
        per_second: float = inf,
        on_pause: Callable[[float], None] | None = None,
        clock: Clock = Clock(),  # noqa: B008 - frozen
    ) -> None:
        """`per_second` is the most requests in a second; `on_pause` is told the seconds of each pause, once for all."""
        self._most = per_second
        self._on_pause = on_pause
        self._clock = clock
        self.per_second = per_second
        """The pace of now."""
        self._is_proven = False
        """True once a pace was held without a refusal for a while."""
        self._step = STEP
        self._between = 1.0
        """Seconds between two steps."""
        self._next_step = inf
        self._next = -inf
        """The time of the next turn."""
        self._paused_until = -inf
        self._paused_at = -inf
        self._is_paused = False
        self._pauses = 0
        """The pauses since a request was last granted."""
        self._is_misled = False
        """True once a pause was in vain: from then on a refusal that says "now" counts as one that does not say when."""
        self._counted_from = inf
        self._granted = 0
        """The requests that were answered otherwise than by a refusal, since `_counted_from`."""
        self._line = asyncio.Lock()
        self._reads = asyncio.Lock()
        self._room = asyncio.Semaphore(AT_ONCE)

    async def enter(self, *, is_write: bool) -> float:
        """Wait for a turn and return its time; `leave` has to be called after the request.

        Writes go first: their intent is on disk, and what is read for them should still be true.
        """
        if is_write:
            return await self._turn()
        async with self._reads:  # so that at most one read stands in line before a write
            return await self._turn()

    async def _turn(self) -> float:
        async with self._line:
            await self._room.acquire()
            try:
                while (left := max(self._next, self._paused_until) - self._clock.monotonic()) > 0:
                    await self._clock.sleep(left)
            except BaseException:
                self._room.release()
                raise
            now = self._clock.monotonic()
            self._adapt(now)
            interval = 1 / self.per_second
            # A turn that came late, as wake-ups do, does not delay those after it.
            self._next = interval + (self._next if now - self._next < interval else now)
            return now

    @asynccontextmanager
    async def aside(self) -> AsyncIterator[None]:
        """Give up the place of a turn, not the turn, for what comes before its request and may send others.

        Otherwise those that have every place could each wait for one more.
        """
        self._room.release()
        try:
            yield
        finally:
            await self._room.acquire()

    def leave(self, *, is_answered: bool) -> None:
        """End a turn; `is_answered` if there was an answer, and not a refusal."""
        self._room.release()
        self._granted += is_answered
        if is_answered:
            self._pauses = 0

    def refuse(self, at: float, wait: float | None) -> None:
        """Hold up all requests: that of the turn `at` was refused, for `wait` seconds if that was said."""
        is_news = at >= self._counted_from and not self._is_paused  # not sent before the others were held up
        if is_news:
            self._pauses += 1
            self._is_misled |= self._pauses > 1
        least = delay(self._pauses - 1, SECOND_PAUSE) if self._pauses > 1 else 0
        pause = max(self._seconds_told(wait), min(least, LONGEST_PAUSE))
        self._paused_until = max(self._paused_until, self._clock.monotonic() + pause)
        if not is_news:
            return
        self._is_paused, self._paused_at = True, self._clock.monotonic()
        if self._on_pause:
            self._on_pause(pause)

    def _seconds_told(self, wait: float | None) -> float:
        """Return the seconds that a refusal tells to wait, the usual ones where it does not tell."""
        if wait is None or wait > LONGEST_PAUSE or (wait == 0 and self._is_misled):
            return USUAL_PAUSE
        return wait

    def _adapt(self, now: float) -> None:
        """Set the pace: after a pause a little slower than before it, after a while without one a little faster."""
        if self._counted_from == inf:
            self._count_from(now)
        elif self._is_paused:
            if self._granted:  # otherwise only the pause was too short
                self._slow_down(self._granted / (self._paused_until - self._counted_from))
            self._is_paused = False
            self._between = min(
                LONGEST_BETWEEN, max(1.0, LONGEST_BETWEEN * (self._paused_until - self._paused_at))
            )
            self._count_from(now)
        elif self.per_second < self._most and now >= self._next_step:
            self._is_proven |= now - self._counted_from >= PROVEN
            self.per_second = min(self._most, self.per_second + self._step)
            self._step *= NEXT_STEP
            self._next_step = now + self._between

    def _count_from(self, now: float) -> None:
        self._counted_from, self._granted = now, 0
        self._next_step = now + self._between

    def _slow_down(self, measured: float) -> None:
        """Keep most of the pace; until one was held for a while, take what was measured."""
        if self._is_proven:
            self.per_second, self._step = KEPT * self.per_second, STEP
        else:
            self.per_second = min(self.per_second, KEPT * measured)
            self._step = UNSURE * self.per_second
