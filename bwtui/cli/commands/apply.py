"""`bwtui apply`: look, show, ask, act, read back; the wizard's twin without a screen."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from typing import Final, NamedTuple, TypeVar

from bwtui.cli.interactive import login_for, missing_callback_passwords
from bwtui.cli.interruption import Confirm, Interruption
from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.report import (
    TITLES,
    created_so_far,
    print_created,
    print_event,
    print_plan,
    print_problem,
    print_result,
    print_verification,
    problem_fields,
    without_given_up,
)
from bwtui.cli.session import Session, open_session, refuse_invalid_answers, report_errors
from bwtui.credentials import Given
from bwtui.domain.actions import Plan
from bwtui.domain.answers import Answers, missing_secrets, wanted_steps
from bwtui.domain.catalog import PAID_STEP, QUESTIONS
from bwtui.domain.checks import listed
from bwtui.domain.consent import FRESH, is_still_agreed, with_agreed_numbers
from bwtui.domain.fields import Text
from bwtui.domain.findings import Survey
from bwtui.domain.order_plan import numbers_to_order
from bwtui.domain.plan import make_plan
from bwtui.domain.progress import Progress, progress_of, verified, with_answers
from bwtui.domain.run import Event, Kind, Problem, ProblemError, RunState, Status, Stopped
from bwtui.exits import Exit, exit_for, status_for
from bwtui.services import Services

TICK: Final = 0.25
"""Seconds between two frames of the living line: slow enough for a slow link."""

_T = TypeVar("_T")


class Options(NamedTuple):
    """The options of `bwtui apply`."""

    setup: SetupOptions
    login: Given
    file: str
    yes: bool
    json: bool


def run(options: Options, environ: Mapping[str, str]) -> int:
    """Set the account up; resumes by itself."""
    output = Output(as_json=options.json)
    return report_errors(
        output, lambda: _apply(open_session(options.setup, environ, output, options.file), options)
    )


def _apply(session: Session, options: Options) -> int:
    refuse_invalid_answers(session)
    login = login_for(session, options.login)
    passwords = missing_callback_passwords(session)
    session.answers = session.answers._replace(secrets={**session.answers.secrets, **passwords})
    with session.working():
        interruption = Interruption(session, agreed=options.yes)

        def work(services: Services) -> Awaitable[Exit]:
            return Apply(
                services, session.answers, session.run, session.output, interruption.confirm
            ).execute()

        return asyncio.run(interruption.until_signal(login, work))


class _Look(NamedTuple):
    """The result of looking at the account."""

    survey: Survey
    chosen: tuple[str, ...]
    """The numbers to order."""
    plan: Plan
    obstacles: list[Problem]
    """What keeps the plan from being carried out."""


class Apply:
    """One `bwtui apply`: look, show, ask, act, read back. `run` is always what has happened so far."""

    def __init__(
        self,
        services: Services,
        answers: Answers,
        run: RunState,
        output: Output,
        confirm: Confirm | None,
        *,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`confirm` asks the person; `None` where nobody can be asked and nobody has said yes."""
        self.run = run
        self._services = services
        self._answers = answers
        self._output = output
        self._confirm = confirm
        self._clock = clock
        self._started = time.monotonic()

    async def execute(self) -> Exit:
        """Do it all, and end with a result whatever happens.

        Raises:
            SaveError: what is about to happen, or has happened, could not be written down.
        """
        try:
            code = await self._phases()
        except ProblemError as error:
            self._output.event("problem", problem=problem_fields(error.problem))
            print_problem(self._output, error.problem)
            code = exit_for(error.problem.kind)
        except Stopped:
            code = Exit.INTERRUPTED
        self._end(code)
        return code

    async def _phases(self) -> Exit:
        look = await self._look()
        self._tell_lacking(look.survey)
        print_plan(self._output, look.plan)
        declined = False
        while True:
            await self._doubt(look.plan)
            if obstacles := look.obstacles:
                return self._stopped_by(obstacles)
            asked_at = self._clock()
            declined = look.plan.paid is not None and not await self._may_order(look.chosen)
            if declined and self._confirm is None:
                return Exit.INVALID
            if self._clock() - asked_at <= FRESH:
                break
            before, look = look, await self._look(look.chosen)
            if is_still_agreed(before.plan, look.plan):
                break
            self._output.say("The account has changed while the question waited. This is to be done now:")
            print_plan(self._output, look.plan)
        todo = Plan(tuple(action for action in look.plan if not (declined and action.costs)))
        await self._act(todo, look.survey.candidates)
        problems = (self.run.step(step.key).problem for step in wanted_steps(self._answers))
        if failed := next(filter(None, problems), None):
            return exit_for(failed.kind)
        if declined:
            self._output.say("No number was ordered. Run the same command again to order one.")
            return Exit.FAILED
        return await self._prove()

    async def _look(self, agreed: tuple[str, ...] = ()) -> "_Look":
        """Look at the account and plan; the numbers that were agreed to stay those to order."""
        survey = await self._alive(self._services.survey(self._answers, self.run), "Looking at the account")
        survey = with_agreed_numbers(survey, agreed)
        chosen = numbers_to_order(self._answers, self.run, survey)
        plan = make_plan(self._answers, self.run, survey.findings, chosen)
        return _Look(survey, chosen, plan, self._obstacles(plan, chosen))

    def _tell_lacking(self, survey: Survey) -> None:
        for step, feature in survey.lacking.items():
            self._output.event("warning", step=step, text=f"The account seems to lack {feature}.")
            self._output.say(
                f"{TITLES[step]}: the account seems to lack {feature}; Bandwidth may refuse this step."
            )

    def _obstacles(self, plan: Plan, chosen: tuple[str, ...]) -> list[Problem]:
        return [
            *(action.problem for action in plan.conflicts if action.problem),
            *self._lacking(plan, chosen),
        ]

    def _lacking(self, plan: Plan, chosen: tuple[str, ...]) -> list[Problem]:
        """Find what would fail later for sure: better told while nothing is written yet."""
        lacking = [
            Problem(
                operation=action.step.operation("look"),
                kind=Kind.INVALID,
                text=f"Set {question.secret_from} to the password that goes with callback_user.",
            )
            for action in plan.writes
            for key in missing_secrets(action.step, self._answers)
            if isinstance(question := QUESTIONS[key], Text)
        ]
        if plan.paid and not chosen:
            problem = Problem(
                operation=PAID_STEP.operation("look"), kind=Kind.NOT_FOUND, text=PAID_STEP.nothing_found
            )
            lacking.append(problem)
        return lacking

    async def _may_order(self, numbers: tuple[str, ...]) -> bool:
        """Ask before money is spent."""
        if self._confirm is None:
            self._output.say(
                f"This orders {listed(numbers)}, which costs money. Nothing was written. Add --yes to agree to it."
            )
            return False
        return await self._confirm(
            f"Order {listed(numbers)}? This costs money; without it, all else is set up. [y/N] "
        )

    def _stopped_by(self, obstacles: list[Problem]) -> Exit:
        for problem in obstacles:
            self._output.event("problem", problem=problem_fields(problem))
            print_problem(self._output, problem, TITLES[problem.operation.partition(".")[0]])
        self._output.say("Nothing was written.")
        return exit_for(obstacles[0].kind)

    async def _act(self, plan: Plan, candidates: tuple[str, ...]) -> None:
        work = self._services.provision(self._answers, self.run, plan, candidates, self._record)
        await self._alive(work, "")

    async def _record(self, events: Sequence[Event]) -> None:
        """Disk first, then the screen."""
        events = with_answers(events, self._answers)
        await asyncio.to_thread(self._services.save_events, events)
        for event in events:
            self.run = self.run.apply(event)
            print_event(self._output, event)

    async def _prove(self) -> Exit:
        plan = await self._alive(self._services.verify(self._answers, self.run), "Reading everything back")
        await self._record([verified(plan, self._answers, time.time())])
        return print_verification(self._output, plan)

    async def _doubt(self, plan: Plan) -> None:
        """Write it down where looking has found that what was proven before is so no longer."""
        if progress_of(self._answers, self.run) is Progress.DONE and not plan.is_proof:
            await self._record([verified(plan, self._answers, time.time())])

    async def _alive(self, work: Awaitable[_T], doing: str) -> _T:
        """Wait for some work while the living line tells what is going on."""
        ticking = asyncio.create_task(self._tick(doing))
        try:
            return await work
        finally:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking
            self._output.status("")

    async def _tick(self, doing: str) -> None:
        while True:
            running = [
                TITLES[key] for key, record in self.run.steps.items() if record.status is Status.STARTED
            ]
            seconds = int(time.monotonic() - self._started)
            self._output.status(f"{doing or ', '.join(running) or 'Working'}  {seconds} s")
            await asyncio.sleep(TICK)

    def _end(self, code: Exit) -> None:
        run = without_given_up(self._answers, self.run)
        if code is Exit.INTERRUPTED:
            self._output.say("Stopped. Nothing is lost: run the same command again to go on.")
        if code is not Exit.DONE:
            print_created(self._output, run)
        elif not self._output.as_json:
            made = created_so_far(run)
            self._output.data("\n".join(f"{name}={value}" for name, value in made.items()))
        print_result(self._output, status_for(code), run, exit=int(code))
