"""The settings of a simulated account, fixed when it starts."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field
from typing import Literal

from bwtui.simulator.fault_script import Fault
from bwtui.simulator.switches import Switches

Platform = Literal["legacy", "universal", "build"]
"""The kinds of account: legacy, on the Universal Platform, or a Build trial (universal-platform 1)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """One account, its credentials, and the choices that the references leave open."""

    account_id: str = "9900000"
    platform: Platform = "legacy"
    switches: Switches = field(default_factory=Switches)
    client_id: str = "demo"
    client_secret: str = field(default="demo-secret", repr=False)
    username: str = "demo"
    password: str = field(default="demo-secret", repr=False)
    token_seconds: int = 3600
    """Seconds for which an access token is valid."""

    guarded: bool = False
    """True if nothing at all is answered without credentials: for a simulator that others can reach."""
    latency_ms: int = 0
    """Milliseconds that every API request takes at least, half of them before its effect, half after it."""
    faults: tuple[Fault, ...] = ()
    seed: int = 1
    """The seed for ids and for the numbers that can be bought; the same seed gives the same account."""
    order_seconds: float = 0.3
    """Seconds from RECEIVED to an order's final status ("most finish in under a second", bandwidth-api 7.5)."""

    strict_names: bool = False
    """True if site names have at most 10 characters, as in the guide, not 50 as in error 12529 (bandwidth-api 10.1)."""
    unique_names: bool = True
    """True if duplicate names of sites and messaging applications are refused (bandwidth-api 2.5, 5.1)."""
    location_body: bool = True
    """True if the reply for a new location has a body; the guide shows only a Location header (bandwidth-api 10.7)."""
    voice_link_status: int = 200
    """The status of the reply to POST origination settings: 200 in the guide, 201 in OpenAPI (bandwidth-api 10.6)."""

    bare_links: bool = True
    """True if an empty list of orders is 404 with a bare `<Links/>`, as in the OpenAPI file, not in a wrapper."""

    missing_products: AbstractSet[str] = frozenset()
    """Products or features that the account lacks, such as MESSAGING, SMS, HTTP, OrigHttpVoice, ORDERING."""
    foreign_accounts: AbstractSet[str] = frozenset()
    """Accounts that exist but that these credentials do not cover: 403. Any other account id is 404."""
    has_roles: bool = True
    """False if the user may only read a few lists and is refused everywhere else (bandwidth-api 1.2)."""
    geocoding: bool = True
    """False if geocodeRequest answers 403 (bandwidth-api 2.4)."""
    callbacks_anywhere: bool = False
    """True if callbacks go to any URL, not only on loopback: a demo must not call strangers."""
    tunnel: str | None = None
    """A base URL to which callbacks for any host are brought, path and query kept, as a tunnel would."""

    def lacks(self, name: str) -> bool:
        """Return True if a product or feature is missing, without regard to case."""
        return name.casefold() in {missing.casefold() for missing in self.missing_products}
