"""One row of a list at work: it is applied as any other setup, and tells what happens as a row."""

from collections.abc import Callable
from typing import Final

from bwtui.cli.applying import Apply
from bwtui.cli.interruption import agree
from bwtui.cli.output import Output
from bwtui.cli.style import Line, Mark, Span
from bwtui.command_line import CommandLine
from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.lists.setup_list import NamedRow
from bwtui.domain.planning.number_tally import order_wishes
from bwtui.domain.planning.obstacles import Obstacle
from bwtui.domain.planning.order_estimate import next_order
from bwtui.domain.planning.progress import Progress, percent_done, progress_of
from bwtui.domain.remedies.remedies import sentences
from bwtui.domain.runs.event_text import produced
from bwtui.domain.runs.problem import TAKEN, Kind, OwnCode, Problem, ProblemError
from bwtui.domain.runs.run import RunState, Status
from bwtui.domain.runs.run_events import Event, Failed, Finished, OrderUpdated, RemovalFailed, Removed
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.walk.walk import TITLES
from bwtui.exits import Exit
from bwtui.services import Services

_MOST_LOOKS: Final = 4
"""Most looks at the account in one run, each of which may lead to an order."""

_OF_THE_LOGIN: Final = frozenset(
    {
        OwnCode.CLIENT_REFUSED,
        OwnCode.NO_TOKEN,
        OwnCode.BASIC_REFUSED,
        OwnCode.BASIC_ENDED,
        OwnCode.WHICH_ACCOUNT,
    }
)


class RowOutput(Output):
    """Passes on to the output of the list what a row tells machines, with its number and name; people are told by the table."""

    def __init__(self, output: Output, row: NamedRow) -> None:
        super().__init__(as_json=output.as_json, is_plain=True)
        self._list = output
        self._row = row

    def event(self, name: str, /, **fields: object) -> None:
        """One JSON line; the result of a row is called `row`, since the last line is the result of the list."""
        if name != "result":
            self._list.event(name, row=self._row.number, name=self._row.name, **fields)

    def say(self, line: Line, *, indent: int = 0, command: str = "") -> None:
        """Nothing: the table tells it."""

    def data(self, text: str) -> None:
        """Nothing: the table tells it."""


class SilentResult(Output):
    """The output of a list, for a setup beside its rows: the last line is the result of the list."""

    def __init__(self, output: Output) -> None:
        super().__init__(as_json=output.as_json, is_plain=True)

    def event(self, name: str, /, **fields: object) -> None:
        """One JSON line, unless it is a result."""
        if name != "result":
            super().event(name, **fields)


class RowApply(Apply):
    """One row is applied; `problem` is what ended it, besides what its steps tell."""

    def __init__(
        self,
        services: Services,
        answers: Answers,
        run: RunState,
        output: Output,
        *,
        may_order: int,
        on_change: Callable[["RowApply", Event], None],
        commands: CommandLine,
    ) -> None:
        """`may_order` is the most phone numbers that the person has agreed to; `on_change` is told each event."""
        super().__init__(services, answers, run, output, agree, commands=commands)
        self._most = may_order
        self._on_change = on_change
        self.problem: Problem | None = None
        self.is_unsaved = False
        """True if its state could not be written."""
        self.orders = 0
        """The number of its orders that were agreed to."""
        self.was_left_without_number = False
        self._was_asked = False
        """True once it was asked whether numbers may be ordered."""

    @property
    def answers(self) -> Answers:
        """The answers, with the platform that was found."""
        return self._answers

    async def _phases(self) -> Exit:
        try:
            for _ in range(_MOST_LOOKS - 1):
                before = _unsettled(self.run)
                self._was_asked = False
                code = await super()._phases()
                if not self._may_order_again(before):
                    return code
            return await super()._phases()
        except ProblemError as error:
            self.problem = error.problem
            raise
        except SaveError as error:
            self.problem = Problem(operation="setup.keep", kind=Kind.FAILED, text=str(error))
            self.is_unsaved = True
            raise

    def _may_order_again(self, before: int) -> bool:
        """Return True if another look may find numbers that were agreed to, in place of what the orders did not get.

        Either an order of before, of which there were so many, has ended with nothing; or others were faster each time.
        """
        has_ended = _unsettled(self.run) < before and not self._was_asked
        may_find = has_ended or self._is_outrun()
        return may_find and 0 < next_order(self._answers, self.run).numbers <= self._most

    def _is_outrun(self) -> bool:
        """Return True if others have taken each number that was ordered, and a search may find more."""
        problem = self.run.step(PAID_STEP.key).problem
        wishes = order_wishes(self._answers)
        may_replace = wishes.replace_taken and not wishes.numbers
        return may_replace and problem is not None and problem.code in TAKEN and not _unsettled(self.run)

    async def _may_order(self, numbers: tuple[str, ...]) -> bool:
        """Go by the agreement for the whole list; nobody is asked for a row."""
        self._was_asked = True
        agreed = len(numbers) <= self._most
        self.orders = int(agreed)  # asked again where the account has changed
        self.was_left_without_number = not agreed
        return agreed

    async def _joinable_campaigns(self) -> tuple[str, ...]:
        """None: the list's `verify` tells it, once for all rows."""
        return ()

    def _stopped_by(self, obstacles: tuple[Obstacle, ...]) -> Exit:
        self.problem = obstacles[0].problem
        return super()._stopped_by(obstacles)

    def _on_event(self, event: Event) -> None:
        super()._on_event(event)
        self._on_change(self, event)


def _unsettled(run: RunState) -> int:
    """Count the orders whose outcome is not known yet."""
    return sum(not order.is_settled for order in run.orders)


def concerns_all(problem: Problem) -> bool:
    """Return True for a problem that every other row would have as well: the login, the account, or its rate limit."""
    is_about_account = problem.operation.partition(".")[0] == "account"
    return (
        problem.status == 401
        or problem.code in _OF_THE_LOGIN
        or problem.kind is Kind.RATE_LIMITED
        or (is_about_account and problem.kind in (Kind.CREDENTIALS, Kind.NOT_FOUND))
    )


def problem_of(work: RowApply) -> Problem | None:
    """Return what ended the row, or the first problem of its steps; `None` if nothing went wrong."""
    found = (step.problem for step in work.run.steps.values() if step.problem)
    return work.problem or next(found, None)


def step_told(work: RowApply) -> str:
    """Say which steps are running and how far the row is."""
    running = [TITLES[key] for key, step in work.run.steps.items() if step.status is Status.STARTED]
    is_applied = progress_of(work.answers, work.run) is not Progress.INCOMPLETE
    doing = ", ".join(running) or ("Reading everything back" if is_applied else "Working")
    return f"{percent_done(work.answers, work.run):>3} %  {doing}"


def event_line(row: NamedRow, event: Event) -> Line | None:
    """One line for an event of a row, for logs; `None` for one that says nothing new."""
    match event:
        case Removed():
            return row_line(row, Mark.DONE, TITLES[event.step], "removed", "")
        case RemovalFailed():
            return row_line(row, Mark.FAILED, TITLES[event.step], "not removed", sentences(event.problem))
        case Finished():
            return row_line(row, Mark.DONE, TITLES[event.step], "done", produced(event))
        case Failed(problem=Problem(code=OwnCode.UNSENT)):
            return row_line(row, Mark.TO_DO, TITLES[event.step], "to do", "stopped before it was sent")
        case Failed():
            return row_line(row, Mark.FAILED, TITLES[event.step], "failed", sentences(event.problem))
        case OrderUpdated(order_id=str(order)) if order:
            return row_line(
                row, Mark.RUNNING, TITLES[event.step], "running", f"order {order} is {event.status}"
            )
        case _:
            return None


def row_line(row: NamedRow, mark: Mark, title: str, word: str, rest: str) -> Line:
    """A line of a log about a row, and about one of its steps if it has a `title`."""
    return (
        Span(mark.sign, mark.tone),
        Span(f" {row.number} {row.name}: {title}{' ' if title else ''}"),
        Span(word, mark.tone),
        Span(f" {rest}" if rest else ""),
    )
