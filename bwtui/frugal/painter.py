"""Turns a wanted grid into the fewest bytes that make a terminal show it, given its present picture."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from bwtui.frugal.cells import PLAIN, Cell, Grid, is_sure
from bwtui.frugal.cursor import Cursor
from bwtui.frugal.cursor_moves import cost
from bwtui.frugal.spans import ERASE_BELOW, Span, can_erase, sort_by_style, spans_of


class Painter:
    """The state of a terminal after everything painted so far."""

    def __init__(self, *, coloured_erase: bool) -> None:
        """Begin with an unknown picture; `coloured_erase` is true if the terminal erases with the set background."""
        self.cursor: Final = Cursor()
        self._coloured_erase = coloured_erase
        self._shown: Grid | None = None

    def forget(self) -> None:
        """Note that the terminal's picture is unknown, as after a change of size; the next one is painted whole."""
        self._shown = None
        self.cursor.forget_place()

    def paint(self, wanted: Grid, rows: Iterable[int], cursor: tuple[int, int]) -> str:
        """Return the output that shows the grid and the cursor; only `rows` have changed since the last call."""
        start = ""
        if self._shown is None:
            self._shown = self._clear(wanted)
            start, rows = self.cursor.take(), range(wanted.height)
        shown = self._shown
        below = self._uniform_below(wanted, shown)
        free, bound = list[Span](), list[Span]()
        if below < wanted.height:
            free.append(Span(below, 0, wanted.width, wanted.rows[-1][-1][1], erase=ERASE_BELOW))
            shown.rows[below:] = [row.copy() for row in wanted.rows[below:]]
        for y in sorted(rows):
            row, old = wanted.rows[y], shown.rows[y]
            if row != old:
                changed, sure = _changed(row, old)
                spans = spans_of(y, row, changed, coloured_erase=self._coloured_erase)
                (free if sure else bound).extend(spans)
                shown.rows[y] = row.copy()
        return start + self._draw(wanted, free, bound, cursor)

    def _draw(
        self, wanted: Grid, free: Sequence[Span], bound: Sequence[Span], cursor: tuple[int, int]
    ) -> str:
        """Draw spans, the `free` ones in the order that takes fewer bytes, then the `bound` ones in their order."""
        place = min(cursor[0], wanted.width - 1), min(cursor[1], wanted.height - 1)
        before = self.cursor.state
        plain = self._try(wanted, [*free, *bound], place)
        ordered = [*sort_by_style(free, before.pen), *bound]
        if ordered == [*free, *bound]:
            return plain
        after, self.cursor.state = self.cursor.state, before
        grouped = self._try(wanted, ordered, place)
        if cost(grouped) < cost(plain):
            return grouped
        self.cursor.state = after
        return plain

    def _try(self, wanted: Grid, spans: Iterable[Span], place: tuple[int, int]) -> str:
        for span in spans:
            self.cursor.draw(span, wanted.rows[span.y])
        self.cursor.go(*place)
        return self.cursor.take()

    def _clear(self, wanted: Grid) -> Grid:
        """Erase everything, in the background colour of most blank cells of the wanted grid."""
        blanks = Counter(
            cell
            for row in wanted.rows
            for cell in row
            if can_erase(cell, coloured_erase=self._coloured_erase)
        )
        cell = blanks.most_common(1)[0][0] if blanks else (" ", PLAIN)
        self.cursor.draw(Span(0, 0, 0, cell[1], erase=ERASE_BELOW), ())
        return Grid(wanted.width, wanted.height, cell)

    def _uniform_below(self, wanted: Grid, shown: Grid) -> int:
        """First row of the blank area at the bottom, if one erase-below replaces at least two row erases.

        Otherwise the height.
        """
        cell = wanted.rows[-1][-1]
        uniform = [cell] * wanted.width
        below, count = wanted.height, 0
        if can_erase(cell, coloured_erase=self._coloured_erase):
            for y in range(wanted.height - 1, -1, -1):
                if wanted.rows[y] != uniform:
                    break
                if shown.rows[y] != uniform:
                    below, count = y, count + 1
        return below if count > 1 else wanted.height


def _changed(wanted: list[Cell], shown: list[Cell]) -> tuple[list[bool], bool]:
    """Return which cells must be painted, and True if the order of painting does not matter.

    In a row with a character of unsure width everything from the first change on must be painted, from left to right:
    such a character may overlap its neighbours, before or after the change.
    """
    changed = [new is not old and new != old for new, old in zip(wanted, shown, strict=True)]
    if all(is_sure(text) for text, _ in wanted) and all(is_sure(text) for text, _ in shown):
        return changed, True
    first = changed.index(True)
    if not wanted[first][0]:
        first -= 1
    return [x >= first for x in range(len(wanted))], False
