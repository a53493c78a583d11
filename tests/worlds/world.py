"""A world: how an account behaves, what is wanted of it, and how the lives of the process end. Frozen, and readable.

    World(
        quirks=(Quirk("order create", "late", (12, 16), nth=1), Quirk("order list", "lag", 15)),
        lives=(Life(ends=Death("request", 9, "after")), Life()),
    )

Without quirks an account behaves well, so that a world is cut down by taking quirks and lives away. `quirks.py` says
what each quirk means and from what it is drawn.
"""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Quirk:
    """One way in which the account is not as one would wish."""

    on: str
    """The operation: `order create`, `site list`; `account` for what holds everywhere."""
    what: str
    value: Any = None
    """Seconds mostly."""
    nth: int = field(default=0, kw_only=True)
    """Only the so-maniest request of this operation in the world; 0 for every one."""


@dataclass(frozen=True, slots=True)
class Death:
    """The process is killed (SIGKILL, a power cut)."""

    on: str
    """`request`, `write` (of the state file) or `time`."""
    at: float
    """The so-maniest of the life, or the seconds since its beginning."""
    when: str = "before"
    """For a request `before` it is sent, `after` it was sent, or once it was `answered`; for a write before or after."""


@dataclass(frozen=True, slots=True)
class Stop:
    """The person leaves (Ctrl+C, SIGTERM), and asks once more `again` seconds later if that is not 0."""

    on: str
    """`request` or `time`."""
    at: float
    again: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One run of `bwtui apply`."""

    pause: float = 0.0
    """Seconds since the end of the life before."""
    meanwhile: tuple[str, ...] = ()
    """Changes that somebody makes in the App before this life (`other_people.py`)."""
    answers: tuple[str, ...] = ()
    """Answers that the person changes from now on (`setups_wanted.py`)."""
    says: str = "yes"
    """To the question about money: `yes`, `no`, or `slow` for a yes after a minute."""
    during: tuple[str, ...] = ()
    """Changes that somebody makes in the App while a slow person thinks."""
    clock: float = 0.0
    """Seconds by which the machine's clock is wrong: slow, since one that is fast cannot be told from time that has passed."""
    ends: Death | Stop | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All that decides what happens."""

    quirks: tuple[Quirk, ...] = ()
    lives: tuple[Life, ...] = (Life(),)
    seed: int = 0
    """The seed of ids and of the order of shuffled searches."""
    universal: bool = False
    """True for an account on the Universal Platform: voice by packages, services that are activated (`packages.py`)."""
