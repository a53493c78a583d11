"""A world that fails, cut down to the smallest one that still breaks the same promise; and as text to be kept."""

from collections.abc import Callable, Iterator
from dataclasses import fields, replace
from typing import Any

from worlds.trial import run_world
from worlds.world import Life, Quirk, World

MOST_TRIES = 400


def shrink(world: World, invariant: str, broken: Callable[[World], set[str]] | None = None) -> World:
    """Take away whatever is not needed, one thing after the other, until nothing can go."""
    broken = broken or broken_by
    tries = 0
    smaller = True
    while smaller and tries < MOST_TRIES:
        smaller = False
        for candidate in _smaller(world):
            tries += 1
            if invariant in broken(candidate):
                world, smaller = candidate, True
                break
            if tries >= MOST_TRIES:
                break
    return world


def broken_by(world: World) -> set[str]:
    """The promises that a world breaks."""
    return {fault.invariant for fault in run_world(world).faults}


def _smaller(world: World) -> Iterator[World]:
    for n in range(len(world.lives) if len(world.lives) > 1 else 0):
        yield replace(world, lives=_without(world.lives, n))
    for n in range(len(world.quirks)):
        yield replace(world, quirks=_without(world.quirks, n))
    if world.seed:
        yield replace(world, seed=0)
    if world.universal:
        yield replace(world, universal=False)
    for n, life in enumerate(world.lives):
        for simpler in _simpler_life(life):
            yield replace(world, lives=_with(world.lives, n, simpler))
    for n, quirk in enumerate(world.quirks):
        for simple in _simpler_quirk(quirk):
            yield replace(world, quirks=_with(world.quirks, n, simple))


def _without(items: tuple[Any, ...], n: int) -> tuple[Any, ...]:
    return items[:n] + items[n + 1 :]


def _with(items: tuple[Any, ...], n: int, item: Any) -> tuple[Any, ...]:
    return (*items[:n], item, *items[n + 1 :])


def _simpler_life(life: Life) -> Iterator[Life]:
    usual = Life()
    for field in fields(life):
        if getattr(life, field.name) != getattr(usual, field.name):
            yield replace(life, **{field.name: getattr(usual, field.name)})


def _simpler_quirk(quirk: Quirk) -> Iterator[Quirk]:
    if quirk.nth > 1:
        yield replace(quirk, nth=1)
    if isinstance(quirk.value, float) and quirk.value > 1:
        yield replace(quirk, value=float(int(quirk.value / 2)))
    if isinstance(quirk.value, tuple) and isinstance(quirk.value[-1], float) and quirk.value[-1] > 1:
        yield replace(quirk, value=(*quirk.value[:-1], float(int(quirk.value[-1] / 2))))


# --- As text ---


def literal(world: World) -> str:
    """The world as Python, without what is as usual."""
    parts = []
    if world.quirks:
        parts.append(f"    quirks=({''.join(f'{_quirk(q)}, ' for q in world.quirks).strip()}),")
    if world.lives != (Life(),):
        parts.append(f"    lives=({''.join(f'{_short(life)}, ' for life in world.lives).strip()}),")
    if world.seed:
        parts.append(f"    seed={world.seed},")
    if world.universal:
        parts.append("    universal=True,")
    return "World(\n" + "\n".join(parts) + "\n)" if parts else "World()"


def _quirk(quirk: Quirk) -> str:
    value = "" if quirk.value is None else f", {quirk.value!r}"
    return f'Quirk("{quirk.on}", "{quirk.what}"{value}{f", nth={quirk.nth}" if quirk.nth else ""})'


def _short(life: Life) -> str:
    usual = Life()
    told = [
        f"{field.name}={getattr(life, field.name)!r}"
        for field in fields(life)
        if getattr(life, field.name) != getattr(usual, field.name)
    ]
    return f"Life({', '.join(told)})"
