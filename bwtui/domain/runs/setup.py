"""A setup: its account, its answers, its events."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Final, NamedTuple

from bwtui.domain.answers.answers import PLATFORM_KEY, Answer, Answers, Source
from bwtui.domain.catalog import SAME_SERVICE, STEPS
from bwtui.domain.platform import Platform
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.run import RunState, Status
from bwtui.domain.runs.run_events import Event, Finished, OrderUpdated, Started, Verified
from bwtui.domain.steps import FoundAsSetting
from bwtui.domain.values.base_urls import same_place

BESIDE: Final = (".listener", ".redirected")
"""The endings of names of other files beside a setup's own: no setup is called so."""

SETUP_NAMES: Final = "up to 64 letters, digits and - _ . are right, a letter or digit first"
"""The names that a setup may have, in words."""


class SaveError(Exception):
    """Raised if something could not be written to a file; the text says why and what to do."""


class BusyError(SaveError):
    """Raised if another process is at work with the file, or was meanwhile; the text says which."""


class Setup(NamedTuple):
    """Everything that is saved of one setup."""

    account_id: str
    """The id of its account; empty until the wizard has connected to one."""
    base_url: str
    """The base URL of that account; empty as long as `account_id` is."""
    answers: Mapping[str, Answer] = MappingProxyType({})
    bookmark: Bookmark = Bookmark()
    events: tuple[Event, ...] = ()
    carried: Mapping[str, object] = MappingProxyType({})
    """Answers that only another version of bwtui knows; they are written back just as they were read."""

    @property
    def run(self) -> RunState:
        """The fold of the events: everything that has happened so far."""
        return _folded(self.events)

    @property
    def is_bound(self) -> bool:
        """True if it belongs to its account for good: something may have been made or used there, not only read."""
        return any(isinstance(event, Started | Finished) for event in self.events)

    def after(self, events: Iterable[Event]) -> "Setup":
        """Return the setup after more events, without superseded ones, so that watching an order adds nothing."""
        kept = self.events
        for event in events:
            kept = (*_without_superseded(kept, event), event)
        return self._replace(events=kept)


EMPTY_SETUP: Final = Setup(account_id="", base_url="")
"""A setup of which nothing is known yet."""


def is_setup_name(name: str) -> bool:
    """Return True for a name that a setup, and so its file, may have."""
    allowed = name.isascii() and all(character.isalnum() or character in "-_." for character in name)
    return allowed and len(name) <= 64 and name[:1].isalnum() and not name.endswith(BESIDE)


def why_no_setup_name(name: str) -> str:
    """Return the reason why a setup, and so its file, cannot have a name; empty if it can."""
    if is_setup_name(name):
        return ""
    ending = next((ending for ending in BESIDE if name.endswith(ending)), "")
    if ending and is_setup_name(name.removesuffix(ending)):
        return f"names that end in {ending} are those of other files beside a setup's own"
    return SETUP_NAMES


def belongs_elsewhere(setup: Setup, name: str, account_id: str, base_url: str) -> str:
    """Return the reason why a setup cannot continue with an account; empty if it can.

    A setup that has made nothing yet can continue with any account, so that a mistyped id can be corrected.
    """
    if not setup.is_bound or (setup.account_id == account_id and is_same_service(setup.base_url, base_url)):
        return ""
    return (
        f"The setup {name} belongs to account {setup.account_id} on {setup.base_url}, not to account "
        f"{account_id} on {base_url}. Give another --name to begin a new one."
    )


def begun_on(setup: Setup) -> Platform | None:
    """Return the platform that something was made on; `None` while the setup can still continue on either.

    A platform that was only found out does not bind it before voice is set up: everything else is the same on both
    (bandwidth-api 13.2), and one answer that Bandwidth gave in error must not count for ever. A setting that may or may not
    have been made does not bind it either: it makes nothing that could be forgotten.
    """
    run = setup.run
    for step in STEPS:
        record = run.step(step.key)
        may_be_made = record.pending and not isinstance(step.found_by, FoundAsSetting)
        if step.platform and (record.status is Status.DONE or may_be_made):
            return step.platform
    answer = setup.answers.get(PLATFORM_KEY)
    if not setup.is_bound or answer is None or answer.source is Source.ACCOUNT:
        return None
    platform = Answers(setup.answers).platform
    return platform if platform and platform.is_settled else None


def changed_platform(
    begun: Platform | None, name: str, platform: Platform | None, *, is_ordering: bool = False
) -> str:
    """Return the reason why a setup that was begun on one platform cannot continue on another; empty if it can.

    `is_ordering` is true if what became of one of its orders is not known: another setup would buy besides.
    """
    if begun is None or platform is None or not platform.is_settled or platform is begun:
        return ""
    first = (
        "First wait until its order of phone numbers has ended, or you may buy them twice. "
        if is_ordering
        else ""
    )
    return (
        f"The setup {name} was begun on the {begun.told}, and cannot continue on the {platform.told}. "
        f"{first}Give another --name to begin a new one, which can use what is there."
    )


def is_same_service(one: str, other: str) -> bool:
    """Return True if two base URLs lead to the same accounts."""
    return same_place(one, other) or all(
        any(same_place(url, address) for address in SAME_SERVICE) for url in (one, other)
    )


def _folded(events: Iterable[Event]) -> RunState:
    run = RunState()
    for event in events:
        run = run.apply(event)
    return run


def _without_superseded(events: tuple[Event, ...], latest: Event) -> tuple[Event, ...]:
    """Return the events without the last earlier one that `latest` makes redundant, if there is one."""
    for place in reversed(range(len(events))):
        if _is_about_the_same(events[place], latest):
            without = (*events[:place], *events[place + 1 :])
            return without if _folded((*without, latest)) == _folded((*events, latest)) else events
    return events


def _is_about_the_same(earlier: Event, latest: Event) -> bool:
    match earlier, latest:
        case OrderUpdated(), OrderUpdated():
            return earlier.customer_order_id == latest.customer_order_id
        case Verified(), Verified():
            return True
        case _:
            return False
