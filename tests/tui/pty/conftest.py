"""A setup that was begun, and an account for it that all these tests look at and none of them changes."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bwtui.domain.bookmark import Bookmark
from bwtui.domain.setup import Setup
from bwtui.simulator.server import RunningSimulator
from bwtui.store.state import StateFile
from machine import Machine
from support import guide_answers


@dataclass(kw_only=True)
class Begun(Machine):
    """A machine on which everything is answered as in the guide, callback credentials aside."""

    @property
    def file(self) -> StateFile:
        return StateFile(self.states)

    def at(self, place: str) -> "Begun":
        """Leave a setup behind that opens at a screen."""
        answers = guide_answers(messaging_app__callback_user=None, voice_app__callback_user=None)
        self.file.save(
            Setup(account_id="", base_url="", answers=answers.given, bookmark=Bookmark(place=place))
        )
        return self

    @property
    def setup(self) -> Setup:
        """What is kept, as bwtui itself reads it."""
        setup = self.file.load()
        assert setup
        return setup


@pytest.fixture(scope="module")
def untouched() -> Iterator[RunningSimulator]:
    """An account that is only looked at."""
    with RunningSimulator() as running:
        yield running


@pytest.fixture
def begun(machine: Machine, untouched: RunningSimulator) -> Begun:
    """A setup that was begun, connected to an account that must not be changed."""
    begun = Begun(home=machine.home)
    begun.connect(untouched)
    return begun
