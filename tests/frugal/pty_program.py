"""A program in a pseudo-terminal, on a screen that can be looked at."""

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
from pathlib import Path
from typing import Final

from frugal.strict_terminal import StrictTerminal

FORM: Final = Path(__file__).with_name("sample_app.py")
SECONDS: Final = 30
TESTS: Final = FORM.parents[1]
_QUESTION: Final = re.compile(r"\x1b\[\?(2026|2048)\$p")
_WHOLE: Final = re.compile(r"(?:\x1b\[[0-?]*[ -/]*[@-~]|\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|[^\x1b])*")

_START: Final = """
import fcntl, sys, termios, threading
fcntl.ioctl(0, termios.TIOCSCTTY, 0)
from frugal.sample_app import SampleApp, driver_class
app = SampleApp(sys.argv[1], driver_class=driver_class("FORM_DRIVER"))
app.run()
print("left:", *(thread.name for thread in threading.enumerate()), app.return_code, end=".", flush=True)
"""
"""Takes the terminal as its own, so that signals come as they do from a shell, and tells what is left at the end."""


class PtyProgram:
    """A terminal that answers what Textual asks, and the program that runs in it."""

    def __init__(self, master: int, process: subprocess.Popen[bytes], *, answers: bool) -> None:
        self.master, self.process, self.answers = master, process, answers
        self.terminal = StrictTerminal(80, 24)
        self.written = ""
        self.asked = 0
        self.open = True
        self._pending = b""

    def read(self, seconds: float) -> bool:
        """Show what the program has written; false if it wrote nothing."""
        if not self.open or not select.select([self.master], [], [], seconds)[0]:
            return False
        try:
            data = os.read(self.master, 65536)
        except OSError:  # Linux: nobody has the other side open any more
            self.open = False
            return False
        self._pending += data
        try:
            text = self._pending.decode()
        except UnicodeDecodeError:
            return True
        whole = _WHOLE.match(text)
        assert whole
        self._pending = text[whole.end() :].encode()
        self._show(whole.group())
        return True

    def _show(self, text: str) -> None:
        self.written += text
        self.terminal.feed(text)
        for question in _QUESTION.findall(text) if self.answers else ():
            self.asked += 1
            os.write(self.master, f"\x1b[?{question};{2 if question == '2026' else 0}$y".encode())

    def until(self, fact: Callable[[], bool]) -> None:
        """Show what the program writes until something is so."""
        deadline = time.monotonic() + SECONDS
        while not fact():
            assert self.open, "the program has ended"
            assert time.monotonic() < deadline, "\n".join(self.terminal.text()) + repr(self.written[-3000:])
            self.read(0.05)

    def settle(self) -> None:
        """Show everything that the program writes by itself: words may be there when the rest of their frame is not."""
        while self.read(0.3):
            pass

    def shows(self, words: str) -> None:
        """Wait for words."""
        self.until(lambda: any(words in row for row in self.terminal.text()))

    def type(self, keys: str) -> None:
        """Press keys."""
        os.write(self.master, keys.encode())

    def enter(self, words: str) -> None:
        """Go to the next field, and type; Textual gives keys to the field that has the focus when they arrive."""
        self.settle()
        before = self.terminal.picture()
        self.type("\t")
        self.until(lambda: self.terminal.picture() != before)
        self.type(words)
        self.shows(words)

    def signal(self, number: signal.Signals) -> None:
        """Send the program a signal."""
        self.process.send_signal(number)

    def stopped(self) -> bool:
        """Return True once the program has stopped and all that it wrote before is shown."""
        state = Path(f"/proc/{self.process.pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
        return state == "T" and not self.read(0)

    def resize(self, width: int, height: int) -> None:
        """Give it another size, showing anything."""
        self.terminal.resize(width, height)
        self.terminal.spoil()
        fcntl.ioctl(self.master, termios.TIOCSWINSZ, struct.pack("HHHH", height, width, 0, 0))


@contextmanager
def terminal(
    driver: str, words: str = "", *, answers: bool = True, term: str = "xterm-256color"
) -> Iterator[PtyProgram]:
    """Run the sample application with a driver; what still runs at the end of the block is killed."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    environ = {
        "PATH": os.environ["PATH"],
        "PYTHONPATH": f"{TESTS}:{TESTS.parent}",
        "TERM": term,
        "COLORTERM": "truecolor",
        "FORM_DRIVER": driver,
        "LANG": "C.UTF-8",
        "TEXTUAL_ANIMATIONS": "none",
    }
    process = subprocess.Popen(
        [sys.executable, "-c", _START, words],
        env=environ,
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    running = PtyProgram(master, process, answers=answers)
    try:
        yield running
    finally:
        process.kill()
        process.wait()
        os.close(master)
