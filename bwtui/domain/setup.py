"""A setup as it is kept: whose account it is, what was answered, what has happened."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from bwtui.domain.answers import Answer
from bwtui.domain.bookmark import Bookmark
from bwtui.domain.run import Event, RunState


class Setup(NamedTuple):
    """All that is kept of one setup."""

    account_id: str
    """The account that it is for; empty until the wizard has connected to one."""
    base_url: str
    """Where that account is; empty as long."""
    answers: Mapping[str, Answer] = MappingProxyType({})
    bookmark: Bookmark = Bookmark()
    events: tuple[Event, ...] = ()

    @property
    def run(self) -> RunState:
        """What has happened so far: the fold of the events."""
        run = RunState()
        for event in self.events:
            run = run.apply(event)
        return run
