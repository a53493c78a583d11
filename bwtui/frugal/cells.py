"""What a terminal shows: a grid of cells, each a character with its style."""

from functools import lru_cache
from typing import Final, NamedTuple

from rich.cells import split_graphemes


class Style(NamedTuple):
    """How a character looks; colours are the parameters that a terminal is given for them, such as `38;5;9`."""

    fg: str = ""
    """Empty: the terminal's own."""
    bg: str = ""
    flags: frozenset[int] = frozenset()
    """1 is bold, 7 reversed: the numbers of the attributes that are on."""
    link: str = ""
    """`parameters;address` of a hyperlink, empty where there is none."""


PLAIN: Final = Style()

Cell = tuple[str, Style]
"""A character with what combines with it, and its style. Empty text: the right half of the wide character before."""

SEEN_ON_BLANK: Final = frozenset({4, 7, 9, 21, 51, 52, 53})
"""Lines through and around a character, and reversed colours: seen where nothing is written, too."""

_LONGEST: Final = 32
"""Characters in one cell, marks included; a terminal keeps fewer."""

_SURE: Final = (
    (0xA0, 0xAC), (0xAE, 0x2FF), (0x370, 0x377), (0x391, 0x482), (0x48A, 0x52F),  # Latin, Greek, Cyrillic
    (0x2010, 0x2027), (0x2030, 0x203B), (0x20A0, 0x20BF), (0x2190, 0x21FF), (0x2200, 0x22FF),  # signs, arrows
    (0x2500, 0x25FC), (0x2713, 0x2713), (0x2717, 0x2717), (0x2800, 0x28FF),  # lines, blocks, marks, dots
    (0x3001, 0x3029), (0x3041, 0x3096), (0x30A1, 0x30FA), (0x4E00, 0x9FA5), (0xAC00, 0xD7A3), (0xFF01, 0xFF60),
)  # fmt: skip
"""Ranges of characters of one cell and, in the last line, of two."""


@lru_cache(4096)
def is_sure(text: str) -> bool:
    """Whether every terminal moves by the same number of cells after this character.

    Emoji, marks that combine, and whatever Unicode added lately are counted differently by different terminals.
    """
    return text.isascii() or (len(text) == 1 and any(first <= ord(text) <= last for first, last in _SURE))


@lru_cache(1024)
def blank_style(style: Style) -> Style:
    """What of a style is seen where nothing is written: as a rule the background only."""
    return style if style.link or style.flags & SEEN_ON_BLANK else Style(bg=style.bg)


def is_erasable(cell: Cell) -> bool:
    """Whether a terminal that erases may leave exactly this cell, given that it keeps the background."""
    return cell[0] == " " and not cell[1].link and not cell[1].flags


def cells_of(text: str, style: Style, encoding: str = "utf-8") -> tuple[str, list[Cell]]:
    """Text as cells, and before them the marks at its beginning that belong to the character before it.

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
    """The cell with marks that combine with its character."""
    text, style = cell
    return cell if text.endswith(marks) or len(text) + len(marks) > _LONGEST else (text + marks, style)


class Grid:
    """A screen that is written on as a terminal's is, with wrapping off."""

    def __init__(self, width: int, height: int, cell: Cell = (" ", PLAIN)) -> None:
        """`cell` fills it."""
        self.width, self.height = width, height
        self.rows: list[list[Cell]] = [[cell] * width for _ in range(height)]

    def resized(self, width: int, height: int) -> "Grid":
        """The same picture on a larger or smaller screen: cut off or filled up at the right and at the bottom."""
        grid = Grid(width, height)
        for row, old in zip(grid.rows, self.rows, strict=False):
            row[: len(old)] = old[:width]
            if len(old) > width and not old[width][0]:
                row[-1] = (" ", blank_style(row[-1][1]))
        return grid

    def put(self, x: int, y: int, text: str, style: Style, encoding: str = "utf-8") -> int:
        """Write text and give the column after it. What has no room in the row is left out.

        Of a wide character that is half overwritten, the other half becomes blank.
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
    """Whether the last cell that had room is the left half of a wide character."""
    _, every = cells_of(text, PLAIN)
    return len(every) > len(cells) and not every[len(cells)][0]
