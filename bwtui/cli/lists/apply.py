"""`bwtui apply --each`: each row of a list is applied as a setup of its own, some at a time; money is asked about once."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import NamedTuple

from bwtui.account_services import AccountServices
from bwtui.cli.interactive import login_for, missing_callback_passwords
from bwtui.cli.interruption import Interruption
from bwtui.cli.lists.chosen_rows import checked, chosen, folder_of_list, options_of_row, tell_doubts
from bwtui.cli.lists.one_row import RowApply, RowOutput, concerns_all, event_line, problem_of, step_told
from bwtui.cli.lists.progress import RowProgress
from bwtui.cli.lists.results import check_results
from bwtui.cli.lists.sharing import APPLICATIONS, SharedApplications
from bwtui.cli.lists.work import ListWork, Tempo, failed, row_progress
from bwtui.cli.options import ListOptions, SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.session import (
    Session,
    UsageError,
    over_all,
    refuse_other_account,
    secrets_in,
    session_with,
    tell_redirected,
)
from bwtui.cli.style import Mark, marked
from bwtui.credentials import Given
from bwtui.domain.answers.answers import Answer, Answers
from bwtui.domain.catalog import PAID_STEP, QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.lists.brief_progress import ProgressStage
from bwtui.domain.lists.setup_list import NamedRow, Row
from bwtui.domain.planning.order_estimate import Budget, NextOrder, budget_of, next_order
from bwtui.domain.remedies.remedies import sentences
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.run_events import Event, Failed, Started
from bwtui.domain.runs.setup import EMPTY_SETUP
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.values.secret import Secret
from bwtui.domain.values.text import counted
from bwtui.exits import Exit, exit_for
from bwtui.store.answers_file import STANDARD_INPUT, AnswersFile
from bwtui.store.answers_file import read as read_answers
from bwtui.store.list_file import read_list
from bwtui.store.open_setup import OpenSetup
from bwtui.store.setup_folder import names
from bwtui.store.state import StateFile
from bwtui.store.state_errors import StateError


class How(NamedTuple):
    """The options of `bwtui apply --each`, besides those for the account."""

    file: str
    each: ListOptions
    at_once: int
    max_orders: int | None
    share: bool
    rate: float | None
    results: str | None
    yes: bool
    log: str | None


def list_apply(
    options: SetupOptions, login: Given, environ: Mapping[str, str], output: Output, how: How
) -> int:
    """Apply the rows of a list; run it again to continue.

    Raises `UsageError` or `AnswersError` for what is wrong with the list or the answers file, before anything is sent.
    """
    if STANDARD_INPUT == how.file == how.each.path:
        raise UsageError("FILE and --each cannot both be standard input.")
    answers_file = read_answers(how.file)
    base = Answers(over_all(options, environ, {}, answers_file), secrets_in(environ))
    shared = APPLICATIONS if how.share else frozenset[str]()
    every = checked(output, how.each, lambda path, count: read_list(path, base, shared, count))
    folder = folder_of_list(options, environ, how.each.path)
    rows = chosen(how.each, every)
    for note in answers_file.notes:
        output.say(note)
    tell_doubts(output, how.each, rows)
    if how.results:
        check_results(how.results, (how.file, how.each.path))
    session = Session(
        options, environ, output,
        setup=OpenSetup(None, EMPTY_SETUP), answers=rows[0].answers, answers_file=answers_file,
    )  # fmt: skip
    session.log_to(how.log)
    sharing = SharedApplications(options, environ, output, folder, every) if how.share else None
    work = ListApply(session, folder, rows, how, sharing)
    work.look_at_states()
    who = login_for(session, login)
    work.ask_for_passwords()
    return asyncio.run(work.run(who, Interruption(session, agreed=how.yes)))


class _Start(NamedTuple):
    """A row before it is worked on."""

    progress: RowProgress
    order: NextOrder = NextOrder()
    may_wait: bool = False
    """True if a request of it was cut off, so that its effect may have to be waited for."""
    on_order: tuple[str, ...] = ()
    """The numbers of its orders whose outcome is not known."""
    is_broken: bool = False
    """True if its state cannot be used, so that it is left alone."""


class ListApply(ListWork):
    """The rows of a list are applied."""

    def __init__(
        self,
        session: Session,
        folder: Path,
        rows: Sequence[Row],
        how: How,
        sharing: SharedApplications | None,
    ) -> None:
        """`session` is of the list as a whole, and has no state."""
        super().__init__(session, Tempo(how.at_once, how.rate, how.results), len(rows))
        self._folder = folder
        self._rows = {row.number: row for row in rows}
        self._how = how
        self._sharing = sharing
        self._to_do: dict[int, _Start] = {}
        """The rows to be worked on."""
        self._budget = Budget({}, {})
        """The orders that were asked about."""
        self._is_agreed = False
        """True once a person has agreed to them."""
        self._orders = 0

    # --- before anything is sent ---

    def look_at_states(self) -> None:
        """See how far each row is, which takes no request."""
        ids = self._sharing.ids() if self._sharing else None
        if self._sharing and ids:
            self._use(self._sharing, ids)
        for number, row in self._rows.items():
            start = self._start_of(row)
            self.seen[number] = start.progress
            if start.progress.stage is ProgressStage.DONE or start.is_broken:
                self.board.leave_out(start.progress.stage)
            else:
                self._to_do[number] = start

    def ask_for_passwords(self) -> None:
        """Get the callback passwords that rows need and the environment lacks, once for all rows. Raises `UsageError`."""
        for number in self._to_do:
            row = self._rows[number]
            self.session.answers = row.answers
            if asked := missing_callback_passwords(self.session):
                given = {**self.session.answers.secrets, **asked}
                self._rows = {each: _with_secrets(row, given) for each, row in self._rows.items()}
                if self._sharing:
                    self._sharing.take_secrets(asked)

    def _start_of(self, row: Row) -> _Start:
        named = NamedRow(row.number, row.name)
        try:
            session = self._session_of(row)
            refuse_other_account(session)
        except (UsageError, ProblemError, StateError) as error:
            problem = error.problem if isinstance(error, ProblemError) else None
            code = exit_for(problem.kind) if problem else Exit.FAILED
            return _Start(failed(named, str(error), code), is_broken=True)
        progress = row_progress(named, session.answers, session.run)
        return _Start(
            progress,
            next_order(session.answers, session.run),
            may_wait=any(step.pending for step in session.run.steps.values()),
            on_order=session.run.on_order,
        )

    def _session_of(self, row: Row, output: Output | None = None) -> Session:
        given = AnswersFile(f"{self._how.each.path}, row {row.number}", given=row.answers.given)
        options = options_of_row(self.session.options, self._folder, row.name)
        session = session_with(options, self.session.environ, output or self.output, given, sets_aside=False)
        session.answers = session.answers._replace(secrets=row.answers.secrets)
        return session

    # --- at work ---

    def rows_to_do(self) -> Sequence[NamedRow]:
        """Return the rows; those that may have to wait come last, when most of that time has passed."""
        return [
            start.progress.row for start in sorted(self._to_do.values(), key=lambda start: start.may_wait)
        ]

    async def prepare(self, account: AccountServices, interruption: Interruption) -> Exit | None:
        """Ask about money, then make what the rows share."""
        if not await self._asked_about_money(interruption):
            return Exit.INVALID
        for start in self._to_do.values():
            account.claim(start.progress.row.name, start.on_order)
        if self._is_agreed:
            self._leave_to_others(account)
        if self._sharing and self._to_do:
            await self._sharing.make(account)
            self._use(self._sharing, self._sharing.ids() or {})
        return None

    def _leave_to_others(self, account: AccountServices) -> None:
        """Leave to the setups of the list that are not worked on what they may have on order."""
        for name in {*names(self._folder)} - {row.name for row in self._rows.values()}:
            with suppress(StateError):  # its own run tells that
                setup = StateFile(self._folder, name).load(sets_aside=False)
                account.claim(name, setup.run.on_order if setup else ())

    def _use(self, sharing: SharedApplications, ids: Mapping[str, Answer]) -> None:
        """Let the rows use what they share."""
        self._rows = {number: sharing.used_in(row, ids) for number, row in self._rows.items()}

    async def _asked_about_money(self, interruption: Interruption) -> bool:
        """Ask once about all orders; return False if nobody can be asked about one that is sure to be placed.

        An order that only replaces an earlier one, should that get nothing, is agreed to as well, or its row waits.
        """
        starts = {number: start.order for number, start in self._to_do.items()}
        self._budget = budget = budget_of(starts, self._how.max_orders)
        self._tell_plan(budget)
        if not budget.orders:
            return True
        also = _replacing_told(budget.replacing)
        what = f"{counted(budget.numbers, 'phone number')} in {counted(len(budget.orders), 'order')}"
        if interruption.confirm is None:
            is_sure = budget.replacing < len(budget.orders)
            nothing = " Nothing was written." if is_sure else " This run orders none."
            text = f"This orders up to {what}, which costs money.{also}{nothing} Add --yes to agree to it."
            self.output.say(marked(Mark.COSTS, text), indent=2)
            return not is_sure
        self._is_agreed = await interruption.confirm(
            f"Order up to {what}?{also} This costs money. If not, everything else is set up all the same. [y/N] "
        )
        return True

    def _tell_plan(self, budget: Budget) -> None:
        done = sum(each.stage is ProgressStage.DONE for each in self.seen.values())
        self.output.event(
            "list", rows=len(self._rows), done=done, to_do=len(self._to_do), orders=len(budget.orders),
            numbers=budget.numbers, replacing=budget.replacing,
        )  # fmt: skip
        text = f"{counted(len(self._rows), 'row')}: {done} done, {len(self._to_do)} to do"
        left = budget.without_number
        without = f"; {counted(left, 'row')} left without a number by --max-orders" if left else ""
        self.output.say(f"{text}{without}.")

    def _may_order(self, number: int) -> int:
        """Return how many phone numbers a row may order."""
        order = self._budget.orders.get(number)
        return order.numbers if order and self._is_agreed else 0

    async def do(self, row: NamedRow, account: AccountServices) -> RowProgress:
        """Apply a row; what concerns all rows ends the work."""
        session = self._session_of(self._rows[row.number], RowOutput(self.output, row))
        if pointed := tell_redirected(session):
            return failed(row, pointed.told, Exit.CONFLICT)
        with session.working():
            return await self._carry_out(row, session, account)

    async def _carry_out(self, row: NamedRow, session: Session, account: AccountServices) -> RowProgress:
        may_order = self._may_order(row.number)
        on_wait = partial(self.board.wait, row)
        services = account.services_for(session.setup, on_wait, may_order=may_order)
        work = RowApply(
            services, session.answers, session.run, session.output,
            may_order=may_order, on_change=partial(self._change, row, account),
            commands=session.options.commands,
        )  # fmt: skip
        try:
            code = await work.execute()
        finally:
            account.leave(session.setup, work.run)
        self._orders += work.orders
        problem = problem_of(work)
        if problem and (work.is_unsaved or concerns_all(problem)):
            self.give_up(problem, account)
        progress = row_progress(row, work.answers, work.run)._replace(exit=code)
        if code is not Exit.DONE and work.problem:
            return progress._replace(stage=ProgressStage.FAILED, text=sentences(work.problem))
        if work.was_left_without_number and (
            not problem or problem.operation.startswith(f"{PAID_STEP.key}.")
        ):
            return progress._replace(
                stage=ProgressStage.TO_DO, text=self._why_not_ordered(row), exit=Exit.FAILED
            )
        return progress

    def _why_not_ordered(self, row: NamedRow) -> str:
        if row.number in self._budget.capped:
            return "no number was ordered: --max-orders has left it to the next run"
        if self._may_order(row.number):
            return "no number was ordered: it needs more than was asked about, so the next run asks again"
        return "no number was ordered, as nobody has agreed to it: the next run asks again, or takes --yes"

    def _change(self, row: NamedRow, account: AccountServices, work: RowApply, event: Event) -> None:
        if isinstance(event, Failed) and concerns_all(event.problem):
            self.give_up(event.problem, account)  # at once: the row's other steps would wait as well
        if isinstance(event, Started) and event.numbers:
            account.claim(row.name, work.run.on_order)
        numbers = listed(work.run.numbers)
        self.board.change(row, "  ".join(filter(None, (step_told(work), numbers))), event_line(row, event))

    def more_in_result(self) -> dict[str, object]:
        return {"orders": self._orders}


def _replacing_told(rows: int) -> str:
    """Say how many rows order only if an order that they have sent gets nothing; empty for none."""
    if not rows:
        return ""
    if rows == 1:
        return " 1 row has sent an order before, and orders again only if that one gets nothing."
    return f" {rows} rows have sent orders before, and order again only if those get nothing."


def _with_secrets(row: Row, secrets: Mapping[str, Secret]) -> Row:
    """Return a row with the secrets that belong to its users."""
    kept = {
        key: secret
        for key, secret in secrets.items()
        if isinstance(question := QUESTIONS[key], Text)
        if row.answers.text(f"{key.partition('.')[0]}.{question.goes_with}")
    }
    return row._replace(answers=row.answers._replace(secrets=kept))
