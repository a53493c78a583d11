"""The thread that writes to the terminal: frames that come while the line is busy become one."""

import errno
import os
import select
import threading
import time
from collections import deque
from typing import Final

from bwtui.tui.frugal.difference import Terminal
from bwtui.tui.frugal.frames import NotUnderstoodError, read
from bwtui.tui.frugal.picture import Picture

QUERY: Final = "\x1b[?2026$p"
"""A question that terminals answer, after everything that was sent before it: how far the line has come."""

ASKED_AFTER: Final = 400
"""Bytes after which it is asked. A key or a line costs less and asks nothing."""

WINDOW: Final = 1200
"""Bytes that may be on their way unanswered before frames are held back: about 0.2 s at 50 kbit/s."""

PATIENCE: Final = 3.0
"""Seconds to wait for an answer; a terminal that gives none is not asked again."""

SYNCHRONIZED_FROM: Final = 200
"""Bytes from which a frame is marked to be shown at once, where the terminal can."""


Size = tuple[int, int]
"""Width and height in cells."""


class Output(threading.Thread):
    """Takes frames, keeps the pictures, sends the differences."""

    def __init__(self, descriptor: int, *, erases_with_background: bool) -> None:
        super().__init__(daemon=True, name="frugal-output")
        self._descriptor = descriptor
        self._erases_with_background = erases_with_background
        self._frames: deque[tuple[str, Size]] = deque()
        self._wanted = Picture(0, 0)
        self._terminal = Terminal(0, 0)
        self._changed = threading.Condition()
        self._is_ending = False
        self._is_gone = False
        self._is_through = False
        self._answers = False
        self._unanswered = 0
        self._since_query = 0
        self._asked_at = 0.0

    # --- called by others ---

    def put(self, frame: str, size: Size) -> None:
        """Take a frame; `size` is the screen's width and height as the app knows it now."""
        with self._changed:
            self._frames.append((frame, size))
            self._changed.notify()

    def answered(self) -> bool:
        """The terminal has answered a query; whether it was one of this thread's."""
        with self._changed:
            ours, self._answers = self._unanswered > 0, True
            self._unanswered = 0
            self._changed.notify()
        return ours

    def end(self) -> None:
        """Send what is left, and end."""
        with self._changed:
            self._is_ending = True
            self._changed.notify()
        self.join()

    # --- the thread ---

    def run(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._is_ending or (self._frames and not self._is_held_back))
                frames = list(self._frames)
                self._frames.clear()
                ending = self._is_ending
            self._write(self._merged(frames))
            if ending and not frames:
                return

    @property
    def _is_held_back(self) -> bool:
        """Whether too much is on its way; asking for too long in vain ends it."""
        if self._unanswered <= WINDOW or not self._answers:
            return False
        if time.monotonic() - self._asked_at > PATIENCE:
            self._answers, self._unanswered = False, 0
            return False
        return True

    def _merged(self, frames: list[tuple[str, Size]]) -> str:
        """What leads from what is shown to what all the frames together want."""
        out: list[str] = []
        for frame, size in frames:
            if self._is_through:
                out.append(frame)
                continue
            if size != (self._wanted.width, self._wanted.height):
                self._begin(size)
            try:
                for passed in read(frame, self._wanted):
                    out += (self._terminal.become(self._wanted), passed)
            except NotUnderstoodError as error:
                self._is_through = True
                out += (self._terminal.become(self._wanted), error.rest)
        if not self._is_through:
            out.append(self._framed(self._terminal.become(self._wanted)))
        return "".join(out)

    def _begin(self, size: Size) -> None:
        """After a change of size nobody knows what a terminal shows."""
        self._wanted = Picture(*size)
        self._terminal = Terminal(*size, self._erases_with_background)

    def _framed(self, change: str) -> str:
        if self._answers and len(change) >= SYNCHRONIZED_FROM:
            change = f"\x1b[?2026h{change}\x1b[?2026l"
        self._since_query += len(change)
        if not self._answers or self._since_query < ASKED_AFTER:
            return change
        self._unanswered += self._since_query
        self._since_query = 0
        self._asked_at = time.monotonic()
        return change + QUERY

    def _write(self, text: str) -> None:
        """Write everything, however little the terminal takes at a time; one that is gone takes nothing."""
        data = text.encode("utf-8", "replace")
        while data and not self._is_gone:
            try:
                data = data[os.write(self._descriptor, data) :]
            except BlockingIOError:
                select.select([], [self._descriptor], [])
            except OSError as error:
                self._is_gone = error.errno in (errno.EIO, errno.EPIPE, errno.EBADF, errno.ENXIO)
                if not self._is_gone:
                    raise
