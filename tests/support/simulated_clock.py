"""A harness on a simulated clock: an account that is late, and a person who tries again at once; nothing really waits."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from bwtui.api.client import Clock, Timeouts
from bwtui.engine.waiting import Pace
from bwtui.simulator.settings import Platform, Settings
from support.guide import guide_answers
from support.in_process import ApplyOutcome, Harness
from worlds.loop import SimulatedLoop

EPOCH = 1_800_000_000.0


class LateHarness(Harness):
    """A harness whose runs wait as long as real ones do, by the clock of the loop that they run in."""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.account.clock = wall
        self.clock = Clock(monotonic=now, wall=wall, jitter=lambda: 0.0)

    async def waits(self, **changes: Any) -> ApplyOutcome:
        """Run `apply` with the waits that it really has."""
        pace = Pace(clock=wall, monotonic=now)
        return await self.apply(pace=pace, timing=Timeouts(), **changes)


def now() -> float:
    return asyncio.get_running_loop().time()


def wall() -> float:
    return EPOCH + now()


def live(main: Coroutine[Any, Any, None]) -> None:
    """Run to the end on a simulated clock."""
    loop = SimulatedLoop(0.0, longest=7200)
    task = loop.create_task(main)
    task.add_done_callback(lambda _: loop.stop())
    try:
        loop.run_forever()
        task.result()
    finally:
        for left in asyncio.all_tasks(loop):
            left.cancel()
        loop.call_soon(loop.stop)
        loop.run_forever()
        loop.close()


def late_harness(folder: Path, platform: Platform = "legacy") -> LateHarness:
    return LateHarness(
        folder=folder,
        settings=Settings(order_seconds=0, platform=platform),
        answers=guide_answers(account__platform=platform),
    )
