"""The line to the terminal: a thread that writes what there is to write whenever the line has room for it."""

import os
import select
import threading
import time
from collections.abc import Callable
from typing import Final

from bwtui.frugal.flow_control import FlowControl

_PIECE: Final = 4096
_LOOK: Final = 0.1
"""Seconds between looks at whether the line is to be given up."""
_STUCK: Final = 2.0
"""Seconds without progress after which a line that is to be closed is given up."""


class TerminalWriter(threading.Thread):
    """Asks for bytes only when they can be written, so that what waits can still merge."""

    def __init__(self, fileno: int, take: Callable[[], bytes]) -> None:
        """`take` gives what is to be written now, perhaps nothing; it is called in this thread."""
        super().__init__(name="frugal-output", daemon=True)
        self._fileno = fileno
        self._take = take
        self._news = threading.Condition()
        self._due = False
        self._ending = False
        self._broken = False
        self._window = FlowControl()

    def wake(self) -> None:
        """There may be something to write."""
        with self._news:
            self._due = True
            self._news.notify_all()

    def answers(self, question: str) -> None:
        """The terminal is known to answer this question."""
        with self._news:
            self._window.question = question

    def answered(self) -> None:
        """The terminal has answered the question."""
        with self._news:
            self._window.answered()
            self._news.notify_all()

    def stop_asking(self, seconds: float) -> None:
        """Ask the terminal nothing more, and wait for the answer that is due, lest it comes when nobody reads."""
        with self._news:
            self._window.stop_asking()
            self._news.wait_for(lambda: not self._window.waiting or self._broken, seconds)

    def stop(self) -> None:
        """Write what is left, and end; a line that is stuck is given up."""
        with self._news:
            self._due = self._ending = True
            self._news.notify_all()
        self.join(2 * _STUCK)

    def run(self) -> None:
        """Write until stopped, or until nobody is at the other end."""
        while not self._broken and self._turn():
            data = self._take()
            if data:
                self._send(data)

    def _turn(self) -> bool:
        """Wait for something to write and room for it; false at the end."""
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
        """Write what the line takes; gives the number of bytes."""
        try:
            return os.write(self._fileno, data)
        except BlockingIOError:
            return 0
        except OSError:  # hung up: nobody is there to tell
            self._broken = True
            return 0
