"""A terminal's screen, drawn from bytes, and its answers to questions.

pyte draws. It is kept from the sequences that it would take for others or for text, and what is drawn between the
marks of a synchronized update counts as seen when the update ends, as in a terminal that knows these marks.
"""

import codecs
import re
from typing import Final

import pyte

_SEQUENCE: Final = re.compile(
    r"(\x1b[P_^X][^\x1b]*\x1b\\"  # strings: device control, application, privacy
    r"|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)"  # operating system commands
    r"|\x1b\[[0-?]*[ -/]*[@-~])"  # control sequences
)
_UNFINISHED: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*|[\]P_^X][^\x07\x1b]*\x1b?)?\Z")
_MODE_REPORT: Final = re.compile(r"\x1b\[\?(\d+)\$p")
_MODE_CHANGE: Final = re.compile(r"\x1b\[\?([\d;]+)([hl])")
_KEYBOARD: Final = re.compile(r"\x1b\[([<=>])(\d*)(?:;\d*)?u")
_COLOUR: Final = re.compile(r"\x1b\](1[0-2]);\?")
_KNOWN_MODES: Final = frozenset(
    {"1", "7", "25", "1000", "1002", "1003", "1004", "1006", "1049", "2004", "2026"}
)
_ALTERNATE: Final = "1049"
_SYNCHRONIZED: Final = "2026"

ASKS: Final = re.compile(rb"\x1b\[[?>]?[0-9]*(?:\$p|[cnqu])|\x1b\]1[0-2];\?|\x1bP[+$]q")
"""Bytes that may be a question: worth a look at once, where the rest can wait."""


class Screen:
    """A terminal's screen: lines of text, a cursor, and modes."""

    def __init__(self, columns: int, rows: int) -> None:
        self._drawn = pyte.Screen(columns, rows)
        self._stream = pyte.Stream(self._drawn)
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._unfinished = ""
        self._cells: list[tuple[pyte.screens.Char, ...]] = [()] * rows
        self._cursor: tuple[int, int, bool] = (0, 0, False)
        self._modes: set[str] = set()
        self._keyboard: list[int] = []
        self.lines: list[str] = [" " * columns] * rows
        """The text on the screen."""
        self.changes = 0
        """The number of changes of the screen."""
        self.answers: list[str] = []
        """Answers of the terminal to the program; the sender takes them out."""
        self._look()
        self.changes = 0

    @property
    def keyboard_flags(self) -> int:
        """The keyboard flags that the program has asked for."""
        return self._keyboard[-1] if self._keyboard else 0

    def shows(self, text: str) -> bool:
        """Return True if the text stands on one line of the screen."""
        return any(text in line for line in self.lines)

    def feed(self, data: bytes) -> None:
        """Draw."""
        text = self._unfinished + self._decoder.decode(data)
        rest = _UNFINISHED.search(text)
        self._unfinished = rest[0] if rest else ""
        for piece in _SEQUENCE.split(text[: len(text) - len(self._unfinished)]):
            if not _SEQUENCE.fullmatch(piece) or not self._understood(piece):
                self._stream.feed(piece)
        if _SYNCHRONIZED not in self._modes:
            self._look()

    def _understood(self, sequence: str) -> bool:
        """Do what pyte does not know how to; say whether there is nothing left to be done."""
        if change := _MODE_CHANGE.fullmatch(sequence):
            self._change_modes(set(change[1].split(";")), on=change[2] == "h")
            return False
        if keyboard := _KEYBOARD.fullmatch(sequence):
            self._change_keyboard(keyboard[1], keyboard[2])
            return True
        answer = self._answer(sequence)
        if answer:
            self.answers.append(answer)
        return bool(answer) or sequence[1] != "[" or bool(re.match(r"\x1b\[(?:[<=>]|[^@-~]*[ -/])", sequence))

    def _change_modes(self, modes: set[str], *, on: bool) -> None:
        if _ALTERNATE in modes:
            self._drawn.erase_in_display(2)
        if _SYNCHRONIZED in modes and not on:
            self._look()
        self._modes = self._modes | modes if on else self._modes - modes

    def _change_keyboard(self, how: str, flags: str) -> None:
        match how:
            case ">":
                self._keyboard.append(int(flags or 0))
            case "<":
                del self._keyboard[-int(flags or 1) :]
            case _:
                self._keyboard[-1:] = [int(flags or 0)]

    def _answer(self, sequence: str) -> str:
        if mode := _MODE_REPORT.fullmatch(sequence):
            state = 0 if mode[1] not in _KNOWN_MODES else 1 if mode[1] in self._modes else 2
            return f"\x1b[?{mode[1]};{state}$y"
        if colour := _COLOUR.match(sequence):
            value = "1d1d/1f1f/2121" if colour[1] == "11" else "c5c5/c8c8/c6c6"
            return f"\x1b]{colour[1]};rgb:{value}\x1b\\"
        match sequence[1:]:
            case "[c" | "[0c":
                return "\x1b[?62;22c"
            case "[>c" | "[>0c":
                return "\x1b[>1;10;0c"
            case "[5n":
                return "\x1b[0n"
            case "[6n" | "[?6n":
                cursor = self._drawn.cursor
                column = min(cursor.x, self._drawn.columns - 1)
                return f"\x1b[{sequence[2:-2]}{cursor.y + 1};{column + 1}R"
            case "[>q" | "[>0q":
                return "\x1bP>|benchmarks(1)\x1b\\"
            case "[?u":
                return f"\x1b[?{self.keyboard_flags}u"
        if sequence.startswith(("\x1bP+q", "\x1bP$q")):
            return f"\x1bP0{sequence[2]}r\x1b\\"
        return ""

    def _look(self) -> None:
        """See what there is to be seen now."""
        cursor = self._drawn.cursor
        seen = (cursor.x, cursor.y, cursor.hidden)
        changed = seen != self._cursor
        self._cursor = seen
        for row in self._drawn.dirty:
            line = self._drawn.buffer[row]
            cells = tuple(line[column] for column in range(self._drawn.columns))
            if cells != self._cells[row]:
                self._cells[row] = cells
                self.lines[row] = "".join(cell.data for cell in cells)
                changed = True
        self._drawn.dirty.clear()
        self.changes += changed
