"""The account as it is: what exists and since when, what was bought, what takes effect later. The judge asks here.

How it looks from outside (lags, pages, half answers) is `views.py`; what befalls requests is `api.py`.
"""

import heapq
import math
import random
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

from worlds.documents import Refused
from worlds.rewriting import rewritten, same_text
from worlds.setups_wanted import Fields

NUMBERS: Final = tuple(f"91955500{n:02}" for n in range(60))
"""Numbers that the region has for sale when the world begins."""
DOUBTED: Final = 10.0
"""Seconds for which what a refused create may have made is looked for, before another run sends it again."""
VOICE: Final = ("INBOUND", "OUTBOUND_NATIONAL", "OUTBOUND_INTERNATIONAL")
"""The voice services of a number."""
UNSERVED: Final[Fields] = {"package": "", **dict.fromkeys((*VOICE, "messaging"), "")}
"""What a universal account knows of a number that is in no package and has no service."""


class Versions:
    """The values of something and the times since when it had them; `None` while it is not there."""

    __slots__ = ("rows",)

    def __init__(self) -> None:
        self.rows: list[tuple[float, Fields | None]] = []

    def put(self, at: float, fields: Fields | None) -> None:
        self.rows.append((at, fields))

    def at(self, moment: float) -> Fields | None:
        return next((fields for at, fields in reversed(self.rows) if at <= moment), None)

    @property
    def now(self) -> Fields | None:
        return self.rows[-1][1] if self.rows else None


@dataclass(slots=True)
class Thing:
    """A sub-account, a location, an application or a voice package."""

    kind: str
    id: str
    ours: bool
    parent: str = ""
    versions: Versions = field(default_factory=Versions)

    @property
    def made_at(self) -> float:
        return self.versions.rows[0][0]

    @property
    def born(self) -> Fields:
        """Its values as it was made."""
        return self.versions.rows[0][1] or {}

    @property
    def fields(self) -> Fields:
        return self.versions.now or {}

    @property
    def alive(self) -> bool:
        return self.versions.now is not None


@dataclass(slots=True)
class Order:
    """A number order."""

    id: str
    customer_order_id: str
    wanted: tuple[str, ...]
    site: str
    peer: str
    made_at: float
    final_at: float
    status: str
    """Its last word, from `final_at` on."""
    got: tuple[str, ...] = ()
    early: str = "RECEIVED"
    reads: int = 0


@dataclass(slots=True)
class Number:
    """A phone number that is no longer for sale."""

    owner: str
    """`us`, `hand` (a colleague put it on our location) or `other`."""
    peer: str = ""
    since: float = 0.0
    order: str = ""


@dataclass(slots=True)
class Activation:
    """An order to activate services."""

    id: str
    made_at: float
    final_at: float
    status: str
    """Its last word, from `final_at` on."""


class WorldAccount:
    """Everything that is true of the account; a `universal` one has voice packages and activates services."""

    def __init__(self, quirks: "Rules", seed: int, *, universal: bool = False) -> None:
        self.rules = quirks
        self.universal = universal
        self.chance = random.Random(seed)
        self.things: dict[str, Thing] = {}
        self.settings: dict[tuple[str, str], Versions] = {}
        self.numbers: dict[str, Number] = {}
        self.orders: dict[str, Order] = {}
        self.services: dict[str, Versions] = {}
        """The package and the services of each number, on a universal account."""
        self.activations: dict[str, Activation] = {}
        self.taken_away: list[str] = []
        """The numbers that we have taken out of other people's packages."""
        self.delivered_twice: list[tuple[str, str]] = []
        """The ids of two things that one request has made."""
        self.refused: list[tuple[Thing, float]] = []
        """The things whose create was carried out and refused for good, and the times from which a list shows them."""
        self.bought: list[str] = []
        """Every number that was paid for, in that order; a second payment for one stands there twice."""
        self._later: list[tuple[float, int, Callable[[], None]]] = []
        self._count = 0
        self._next_id = 12344

    # --- Time ---

    def later(self, at: float, effect: Callable[[], None]) -> None:
        self._count += 1
        heapq.heappush(self._later, (at, self._count, effect))

    def settle(self, now: float) -> None:
        """Let everything take effect that is due."""
        while self._later and self._later[0][0] <= now:
            heapq.heappop(self._later)[2]()

    # --- Looking ---

    def of(self, kind: str, parent: str = "") -> list[Thing]:
        return [thing for thing in self.things.values() if thing.kind == kind and thing.parent == parent]

    def ours(self, kind: str) -> list[Thing]:
        """Return the things that we made and that are still there."""
        return [thing for thing in self.things.values() if thing.kind == kind and thing.ours and thing.alive]

    def copies(self) -> list[tuple[str, str]]:
        """Return the ids of each two things of which nobody could have prevented the second.

        A refused create is doubted for `DOUBTED` seconds, and not for as long as one whose answer was lost: nearly every
        refusal is true, and whoever has corrected what it names would lose that time. So what no list shows until then
        may be made again.
        """
        made_again = [
            (first.id, second.id)
            for first, shows_at in self.refused
            for second in self.of(first.kind, first.parent)
            if second.ours
            and first.made_at + DOUBTED <= second.made_at < shows_at
            and _same_thing(NAME[first.kind], first.born, second.born)
        ]
        return self.delivered_twice + made_again

    def is_spare(self, thing: Thing) -> bool:
        """Return True for the copy of a thing that nothing uses; of two that nothing uses, for the second."""
        for first, second in self.copies():
            if thing.id in (first, second):
                other = second if thing.id == first else first
                return not self._is_used(thing.id) and (self._is_used(other) or thing.id == second)
        return False

    def _is_used(self, id_: str) -> bool:
        """Return True if it has a location, numbers or a setting, or if a setting or a package names it."""
        bought = (entry for entry in self.numbers.values() if entry.owner == "us")
        if self.of("sippeer", id_) or any(entry.peer == id_ for entry in bought):
            return True
        if any(self.serves(number)["package"] == id_ for number in self.services):
            return True
        if any(id_ == package.fields.get("httpVoiceV2ApplicationId") for package in self.ours("package")):
            return True
        return any(
            peer == id_ or id_.casefold() in map(str.casefold, fields.values())
            for (peer, _), versions in self.settings.items()
            if (fields := versions.now)
        )

    def setting(self, peer: str, kind: str) -> Fields:
        return self.settings.get((peer, kind), _NEVER).now or {}

    def serves(self, number: str, moment: float = math.inf) -> Fields:
        """Return the package and the services of a number as they are now, or were at a moment."""
        return self.services.get(number, _NEVER).at(moment) or UNSERVED

    # --- Changing ---

    def new_id(self, kind: str) -> str:
        if kind in ("application", "order", "package", "activation"):
            return str(uuid.UUID(int=self.chance.getrandbits(128), version=4))
        self._next_id += self.chance.randint(1, 9)
        return str(self._next_id)

    def make(self, kind: str, fields: Fields, at: float, *, parent: str = "", ours: bool = True) -> Thing:
        """Make a thing, or refuse it for its name."""
        name = NAME[kind]
        fields = rewritten(fields, self.rules.rewrites) if ours else fields
        if ours and self.rules.unique(kind):
            for other in self.of(kind, parent):
                if other.alive and _same_thing(name, other.fields, fields):
                    raise self.rules.duplicate(kind, fields[name])
        thing = Thing(kind, self.new_id(kind), ours, parent)
        thing.versions.put(at, fields)
        self.things[thing.id.casefold()] = thing
        return thing

    def find(self, kind: str, id_: str, parent: str = "") -> Thing | None:
        thing = self.things.get(id_.casefold())
        if thing is None or thing.kind != kind or thing.parent != parent or not thing.alive:
            return None
        return thing

    def put_setting(self, peer: str, kind: str, fields: Fields | None, at: float) -> None:
        self.settings.setdefault((peer, kind), Versions()).put(at, fields)

    def serve(self, number: str, at: float, changes: Fields) -> None:
        """Put a number into a package, or change its services. A voice service needs the package that it was made in."""
        before = self.serves(number)
        if changes.get("package", before["package"]) != before["package"]:
            changes = {**dict.fromkeys(VOICE, ""), **changes}
        self.services.setdefault(number, Versions()).put(at, {**before, **changes})

    def free(self, number: str) -> bool:
        return number not in self.numbers

    def committed(self) -> set[str]:
        """Return the numbers that are bought for us, whether or not we know."""
        return {number for number, entry in self.numbers.items() if entry.owner == "us"}

    def by_hand(self, now: float) -> set[str]:
        """Return the numbers that somebody else has put on our location, up to now; none that may never be seen."""
        if self.rules.always("tns list", "403"):
            return set()
        return {n for n, entry in self.numbers.items() if entry.owner == "hand" and entry.since + 5 <= now}

    def order(self, wanted: tuple[str, ...], customer_order_id: str, site: str, peer: str, at: float,
              *, partial: bool) -> Order:  # fmt: skip
        """Buy what is for sale, at most once; what happens to the rest the rules say."""
        rules = self.rules
        for number in wanted[: rules.taken()]:
            if self.free(number):
                self.numbers[number] = Number("other")
        got = tuple(number for number in wanted if self.free(number))
        if not got and (refusal := rules.refusal(busy=self._busy(wanted, at))):
            raise refusal
        if len(got) < len(wanted) and not partial:
            got = ()
        takes, early, failing = rules.course()
        if failing:
            for number in got:
                self.numbers[number] = Number("other")
            got = ()
        status = "FAILED" if not got else "COMPLETE" if len(got) == len(wanted) else "PARTIAL"
        order = Order(
            self.new_id("order"), customer_order_id, wanted, site, peer, at, at + takes, status, got, early
        )
        self.orders[order.id.casefold()] = order
        for number in got:
            self.numbers[number] = Number("us", peer, order.final_at, order.id)
            self.bought.append(number)
        return order

    def _busy(self, wanted: tuple[str, ...], at: float) -> bool:
        return any(set(order.wanted) & set(wanted) and at < order.final_at for order in self.orders.values())


NAME: Final = {"site": "Name", "sippeer": "PeerName", "application": "AppName", "package": "name"}
_NEVER: Final = Versions()


def _same_thing(name: str, left: Fields, right: Fields) -> bool:
    return same_text(left[name], right[name]) and left.get("ServiceType") == right.get("ServiceType")


class Rules:
    """The account's quirks about buying and naming; the one in `quirks.py` asks a world."""

    rewrites: frozenset[str] = frozenset()

    def always(self, on: str, what: str) -> bool:
        raise NotImplementedError

    def unique(self, kind: str) -> bool:
        raise NotImplementedError

    def duplicate(self, kind: str, name: str) -> Refused:
        raise NotImplementedError

    def taken(self) -> int:
        raise NotImplementedError

    def refusal(self, *, busy: bool) -> Refused | None:
        raise NotImplementedError

    def course(self) -> tuple[float, str, bool]:
        """Return the seconds that the order takes, its status until then, and whether it fails."""
        raise NotImplementedError
