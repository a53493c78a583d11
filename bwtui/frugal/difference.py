"""The difference between two screens: text that Textual writes goes in, less text with the same effect comes out.

It knows neither threads nor files. Frames that go in between two times that something is taken out are merged.
Control sequences keep their place: what was drawn before one is on the terminal before it arrives.
"""

from typing import Final

from bwtui.frugal.cells import Grid
from bwtui.frugal.painter import Painter
from bwtui.frugal.parser import OutputParser, Unrecognised

_BEGIN_FRAME: Final = "\x1b[?2026h"
_END_FRAME: Final = "\x1b[?2026l"
_SCREENS: Final = frozenset({"\x1b[?1049h", "\x1b[?1049l"})
"""What changes to the alternate screen, and back."""
_ATOMIC: Final = 256
"""Bytes that arrive at once anyway: only a longer change is worth marking as one frame."""


class ScreenDifference:
    """What the terminal is to show, what it shows, and what it was not told yet."""

    def __init__(
        self, width: int, height: int, *, coloured_erase: bool = False, encoding: str = "utf-8"
    ) -> None:
        """`coloured_erase`: the terminal is known to erase with the background that is set."""
        self.as_is = False
        """Set once something was not recognised: from then on everything is handed on as it is."""
        self._parser = OutputParser(Grid(max(1, width), max(1, height)), encoding)
        self._painter = Painter(coloured_erase=coloured_erase)
        self._out: list[str] = []
        self._drawn = False
        self._frames = False
        self._cursor = self._parser.place

    def resize(self, width: int, height: int) -> None:
        """The screen that is drawn has this size from now on."""
        width, height = max(1, width), max(1, height)
        grid = self._parser.grid
        if (width, height) != (grid.width, grid.height):
            self._parser.grid = grid.resized(width, height)
            self._parser.touched = {y for y in self._parser.touched if y < height}
            self.forget()

    def forget(self) -> None:
        """Nobody knows what the terminal shows: with the next change everything is painted."""
        self._painter.forget()

    def begin(self) -> None:
        """Begin anew with a terminal of which nothing is known; what was not taken is void."""
        self._out.clear()
        self._parser.touched.clear()
        self._painter.forget()
        self._painter.cursor.forget_style()

    def repaint(self) -> None:
        """Paint what is not known to be shown, even if nothing changes."""
        if self._drawn and not self.as_is:
            self._parser.touched.update(range(self._parser.grid.height))

    def feed(self, data: str) -> None:
        """Read what Textual writes."""
        if self.as_is:
            self._out.append(data)
            return
        for control in self._parser.read(data):
            if isinstance(control, Unrecognised):
                self._hand_on(data[control.offset :])
            elif control in {_BEGIN_FRAME, _END_FRAME}:
                self._frames = True
            else:
                self._pass(control)

    def take(self) -> str:
        """All that the terminal is to be told now."""
        self._settle()
        text = "".join(self._out)
        self._out.clear()
        return text

    def _settle(self) -> None:
        """Have the changes so far painted."""
        reader = self._parser
        if self.as_is or not (reader.touched or (self._drawn and reader.place != self._cursor)):
            return
        self._drawn = True
        self._cursor = reader.place
        text = self._painter.paint(reader.grid, reader.touched, reader.place)
        reader.touched.clear()
        whole = self._frames and len(text) > _ATOMIC
        self._out.append(f"{_BEGIN_FRAME}{text}{_END_FRAME}" if whole else text)

    def _pass(self, control: str) -> None:
        self._settle()
        if control not in _SCREENS:
            self._out.append(control)
            return
        cursor = self._painter.cursor
        if self._drawn:
            cursor.set()
        self._out += [cursor.take(), control]
        self._painter.forget()
        cursor.forget_style()

    def _hand_on(self, rest: str) -> None:
        """From here on as it is; the screen is painted whole before, so that it is right whatever was not recognised."""
        if self._parser.touched or self._drawn:
            self.forget()
            self._drawn = True
            self.repaint()
            self._settle()
            self._painter.cursor.set(self._parser.style)
            self._out.append(self._painter.cursor.take())
        self.as_is = True
        self._out.append(rest)
