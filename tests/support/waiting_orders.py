"""An account whose orders wait, and the question before one is placed."""

import time
from collections.abc import Iterator
from typing import Final

import pytest

from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings

ORDER_QUESTION: Final = "[y/N] "


@pytest.fixture
def waiting() -> Iterator[RunningSimulator]:
    """An account whose orders stay RECEIVED, until its clock is put forward."""
    with RunningSimulator(Settings(order_seconds=100_000, token_seconds=10**9)) as running:
        yield running


def finish_orders(simulator: RunningSimulator) -> None:
    """Put the clock forward, so that every order is complete."""
    simulator.account.clock = lambda: time.time() + 200_000
