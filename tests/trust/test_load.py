"""Load: an order that takes a day, very many numbers and very many sub-accounts need neither endless time nor memory."""

import asyncio
import gc
import re
import sys
import time
import tracemalloc
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import pytest

from bwtui.api.client import Clock
from bwtui.engine.waiting import Pace
from bwtui.exits import Exit
from bwtui.simulator.resources import Site
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from support.cli_runner import CliRunner, held
from support.in_process import Harness
from support.write_faults import assert_finished
from trust.sampling import Tried

LINUX: Final = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")
MOST_MEBIBYTES: Final = 128
MEASURED: Final = """
import sys
from bwtui.__main__ import main
try:
    sys.exit(main())
finally:
    sys.stderr.write(open("/proc/self/status").read())
"""
"""A bwtui that tells in the end how much memory it had."""

HOUR: Final = 3600.0
OURS: Final = tuple(
    tracemalloc.Filter(inclusive=True, filename_pattern=f"*/{part}/*")
    for part in ("bwtui/api", "bwtui/engine", "bwtui/domain", "bwtui/store", "httpx", "httpcore", "anyio")
)
"""Whose memory is watched: the simulator is in the same process here, and remembers on purpose."""


@dataclass
class Day:
    """A clock that runs as fast as somebody waits by it."""

    now: float = field(default_factory=time.time)
    every_hour: Callable[[], Awaitable[None]] | None = None
    waits: int = 0

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        before, self.now, self.waits = self.now, self.now + seconds, self.waits + 1
        await asyncio.sleep(0)
        if self.every_hour and before // HOUR != self.now // HOUR:
            await self.every_hour()


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceOfADay(Pace):
    """Waits by that clock."""

    day: Day

    async def sleep(self, seconds: float) -> None:
        await self.day.sleep(seconds)


@pytest.mark.timeout(900)
async def test_an_order_that_takes_a_day_is_watched_without_growth(
    tmp_path: Path, tried: Tried, *, everything: bool
) -> None:
    hours = 24 if everything else 2
    day = Day()
    harness = Harness(folder=tmp_path, settings=Settings(order_seconds=hours * HOUR))
    harness.account.clock = day.time
    harness.clock = Clock(monotonic=day.time, wall=day.time, sleep=day.sleep)
    grown: list[int] = []

    async def hour() -> None:
        """Add up what is alive now and was made since the first hour, the simulator's memories aside."""
        await harness.forget_log()
        gc.collect()
        if tracemalloc.is_tracing():
            kept = tracemalloc.take_snapshot().filter_traces(OURS)
            grown.append(sum(statistic.size for statistic in kept.statistics("filename")))
        else:
            tracemalloc.start()

    day.every_hour = hour
    try:
        outcome = await harness.apply(
            pace=PaceOfADay(settle=0, attempt=0, visible=0, day=day, clock=day.time, monotonic=day.time)
        )
    finally:
        tracemalloc.stop()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(harness)
    assert len(grown) == hours - 1
    assert grown[-1] < 64 * 1024
    tried(
        "day",
        f"{day.waits:,} looks at it, {grown[-1] / 1024:.0f} KiB more in memory than after the first hour",
    )


@dataclass(frozen=True, slots=True)
class Measured:
    """The time and memory that one run of the real program took."""

    seconds: float
    mebibytes: int
    """The peak of its resident memory."""

    def __str__(self) -> str:
        return f"{self.seconds:.1f} s, {self.mebibytes} MiB at most"


def measured(runner: CliRunner) -> Measured:
    """Run `apply` to its end."""
    begun = time.monotonic()
    ended = runner.run("apply", "setup.toml", "--yes", launcher=(sys.executable, "-c", MEASURED)).told()
    assert ended.exit == 0, ended.err
    peak = re.search(r"VmHWM:\s+(\d+) kB", ended.err)
    assert peak
    return Measured(time.monotonic() - begun, int(peak[1]) // 1024)


@LINUX
def test_five_thousand_numbers_are_one_order(
    runner: CliRunner, simulator: RunningSimulator, tried: Tried
) -> None:
    runner.connect(simulator).example(('# quantity = "1"', 'quantity = "5000"'))
    took = measured(runner)
    state = held(simulator.origin)
    (order,) = state["orders"]
    (location,) = state["sippeers"]
    assert len(order["completed"]) == 5000
    assert {(number["status"], number["sippeer_id"]) for number in state["numbers"]} == {
        ("Inservice", location["id"])
    }
    assert len(state["numbers"]) == 5000
    assert took.mebibytes < MOST_MEBIBYTES
    tried("numbers", str(took))


@LINUX
def test_a_thousand_sub_accounts_are_looked_through(
    runner: CliRunner, simulator: RunningSimulator, tried: Tried
) -> None:
    for number in range(1000):
        id_ = str(900_000 + number)
        simulator.account.sites[id_] = Site(id=id_, fields={"Name": f"Site {number}"}, address=None)
    runner.connect(simulator).example()
    took = measured(runner)
    assert len(held(simulator.origin)["sites"]) == 1001
    assert took.mebibytes < MOST_MEBIBYTES
    tried("sites", str(took))
