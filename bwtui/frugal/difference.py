"""The difference between two screens: Textual's output goes in, shorter output with the same effect comes out.

No threads or files are used here. Frames that are fed between two calls of `take` are merged. Control sequences keep
their place: everything drawn before one is sent before it.
"""

from typing import Final

from bwtui.frugal.cells import Grid
from bwtui.frugal.painter import Painter
from bwtui.frugal.parser import OutputParser, Unrecognised

_BEGIN_FRAME: Final = "\x1b[?2026h"
_END_FRAME: Final = "\x1b[?2026l"
_SCREENS: Final = frozenset({"\x1b[?1049h", "\x1b[?1049l"})
"""The sequences that change to the alternate screen, and back."""
_ATOMIC: Final = 256
"""Bytes up to which a change arrives at once anyway; only a longer one is marked as one frame."""


class ScreenDifference:
    """The wanted screen, the terminal's screen, and the output that was not taken yet."""

    def __init__(
        self, width: int, height: int, *, coloured_erase: bool = False, encoding: str = "utf-8"
    ) -> None:
        """Begin with a blank screen; `coloured_erase` is true if the terminal erases with the set background."""
        self.as_is = False
        """True once something was not recognised; from then on all output is passed on unchanged."""
        self._parser = OutputParser(Grid(max(1, width), max(1, height)), encoding)
        self._painter = Painter(coloured_erase=coloured_erase)
        self._out: list[str] = []
        self._drawn = False
        self._frames = False
        self._cursor = self._parser.place

    def resize(self, width: int, height: int) -> None:
        """Set the size of the wanted screen."""
        width, height = max(1, width), max(1, height)
        grid = self._parser.grid
        if (width, height) != (grid.width, grid.height):
            self._parser.grid = grid.resized(width, height)
            self._parser.touched = {y for y in self._parser.touched if y < height}
            self.forget()

    def forget(self) -> None:
        """Note that the terminal's screen is unknown; the next change paints everything."""
        self._painter.forget()

    def begin(self) -> None:
        """Begin anew with an unknown terminal; drop the output that was not taken."""
        self._out.clear()
        self._parser.touched.clear()
        self._painter.forget()
        self._painter.cursor.forget_style()

    def repaint(self) -> None:
        """Paint everything that is not known to be on the terminal, even if nothing changes."""
        if self._drawn and not self.as_is:
            self._parser.touched.update(range(self._parser.grid.height))

    def feed(self, data: str) -> None:
        """Read output of Textual."""
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
        """Return all output that is to be sent now."""
        self._settle()
        text = "".join(self._out)
        self._out.clear()
        return text

    def _settle(self) -> None:
        """Paint the changes so far."""
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
        """Pass on all output unchanged from now on; paint the whole screen first, so that it is right."""
        if self._parser.touched or self._drawn:
            self.forget()
            self._drawn = True
            self.repaint()
            self._settle()
            self._painter.cursor.set(self._parser.style)
            self._out.append(self._painter.cursor.take())
        self.as_is = True
        self._out.append(rest)
