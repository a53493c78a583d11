"""An emulated terminal whose picture can be compared: what a person would see, cell by cell."""

import re
from typing import NamedTuple

import pyte
import pyte.screens
from rich.cells import cell_len

_PRIVATE = re.compile(r"\x1b\[[<>=?][\d;]*\$?[a-zA-Z]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)")
"""What an emulator that knows only the picture would take for text."""


class Seen(NamedTuple):
    """One cell as it looks."""

    text: str
    fore: str
    back: str
    look: tuple[bool, ...]


class Emulated:
    """A terminal of a given size."""

    def __init__(self, width: int, height: int) -> None:
        self._screen = pyte.Screen(width, height)
        self._screen.reset_mode(pyte.modes.DECAWM)
        self._stream = pyte.Stream(self._screen)

    def feed(self, text: str) -> None:
        self._stream.feed(_PRIVATE.sub("", text))

    def resize(self, width: int, height: int) -> None:
        self._screen.resize(height, width)

    @property
    def cursor(self) -> tuple[int, int]:
        return min(self._screen.cursor.x, self._screen.columns - 1), self._screen.cursor.y

    @property
    def cells(self) -> list[list[Seen]]:
        screen = self._screen
        return [
            _without_halves([screen.buffer[y][x] for x in range(screen.columns)]) for y in range(screen.lines)
        ]


def _seen(char: pyte.screens.Char) -> Seen:
    """A blank shows its colour only where a line or the reversed cell does; the rest cannot be seen."""
    look = (char.underscore, char.reverse, char.strikethrough)
    if char.data == " ":
        return Seen(" ", char.fg if any(look) else "", char.bg, look)
    return Seen(char.data, char.fg, char.bg, (*look, char.bold, char.italics))


def _without_halves(row: list[pyte.screens.Char]) -> list[Seen]:
    """The cells of a row; of a wide character that was half overwritten, terminals leave a blank."""
    seen = []
    for x, char in enumerate(row):
        wide = x + 1 < len(row) and cell_len(char.data) == 2
        if wide and row[x + 1].data:
            char = char._replace(data=" ")
        if not char.data and not (x and cell_len(row[x - 1].data) == 2):
            char = char._replace(data=" ")
        seen.append(_seen(char))
    return seen
