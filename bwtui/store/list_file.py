"""A list of setups as a CSV file: read whole, with complaints that say where and what to do."""

import csv
import io
import re
import stat
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final

from bwtui.domain.answers.answers import Answers
from bwtui.domain.lists.setup_list import ListComplaint, NamedRow, Row, names_of, rows_of
from bwtui.domain.values.text import visible
from bwtui.store.answers_file import STANDARD_INPUT
from bwtui.store.state_errors import BadName

MOST_BYTES: Final = 10_000_000
"""The size of the largest list, in bytes: tens of thousands of rows. A longer one is taken for another kind of file."""

_LONGEST_NAME: Final = 100

_SEPARATORS: Final = ",;\t"
_SAID: Final = re.compile(rf"sep=([{_SEPARATORS}])[{_SEPARATORS}]*(?:\r\n?|\n)", re.IGNORECASE)
"""A first line by which Excel is told what separates the cells."""

_SPREADSHEETS: Final = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")
"""The beginnings of spreadsheets in their own formats: xlsx and ods, xls."""


class ListError(Exception):
    """Raised if a list cannot be used."""

    def __init__(self, *complaints: ListComplaint) -> None:
        super().__init__("\n".join(complaint.text for complaint in complaints))
        self.complaints = complaints


def list_folder(state_folder: Path, path: str | Path, name: str = "") -> Path:
    """Return the folder with the state files of a list's rows: called by `name`, else as the list's file without its ending.

    Raises:
        BadName: the list cannot be told from others by its file, so that it needs a `name`.
    """
    name = name or _name_of_file(Path(path))
    if (
        not name.isprintable()
        or "/" in name
        or len(name) > _LONGEST_NAME
        or name.startswith(".")
        or name.endswith(".json")
    ):
        raise BadName(f"“{name}” cannot be the name of a list: give it another with --name.")
    return state_folder / name


def _name_of_file(path: Path) -> str:
    """Return the name of a plain file. Standard input and pipes have one only for this once."""
    if str(path) == STANDARD_INPUT or (path.exists() and not stat.S_ISREG(path.stat().st_mode)):
        raise BadName(
            "What is done so far is kept by the name of the list, and this one has none: give it one with --name."
        )
    return path.stem


def read_list(
    path: str | Path,
    base: Answers,
    shared: frozenset[str] = frozenset(),
    on_count: Callable[[int], None] = lambda _: None,
) -> tuple[Row, ...]:
    """Read the rows of a list, or of standard input for `-`; `base` and `shared` as in `rows_of`.

    `on_count` is told how many there are before they are checked, which may take a while.

    Raises `ListError` with everything that is wrong with it.
    """
    heading, cells = _heading_and_cells(path)
    on_count(len(cells))
    rows, wrong = rows_of(heading, cells, base, shared)
    if wrong:
        raise ListError(*wrong)
    return rows


def read_names(path: str | Path, on_count: Callable[[int], None] = lambda _: None) -> tuple[NamedRow, ...]:
    """Read the rows' names alone; `on_count` as in `read_list`. Raises `ListError` if they cannot be told."""
    heading, cells = _heading_and_cells(path)
    on_count(len(cells))
    rows, wrong = names_of(heading, cells)
    if wrong:
        raise ListError(*wrong)
    return rows


def _heading_and_cells(path: str | Path) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    records = _records(_text(_bytes(path)))
    heading = next((record for record in records if any(map(visible, record))), ())
    if not heading:
        raise _refused("The list is empty.")
    return heading, tuple(records)


def _refused(text: str, line: int = 0) -> ListError:
    return ListError(ListComplaint(None, "", "", f"Line {line} of the file: {text}" if line else text))


def _bytes(path: str | Path) -> bytes:
    try:
        if str(path) == STANDARD_INPUT:
            data = sys.stdin.buffer.read(MOST_BYTES + 1)
        else:
            with Path(path).open("rb") as file:
                data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise _refused(f"It cannot be read: {error.strerror}.") from error
    return data


def _text(data: bytes) -> str:
    """Return a list as text. Raises `ListError` for anything that no list would hold."""
    if data.startswith(_SPREADSHEETS):
        raise _refused("This is a spreadsheet in its own format: save it as CSV (UTF-8).")
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or data[:64].count(0) > len(data[:64]) // 4:
        raise _refused("This is UTF-16: save it as CSV (UTF-8).", 1)
    if (place := data.find(0)) >= 0:
        raise _refused(
            "There is a NUL byte, which is in no text: save it as CSV (UTF-8) again.", _line(data, place)
        )
    if len(data) > MOST_BYTES:
        raise _refused(f"It has more than {MOST_BYTES // 1_000_000} MB: divide it into several lists.")
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _refused("This is not UTF-8: save it as CSV (UTF-8).", _line(data, error.start)) from error


def _line(data: bytes, place: int) -> int:
    return data.count(b"\n", 0, place) + 1


def _records(text: str) -> Iterator[list[str]]:
    """Yield the cells of each line, or of several that a quoted text goes on over."""
    said = _SAID.match(text)
    separator, first = (said[1], 2) if said else (_separator(text), 1)
    lines = io.StringIO(text[said.end() :] if said else text, newline="")
    reader = csv.reader(lines, delimiter=separator, skipinitialspace=True, strict=True)
    while True:
        line = reader.line_num + first
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise _refused(_told(str(error)), line) from error
        yield record


def _separator(text: str) -> str:
    """Return what separates the cells: that which stands most often in the heading, outside of quotes."""
    heading = next((line for line in io.StringIO(text, newline="") if line.strip(f'{_SEPARATORS} "')), "")
    bare = "".join(heading.split('"')[::2])
    return max(_SEPARATORS, key=bare.count)


def _told(error: str) -> str:
    if "limit" in error:
        return "A cell is far too long; a quote that is never closed may be the reason."
    return "The quotes do not match: one is never closed, or there is text behind the closing one. A quote in a text is doubled."
