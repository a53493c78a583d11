"""Trials over a simulated account in this process: the real client, engine and file, on an account that is set up."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final

import pytest

from bwtui.api.client import Client, OAuth, token_url_for
from bwtui.connected_services import ConnectedServices
from bwtui.domain.runs.run_events import Event
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.trials.trial import Attempt, Ended, Trial, TrialEvent, TrialKind
from bwtui.domain.trials.trial_setup import Wish, trial_of
from bwtui.domain.values.documents import OnWait
from bwtui.domain.values.secret import Secret
from bwtui.engine.trials import FindFeed, no_feed
from bwtui.engine.waiting import Pace
from bwtui.exits import Exit
from bwtui.store.trial_file import TrialFile
from support.in_process import BASE_URL, QUICK, Harness, quick_pace

TO: Final = "+19195557777"
LONG: Final = 20.0
"""Seconds that no test waits for: what is waited for comes at once."""


@dataclass(kw_only=True)
class Trying:
    """A setup that is done, and what is tried with it."""

    harness: Harness
    find_feed: FindFeed = no_feed
    on_wait: OnWait | None = None
    pace: Pace = field(default_factory=quick_pace)
    events: list[TrialEvent] = field(default_factory=list)

    @property
    def file(self) -> TrialFile:
        return TrialFile(self.harness.folder, "default")

    def trial(self, kind: TrialKind = TrialKind.MESSAGE, **changes: Any) -> Trial:
        return trial_of(Wish(kind, TO, **changes), self.harness.answers, self.harness.run)

    @asynccontextmanager
    async def services(self) -> AsyncIterator[ConnectedServices]:
        def keep(_: Sequence[Event]) -> None:
            raise AssertionError("a trial changes nothing of the setup")

        client = Client(
            base_url=BASE_URL,
            credentials=OAuth("demo", Secret("demo-secret"), token_url_for(BASE_URL)),
            timing=QUICK,
            transport=self.harness.line(),
            clock=self.harness.clock,
            on_wait=self.on_wait,
        )
        async with client:
            yield ConnectedServices(client, self.pace, keep, journal=self.file, find_feed=self.find_feed)

    async def send(
        self, trial: Trial | None = None, wait: float = LONG, *, after: Attempt | None = None
    ) -> Ended:
        trial = trial or self.trial()
        async with self.services() as services:
            return await services.trials.send(trial, wait, self.events.append, after=after)

    async def follow(self, attempt: Attempt, wait: float = LONG) -> Ended:
        async with self.services() as services:
            return await services.trials.follow(attempt, wait, self.events.append)

    async def posts(self) -> list[str]:
        """The messages and calls that reached the account."""
        return [write for write in await self.harness.writes() if write.endswith(("/messages", "/calls"))]

    @property
    def accepted(self) -> int:
        """The messages and calls that the account has."""
        return len(self.harness.account.messages) + len(self.harness.account.calls)


def fill_disk(monkeypatch: pytest.MonkeyPatch, nth: int) -> None:
    """Make the disk full from the nth time on that something is written down of trials."""
    save, left = TrialFile.save, [nth]

    def full(file: TrialFile, attempt: Attempt) -> None:
        left[0] -= 1
        if left[0] <= 0:
            raise SaveError(
                "default.tries cannot be written: the disk is full. Make room on the disk, then run this again."
            )
        save(file, attempt)

    monkeypatch.setattr(TrialFile, "save", full)


async def set_up(harness: Harness) -> Trying:
    """Set the account up, and forget what that took."""
    assert (await harness.apply()).exit is Exit.DONE
    await harness.forget_log()
    return Trying(harness=harness)
