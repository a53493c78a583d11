"""Worlds whose account is a universal one: what may go wrong with packages, their numbers and services, beside the rest.

It is drawn apart from the rest, which stays as it was drawn.
"""

import random
from dataclasses import replace
from typing import Final

from worlds.draw_quirks import (
    Draw,
    lag,
    list_that_is_none,
    read_fault,
    refused_write,
    seconds,
    unclear_write,
)
from worlds.world import Death, Life, Quirk, World

_LISTS: Final = ("package list", "package list", "voice list")
_READS: Final = (*_LISTS, "package read", "voice list", "checker read", "checker read", "activation read")
_WRITES: Final = (
    "package create",
    "package create",
    "package add",
    "package add",
    "activation create",
    "package put",
)
_LATER: Final = (
    "package description",
    "package blanks",
    "other package",
    "no outbound",
    "abroad",
    "two",
    "three",
)
_MEANWHILE: Final = (
    "package removed",
    "number off package",
    "number moved",
    "inbound off",
    "caller names",
    "voice unlinked",
)


def on_universal(world: World, chance: random.Random) -> World:
    """The same world on a universal account, where more may go wrong."""
    quirks = tuple(
        quirk for quirk in world.quirks if quirk.on not in ("voice create", "voice put", "voice read")
    )
    if all(life == Life() for life in world.lives) and (more := _as_easy(quirks, chance)) is not None:
        return replace(world, quirks=tuple(dict.fromkeys((*quirks, *more))), universal=True)
    lives = tuple(_life(life, chance, first=n == 0) for n, life in enumerate(world.lives))
    if chance.random() < 0.4:
        more, answers = chance.choice((_fresh, _unclear_package, _hidden_package, _slow_services))(chance)
        if answers and not lives[0].answers:
            lives = (replace(lives[0], answers=answers), *lives[1:])
    else:
        more = tuple(_drawn(chance) for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 4))))
    return _sensible(replace(world, quirks=(*quirks, *more), lives=lives, universal=True))


def _as_easy(quirks: tuple[Quirk, ...], chance: random.Random) -> tuple[Quirk, ...] | None:
    """More of the same for a world in which hardly anything is wrong; `None` for another."""
    if all(quirk.on == "rewrite" for quirk in quirks):
        return (Quirk("rewrite", "id case"),) if chance.random() < 0.3 else ()
    if all(quirk.what in ("lag", "needs lag") and quirk.value <= 5 for quirk in quirks):
        return chance.choice((
            (replace(_lag(chance), value=chance.choice((0.5, 2.0, 5.0))),),
            (Quirk("number", "fresh", seconds(chance, 90)),),
            (Quirk("activation", "takes", seconds(chance, 90)),),
            (Quirk("package add 1", "refuses", "VCS-0044"),),
        ))  # fmt: skip
    return None


def _life(life: Life, chance: random.Random, *, first: bool) -> Life:
    """A life on such an account, which sends and writes more than another."""
    if isinstance(life.ends, Death) and life.ends.on != "time" and chance.random() < 0.6:
        life = replace(life, ends=replace(life.ends, at=life.ends.at + chance.randint(4, 20)))
    if first:
        if not life.answers and chance.random() < 0.1:
            life = replace(life, answers=("package blanks",))
        return replace(life, meanwhile=("twin package",)) if chance.random() < 0.03 else life
    if not life.answers and chance.random() < 0.15:
        life = replace(life, answers=(chance.choice(_LATER),))
    if not life.meanwhile and chance.random() < 0.1:
        life = replace(life, meanwhile=(chance.choice(_MEANWHILE),))
    return life


# --- One by one ---


def _unclear(chance: random.Random) -> Quirk:
    return replace(unclear_write(chance), on=chance.choice(_WRITES))


def _refused(chance: random.Random) -> Quirk:
    return replace(refused_write(chance), on=chance.choice(_WRITES))


def _read_fault(chance: random.Random) -> Quirk:
    return replace(read_fault(chance), on=chance.choice(_READS))


def _no_list(chance: random.Random) -> Quirk:
    return replace(list_that_is_none(chance), on=chance.choice((*_LISTS, "checker read")))


def _lag(chance: random.Random) -> Quirk:
    return replace(lag(chance), on=chance.choice(_READS))


def _twice(chance: random.Random) -> Quirk:
    on = chance.choice(_WRITES[:-1])
    return Quirk(on, "twice", (chance.choice((1, 2)), seconds(chance, 40)), nth=chance.choice((1, 1, 1, 2)))


def _refused_after(chance: random.Random) -> Quirk:
    status = chance.choice((400, 402, 403, 409, 422, 429))
    return Quirk(chance.choice(_WRITES[:-1]), "refused after", status, nth=chance.choice((1, 1, 2)))


def _pages(chance: random.Random) -> Quirk:
    if chance.random() < 0.3:
        return Quirk("voice list", "pages", (chance.choice((1, 2, 100)), ""))
    return Quirk(
        "package list",
        "pages",
        (chance.choice((1, 10, 25)), chance.choice(("links", "links", "both", "both", "total"))),
    )


def _others(chance: random.Random) -> Quirk:
    return Quirk(chance.choice(("package", "voice list")), "others", chance.choice((1, 30, 300)))


def _needs_lag(chance: random.Random) -> Quirk:
    return Quirk("package", "needs lag", seconds(chance, 20))


def _number(chance: random.Random) -> Quirk:
    return Quirk("number", "fresh", seconds(chance, chance.choice((20, 60, 400))))


def _half(chance: random.Random) -> Quirk:
    what = chance.choice(("no id", "no id", "status"))
    on = chance.choice(("package create", "activation create"))
    return Quirk(on, what, chance.choice((200, 202)) if what == "status" else None)


def _in_part(chance: random.Random) -> Quirk:
    return chance.choice((
        Quirk("package add", "partial", chance.choice((200, 202, 207))),
        Quirk(f"package add {chance.choice((1, 1, 2))}", "refuses", chance.choice(("VCS-0044", "VCS-0019"))),
        Quirk("package add", "says", chance.choice(("envelope", "null"))),
    ))  # fmt: skip


def _activation(chance: random.Random) -> Quirk:
    what = chance.choice(("takes", "takes", "ends", "ends", "at order"))
    match what:
        case "takes":
            return Quirk(
                chance.choice(("activation", "activation 1")),
                what,
                seconds(chance, chance.choice((20, 60, 400))),
            )
        case "ends":
            return Quirk(
                chance.choice(("activation 1", "activation 2")),
                what,
                chance.choice(("FAILED", "PARTIAL", "hollow")),
            )
        case _:
            return Quirk("activation", what)


def _odd_details(chance: random.Random) -> Quirk:
    return chance.choice((
        Quirk("voice list", "shows", "all"), Quirk("voice list", "outbound as", chance.choice(("missing", "renamed"))),
        Quirk("checker read", "third", "PENDING_REQUIREMENTS"), Quirk("tns list", "ten digits"),
        Quirk("token read", "no role"), Quirk("package", "unique", chance.choice(("409", "400"))),
    ))  # fmt: skip


_MENU: Final[tuple[tuple[Draw, int], ...]] = (
    (_unclear, 24), (_refused, 8), (_read_fault, 12), (_no_list, 7), (_lag, 14), (_twice, 4), (_refused_after, 4), (_pages, 6),
    (_others, 5), (_needs_lag, 2), (_number, 8), (_half, 5), (_in_part, 6), (_activation, 10), (_odd_details, 8),
)  # fmt: skip


def _drawn(chance: random.Random) -> Quirk:
    return chance.choices([draw for draw, _ in _MENU], [weight for _, weight in _MENU])[0](chance)


# --- What hurts together ---

Theme = tuple[tuple[Quirk, ...], tuple[str, ...]]


def _fresh(chance: random.Random) -> Theme:
    """Several numbers, of which one can be used later than the others."""
    alone = (Quirk("number", "first alone"),) if chance.random() < 0.7 else ()
    partial = (Quirk("package add", "partial", chance.choice((200, 207))),) if chance.random() < 0.7 else ()
    return (_number(chance), *alone, *partial, _drawn(chance)), (chance.choice(("two", "three")),)


def _unclear_package(chance: random.Random) -> Theme:
    """A package of whose making nobody knows, and a list that shows it late, or only one of a name."""
    unclear = replace(_unclear(chance), on="package create", nth=1)
    more = chance.choice((
        (Quirk("package list", "lag", seconds(chance, 30)),),
        (Quirk("package", "unique", chance.choice(("409", "400"))),),
        (_no_list(chance),),
    ))  # fmt: skip
    return (unclear, *more), ()


def _hidden_package(chance: random.Random) -> Theme:
    """A package of whose making nobody knows, behind pages of other people's."""
    pages = Quirk(
        "package list", "pages", (chance.choice((10, 25)), chance.choice(("links", "both", "total")))
    )
    unclear = replace(_unclear(chance), on="package create", nth=1)
    return (Quirk("package", "others", chance.choice((30, 300))), pages, unclear), ()


def _slow_services(chance: random.Random) -> Theme:
    """An activation that takes its time or comes to nothing, and is seen late."""
    ends = Quirk("activation 1", "ends", chance.choice(("FAILED", "PARTIAL", "hollow")))
    takes = Quirk("activation", "takes", seconds(chance, 60))
    late = Quirk(chance.choice(("voice list", "checker read", "activation read")), "lag", seconds(chance, 30))
    return (chance.choice((ends, takes)), late, _drawn(chance)), (chance.choice(("two", "three")),)


def _sensible(world: World) -> World:
    """Without what contradicts itself: a universal account lists its packages to whoever has the role, and knows them."""
    has_role = Quirk("token read", "no role") not in world.quirks
    never = ("404", "403") if has_role else ("404",)
    quirks = tuple(q for q in world.quirks if (q.on, q.what in never) != ("package list", True))
    first = {name for life in world.lives for name in life.answers}
    lives = world.lives
    if "exact" in first:
        lives = tuple(
            replace(life, answers=tuple(n for n in life.answers if n not in ("two", "three")))
            for life in lives
        )
    return replace(world, quirks=quirks, lives=lives)
