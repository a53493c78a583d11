"""Cut changed cells into spans, pieces that are written in one style, and sort these by cost.

A style with 24-bit colours takes up to forty bytes, a move of the cursor seven. So a form is best painted with all
labels first and then all values, not row by row.
"""

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from bwtui.frugal.cells import Cell, Style, blank_style, is_erasable
from bwtui.frugal.sgr import change, for_blank

ERASE_LINE: Final = "\x1b[K"
ERASE_BELOW: Final = "\x1b[J"

_ERASE_FROM: Final = 11
"""Least number of blanks that are shorter to erase and step over than to write."""

_MANY: Final = 32
"""Most styles for which the best order is worth looking for."""


class Span(NamedTuple):
    """Cells side by side in one row, written in one style."""

    y: int
    x: int
    stop: int
    style: Style
    """The style to write in; for blanks alone, any style in which a blank looks the same."""
    blank: bool = True
    erase: str = ""
    """The sequence that erases the cells, if that is shorter than writing them."""

    def pen(self, pen: Style | None) -> Style:
        """Return the style to write the span in, if the terminal's style is `pen`."""
        return for_blank(pen, self.style) if self.blank else self.style


def spans_of(y: int, row: Sequence[Cell], changed: Sequence[bool], *, coloured_erase: bool) -> Iterator[Span]:
    """Yield the spans that paint the changed cells of a row, from left to right."""
    tail = _tail(row, changed, coloured_erase=coloured_erase)
    x = 0
    while x < tail:
        if not changed[x]:
            x += 1
            continue
        span = _erasure(y, x, row, changed[:tail], coloured_erase=coloured_erase) or _writing(
            y, x, row, changed[:tail], coloured_erase=coloured_erase
        )
        yield span
        x = span.stop
    if tail < len(row):
        yield Span(y, tail, len(row), row[-1][1], erase=ERASE_LINE)


def can_erase(cell: Cell, *, coloured_erase: bool) -> bool:
    """Return True if erasing produces such a cell on this terminal."""
    return is_erasable(cell) and (coloured_erase or not cell[1].bg)


def _tail(row: Sequence[Cell], changed: Sequence[bool], *, coloured_erase: bool) -> int:
    """Return the column from which the rest of the line is erased; the width if it is not."""
    width, last = len(row), row[-1]
    if not can_erase(last, coloured_erase=coloured_erase):
        return width
    start = width
    while start and row[start - 1] == last:
        start -= 1
    differing = [x for x in range(start, width) if changed[x]]
    return differing[0] if len(differing) > len(ERASE_LINE) else width


def _erasure(
    y: int, x: int, row: Sequence[Cell], changed: Sequence[bool], *, coloured_erase: bool
) -> Span | None:
    """Return a span that erases the blanks that begin here, if there are enough of them."""
    if not can_erase(row[x], coloured_erase=coloured_erase):
        return None
    stop = x + 1
    while stop < len(changed) and changed[stop] and row[stop] == row[x]:
        stop += 1
    if stop - x < _ERASE_FROM:
        return None
    return Span(y, x, stop, row[x][1], erase=f"\x1b[{stop - x}X")


def _writing(y: int, x: int, row: Sequence[Cell], changed: Sequence[bool], *, coloured_erase: bool) -> Span:
    """Return the span from here that needs no change of style, up to blanks that are better erased."""
    style, blank = row[x][1], row[x][0] == " "
    stop, blanks = x + 1, int(blank)
    while stop < len(changed) and changed[stop]:
        text, own = row[stop]
        if text == " ":
            if own != (style if blank else blank_style(style)):
                break
            blanks += 1
            if blanks == _ERASE_FROM and can_erase(row[stop], coloured_erase=coloured_erase):
                return Span(y, x, stop + 1 - blanks, style, blank)
        elif (blank_style(own) if blank else own) != style:
            break
        else:
            style, blank, blanks = own, False, 0
        stop += 1
    return Span(y, x, stop, style, blank)


def sort_by_style(spans: Sequence[Span], pen: Style | None) -> list[Span]:
    """Sort spans so that the style changes rarely, beginning with `pen`."""
    groups: dict[Style, list[Span]] = {}
    for span in spans:
        if not span.blank:
            groups.setdefault(span.style, []).append(span)
    hosts = {blank_style(style): style for style in groups}
    for span in spans:
        if span.blank:
            groups.setdefault(hosts.get(span.style, span.style), []).append(span)
    if len(groups) > _MANY:
        return list(spans)
    ordered: list[Span] = []
    while groups:
        style = min(groups, key=lambda each: len(change(pen, groups[each][0].pen(pen))))
        group = sorted(groups.pop(style))
        pen = group[0].pen(pen) if all(span.blank for span in group) else style
        ordered += group
    return ordered
