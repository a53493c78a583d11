"""Quirks drawn one by one: what may go wrong, how often, and how badly."""

import random
from collections.abc import Callable
from dataclasses import replace
from typing import Final

from worlds.world import Quirk

Draw = Callable[[random.Random], Quirk]

_LISTS: Final = ("site list", "sippeer list", "application list", "order list", "tns list")
_READS: Final = (
    *_LISTS, "site read", "sippeer read", "application read", "sms read", "mms read", "link read", "voice read",
    "order read", "order tns", "search", "account", "products", "token read",
)  # fmt: skip
CREATES: Final = (
    "site create", "sippeer create", "application create", "sms create", "mms create", "link put", "voice create",
    "order create", "order create", "order create", "order create",
)  # fmt: skip
_PUTS: Final = ("site put", "sippeer put", "application put", "sms put", "voice put")
_HEADERS: Final = ("Retry-After", "X-RateLimit-Reset", "")


def seconds(chance: random.Random, most: float) -> float:
    """Short ones as often as long ones."""
    return round(min(most, chance.choice((0.2, 1.0, 3.0, 8.0, 20.0, most)) * chance.uniform(0.5, 1.5)), 1)


def _nth(chance: random.Random) -> int:
    return chance.choice((1, 1, 1, 1, 2, 2, 3, 0))


def unclear_write(chance: random.Random) -> Quirk:
    on, nth = chance.choice(CREATES if chance.random() < 0.85 else _PUTS), _nth(chance) or 1
    what = chance.choice(
        ("late", "late", "late", "late", "lost", "cut before", "cut after", "5xx after", "garbled", "page")
    )
    match what:
        case "late":
            value: object = (chance.choice((0.5, 5.0, 12.0, 29.0, 35.0, 40.0)), seconds(chance, 40))
        case "lost":
            value = chance.choice((0.5, 12.0, 35.0))
        case "5xx after":
            value = chance.choice((500, 502, 503))
        case _:
            value = None
    return Quirk(on, what, value, nth=nth)


def refused_write(chance: random.Random) -> Quirk:
    on, nth = chance.choice(CREATES if chance.random() < 0.85 else _PUTS), _nth(chance)
    what = chance.choice(("429", "429", "429", "no connection", "5xx before", "slow", "403"))
    match what:
        case "429":
            value: object = (chance.choice((1, 5, 8, 12, 30, 100)), chance.choice(_HEADERS))
        case "5xx before":
            value = chance.choice((500, 503))
        case "slow":
            value = seconds(chance, 29)
        case _:
            value = None
    return Quirk(on, what, value, nth=nth)


def read_fault(chance: random.Random) -> Quirk:
    on, nth = chance.choice(_READS), _nth(chance)
    what = chance.choice(
        (
            "5xx",
            "cut",
            "hang",
            "429",
            "slow",
            "403",
            "404",
            "error in 200",
            "unknown root",
            "empty 200",
            "page",
            "status",
        )
    )
    if on == "token read" and what == "429":
        what = "5xx"
    match what:
        case "5xx":
            value: object = chance.choice((500, 502, 503, 504))
        case "429":
            value = (chance.choice((1, 5, 12, 60)), chance.choice(_HEADERS))
        case "slow":
            value = seconds(chance, 29)
        case "status":
            value = chance.choice((201, 202, 203, 206))
        case _:
            value = None
    return Quirk(on, what, value, nth=nth)


def list_that_is_none(chance: random.Random) -> Quirk:
    what = chance.choice(("error in 200", "unknown root", "empty 200", "page", "status"))
    return Quirk(
        chance.choice(_LISTS), what, 206 if what == "status" else None, nth=chance.choice((1, 2, 3, 4))
    )


def lag(chance: random.Random) -> Quirk:
    on = chance.choice(_READS[: _READS.index("search")])
    return Quirk(on, "lag", seconds(chance, 30))


def needs_lag(chance: random.Random) -> Quirk:
    return Quirk(chance.choice(("site", "sippeer", "application", "sms")), "needs lag", seconds(chance, 20))


def little_lag(chance: random.Random) -> Quirk:
    quirk = lag(chance) if chance.random() < 0.7 else needs_lag(chance)
    return replace(quirk, value=chance.choice((0.5, 2.0, 5.0)))


def pages(chance: random.Random) -> Quirk:
    on = chance.choice(_LISTS)
    return Quirk(on, "pages", (chance.choice((1, 10, 100)), chance.choice(("links", "total", "both"))))


def _others(chance: random.Random) -> Quirk:
    return Quirk(chance.choice(("site", "application")), "others", chance.choice((1, 30, 300)))


def _empty_as(chance: random.Random) -> Quirk:
    return Quirk(chance.choice(_LISTS), "empty as", chance.choice(("404", "204", "no container")))


def _half_created(chance: random.Random) -> Quirk:
    on = chance.choice(("site create", "sippeer create", "application create", "order create"))
    what = chance.choice(("no id", "no location", "neither", "collection location", "status"))
    return Quirk(on, what, chance.choice((200, 202)) if what == "status" else None)


def _order(chance: random.Random) -> Quirk:
    which = chance.choice(("order", "order 1", "order 2"))
    what = chance.choice(("takes", "backordered", "fails", "taken", "completed", "completed", "refused as"))
    match what:
        case "takes":
            return Quirk(which, what, seconds(chance, 60))
        case "backordered":
            return Quirk(which, what, seconds(chance, 400))
        case "fails":
            return Quirk(chance.choice(("order 1", "order 2")), what)
        case "taken":
            return Quirk(which if which != "order" else "order 1", what, chance.choice((1, 1, 2)))
        case "completed":
            return Quirk("order", what, chance.choice(("missing", "empty", "named", "late")))
        case _:
            return Quirk("order", what, chance.choice(("5005", "5018", "5213")))


def _order_list(chance: random.Random) -> Quirk:
    what = chance.choice(("filter ignored", "total alone", "lag"))
    return Quirk(
        "order list",
        what,
        {"filter ignored": chance.choice((1, 30, 300)), "lag": seconds(chance, 30)}.get(what),
    )


def _search(chance: random.Random) -> Quirk:
    return Quirk("search", "shows", chance.choice(("other", "other", "other", "shuffled", "one", "none")))


def rewrite(chance: random.Random) -> Quirk:
    how = ("upper", "suffix", "split", "zip4", "slash", "lower host", "blanks", "nfc", "id case", "trailing")
    return Quirk("rewrite", chance.choice(how))


def _unique(chance: random.Random) -> Quirk:
    kind = chance.choice(("site", "sippeer", "application"))
    return Quirk(kind, "unique", chance.choice(("409", "400", "")))


def _odd_details(chance: random.Random) -> Quirk:
    return chance.choice(
        (Quirk("tns list", "403"), Quirk("voice read", "unset as", "SIP"), Quirk("order tns", "empty"))
    )


_MENU: Final[tuple[tuple[Draw, int], ...]] = (
    (unclear_write, 26), (refused_write, 7), (read_fault, 8), (list_that_is_none, 5), (lag, 14), (needs_lag, 4),
    (pages, 6), (_others, 4), (_empty_as, 3), (_half_created, 6), (_order, 12), (_order_list, 6), (_search, 9),
    (rewrite, 6), (_unique, 4), (_odd_details, 4),
)  # fmt: skip
_DRAWS: Final = [draw for draw, _ in _MENU]
_WEIGHTS: Final = [weight for _, weight in _MENU]


def drawn(chance: random.Random) -> Quirk:
    return chance.choices(_DRAWS, _WEIGHTS)[0](chance)
