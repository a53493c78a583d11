"""`bwtui verify --each`: each row of a list is read back, some at a time."""

import asyncio
import time
from collections.abc import Mapping
from functools import partial

from bwtui.account_services import AccountServices
from bwtui.cli.arrival_report import print_arrivals
from bwtui.cli.interactive import login_for
from bwtui.cli.interruption import Interruption
from bwtui.cli.lists.begun import BegunRows
from bwtui.cli.lists.one_row import concerns_all
from bwtui.cli.lists.progress import RowProgress
from bwtui.cli.lists.work import row_progress
from bwtui.cli.options import ListOptions, SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.plan_printing import print_verification
from bwtui.cli.session import Session, tell_redirected
from bwtui.credentials import Given
from bwtui.domain.arrival.arrival import as_answered, for_answers_file
from bwtui.domain.callbacks.redirect_text import AtListener
from bwtui.domain.lists.brief_progress import ProgressStage
from bwtui.domain.lists.setup_list import NamedRow
from bwtui.domain.planning.progress import verified
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.values.text import counted
from bwtui.exits import Exit, exit_for


def list_verify(
    options: SetupOptions,
    login: Given,
    environ: Mapping[str, str],
    output: Output,
    listed: ListOptions,
    *,
    log: str | None,
) -> int:
    """Read back each row that was begun, and whether messages and calls will arrive; nothing is changed on the account. Raises `UsageError`."""
    work = ListVerify(options, environ, output, listed)
    work.session.log_to(log)
    return asyncio.run(work.run(login_for(work.session, login), Interruption(work.session)))


class ListVerify(BegunRows):
    """The rows of a list are read back."""

    async def prepare(self, account: AccountServices, interruption: Interruption) -> Exit | None:  # noqa: ARG002 - for those that ask
        """Nothing comes before."""
        return None

    async def do(self, row: NamedRow, account: AccountServices) -> RowProgress:
        """Read back one row; a problem of the login or the account ends the work."""
        session = self.session_of(row)
        if session.run.is_removed:
            return self.seen[row.number]
        pointed = tell_redirected(session)
        try:
            return await self._verify(row, session, account, pointed)
        except ProblemError as error:
            if concerns_all(error.problem):
                self.give_up(error.problem, account)
            raise

    async def _verify(
        self, row: NamedRow, session: Session, account: AccountServices, pointed: AtListener | None
    ) -> RowProgress:
        services = account.services_for(session.setup, partial(self.board.wait, row))
        self.board.change(row, "Reading everything back", None)
        answers = session.answers.on(await services.find_platform(session.answers))
        plan = await services.verify(answers, session.run)
        proof = verified(plan, answers, time.time())
        run = session.run.apply(proof)
        try:
            await asyncio.to_thread(services.save_events, [proof])
        except SaveError as error:  # it is true all the same
            session.output.event("warning", step="", text=str(error))
        print_verification(session.output, plan, session.options.commands, pointed)
        arrivals = as_answered(for_answers_file(await services.read_arrivals(answers, run, plan)), pointed)
        return row_progress(row, answers, run)._replace(exit=exit_for(plan.disproof), arrivals=arrivals)

    def tell_how_to_continue(self) -> None:
        """Say which rows have nothing to read back, however often that is tried."""
        removed, to_do = (
            [each for each in self.seen.values() if each.stage is stage]
            for stage in (ProgressStage.REMOVED, ProgressStage.TO_DO)
        )
        if removed:
            text = f"Removed by a teardown: {counted(len(removed), 'row')}. There is nothing to verify."
            self.output.say(text)
        if to_do:
            self.output.say(f"Not begun, or only in part: {counted(len(to_do), 'row')}.")
        if removed or to_do:
            again = self.session.options.commands.of("apply", "FILE", "--each", self.path)
            self.output.say("To set rows up:", command=again)
        if sum(each.exit is not Exit.DONE for each in self.seen.values()) > len(removed) + len(to_do):
            super().tell_how_to_continue()

    async def finish(self, account: AccountServices) -> Exit:
        """Say why messages and calls will not arrive, once for all rows with the same reason."""
        every = (arrival for number in sorted(self.seen) for arrival in self.seen[number].arrivals)
        print_arrivals(self.output, every)
        return await super().finish(account)
