"""`bwtui teardown --each`: what each row of a list has made is removed, some rows at a time; it is asked about once."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from functools import partial

from bwtui.account_services import AccountServices
from bwtui.cli.interactive import login_for
from bwtui.cli.interruption import Interruption, agree
from bwtui.cli.lists.begun import BegunRows
from bwtui.cli.lists.one_row import SilentResult, concerns_all, event_line
from bwtui.cli.lists.progress import RowProgress, exit_of_rows, read_rows
from bwtui.cli.lists.sharing import FOLDER, NAME
from bwtui.cli.lists.work import failed, row_progress
from bwtui.cli.options import ListOptions, SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.removing import Teardown
from bwtui.cli.session import NoSetupError, Session, open_session, tell_redirected
from bwtui.cli.style import Mark, marked
from bwtui.credentials import Given
from bwtui.domain.lists.brief_progress import ProgressStage
from bwtui.domain.lists.setup_list import NamedRow
from bwtui.domain.remedies.remedies import sentences
from bwtui.domain.runs.problem import Problem, ProblemError
from bwtui.domain.runs.removal_text import twin_lines, twins_left
from bwtui.domain.runs.run_events import Event, Verified
from bwtui.domain.teardown.teardown import made_steps
from bwtui.domain.values.text import counted
from bwtui.domain.walk.walk import TITLES
from bwtui.exits import Exit
from bwtui.services import Services


def list_teardown(
    options: SetupOptions,
    login: Given,
    environ: Mapping[str, str],
    output: Output,
    listed: ListOptions,
    *,
    release: bool,
    yes: bool,
) -> int:
    """Remove what each row has made, then what they share. Raises `UsageError`."""
    work = ListTeardown(options, environ, output, listed, release=release)
    interruption = Interruption(work.session, agreed=yes, mark=Mark.OPEN)
    return asyncio.run(work.run(login_for(work.session, login), interruption))


class RowTeardown(Teardown):
    """The teardown of one row."""

    problem: Problem | None = None
    """What ended it."""
    code = Exit.FAILED

    def __init__(
        self, services: Services, session: Session, *, release: bool, on_event: Callable[[Event], None]
    ) -> None:
        """`on_event` is told each event. It was agreed to, and nobody is asked for a row."""
        super().__init__(
            services, session.answers, session.run, session.output, agree,
            release=release, commands=session.options.commands,
        )  # fmt: skip
        self._on_each = on_event

    async def _ended(self, phases: Callable[[], Awaitable[Exit]]) -> Exit:
        async def noted() -> Exit:
            try:
                return await phases()
            except ProblemError as error:
                self.problem = error.problem
                raise

        return await super()._ended(noted)

    def _on_event(self, event: Event) -> None:
        super()._on_event(event)
        self._on_each(event)


def shared_session(work: BegunRows) -> Session | None:
    """Open the setup of what the rows of a list share; `None` if nothing is left of it."""
    try:
        options = work.session.options._replace(name=NAME, state_dir=str(work.folder / FOLDER))
        session = open_session(options, work.session.environ, work.output, sets_aside=False)
    except NoSetupError:
        return None
    return session if made_steps(session.run) else None


class TeardownRows(BegunRows):
    """Rows of a list whose teardown is done or shown."""

    def __init__(
        self,
        options: SetupOptions,
        environ: Mapping[str, str],
        output: Output,
        listed: ListOptions,
        *,
        release: bool,
    ) -> None:
        super().__init__(options, environ, output, listed)
        self._release = release

    def teardown_of(
        self,
        session: Session,
        account: AccountServices,
        on_event: Callable[[Event], None] = lambda _event: None,
    ) -> RowTeardown:
        """Return the teardown of one setup, yet to be done or shown; `on_event` is told its events."""
        services = account.services_for(session.setup, lambda *_: None)
        return RowTeardown(services, session, release=self._release, on_event=on_event)


class ListTeardown(TeardownRows):
    """Removes what the rows of a list have made."""

    settled = frozenset({ProgressStage.REMOVED})

    async def prepare(self, account: AccountServices, interruption: Interruption) -> Exit | None:  # noqa: ARG002 - as in others
        """Ask once for all rows; return the exit code if nobody can be asked, or the answer is no."""
        rows = counted(len(self.begun), "row")
        numbers = sum(len(self.seen[row.number].run.numbers) for row in self.begun)
        released = (
            f", and release their {counted(numbers, 'phone number')}, which cannot be undone"
            if self._release and numbers
            else ""
        )
        if interruption.confirm is None:
            text = f"This would remove what {rows} have made{released}. Nothing was removed. Add --yes to agree to it."
            self.output.say(marked(Mark.OPEN, text), indent=2)
            return Exit.INVALID
        if not await interruption.confirm(f"Remove what {rows} have made{released}? [y/N] "):
            self.output.say("Nothing was removed.")
            return Exit.FAILED
        return None

    async def do(self, row: NamedRow, account: AccountServices) -> RowProgress:
        """Remove what a row has made; a problem of the login or the account ends the work."""
        session = self.session_of(row)
        if pointed := tell_redirected(session):
            return failed(row, pointed.told, Exit.CONFLICT)
        with session.working():
            work = self.teardown_of(session, account, partial(self._change, row))
            work.code = await work.execute()
        problem = work.problem
        if problem and concerns_all(problem):
            self.give_up(problem, account)
        code = Exit.DONE if work.run.is_removed or not made_steps(work.run) else work.code
        progress = row_progress(row, session.answers, work.run)._replace(exit=code)
        return progress._replace(stage=ProgressStage.FAILED, text=sentences(problem)) if problem else progress

    async def finish(self, account: AccountServices) -> Exit:
        """Remove what the rows shared, once no row of the list uses it."""
        code = exit_of_rows(self.seen[row.number].exit for row in self.begun)
        for row in self.begun:
            for line in twin_lines(twins_left(self.seen[row.number].run)):
                self.output.say(marked(Mark.OPEN, f"Row {row.number} ({row.name}): {line}"), indent=2)
        session = shared_session(self)
        if not session:
            return code
        if in_use := self._rows_in_use():
            self.output.say(
                f"The shared applications stay: {counted(in_use, 'row')} of the list may use them."
            )
            return code
        session.output = SilentResult(self.output)
        with session.working():
            work = self.teardown_of(session, account)
            work.code = await work.execute()
        return code or work.code

    def tell_how_to_continue(self) -> None:
        """Say what to do about what is left: numbers that are kept are so for ever, and keep what they are on."""
        left = [self.seen[row.number] for row in self.begun if self.seen[row.number].exit is not Exit.DONE]
        kept = (
            []
            if self._release
            else [each for each in left if each.run.numbers and each.stage is not ProgressStage.FAILED]
        )
        if kept:
            numbers = counted(sum(len(each.run.numbers) for each in kept), "phone number")
            text = f"{numbers} of {counted(len(kept), 'row')} stay, and keep what they are on from being removed. To release them too, which cannot be undone:"
            again = self.session.options.commands.of("teardown", "--each", self.path, "--release-numbers")
            self.output.say(text, command=again)
        if len(kept) < len(left):
            super().tell_how_to_continue()

    def _rows_in_use(self) -> int:
        """Count the rows of the whole list that may have something left."""
        every = read_rows(self.session.options, self.session.environ, self.output, self.folder, self.every)
        return sum(
            each.stage not in (ProgressStage.REMOVED, ProgressStage.TO_DO) or bool(made_steps(each.run))
            for each in every
        )

    def _change(self, row: NamedRow, event: Event) -> None:
        title = "" if isinstance(event, Verified) else TITLES[event.step]
        self.board.change(row, f"Removing  {title}", event_line(row, event))
