"""Findings: the objects of a setup that a survey found on the account, and how they differ from the wanted ones."""

from collections.abc import Callable, Container, Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple

from bwtui.domain.fields import Flag, Text
from bwtui.domain.runs.problem import Problem
from bwtui.domain.runs.run import Order
from bwtui.domain.steps import Step
from bwtui.domain.values.comparison import STREET, as_stored, is_same_street, is_same_value
from bwtui.domain.values.documents import Element, NotYetKnown, leaves
from bwtui.domain.values.secret import Secret
from bwtui.domain.values.yes_or_no import yes_or_no

Leaves = Mapping[str, tuple[str, ...]]
"""The texts of an object as the API shows it, by case-folded path below its root: `address/city`."""


class How(StrEnum):
    """The reasons for which a found object is taken for this step's object."""

    OURS = "ours"
    """The state file holds its id."""
    RECOVERED = "recovered"
    """It appeared after this run had started to create it."""
    USED = "used"
    """The answers say to use it."""
    SAME_NAME = "same name"
    """No reason: it merely has the same name."""


class Absent(NamedTuple):
    """Nothing is there."""

    alone: bool = True
    """True if nothing else of its kind is there either; a new location is then the first of its site."""


class Found(NamedTuple):
    """One object is there, or one setting, which has no id."""

    leaves: Leaves
    how: How
    id: str = ""
    unsent: tuple[str, ...] = ()
    """The full names of given secrets that were not sent to this object; the API never shows which it has."""
    twins: tuple[str, ...] = ()
    """The ids of other objects of the same name: a gateway may deliver a request twice, and two are made."""


class Gone(NamedTuple):
    """The id is known here, but the API does not know it any more, or not yet."""

    id: str
    of: str = ""
    """The title of the step that the id belongs to, if not this one: the object that contains this one is missing."""
    is_new: bool = False
    """True if it was made a moment ago: it may not be visible yet, and nobody need have removed it."""


class Several(NamedTuple):
    """More than one could be meant."""

    ids: tuple[str, ...]


class Numbers(NamedTuple):
    """The orders of this run as the API knows them, and the numbers on the location."""

    orders: tuple[Order, ...] = ()
    located: tuple[str, ...] | None = ()
    """The numbers on the location, ten digits each, without those in `ageing`; `None` if they cannot be read."""
    refused: Problem | None = None
    """The reason why `located` cannot be read."""
    ageing: tuple[str, ...] = ()
    """The numbers on the location that are being released: its list shows them for a while (bandwidth-api 7.8)."""
    unread: Problem | None = None
    """The reason why `ageing` cannot be read."""
    fresh: frozenset[str] = frozenset()
    """The numbers whose order was sent so recently that they may not be on the location yet."""


class Service(NamedTuple):
    """One service of a number, as the checker shows it."""

    status: str = ""
    """`IN_SERVICE`, `READY_TO_ACTIVATE`, or another word; empty if it is not shown."""
    reasons: tuple[str, ...] = ()
    """The codes and texts that come with another status. Text from outside: never markup."""


_PACKAGE_ID: Final = "voiceconfigurationpackageid"


class OnNumbers(NamedTuple):
    """The voice package and the services of a setup's numbers, number by number."""

    numbers: tuple[str, ...]
    """The setup's numbers, ten digits each."""
    package_id: str = ""
    """The setup's own package; empty if it does not exist yet."""
    rows: Mapping[str, Mapping[str, str]] = MappingProxyType({})
    """The row of each number in the list of voice numbers, by case-folded member; none if it is not listed.

    A member that is null is there, with an empty value."""
    services: Mapping[str, Mapping[str, Service]] = MappingProxyType({})
    """The services of each number, by name: `voice`."""
    are_kept: bool = False
    """True if the setup did not order the numbers: they were on the location and are used as they are."""

    def package_of(self, number: str) -> str:
        """Return the id of the package that a number is in, in lower case; empty if it is in none.

        The member's name is not certain (bandwidth-api 13.10, 19): in a row without it, any that has our package's
        id counts.
        """
        ours, row = self.package_id.lower(), self.rows.get(number, {})
        if _PACKAGE_ID in row or not ours:
            return row.get(_PACKAGE_ID, "").lower()
        return ours if ours in map(str.lower, row.values()) else ""

    def shown(self, number: str, member: str) -> str:
        """Return the value of a member of a number's row; empty if it is not shown."""
        return self.rows.get(number, {}).get(member.casefold(), "")

    def service(self, number: str, name: str) -> Service:
        """Return a service of a number."""
        return self.services.get(number, {}).get(name, Service())


class OnCampaign(NamedTuple):
    """A 10DLC campaign, and which of a setup's local numbers are on which."""

    numbers: tuple[str, ...]
    """The setup's local numbers, ten digits each; none while none is known."""
    campaign_id: str
    status: str = ""
    """`REGISTERED`, or another word; empty if the account has no such campaign."""
    rows: Mapping[str, tuple[str, str]] = MappingProxyType({})
    """The status of each number and the campaign that it is on; none for a number that never was on one."""
    orders: tuple[Order, ...] = ()
    """This setup's orders as the API knows them."""
    are_kept: bool = False
    """True if the setup did not order the numbers: they were on the location and are used as they are."""

    def campaign_of(self, number: str) -> str:
        """Return the id of the campaign that a number is on; empty if it is on none."""
        return self.rows.get(number, ("", ""))[1]

    def is_on_it(self, number: str) -> bool:
        """Return True if a number is on the campaign: SUCCESS alone says nothing, since it may be there without one."""
        return self.rows.get(number) == ("SUCCESS", self.campaign_id)


class Unreadable(NamedTuple):
    """The credentials may not read it; the other steps can be done all the same."""

    problem: Problem

    @property
    def text(self) -> str:
        """The reason."""
        return self.problem.text


class NotOnPlatform(NamedTuple):
    """The account shows that it is not on the answered platform, which alone has the step."""

    text: str
    """The reason to think so, and the likely consequence."""


Finding = Absent | Found | Gone | Several | Numbers | OnNumbers | OnCampaign | Unreadable | NotOnPlatform


class Survey(NamedTuple):
    """Everything that one look at the account has found."""

    findings: Mapping[str, Finding]
    """The finding for each wanted step, by its key."""
    candidates: tuple[str, ...] = ()
    """Numbers that a search has found, best first, ten digits each, some of them spare."""
    lacking: Mapping[str, str] = MappingProxyType({})
    """The feature that the account seems to lack, by the key of the step that needs it."""


class Difference(NamedTuple):
    """One element whose value is not the wanted one."""

    path: str
    wanted: str
    found: str
    """The value on the account; empty if the API does not show it."""


def differences(step: Step, desired: Element, shown: Leaves) -> tuple[Difference, ...]:
    """Return every wanted element that the API shows otherwise or not at all, except secrets, which it never shows."""
    return differences_of_values(step, dict(leaves(desired)), shown)


def differences_of_values(
    step: Step, desired: Mapping[str, str | Secret], shown: Leaves
) -> tuple[Difference, ...]:
    """The same as `differences`, for values by path, such as an earlier attempt sent."""
    aliases = {part.wire: part.echoed_as for part in step.body if isinstance(part, Text) and part.echoed_as}
    found = []
    same_street = is_same_street(_street(desired.get), _street(lambda path: _first(shown, path)))
    for path, value in desired.items():
        if isinstance(value, Secret) or not value or (same_street and path in STREET):
            continue
        values = next(
            (
                values
                for alias in aliases.get(path, (path,))
                if any(values := shown.get(alias.casefold(), ()))
            ),
            (),
        )
        if not any(is_same_value(path, value, other) for other in values):
            found.append(Difference(path, value, ", ".join(values)))
    return tuple(found)


def differences_told(step: Step, found: Iterable[Difference]) -> str:
    """Return the differences in words: `State is “SC”, should be “NC”; …`."""
    return "; ".join(
        f"{step.label_of(each.path)} is {_quoted(step, each.path, each.found) or 'missing'}, "
        f"should be {_quoted(step, each.path, each.wanted)}"
        for each in found
    )


def _quoted(step: Step, path: str, value: str) -> str:
    if isinstance(value, NotYetKnown):
        return "the new one"
    is_flag = any(isinstance(part, Flag) and part.wire == path for part in step.body)
    shown = yes_or_no(value) if is_flag else value
    return f"“{shown}”" if shown else ""


def spellings(step: Step, desired: Element, shown: Leaves, besides: Container[str] = ()) -> str:
    """Return a sentence on the values that the API spells in its own usual way, apart from case; empty for none.

    `besides` has the wire names of values that are reported elsewhere.
    """
    values = (
        f"{step.label_of(path)} as “{found}”"
        for path, value in leaves(desired)
        if (path.startswith("Address/") or path.endswith("Url")) and isinstance(value, str)
        if (found := _first(shown, path)) and as_stored(found) != as_stored(value)
        if path != "Address/Country" and path not in besides
    )
    listed = ", ".join(values)
    return f"Bandwidth writes {listed}" if listed else ""


def _first(shown: Leaves, path: str) -> str:
    return next(iter(shown.get(path.casefold(), ())), "")


def _street(value: Callable[[str], str | Secret | None]) -> str:
    return " ".join(str(part) for path in STREET if (part := value(path)))
