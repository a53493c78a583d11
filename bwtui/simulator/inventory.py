"""The numbers that can be bought: thousands, made from the seed for each place when it is first needed."""

import random
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from bwtui.simulator.rate_centers import PLACES, TOLL_FREE, Place

_KEYPAD = str.maketrans("ABCDEFGHIJKLMNOPQRSTUVWXYZ", "22233344455566677778889999")


def digits(vanity: str) -> str:
    """Return the digits of the phone keys that spell a word."""
    return vanity.upper().translate(_KEYPAD)


@dataclass(slots=True)
class Inventory:
    """All numbers that were ever for sale, sold or not."""

    seed: int
    _stock: dict[Place, tuple[str, ...]] = field(default_factory=dict)
    _origins: dict[str, dict[str, Place]] = field(default_factory=dict)
    """The place of each number, by area code."""

    def numbers(self, place: Place) -> tuple[str, ...]:
        """Return the numbers of a place, sorted; always the same for a seed."""
        if place not in self._stock:
            self._stock[place] = tuple(sorted(self._make(place)))
        return self._stock[place]

    def place_of(self, tn: str) -> Place | None:
        """Return the place of a number, or None if the inventory does not have it."""
        npa = tn[:3]
        if npa not in self._origins:
            self._origins[npa] = {number: place for place in _same_npa(npa) for number in self.numbers(place)}
        return self._origins[npa].get(tn)

    def find(self, criteria: Mapping[str, str]) -> Iterator[tuple[str, Place]]:
        """Yield the numbers that satisfy all criteria; with LCA also those of the same LATA (bandwidth-api 6.1)."""
        places = [place for place in _candidates(criteria) if _fits(place, criteria)]
        wanted = _number_check(criteria)
        found = [(tn, place) for place in places for tn in self.numbers(place) if wanted(tn)]
        yield from found
        if criteria.get("lca") == "true":
            yield from self._neighbours({place.lata for _, place in found}, {tn for tn, _ in found})

    def _neighbours(self, latas: set[str], seen: set[str]) -> Iterator[tuple[str, Place]]:
        for place in PLACES:
            if place.lata in latas:
                yield from ((tn, place) for tn in self.numbers(place) if tn not in seen)

    def _make(self, place: Place) -> Iterable[str]:
        chance = random.Random(f"{self.seed}/{place.npa}/{place.rate_center}/{place.city}")  # noqa: S311
        exchanges = self._exchanges(place)
        quota, rest = divmod(place.stock, len(exchanges))
        for index, nxx in enumerate(exchanges):
            count = quota + (1 if index < rest else 0)
            for line in chance.sample(range(10_000), count):
                yield f"{place.npa}{nxx}{line:04d}"

    def _exchanges(self, place: Place) -> list[str]:
        """Return the exchanges of a place; places that share an area code get different ones."""
        pool = [f"{n}" for n in range(200, 1000) if n % 100 != 11 and n not in {555, 950, int(place.npa)}]
        random.Random(f"{self.seed}/{place.npa}").shuffle(pool)  # noqa: S311 - no secret depends on it
        start = 0
        for other in _same_npa(place.npa):
            count = max(2, other.stock // 100)
            if other == place:
                return pool[start : start + count]
            start += count
        raise LookupError(place)


def _same_npa(npa: str) -> list[Place]:
    return [place for place in (*PLACES, *TOLL_FREE) if place.npa == npa]


def _candidates(criteria: Mapping[str, str]) -> Iterable[Place]:
    toll_free = "tollfreevanity" in criteria or "tollfreewildcardpattern" in criteria
    return TOLL_FREE if toll_free else PLACES


def _fits(place: Place, criteria: Mapping[str, str]) -> bool:
    checks: dict[str, Callable[[str], bool]] = {
        "areacode": lambda value: place.npa == value,
        "npanxx": lambda value: place.npa == value[:3],
        "npanxxx": lambda value: place.npa == value[:3],
        "state": lambda value: place.state == value.upper(),
        "city": lambda value: place.city == value.upper().strip(),
        "ratecenter": lambda value: place.rate_center == value.upper().strip(),
        "lata": lambda value: place.lata == value.lstrip("0")[:3],
        "zip": lambda value: value[:5] in place.zips,
        "tollfreewildcardpattern": lambda value: _wild(value, place.npa),
    }
    return all(check(criteria[name]) for name, check in checks.items() if name in criteria)


def _wild(pattern: str, npa: str) -> bool:
    return all(want in {"*", have} for want, have in zip(pattern, npa, strict=False))


def _number_check(criteria: Mapping[str, str]) -> Callable[[str], bool]:
    prefix = criteria.get("npanxx") or criteria.get("npanxxx") or ""
    word = digits(criteria.get("localvanity") or criteria.get("tollfreevanity") or "")
    at_end = criteria.get("endsin") == "true"

    def wanted(tn: str) -> bool:
        if not tn.startswith(prefix):
            return False
        return tn.endswith(word) if at_end else word in tn[3:]

    return wanted
