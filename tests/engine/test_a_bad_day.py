"""Many things going wrong at once: running it again until it is done is all that a person has to do."""

import random
from pathlib import Path

import pytest

from bwtui.exits import Exit
from bwtui.simulator.fault_script import FaultScript, load
from support.in_process import Harness
from support.write_faults import WRITES, assert_explained, assert_finished, fault, fault_at

FAULTS = Path(__file__).parent / "faults"
LOOKS = ("/accounts/*/sites", "/accounts/*/sites/*", "/accounts/*/sites/*/sippeers", "/accounts/*/applications",
         "/accounts/*/orders", "/accounts/*/orders/*", "**/features/*", "**/origination/settings", "**/tns")  # fmt: skip
ACTIONS: tuple[dict[str, object], ...] = (
    {"action": "cut-before"},
    {"action": "cut-after"},
    {"action": "cut-reply"},
    {"action": "garbage"},
    {"action": "answer", "status": 500},
    {"action": "answer", "status": 500, "effect": True},
    {"action": "answer", "status": 502},
    {"action": "answer", "status": 201, "effect": True},
    {"action": "answer", "status": 401},
)


async def run_until_done(harness: Harness, most: int) -> int:
    """Run again and again; how often it took."""
    for runs in range(1, most + 1):
        outcome = await harness.apply()
        assert_explained(outcome)
        if outcome.exit is Exit.DONE:
            return runs
    raise AssertionError(outcome.said)


async def test_a_bad_day_ends_well(harness: Harness) -> None:
    harness.account.script = FaultScript(load(FAULTS / "bad_day.toml"))
    assert await run_until_done(harness, most=4) > 1
    met = [entry["fault"] for entry in await harness.log() if entry["fault"]]
    assert {"cut-after", "cut-reply", "garbage", "answer"} <= set(met)
    await assert_finished(harness, orders=len((await harness.state())["orders"]))


@pytest.mark.parametrize("seed", range(8))
async def test_whatever_comes_together_ends_well(harness: Harness, seed: int) -> None:
    chance = random.Random(seed)
    script = ""
    for _ in range(8):
        chosen = dict(chance.choice(ACTIONS))
        action = str(chosen.pop("action"))
        if chance.random() < 0.6:
            step = chance.choice(list(WRITES))
            script += fault_at(step, action, **{**chosen, "nth": chance.randint(1, 2)})
        else:
            chosen.pop("effect", None)
            fields = {**chosen, "nth": chance.randint(1, 3), "times": chance.randint(1, 5)}
            script += fault(action, method="GET", path=chance.choice(LOOKS), **fields)
    harness.fail(script)
    await run_until_done(harness, most=9)
    await assert_finished(harness)
