"""The bytes that lead a terminal from what it shows to what is wanted."""

from dataclasses import dataclass, field
from typing import Final

from bwtui.tui.frugal.pen import PLAIN, Pen, change
from bwtui.tui.frugal.picture import Picture, Row, is_simple

GAP: Final = 4
"""Unchanged cells that are sent again rather than jumped over: a jump costs as many bytes."""

ERASED: Final = 6
"""Blanks that are erased rather than sent: an erasing sequence costs three to five bytes."""


@dataclass(slots=True)
class Terminal:
    """A terminal as far as it is known: what it shows, where its cursor is, what its pen is."""

    width: int
    height: int
    erases_with_background: bool = True
    """Whether erased cells take the background of the pen. GNU screen's do not."""
    rows: list[Row] = field(init=False)
    x: int | None = None
    """`None` where it is not certain: behind the last column, or behind characters of disputed width."""
    y: int | None = None
    pen: Pen | None = None
    """`None` until something was sent."""

    def __post_init__(self) -> None:
        self.rows = Picture(self.width, self.height).rows

    def become(self, wanted: Picture) -> str:
        """What to send so that it shows the picture, cursor included; nothing where it does.

        Whatever it showed before the first picture is cleared away. Before there is one, nothing is sent: the terminal
        may not have left its ordinary screen yet.
        """
        out: list[str] = []
        if self.pen is None:
            if not wanted.touched:
                return ""
            out.append("\x1b[m\x1b[H\x1b[2J")
            self.pen, self.x, self.y = PLAIN, 0, 0
        for y in sorted(wanted.touched):
            if self.rows[y] != wanted.rows[y]:
                self._row(y, wanted.rows[y], out)
        wanted.touched.clear()
        if out or (self.x, self.y) != (wanted.x, wanted.y):
            self._move(min(wanted.x, self.width - 1), wanted.y, out)
        return "".join(out)

    def _row(self, y: int, wanted: Row, out: list[str]) -> None:
        shown = self.rows[y]
        if not (is_simple(wanted) and is_simple(shown)):
            # Terminals disagree about wide characters and what combines: such a row is sent whole.
            self._send(0, y, wanted, out)
        else:
            self._changes(y, wanted, shown, out)
        self.rows[y] = list(wanted)

    def _changes(self, y: int, wanted: Row, shown: Row, out: list[str]) -> None:
        """The changed runs of a row, and an erasure where it ends in blanks."""
        end = self._end_before_erasure(wanted, shown)
        x = 0
        while x < end:
            if wanted[x] == shown[x]:
                x += 1
                continue
            start, last, gap = x, x, 0
            while x < end and gap <= GAP:
                if wanted[x] != shown[x]:
                    last, gap = x, 0
                else:
                    gap += 1
                x += 1
            self._send(start, y, wanted[start : last + 1], out)
            x = last + 1
        if end < self.width and wanted[end:] != shown[end:]:
            self._move(end, y, out)
            if not self.pen or self.pen.blank != wanted[end].pen:
                self._take(wanted[end].pen, out)
            out.append("\x1b[K")

    def _end_before_erasure(self, wanted: Row, shown: Row) -> int:
        """Where the blanks begin that the row ends in, if erasing them is shorter than sending them."""
        last = wanted[-1]
        if last.text != " " or not last.pen.erases or not (self.erases_with_background or not last.pen.back):
            return self.width
        start = self.width
        while start > 0 and wanted[start - 1] == last:
            start -= 1
        changed = sum(wanted[x] != shown[x] for x in range(start, self.width))
        return start if changed >= ERASED else self.width

    def _send(self, x: int, y: int, cells: Row, out: list[str]) -> None:
        self._move(x, y, out)
        certain = True
        for cell in cells:
            if cell.pen != self.pen and not (cell.text == " " and self.pen and self.pen.blank == cell.pen):
                self._take(cell.pen, out)
            out.append(cell.text)
            certain = certain and cell.text.isascii() and cell.text != ""
        end = x + len(cells)
        self.x = end if certain and end < self.width else None

    def _take(self, pen: Pen, out: list[str]) -> None:
        out.append(change(self.pen or PLAIN, pen))
        self.pen = pen

    def _move(self, x: int, y: int, out: list[str]) -> None:
        """Move the cursor by the shortest way."""
        if (self.x, self.y) != (x, y):
            out.append(min(self._ways(x, y), key=len))
        self.x, self.y = x, y

    def _ways(self, x: int, y: int) -> list[str]:
        column = f";{x + 1}" if x else ""
        ways = [f"\x1b[{y + 1 if y or x else ''}{column}H"]
        if self.y == y:
            if x == 0:
                ways.append("\r")
            if self.x is not None:
                distance = x - self.x
                ways.append(
                    f"\x1b[{'' if distance == 1 else distance}C" if distance > 0 else "\b" * -distance
                )
        elif self.y is not None and x == 0 and y == self.y + 1:
            ways.append("\r\n")
        return ways
