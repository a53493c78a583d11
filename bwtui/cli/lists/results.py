"""The results of the rows of a list, as a CSV file that a spreadsheet opens without running anything in it."""

import csv
import io
import os
import re
import stat
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Final

from bwtui.cli.lists.progress import RowProgress
from bwtui.cli.session import UsageError
from bwtui.domain.catalog import OUTPUTS
from bwtui.domain.runs.setup import SaveError
from bwtui.store.atomic_write import replace_file

STANDARD_OUTPUT: Final = "-"
_HEADING: Final = ("row", "name", "status", "exit", *OUTPUTS, "numbers", "text")
_OWN: Final = b"row,name,status,exit,"
"""The bytes that a file of results begins with, whichever version wrote it."""
_FORMULA: Final = re.compile(r"[=+\-@\t\r]")
"""The characters with which a spreadsheet takes a cell for a formula."""
_NUMBERS: Final = re.compile(r"\+\d+(,\+\d+)*")


def check_results(path: str, inputs: Iterable[str]) -> None:
    """Refuse a file of results that could not be written at the end, or is something else, before anything is sent.

    Raises `UsageError`.
    """
    if path == STANDARD_OUTPUT:
        raise UsageError("--results needs the name of a file; --json prints a line for each row.")
    target = _target(path)
    if any(target.resolve() == Path(each).resolve() for each in inputs):
        raise UsageError(f"--results {path} is read by the same command: name another file.")
    if why := _refusal(target):
        raise UsageError(f"--results {path} {why}")


def _refusal(target: Path) -> str:
    """Return why a file must not be replaced, or cannot be made; empty if it may be."""
    try:
        if not stat.S_ISREG(target.lstat().st_mode):
            return "is there and no plain file: name another file."
        with target.open("r+b") as file:
            beginning = file.read(len(_OWN))
    except FileNotFoundError:
        beginning = b""
    except OSError as error:
        return f"cannot be written: {error.strerror}. Name another file."
    if beginning not in (_OWN, b""):
        return "is there and has no results of bwtui in it: name another file, or remove it."
    is_possible = os.access(target.parent, os.W_OK)
    return "" if is_possible else "cannot be written: name a file in a folder that is there."


def write_results(path: str, rows: Iterable[RowProgress]) -> None:
    """Replace the file with a line for each row. Raises `SaveError`."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(_HEADING)
    writer.writerows([_safe(cell) for cell in _cells(each)] for each in rows)
    try:
        replace_file(_target(path), text.getvalue().encode())
    except OSError as error:
        raise SaveError(f"{path} cannot be written: {error.strerror}.") from error


def _target(path: str) -> Path:
    return Path(os.path.expanduser(path))  # noqa: PTH111 - a name that nobody has stays as it is


def _cells(each: RowProgress) -> Iterator[str]:
    result = each.run.result
    yield from (str(each.row.number), each.row.name, each.stage.value, str(int(each.exit)))
    for name in OUTPUTS:
        yield str(result[name] or "")
    yield ",".join(result["numbers"] or ())
    yield each.text


def _safe(cell: str) -> str:
    """Return a cell that is no formula; phone numbers in the form +1... are none."""
    return f"'{cell}" if _FORMULA.match(cell) and not _NUMBERS.fullmatch(cell) else cell
