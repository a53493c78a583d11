"""The engine with one of its rules taken out, to see that the worlds find it.

Each mutation is a context manager that weakens the product while it is open; `found_after` counts the worlds until a
promise is broken that the whole engine keeps in the same world. What to patch is named as `module:attribute`.
"""

import math
import operator
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final

from bwtui.api.wire import many
from bwtui.domain.catalog_universal import VOICE_PACKAGE
from bwtui.domain.platform import FoundPlatform, Platform
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.run import Status
from bwtui.engine.number_services import PARTIAL
from worlds.draw import draw
from worlds.shrink import broken_by
from worlds.world import World

MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Mutation:
    """One rule taken out."""

    rule: int
    """Its number in the list of promises."""
    without: str
    """The rule that is missing then, in words."""
    weaken: Callable[[], AbstractContextManager[None]]


MUTATIONS: Final[dict[str, Mutation]] = {}
FOUND_AFTER: Final = {
    "fresh numbers after a lost order": 82,
    "COMPLETE is taken at its word": 179,
    "a refused copy is all there is": 2_399,
    "no wait for late effects": 45,
    "the first page of anything": 29,
    "names as they were typed": 5,
    "a failure is forgotten": 1_026,
    "what is made is visible at once": 32,
    "the stop is not heard": 13,
    "the client hears of no stop": 93,
    "an old look is good enough": 364,
    "every step is proven": 37,
    "a new password is not noticed": 65,
    "streets letter by letter": 199,
    "403 ends the look": 58,
    "unknown answers are dropped": 76,
    "a platform is guessed": 74,
    "a package is not looked for": 29,
    "the first page of packages": 187,
    "VCS-0044 is final": 677,
    "any 2xx is a success": 44,
    "an activation is not watched": 304,
    "the checker is not asked": 8,
    "numbers that come are forgotten": 599,
}
"""Worlds until each mutation was found, from seed 0, measured by `PYTHONPATH=tests python -m worlds --mutations`."""
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
    14: "an upgrade loses nothing",
    15: "the platform is not guessed",
    16: "a package is looked for by its name before it is created",
    17: "a number that was just ordered is waited for",
    18: "a success for some numbers is none for the others",
    19: "an activation is watched to its end",
    20: "services are proven by the checker",
    21: "numbers that come are seen to as well",
}
"""The rules that are taken out, one by one."""


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
    """Count the worlds until one breaks a promise only because of this; return the count and the promise."""
    for count, seed in enumerate(range(first, first + most), start=1):
        if broken := broken_without(name, draw(seed)):
            return count, ", ".join(sorted(broken))
    return None


def broken_without(name: str, world: World) -> set[str]:
    """The promises that the weakened engine breaks in this world, and the whole engine keeps."""
    with MUTATIONS[name].weaken():
        broken = broken_by(world)
    # A crash would show a clumsy mutation, and not a broken promise.
    broken -= {"crash"}
    return broken - broken_by(world) if broken else set()


# --- The rules -------------------------------------------------------------------------------------------------


@mutation("fresh numbers after a lost order", 1, "what a lost order asked for is not ordered again first")
def _fresh_numbers() -> Iterator[None]:
    def without(whole: Any) -> Any:
        return lambda *told: whole(*told)._replace(to_reorder=())

    with (
        patched("bwtui.engine.number_order:tally", without),
        patched("bwtui.engine.survey:tally", without),
        patched("bwtui.domain.planning.order_plan:tally", without),
    ):
        yield


@mutation("COMPLETE is taken at its word", 2, "an order that does not account for its numbers is settled")
def _all_accounted_for() -> Iterator[None]:
    with patched("bwtui.domain.runs.run:Order.unaccounted", lambda _whole: property(lambda _self: ())):
        yield


@mutation(
    "a refused copy is all there is",
    2,
    "an order that was refused is replaced without asking whether it came twice",
)
def _no_copies() -> Iterator[None]:
    async def none(*_: Any, **__: Any) -> None:
        return None

    with patched("bwtui.engine.order_look_up:OrderLookUp.copy", lambda _whole: none):
        yield


@mutation("no wait for late effects", 3, "what is not there at once is taken as never having been sent")
def _no_settling() -> Iterator[None]:
    with patched("worlds.bwtui_run:PACE", lambda pace: {**pace, "settle": 0.0, "attempt": 0.0}):
        yield


@mutation("the first page of anything", 4, "a list ends where its first page does, and any answer is one")
def _any_list() -> Iterator[None]:
    async def first_page(client: Any, request: Any, *, items: str, **_: Any) -> Any:
        return many((await client.send(request)).document, *items.split("/"))

    with (
        patched("bwtui.engine.list_reader:read_list", lambda _whole: first_page),
        patched("bwtui.engine.order_look_up:read_list", lambda _whole: first_page),
    ):
        yield


@mutation("names as they were typed", 5, "blanks and Unicode forms make another name")
def _as_typed() -> Iterator[None]:
    def plain(left: str, right: str) -> bool:
        return left.casefold() == right.casefold()

    with (
        patched("bwtui.engine.look_up:is_same", lambda _whole: plain),
        patched("bwtui.engine.order_look_up:is_same", lambda _whole: plain),
    ):
        yield


@mutation("a failure is forgotten", 6, "that an attempt was unclear is not remembered once it has ended")
def _no_evidence() -> Iterator[None]:
    def pending(step: Any) -> bool:
        return step.status is Status.STARTED

    with patched("bwtui.domain.runs.run:StepState.pending", lambda _whole: property(pending)):
        yield


@mutation("what is made is visible at once", 7, "what does not show is taken as removed, or as wrong")
def _visible_at_once() -> Iterator[None]:
    with patched("worlds.bwtui_run:PACE", lambda pace: {**pace, "visible": 0.0}):
        yield


@mutation("the stop is not heard", 8, "what is under way goes on")
def _deaf() -> Iterator[None]:
    async def to_the_end(_pace: Any, looking: Any) -> Any:
        return await looking

    with (
        patched("bwtui.engine.waiting:Pace.check", lambda _whole: lambda _self: None),
        patched("bwtui.engine.waiting:Pace.look_until_stopped", lambda _whole: to_the_end),
        patched("bwtui.api.client:Client.stop_when", lambda _whole: lambda *_: None),
    ):
        yield


@mutation("the client hears of no stop", 8, "what was refused, or waits for a token, is sent after the stop")
def _eager() -> Iterator[None]:
    with patched("bwtui.api.client:Client.stop_when", lambda _whole: lambda *_: None):
        yield


@mutation("an old look is good enough", 9, "nobody looks again however long the question about money waits")
def _never_stale() -> Iterator[None]:
    with patched("bwtui.setup_run:FRESH", lambda _whole: math.inf):
        yield


@mutation("every step is proven", 10, "what was read back counts as right")
def _no_proof() -> Iterator[None]:
    with (
        patched("bwtui.domain.account.findings:differences", lambda _whole: lambda *_: ()),
        patched("bwtui.domain.planning.plan:differences", lambda _whole: lambda *_: ()),
    ):
        yield


@mutation("a new password is not noticed", 11, "what cannot be read back is never sent again")
def _all_sent() -> Iterator[None]:
    with patched("bwtui.engine.look_up:LookUp._unsent", lambda _whole: lambda *_: ()):
        yield


@mutation("streets letter by letter", 12, "a street that the API divides or abbreviates is another street")
def _street_as_sent() -> Iterator[None]:
    with (
        patched("bwtui.domain.account.findings:is_same_street", lambda _whole: operator.eq),
        patched("bwtui.domain.planning.stored_spellings:_may_be_kept", lambda _whole: lambda *_: False),
    ):
        yield


@mutation("403 ends the look", 13, "numbers that may not be read stop everything")
def _must_be_readable() -> Iterator[None]:
    def strict(whole: Any) -> Any:
        async def located(looker: Any) -> Any:
            found, refused = await whole(looker)
            if refused:
                raise ProblemError(refused)
            return found, refused

        return located

    with patched("bwtui.engine.order_look_up:OrderLookUp.located", strict):
        yield


@mutation("unknown answers are dropped", 14, "an answer that this version does not know is not written back")
def _nothing_carried() -> Iterator[None]:
    def forgetful(whole: Any) -> Any:
        return lambda *told: (whole(*told)[0], {})

    with patched("bwtui.store.state_format:_answers", forgetful):
        yield


# --- The Universal Platform ------------------------------------------------------------------------------------


@mutation("a platform is guessed", 15, "whatever is no list of packages makes a legacy account")
def _legacy_if_in_doubt() -> Iterator[None]:
    def guess(*_: Any) -> FoundPlatform:
        return FoundPlatform(Platform.LEGACY)

    with patched("bwtui.engine.platform:_after_refusal", lambda _whole: guess):
        yield


@mutation("a package is not looked for", 16, "whatever the list of packages shows, a new one is created")
def _no_package_is_there() -> Iterator[None]:
    def without(whole: Any) -> Any:
        async def listed(looker: Any, step: Any, found_by: Any) -> Any:
            return [] if step is VOICE_PACKAGE else await whole(looker, step, found_by)

        return listed

    with patched("bwtui.engine.look_up:LookUp._list", without):
        yield


@mutation(
    "the first page of packages", 4, "a list in JSON ends where its first page does, and any answer is one"
)
def _any_json_list() -> Iterator[None]:
    async def first_page(client: Any, request: Any) -> Any:
        return many((await client.send(request)).document, "data")

    with patched("bwtui.engine.list_reader:read_json_list", lambda _whole: first_page):
        yield


@mutation("VCS-0044 is final", 17, "a number that cannot be used yet is given up")
def _never_provisioned() -> Iterator[None]:
    with patched(
        "bwtui.engine.number_services:_passes", lambda whole: lambda told: told.status != 400 and whole(told)
    ):
        yield


@mutation("any 2xx is a success", 18, "errors beside a success are not read")
def _all_or_nothing() -> Iterator[None]:
    def without(whole: Any) -> Any:
        async def assigned(services: Any, numbers: Any) -> Any:
            try:
                refused = await whole(services, numbers)
            except ProblemError as error:
                refused = error.problem
                if refused.status not in PARTIAL:
                    raise
            return None if refused and refused.status in PARTIAL else refused

        return assigned

    with patched("bwtui.engine.number_services:NumberServices._assign_once", without):
        yield


@mutation("an activation is not watched", 19, "what was ordered is taken as done")
def _ordered_is_done() -> Iterator[None]:
    async def at_once(*_: Any) -> str:
        return "COMPLETE"

    with patched("bwtui.engine.number_services:NumberServices._watch", lambda _whole: at_once):
        yield


@mutation("the checker is not asked", 20, "a number in the package counts as served")
def _in_service() -> Iterator[None]:
    with patched("bwtui.domain.planning.voice_plan:_is_active", lambda _whole: lambda *_: True):
        yield


@mutation(
    "numbers that come are forgotten", 21, "what has nothing to do for the numbers there has nothing to do"
)
def _only_those_there() -> Iterator[None]:
    with patched("bwtui.domain.planning.plan:_with_coming", lambda _whole: lambda action, *_: action):
        yield
