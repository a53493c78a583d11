"""Applications that all rows of a list share: made once, in a state of their own, then used by each row by their ids."""

import asyncio
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final

from bwtui.account_services import AccountServices
from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.printing import print_event, print_wait
from bwtui.cli.session import session_with
from bwtui.domain.answers.answers import Answer, Answers, Source, uses_existing, wanted_steps
from bwtui.domain.catalog import STEPS, WISHES
from bwtui.domain.lists.setup_list import Row
from bwtui.domain.planning.actions import Plan
from bwtui.domain.planning.obstacles import find_obstacles
from bwtui.domain.runs.problem import Kind, Problem, ProblemError, Stopped
from bwtui.domain.runs.run import RunState, Status
from bwtui.domain.runs.run_events import Event
from bwtui.domain.steps import Step
from bwtui.domain.values.secret import Secret
from bwtui.setup_run import SetupRun
from bwtui.store.answers_file import AnswersFile
from bwtui.store.state import StateFile
from bwtui.store.state_errors import Locked

FOLDER: Final = "shared"
"""The folder of their state, within that of the list: no row's state is there."""
NAME: Final = "applications"
LOOK_AGAIN: Final = 0.5
"""Seconds between two tries while another process makes them."""

APPLICATIONS: Final = frozenset(step.key for step in STEPS if step.callback_parts)
"""The keys of the steps that can be shared."""


class SharedApplications:
    """The applications that any row of a list wants; the same for each process that works on a part of the list."""

    def __init__(
        self,
        options: SetupOptions,
        environ: Mapping[str, str],
        output: Output,
        folder: Path,
        rows: Sequence[Row],
    ) -> None:
        """`rows` are all rows of the list, whichever of them are worked on."""
        self._options = options._replace(name=NAME, state_dir=str(folder / FOLDER))
        self._environ = environ
        self._output = output
        self._file = StateFile(folder / FOLDER, NAME)
        self._answers = _answers(rows)
        self._steps = tuple(
            step
            for step in wanted_steps(self._answers)
            if step.key in APPLICATIONS and not uses_existing(step, self._answers)
        )
        self._run = RunState()

    def take_secrets(self, secrets: Mapping[str, Secret]) -> None:
        """Use callback passwords that were asked for."""
        self._answers = self._answers._replace(secrets={**self._answers.secrets, **secrets})

    def ids(self) -> Mapping[str, Answer] | None:
        """Return the answers by which a row uses them, from their state; `None` unless all are made. Raises `StateError`."""
        setup = self._file.load(sets_aside=False)
        run = setup.run if setup else RunState()
        made = {step: run.step(step.key) for step in self._steps}
        if any(record.status is not Status.DONE for record in made.values()):
            return None
        return {
            step.key_of(step.chosen_by): Answer(record.outputs[step.produces], Source.STATE)
            for step, record in made.items()
        }

    def used_in(self, row: Row, ids: Mapping[str, Answer]) -> Row:
        """Return a row that uses them, as far as it wants them."""
        wanted = {step.key_of(step.chosen_by) for step in wanted_steps(row.answers) if step in self._steps}
        used = {key: answer for key, answer in ids.items() if key in wanted}
        return row._replace(answers=row.answers._replace(given={**row.answers.given, **used}))

    async def make(self, account: AccountServices) -> None:
        """Make those that are not there, whichever process does it, and read all of them back.

        Raises:
            ProblemError: one cannot be made, or is not as answered.
            SaveError, StateError: their state cannot be used.
            Stopped: after a stop.
        """
        is_told = False
        while not await self._made(account):
            if account.is_stopping:
                raise Stopped
            if not is_told:
                self._output.say("Another process makes the shared applications: waiting for it.")
                is_told = True
            await asyncio.sleep(LOOK_AGAIN)

    async def _made(self, account: AccountServices) -> bool:
        """Return False if another process is about it."""
        given = AnswersFile("the list", given=self._answers.given)
        session = session_with(self._options, self._environ, self._output, given, sets_aside=False)
        try:
            with session.working():
                services = account.services_for(session.setup, partial(print_wait, self._output))
                self._run = session.run
                answers = session.answers._replace(secrets=self._answers.secrets)
                await self._apply(SetupRun(services, self._on_event), answers)
                proof = self._only_these(await services.verify(answers, self._run))
                for action in proof:
                    if not action.is_proven:
                        text = action.reason or "It is not as it should be."
                        raise ProblemError(action.problem or action.unproven or _unproven(action.step, text))
        except Locked:
            return False
        return True

    async def _apply(self, setup: SetupRun, answers: Answers) -> None:
        answers = answers.on(await setup.find_platform(answers))
        look = await setup.look(answers, self._run)
        plan = self._only_these(look.plan)
        if obstacles := find_obstacles(plan, answers, ()):
            raise ProblemError(obstacles[0].problem)
        await setup.carry_out(look._replace(plan=plan, numbers=()), answers, self._run, pay=False)
        for step in self._steps:
            if problem := self._run.step(step.key).problem:
                raise ProblemError(problem)

    def _only_these(self, plan: Plan) -> Plan:
        return Plan(tuple(action for action in plan if action.step in self._steps))

    def _on_event(self, event: Event) -> None:
        self._run = self._run.apply(event)
        print_event(self._output, event)


def _answers(rows: Sequence[Row]) -> Answers:
    """Return the first row's answers with the wishes of all: what is shared is answered alike in each."""
    given = dict(rows[0].answers.given)
    secrets = dict(rows[0].answers.secrets)
    for row in rows:
        secrets |= row.answers.secrets
        for wish in WISHES:
            if row.answers.flag(f"setup.{wish}"):
                given[f"setup.{wish}"] = Answer("true", Source.FILE)
    return Answers(given, secrets)


def _unproven(step: Step, text: str) -> Problem:
    return Problem(operation=step.operation("read"), kind=Kind.FAILED, text=text)
