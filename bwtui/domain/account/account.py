"""An account as read before the questions: its company, its missing features, its existing objects."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from bwtui.domain.account.findings import Leaves
from bwtui.domain.platform import FoundPlatform


class Candidate(NamedTuple):
    """An object that is on the account already and could be used for a step. Its texts come from outside."""

    id: str
    name: str
    leaves: Leaves = MappingProxyType({})
    """Its settings as the API shows them."""


class Account(NamedTuple):
    """One account as its credentials see it. Its texts come from outside: never markup."""

    company: str = ""
    address: Mapping[str, str] = MappingProxyType({})
    """The account's own address, by wire name as a sub-account has it: `Address/City`."""
    reachable: tuple[str, ...] = ()
    """The account ids that an OAuth2 token names; empty with Basic and for a credential of the whole system."""
    roles: tuple[str, ...] = ()
    """The roles that an OAuth2 token names, as it spells them; empty with Basic."""
    lacking: Mapping[str, str] = MappingProxyType({})
    """The feature that the account seems to lack, by the key of the step that needs it."""
    candidates: Mapping[str, tuple[Candidate, ...]] = MappingProxyType({})
    """The existing objects that belong to the account itself, by the key of the step that could use them."""
    only_location: Candidate | None = None
    """The only location of the only sub-account, as a fresh account has them; `None` if there are others, or none."""
    platform: FoundPlatform | None = None
    """The platform of the account; `None` in an account that nobody has read."""


class AvailableNumber(NamedTuple):
    """A number that a search has found. It is not reserved: somebody else may be faster."""

    number: str
    """Ten digits."""
    city: str = ""
    rate_center: str = ""
    state: str = ""
