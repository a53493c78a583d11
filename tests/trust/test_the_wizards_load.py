"""The wizard may stay open: keys, resizes, dialogs and changes of screen leave nothing behind in memory."""

import gc
import time
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from statistics import median
from typing import Final

import pytest
import rich.style
import textual.style

from bwtui.tui.app import _import_what_comes_next
from support.guide import guide_answers
from support.wizard_pilot import ShownWizard, WizardHarness
from trust.sampling import Tried

SIZES: Final = ((120, 40), (40, 12), (80, 24))
VALUES: Final = (textual.style.Style, rich.style.Style, Fraction, tuple)
"""What Textual's caches of styles and layouts fill with, up to limits of their own; what leaks holds more than these."""
MOST_OBJECTS: Final = 100
"""Other objects that a round may leave behind. A dialog that stays has some 1,500."""

A_FEW_OBJECTS: Final = 50
"""The same once those caches are full, which takes more rounds than a usual run has."""


async def knock_about(show: ShownWizard) -> int:
    """Everything that makes widgets, or work for them, once; give how many keys and resizes that was."""
    typed = "A name that is longer than ten"
    await show.press("end", *typed, *["backspace"] * len(typed))
    for size in SIZES:
        await show.resize(*size)
    for over in ("f1", "ctrl+g", "ctrl+c"):
        await show.press(over)
        await show.press("escape")
    await show.press("ctrl+t", "ctrl+l")
    here = show.place
    await show.press("ctrl+n")
    await show.go(here)
    return 2 * len(typed) + 1 + len(SIZES) + 9


@pytest.mark.timeout(1800)
async def test_the_wizard_does_not_grow_with_keys_and_resizes(
    tmp_path: Path, tried: Tried, *, everything: bool
) -> None:
    most = 10_000 if everything else 300
    _import_what_comes_next()  # now, not in a thread and some time later
    begun = time.monotonic()
    async with WizardHarness(folder=tmp_path).show(answers=guide_answers(), at="site") as show:
        for _ in range(3):  # until everything that is made only once has been made
            await knock_about(show)
        keys, alive = 0, [live_objects()]
        while keys < most:
            keys += await knock_about(show)
            alive.append(live_objects())
        assert show.answer("site.name") == "SetupTest"
    each_round = [after - before for before, after in pairwise(alive)]
    assert median(each_round) < MOST_OBJECTS, each_round
    quarter = max(1, len(alive) // 4)
    late, before = median(alive[-quarter:]), median(alive[-2 * quarter : -quarter])
    if everything:
        assert late - before < quarter * A_FEW_OBJECTS, alive
    seconds, more = time.monotonic() - begun, max(0, round(late - median(alive[:quarter])))
    tried("keys", f"{keys:,} in {seconds:.0f} s, {more:,} more objects in its last quarter than in its first")


def live_objects() -> int:
    """Count the objects that can hold others, which is the kind that leaks, but no mere values."""
    gc.unfreeze()
    gc.collect()
    return sum(not isinstance(one, VALUES) for one in gc.get_objects())
