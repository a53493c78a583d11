"""Waiting for facts: no test sleeps."""

import time
from collections.abc import Callable


def wait_until(fact: Callable[[], bool], seconds: float = 20) -> None:
    """Wait for a fact, and fail where it does not come about in time."""
    deadline = time.monotonic() + seconds
    while not fact():
        assert time.monotonic() < deadline, "it did not come about in time"
        time.sleep(0.01)
