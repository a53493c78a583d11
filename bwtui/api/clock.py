"""Time and chance, in one place, so that tests need neither."""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The clock, the waiting and the chance that the client uses; all in seconds."""

    monotonic: Callable[[], float] = time.monotonic
    """For durations: never goes back."""
    wall: Callable[[], float] = time.time
    """Since the epoch: what a server's `X-RateLimit-Reset` is compared with."""
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    jitter: Callable[[], float] = random.random
    """From 0 to 1: keeps requests that failed together from coming back together."""
