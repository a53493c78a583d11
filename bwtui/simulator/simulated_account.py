"""The simulated account: its contents, its clock, its ids."""

import asyncio
import random
import time
import uuid
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from typing import Any

from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.fault_script import FaultScript
from bwtui.simulator.inventory import Inventory
from bwtui.simulator.rate_centers import Place
from bwtui.simulator.resources import (
    ActivationOrder,
    Application,
    Brand,
    Campaign,
    Disconnect,
    MessageEvent,
    Move,
    Order,
    PhoneCall,
    Reservation,
    SipPeer,
    Site,
    TelephoneNumber,
    TnOptionOrder,
    VoicePackage,
)
from bwtui.simulator.settings import Settings
from bwtui.simulator.switches import Switches


@dataclass(frozen=True, slots=True)
class Postponed:
    """The effect of a request that was answered already, and the time at which it takes place."""

    moment: float
    act: Callable[[], None]


@dataclass(slots=True)
class SimulatedAccount:
    """One simulated account. Rules change it only while they handle a request or settle what is due."""

    settings: Settings = field(default_factory=Settings)
    clock: Callable[[], float] = time.time
    sleep: Callable[[float], Awaitable[object]] = asyncio.sleep
    """Waits for a reply that a fault delays."""
    sites: dict[str, Site] = field(default_factory=dict)
    applications: dict[str, Application] = field(default_factory=dict)
    orders: dict[str, Order] = field(default_factory=dict)
    disconnects: dict[str, Disconnect] = field(default_factory=dict)
    numbers: dict[str, TelephoneNumber] = field(default_factory=dict)
    packages: dict[str, VoicePackage] = field(default_factory=dict)
    activations: dict[str, ActivationOrder] = field(default_factory=dict)
    brands: dict[str, Brand] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    tn_options: dict[str, TnOptionOrder] = field(default_factory=dict)
    reservations: dict[str, Reservation] = field(default_factory=dict)
    subscriptions: dict[str, dict[str, str]] = field(default_factory=dict)
    moves: dict[str, Move] = field(default_factory=dict)
    calls: dict[str, PhoneCall] = field(default_factory=dict)
    messages: dict[str, dict[str, Any]] = field(default_factory=dict)
    """The entries of the list of messages, by message and recipient, without text."""
    events: list[MessageEvent] = field(default_factory=list)
    postponed: list[Postponed] = field(default_factory=list)
    """Effects of answered requests that are still to come."""
    outbox: list[MessageEvent] = field(default_factory=list)
    """Events that still have to be posted to an application."""
    ringing: list[PhoneCall] = field(default_factory=list)
    """Calls that have just been made, and still have to take their course."""
    tokens: dict[str, float] = field(default_factory=dict)
    """Access tokens and the time at which each expires."""
    sold_elsewhere: set[str] = field(default_factory=set)
    """Numbers that other customers bought."""
    effects: list[str] = field(default_factory=list)
    """The changes that the current request has made, for the log."""
    errands: "set[asyncio.Task[None]]" = field(default_factory=set)
    """Deliveries and calls under way, referenced here so that they are not garbage-collected before they are done."""
    searches: int = 0
    """The count of shuffled searches; each is shuffled differently."""
    lives: int = 0
    """The number of times that the account was continued from its file."""
    begun: bool = False
    """True if the account has had its starting contents."""
    script: FaultScript = field(init=False)
    switches: Switches = field(init=False)
    inventory: Inventory = field(init=False)
    _chances: dict[str, random.Random] = field(default_factory=dict)
    """A random generator for each kind of id, so that ids do not depend on the order of requests of other kinds."""

    def __post_init__(self) -> None:
        self.script = FaultScript(list(self.settings.faults))
        self.switches = self.settings.switches
        self.inventory = Inventory(self.settings.seed)

    def begin_again(self, lives: int) -> None:
        """Continue from a file, with other ids than before, since the earlier objects are still there."""
        self.lives = lives
        self.begun = True
        self._chances.clear()

    @contextmanager
    def at(self, moment: float) -> Iterator[None]:
        """Set the account's clock to a past moment within the block."""
        clock = self.clock
        self.clock = lambda: moment
        try:
            yield
        finally:
            self.clock = clock

    def note(self, effect: str) -> None:
        self.effects.append(effect)

    def _chance(self, kind: str) -> random.Random:
        if kind not in self._chances:
            self._chances[kind] = random.Random(f"{self.settings.seed}/{self.lives}/{kind}")  # noqa: S311 - ids, not secrets
        return self._chances[kind]

    def new_number_id(self, digits: int) -> str:
        """Return a new id of so many digits, such as a site's."""
        chance = self._chance(f"{digits} digits")
        while True:
            made = str(chance.randrange(10 ** (digits - 1), 10**digits))
            if made not in self.sites and all(made not in site.peers for site in self.sites.values()):
                return made

    def new_uuid(self, kind: str = "") -> str:
        """Return a new UUID, such as an order's."""
        return str(uuid.UUID(int=self._chance(kind).getrandbits(128), version=4))

    def site(self, site_id: str) -> Site:
        if site_id not in self.sites:
            raise ErrorResponse(404, 12016, f"Site '{site_id}' does not exist")
        return self.sites[site_id]

    def peer(self, site_id: str, peer_id: str) -> SipPeer:
        found = self.sites[site_id].peers.get(peer_id) if site_id in self.sites else None
        if found is None:
            account = self.settings.account_id
            text = f"Sip Peer '{peer_id}' account '{account}' and site '{site_id}' does not exist"
            raise ErrorResponse(400, 13563, text)
        return found

    def application(self, application_id: str) -> Application:
        if application_id not in self.applications:
            raise ErrorResponse(404, 13629, f"Application with id '{application_id}' not found")
        return self.applications[application_id]

    def peers(self) -> Iterator[SipPeer]:
        for site in self.sites.values():
            yield from site.peers.values()

    def held(self, site_id: str | None = None, peer_id: str | None = None) -> list[TelephoneNumber]:
        """Return the numbers in service, of the account, a site or a location."""
        return [
            number
            for number in sorted(self.numbers.values(), key=lambda number: number.tn)
            if number.status == "Inservice"
            and site_id in {None, number.site_id}
            and peer_id in {None, number.peer_id}
        ]

    def ageing(self, peer_id: str) -> list[TelephoneNumber]:
        """Return the released numbers that a location had (bandwidth-api 7.8)."""
        return [
            number
            for number in self.numbers.values()
            if number.status == "Aging" and number.peer_id == peer_id
        ]

    def on_package(self, package_id: str) -> list[TelephoneNumber]:
        return [number for number in self.held() if number.package_id == package_id]

    def for_sale(self, tn: str) -> bool:
        """Return True if nobody has the number: neither we nor another customer nor a reservation."""
        return tn not in self.numbers and tn not in self.sold_elsewhere and tn not in self.reserved()

    def reserved(self) -> set[str]:
        now = self.clock()
        return {held.tn for held in self.reservations.values() if held.expires > now}

    def search(self, criteria: dict[str, str], quantity: int, shuffled: int = 0) -> list[tuple[str, Place]]:
        """Return numbers that can be bought now; they are not reserved for later (bandwidth-api 6.3)."""
        reserved = self.reserved()
        free = (
            (tn, place)
            for tn, place in self.inventory.find(criteria)
            if tn not in self.numbers and tn not in self.sold_elsewhere and tn not in reserved
        )
        if not shuffled:
            return list(islice(free, quantity))
        found = list(free)
        random.Random(f"{self.settings.seed}/{shuffled}").shuffle(found)  # noqa: S311 - numbers for sale, not secrets
        return found[:quantity]


def stamp(moment: float) -> str:
    """Return a time as the API writes it: ISO 8601 with milliseconds and Z (bandwidth-api 1.4)."""
    return datetime.fromtimestamp(moment, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def last_ten(tn: str) -> str | None:
    """Return a telephone number as ten digits, from `9195551234` or `+19195551234`; None if it is neither."""
    plain = tn.strip().removeprefix("+1")
    return (
        plain if len(plain) == 10 and plain.isascii() and plain.isdigit() and plain[0] in "23456789" else None
    )
