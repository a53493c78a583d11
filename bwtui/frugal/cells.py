"""The picture on a terminal: a grid of cells, each a character with its style."""

from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import split_graphemes


class Style(NamedTuple):
    """The look of a character; colours are SGR parameters, such as `38;5;9`."""

    fg: str = ""
    """The text colour; empty for the terminal's own."""
    bg: str = ""
    flags: frozenset[int] = frozenset()
    """The SGR numbers of the attributes that are on: 1 is bold, 7 reversed."""
    link: str = ""
    """`parameters;address` of a hyperlink; empty if there is none."""


PLAIN: Final = Style()

Cell = tuple[str, Style]
"""A character with its combining marks, and its style; empty text for the right half of a wide character."""

SEEN_ON_BLANK: Final = frozenset({4, 7, 9, 21, 51, 52, 53})
"""Attributes that are visible on a blank too: lines through and around a character, reversed colours."""

_LONGEST: Final = 32
"""Most characters in one cell, marks included; a terminal keeps fewer."""

_SURE: Final = (
    (0xA0, 0xAC), (0xAE, 0x2FF), (0x370, 0x377), (0x391, 0x482), (0x48A, 0x52F),  # Latin, Greek, Cyrillic
    (0x2010, 0x2027), (0x2030, 0x203B), (0x20A0, 0x20BF), (0x2190, 0x21FF), (0x2200, 0x22FF),  # signs, arrows
    (0x2500, 0x25FC), (0x2713, 0x2713), (0x2717, 0x2717), (0x2800, 0x28FF),  # lines, blocks, marks, dots
    (0x3001, 0x3029), (0x3041, 0x3096), (0x30A1, 0x30FA), (0x4E00, 0x9FA5), (0xAC00, 0xD7A3), (0xFF01, 0xFF60),
)  # fmt: skip
"""Ranges of characters of one cell and, in the last line, of two."""


@lru_cache(4096)
def is_sure(text: str) -> bool:
    """Return True if every terminal moves the cursor by the same number of cells after this character.

    Terminals differ in the width of emoji, combining marks and recent additions to Unicode.
    """
    return text.isascii() or (len(text) == 1 and any(first <= ord(text) <= last for first, last in _SURE))


@lru_cache(1024)
def blank_style(style: Style) -> Style:
    """Return the part of a style that is visible on a blank: usually only the background."""
    return style if style.link or style.flags & SEEN_ON_BLANK else Style(bg=style.bg)


def is_erasable(cell: Cell) -> bool:
    """Return True if erasing can produce exactly this cell, on a terminal that erases with the background colour."""
    return cell[0] == " " and not cell[1].link and not cell[1].flags


def cells_of(text: str, style: Style, encoding: str = "utf-8") -> tuple[str, list[Cell]]:
    """Return the combining marks at the beginning of a text, which belong to the character before it, and its cells.

    A character that `encoding` does not have becomes question marks of the same width.
    """
    blank = (" ", blank_style(style))
    if text.isascii():
        return "", [blank if character == " " else (character, style) for character in text]
    marks, cells = "", list[Cell]()
    for start, stop, width in split_graphemes(text)[0]:
        cluster = text[start:stop]
        if not width and not cells:
            marks += cluster
        elif not width:
            lead = -1 if cells[-1][0] else -2
            cells[lead] = marked(cells[lead], cluster)
        elif not _has(encoding, cluster):
            cells += [("?", style)] * width
        else:
            cells += [blank if cluster == " " else (cluster, style), ("", style)][:width]
    return marks, cells


def _has(encoding: str, text: str) -> bool:
    try:
        text.encode(encoding)
    except UnicodeEncodeError:
        return False
    return True


def marked(cell: Cell, marks: str) -> Cell:
    """Return the cell with combining marks added to its character."""
    text, style = cell
    return cell if text.endswith(marks) or len(text) + len(marks) > _LONGEST else (text + marks, style)


class Grid:
    """A screen that is written on like a terminal's with wrapping off."""

    def __init__(self, width: int, height: int, cell: Cell = (" ", PLAIN)) -> None:
        """Fill the grid with `cell`."""
        self.width, self.height = width, height
        self.rows: list[list[Cell]] = [[cell] * width for _ in range(height)]

    def resized(self, width: int, height: int) -> "Grid":
        """Return the same picture on a larger or smaller screen: cut off or filled up at the right and bottom."""
        grid = Grid(width, height)
        for row, old in zip(grid.rows, self.rows, strict=False):
            row[: len(old)] = old[:width]
            if len(old) > width and not old[width][0]:
                row[-1] = (" ", blank_style(row[-1][1]))
        return grid

    def put(self, x: int, y: int, text: str, style: Style, encoding: str = "utf-8") -> int:
        """Write text and return the column after it. Text beyond the end of the row is left out.

        If half of a wide character is overwritten, the other half becomes blank.
        """
        row = self.rows[y]
        marks, cells = cells_of(text, style, encoding)
        if marks and 0 < x <= self.width:
            lead = x - 1 if row[x - 1][0] else x - 2
            row[lead] = marked(row[lead], marks)
        stop = x + len(cells)
        if stop > self.width:
            cells = cells[: max(0, self.width - x)]
            if cells and x + len(cells) < stop and _is_wide_lead(text, cells):
                cells[-1] = (" ", blank_style(style))
        self._overwrite(row, x, cells)
        return stop

    def _overwrite(self, row: list[Cell], x: int, cells: list[Cell]) -> None:
        if not cells:
            return
        after = x + len(cells)
        if not row[x][0]:
            row[x - 1] = (" ", blank_style(row[x - 1][1]))
        if after < self.width and not row[after][0]:
            row[after] = (" ", blank_style(row[after][1]))
        row[x:after] = cells


def _is_wide_lead(text: str, cells: list[Cell]) -> bool:
    """Return True if the last cell in the row is the left half of a wide character."""
    _, every = cells_of(text, PLAIN)
    return len(every) > len(cells) and not every[len(cells)][0]
