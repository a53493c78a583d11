"""Time and chance, in one place, so that tests can replace them."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The clock, the sleep and the jitter that the client uses; times in seconds."""

    monotonic: Callable[[], float] = time.monotonic
    """For durations; never goes back."""
    wall: Callable[[], float] = time.time
    """Seconds since the epoch, to be compared with a server's `X-RateLimit-Reset`."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random
    """Random, from 0 to 1, so that requests that failed together are not repeated together."""
