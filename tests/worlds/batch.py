"""Many worlds one after the other: what was tried, and what broke, cut down and ready to be kept."""

import gc
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from worlds.draw import draw
from worlds.shrink import literal, shrink
from worlds.trial import Trial, run_world
from worlds.world import World


@dataclass(slots=True)
class Tally:
    """The results of many worlds."""

    worlds: int = 0
    lives: int = 0
    requests: int = 0
    seconds: float = 0.0
    broken: dict[str, list[int]] = field(default_factory=dict)
    """The seeds by the invariant that they broke."""

    def add(self, seed: int, trial: Trial) -> None:
        self.worlds += 1
        self.lives += len(trial.lives)
        self.requests += len(trial.log)
        for fault in trial.faults:
            self.broken.setdefault(fault.invariant, []).append(seed)

    def merge(self, other: "Tally") -> None:
        self.worlds += other.worlds
        self.lives += other.lives
        self.requests += other.requests
        for invariant, seeds in other.broken.items():
            self.broken.setdefault(invariant, []).extend(seeds)


def try_seeds(seeds: Iterable[int]) -> Tally:
    """Let the worlds of these seeds happen."""
    gc.set_threshold(
        50_000, 20, 100
    )  # what a world leaves behind is looked through less often: a sixth of its time
    tally, began = Tally(), time.perf_counter()
    for seed in seeds:
        tally.add(seed, run_world(draw(seed)))
    tally.seconds = time.perf_counter() - began
    return tally


def told(tally: Tally, most: int = 3) -> Iterator[str]:
    """For each broken promise some seeds, how to replay one, and the smallest worlds that break it."""
    for invariant, seeds in sorted(tally.broken.items(), key=lambda item: -len(item[1])):
        yield f"{invariant}: broken by {len(seeds)} of {tally.worlds} worlds, seeds {', '.join(map(str, seeds[:8]))}"
        yield f"  again: PYTHONPATH=tests python -m worlds --seed {seeds[0]}"
        for world in _distinct(invariant, seeds[: 4 * most], most):
            yield from _told_of(world, invariant)


def _distinct(invariant: str, seeds: list[int], most: int) -> list[World]:
    found: dict[str, World] = {}
    for seed in seeds:
        world = shrink(draw(seed), invariant)
        found.setdefault(literal(world), world)
        if len(found) == most:
            break
    return list(found.values())


def _told_of(world: World, invariant: str) -> Iterator[str]:
    fault = next((fault for fault in run_world(world).faults if fault.invariant == invariant), None)
    yield from (f"  {line}" for line in literal(world).splitlines())
    yield f"    # {str(fault)[:400]}"


def course_of(world: World) -> Iterator[str]:
    """A world with every request and everything that was said."""
    yield literal(world)
    trial = run_world(world)
    for n, lived in enumerate(trial.lives):
        name = f"life {n + 1}" if n < len(world.lives) else "once the world behaves"
        yield f"--- {name}: from {lived.began:.2f} s to {lived.ended:.2f} s, exit {lived.code} {lived.error}"
        for entry in lived.log:
            late = "  AFTER THE STOP" if entry.stopped else ""
            yield f"{entry.at:9.2f}  {entry.method:4} {entry.path}  {entry.outcome}{late}"
        yield from (f"    | {line}" for line in lived.said)
    yield from (f"BROKEN {fault}" for fault in trial.faults)
