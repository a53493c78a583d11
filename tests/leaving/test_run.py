"""Leaving in the middle loses nothing: what is under way is waited for, nothing new is sent, the next run goes on."""

import asyncio
from dataclasses import dataclass, field
from fnmatch import fnmatch
from pathlib import Path

import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from bwtui.api.client import Timeouts
from bwtui.domain.runs.problem import OwnCode
from bwtui.engine.waiting import Pace
from bwtui.exits import Exit
from support.in_process import Harness, quick_pace
from support.write_faults import WRITES, assert_explained, assert_one_more_run_finishes, problems


@pytest.fixture
def harness(tmp_path: Path) -> Harness:
    return Harness(folder=tmp_path)


@dataclass
class Bell:
    """In front of the simulator: the person asks to leave when the `nth` write arrives, or the first look."""

    app: ASGIApp
    stop: asyncio.Event
    nth: int
    writes: int = 0
    late: list[str] = field(default_factory=list)
    """Writes that began after that."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"].startswith("/api/accounts/"):
            if self.stop.is_set() and scope["method"] != "GET":
                self.late.append(scope["path"])
            self.writes += scope["method"] != "GET"
            if self.writes == self.nth:
                self.stop.set()
        await self.app(scope, receive, send)


@dataclass
class Silence:
    """In front of the simulator: it never answers a request to `path`, and the person asks to leave when one arrives."""

    app: ASGIApp
    stop: asyncio.Event
    path: str

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] == "GET" and fnmatch(scope["path"], self.path):
            self.stop.set()
            await asyncio.get_running_loop().create_future()
        await self.app(scope, receive, send)


@pytest.mark.parametrize("path", ["/api/accounts/*/applications", "/api/accounts/*/applications/*"])
async def test_a_look_that_gets_no_answer_is_broken_off(harness: Harness, path: str) -> None:
    pace = quick_pace()
    harness.app = Silence(harness.app, pace.stop, path)  # type: ignore[assignment]
    outcome = await harness.apply(pace=pace, timing=Timeouts())
    assert outcome.exit is Exit.INTERRUPTED, outcome.said
    assert not problems(outcome)


async def test_leaving_while_it_looks_is_not_answered_by_a_plan_or_a_question(harness: Harness) -> None:
    pace = Pace()
    harness.app = Bell(harness.app, pace.stop, 0)  # type: ignore[assignment]
    outcome = await harness.apply(pace=pace)
    assert outcome.exit is Exit.INTERRUPTED
    assert [event["event"] for event in outcome.events] == ["platform", "result"]


@pytest.mark.parametrize("nth", range(len(WRITES) + 1))
async def test_leaving_at_any_write_sends_nothing_more_and_loses_nothing(harness: Harness, nth: int) -> None:
    pace = quick_pace()
    server = harness.app
    bell = Bell(server, pace.stop, nth)
    harness.app = bell  # type: ignore[assignment]
    outcome = await harness.apply(pace=pace)
    harness.app = server
    assert outcome.exit is Exit.INTERRUPTED, outcome.said
    assert "Nothing is lost: run the same command again to continue." in outcome.said
    assert outcome.result["status"] == "interrupted"
    assert {problem["code"] for problem in problems(outcome).values()} <= {OwnCode.UNSENT}
    assert_explained(outcome)
    assert not bell.late
    assert len(await harness.writes()) == nth
    pending = {key: record for key, record in harness.run.steps.items() if record.pending}
    assert not pending or (pending.keys() == {"number"} and pending["number"].orders[-1].order_id)
    await assert_one_more_run_finishes(harness)
    assert len(await harness.writes()) == len(WRITES)
