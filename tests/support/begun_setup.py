"""A setup that was begun, in a runner of its own."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Self

import pytest

from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.setup import Setup
from bwtui.simulator.server import RunningSimulator
from bwtui.store.state import StateFile
from support.cli_runner import CliRunner
from support.guide import guide_answers

HINT: Final = "To continue where you left off: bwtui"
"""The wizard's last line."""
DEMO_OVER: Final = "The demo is over, and nothing of it is kept. To set up your own account: bwtui"
"""The demo's last line."""


@dataclass(kw_only=True)
class Begun(CliRunner):
    """A runner whose saved setup has the guide's answers, without callback credentials."""

    @property
    def file(self) -> StateFile:
        return StateFile(self.states)

    def at(self, place: str) -> Self:
        """Leave a setup behind that opens at a screen."""
        answers = guide_answers(messaging_app__callback_user=None, voice_app__callback_user=None)
        self.file.save(
            Setup(account_id="", base_url="", answers=answers.given, bookmark=Bookmark(place=place))
        )
        return self

    @property
    def setup(self) -> Setup:
        """The saved setup, as bwtui itself reads it."""
        setup = self.file.load()
        assert setup
        return setup


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
