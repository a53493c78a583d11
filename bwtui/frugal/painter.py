"""Turns a grid that is wanted into the fewest bytes that make a terminal show it, knowing what it shows."""

from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Final

from bwtui.frugal.cells import PLAIN, Cell, Grid, is_sure
from bwtui.frugal.cursor import Cursor
from bwtui.frugal.cursor_moves import cost
from bwtui.frugal.spans import ERASE_BELOW, Span, can_erase, sort_by_style, spans_of


class Painter:
    """A terminal as it is after all that was painted so far."""

    def __init__(self, *, coloured_erase: bool) -> None:
        """`coloured_erase`: this terminal is known to erase with the background that is set."""
        self.cursor: Final = Cursor()
        self._coloured_erase = coloured_erase
        self._shown: Grid | None = None

    def forget(self) -> None:
        """Something else has drawn on the terminal, or it has another size: the next picture is painted whole."""
        self._shown = None
        self.cursor.forget_place()

    def paint(self, wanted: Grid, rows: Iterable[int], cursor: tuple[int, int]) -> str:
        """What makes the terminal show the grid, of which only these rows have changed, and the cursor there."""
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
        """Draw spans, those that are free in the order that takes fewer bytes."""
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
        """Erase everything, in the colour of most of what is wanted blank."""
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
        """The row from which on all is to be one colour, if that saves erasing several; else the height."""
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
    """For each cell, whether it is to be painted, and whether the order does not matter.

    In a row with a character that terminals count differently that is all from the first change on, from left to
    right: such a character may have been drawn over its neighbours, or will be.
    """
    changed = [new is not old and new != old for new, old in zip(wanted, shown, strict=True)]
    if all(is_sure(text) for text, _ in wanted) and all(is_sure(text) for text, _ in shown):
        return changed, True
    first = changed.index(True)
    if not wanted[first][0]:
        first -= 1
    return [x >= first for x in range(len(wanted))], False
