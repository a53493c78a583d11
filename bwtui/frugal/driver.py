"""The driver: Textual's own for Linux and macOS, except for the output to the terminal."""

import os
import signal
import threading
from types import FrameType
from typing import TYPE_CHECKING, Any, Final

from textual import events
from textual.drivers.linux_driver import LinuxDriver
from textual.message import Message
from textual.messages import InBandWindowResize, TerminalSupportsSynchronizedOutput

from bwtui.frugal.difference import ScreenDifference
from bwtui.frugal.terminal_types import erases_in_colour
from bwtui.frugal.writer import TerminalWriter

if TYPE_CHECKING:
    from textual.app import App

_QUESTIONS: Final[dict[type[Message], str]] = {
    TerminalSupportsSynchronizedOutput: "\x1b[?2026$p",
    InBandWindowResize: "\x1b[?2048$p",
}
"""The questions that the stock driver asks every terminal at its start, by the type of their answer."""

_LAST_ANSWER: Final = 1.0
"""Seconds to wait for an outstanding answer when the program ends."""

_SETTLED: Final = 0.15
"""Seconds after a change of the terminal's size within which the application redraws its screen, if it does."""


class FrugalDriver(LinuxDriver):
    """Remembers the terminal's screen, and sends only differences."""

    def __init__(
        self,
        app: "App[Any]",
        *,
        debug: bool = False,
        mouse: bool = True,
        size: tuple[int, int] | None = None,
    ) -> None:
        """Take the same arguments as Textual's drivers."""
        super().__init__(app, debug=debug, mouse=mouse, size=size)
        self._encoding = getattr(self._file, "encoding", None) or "utf-8"
        self._lock = threading.Lock()
        self._shadow = ScreenDifference(
            *app.size, coloured_erase=erases_in_colour(os.environ), encoding=self._encoding
        )
        self._line: TerminalWriter | None = None
        self._answer: type[Message] | None = None
        """The type of message in which this terminal's answers come."""
        self._has_screen = False
        """True while the terminal's screen belongs to the application and may be painted on."""
        # A stopped process may get the signal in another thread, and the loop would go on sleeping: asyncio wakes it.
        self._loop.add_signal_handler(signal.SIGCONT, self._sigcont_application)

    def write(self, data: str) -> None:
        """Take output for the terminal: pictures and control sequences."""
        with self._lock:
            self._shadow.resize(*self._app.size)
            self._shadow.feed(data)
            as_is = self._shadow.as_is
        if self._line is not None:
            if as_is:  # a question might come between two parts of an unknown sequence
                self._line.stop_asking(0)
            self._line.wake()

    def _take(self) -> bytes:
        with self._lock:
            return self._shadow.take().encode(self._encoding, "replace")

    def start_application_mode(self) -> None:
        """Start, or start again after something else used the terminal; paint everything anew."""
        with self._lock:
            self._shadow.begin()
        self._answer = None
        if self._line is None:
            assert self._file is not None
            self._line = TerminalWriter(self._file.fileno(), self._take)
            self._line.start()
        super().start_application_mode()  # type: ignore[no-untyped-call] # Textual's has no annotations
        if self._writer_thread is None:  # in the background: it will be started again
            return
        self._writer_thread.stop()  # nothing was written to it
        self._writer_thread = None
        self._has_screen = True
        self._follow_size()
        self._repaint()

    def stop_application_mode(self) -> None:
        """Stop painting, so that nothing is painted on the screen of the shell."""
        self._has_screen = False
        super().stop_application_mode()

    def resume_application_mode(self) -> None:
        """Start again, even if the process was stopped without notice and had no time to leave the terminal."""
        if self._line is not None:
            self.suspend_application_mode()
        super().resume_application_mode()

    def disable_input(self) -> None:
        """Stop reading, once the terminal has answered the outstanding question."""
        if self._line is not None:
            self._line.stop_asking(_LAST_ANSWER)
        super().disable_input()

    def close(self) -> None:
        """Write the remaining output and end the writing thread."""
        line, self._line = self._line, None
        if line is not None:
            line.stop()
        super().close()

    def process_message(self, message: Message) -> None:
        """Handle the answers to our own questions, and notice changes of the terminal's size."""
        kind = type(message)
        if kind in _QUESTIONS and self._line is not None:
            if kind is self._answer:
                self._line.answered()
                return
            if self._answer is None:
                self._answer = kind
                self._line.answers(_QUESTIONS[kind])
        if isinstance(message, events.Resize):
            self._size_changed()
        super().process_message(message)

    def _follow_size(self) -> None:
        stock = signal.getsignal(signal.SIGWINCH)

        def changed(number: int, frame: FrameType | None) -> None:
            if not self._in_band_window_resize:
                self._loop.call_soon_threadsafe(self._size_changed)
            if callable(stock):
                stock(number, frame)

        signal.signal(signal.SIGWINCH, changed)

    def _size_changed(self) -> None:
        """Repaint after a change of the terminal's size, which also changes its picture.

        Usually the application redraws everything, but not if the size has changed back.
        """
        with self._lock:
            self._shadow.forget()
        self._loop.call_soon_threadsafe(self._loop.call_later, _SETTLED, self._repaint)

    def _repaint(self) -> None:
        if not self._has_screen:
            return
        with self._lock:
            self._shadow.repaint()
        if self._line is not None:
            self._line.wake()

    def _sigtstp_application(self, *arguments: object) -> None:
        """Stop the process between two steps of the application, since the signal may come in the middle of a frame."""
        stock = super()._sigtstp_application
        if self._auto_restart and self._line is not None and not self._loop.is_closed():
            self._loop.call_soon_threadsafe(stock, *arguments)
        else:
            stock(*arguments)
