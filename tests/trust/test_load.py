"""Load: long waits, many numbers and many things on an account take time in proportion, and no memory beyond it."""

import asyncio
import time
import tracemalloc
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Final

import pytest

from bwtui.api.client import Clock
from bwtui.engine.pace import Pace
from bwtui.exits import Exit
from bwtui.simulator.records import Site
from bwtui.simulator.settings import Settings
from desk import QUICK, Desk
from engine.account import assert_finished
from support import guide_answers
from trust.share import Share, Tried

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
    at_hour: Callable[[int], None] = lambda _: None

    def time(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        before, self.now = self.now, self.now + seconds
        await asyncio.sleep(0)
        if before // HOUR != self.now // HOUR:
            self.at_hour(int(self.now // HOUR))


@dataclass(frozen=True, slots=True, kw_only=True)
class PaceOfADay(Pace):
    """Waits by that clock."""

    day: Day

    async def sleep(self, seconds: float) -> None:
        await self.day.sleep(seconds)


@pytest.mark.timeout(900)
async def test_an_order_that_takes_a_day_is_watched_without_growth(
    tmp_path: Path, tried: Tried, share: Share
) -> None:
    if share.shard:
        return
    hours = 24 if share.full else 3
    day = Day()
    desk = Desk(folder=tmp_path, settings=Settings(order_seconds=hours * HOUR))
    desk.world.clock = day.time
    desk.clock = Clock(monotonic=day.time, wall=day.time, sleep=day.sleep)
    seen: list[int] = []

    def measure(_: int) -> None:
        memory = tracemalloc.take_snapshot().filter_traces(OURS)
        seen.append(sum(statistic.size for statistic in memory.statistics("filename")))

    day.at_hour = measure
    tracemalloc.start()
    try:
        outcome = await desk.apply(pace=PaceOfADay(settle=0, day=day, clock=day.time, monotonic=day.time))
    finally:
        tracemalloc.stop()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(desk)
    assert len(seen) >= hours - 1
    growth = seen[-1] - seen[0]
    assert growth < 64 * 1024
    polls = sum(1 for entry in await desk.log() if "/orders/" in entry["path"])
    tried(
        "day",
        f"{hours} h, {polls:,} polls, {max(0, growth) // 1024} KiB more at the end than after the first hour",
    )


@pytest.mark.timeout(300)
async def test_five_thousand_numbers_are_one_order(tmp_path: Path, tried: Tried) -> None:
    desk = Desk(folder=tmp_path, answers=guide_answers(number__quantity="5000"))
    begun = time.monotonic()
    outcome = await desk.apply(timing=replace(QUICK, read=30, overall=60))
    taken = time.monotonic() - begun
    assert outcome.exit is Exit.DONE, outcome.said[-2000:]
    await assert_finished(desk, quantity=5000)
    size = desk.file.path.stat().st_size
    assert size < 1024 * 1024
    tried("numbers", f"{taken:.1f} s, simulator included; state file {size // 1024} KiB")


@pytest.mark.timeout(300)
async def test_a_thousand_sub_accounts_are_looked_through(tmp_path: Path, tried: Tried) -> None:
    desk = Desk(folder=tmp_path)
    for number in range(1000):
        id_ = str(900_000 + number)
        desk.world.sites[id_] = Site(id=id_, fields={"Name": f"Site {number}"}, address=None)
    begun = time.monotonic()
    outcome = await desk.apply(timing=replace(QUICK, read=30, overall=60))
    taken = time.monotonic() - begun
    assert outcome.exit is Exit.DONE, outcome.said
    assert len((await desk.state())["sites"]) == 1001
    tried("sites", f"{taken:.1f} s for the whole run")
