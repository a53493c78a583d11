"""bwtui as a process in a pseudo-terminal, and the text on its emulated screen."""

import codecs
import difflib
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
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from typing import Final, Self

import pyte

from bwtui.domain.walk.walk import REVIEW, TITLES, walk
from bwtui.domain.walk.walk_text import NOTHING_YET
from support.cli_runner import BWTUI, CliRunner
from support.emulator import EmulatedScreen
from support.guide import guide_answers

SECONDS: Final = 20
"""Nothing here may take longer to come about."""

IN_CONTROL: Final = (
    sys.executable,
    "-ISc",
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])",
)
"""Makes standard input the controlling terminal, as a login does."""

USUAL_MODES: Final = {7: True, 25: True}
"""Lines wrap and the cursor is seen; every other private mode is off in a terminal that nobody has touched."""
MOUSE: Final = frozenset({9, 1000, 1001, 1002, 1003, 1005, 1006, 1015, 1016})

USUAL: Final = {
    "TERM": "xterm-256color",
    "LANG": "C.UTF-8",
    "BWTUI_DRIVER": os.environ.get("BWTUI_DRIVER", ""),
}
"""The variables that a terminal exports, and the driver that these tests are run with."""

SCREENS: Final = tuple(TITLES[place] for place in walk(guide_answers()))
"""The titles of the screens of the guide's walk, in their order."""

FORWARD: Final = frozenset(pair for pair in pairwise(SCREENS[:-2]) if pair[0] != "Connect")
"""The ways that Ctrl+N goes whatever has happened so far; Connect wants a test first."""

TO_NAME: Final = "\t\t"
"""From the button that a step begins on to the name."""

_PRIVATE_MODE: Final = re.compile(r"\x1b\[\?([\d;]+)([hl])")
_KEYBOARD: Final = re.compile(r"\x1b\[([<>])[\d;]*u")
_UNKNOWN_TO_PYTE: Final = re.compile(r"\x1b\[[<>=][\d;]*[A-Za-z]")
_COMPLETE: Final = re.compile(r"(?s)(.*?)(\x1b(?:[\[\]][^A-Za-z\x07]*)?)?\Z")
_QUERY: Final = re.compile(
    r"\x1b\[(?:\?(?P<mode>\d+)\$p|(?P<attributes>0?c)|(?P<position>6n)|(?P<keyboard>\?u))"
)


@dataclass(kw_only=True)
class PtyScreen:
    """A process in a pseudo-terminal, and the screen that somebody would see."""

    process: subprocess.Popen[bytes]
    master: int
    emulated: EmulatedScreen
    replies: dict[int, int] | None = None
    """The terminal's answer about private modes (DECRQM); `None`: it does not answer."""
    written: str = ""
    modes: dict[int, bool] = field(default_factory=dict)
    """Every private mode that was ever set or reset, and how it is now."""
    open: bool = True
    _stream: pyte.Stream = field(init=False)
    _pending: str = ""
    _decoder: codecs.IncrementalDecoder = field(default_factory=codecs.getincrementaldecoder("utf-8"))

    def __post_init__(self) -> None:
        self._stream = pyte.Stream(self.emulated)
        self._before = termios.tcgetattr(self.master)

    # --- what is seen ---

    @property
    def lines(self) -> list[str]:
        return [self.emulated.row(y) for y in range(self.emulated.lines)]

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    # --- what happens ---

    def type(self, keys: str) -> Self:
        r"""Press keys; Enter is `\r`, Escape `\x1b`, Ctrl+C `\x03`."""
        os.write(self.master, keys.encode())
        return self

    def resize(self, columns: int, lines: int) -> Self:
        """Drag the window's corner."""
        self.emulated.resize(lines, columns)
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
        except OSError:  # Linux: nobody has the other side open any more
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
        match query.lastgroup, self.replies:
            case "mode", dict(replies):
                return f"\x1b[?{query['mode']};{replies.get(int(query['mode']), 0)}$y"
            case "attributes", _:
                return "\x1b[?62;22c"
            case "position", _:
                return f"\x1b[{self.emulated.cursor.y + 1};{self.emulated.cursor.x + 1}R"
            case _:
                return "\x1b[?0u"

    def until(self, fact: Callable[[], bool], what: str = "", *, seconds: float = SECONDS) -> Self:
        """Look at the screen until something is so; fail where it does not come about within so many seconds."""
        deadline = time.monotonic() + seconds
        while not fact():
            assert self.open and time.monotonic() < deadline, (  # noqa: PT018
                f"never came about: {what}\n{self.text}\nleft with {self.process.poll()}"
            )
            self.read(0.02)
        return self

    def expect(self, *words: str) -> Self:
        """Look at the screen until the words stand there, all of them."""
        return self.until(lambda: all(word in self.text for word in words), " and ".join(words))

    def gone(self, *words: str) -> Self:
        """Look at the screen until none of the words stands there any more."""
        return self.until(
            lambda: not any(word in self.text for word in words), "no " + " and no ".join(words)
        )

    def again(self, before: str) -> Self:
        """Look until everything stands there that stood there before."""
        with suppress(AssertionError):
            return self.until(lambda: self.text == before)
        changes = difflib.unified_diff(before.splitlines(), self.lines, "before", "now", lineterm="", n=0)
        raise AssertionError("\n".join(changes))

    def still(self, seconds: float = 0.1) -> str:
        """Read until the program rests and has written nothing for a moment; give what stands there then."""
        deadline = time.monotonic() + SECONDS
        size, rests = -1, False
        while self.open and not (rests and size == len(self.written)):
            assert time.monotonic() < deadline, f"it never rests:\n{self.text}"
            size = len(self.written)
            self.read(seconds)
            rests = _rests(self.master)
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
        """Look until a screen of the walk is there; Review, until it has looked at the account."""
        looks = (NOTHING_YET, "Looking at the account") if title == TITLES[REVIEW] else ()
        return self.until(
            lambda: self.title == title and not any(words in self.text for words in looks),
            f"the screen {title}",
        )

    @property
    def title(self) -> str:
        """The screen of the walk that is shown, by its title."""
        found = re.match(r" bwtui  (\S+(?: \S+)*)", self.emulated.row(0))
        return found[1].partition(" (")[0] if found else ""

    # --- the process ---

    def send(self, which: signal.Signals) -> Self:
        """Send a signal to the process."""
        self.process.send_signal(which)
        return self

    def end(self, *, may_crash: bool = False) -> int:
        """Read to the end; give the exit code, as a shell has it."""
        deadline = time.monotonic() + SECONDS
        while self.open:
            assert time.monotonic() < deadline, f"it does not end:\n{self.text}"
            self.read(0.1)
        code = self.process.wait(SECONDS)
        assert may_crash or "Traceback" not in self.written, self.text
        return code if code >= 0 else 128 - code

    def is_as_before(self) -> None:
        """Fail unless the terminal is as a program should leave it."""
        on = {mode: now for mode, now in self.modes.items() if now != USUAL_MODES.get(mode, False)}
        assert on == {}, f"modes that are not as before: {on}"
        pushed = [match[1] for match in _KEYBOARD.finditer(self.written)]
        assert pushed.count(">") == pushed.count("<"), "the keyboard protocol"
        assert not self.emulated.cursor.hidden
        assert self.emulated.cursor.attrs == self.emulated.default_char, f"colours: {self.written[-200:]!r}"
        assert self.emulated.margins is None
        assert termios.tcgetattr(self.master) == self._before


def _rests(terminal: int) -> bool:
    """Return True if the foreground process waits for something; on a busy machine, silence alone does not show it."""
    try:
        tasks = Path(f"/proc/{os.tcgetpgrp(terminal)}/task").glob("*/stat")
        states = {task.read_text("utf-8").rpartition(")")[2].split()[0] for task in tasks}
    except OSError:  # a thread has ended meanwhile
        return False
    return states <= {"S", "I"}


def set_size(descriptor: int, columns: int, lines: int) -> None:
    """Tell a terminal its size; whoever is in it gets SIGWINCH."""
    fcntl.ioctl(descriptor, termios.TIOCSWINSZ, struct.pack("HHHH", lines, columns, columns * 10, lines * 20))


@contextmanager
def screen(
    runner: CliRunner,
    *arguments: str,
    columns: int = 80,
    lines: int = 24,
    replies: dict[int, int] | None = None,
    command: tuple[str, ...] = BWTUI,
    stderr: int | None = None,
    is_in_control: bool = True,
    erases_with_colour: bool = True,
    environ: Mapping[str, str] | None = None,
) -> Iterator[PtyScreen]:
    """Run bwtui in a pseudo-terminal; what still runs at the end of the block is killed.

    `is_in_control` tells whether the terminal is the session's own, from which it gets signals.
    """
    master, slave = pty.openpty()
    set_size(slave, columns, lines)
    process = subprocess.Popen(
        [*(IN_CONTROL if is_in_control else ()), *command, *arguments],
        cwd=runner.home,
        env=runner.variables(**(USUAL | dict(environ or {}))),
        stdin=slave,
        stdout=slave,
        stderr=slave if stderr is None else stderr,
        start_new_session=True,
    )
    shown = PtyScreen(
        process=process,
        master=master,
        emulated=EmulatedScreen(columns, lines, erases_with_colour=erases_with_colour),
        replies=replies,
    )
    os.close(slave)
    try:
        yield shown
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(SECONDS)
        if shown.master >= 0:
            os.close(shown.master)
