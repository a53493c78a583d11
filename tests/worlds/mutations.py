"""The engine with one of its rules taken out, to see that the worlds find it.

Each mutation is a context manager that weakens the product while it is open; `found_after` counts the worlds until a
promise is broken that the whole engine keeps in the same world. What to patch is named as `module:attribute`.
"""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from worlds.draw import draw
from worlds.shrink import broken_by

MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Mutation:
    """One rule taken out."""

    rule: int
    """Its number in the list of promises."""
    without: str
    """What is missing then, in words."""
    weaken: Callable[[], AbstractContextManager[None]]


MUTATIONS: Final[dict[str, Mutation]] = {}
RULES: Final = {
    1: "the same numbers first",
    2: "COMPLETE with fewer numbers is no answer",
    3: "late effects are waited for",
    4: "a list that is none, or not whole, says nothing",
    5: "names are compared as they may be stored",
    6: "evidence is kept",
    7: "what was just made may not be visible",
    8: "nothing is sent after a stop",
    9: "money is asked for when it is seen",
    10: "done means proven",
    11: "a corrected answer is applied",
    12: "no dead ends",
    13: "a missing role stops only what it must",
}
"""What is taken out, one by one."""


def rules_without() -> list[int]:
    """The rules that no mutation takes out yet."""
    return sorted(set(RULES) - {mutation.rule for mutation in MUTATIONS.values()})


def mutation(name: str, rule: int, without: str) -> Callable[[Callable[[], Iterator[None]]], None]:
    """Register a generator function that weakens, yields, and puts right."""

    def register(function: Callable[[], Iterator[None]]) -> None:
        MUTATIONS[name] = Mutation(rule, without, contextmanager(function))

    return register


@contextmanager
def patched(target: str, value: Callable[[Any], Any]) -> Iterator[None]:
    """Put `value(what is there)` in the place of `module:attribute` or `module:Class.attribute`."""
    module, _, path = target.partition(":")
    *holders, name = path.split(".")
    place: Any = import_module(module)
    for holder in holders:
        place = getattr(place, holder)
    whole = place.__dict__[name]
    setattr(place, name, value(whole))
    try:
        yield
    finally:
        setattr(place, name, whole)


def found_after(name: str, first: int = 0, most: int = MOST) -> tuple[int, str] | None:
    """How many worlds it takes until one breaks a promise only because of this; and which promise."""
    for count, seed in enumerate(range(first, first + most), start=1):
        world = draw(seed)
        with MUTATIONS[name].weaken():
            broken = broken_by(world)
        # A crash would only say that the engine was weakened clumsily.
        if broken and (new := broken - {"crash"} - broken_by(world)):
            return count, ", ".join(sorted(new))
    return None


# --- The rules -------------------------------------------------------------------------------------------------


@mutation("no wait for late effects", 3, "what is not there at once is taken as never having been sent")
def _no_settling() -> Iterator[None]:
    with patched("worlds.lives:PACE", lambda pace: {**pace, "settle": 0.0}):
        yield


@mutation("404 is an empty list", 4, "whatever the list says instead, nothing is there")
def _any_list() -> Iterator[None]:
    with patched("bwtui.api.reading:is_empty_list", lambda _whole: lambda _document: True):
        yield


@mutation("the stop is not heard", 8, "what is under way goes on")
def _deaf() -> Iterator[None]:
    with patched("bwtui.engine.pace:Pace.check", lambda _whole: lambda _self: None):
        yield


@mutation("every step is proven", 10, "what was read back counts as right")
def _no_proof() -> Iterator[None]:
    with (
        patched("bwtui.domain.findings:differences", lambda _whole: lambda *_: ()),
        patched("bwtui.domain.plan:differences", lambda _whole: lambda *_: ()),
    ):
        yield
