"""The terminal, taken and given back: whatever stops or ends the wizard, it is left as it was.

Textual's own driver leaves some of it to luck: it sleeps where no shell can wake it, it takes the terminal twice when it
is woken without having slept, and it fails with a traceback when the terminal goes away.
"""

import io
import os
import select
import signal
import sys
import termios
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from textual.app import App


class Terminal(LinuxDriver):
    """Draws on standard output and reads keys from standard input, both of which are a terminal."""

    def __init__(
        self, app: "App[Any]", *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._is_taken = False
        self._file = io.TextIOWrapper(io.BufferedWriter(_Paper(1)), sys.stdout.encoding, errors="replace")
        self._listen()
        Thread(target=self._wait_for_its_end, name="bwtui-terminal", daemon=True).start()

    def _listen(self) -> None:
        self._loop.add_signal_handler(signal.SIGTSTP, self._sleep)
        self._loop.add_signal_handler(signal.SIGCONT, self._take_again)

    def start_application_mode(self) -> None:
        """Take the terminal. In the background this sleeps, as for any program, until it is in front."""
        with suppress(termios.error):
            termios.tcsetattr(self.fileno, termios.TCSANOW, termios.tcgetattr(self.fileno))
        super().start_application_mode()
        self._is_taken = True

    def stop_application_mode(self) -> None:
        """Give the terminal back, with what was switched on when it answered, however late."""
        self._is_taken = False
        super().stop_application_mode()
        if self._in_band_window_resize:
            self.write("\x1b[?2048l")
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
        self.flush()

    def _sleep(self) -> None:
        """Give the terminal back and sleep until a shell wakes it; where there is none, nobody sleeps."""
        was_taken = self._is_taken
        if was_taken:
            self.suspend_application_mode()
        for which in (signal.SIGTSTP, signal.SIGCONT):
            self._loop.remove_signal_handler(which)
        os.kill(os.getpid(), signal.SIGTSTP)  # what follows happens after the sleep
        self._listen()
        if was_taken:
            self._must_signal_resume = True
            self.resume_application_mode()

    def _take_again(self) -> None:
        """Whoever stopped it without a word may have written on the screen meanwhile."""
        if self._is_taken:
            self.suspend_application_mode()
            self._must_signal_resume = True
            self.resume_application_mode()

    def _wait_for_its_end(self) -> None:
        """Wait for the terminal to go away: that reads like an endless nothing, and has no signal in every session."""
        poll = select.poll()
        poll.register(self.fileno, 0)
        if any(event & select.POLLHUP for _, event in poll.poll()):
            hang_up()


class _Paper(io.FileIO):
    """What is written on. Once the terminal has gone away, it takes everything."""

    def __init__(self, descriptor: int) -> None:
        super().__init__(descriptor, "w", closefd=False)

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError:
            hang_up()
            return memoryview(data).nbytes


def hang_up() -> None:
    """End as if the kernel had said that the terminal went away, which it may or may not do by itself."""
    os.kill(os.getpid(), signal.SIGHUP)
