"""The rows of a list that a command works on, and the folder with their state."""

import shlex
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Final, Protocol, TypeVar

from bwtui.cli.options import ListOptions, SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.session import UsageError
from bwtui.cli.style import warning
from bwtui.domain.lists.list_text import complaints_told
from bwtui.domain.lists.setup_list import NamedRow, Row
from bwtui.domain.values.text import counted
from bwtui.store.list_file import ListError, list_folder
from bwtui.store.setup_folder import names, state_folder


class _Numbered(Protocol):
    @property
    def number(self) -> int: ...


_Row = TypeVar("_Row", bound=_Numbered)


OnCount = Callable[[int], None]

_MANY: Final = 500
"""So many rows take a while to check and to look up."""


def checked(
    output: Output, listed: ListOptions, read: Callable[[str, OnCount], tuple[_Row, ...]]
) -> tuple[_Row, ...]:
    """Read a list. Raises `UsageError` with everything that is wrong with it, told to machines before."""

    def begun(count: int) -> None:
        if count >= _MANY:
            output.event("checking", rows=count)
            output.say(f"Checking {counted(count, 'row')} …")

    try:
        return read(listed.path, begun)
    except ListError as error:
        for complaint in error.complaints:
            output.event("complaint", **complaint._asdict())
        raise UsageError("\n".join(complaints_told(listed.path, error.complaints))) from error


def chosen(listed: ListOptions, every: tuple[_Row, ...]) -> tuple[_Row, ...]:
    """Return the rows of a list that are asked for. Raises `UsageError` if there is none."""
    rows = listed.rows
    picked = tuple(row for row in every if rows is None or rows.holds(row.number))
    if not picked:
        raise UsageError(f"--rows names no row of {listed.path}, whose last one is {every[-1].number}.")
    return picked


def tell_doubts(output: Output, listed: ListOptions, rows: Iterable[Row]) -> None:
    """Say what is doubtful about rows."""
    doubts = tuple(doubt for row in rows for doubt in row.doubts)
    for doubt in doubts:
        output.event("doubt", **doubt._asdict())
    for line in complaints_told(listed.path, doubts):
        output.say(warning(line), indent=2)


def folder_of_list(options: SetupOptions, environ: Mapping[str, str], path: str) -> Path:
    """Return the folder with the state of a list's rows; `--name` is the list's name. Raises `BadName`."""
    name = "" if options.name == SetupOptions().name else options.name
    return list_folder(state_folder(options.state_dir or environ.get("BWTUI_STATE_DIR")), path, name)


def tell_namesakes(output: Output, folder: Path, rows: Iterable[NamedRow]) -> None:
    """Say which other lists have begun setups of these names, if this one has begun none: it may be one of them, renamed."""
    if names(folder):
        return
    wanted = {row.name for row in rows}
    for other in sorted(path for path in folder.parent.glob("*/") if wanted.intersection(names(path))):
        text = f"Nothing of this list was begun, but “{other.name}” has rows of the same names. If it is that list, renamed:"
        output.say(text, command=f"--name {shlex.quote(other.name)}")


def options_of_row(options: SetupOptions, folder: Path, name: str) -> SetupOptions:
    """Return the options by which a row is a setup as any other: its name, in the folder of its list."""
    return options._replace(name=name, state_dir=str(folder))
