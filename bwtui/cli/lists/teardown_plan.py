"""`bwtui teardown --plan --each`: what a teardown of each row of a list would send; nothing is changed."""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial

from bwtui.account_services import AccountServices
from bwtui.cli.interactive import login_for
from bwtui.cli.interruption import Interruption
from bwtui.cli.lists.one_row import RowOutput, SilentResult, concerns_all
from bwtui.cli.lists.progress import RowProgress, exit_of_rows
from bwtui.cli.lists.teardown import RowTeardown, TeardownRows, shared_session
from bwtui.cli.options import ListOptions, SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.removing import NOTHING_CHANGED
from bwtui.cli.session import Session
from bwtui.cli.style import Line
from bwtui.credentials import Given
from bwtui.domain.lists.setup_list import NamedRow
from bwtui.domain.remedies.remedies import sentences
from bwtui.domain.teardown.teardown import made_steps
from bwtui.domain.values.text import counted
from bwtui.exits import Exit


def list_teardown_plan(
    options: SetupOptions,
    login: Given,
    environ: Mapping[str, str],
    output: Output,
    listed: ListOptions,
    *,
    release: bool,
) -> int:
    """Show what would be sent for each row, then for what they share. Raises `UsageError`."""
    work = ListTeardownPlan(options, environ, output, listed, release=release)
    return asyncio.run(work.run(login_for(work.session, login), Interruption(work.session)))


class PlanOutput(RowOutput):
    """Holds what a row's plan tells people until it is whole, since other rows tell theirs at the same time."""

    def __init__(self, output: Output, row: NamedRow) -> None:
        super().__init__(output, row)
        heading = f"# Row {row.number}, {row.name}"
        self._held: list[Callable[[], None]] = [partial(output.data, heading)]
        if not output.has_person:  # who reads the other stream alone is told, too
            self._held.append(partial(output.say, heading))

    def say(self, line: Line, *, indent: int = 0, command: str = "") -> None:
        """A line that comes with the others."""
        self._held.append(partial(self._list.say, line, indent=indent, command=command))

    def data(self, text: str) -> None:
        """Lines of a request, which come with the others."""
        self._held.append(partial(self._list.data, text))

    def row(self, line: Line, *, indent: int) -> None:
        """The heading of a request, which comes with the others."""
        self._held.append(partial(self._list.row, line, indent=indent))

    def tell(self) -> None:
        """Print all of it."""
        if not self.as_json:
            self._list.block(())  # the rows under way are shown again below it
            for tell in self._held:
                tell()


class ListTeardownPlan(TeardownRows):
    """Shows the requests that a teardown of a list's rows would send."""

    settled = frozenset()

    async def prepare(self, account: AccountServices, interruption: Interruption) -> Exit | None:  # noqa: ARG002 - for those that ask
        """Nothing comes before."""
        return None

    async def do(self, row: NamedRow, account: AccountServices) -> RowProgress:
        """Show one row's plan; a problem of the login or the account ends the work."""
        session = self.session_of(row)
        session.output = output = PlanOutput(self.output, row)
        seen = self.seen[row.number]
        if not made_steps(session.run):
            return seen._replace(text="nothing to remove", exit=Exit.DONE)
        work = await self._show(session, account)
        output.tell()
        if work.problem:
            if concerns_all(work.problem):
                self.give_up(work.problem, account)
            return seen._replace(text=sentences(work.problem), exit=work.code)
        return seen._replace(text=f"{counted(work.sending, 'request')} to send", exit=work.code)

    async def finish(self, account: AccountServices) -> Exit:
        """Show what would be sent for what the rows share, once none of them uses it."""
        code = exit_of_rows(self.seen[row.number].exit for row in self.begun)
        if session := shared_session(self):
            self.output.say("Then, once no row of the list uses it, what they share:")
            session.output = SilentResult(self.output)
            code = code or (await self._show(session, account)).code
        self.output.say(NOTHING_CHANGED)
        return code

    async def _show(self, session: Session, account: AccountServices) -> RowTeardown:
        work = self.teardown_of(session, account)
        work.code = await work.show()
        return work
