"""`bwtui apply --each`: each row of a list is applied as a setup of its own, some at a time; money is asked about once."""

import asyncio
from collections.abc import Mapping, Sequence
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
    session_with,
    tell_redirected,
)
from bwtui.cli.style import Mark, marked
from bwtui.credentials import Given
from bwtui.domain.answers import Answer, Answers
from bwtui.domain.brief_progress import Stage
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.order_estimate import numbers_missing
from bwtui.domain.phone_numbers import listed
from bwtui.domain.remedies import sentences
from bwtui.domain.run import Event, Failed, ProblemError
from bwtui.domain.secret import Secret
from bwtui.domain.setup import EMPTY_SETUP
from bwtui.domain.setup_list import NamedRow, Row
from bwtui.domain.text import counted
from bwtui.exits import Exit, exit_for
from bwtui.store.answers_file import STANDARD_INPUT, AnswersFile
from bwtui.store.answers_file import read as read_answers
from bwtui.store.list_file import read_list
from bwtui.store.open_setup import OpenSetup
from bwtui.store.state import StateError


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
    base = Answers(over_all(options, environ, {}, answers_file), _secrets_in(environ))
    shared = APPLICATIONS if how.share else frozenset[str]()
    every = checked(output, how.each, lambda path: read_list(path, base, shared))
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


def _secrets_in(environ: Mapping[str, str]) -> dict[str, Secret]:
    """Return the callback passwords that the environment holds, for whichever row has a user to go with them."""
    return {
        key: Secret.entered(environ[question.secret_from])
        for key, question in QUESTIONS.items()
        if isinstance(question, Text) and environ.get(question.secret_from)
    }


class _Start(NamedTuple):
    """A row before it is worked on."""

    progress: RowProgress
    numbers: int = 0
    """The most phone numbers that it may order."""
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
        self._to_do: dict[int, int] = {}
        """The most phone numbers that each row may order, of those to be worked on."""
        self._may_order: dict[int, int] = {}
        """The numbers that were agreed to, by row."""
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
            if start.progress.stage is Stage.DONE or start.is_broken:
                self.board.leave_out(start.progress.stage)
            else:
                self._to_do[number] = start.numbers

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
        return _Start(progress, numbers_missing(session.answers, session.run))

    def _session_of(self, row: Row, output: Output | None = None) -> Session:
        given = AnswersFile(f"{self._how.each.path}, row {row.number}", given=row.answers.given)
        options = options_of_row(self.session.options, self._folder, row.name)
        session = session_with(options, self.session.environ, output or self.output, given, sets_aside=False)
        session.answers = session.answers._replace(secrets=row.answers.secrets)
        return session

    # --- at work ---

    def rows_to_do(self) -> Sequence[NamedRow]:
        return [self.seen[number].row for number in self._to_do]

    async def prepare(self, account: AccountServices, interruption: Interruption) -> Exit | None:
        """Ask about money, then make what the rows share."""
        if not await self._asked_about_money(interruption):
            return Exit.INVALID
        if self._sharing and self._to_do:
            await self._sharing.make(account)
            self._use(self._sharing, self._sharing.ids() or {})
        return None

    def _use(self, sharing: SharedApplications, ids: Mapping[str, Answer]) -> None:
        """Let the rows use what they share."""
        self._rows = {number: sharing.used_in(row, ids) for number, row in self._rows.items()}

    async def _asked_about_money(self, interruption: Interruption) -> bool:
        """Ask once about all orders; return False if nobody can be asked."""
        wanting = [number for number, most in self._to_do.items() if most]
        ordering = wanting if self._how.max_orders is None else wanting[: self._how.max_orders]
        numbers = sum(self._to_do[number] for number in ordering)
        self._tell_plan(len(ordering), numbers, len(wanting) - len(ordering))
        if not ordering:
            return True
        what = f"{counted(numbers, 'phone number')} in {counted(len(ordering), 'order')}"
        if interruption.confirm is None:
            told = (
                f"This orders up to {what}, which costs money. Nothing was written. Add --yes to agree to it."
            )
            self.output.say(marked(Mark.COSTS, told), indent=2)
            return False
        if await interruption.confirm(
            f"Order up to {what}? This costs money. If not, everything else is set up all the same. [y/N] "
        ):
            self._may_order = {number: self._to_do[number] for number in ordering}
        return True

    def _tell_plan(self, orders: int, numbers: int, without: int) -> None:
        done = sum(each.stage is Stage.DONE for each in self.seen.values())
        self.output.event(
            "list", rows=len(self._rows), done=done, to_do=len(self._to_do), orders=orders, numbers=numbers
        )
        told = f"{counted(len(self._rows), 'row')}: {done} done, {len(self._to_do)} to do"
        capped = f"; {counted(without, 'row')} left without a number by --max-orders" if without else ""
        self.output.say(f"{told}{capped}.")

    async def do(self, row: NamedRow, account: AccountServices) -> RowProgress:
        """Apply a row; what concerns all rows ends the work."""
        session = self._session_of(self._rows[row.number], RowOutput(self.output, row))
        if tell_redirected(session):
            text = "Its callback URLs point at bwtui listen for now: end that first."
            return failed(row, text, Exit.CONFLICT)
        with session.working():
            return await self._carry_out(row, session, account)

    async def _carry_out(self, row: NamedRow, session: Session, account: AccountServices) -> RowProgress:
        services = account.services_for(session.setup, partial(self.board.wait, row))
        work = RowApply(
            services, session.answers, session.run, session.output,
            may_order=self._may_order.get(row.number, 0), on_change=partial(self._change, row, account),
            commands=session.options.commands,
        )  # fmt: skip
        try:
            code = await work.execute()
        finally:
            account.leave(session.setup)
        self._orders += work.orders
        problem = problem_of(work)
        if problem and (work.is_unsaved or concerns_all(problem)):
            self.give_up(problem, account)
        progress = row_progress(row, work.answers, work.run)._replace(exit=code)
        if code is not Exit.DONE and work.problem:
            return progress._replace(stage=Stage.FAILED, text=sentences(work.problem))
        if work.was_left_without_number:
            return progress._replace(text="no number was ordered, as nobody has agreed to it")
        return progress

    def _change(self, row: NamedRow, account: AccountServices, work: RowApply, event: Event) -> None:
        if isinstance(event, Failed) and concerns_all(event.problem):
            self.give_up(event.problem, account)  # at once: the row's other steps would wait as well
        numbers = listed(work.run.numbers)
        self.board.change(row, "  ".join(filter(None, (step_told(work), numbers))), event_line(row, event))

    def more_in_result(self) -> dict[str, object]:
        return {"orders": self._orders}


def _with_secrets(row: Row, secrets: Mapping[str, Secret]) -> Row:
    """Return a row with the secrets that belong to its users."""
    kept = {
        key: secret
        for key, secret in secrets.items()
        if isinstance(question := QUESTIONS[key], Text)
        if row.answers.text(f"{key.partition('.')[0]}.{question.goes_with}")
    }
    return row._replace(answers=row.answers._replace(secrets=kept))
