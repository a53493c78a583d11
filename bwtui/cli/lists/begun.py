"""The rows of a list that were begun, for commands that need no answers file."""

from collections.abc import Mapping, Sequence

from bwtui.cli.lists.chosen_rows import checked, chosen, folder_of_list, options_of_row
from bwtui.cli.lists.one_row import RowOutput
from bwtui.cli.lists.progress import read_rows
from bwtui.cli.lists.work import ListWork, Tempo, row_progress
from bwtui.cli.options import ROWS_AT_ONCE, ListOptions, SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.session import Session, UsageError, open_session, refuse_other_account
from bwtui.domain.answers.answers import Answers
from bwtui.domain.lists.setup_list import NamedRow
from bwtui.domain.runs.setup import EMPTY_SETUP
from bwtui.store.list_file import read_names
from bwtui.store.open_setup import OpenSetup


class BegunRows(ListWork):
    """The rows of a list of which there is a state."""

    def __init__(
        self, options: SetupOptions, environ: Mapping[str, str], output: Output, listed: ListOptions
    ) -> None:
        """Read the list and the states, which takes no request.

        Raises `UsageError` if the list cannot be read, or no row was begun.
        """
        self.path = listed.path
        self.every = checked(output, listed, read_names)
        rows = chosen(listed, self.every)
        self.folder = folder_of_list(options, environ, listed.path)
        self.begun: list[NamedRow] = []
        seen, first = {}, Answers()
        for each in read_rows(options, environ, output, self.folder, rows):
            seen[each.row.number] = row_progress(each.row, each.answers, each.run)._replace(
                stage=each.stage, text=each.text, exit=each.exit
            )
            if each.is_begun:
                first = first if self.begun else each.answers
                self.begun.append(each.row)
        if not self.begun:
            raise UsageError(f"No row of {listed.path} was begun: there is nothing in {self.folder}.")
        session = Session(
            options, environ, output,
            setup=OpenSetup(None, EMPTY_SETUP), answers=first, answers_file=None,
        )  # fmt: skip
        super().__init__(session, Tempo(ROWS_AT_ONCE), len(rows))
        self.seen.update(seen)
        for number in seen.keys() - {row.number for row in self.begun}:
            self.board.leave_out(seen[number].stage)

    def rows_to_do(self) -> Sequence[NamedRow]:
        """Return the rows that were begun."""
        return self.begun

    def session_of(self, row: NamedRow) -> Session:
        """Open a row. Raises `UsageError` if it is of another account than the first."""
        options = options_of_row(self.session.options, self.folder, row.name)
        output = RowOutput(self.output, row)
        session = open_session(options, self.session.environ, output, sets_aside=False)
        refuse_other_account(session)
        if _account(session.answers) != _account(self.session.answers):
            raise UsageError("It is of another account than the first row: a list is for one account.")
        return session


def _account(answers: Answers) -> tuple[str, str]:
    return answers.account_id, answers.base_url
