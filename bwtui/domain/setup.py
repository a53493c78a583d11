"""A setup as it is kept: whose account it is, what was answered, what has happened."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import NamedTuple

from bwtui.domain.answers import Answer
from bwtui.domain.bookmark import Bookmark
from bwtui.domain.run import Event, Finished, Ordered, RunState, Started, Verified


class Setup(NamedTuple):
    """All that is kept of one setup."""

    account_id: str
    """The account that it is for; empty until the wizard has connected to one."""
    base_url: str
    """Where that account is; empty as long."""
    answers: Mapping[str, Answer] = MappingProxyType({})
    bookmark: Bookmark = Bookmark()
    events: tuple[Event, ...] = ()
    carried: Mapping[str, object] = MappingProxyType({})
    """Answers that only another version of bwtui knows, just as they were read: they are written back so."""

    @property
    def run(self) -> RunState:
        """What has happened so far: the fold of the events."""
        return _folded(self.events)

    @property
    def is_bound(self) -> bool:
        """Whether it belongs to its account for good: something may have been made or used there, not only looked at."""
        return any(isinstance(event, Started | Finished) for event in self.events)

    def after(self, events: Iterable[Event]) -> "Setup":
        """The setup after more events. What a later one supersedes goes, so that watching an order lets nothing grow."""
        kept = self.events
        for event in events:
            kept = (*_without_superseded(kept, event), event)
        return self._replace(events=kept)


def _folded(events: Iterable[Event]) -> RunState:
    run = RunState()
    for event in events:
        run = run.apply(event)
    return run


def _without_superseded(events: tuple[Event, ...], latest: Event) -> tuple[Event, ...]:
    """The events without the last one of which nothing is left once the latest has happened, if there is such a one."""
    for place in reversed(range(len(events))):
        if _is_about_the_same(events[place], latest):
            without = (*events[:place], *events[place + 1 :])
            return without if _folded((*without, latest)) == _folded((*events, latest)) else events
    return events


def _is_about_the_same(earlier: Event, latest: Event) -> bool:
    match earlier, latest:
        case Ordered(), Ordered():
            return earlier.customer_order_id == latest.customer_order_id
        case Verified(), Verified():
            return True
        case _:
            return False
