"""The line to the terminal: a thread that writes output whenever the line has room for it."""

import os
import select
import threading
import time
from collections.abc import Callable
from typing import Final

from bwtui.frugal.flow_control import FlowControl

_PIECE: Final = 4096
_LOOK: Final = 0.1
"""Seconds between checks for a line that should be given up."""
_STUCK: Final = 2.0
"""Seconds without progress after which a line that is being closed is given up."""


class TerminalWriter(threading.Thread):
    """Takes bytes only when they can be written, so that waiting frames can still merge."""

    def __init__(self, fileno: int, take: Callable[[], bytes]) -> None:
        """`take` returns the bytes to write now, perhaps none; it is called in this thread."""
        super().__init__(name="frugal-output", daemon=True)
        self._fileno = fileno
        self._take = take
        self._news = threading.Condition()
        self._due = False
        self._ending = False
        self._broken = False
        self._window = FlowControl()

    def wake(self) -> None:
        """Note that there may be something to write."""
        with self._news:
            self._due = True
            self._news.notify_all()

    def answers(self, question: str) -> None:
        """Note that the terminal answers this question."""
        with self._news:
            self._window.question = question

    def answered(self) -> None:
        """Note the terminal's answer."""
        with self._news:
            self._window.answered()
            self._news.notify_all()

    def stop_asking(self, seconds: float) -> None:
        """Ask no more, and wait at most `seconds` for the outstanding answer, so that it does not reach the shell."""
        with self._news:
            self._window.stop_asking()
            self._news.wait_for(lambda: not self._window.waiting or self._broken, seconds)

    def stop(self) -> None:
        """Write the remaining output, and end; give up a line that is stuck."""
        with self._news:
            self._due = self._ending = True
            self._news.notify_all()
        self.join(2 * _STUCK)

    def run(self) -> None:
        """Write until stopped, or until the terminal has hung up."""
        while not self._broken and self._turn():
            data = self._take()
            if data:
                self._send(data)

    def _turn(self) -> bool:
        """Wait for something to write and room for it; return False at the end."""
        with self._news:
            while not self._ending:
                seconds = self._window.wait(time.monotonic()) if self._due else None
                if seconds == 0:
                    break
                self._news.wait(seconds)
            due, self._due = self._due, False
            return due

    def _send(self, data: bytes) -> None:
        with self._news:
            data += self._window.send(len(data), time.monotonic()).encode()
        left = memoryview(data)
        progress = time.monotonic()
        while left and not self._broken:
            ready = select.select([], [self._fileno], [], _LOOK)[1]  # macOS cannot poll a terminal
            written = self._write(left[:_PIECE]) if ready else 0
            left = left[written:]
            if written:
                progress = time.monotonic()
            elif self._ending and time.monotonic() - progress > _STUCK:
                self._broken = True

    def _write(self, data: memoryview) -> int:
        """Write as much as the line takes; return the number of bytes."""
        try:
            return os.write(self._fileno, data)
        except BlockingIOError:
            return 0
        except OSError:  # the terminal has hung up
            self._broken = True
            return 0
