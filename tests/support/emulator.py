"""An emulated terminal screen: its text and its look."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

import pyte
import pyte.screens

ALTERNATE_SCREEN: Final = 1049


class ScreenCell(NamedTuple):
    """One cell as it is seen: the text colour of a blank is invisible."""

    text: str
    fore: str
    back: str
    bold: bool


class EmulatedScreen(pyte.Screen):
    """The screen of pyte, and an alternate screen, as xterm has."""

    def __init__(self, columns: int, lines: int, *, erases_with_colour: bool = True) -> None:
        super().__init__(columns, lines)
        self._erases_with_colour = erases_with_colour
        self._main: tuple[Any, int, int] | None = None

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:  # noqa: FBT001, FBT002 - pyte's
        with self._eraser():
            super().erase_in_line(how, private)

    def erase_characters(self, count: int | None = None) -> None:
        with self._eraser():
            super().erase_characters(count)

    def erase_in_display(self, how: int = 0, *args: Any, **kwargs: Any) -> None:
        for y in range(self.lines):
            for x in range(self.columns):
                self.buffer[y].setdefault(x, self.default_char)  # pyte erases only what was written before
        with self._eraser():
            super().erase_in_display(how, *args, **kwargs)

    @contextmanager
    def _eraser(self) -> Iterator[None]:
        """Erase with the colour that is set, or with the terminal's own, for the time of the block."""
        attributes = self.cursor.attrs
        if not self._erases_with_colour:
            self.cursor.attrs = self.default_char
        yield
        self.cursor.attrs = attributes

    def set_mode(self, *modes: int, **kwargs: Any) -> None:
        if ALTERNATE_SCREEN in modes and self._main is None:
            self._main = (
                {y: dict(line) for y, line in self.buffer.items()},
                self.cursor.y,
                self.cursor.x,
            )
            self.erase_in_display(2)
        super().set_mode(*modes, **kwargs)

    def reset_mode(self, *modes: int, **kwargs: Any) -> None:
        if ALTERNATE_SCREEN in modes and self._main is not None:
            kept, y, x = self._main
            self._main = None
            self.select_graphic_rendition(0)
            self.erase_in_display(2)
            for number, line in kept.items():
                self.buffer[number].update(line)
            self.cursor_position(y + 1, x + 1)
        super().reset_mode(*modes, **kwargs)

    @property
    def cells(self) -> list[list[ScreenCell]]:
        """Every cell."""
        return [[_seen(self.buffer[y][x]) for x in range(self.columns)] for y in range(self.lines)]

    def row(self, y: int) -> str:
        """The text of a row, without the blanks that it ends in."""
        return "".join(self.buffer[y][x].data for x in range(self.columns)).rstrip()


def _seen(char: pyte.screens.Char) -> ScreenCell:
    fore, back = (char.bg, char.fg) if char.reverse else (char.fg, char.bg)
    if not char.data.strip():
        return ScreenCell(char.data, "", back, bold=False)
    return ScreenCell(char.data, fore, back, char.bold)
