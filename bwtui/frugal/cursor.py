"""The terminal's cursor: its place and its style, so that only changes are sent."""

from collections.abc import Sequence
from itertools import takewhile
from typing import NamedTuple

from bwtui.frugal.cells import PLAIN, Cell, Style, blank_style, is_sure
from bwtui.frugal.cursor_moves import cost, move
from bwtui.frugal.sgr import change
from bwtui.frugal.spans import Span


class CursorState(NamedTuple):
    """Column, row and style of a terminal's cursor; `None` for those not known."""

    x: int | None = None
    y: int | None = None
    pen: Style | None = None


class Cursor:
    """A terminal's cursor; its methods collect the output that moves it and writes."""

    def __init__(self) -> None:
        """Begin with nothing known."""
        self.state = CursorState()
        self._out: list[str] = []

    def take(self) -> str:
        """Return the output collected since the last call."""
        text = "".join(self._out)
        self._out.clear()
        return text

    def forget_place(self) -> None:
        """Note that the cursor may be anywhere."""
        self.state = CursorState(pen=self.state.pen)

    def forget_style(self) -> None:
        """Note that the terminal may write in any style."""
        self.state = self.state._replace(pen=None)

    def set(self, style: Style = PLAIN) -> None:
        """Write in this style from now on."""
        if style != self.state.pen:
            self._out.append(change(self.state.pen, style))
            self.state = self.state._replace(pen=style)

    def go(self, x: int, y: int, row: Sequence[Cell] = ()) -> None:
        """Move to a column and row; writing the cells of `row` again may be shorter than moving over them."""
        if (x, y) == (self.state.x, self.state.y):
            return
        way = move(self.state.x, self.state.y, x, y)
        if row and y == self.state.y and self.state.x is not None and 0 < x - self.state.x <= len(way):
            between = row[self.state.x : x]
            again = "".join(text for text, _ in takewhile(self._fits, between))
            if again.isascii() and len(again) == len(between) <= cost(way):
                way = again
        self._out.append(way)
        self.state = CursorState(x, y, self.state.pen)

    def draw(self, span: Span, row: Sequence[Cell]) -> None:
        """Draw a span of this row."""
        self.go(span.x, span.y, row)
        if not (span.blank and self._fits((" ", span.style))):
            self.set(span.pen(self.state.pen))
        if span.erase:
            self._out.append(span.erase)
            return
        for x in range(span.x, span.stop):
            if row[x][0]:
                self.go(x, span.y)
                self._write(x, row)

    def _write(self, x: int, row: Sequence[Cell]) -> None:
        """Write a character.

        Terminals differ in the cursor's place after the last column and after a character of unsure width, so it is
        unknown then.
        """
        text = row[x][0]
        self._out.append(text)
        after = x + 1
        while after < len(row) and not row[after][0]:
            after += 1
        known = after < len(row) and is_sure(text)
        self.state = CursorState(after if known else None, self.state.y, self.state.pen)

    def _fits(self, cell: Cell) -> bool:
        """Return True if the cell can be written without a change of style."""
        pen = self.state.pen
        return pen is not None and (cell[1] == pen or (cell[0] == " " and blank_style(pen) == cell[1]))
