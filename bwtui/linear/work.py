"""The work on the account: it connects, looks, acts and reads back, one thing at a time, and a signal lets it stop."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING, Self, TypeVar

from bwtui.domain.answers import uses_existing
from bwtui.domain.catalog import LOCATION, parent_of
from bwtui.domain.event_text import event_told
from bwtui.domain.progress import Progress, progress_of
from bwtui.domain.run import Failed, Stopped, Verified
from bwtui.domain.walk import TITLES
from bwtui.linear.conversation import Left
from bwtui.linear.wording import WORDING
from bwtui.services import stopping_text
from bwtui.setup_run import SetupRun

if TYPE_CHECKING:
    from collections.abc import Coroutine

    from bwtui.credentials import Login
    from bwtui.domain.account import Account, AvailableNumber, Candidate
    from bwtui.domain.actions import Plan
    from bwtui.domain.documents import Exchange
    from bwtui.domain.draft import AnswerDraft
    from bwtui.domain.run import Event
    from bwtui.domain.steps import Step
    from bwtui.linear.conversation import Conversation
    from bwtui.services import Services, WizardHost
    from bwtui.setup_run import Look

_T = TypeVar("_T")


class Work:
    """One setup at work. Everything may raise `ProblemError`, `SaveError` and, after a signal, `Left`."""

    def __init__(self, host: WizardHost, draft: AnswerDraft, talk: Conversation) -> None:
        self.host = host
        self.draft = draft
        self.account: Account | None = None
        """The account as it was read when connecting; `None` while not connected."""
        self.proof: Plan | None = None
        """The last verification; `None` before one, or after something changed."""
        self.exchanges: list[Exchange] = []
        self._talk = talk
        self._locations: dict[str, tuple[Candidate, ...]] = {}
        self._runner = asyncio.Runner()
        self._open = AsyncExitStack()
        self._services: Services | None = None
        self._setup: SetupRun | None = None
        self._seen_as: tuple[str, str, Login | None] = ("", "", None)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.run(self._open.aclose())
        self._runner.close()

    # --- connecting ---

    def connect(self, login: Login) -> Account:
        """Look at the account, unless that was done by the same person."""
        if not self.is_connected(login) or self.account is None:
            self.account = self._run(self._connect(login))
            self.draft.learn(self.account)
        return self.account

    def is_connected(self, login: Login | None) -> bool:
        """True if the account that was looked at is the one that is answered now, seen by the same person."""
        return self._services is not None and self._seen_as == self._seeing(login)

    def _seeing(self, login: Login | None) -> tuple[str, str, Login | None]:
        answers = self.draft.answers
        return answers.text("account.account_id"), answers.base_url, login

    async def _connect(self, login: Login) -> Account:
        await self.disconnect()
        answers = self.draft.answers
        async with AsyncExitStack() as opening:
            services = await opening.enter_async_context(
                self.host.connect(login, answers, self.exchanges.append, self._on_wait)
            )
            self._services = services  # a signal stops it
            try:
                account = await services.read_account(answers)
            except BaseException:
                self._services = None
                raise
            self._setup = SetupRun(services, self._on_event)
            self._seen_as = self._seeing(login)
            self._open = opening.pop_all()
        return account

    async def disconnect(self) -> None:
        """Close the connections; what was learnt by them is forgotten with them."""
        self.account, self.proof, self._services, self._setup = None, None, None, None
        self._locations.clear()
        await self._open.aclose()

    # --- looking ---

    def candidates(self, step: Step) -> tuple[Candidate, ...]:
        """List what a step could use instead of creating it."""
        if step != LOCATION:
            return self.account.candidates.get(step.key, ()) if self.account else ()
        parent = parent_of(step)
        used = uses_existing(parent, self.draft.answers) if parent else ""
        if used and used not in self._locations:
            self._locations[used] = self._run(self._connected.list_candidates(LOCATION, self.draft.answers))
        return self._locations.get(used, ())

    def search(self, quantity: int) -> tuple[AvailableNumber, ...]:
        """Search for numbers as answered."""
        return self._run(self._connected.search_numbers(self.draft.answers, quantity))

    def look(self) -> Look:
        """Find out what would have to be done; changes nothing."""
        return self._run(self._connected_setup.look(self.draft.answers, self.draft.run))

    def confirmed(self, agreed: Look) -> tuple[Look, bool]:
        """The look to act on after a yes, and true if that is what was agreed to."""
        return self._run(self._connected_setup.confirmed(agreed, self.draft.answers, self.draft.run))

    # --- acting ---

    def act(self, look: Look, *, pay: bool) -> None:
        """Carry out what a look has planned, without what costs money unless `pay`, then read everything back."""
        self.proof = None
        self._run(self._connected_setup.carry_out(look, self.draft.answers, self.draft.run, pay=pay))
        if progress_of(self.draft.answers, self.draft.run) is not Progress.INCOMPLETE:
            self._talk.say("Reading everything back.")
            self.proof = self._run(self._connected_setup.verify(self.draft.answers, self.draft.run))

    @property
    def is_proven(self) -> bool:
        """True if everything was read back here, is as it should be, and nothing has changed since."""
        is_done = progress_of(self.draft.answers, self.draft.run) is Progress.DONE
        return self.proof is not None and self.proof.is_proof and is_done

    def _on_event(self, event: Event) -> None:
        """Say what has happened, a line for each event."""
        self.draft.take(event)
        match event:
            case Verified():
                pass  # the proof is told, a line for each step
            case Failed(problem=problem):
                self._talk.say(f"{TITLES[event.step]}: failed. {WORDING.told(problem)}")
            case _ if told := event_told(event):
                self._talk.say(f"{TITLES[event.step]}: {told}")

    def _on_wait(self, _operation: str, seconds: float, reason: str) -> None:
        self._talk.say(f"Waiting up to {max(1, round(seconds))} s: {reason}")

    @property
    def _connected(self) -> Services:
        assert self._services, "connected before"
        return self._services

    @property
    def _connected_setup(self) -> SetupRun:
        assert self._setup, "connected before"
        return self._setup

    # --- stopping ---

    def _run(self, work: Coroutine[object, object, _T]) -> _T:
        """Do some work to its end. The first signal lets it stop by itself, a second one ends it at once."""
        try:
            return self._runner.run(self._until_signal(work))
        except (Stopped, asyncio.CancelledError):
            self._talk.leave_if_signalled()
            raise Left from None

    async def _until_signal(self, work: Coroutine[object, object, _T]) -> _T:
        loop, task = asyncio.get_running_loop(), asyncio.ensure_future(work)
        self._talk.on_signal = lambda: loop.call_soon_threadsafe(self._stop, task)
        self._stops = 0
        try:
            return await task
        finally:
            self._talk.on_signal = None

    def _stop(self, task: asyncio.Future[_T]) -> None:
        self._stops += 1
        if self._stops > 1 or not self._services:
            task.cancel()
            return
        self._services.stop()
        seconds = self._services.seconds_under_way()
        self._talk.say(f"{stopping_text(seconds)}; Ctrl+C again stops at once.")
