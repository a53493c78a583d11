"""The progress of a list's rows, from their state files."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Final, NamedTuple

from bwtui.cli.lists.chosen_rows import options_of_row
from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.printing import without_given_up
from bwtui.cli.session import NoSetupError, UsageError, open_session, refuse_other_account
from bwtui.cli.style import Mark, Span
from bwtui.domain.answers.answers import Answers
from bwtui.domain.arrival.arrival import Arrival
from bwtui.domain.arrival.arrival_text import arrival_fields, brief_arrivals
from bwtui.domain.lists.brief_progress import ProgressStage, brief_progress
from bwtui.domain.lists.setup_list import NamedRow
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.run import RunState
from bwtui.domain.values.phone_numbers import listed
from bwtui.exits import Exit, exit_for
from bwtui.store.state_errors import StateError

MARKS: Final = {
    ProgressStage.DONE: Mark.DONE, ProgressStage.APPLIED: Mark.OPEN, ProgressStage.WAITING: Mark.WAITING, ProgressStage.FAILED: Mark.FAILED,
    ProgressStage.TO_DO: Mark.TO_DO, ProgressStage.REMOVING: Mark.OPEN, ProgressStage.REMOVED: Mark.DONE,
}  # fmt: skip


class RowProgress(NamedTuple):
    """A row and how far its setup is."""

    row: NamedRow
    stage: ProgressStage
    text: str
    """The open part, or the reason why its state cannot be read; empty if it is done."""
    exit: Exit
    """The exit code that `bwtui status` ends with for it; 1 if it was not begun."""
    answers: Answers = Answers()
    run: RunState = RunState()
    arrivals: tuple[Arrival, ...] = ()
    """The outlook for messages and calls of its numbers, as far as that was read."""

    @property
    def is_begun(self) -> bool:
        """True if there is anything to tell or to export of it."""
        return self.run != RunState()


def read_rows(
    options: SetupOptions, environ: Mapping[str, str], output: Output, folder: Path, rows: Iterable[NamedRow]
) -> Iterator[RowProgress]:
    """Yield the progress of each row; a state file that cannot be used fails its row alone."""
    for row in rows:
        try:
            named = options_of_row(options, folder, row.name)
            session = open_session(named, environ, output, sets_aside=False)
            refuse_other_account(session)
        except NoSetupError:
            yield RowProgress(row, ProgressStage.TO_DO, "not begun", Exit.FAILED)
        except UsageError as error:
            yield RowProgress(row, ProgressStage.FAILED, str(error), Exit.INVALID)
        except ProblemError as error:
            yield RowProgress(row, ProgressStage.FAILED, error.problem.text, exit_for(error.problem.kind))
        except StateError as error:
            yield RowProgress(row, ProgressStage.FAILED, str(error), Exit.FAILED)
        else:
            brief = brief_progress(session.answers, session.run)
            code = exit_for(brief.kind)
            run = without_given_up(session.answers, session.run)
            yield RowProgress(row, brief.stage, brief.text, code, session.answers, run)


def print_row(output: Output, each: RowProgress, widths: tuple[int, int], *, beside: bool = False) -> None:
    """Print a row for people: its number and name in columns of these widths, how far it is, its numbers, what is open.

    It is what the command was asked for, or said `beside` that.
    """
    number, name = widths
    mark = MARKS[each.stage]
    rest = "; ".join(filter(None, (listed(each.run.numbers), brief_arrivals(each.arrivals), each.text)))
    head = f" {each.row.number:>{number}}  {each.row.name:<{name}}  "
    word = f"{each.stage:<9}" if rest else each.stage.value
    line = Span(mark.sign, mark.tone), Span(head), Span(word, mark.tone), Span(f" {rest}" if rest else "")
    (output.say if beside else output.row)(line, indent=len(head) + 11)


def widths_of(rows: Sequence[NamedRow]) -> tuple[int, int]:
    """Return the widths of the columns for the rows' numbers and names."""
    return max(len(str(row.number)) for row in rows), max(len(row.name) for row in rows)


def row_fields(each: RowProgress) -> dict[str, object]:
    """A row for machines."""
    arrivals = {"arrivals": arrival_fields(each.arrivals)} if each.arrivals else {}
    return {
        "row": each.row.number, "name": each.row.name, "status": each.stage.value, "text": each.text,
        "exit": int(each.exit), "outputs": each.run.result, **arrivals,
    }  # fmt: skip


def counts_told(rows: Sequence[RowProgress]) -> str:
    """Say how many rows are how far: `3 of 5 rows done, 1 failed, 1 to do.`."""
    counts = Counter(each.stage for each in rows)
    others = "".join(
        f", {counts[stage]} {stage}"
        for stage in ProgressStage
        if counts[stage] and stage is not ProgressStage.DONE
    )
    return f"{counts[ProgressStage.DONE]} of {len(rows)} rows done{others}."


def exit_of_rows(codes: Iterable[Exit]) -> Exit:
    """Return the exit code of a list: that of the rows that are not done if it is the same for all of them, else 1."""
    codes = set(codes) - {Exit.DONE}
    return Exit.DONE if not codes else codes.pop() if len(codes) == 1 else Exit.FAILED
