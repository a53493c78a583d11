"""What the tests of the real program share."""

from collections.abc import Iterator

import pytest

from bwtui.simulator.server import RunningSimulator
from support.begun_setup import Begun
from support.cli_runner import CliRunner


@pytest.fixture(scope="module")
def untouched() -> Iterator[RunningSimulator]:
    """An account that is only looked at."""
    with RunningSimulator() as running:
        yield running


@pytest.fixture
def begun(runner: CliRunner, untouched: RunningSimulator) -> Begun:
    """A setup that was begun, connected to an account that must not be changed."""
    begun = Begun(home=runner.home)
    begun.connect(untouched)
    return begun
