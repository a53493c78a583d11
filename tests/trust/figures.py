"""The figures of the trust suite: each test says what it tried, and the README has the table of a full run."""

import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Final

README: Final = Path(__file__).parents[2] / "docs" / "measurements.md"
MARK: Final = "<!-- survives -->"
_TABLE: Final = re.compile(rf"({MARK}\n)((?:\|.*\n)*)")

ROWS: Final[Mapping[str, tuple[str, str]]] = {
    "cuts": (
        "`apply` or the simulator, or both, killed (SIGKILL) at one write, fsync, rename or request boundary, then resumed",
        "one of each, one order, verified",
    ),
    "schedules": (
        "random schedules of several such deaths",
        "one of each, one order, verified",
    ),
    "wizard": (
        "the wizard, on screen, killed at one write or request boundary of its run",
        "the next `apply` completes one of each",
    ),
    "deaths": ("processes killed in all of these", "nothing lost, nothing twice"),
    "faults": (
        "one request of a run refused with each status and shape, cut, spoilt, hanging, misled",
        "explained in words; after one more run one of each",
    ),
    "pairs": (
        "two of those in one run or in two",
        "explained in words; after one more run one of each",
    ),
    "universal cuts": (
        "on the Universal Platform: one such death",
        "one of each, its number in one package, active, verified",
    ),
    "universal late": (
        "on the Universal Platform: late, lagging, paged or halved packages, numbers, checks and activations, alone or two at once; half of the runs cut off, then started again",
        "one of each, one number; done only where all is there and active",
    ),
    "late": (
        "an account that is late, lags, pages, answers in half, keeps values its own way or shows other numbers, at one request; half of the runs cut off, then started again",
        "one of each, one number; done only where all is there",
    ),
    "late pairs": (
        "two of those habits at once",
        "one of each, one number; done only where all is there",
    ),
    "clocks": (
        "the clock set by a day, either way, at one request of a run",
        "no wait without end; one of each",
    ),
    "canaries": (
        "places searched for secrets and tokens after success, refusal, crash and signals: files, streams, terminal, `/proc`",
        "none found",
    ),
    "addresses": (
        "addresses and redirects by which credentials could go elsewhere or in the clear",
        "refused; no byte was sent",
    ),
    "disks": (
        "the disk full, read-only or broken from one write on",
        "told; after one more run one of each",
    ),
    "damage": ("state files cut, overwritten or with one bit turned", "never taken for whole"),
    "attacks": (
        "links, pipes and folders in place of state files, open folders above",
        "refused; nothing followed or read",
    ),
    "hostile": (
        "hostile documents, packed replies, texts, ids and addresses",
        "refused or shown as text, within bounds of time and memory",
    ),
    "inputs": (
        "generated replies, tokens, answers files, state files and texts",
        "taken, or refused with an error of bwtui's own; nothing printed steers",
    ),
    "day": ("an order that takes 24 hours, watched by a simulated clock", "done; memory does not grow"),
    "numbers": ("5,000 numbers in one order", "done, verified"),
    "sites": ("an account with 1,000 sub-accounts", "looked through, done"),
    "keys": (
        "keys, resizes, dialogs and changes of screen in one showing of the wizard",
        "nothing lost; memory does not grow",
    ),
    "listener flood": ("callbacks posted to `bwtui listen` at once", "shown, none lost"),
    "listener bodies": (
        "bodies that are no event, are broken, nest without end or try to steer the terminal, and events of unknown types",
        "answered, shown as text; the next event is taken",
    ),
    "listener huge": (
        "bodies and headers that are too large, said so or not, or have no end",
        "refused (413, 400); none is shown",
    ),
    "listener slow": (
        "connections that send nothing, half a line or half a body, held open or reset",
        "cut when others need the room; no callback is kept out",
    ),
    "listener guesses": ("callbacks without the right callback credentials", "answered 401; nothing shown"),
}
"""By key: what was tried, and what it came to. A test fails where it came to anything else."""


def table(figures: Mapping[str, str]) -> str:
    """The table as the README has it; rows without a figure are left out."""
    rows = (f"| {what} | {figures[key]} | {came} |" for key, (what, came) in ROWS.items() if key in figures)
    return "\n".join(["| tried | how often | came to |", "|---|---|---|", *rows]) + "\n"


def figures_in(readme: str) -> dict[str, str]:
    """The figures that a README has; a row that is no longer one of ours is left out."""
    shown = re.findall(r"^\| (.+) \| (.+) \| (.+) \|$", _TABLE.split(readme)[2], re.MULTILINE)
    keys = {row: key for key, row in ROWS.items()}
    return {keys[what, came]: figure for what, figure, came in shown if (what, came) in keys}


def put_into(readme: str, figures: Mapping[str, str]) -> str:
    """The README with these figures in its table; a run that tried only a part leaves the others as they were."""
    new = table({**figures_in(readme), **figures})
    return _TABLE.sub(lambda found: found[1] + new, readme, count=1)


def add_up(properties: Iterable[tuple[str, object]]) -> dict[str, str]:
    """The figures that the tests told: counts are added, texts are taken as they are."""
    counts: dict[str, int] = {}
    texts: dict[str, str] = {}
    for name, value in properties:
        key = name.removeprefix("survives ")
        if key == name:
            continue
        if isinstance(value, int):
            counts[key] = counts.get(key, 0) + value
        else:
            texts[key] = str(value)
    return {**{key: f"{count:,}" for key, count in counts.items()}, **texts}
