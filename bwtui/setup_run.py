"""One setup at work on an account, the same for all front ends: look, carry out what was agreed to, read back.

Whatever it finds or does is on disk before a front end is told of it.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import TYPE_CHECKING, Final, NamedTuple

from bwtui.domain.account.findings import Numbers
from bwtui.domain.answers.answers import PLATFORM_KEY, Answers, Source
from bwtui.domain.catalog import CAMPAIGN, PAID_STEP, STEPS
from bwtui.domain.planning.actions import Plan
from bwtui.domain.planning.consent import FRESH, is_still_agreed, with_agreed_numbers
from bwtui.domain.planning.obstacles import Obstacle, find_obstacles
from bwtui.domain.planning.order_plan import numbers_to_order
from bwtui.domain.planning.plan import make_plan
from bwtui.domain.planning.progress import Progress, progress_of, verified, with_answers
from bwtui.domain.platform import FoundPlatform, Platform
from bwtui.domain.runs.problem import ProblemError, Stopped
from bwtui.domain.runs.run import order_known
from bwtui.domain.runs.run_events import OrderUpdated, RemovalStarted, Started
from bwtui.domain.runs.setup import SaveError

if TYPE_CHECKING:  # start-up time is budgeted
    from collections.abc import Callable, Sequence

    from bwtui.domain.account.account import Account
    from bwtui.domain.account.findings import Survey
    from bwtui.domain.runs.run import RunState
    from bwtui.domain.runs.run_events import Event, SaveEvents
    from bwtui.domain.teardown.teardown import RemovalLook, RemovalPlan
    from bwtui.services import Services


_ADVICE: Final = 30.0
"""Seconds after which a look is given up that is only for advice."""

_LOOKED_FOR: Final = "The next run first looks for what was sent, and does nothing twice."


class Look(NamedTuple):
    """The account as it was looked at, and what would be done there."""

    survey: Survey
    numbers: tuple[str, ...]
    """The numbers that the plan would order."""
    plan: Plan
    obstacles: tuple[Obstacle, ...]
    """The obstacles that keep the plan from being carried out."""
    taken_at: float
    """Seconds of the clock that `SetupRun` was given."""


def _orders_seen(look: Look, run: RunState) -> tuple[OrderUpdated, ...]:
    """Return what a look has shown of orders that the run knows otherwise."""
    found = look.survey.findings.get(PAID_STEP.key)
    orders = found.orders if isinstance(found, Numbers) else ()
    now = time.time()
    return tuple(
        order_known(PAID_STEP.key, order, now)
        for order in orders
        if order.order_id and order not in run.orders
    )


def _telling_of_sent(save: SaveEvents) -> SaveEvents:
    """Return what saves events, and whose error says what happens to requests that have left before."""
    has_sent = False

    async def told(events: Sequence[Event]) -> None:
        nonlocal has_sent
        try:
            await save(events)
        except SaveError as error:
            if not has_sent:
                raise
            raise SaveError(f"{error} {_LOOKED_FOR}") from error
        has_sent = has_sent or any(isinstance(event, Started | RemovalStarted) for event in events)

    return told


class SetupRun:
    """Looks at the account, changes it and reads it back, and saves what comes of it.

    Everything raises `ProblemError` for what the API refused, `Stopped` after a stop, and `SaveError` where the state
    file cannot be written.
    """

    def __init__(
        self,
        services: Services,
        on_event: Callable[[Event], None],
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`on_event` is told each event, once it is on disk; `clock` gives seconds."""
        self._services = services
        self._on_event = on_event
        self.clock = clock
        self._found: FoundPlatform | None = None
        """The platform that was found here, so that one run looks it up once."""

    async def read_account(self, answers: Answers) -> Account:
        """Read the account itself with its platform, which changes nothing."""
        account = await self._services.read_account(answers)
        if account.platform:
            self._found = account.platform
            await self._save_platform(answers.on(account.platform))
        return account

    async def find_platform(self, answers: Answers) -> FoundPlatform:
        """Find the platform of the account, which changes nothing; nothing is sent if the answers say which."""
        if answers.platform:
            return FoundPlatform(answers.platform)
        self._found = await self._services.find_platform(answers)
        return self._found

    async def _platform_now(self, answers: Answers, run: RunState) -> FoundPlatform:
        """Find the platform; one that was found before is looked up again until something was made that only it has."""
        found = answers.given.get(PLATFORM_KEY)
        is_set_up = any(step.platform and run.step(step.key).made for step in STEPS)
        if not found or found.source is not Source.ACCOUNT or is_set_up:
            return await self.find_platform(answers)
        return self._found or await self.find_platform(answers.without_platform)

    async def look(self, answers: Answers, run: RunState, agreed: tuple[str, ...] = ()) -> Look:
        """Look at the account, which changes nothing, and plan; numbers that were agreed to stay those to order.

        A proof that no longer holds is taken back.
        """
        answers = answers.on(await self._platform_now(answers, run))
        survey = with_agreed_numbers(await self._services.survey(answers, run), agreed)
        await self._save_platform(answers)
        numbers = numbers_to_order(answers, run, survey)
        plan = make_plan(answers, run, survey.findings, numbers)
        if progress_of(answers, run) is Progress.DONE and not plan.is_proof:
            await self._save_verification(plan, answers)
        return Look(survey, numbers, plan, find_obstacles(plan, answers, numbers), self.clock())

    async def confirmed(
        self, look: Look, answers: Answers, run: RunState, shown: Plan | None = None
    ) -> tuple[Look, bool]:
        """Return the look to act on after a yes, and whether it is still what the person agreed to.

        That is the plan that was `shown`, else the look's own.

        A yes that took a while counts only where another look leads to the same plan.
        """
        agreed = shown or look.plan
        if self.clock() - look.taken_at <= FRESH:
            return look, agreed is look.plan or is_still_agreed(agreed, look.plan)
        now = await self.look(answers, run, look.numbers)
        return now, is_still_agreed(agreed, now.plan) and not now.obstacles

    async def carry_out(self, look: Look, answers: Answers, run: RunState, *, pay: bool) -> None:
        """Do what a look has planned; failures of steps are events.

        Unless `pay`, what costs money is left out, and what waits for it. An order that was paid for before is
        watched to its end, and what waits for its numbers is done.
        """
        if seen := _orders_seen(look, run):
            await self._save(seen)  # so that nobody waits for an order that was seen to have ended
            for event in seen:
                run = run.apply(event)
        todo = look.plan if pay or not look.plan.paid else look.plan.without_numbers(run)

        async def save(events: Sequence[Event]) -> None:
            await self._save(with_answers(events, answers))

        await self._services.provision(answers, run, todo, look.survey.candidates, _telling_of_sent(save))

    async def verify(self, answers: Answers, run: RunState) -> Plan:
        """Read everything back; the setup is proven if that is a proof."""
        plan = await self._services.verify(answers, run)
        await self._save_verification(plan, answers)
        return plan

    async def joinable_campaigns(self, answers: Answers) -> tuple[str, ...]:
        """List the ids of the campaigns that numbers can join; none where they may not or cannot be read."""
        with suppress(ProblemError, Stopped, TimeoutError):
            async with asyncio.timeout(_ADVICE):
                found = await self._services.list_candidates(CAMPAIGN, answers)
            return tuple(each.id for each in found if each.id)
        return ()

    async def look_for_removal(self, answers: Answers, run: RunState, *, keep: bool = True) -> RemovalLook:
        """Look at what the setup has made; unless `keep` is false, what became of unanswered requests is saved."""
        answers = answers.on(await self._platform_now(answers, run))
        look = await self._services.look_for_removal(answers, run)
        if keep and look.events:
            await self._save(look.events)
        return look

    async def tear_down(self, plan: RemovalPlan, answers: Answers, run: RunState) -> None:
        """Undo what a plan says; failures are events."""
        await self._services.tear_down(answers, run, plan, _telling_of_sent(self._save))

    async def _save_platform(self, answers: Answers) -> None:
        """Keep the platform that was found, once the account has been read."""
        found = answers.given.get(PLATFORM_KEY)
        if found and found.source is Source.ACCOUNT:
            await asyncio.to_thread(self._services.save_platform, Platform(found.value))

    async def _save_verification(self, plan: Plan, answers: Answers) -> None:
        await self._save([verified(plan, answers, time.time())])

    async def _save(self, events: Sequence[Event]) -> None:
        """Disk first, then whoever shows it."""
        await asyncio.to_thread(self._services.save_events, events)
        for event in events:
            self._on_event(event)
