"""`bwtui export --each`: the results of a list's rows, as lines of JSON or as a file each."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from bwtui.cli.lists.chosen_rows import checked, chosen, folder_of_list, options_of_row
from bwtui.cli.lists.progress import RowProgress, counts_told, exit_of_rows, print_row, read_rows, widths_of
from bwtui.cli.options import ListOptions, SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.session import UsageError
from bwtui.command_line import CommandLine
from bwtui.domain.planning.progress import Progress
from bwtui.domain.runs.setup import SaveError
from bwtui.exits import Exit
from bwtui.export.formats import export_as
from bwtui.store.list_file import read_names
from bwtui.store.requested_file import write_new_file

_ENDINGS: Final = {"env": "env", "json": "json", "curl": "sh", "markdown": "md"}
_LINES: Final = "json"
"""The format that needs no file for each row: an object is a line."""


def list_export(
    options: SetupOptions, environ: Mapping[str, str], listed: ListOptions, form: str, out: str | None
) -> Exit:
    """Print or write the result of each row that was begun, and say of the others how far they are.

    Raises `UsageError` if the list cannot be read, or the format needs a folder and none is given; `BadName` if the
    list has no name of its own; `SaveError` if the folder cannot be made.
    """
    if out is None and form != _LINES:
        raise UsageError(f"--format {form} is a file for each row: give a folder for them with --out FOLDER.")
    output = Output()
    target = _folder(out) if out else None
    folder = folder_of_list(options, environ, listed.path)
    picked = chosen(listed, checked(output, listed, read_names))
    widths = widths_of(picked)
    seen, codes = [], []
    for each in read_rows(options, environ, output, folder, picked):
        seen.append(each)
        codes.append(each.exit)
        commands = options_of_row(options, folder, each.row.name).commands
        if target is None:
            output.data(json.dumps(_object(each, commands), ensure_ascii=False))
        elif each.is_begun and not _write(output, target, each, form, commands):
            codes.append(Exit.FAILED)
        if each.exit is not Exit.DONE:
            print_row(output, each, widths, beside=True)
    output.say(counts_told(seen))
    return exit_of_rows(codes)


def _folder(out: str) -> Path:
    folder = Path(out).expanduser()
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SaveError(f"{folder} cannot be made: {error.strerror}. Choose another folder.") from error
    return folder


def _object(each: RowProgress, commands: CommandLine) -> dict[str, object]:
    """Return a row as one object; one that was not begun, or cannot be read, has the same members."""
    place = {"row": each.row.number, "name": each.row.name}
    if each.is_begun:
        return {**place, **json.loads(export_as(_LINES, each.answers, each.run, commands))}
    return {
        **place, "v": 1, "account_id": "", "base_url": "", "platform": "",
        "status": Progress.INCOMPLETE.value, "open": [{"step": "", "kind": each.stage.value, "text": each.text}],
        "outputs": each.run.result,
    }  # fmt: skip


def _write(output: Output, folder: Path, each: RowProgress, form: str, commands: CommandLine) -> bool:
    """Write the file of a row; return False, with the reason told, if that cannot be. A file that is right already is."""
    text = export_as(form, each.answers, each.run, commands)
    file = folder / f"{each.row.name}.{_ENDINGS[form]}"
    try:
        if not _has(file, text):
            write_new_file(file, text)
    except SaveError as error:
        output.say(str(error))
        return False
    output.data(str(file))
    return True


def _has(file: Path, text: str) -> bool:
    try:
        return file.read_text("utf-8") == text
    except (OSError, ValueError):
        return False
