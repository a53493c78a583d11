"""What can be set about a simulated account before it starts."""

from collections.abc import Set as AbstractSet
from dataclasses import dataclass, field

from bwtui.simulator.fault_script import Fault


@dataclass(frozen=True, kw_only=True, slots=True)
class Settings:
    """One account, its credentials, and the choices that the references leave open."""

    account_id: str = "9900000"
    client_id: str = "demo"
    client_secret: str = field(default="demo-secret", repr=False)
    username: str = "demo"
    password: str = field(default="demo-secret", repr=False)
    token_seconds: int = 3600
    """How long an access token is good for."""

    guarded: bool = False
    """Whether nothing at all is answered without credentials: for a simulator that others can reach."""
    latency_ms: int = 0
    """How long every API request takes at least: half of it on the way there, half on the way back."""
    faults: tuple[Fault, ...] = ()
    seed: int = 1
    """Decides ids and which numbers can be bought; the same seed gives the same account."""
    order_seconds: float = 0.3
    """From RECEIVED to the final state of an order ("most finish in under a second", bandwidth-api 7.5)."""

    strict_names: bool = False
    """Site names end at 10 characters, as the guide says, instead of 50 as error 12529 says (bandwidth-api 10.1)."""
    unique_names: bool = True
    """Duplicate names of sites and messaging applications are refused (bandwidth-api 2.5, 5.1)."""
    location_body: bool = True
    """A new location is also described in the body; the guide shows only the Location header (bandwidth-api 10.7)."""
    voice_link_status: int = 200
    """Reply to POST origination settings: 200 in the guide, 201 in the OpenAPI file (bandwidth-api 10.6)."""

    bare_links: bool = True
    """A list of orders that has none is 404 with `<Links/>` alone, as the OpenAPI file has it, not in a wrapper."""

    missing_products: AbstractSet[str] = frozenset()
    """Products or features that the account lacks, such as MESSAGING, SMS, HTTP, OrigHttpVoice, ORDERING."""
    foreign_accounts: AbstractSet[str] = frozenset()
    """Accounts that exist and that these credentials do not cover: 403. Any other account id is 404."""
    has_roles: bool = True
    """Without roles the user may read a few lists and is refused everywhere else (bandwidth-api 1.2)."""
    geocoding: bool = True
    """Without it geocodeRequest answers 403 (bandwidth-api 2.4)."""
    callbacks_anywhere: bool = False
    """Message events go to callback URLs on loopback only, unless this is set: a demo must not call strangers."""

    def lacks(self, name: str) -> bool:
        """Whether a product or feature is missing, upper and lower case being the same."""
        return name.casefold() in {missing.casefold() for missing in self.missing_products}
