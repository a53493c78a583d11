"""A picture of a terminal: rows of cells, changed as a terminal changes them."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import cell_len

from bwtui.tui.frugal.pen import PLAIN, Pen


class Cell(NamedTuple):
    """What one cell shows."""

    text: str
    """A character with what combines with it; empty for the right half of a wide one."""
    pen: Pen


BLANK: Final = Cell(" ", PLAIN)

Row = list[Cell]


class Picture:
    """What is on the screen, or is wanted there."""

    def __init__(self, width: int, height: int) -> None:
        self.width = width
        self.height = height
        self.rows: list[Row] = [[BLANK] * width for _ in range(height)]
        self.x = 0
        """Column of the cursor, from 0."""
        self.y = 0
        self.pen = PLAIN
        self.touched: set[int] = set()
        """The rows that may differ from what they were when this was last emptied."""

    def move(self, row: int, column: int) -> None:
        """Put the cursor somewhere; outside means at the edge."""
        self.y = max(0, min(row, self.height - 1))
        self.x = max(0, min(column, self.width - 1))

    def put(self, text: str) -> None:
        """Write text at the cursor. It never wraps: what does not fit is cut off."""
        row = self.rows[self.y]
        self.touched.add(self.y)
        if text.isascii():
            room = self.width - self.x
            cells = _cells(text[:room], self.pen)
            self._free(row, self.x, self.x + len(cells))
            row[self.x : self.x + len(cells)] = cells
            self.x += len(cells)
            return
        for character in text:
            self._put_one(row, character)

    def _put_one(self, row: Row, character: str) -> None:
        width = cell_len(character)
        if width == 0:
            self._combine(row, character)
        elif self.x + width <= self.width:
            self._free(row, self.x, self.x + width)
            row[self.x] = _cell(character, self.pen)
            if width == 2:
                row[self.x + 1] = Cell("", row[self.x].pen)
            self.x += width

    def _combine(self, row: Row, character: str) -> None:
        """What has no width of its own belongs to the character before it."""
        place = self.x - 1
        if place >= 0 and not row[place].text:
            place -= 1
        if place >= 0:
            row[place] = Cell(row[place].text + character, self.pen)

    def _free(self, row: Row, start: int, end: int) -> None:
        """Overwriting one half of a wide character leaves a blank where the other was."""
        if 0 < start < self.width and not row[start].text:
            row[start - 1] = Cell(" ", row[start - 1].pen.blank)
        if end < self.width and not row[end].text:
            row[end] = Cell(" ", row[end].pen.blank)


@lru_cache(8192)
def _cell(character: str, pen: Pen) -> Cell:
    return Cell(character, pen.blank if character == " " else pen)


@lru_cache(1024)
def _cells(text: str, pen: Pen) -> tuple[Cell, ...]:
    return tuple(_cell(character, pen) for character in text)


def is_simple(cells: Iterable[Cell]) -> bool:
    """Whether every cell is one character that every terminal shows in one cell."""
    return all(len(cell.text) == 1 and (cell.text.isascii() or cell_len(cell.text) == 1) for cell in cells)
