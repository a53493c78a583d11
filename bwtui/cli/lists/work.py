"""The rows of a list at work, some at a time, over one client: what all commands for lists have in common."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from typing import Final, NamedTuple

from bwtui.account_services import AccountServices, connected_to_account
from bwtui.cli.applying import TICK
from bwtui.cli.interruption import Interruption
from bwtui.cli.lists.board import Board
from bwtui.cli.lists.progress import RowProgress, counts_told, exit_of_rows, print_row, row_fields, widths_of
from bwtui.cli.lists.results import write_results
from bwtui.cli.output import STOPPED
from bwtui.cli.printing import problem_fields, tell_problem
from bwtui.cli.session import Session, UsageError
from bwtui.cli.style import Mark, hint, marked
from bwtui.credentials import Login
from bwtui.domain.answers.answers import Answers
from bwtui.domain.lists.brief_progress import ProgressStage, brief_progress
from bwtui.domain.lists.setup_list import NamedRow
from bwtui.domain.remedies.remedies import explain
from bwtui.domain.runs.problem import Kind, Problem, ProblemError, Stopped
from bwtui.domain.runs.run import RunState, StepState
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.values.text import single_line
from bwtui.engine.exception_groups import first_of
from bwtui.exits import Exit, exit_for, status_for
from bwtui.store.state_errors import Locked, StateError, Unwritable

MOST_SHOWN: Final = 40
"""Most rows that a person is shown at the end, where the list is longer; the file of results has all."""


class Tempo(NamedTuple):
    """How fast a list is worked on, and what is written of it."""

    at_once: int
    """The rows at the same time."""
    rate: float | None = None
    """The most requests in a second; `None` for as many as the account takes."""
    results: str | None = None
    """The file for what became of each row."""


class ListWork(ABC):
    """The rows of a list at work."""

    settled: frozenset[ProgressStage] = frozenset({ProgressStage.DONE})
    """The stages of rows that are as they should be at the end."""

    def __init__(self, session: Session, tempo: Tempo, count: int) -> None:
        """`session` is of the list as a whole, and has no state."""
        self.session = session
        self.output = session.output
        self.board = Board(session.output, count)
        self.seen: dict[int, RowProgress] = {}
        """The progress of each row, by its number."""
        self._tempo = tempo
        self._problem: Problem | None = None
        """What concerns all rows, and has ended the work."""
        self._unreachable = 0
        """The last rows, one after another, for which nothing could be reached."""

    @abstractmethod
    def rows_to_do(self) -> Sequence[NamedRow]:
        """Return the rows to work on."""

    @abstractmethod
    async def prepare(self, account: AccountServices, interruption: Interruption) -> Exit | None:
        """Do what comes before the rows; return an exit code if they must not be begun, and it was said why."""

    @abstractmethod
    async def do(self, row: NamedRow, account: AccountServices) -> RowProgress:
        """Work on one row. What it raises fails that row."""

    async def finish(self, account: AccountServices) -> Exit:  # noqa: ARG002 - for those that do something there
        """Do what comes after the rows; return the exit code of all."""
        return exit_of_rows(each.exit for each in self.seen.values())

    def more_in_result(self) -> dict[str, object]:
        """Return what else the last line of `--json` has."""
        return {}

    def tell_how_to_continue(self) -> None:
        """Say what to do about what is open at the end."""
        self.output.say(hint("Run the same command again to continue: what is done stays done."))

    async def run(self, login: Login, interruption: Interruption) -> int:
        """Do it all, and end with a result whatever happens."""
        connecting = connected_to_account(
            login, self.session.answers.base_url, per_second=self._tempo.rate,
            on_exchange=self.session.on_exchange, on_wait=self._on_wait, on_pause=self.board.pause,
        )  # fmt: skip
        async with connecting as account:
            return await interruption.until_ended(account, self._work(account, interruption), self._end)

    def give_up(self, problem: Problem, account: AccountServices) -> None:
        """End the work: every other row would have this problem."""
        self._problem = self._problem or problem
        account.stop()

    # --- at work ---

    async def _work(self, account: AccountServices, interruption: Interruption) -> Exit:
        try:
            code = await self._phases(account, interruption)
        except Stopped:
            code = Exit.INTERRUPTED
        except ProblemError as error:
            tell_problem(self.output, error.problem)
            code = exit_for(error.problem.kind)
        except (SaveError, StateError) as error:
            tell_problem(self.output, unsaved(error))
            code = Exit.FAILED
        if code is Exit.INTERRUPTED:
            self.output.say(STOPPED)
        return self._end(code)

    async def _phases(self, account: AccountServices, interruption: Interruption) -> Exit:
        refused = await self.prepare(account, interruption)
        if refused is not None:
            return refused
        await self._all_rows(account)
        if self._problem:
            self._tell_what_ended(self._problem)
            return exit_for(self._problem.kind)
        return Exit.INTERRUPTED if account.is_stopping else await self.finish(account)

    def _tell_what_ended(self, problem: Problem) -> None:
        """Say what has ended the work: one row knows it, and the others may have made things."""
        remedy = explain(problem)
        made = any(any(each.run.result.values()) for each in self.seen.values())
        unchanged = "What the rows have made stays." if made else remedy.unchanged
        self.output.event("problem", problem=problem_fields(problem) | {"unchanged": unchanged})
        text = f"{remedy.happened} {unchanged} {remedy.todo}"
        self.output.say(marked(Mark.FAILED, text), indent=2)
        self.output.say("The other rows would have the same problem: nothing more was sent for them.")

    async def _all_rows(self, account: AccountServices) -> None:
        rows = self.rows_to_do()
        left = iter(rows)
        drawing = asyncio.create_task(self._draw())
        try:
            async with asyncio.TaskGroup() as group:
                for _ in range(min(self._tempo.at_once, len(rows))):
                    group.create_task(self._take_rows(account, left))
        except BaseExceptionGroup as failures:
            raise first_of(failures) from None
        finally:
            drawing.cancel()
            with suppress(asyncio.CancelledError):
                await drawing
            self.board.clear()

    async def _take_rows(self, account: AccountServices, left: Iterator[NamedRow]) -> None:
        """Work on rows until none is left, or the work has ended."""
        for row in left:
            if account.is_stopping:
                return
            self.board.begin(row)
            progress = await self._do(row, account)
            if self._problem and progress.stage is ProgressStage.TO_DO:
                progress = progress._replace(text=_stopped(progress.text, self._problem))
            self.seen[row.number] = progress
            self.board.end(progress)
            self.output.event("row", **row_fields(progress))
            self._count_unreachable(progress, account)

    def _count_unreachable(self, progress: RowProgress, account: AccountServices) -> None:
        """End the work where nothing can be reached any more: each row would take a while to find that out again."""
        is_one = progress.stage is ProgressStage.FAILED and progress.exit is Exit.UNREACHABLE
        self._unreachable = self._unreachable + 1 if is_one else 0
        if self._unreachable >= 2 * self._tempo.at_once:
            problem = Problem(operation="account.read", kind=Kind.UNREACHABLE, text=progress.text)
            self.give_up(problem, account)

    async def _do(self, row: NamedRow, account: AccountServices) -> RowProgress:
        """Work on a row; a state that nobody could write ends the work for all."""
        try:
            return await self.do(row, account)
        except UsageError as error:
            return failed(row, str(error), Exit.INVALID)
        except ProblemError as error:
            return failed(row, error.problem.text, exit_for(error.problem.kind))
        except Locked as error:
            return failed(row, str(error), Exit.CONFLICT)
        except (StateError, SaveError) as error:
            if not isinstance(error, StateError) or isinstance(error, Unwritable):
                self.give_up(unsaved(error), account)
            return failed(row, str(error), Exit.FAILED)

    def _on_wait(self, operation: str, seconds: float, reason: str) -> None:
        self.output.event("waiting", operation=operation, seconds=round(seconds, 1), reason=reason)

    async def _draw(self) -> None:
        while True:
            self.board.draw()
            await asyncio.sleep(TICK)

    # --- at the end ---

    def _end(self, code: Exit) -> Exit:
        """Tell how it ended, and write the results; return the exit code: work without the results that were wished is not done."""
        seen = [self.seen[number] for number in sorted(self.seen)]
        if code is not Exit.INVALID:
            self._print_table(seen)
            self.output.say(counts_told(seen))
        if code not in (Exit.DONE, Exit.INVALID, Exit.INTERRUPTED):
            self.tell_how_to_continue()
        if self._tempo.results:
            try:
                write_results(self._tempo.results, seen)
            except SaveError as error:
                self.output.say(marked(Mark.FAILED, str(error)), indent=2)
                code = Exit.FAILED if code is Exit.DONE else code
        counts = {stage.value: sum(each.stage is stage for each in seen) for stage in ProgressStage}
        rows = {stage: count for stage, count in counts.items() if count}
        self.output.event(
            "result", status=status_for(code), rows=rows, exit=int(code), **self.more_in_result()
        )
        return code

    def _print_table(self, seen: Sequence[RowProgress]) -> None:
        """Print each row; a person is shown those that are open, where the list is long."""
        if self.output.as_json:
            return
        shown: Iterable[RowProgress] = seen
        if self.output.has_person and len(seen) > MOST_SHOWN:
            shown = [each for each in seen if each.stage not in self.settled][:MOST_SHOWN]
        widths = widths_of([each.row for each in seen])
        for each in shown:
            print_row(self.output, each, widths)


def failed(row: NamedRow, text: str, code: Exit) -> RowProgress:
    """The progress of a row that failed outside of its steps."""
    return RowProgress(row, ProgressStage.FAILED, text, code)


def _stopped(text: str, problem: Problem) -> str:
    """Say of a row how far it is, and that it was stopped because of what another one met."""
    return f"{text}; stopped because of another row: {single_line(problem.text)}"


def unsaved(error: Exception) -> Problem:
    """The problem of a state that cannot be written."""
    return Problem(operation="setup.keep", kind=Kind.FAILED, text=str(error))


def row_progress(row: NamedRow, answers: Answers, run: RunState) -> RowProgress:
    """Return a row's progress without what only its state file need know: there may be thousands."""
    brief = brief_progress(answers, run)
    steps = {
        key: StepState(outputs=step.outputs, numbers=step.numbers, orders=step.orders)
        for key, step in run.steps.items()
    }
    code = exit_for(brief.kind)
    return RowProgress(row, brief.stage, brief.text, code, run=RunState(steps=steps))
