"""One setup at work, without a widget: it connects, looks, acts and proves, and holds what came of it."""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from enum import Enum, auto
from functools import partial
from typing import TYPE_CHECKING

from bwtui.domain.answers.answers import ACCOUNT_ID, wanted_steps
from bwtui.domain.answers.validation import Complaint
from bwtui.domain.catalog import LOCATION, PAID_STEP
from bwtui.domain.planning.progress import Progress, is_applied, waiting
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.problem import Kind, Problem, ProblemError, Stopped
from bwtui.domain.runs.run import Status
from bwtui.domain.runs.run_events import Verified
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.steps import Step
from bwtui.domain.values.hosts import host_of
from bwtui.domain.walk.draft import obstacle_complaint
from bwtui.services import WizardHost
from bwtui.setup_work import SetupWork
from bwtui.tui.draft import Draft
from bwtui.tui.places import CONNECT, DONE, PlaceStatus
from bwtui.tui.wait_status import WaitStatus

if TYPE_CHECKING:  # the first screen is soon there because what it does not need is imported later
    from collections.abc import AsyncIterator, Iterable

    from bwtui.domain.account.account import AvailableNumber, Candidate
    from bwtui.domain.account.findings import Survey
    from bwtui.domain.arrival.arrival import Arrival
    from bwtui.domain.callbacks.callback_check import CallbackUrl
    from bwtui.domain.planning.actions import Plan
    from bwtui.domain.runs.run_events import Event
    from bwtui.domain.teardown.teardown import RemovalLook, RemovalPlan
    from bwtui.domain.values.documents import Exchange
    from bwtui.domain.walk.existing_setup import ExistingSetup
    from bwtui.setup_run import Look


class Phase(Enum):
    """The phases of the wizard's work with the account."""

    IDLE = auto()
    CONNECTING = auto()
    LOOKING = auto()
    ACTING = auto()
    PROVING = auto()
    REMOVING = auto()


class Workflow(SetupWork):
    """Everything behind the screens. `on_change` is called whenever something that they show has changed."""

    draft: Draft

    def __init__(self, host: WizardHost, draft: Draft, bookmark: Bookmark) -> None:
        super().__init__(host, draft, bookmark, on_event=self._after_event, on_wait=self._has_to_wait)
        self.phase = Phase.IDLE
        self.found: tuple[AvailableNumber, ...] | None = None
        """The result of the last search; `None` before there was one."""
        self._searched_as: tuple[str, ...] = ()
        """The answers of the last search."""
        self.has_news = False
        """A run has ended in a proof that nobody has seen yet."""
        self.problem: Problem | None = None
        """The problem of the last phase, if it belongs to no step."""
        self.playing = ""
        """The title while the demo walks by itself; else empty."""
        self._waits = WaitStatus()
        self._look: Look | None = None
        """The last look at the account; `None` while there is none, or once its plan was carried out."""
        self._arrivals: tuple[Plan | None, tuple[Arrival, ...]] | None = None
        """The verdicts of messages and calls, with the verification after which they were read; `None` while unread."""
        self.trial_phone = ""
        """The phone that was tried last, as it was typed; kept while the wizard runs."""
        self.trial_lines: list[str] = []
        """What was told of every message and call that was tried."""
        self._busy = asyncio.Lock()
        """Held during a phase: a cancelled one may still be closing the connection that the next one opens."""

    # --- who and where ---

    @property
    def whose(self) -> tuple[str, ...]:
        """The account and the host, for the title: in full, and for where there is less room."""
        wrong = {complaint.key for complaint in self.draft.blocking(CONNECT)}
        account_id = "" if ACCOUNT_ID in wrong else self.draft.answers.account_id
        if self.playing:
            return (self.playing,)
        briefly = f"account {account_id}" if account_id else ""
        name = f"{briefly} {self.account.company}".rstrip() if briefly and self.account else briefly
        if self.host.is_demo:
            return tuple("  ".join(filter(None, ("DEMO, nothing is real", text))) for text in (name, briefly))
        is_sound = bool(briefly) and not wrong
        at = f" at {host_of(self.draft.answers.base_url)}" if is_sound else ""
        return f"{name}{at}", f"{briefly}{at}", briefly

    def mark(self, place: str) -> PlaceStatus:
        """Return the status of a screen: answers alone neither connect nor prove anything."""
        mark = self.draft.mark(place)
        if place == CONNECT and mark is PlaceStatus.COMPLETE and not self.is_connected:
            return PlaceStatus.PROBLEM if self.problem else PlaceStatus.TO_DO
        return PlaceStatus.DONE if place == DONE and self.is_proven else mark

    @property
    def steps(self) -> tuple[Step, ...]:
        return wanted_steps(self.draft.answers)

    # --- connecting ---

    async def connect(self) -> None:
        """Get a token and look at the account; what stands in the way is in `problem`."""
        async with self._during(Phase.CONNECTING):
            self.forget()
            if not self.draft.answers.account_id:
                await self.suggest_account()
            await self.open()

    @property
    def is_connecting(self) -> bool:
        """True while just what is answered now is being tested."""
        return self.phase is Phase.CONNECTING and self._is_for_now

    def forget(self) -> None:
        """Forget what was seen of an account."""
        super().forget()
        self._look, self.found, self._arrivals = None, None, None

    async def read_locations(self, site_id: str) -> tuple[Candidate, ...]:
        """List the locations of a sub-account; none where they cannot be read: `problem` says why."""
        async with self._during(Phase.LOOKING):
            return await self.find_locations_of(site_id)
        return ()

    async def start_from(self, site_id: str, sippeer_id: str) -> ExistingSetup | None:
        """Take the answers of what is on the account, and return it; `None` and `problem` where it cannot be read."""
        async with self._during(Phase.LOOKING):
            existing = await self.begin_with(site_id, sippeer_id)
            self._look = None
            return existing
        return None

    async def search(self, quantity: int) -> None:
        """Search for numbers as answered. Raises `ProblemError`."""
        self.found, self._searched_as = None, self._search_answers
        self.found = await self.services.search_numbers(self.draft.answers, quantity)
        self.on_change()

    @property
    def is_search_another(self) -> bool:
        """True if other numbers would be searched for now than at the last search."""
        return self._searched_as != self._search_answers

    @property
    def _search_answers(self) -> tuple[str, ...]:
        return tuple(self.draft.answers.text(PAID_STEP.key_of(part.key)) for part in PAID_STEP.query)

    async def check_callbacks(self, callbacks: Iterable[CallbackUrl]) -> None:
        """Try callback URLs, one after another."""
        for callback in callbacks:
            await self.check_callback(callback)

    # --- looking and acting ---

    async def look(self) -> None:
        """Find out what would have to be done: the plan, or `problem`."""
        self._look = None  # what an earlier look showed may no longer be so
        async with self._during(Phase.LOOKING):
            look = await self.setup_run.look(self.draft.answers, self.draft.run)
            if self.can_look_up(LOCATION):
                await self.find_candidates(LOCATION)
            self._look = look

    async def is_still_agreed(self, shown: Plan) -> bool:
        """Check that the plan that was agreed to is what would be done now; look again if the last look is too old."""
        look, answers, is_agreed = self._look, self.draft.answers, False
        if look:
            async with self._during(Phase.LOOKING):
                self._look = None
                self._look, is_agreed = await self.setup_run.confirmed(look, answers, self.draft.run, shown)
        return is_agreed and self.draft.answers == answers

    @property
    def survey(self) -> Survey | None:
        """The findings of the last look."""
        return self._look.survey if self._look else None

    @property
    def plan(self) -> Plan | None:
        """The plan of the last look."""
        return self._look.plan if self._look else None

    @property
    def numbers_to_order(self) -> tuple[str, ...]:
        """The numbers that the plan would order."""
        return self._look.numbers if self._look else ()

    @property
    def obstacles(self) -> tuple[Complaint, ...]:
        """List what keeps the plan from being carried out, each with the question to go to."""
        from bwtui.tui.error_text import advised  # noqa: PLC0415 - the first screen does not need the long table

        found = self._look.obstacles if self._look else ()
        return tuple(obstacle_complaint(obstacle, advised) for obstacle in found)

    async def act(self, *, pay: bool) -> None:
        """Carry the plan out, without what costs money unless `pay`, then read everything back."""
        assert self._look, "it was looked at before"
        look, answers = self._look, self.draft.answers  # those of later may be others
        self._look = self.proof = self._arrivals = None  # a plan is carried out once
        async with self._during(Phase.ACTING):
            await self.carry_out(look, answers, pay=pay, before_proof=partial(self._enter, Phase.PROVING))
            self.has_news = self.is_proven

    async def prove(self) -> None:
        """Read everything back."""
        async with self._during(Phase.PROVING):
            await self.verify()

    async def read_arrivals(self) -> None:
        """Read whether messages and calls will arrive; they are unknown until then."""
        proof = self.proof
        try:
            read = await self.services.read_arrivals(self.draft.answers, self.draft.run)
        except (ProblemError, Stopped):
            read = ()
        self._arrivals = (proof, read)
        self.on_change()

    @property
    def arrivals(self) -> tuple[Arrival, ...] | None:
        """The verdicts of messages and calls, read since the last verification; `None` while they were not."""
        if self._arrivals is None or not self.is_connected or self._arrivals[0] is not self.proof:
            return None
        _, read = self._arrivals
        from bwtui.domain.arrival.arrival import as_checked  # noqa: PLC0415 - nothing is read for the first screen

        return as_checked(read, self.callbacks.doubt_about_calls(self.draft.answers))

    async def look_for_removal(self) -> RemovalLook | None:
        """Find out what the setup has made that is still there; `None` and `problem` if that cannot be read."""
        async with self._during(Phase.LOOKING):
            return await self.setup_run.look_for_removal(self.draft.answers, self.draft.run)
        return None  # it could not be read, which `_during` has noted

    async def tear_down(self, plan: RemovalPlan) -> None:
        """Remove what a plan says; what stays has its reason in the run."""
        self._look = self.proof = self._arrivals = None
        async with self._during(Phase.REMOVING):
            await super().tear_down(plan)

    @property
    def has_unapplied_answers(self) -> bool:
        """True where all was applied, and answers were changed since."""
        is_complete = self.progress is not Progress.INCOMPLETE
        return is_complete and not is_applied(self.draft.answers, self.draft.run)

    def waits(self, step: Step) -> bool:
        """Say whether an answer of a step was changed and not applied yet."""
        return bool(waiting(step, self.draft.answers, self.draft.run))

    @property
    def failures(self) -> tuple[tuple[Step, Problem], ...]:
        """The steps that did not work, and why."""
        problems = ((step, self.draft.run.step(step.key).problem) for step in self.steps)
        return tuple((step, problem) for step, problem in problems if problem)

    @property
    def is_acting(self) -> bool:
        """True while a run is under way."""
        return self.phase in (Phase.ACTING, Phase.PROVING, Phase.REMOVING)

    @property
    def running(self) -> tuple[Step, ...]:
        """The steps that are under way."""
        if self.phase is not Phase.ACTING:
            return ()
        return tuple(step for step in self.steps if self.draft.run.step(step.key).status is Status.STARTED)

    @property
    def waiting(self) -> str:
        """The reason and the seconds of the longest wait; empty if nothing waits."""
        return self._waits.told

    def start_over(self) -> None:
        """Set what is kept aside, and begin with the account and nothing else. Raises `SaveError`."""
        super().start_over()
        self.problem = None
        self.on_change()

    def _after_event(self, event: Event) -> None:
        if not isinstance(event, Verified):
            self._waits.over(event.step)
        self.on_change()

    def _heard(self, exchange: Exchange) -> None:
        super()._heard(exchange)
        self._waits.heard(exchange.operation)
        self.on_change()

    def _has_to_wait(self, operation: str, seconds: float, reason: str) -> None:
        self._waits.begin(operation, seconds, reason)
        self.on_change()

    @asynccontextmanager
    async def _during(self, phase: Phase) -> AsyncIterator[None]:
        """Be in a phase until the end of the block; what goes wrong there is in `problem`, and stopping is no problem."""
        async with self._busy:
            self._enter(phase)
            self.problem = None
            try:
                yield
            except ProblemError as error:
                self.problem = error.problem
            except SaveError as error:
                # While connecting: it is another account's setup.
                kind = Kind.CONFLICT if phase is Phase.CONNECTING else Kind.FAILED
                self.problem = Problem(operation="setup.keep", kind=kind, text=str(error))
            except Stopped:
                pass
            finally:
                self._enter(Phase.IDLE)

    def _enter(self, phase: Phase) -> None:
        self.phase = phase
        self._waits.clear()
        self.on_change()
