"""A setup that was begun, in a runner of its own."""

from dataclasses import dataclass
from typing import Final, Self

from bwtui.domain.bookmark import Bookmark
from bwtui.domain.setup import Setup
from bwtui.store.state import StateFile
from support.cli_runner import CliRunner
from support.guide import guide_answers

HINT: Final = "To continue where you left off: bwtui"
"""What the wizard says on the way out."""


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
        """What is kept, as bwtui itself reads it."""
        setup = self.file.load()
        assert setup
        return setup
