"""One setup is applied: look, show, ask, act, read back; the wizard's twin without a screen."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from typing import Final, TypeVar

from bwtui.cli.closing_summary import print_created, print_done
from bwtui.cli.interruption import Confirm
from bwtui.cli.output import STOPPED, Output
from bwtui.cli.plan_printing import print_lacking_features, print_plan, print_verification
from bwtui.cli.printing import (
    created_so_far,
    print_event,
    print_result,
    tell_problem,
    tell_unsaved,
    without_given_up,
)
from bwtui.cli.style import Mark, hint, marked, warning
from bwtui.command_line import USUAL_SETUP, CommandLine
from bwtui.domain.answers.answers import Answers, wanted_steps
from bwtui.domain.planning.campaign_plan import left_out_told, ordered_numbers
from bwtui.domain.planning.obstacles import Obstacle
from bwtui.domain.planning.progress import percent_done
from bwtui.domain.platform import FoundPlatform, platform_text
from bwtui.domain.runs.problem import ProblemError, Stopped
from bwtui.domain.runs.run import RunState, Status
from bwtui.domain.runs.run_events import Event
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.walk.walk import TITLES
from bwtui.exits import Exit, exit_for, status_for
from bwtui.services import Services
from bwtui.setup_run import Look, SetupRun
from bwtui.terminal_progress import NO_TASK, Task, TaskState

TICK: Final = 0.25
"""Seconds between two updates of the status line: slow enough for a slow link."""

_T = TypeVar("_T")


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
        commands: CommandLine = USUAL_SETUP,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`confirm` asks the person; `None` where nobody can be asked and nobody has said yes."""
        self.run = run
        self._setup = SetupRun(services, self._on_event, clock=clock)
        self._answers = answers
        self._output = output
        self._confirm = confirm
        self._commands = commands
        self._started = time.monotonic()
        self._joinable: tuple[str, ...] = ()
        """The campaigns of the account for numbers that are on none."""
        self._is_account_untouched = False
        """True once it was said that nothing was written."""

    async def execute(self) -> Exit:
        """Do it all, and end with a result whatever happens."""
        more: dict[str, object] = {}
        try:
            code = await self._phases()
        except ProblemError as error:
            tell_problem(self._output, error.problem)
            code = exit_for(error.problem.kind)
        except SaveError as error:
            tell_unsaved(self._output, error)
            code, more = Exit.FAILED, {"text": str(error)}
        except Stopped:
            code = Exit.INTERRUPTED
        finally:
            self._output.task(NO_TASK)
        self._end(code, more)
        return code

    async def _phases(self) -> Exit:
        agreed = await self._agreed(await self._look())
        if isinstance(agreed, Exit):
            return agreed
        look, pay = agreed
        self._show_task(TaskState.RUNNING)
        await self._while("", self._setup.carry_out(look, self._answers, self.run, pay=pay))
        left_open = self._tell_left_open(look, pay=pay)
        return await self._prove() if left_open is None else left_open

    async def _look(self) -> Look:
        """Look at the account, and show what would be done."""
        found = await self._while("Looking at the account", self._setup.find_platform(self._answers))
        self._answers = self._answers.on(found)
        self._print_platform(found)
        look = await self._while("Looking at the account", self._setup.look(self._answers, self.run))
        print_lacking_features(self._output, look.survey)
        print_plan(self._output, look.plan)
        return look

    async def _agreed(self, look: Look) -> tuple[Look, bool] | Exit:
        """Ask until the account is as it was when the answer came; return the look to act on, and if money may be spent.

        Returns an exit code where nothing may be done, and it was said why.
        """
        while True:
            if look.obstacles:
                return self._stopped_by(look.obstacles)
            pay = look.plan.paid is None or await self._may_order(look.numbers)
            if not pay and self._confirm is None:
                return Exit.INVALID
            again = self._setup.confirmed(look, self._answers, self.run)
            look, is_agreed = await self._while("Looking at the account", again)
            if is_agreed:
                return look, pay
            self._output.say("The account has changed since you were asked. This is what would be done now:")
            print_plan(self._output, look.plan)

    def _tell_left_open(self, look: Look, *, pay: bool) -> Exit | None:
        """Say what was not done, and return its exit code; `None` where everything was."""
        problems = (self.run.step(step.key).problem for step in wanted_steps(self._answers))
        if failed := next(filter(None, problems), None):
            self._output.say(hint("Run the same command again to continue: what is done stays done."))
            return exit_for(failed.kind)
        if pay:
            return None
        before = "" if all(order.is_settled for order in self.run.orders) else " this time"
        one = "one" if len(look.numbers) == 1 else "them"
        self._output.say(f"No number was ordered{before}. Run the same command again to order {one}.")
        return Exit.FAILED

    async def _prove(self) -> Exit:
        """Read everything back."""
        plan = await self._while("Reading everything back", self._setup.verify(self._answers, self.run))
        print_verification(self._output, plan, self._commands)
        if plan.is_proof:
            self._joinable = await self._joinable_campaigns()
        return exit_for(plan.disproof)

    async def _joinable_campaigns(self) -> tuple[str, ...]:
        """Look which campaigns of the account the numbers could join, where they are on none."""
        if not left_out_told(self._answers, ordered_numbers(self.run)):
            return ()
        return await self._while("Looking at the account", self._setup.joinable_campaigns(self._answers))

    def _print_platform(self, found: FoundPlatform) -> None:
        self._output.event("platform", platform=found.platform.value, reason=found.reason)
        text = platform_text(found)
        self._output.say(
            text if found.platform.is_settled else warning(text), indent=0 if found.platform.is_settled else 2
        )

    async def _may_order(self, numbers: tuple[str, ...]) -> bool:
        """Ask before money is spent."""
        if self._confirm is None:
            text = f"This orders {listed(numbers)}, which costs money. Nothing was written. Add --yes to agree to it."
            self._output.say(marked(Mark.COSTS, text), indent=2)
            self._is_account_untouched = True
            return False
        self._show_task(TaskState.PAUSED)
        return await self._confirm(
            f"Order {listed(numbers)}? This costs money. If not, everything else is set up all the same. [y/N] "
        )

    def _stopped_by(self, obstacles: tuple[Obstacle, ...]) -> Exit:
        for _, problem in obstacles:
            tell_problem(self._output, problem, TITLES[problem.operation.partition(".")[0]])
        self._output.say("Nothing was written.")
        self._is_account_untouched = True
        return exit_for(obstacles[0].problem.kind)

    def _on_event(self, event: Event) -> None:
        self.run = self.run.apply(event)
        print_event(self._output, event)
        self._show_task(TaskState.RUNNING)

    def _show_task(self, state: TaskState) -> None:
        """Show in the terminal's tab or taskbar how far it is."""
        if self._output.shows_tasks:
            self._output.task(Task(state, percent_done(self._answers, self.run)))

    async def _while(self, doing: str, work: Awaitable[_T]) -> _T:
        """Wait for some work while the status line says what is being done: these words, or the steps under way."""
        ticking = asyncio.create_task(self._update_status_line(doing))
        try:
            return await work
        finally:
            ticking.cancel()
            with suppress(asyncio.CancelledError):
                await ticking
            self._output.status("")

    async def _update_status_line(self, doing: str) -> None:
        while True:
            running = [TITLES[key] for key, step in self.run.steps.items() if step.status is Status.STARTED]
            seconds = int(time.monotonic() - self._started)
            self._output.status(f"{doing or ', '.join(running) or 'Working'}  {seconds} s")
            await asyncio.sleep(TICK)

    def _end(self, code: Exit, more: Mapping[str, object]) -> None:
        run = without_given_up(self._answers, self.run)
        if code is Exit.INTERRUPTED:
            self._output.say(STOPPED)
        if code is not Exit.DONE and not self._is_account_untouched:
            print_created(self._output, run)
        if code is Exit.DONE:
            print_done(self._output, self._answers, run, self._commands, self._joinable)
            if not self._output.as_json and not self._output.has_person:
                made = created_so_far(run)
                self._output.data("\n".join(f"{name}={value}" for name, value in made.items()))
        print_result(self._output, status_for(code), run, self._answers, exit=int(code), **more)
