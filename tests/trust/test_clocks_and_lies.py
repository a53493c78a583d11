"""A clock that is set while a run is in progress, and a line that lies about an order: no wait without end, no double."""

import asyncio
import time
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, Final

import httpx
import pytest

from bwtui.engine.waiting import Pace
from bwtui.exits import Exit
from support.in_process import QUICK, ApplyOutcome, Harness, quick_pace
from support.write_faults import WRITES, assert_explained, assert_finished, fault, fault_at
from trust.request_faults import PAGE
from trust.sampling import Sample, Tried

DAY: Final = 86_400.0
A_FEW: Final = 20


@dataclass(kw_only=True)
class SetClockHarness(Harness):
    """A harness whose clock is set, at one request of the run, by so many seconds."""

    at: int = 0
    by: float = 0.0
    skew: float = 0.0
    count: int = 0
    inner: httpx.ASGITransport = field(init=False)

    def line(self) -> httpx.AsyncBaseTransport:
        self.inner = httpx.ASGITransport(self.app)
        return httpx.MockTransport(self._carry)

    async def _carry(self, request: httpx.Request) -> httpx.Response:
        self.count += 1
        if self.count == self.at:
            self.skew += self.by
        return await self.inner.handle_async_request(request)

    async def hurried(self) -> ApplyOutcome:
        """One run, its waits short; it must not take longer because a clock was set."""
        pace = quick_pace(settle=0.1, attempt=0.1, visible=0.1, clock=lambda: time.time() + self.skew)
        async with asyncio.timeout(20):
            return await self.apply(pace=pace)


def settings_of_the_clock() -> Iterator[tuple[float, int, str]]:
    """Yield the seconds to set the clock by, the request at which that happens, and the write that is lost in the same run."""
    for by in (-DAY, DAY):
        for at in range(1, 30):
            yield by, at, ""
        for step in WRITES:
            yield by, 20, step
            yield by, 12, step


@pytest.mark.timeout(1200)
async def test_setting_the_clock_delays_no_run_and_makes_nothing_twice(
    tmp_path: Path, tried: Tried, sample: Sample
) -> None:
    for number, (by, at, lost) in enumerate(sample.of([*settings_of_the_clock()], A_FEW)):
        harness = SetClockHarness(folder=tmp_path / str(number), at=at, by=by)
        if lost:
            harness.fail(fault_at(lost, "cut-before"))
        outcome = await harness.hurried()
        assert_explained(outcome)
        harness.fail("")
        outcome = await harness.hurried()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(harness)
        tried("clocks", 1)


@pytest.mark.parametrize("step", WRITES)
async def test_a_write_that_was_lost_is_not_waited_for_until_the_old_time_comes_again(
    harness: Harness, step: str
) -> None:
    """The clock is set back between two runs, by a day: what was on its way before has settled all the same."""
    harness.fail(fault_at(step, "cut-before") + fault("cut-before", method="GET", path="**", nth=14, times=0))
    await harness.apply(
        pace=Pace(settle=0, attempt=0, visible=0, look=0.01, first_poll=0.01, clock=lambda: time.time() + DAY)
    )
    harness.fail("")
    async with asyncio.timeout(20):
        outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(harness)


LIES: Final[dict[str, dict[str, Any]]] = {
    "404 without a body": {"status": 404},
    "404 with a page": {"status": 404, "body": PAGE},
    "an empty list": {"status": 200, "body": ""},
    "403": {"status": 403},
}


@pytest.mark.parametrize("lie", LIES)
async def test_an_order_is_not_placed_again_because_a_line_says_there_is_none(
    harness: Harness, lie: str
) -> None:
    """Only a list that is one, and does not have the order, says that it never arrived."""
    harness.fail(
        fault_at("number", "cut-after")
        + fault("answer", method="GET", path="/accounts/*/orders", status=503, times=0)
    )
    first = await harness.apply(timing=replace(QUICK, attempts=1))
    assert first.exit is Exit.UNREACHABLE
    harness.fail(fault("answer", method="GET", path="/accounts/*/orders", times=0, **LIES[lie]))
    second = await harness.apply()
    assert_explained(second)
    harness.fail("")
    await harness.apply()
    await assert_finished(harness)
