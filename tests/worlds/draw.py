"""Worlds drawn from a seed: what may go wrong, how often, and how badly."""

import random
from dataclasses import replace
from itertools import accumulate
from typing import Final

from worlds.draw_quirks import CREATES, drawn, list_that_is_none, little_lag, rewrite, seconds
from worlds.draw_universal import on_universal
from worlds.other_people import ADDITIONS, DELETIONS, ON_PACKAGES, UPGRADE
from worlds.world import Death, Life, Quirk, Stop, World

_FROM_THE_START: Final = (
    "two", "two", "three", "exact", "some are better", "none instead", "blanks", "accents", "no-break blank", "bare url",
    "no mms",
)  # fmt: skip
_LATER: Final = (
    "message url", "call url", "bare url", "password", "user", "description", "street", "zone", "two", "three",
    "no description", "no mms", "other app", "longer list",
)  # fmt: skip
_TWINS: Final = ("twin app", "twin site")
"""Only before the first life: a twin that comes while ours is on its way is nobody's to tell apart."""
_MEANWHILE: Final = sorted({*DELETIONS, *ADDITIONS, UPGRADE} - {*_TWINS} - ON_PACKAGES)


UNIVERSAL: Final = 1 / 4
"""The share of worlds whose account is a universal one."""


def draw(seed: int) -> World:
    """The world of a seed: always the same one."""
    chance = random.Random(f"universal {seed}")
    return on_universal(_legacy(seed), chance) if chance.random() < UNIVERSAL else _legacy(seed)


def _legacy(seed: int) -> World:
    chance = random.Random(seed)
    kind = chance.random()
    if kind < 0.04:
        return World(quirks=tuple(little_lag(chance) for _ in range(chance.choice((1, 2)))), seed=seed)
    if kind < 0.05:
        return World(quirks=(Quirk("tns list", "403"),), seed=seed)
    if kind < 0.25:
        return _themed(chance, seed)
    quirks = tuple(drawn(chance) for _ in range(chance.choice((0, 1, 1, 2, 2, 3, 3, 4, 5, 7))))
    return _sensible(
        World(quirks=quirks + _delivered_twice(seed) + _refused_after(seed), lives=_lives(chance), seed=seed)
    )


def _delivered_twice(seed: int) -> tuple[Quirk, ...]:
    """In one world of eight a request that arrives twice; drawn apart, so that the worlds are otherwise as they were.

    Where the account does not refuse the second of one name, nobody can prevent it: there it has to be told.
    """
    chance = random.Random(f"twice {seed}")
    if chance.random() >= 1 / 8:
        return ()
    on = chance.choice(CREATES)
    kind = on.removesuffix(" create")
    answered = chance.choice((1, 2))
    twice = Quirk(on, "twice", (answered, seconds(chance, 40)), nth=chance.choice((1, 1, 1, 2)))
    if kind in ("site", "application"):
        return twice, Quirk(kind, "unique", chance.choice(("409", "400", "")))
    return (twice,)


def _refused_after(seed: int) -> tuple[Quirk, ...]:
    """In one world of eight a refusal of what was carried out; drawn apart too.

    A list may show it later than a refusal is doubted: where two may have one name, the other one has to be told then.
    """
    chance = random.Random(f"refused {seed}")
    if chance.random() >= 1 / 8:
        return ()
    on = chance.choice(CREATES)
    kind = on.removesuffix(" create")
    refused = Quirk(
        on, "refused after", chance.choice((400, 402, 403, 409, 422, 429)), nth=chance.choice((1, 1, 2))
    )
    if kind in ("site", "application"):
        return refused, Quirk(kind, "unique", chance.choice(("409", "400", "")))
    return (refused,)


# --- What rarely meets by chance, and hurts together -----------------------------------------------------------


def _themed(chance: random.Random, seed: int) -> World:
    """Quirks that make one another worse, with lives as ever."""
    theme = chance.choice((_names, _crowd, _evidence, _lost_order, _hidden_order, _own_spelling))
    quirks, answers = theme(chance)
    if theme is _own_spelling:
        return World(quirks=quirks, lives=(Life(), Life(), Life()), seed=seed)
    lives = _lives(chance)
    if answers:
        lives = (replace(lives[0], answers=answers), *lives[1:])
    if chance.random() < 0.3:
        quirks = (*quirks, drawn(chance))
    return _sensible(World(quirks=quirks, lives=lives, seed=seed))


Theme = tuple[tuple[Quirk, ...], tuple[str, ...]]


def _unclear_create(chance: random.Random, kind: str) -> Quirk:
    what = chance.choice(("late", "late", "late", "cut after", "5xx after", "garbled"))
    values = {"late": (chance.choice((0.5, 12.0, 35.0)), seconds(chance, 40)), "5xx after": 503}
    return Quirk(f"{kind} create", what, values.get(what), nth=chance.choice((1, 1, 2)))


def _names(chance: random.Random) -> Theme:
    """A name that is stored in another form, on something whose create was unclear."""
    answer, kind, how = chance.choice(
        (
            ("blanks", "site", "blanks"),
            ("no-break blank", "sippeer", "blanks"),
            ("accents", "application", "nfc"),
        )
    )
    return (Quirk("rewrite", how), _unclear_create(chance, kind)), (answer,)


def _crowd(chance: random.Random) -> Theme:
    """Something whose create was unclear, behind pages of other people's."""
    kind = chance.choice(("site", "application"))
    pages = Quirk(
        f"{kind} list", "pages", (chance.choice((10, 100)), chance.choice(("links", "total", "both")))
    )
    return (Quirk(kind, "others", chance.choice((30, 300))), pages, _unclear_create(chance, kind)), ()


def _evidence(chance: random.Random) -> Theme:
    """An unclear create that shows late, and whose name is refused the second time."""
    kind = chance.choice(("site", "sippeer", "application"))
    lag = Quirk(f"{kind} list", "lag", seconds(chance, 30))
    return (_unclear_create(chance, kind), lag, Quirk(kind, "unique", chance.choice(("409", "400")))), ()


def _lost_order(chance: random.Random) -> Theme:
    """An order of which nobody knows, and other numbers in each search."""
    return (
        _unclear_create(chance, "order"),
        Quirk("search", "shows", chance.choice(("other", "shuffled"))),
    ), ()


def _hidden_order(chance: random.Random) -> Theme:
    """An order of which nobody knows, and a list that hides it."""
    length = chance.choice((1, 10, 100))
    hidden = chance.choice((
        (Quirk("order list", "total alone"),),
        (Quirk("order list", "lag", seconds(chance, 30)),),
        (Quirk("order list", "filter ignored", 300), Quirk("order list", "pages", (length, "links"))),
        (Quirk("rewrite", "id case"),),
        (list_that_is_none(chance),),
        (Quirk("order list", chance.choice(("error in 200", "unknown root", "empty 200")), nth=chance.choice((1, 2))),),
    ))  # fmt: skip
    return (*_lost_order(chance)[0], *hidden), ()


def _own_spelling(chance: random.Random) -> Theme:
    """Nothing but values that the account writes its own way."""
    return tuple({rewrite(chance): None for _ in range(chance.choice((1, 1, 2)))}), ()


def _lives(chance: random.Random) -> tuple[Life, ...]:
    count = chance.choice((1, 1, 2, 2, 2, 3, 4))
    start = (chance.choice(_FROM_THE_START),) if chance.random() < 0.3 else ()
    lives = [_life(chance, start, first=True)]
    lives += [_life(chance, (), first=False) for _ in range(count - 1)]
    clocks = accumulate(
        (life.clock for life in lives), min
    )  # a clock that is set forward cannot be told from time that has passed
    return tuple(replace(life, clock=clock) for life, clock in zip(lives, clocks, strict=True))


def _life(chance: random.Random, answers: tuple[str, ...], *, first: bool) -> Life:
    meanwhile: tuple[str, ...] = ()
    if first:
        meanwhile = (chance.choice(_TWINS),) if chance.random() < 0.03 else ()
    else:
        answers = (chance.choice(_LATER),) if chance.random() < 0.2 else ()
        if chance.random() < 0.12:
            meanwhile = (chance.choice(_MEANWHILE),)
    says = chance.choices(("yes", "no", "slow"), (85, 7, 8))[0]
    during = ("number by hand",) if says == "slow" and chance.random() < 0.4 else ()
    return Life(
        pause=0.0 if first else chance.choice((0.0, 0.0, 0.0, 0.5, 2.0, 10.0, 25.0, 60.0, 300.0)),
        meanwhile=meanwhile,
        answers=answers,
        says=says,
        during=during,
        clock=chance.choice((-86400.0, -3600.0)) if chance.random() < 0.05 else 0.0,
        ends=_end(chance) if chance.random() < 0.5 else None,
    )


def _end(chance: random.Random) -> Death | Stop:
    """Anywhere in a run of some 30 requests and 20 writes, or while something is waited for."""
    if chance.random() < 0.3:
        on = chance.choice(("request", "time"))
        at = chance.randint(2, 30) if on == "request" else seconds(chance, 40)
        return Stop(on, at, chance.choice((0.0, 0.0, 0.5, 5.0)))
    match chance.choice(("request", "request", "write", "write", "time")):
        case "request":
            return Death(
                "request", chance.randint(1, 32), chance.choice(("before", "after", "after", "answered"))
            )
        case "write":
            return Death("write", chance.randint(1, 20), chance.choice(("before", "after")))
        case _:
            return Death("time", seconds(chance, 40))


def _sensible(world: World) -> World:
    """Without what nobody could set right: a certain number that somebody else has, and a list of others.

    And without a list of three hundred orders that is told one by one: reading it takes a minute each time.
    """
    answers = {name for life in world.lives for name in life.answers}
    quirks, lives = world.quirks, world.lives
    if "exact" in answers:
        quirks = tuple(q for q in quirks if q.what not in ("taken", "fails"))
    if any(q.on == "order list" and q.what == "filter ignored" for q in quirks):
        quirks = tuple(q for q in quirks if (q.on, q.what) != ("order list", "pages") or q.value[0] >= 20)
    unwanted = {"two", "three"} if "exact" in answers else {"longer list"}
    lives = tuple(
        replace(life, answers=tuple(name for name in life.answers if name not in unwanted or (n == 0 and name != "longer list")))
        for n, life in enumerate(lives)
    )  # fmt: skip
    return World(quirks=quirks, lives=lives, seed=world.seed)
