"""`bwtui status --each`: how far each row of a list is, from its state file."""

from collections import Counter
from collections.abc import Mapping, Sequence
from pathlib import Path

from bwtui.cli.lists.chosen_rows import checked, chosen, folder_of_list, options_of_row, tell_namesakes
from bwtui.cli.lists.progress import (
    RowProgress,
    counts_told,
    exit_of_rows,
    print_row,
    read_rows,
    row_fields,
    widths_of,
)
from bwtui.cli.options import ListOptions, SetupOptions
from bwtui.cli.output import Output
from bwtui.domain.lists.brief_progress import ProgressStage
from bwtui.domain.lists.setup_list import NamedRow
from bwtui.exits import Exit, status_for
from bwtui.store.list_file import read_names
from bwtui.store.setup_folder import names


def list_status(
    options: SetupOptions, environ: Mapping[str, str], output: Output, listed: ListOptions
) -> Exit:
    """Print a row for each setup of a list; return the exit code that they amount to.

    Raises `UsageError` if the list cannot be read, `BadName` if it has no name of its own.
    """
    folder = folder_of_list(options, environ, listed.path)
    every = checked(output, listed, read_names)
    picked = chosen(listed, every)
    widths = widths_of(picked)
    seen = []
    for each in read_rows(options, environ, output, folder, picked):
        seen.append(each)
        output.event("row", **row_fields(each))
        if not output.as_json:
            print_row(output, each, widths)
    code = exit_of_rows(each.exit for each in seen)
    output.say(counts_told(seen))
    tell_namesakes(output, folder, every)
    _say_others(output, folder, every)
    _say_next(options, output, folder, listed.path, seen)
    counts = Counter(each.stage.value for each in seen)
    output.event("result", status=status_for(code), rows=dict(counts), exit=int(code))
    return code


def _say_others(output: Output, folder: Path, every: Sequence[NamedRow]) -> None:
    """Say which setups were begun that are in the list no longer: nobody else would miss them."""
    if gone := sorted(set(names(folder)) - {row.name for row in every}):
        shown = ", ".join(gone[:5]) + (f" and {len(gone) - 5} more" if len(gone) > 5 else "")
        output.say(f"Begun, but not in the list any more: {shown}.")


def _say_next(
    options: SetupOptions, output: Output, folder: Path, path: str, seen: Sequence[RowProgress]
) -> None:
    """Say how to continue, and how to look at one row that is open."""
    is_open = [each for each in seen if each.exit is not Exit.DONE]
    if any(
        each.stage not in (ProgressStage.DONE, ProgressStage.APPLIED, ProgressStage.REMOVED) for each in seen
    ):
        output.say("To continue:", command=options.commands.of("apply", "FILE", "--each", path))
    elif any(each.stage is ProgressStage.APPLIED for each in seen):
        output.say("To verify them:", command=options.commands.of("verify", "--each", path))
    if begun := [each for each in is_open if each.is_begun]:
        one = options_of_row(options, folder, begun[0].row.name)
        output.say("To look at one row:", command=one.commands.of("status"))
