"""Findings: what a look at the account found of a setup, and how it differs from what is wanted."""

from collections.abc import Callable, Container, Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import NamedTuple

from bwtui.domain.comparison import STREET, as_stored, is_same_street, is_same_value
from bwtui.domain.documents import Element, leaves
from bwtui.domain.fields import Text
from bwtui.domain.run import Order, Problem
from bwtui.domain.secret import Secret
from bwtui.domain.steps import Step

Leaves = Mapping[str, tuple[str, ...]]
"""The texts of an object as the API shows it, by case-folded path below its root: `address/city`."""


class How(StrEnum):
    """By what right something that was found is taken for this step's object."""

    OURS = "ours"
    """The state holds its id."""
    RECOVERED = "recovered"
    """It appeared after this run had started to create it."""
    USED = "used"
    """The person said: use it."""
    SAME_NAME = "same name"
    """By none: it merely has the name."""


class Absent(NamedTuple):
    """Nothing is there."""

    alone: bool = True
    """Whether nothing else of its sort is there either: a new location is then the first of its site."""


class Found(NamedTuple):
    """One object (or setting, then without an id) is there."""

    leaves: Leaves
    how: How
    id: str = ""
    unsent: tuple[str, ...] = ()
    """The secrets that were given and that it was not sent, by full name: nobody can read which it has."""


class Gone(NamedTuple):
    """The id is known, and the API knows it no more, or not yet."""

    id: str
    of: str = ""
    """The step that the id belongs to, where it is not this one's own: what it would be part of is not there."""
    is_new: bool = False
    """Whether it was made a moment ago: what is not visible yet was not removed by somebody."""


class Several(NamedTuple):
    """More than one could be meant."""

    ids: tuple[str, ...]


class Numbers(NamedTuple):
    """The orders of this run as the API knows them, and the numbers on the location."""

    orders: tuple[Order, ...] = ()
    located: tuple[str, ...] | None = ()
    """`None` where they cannot be read."""
    refused: Problem | None = None
    """Why they cannot be read."""


Finding = Absent | Found | Gone | Several | Numbers


class Survey(NamedTuple):
    """All that a look at the account has brought."""

    findings: Mapping[str, Finding]
    """By step key."""
    candidates: tuple[str, ...] = ()
    """Numbers that a search has found, best first, ten digits each: wanted ones and spare ones."""
    lacking: Mapping[str, str] = MappingProxyType({})
    """The feature that the account seems to lack, by the key of the step that needs it."""


class Difference(NamedTuple):
    """One element that is not as it should be."""

    path: str
    wanted: str
    found: str
    """Empty: not shown."""

    def __str__(self) -> str:
        unknown = self.wanted.startswith("{")  # the id of what is still to be made
        wanted = "the new one" if unknown else f"“{self.wanted}”"
        return f"{self.path} is {f'“{self.found}”' if self.found else 'missing'}, should be {wanted}"


def differences(step: Step, desired: Element, shown: Leaves) -> tuple[Difference, ...]:
    """Every element that was asked for and that the API does not show so. Secrets are never shown, so not compared."""
    return differences_of_values(step, dict(leaves(desired)), shown)


def differences_of_values(
    step: Step, desired: Mapping[str, str | Secret], shown: Leaves
) -> tuple[Difference, ...]:
    """The same for values by their paths, as an earlier attempt had sent them."""
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


def spellings(desired: Element, shown: Leaves, besides: Container[str] = ()) -> str:
    """Say which values the API keeps in a usual way of its own, beyond their case; empty for none.

    `besides` are those that are told otherwise, by wire name.
    """
    told = (
        f"{path} as “{found}”"
        for path, value in leaves(desired)
        if (path.startswith("Address/") or path.endswith("Url")) and isinstance(value, str)
        if (found := _first(shown, path)) and as_stored(found) != as_stored(value)
        if path != "Address/Country" and path not in besides
    )
    listed = ", ".join(told)
    return f"Bandwidth writes {listed}" if listed else ""


def _first(shown: Leaves, path: str) -> str:
    return next(iter(shown.get(path.casefold(), ())), "")


def _street(value: Callable[[str], str | Secret | None]) -> str:
    return " ".join(str(part) for path in STREET if (part := value(path)))
