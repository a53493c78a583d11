"""A terminal with a glass: bwtui as a process in a pseudo-terminal, and what stands on its screen."""

import codecs
import errno
import fcntl
import os
import pty
import re
import select
import signal
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Any, Final, NamedTuple, Self

import pyte
import pyte.screens

from bwtui.tui.places import TITLES
from machine import BWTUI, Machine

SECONDS: Final = 20
"""Nothing here may take longer to come about."""

IN_CONTROL: Final = (
    sys.executable,
    "-ISc",
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])",
)
"""Makes standard input the controlling terminal, as a login does."""

ALTERNATE_SCREEN: Final = 1049
USUAL_MODES: Final = {7: True, 25: True}
"""Lines wrap and the cursor is seen; every other private mode is off in a terminal that nobody has touched."""
MOUSE: Final = frozenset({9, 1000, 1001, 1002, 1003, 1005, 1006, 1015, 1016})

USUAL: Final = {
    "TERM": "xterm-256color",
    "LANG": "C.UTF-8",
    "BWTUI_DRIVER": os.environ.get("BWTUI_DRIVER", ""),
}
"""What a terminal exports, and the driver that these tests are run with."""

FORWARD: Final = frozenset(pairwise(list(TITLES.values())[:-2]))
"""The ways that Ctrl+N goes whatever has happened so far."""

_PRIVATE_MODE: Final = re.compile(r"\x1b\[\?([\d;]+)([hl])")
_KEYBOARD: Final = re.compile(r"\x1b\[([<>])[\d;]*u")
_UNKNOWN_TO_PYTE: Final = re.compile(r"\x1b\[[<>=][\d;]*[A-Za-z]")
_COMPLETE: Final = re.compile(r"(?s)(.*?)(\x1b(?:[\[\]][^A-Za-z\x07]*)?)?\Z")
_QUERY: Final = re.compile(r"\x1b\[(?:\?(\d+)\$p|(c|0c)|(6n)|(\?u))")


class Cell(NamedTuple):
    """One cell as it is seen: on a blank, nobody sees the colour of the ink."""

    text: str
    fore: str
    back: str
    bold: bool


class Glass(pyte.Screen):
    """What pyte shows, and a second screen behind it, as xterm has one."""

    def __init__(self, columns: int, lines: int, *, erases_with_colour: bool = True) -> None:
        super().__init__(columns, lines)
        self._erases_with_colour = erases_with_colour
        self._main: tuple[Any, int, int] | None = None

    def erase_in_line(self, how: int = 0, private: bool = False) -> None:  # noqa: FBT001, FBT002 - pyte's
        attributes = self.cursor.attrs
        if not self._erases_with_colour:
            self.cursor.attrs = self.default_char
        super().erase_in_line(how, private)
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


@dataclass(kw_only=True)
class Console:
    """A process in a pseudo-terminal, and the screen that somebody would see."""

    process: subprocess.Popen[bytes]
    master: int
    glass: Glass
    replies: dict[int, int] | None = None
    """What the terminal answers about private modes (DECRQM); `None`: it answers nothing, whatever it is asked."""
    written: str = ""
    modes: dict[int, bool] = field(default_factory=dict)
    """Every private mode that was ever set or reset, and how it is now."""
    open: bool = True
    _stream: pyte.Stream = field(init=False)
    _pending: str = ""
    _decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))

    def __post_init__(self) -> None:
        self._stream = pyte.Stream(self.glass)
        self._before = termios.tcgetattr(self.master)

    # --- what is seen ---

    @property
    def lines(self) -> list[str]:
        return [self._line(y) for y in range(self.glass.lines)]

    def _line(self, y: int) -> str:
        row = self.glass.buffer[y]
        return "".join(row[x].data for x in range(self.glass.columns)).rstrip()

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def cells(self) -> list[list[Cell]]:
        """Every cell of the screen."""
        glass = self.glass
        return [[_seen(glass.buffer[y][x]) for x in range(glass.columns)] for y in range(glass.lines)]

    # --- what happens ---

    def type(self, keys: str) -> Self:
        r"""Press keys; Enter is `\r`, Escape `\x1b`, Ctrl+C `\x03`."""
        os.write(self.master, keys.encode())
        return self

    def resize(self, columns: int, lines: int) -> Self:
        """Drag the window's corner."""
        self.glass.resize(lines, columns)
        if self.modes.get(2048):
            self.type(f"\x1b[48;{lines};{columns};{lines * 20};{columns * 10}t")
        set_size(self.master, columns, lines)
        return self

    def read(self, seconds: float = 0.0) -> None:
        """Take in what was written."""
        if not self.open or not select.select([self.master], [], [], seconds)[0]:
            return
        try:
            piece = os.read(self.master, 1 << 16)
        except OSError as error:
            assert error.errno == errno.EIO  # Linux: nobody has the other side open any more
            piece = b""
        self.open = bool(piece)
        self._show(self._decoder.decode(piece, final=not self.open))

    def _show(self, piece: str) -> None:
        self.written += piece
        match = _COMPLETE.fullmatch(self._pending + piece)
        assert match
        whole, self._pending = match[1], match[2] or ""
        for mode in _PRIVATE_MODE.finditer(whole):
            self.modes.update(dict.fromkeys(map(int, mode[1].split(";")), mode[2] == "h"))
        self._stream.feed(_UNKNOWN_TO_PYTE.sub("", whole))
        if self.replies is not None:
            for query in _QUERY.finditer(whole):
                self.type(self._answer(query))

    def _answer(self, query: re.Match[str]) -> str:
        mode, attributes, position, keyboard = query.groups()
        assert self.replies is not None
        if mode:
            return f"\x1b[?{mode};{self.replies.get(int(mode), 0)}$y"
        if attributes:
            return "\x1b[?62;22c"
        if position:
            return f"\x1b[{self.glass.cursor.y + 1};{self.glass.cursor.x + 1}R"
        return "\x1b[?0u"

    def until(self, fact: Callable[[], bool], what: str = "") -> Self:
        """Look at the screen until something is so; fail where it does not come about."""
        deadline = time.monotonic() + SECONDS
        while not fact():
            assert self.open and time.monotonic() < deadline, (  # noqa: PT018
                f"never came about: {what}\n{self.text}\nleft with {self.process.poll()}"
            )
            self.read(0.02)
        return self

    def expect(self, *words: str) -> Self:
        """Look at the screen until the words stand there, all of them."""
        return self.until(lambda: all(word in self.text for word in words), " and ".join(words))

    def still(self, seconds: float = 0.25) -> str:
        """Read until nothing more is written; give what stands there then."""
        size = -1
        while self.open and size != len(self.written):
            size = len(self.written)
            self.read(seconds)
        return self.text

    def go(self, title: str) -> Self:
        """Go to a screen: to the next one by Ctrl+N, to any other by the palette."""
        self.until(lambda: bool(self.title), "any screen")
        if (self.title, title) in FORWARD:
            self.type("\x0e")
        elif self.title != title:
            self.type("\x07").expect("type to filter").type(f"{title}\r")
        return self.at(title)

    def at(self, title: str) -> Self:
        """Look until a screen of the walk is there."""
        return self.until(lambda: self.title == title, f"the screen {title}")

    @property
    def title(self) -> str:
        """The screen of the walk that is shown, by its title."""
        found = re.match(r" bwtui  (\S+(?: \S+)*)", self._line(0))
        return found[1].partition(" (")[0] if found else ""

    # --- the process ---

    def send(self, which: signal.Signals) -> Self:
        """Send a signal to the process."""
        self.process.send_signal(which)
        return self

    def stopped(self) -> Self:
        """Read until the process is stopped, as by Ctrl+Z."""
        deadline = time.monotonic() + SECONDS
        while not os.waitid(os.P_PID, self.process.pid, os.WSTOPPED | os.WNOHANG | os.WNOWAIT):
            assert time.monotonic() < deadline, "it does not stop"
            self.read(0.02)
        os.waitid(os.P_PID, self.process.pid, os.WSTOPPED)
        self.read()
        return self

    def end(self) -> int:
        """Read to the end; give the exit code, as a shell has it."""
        deadline = time.monotonic() + SECONDS
        while self.open:
            assert time.monotonic() < deadline, f"it does not end:\n{self.text}"
            self.read(0.1)
        code = self.process.wait(SECONDS)
        assert "Traceback" not in self.written, self.text
        return code if code >= 0 else 128 - code

    def is_as_before(self) -> None:
        """Fail unless the terminal is as a program should leave it."""
        on = {mode: now for mode, now in self.modes.items() if now != USUAL_MODES.get(mode, False)}
        assert on == {}, f"modes that are not as before: {on}"
        pushed = [match[1] for match in _KEYBOARD.finditer(self.written)]
        assert pushed.count(">") == pushed.count("<"), "the keyboard protocol"
        assert not self.glass.cursor.hidden
        attributes = self.glass.cursor.attrs
        assert (attributes.fg, attributes.bg, attributes.bold, attributes.reverse) == ("default", "default", False, False)
        assert self.glass.margins is None
        assert termios.tcgetattr(self.master) == self._before


def _seen(char: pyte.screens.Char) -> Cell:
    fore, back = (char.bg, char.fg) if char.reverse else (char.fg, char.bg)
    return Cell(char.data, fore, back, char.bold) if char.data.strip() else Cell(char.data, "", back, bold=False)


def set_size(descriptor: int, columns: int, lines: int) -> None:
    """Tell a terminal its size; whoever is in it gets SIGWINCH."""
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, columns * 10, lines * 20))


@contextmanager
def console(
    machine: Machine,
    *arguments: str,
    columns: int = 80,
    lines: int = 24,
    replies: dict[int, int] | None = None,
    command: tuple[str, ...] = BWTUI,
    stderr: int | None = None,
    is_in_control: bool = True,
    erases_with_colour: bool = True,
    **environ: str,
) -> Iterator[Console]:
    """Run bwtui in a pseudo-terminal; what still runs at the end of the block is killed.

    `is_in_control` tells whether the terminal is the session's own, from which it gets signals.
    """
    master, slave = pty.openpty()
    set_size(slave, columns, lines)
    process = subprocess.Popen(
        [*(IN_CONTROL if is_in_control else ()), *command, *arguments],
        cwd=machine.home,
        env=machine.variables(**(USUAL | environ)),
        stdin=slave,
        stdout=slave,
        stderr=slave if stderr is None else stderr,
        start_new_session=True,
    )
    shown = Console(process=process, master=master, glass=Glass(columns, lines, erases_with_colour=erases_with_colour), replies=replies)
    os.close(slave)
    try:
        yield shown
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(SECONDS)
        if shown.master >= 0:
            os.close(shown.master)
