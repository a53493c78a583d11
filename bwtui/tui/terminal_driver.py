"""The terminal, taken and given back: whatever stops or ends the wizard, it is left as it was.

Textual's own driver leaves some of that to luck: it sleeps where no shell can wake it, takes the terminal a second time
when it is woken without having slept, and fails with a traceback when the terminal goes away.
"""

import io
import os
import select
import signal
import sys
import termios
from collections.abc import MutableMapping
from contextlib import suppress
from threading import Thread
from typing import TYPE_CHECKING, Any

from textual.drivers.linux_driver import LinuxDriver

from bwtui.terminal_progress import NO_TASK, Task

if TYPE_CHECKING:
    from _typeshed import ReadableBuffer
    from textual.app import App
    from textual.driver import Driver


def terminal_driver(sends: "type[Driver] | None") -> "type[TerminalDriver]":
    """The driver: it sends as another one for POSIX terminals does, or as Textual's own where there is none."""
    return type("TerminalDriver", (TerminalDriver, sends), {}) if sends else TerminalDriver


def forget_another_size(environ: MutableMapping[str, str]) -> None:
    """Take COLUMNS and LINES away where the terminal tells its size itself.

    They may be left over from another terminal or from another size of this one, and Textual, Rich and Python believe
    them first. On a line that knows no size, as a serial one, they are all there is.
    """
    with suppress(OSError, ValueError):
        if all(os.get_terminal_size(sys.stdout.fileno())):
            for name in ("COLUMNS", "LINES"):
                environ.pop(name, None)


class TerminalDriver(LinuxDriver):
    """Reads keys from standard input and draws on standard output, both of which are a terminal."""

    def __init__(
        self, app: "App[Any]", *, debug: bool = False, mouse: bool = True, size: tuple[int, int] | None = None
    ) -> None:
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._is_taken = False
        self._task = NO_TASK
        self._file = io.TextIOWrapper(io.BufferedWriter(_Paper()), sys.stdout.encoding, errors="replace")
        self._listen()
        Thread(target=self._wait_for_its_end, name="bwtui-terminal", daemon=True).start()

    def start_application_mode(self) -> None:
        """Take the terminal. In the background this sleeps, as every program does, until it is in front."""
        with suppress(termios.error):
            termios.tcsetattr(self.fileno, termios.TCSANOW, termios.tcgetattr(self.fileno))
        super().start_application_mode()  # type: ignore[no-untyped-call] # Textual's own
        self._is_taken = True
        if self._task != NO_TASK:
            self.write(self._task.sequence)

    def stop_application_mode(self) -> None:
        """Give the terminal back, with what its answers have switched on, however late they came."""
        if self._task != NO_TASK:
            self.write(NO_TASK.sequence)
        self._is_taken = False
        super().stop_application_mode()
        if self._in_band_window_resize:
            self.write("\x1b[?2048l")
        if self._mouse_pixels:
            self.write("\x1b[?1016l")
        self.flush()

    def show_task(self, task: Task) -> None:
        """Show a task in the terminal's tab or taskbar, for as long as the terminal is ours."""
        if self._is_taken and task != self._task:
            self._task = task
            self.write(task.sequence)

    # --- sleeping ---

    def _listen(self) -> None:
        self._loop.add_signal_handler(signal.SIGTSTP, self._sleep)
        self._loop.add_signal_handler(signal.SIGCONT, self._take_again)

    def _sleep(self) -> None:
        """Give the terminal back and sleep until a shell wakes it; where there is no shell, nobody sleeps."""
        was_taken = self._is_taken
        if was_taken:
            self.suspend_application_mode()
        for which in (signal.SIGTSTP, signal.SIGCONT):
            self._loop.remove_signal_handler(which)
        os.kill(os.getpid(), signal.SIGTSTP)  # what follows happens after the sleep
        self._listen()
        if was_taken:
            self._resume()

    def _take_again(self) -> None:
        """Woken without having gone to sleep: somebody else may have had the terminal meanwhile."""
        if self._is_taken:
            self.suspend_application_mode()
            self._resume()

    def _resume(self) -> None:
        self._must_signal_resume = True
        self.resume_application_mode()

    # --- the end ---

    def _wait_for_its_end(self) -> None:
        """Hang up once the terminal has gone away, as the kernel does by itself where it is the session's own."""
        poll = select.poll()
        poll.register(self.fileno, 0)
        if any(event & select.POLLHUP for _, event in poll.poll()):
            os.kill(os.getpid(), signal.SIGHUP)


class _Paper(io.FileIO):
    """The terminal as a file to draw on. Once the terminal has gone away, it drops everything."""

    def __init__(self) -> None:
        super().__init__(1, "w", closefd=False)

    def write(self, data: "ReadableBuffer", /) -> int:
        try:
            return super().write(data)
        except OSError:
            return memoryview(data).nbytes
