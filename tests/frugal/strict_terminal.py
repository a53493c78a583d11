"""A terminal to look at: a strict emulator that knows what the driver may send, and refuses everything else.

It differs from pyte in what is tested here: graphemes, wide characters of which one half is overwritten, erasing
with or without colour, hyperlinks, and a cursor that stays in the last column when wrapping is off.
"""

import re
from dataclasses import dataclass, field, replace
from typing import Final

from wcwidth import wcswidth, wcwidth

Look = tuple[str, str, str, frozenset[int], str]
"""Text, foreground, background, attributes and link of a cell."""

_TOKEN: Final = re.compile(
    r"(?P<text>[^\x00-\x1f\x7f-\x9f]+)|\x1b\[(?P<private>[<=>?]?)(?P<numbers>[\d;]*)(?P<final>[ $]?[@-~])"
    r"|\x1b\](?P<osc>[^\x07\x1b]*)(?:\x07|\x1b\\)|(?P<control>[\x07\x08\r\n])"
)
_SEEN_ON_BLANK: Final = frozenset({4, 7, 9, 21, 51, 52, 53})
_OFF: Final = {
    22: {1, 2},
    23: {3},
    24: {4, 21},
    25: {5, 6},
    27: {7},
    28: {8},
    29: {9},
    54: {51, 52},
    55: {53},
}
JOINER: Final = "\u200d"


@dataclass(frozen=True)
class Pen:
    """The colours, attributes and link that the terminal writes with."""

    fg: str = ""
    bg: str = ""
    flags: frozenset[int] = frozenset()
    link: str = ""

    def of(self, text: str) -> Look:
        """A cell written with it."""
        return (text, self.fg, self.bg, self.flags, self.link)


GARBAGE: Final = Pen("31", "42", frozenset({4, 7})).of("#")


@dataclass
class StrictTerminal:
    """A screen and what else a terminal got."""

    width: int
    height: int
    erases_in_colour: bool = True
    may_scroll: bool = False
    clusters: bool = True
    """True if it joins grapheme clusters as Unicode says; otherwise it counts cells differently from Textual."""
    rows: list[list[Look]] = field(default_factory=list)
    pen: Pen = Pen()
    x: int = 0
    y: int = 0
    wraps: bool = True
    passed: list[str] = field(default_factory=list)
    """Everything that was neither text nor moved, coloured or erased, in its order."""

    def __post_init__(self) -> None:
        self.rows = self.rows or [[Pen().of(" ")] * self.width for _ in range(self.height)]

    def picture(self) -> list[list[Look]]:
        """All cells; where nothing is written, without what is not seen there."""
        return [[self._seen(cell) for cell in row] for row in self.rows]

    def text(self) -> list[str]:
        """All rows, without colours."""
        return ["".join(cell[0] for cell in row) for row in self.rows]

    @staticmethod
    def _seen(cell: Look) -> Look:
        text, _, bg, flags, link = cell
        return cell if text != " " or link or flags & _SEEN_ON_BLANK else (" ", "", bg, frozenset(), "")

    def spoil(self) -> None:
        """Show anything, anywhere."""
        self.rows = [[GARBAGE] * self.width for _ in range(self.height)]
        self.x, self.y = self.width // 2, self.height // 2

    def resize(self, width: int, height: int) -> None:
        """Cut off or fill up, right and below."""
        rows = [row[:width] + [Pen().of(" ")] * (width - len(row)) for row in self.rows[:height]]
        rows += [[Pen().of(" ")] * width for _ in range(height - len(rows))]
        for row, old in zip(rows, self.rows, strict=False):
            if len(old) > width and not old[width][0]:
                row[-1] = (" ", *row[-1][1:])
        self.rows, self.width, self.height = rows, width, height
        self.x, self.y = min(self.x, width - 1), min(self.y, height - 1)

    def feed(self, data: str) -> None:
        """Take what a terminal gets."""
        offset = 0
        while offset < len(data):
            token = _TOKEN.match(data, offset)
            assert token, f"not understood: {data[offset : offset + 40]!r}"
            offset = token.end()
            if token["text"]:
                self._write(token["text"])
            elif token["control"]:
                self._control(token["control"])
            elif token["osc"] is not None:
                self._osc(token["osc"], token.group())
            elif token["private"] or token["final"] not in "ABCDGHJKXm@P":
                self._mode(token.group())
            else:
                numbers = [int(number or 0) for number in token["numbers"].split(";")]
                self._sequence(token["final"], numbers, token["numbers"])

    def _mode(self, sequence: str) -> None:
        if sequence in {"\x1b[?7l", "\x1b[?7h"}:
            self.wraps = sequence.endswith("h")
        if not sequence.startswith("\x1b[?2026"):
            self.passed.append(sequence)

    def _osc(self, body: str, sequence: str) -> None:
        if body.startswith("8;"):
            self.pen = replace(self.pen, link="" if body == "8;;" else body)
        else:
            self.passed.append(sequence)

    def _control(self, character: str) -> None:
        match character:
            case "\r":
                self.x = 0
            case "\b":
                self.x = max(0, self.x - 1)
            case "\n":
                if self.y < self.height - 1:
                    self.y += 1
                else:
                    assert self.may_scroll, "it scrolled"
                    self.rows = [*self.rows[1:], [self._blank()] * self.width]
            case _:
                self.passed.append(character)

    def _sequence(self, final: str, numbers: list[int], text: str) -> None:
        count = max(1, numbers[0])
        if final in "ABCDGH":
            self._move(final, count, max(1, numbers[1]) if len(numbers) > 1 else 1)
        elif final == "m":
            self._style(text)
        else:
            self._edit(final, count, numbers[0])

    def _move(self, final: str, count: int, column: int) -> None:
        x, y = {
            "A": (self.x, self.y - count),
            "B": (self.x, self.y + count),
            "C": (self.x + count, self.y),
            "D": (self.x - count, self.y),
            "G": (count - 1, self.y),
            "H": (column - 1, count - 1),
        }[final]
        self.x, self.y = min(max(x, 0), self.width - 1), min(max(y, 0), self.height - 1)

    def _edit(self, final: str, count: int, which: int) -> None:
        row = self.rows[self.y]
        match final:
            case "J":
                assert which == 0
                self._erase(row, self.x, self.width)
                for below in self.rows[self.y + 1 :]:
                    self._erase(below, 0, self.width)
            case "K":
                self._erase(row, 0 if which else self.x, self.x + 1 if which == 1 else self.width)
            case "X":
                self._erase(row, self.x, min(self.width, self.x + count))
            case "@":
                row[self.x : self.x] = [self._blank()] * count
                del row[self.width :]
            case _:
                del row[self.x : self.x + count]
                row += [self._blank()] * (self.width - len(row))

    def _blank(self) -> Look:
        return Pen(bg=self.pen.bg if self.erases_in_colour else "").of(" ")

    def _erase(self, row: list[Look], start: int, stop: int) -> None:
        self._break(row, start)
        self._break(row, stop)
        row[start:stop] = [self._blank()] * (stop - start)

    def _break(self, row: list[Look], x: int) -> None:
        """If a wide character has its halves on both sides of this column, only blanks are left of it."""
        if 0 < x < self.width and not row[x][0]:
            row[x - 1], row[x] = (" ", *row[x - 1][1:]), (" ", *row[x][1:])

    def _style(self, text: str) -> None:
        codes = text.split(";")
        while codes:
            code = int(codes.pop(0) or 0)
            if code in {38, 48}:
                size = {"5": 2, "2": 4}[codes[0]]
                colour, codes = ";".join([str(code), *codes[:size]]), codes[size:]
                self.pen = replace(self.pen, fg=colour) if code == 38 else replace(self.pen, bg=colour)
            elif code in {39, 49, 0} or 30 <= code < 50 or 90 <= code < 108:
                self._simple_colour(code)
            elif code in _OFF:
                self.pen = replace(self.pen, flags=self.pen.flags - _OFF[code])
            else:
                assert code in {*range(1, 10), 21, 51, 52, 53}, text
                self.pen = replace(self.pen, flags=self.pen.flags | {code})

    def _simple_colour(self, code: int) -> None:
        match code:
            case 0:
                self.pen = Pen(link=self.pen.link)
            case 39:
                self.pen = replace(self.pen, fg="")
            case 49:
                self.pen = replace(self.pen, bg="")
            case _ if code // 10 in {4, 10}:
                self.pen = replace(self.pen, bg=str(code))
            case _:
                self.pen = replace(self.pen, fg=str(code))

    def _write(self, text: str) -> None:
        joined = False
        for character in text:
            width = max(0, wcwidth(character))
            if not self.clusters and (character == JOINER or width == 0):
                continue
            if joined or not width:
                self._combine(character)
            else:
                self._put(character, width)
            joined = character == JOINER

    def _combine(self, character: str) -> None:
        row = self.rows[self.y]
        x = self.x if self._stuck and self.x == self.width - 1 else self.x - 1
        if x > 0 and not row[x][0]:
            x -= 1
        if x < 0:
            return
        text, *look = row[x]
        if text.endswith(character):
            return
        row[x] = (text + character, *look)  # type: ignore[assignment]
        if (
            character == "\ufe0f"
            and x + 1 < self.width
            and wcswidth(text + character) == 2
            and wcswidth(text) == 1
        ):
            self._break(row, x + 2)
            row[x + 1] = ("", *look)  # type: ignore[assignment]
            self.x = min(self.width - 1, self.x + 1)

    _stuck: bool = False
    """True if the last character went into the last column, so that the cursor could not pass it."""

    def _put(self, character: str, width: int) -> None:
        if self.x + width > self.width:
            return
        row = self.rows[self.y]
        self._break(row, self.x)
        self._break(row, self.x + width)
        row[self.x : self.x + width] = [self.pen.of(character), self.pen.of("")][:width]
        self._stuck = self.x + width >= self.width
        self.x = min(self.width - 1, self.x + width)


def on_a_line(text: str) -> str:
    """Return the text with the line ends that the terminal line makes of it."""
    return text.replace("\n", "\r\n")
