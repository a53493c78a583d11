"""A question whose answer is not shown while it is typed, and a terminal that shows it again whatever ends the question."""

import os
import signal
import sys
import termios
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from select import select
from types import FrameType
from typing import Any, Final

_ENDING: Final = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT)
_LOCAL_FLAGS: Final = 3
"""The index of the local flags in the list of `tcgetattr`."""


class Signalled(Exception):  # noqa: N818 - it is a wish, not an error
    """A signal ended the question."""

    def __init__(self, which: signal.Signals) -> None:
        super().__init__(which.name)
        self.which = which


def ask_hidden(question: str, show: Callable[[str], None]) -> str | None:
    """The line that is typed on the terminal, without its end; `None` after Ctrl+D.

    Raises:
        Signalled: SIGINT (Ctrl+C), SIGTERM, SIGHUP or SIGQUIT arrived.
    """
    terminal = sys.stdin.fileno()
    usual = termios.tcgetattr(terminal)
    hidden = [*usual]
    hidden[_LOCAL_FLAGS] &= ~termios.ECHO
    is_asking = True

    def ask() -> None:
        """Hide first, so that nothing is shown of an answer that is typed at once."""
        if is_asking:
            with _no_stops():
                _set(terminal, hidden, termios.TCSAFLUSH)
                show(question)

    def ask_again(_number: int, _frame: FrameType | None) -> None:
        """Ask after a stop; `stop` is still under way then, and the next Ctrl+Z must find it."""
        if signal.getsignal(signal.SIGTSTP) is signal.SIG_DFL:
            signal.signal(signal.SIGTSTP, stop)
        ask()

    def stop(_number: int, _frame: FrameType | None) -> None:
        """Stop as Ctrl+Z stops any program; the shell in front must echo meanwhile."""
        _set(terminal, usual)
        signal.signal(signal.SIGTSTP, signal.SIG_DFL)
        os.kill(os.getpid(), signal.SIGTSTP)
        signal.signal(signal.SIGTSTP, stop)
        if is_asking:  # SIGCONT has asked again; where nobody can stop it, there is none
            _set(terminal, hidden)

    handlers: dict[signal.Signals, Callable[[int, FrameType | None], None]] = {
        signal.SIGTSTP: stop,
        signal.SIGCONT: ask_again,
        **dict.fromkeys(_ENDING, _end),
    }
    with _handled(handlers), _woken_by_signals() as woken:
        try:
            ask()
            while terminal not in select((terminal, woken), (), ())[0]:
                os.read(woken, 64)
            line = sys.stdin.readline()
            return line.removesuffix("\n") if line else None
        finally:
            is_asking = False
            _set(terminal, usual)
            show("\n")


@contextmanager
def _woken_by_signals() -> Iterator[int]:
    """Give a pipe that every signal makes readable: one that comes just before a read begins to wait would not end it."""
    woken, wakes = os.pipe()
    os.set_blocking(wakes, False)
    before = signal.set_wakeup_fd(wakes, warn_on_full_buffer=False)
    try:
        yield woken
    finally:
        signal.set_wakeup_fd(before)
        os.close(woken)
        os.close(wakes)


@contextmanager
def _no_stops() -> Iterator[None]:
    """Let Ctrl+Z and what follows it wait until the end of the block: one write to a stream must not break another."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, (signal.SIGTSTP, signal.SIGCONT))
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _end(number: int, _frame: FrameType | None) -> None:
    for which in _ENDING:  # a second one must not keep the terminal from getting its modes back
        signal.signal(which, signal.SIG_IGN)
    raise Signalled(signal.Signals(number))


def _set(terminal: int, modes: list[Any], when: int = termios.TCSADRAIN) -> None:
    with suppress(termios.error):  # it went away
        termios.tcsetattr(terminal, when, modes)


@contextmanager
def _handled(handlers: dict[signal.Signals, Callable[[int, FrameType | None], None]]) -> Iterator[None]:
    """Have signals handled, those aside that are ignored, until the end of the block."""
    before = {which: signal.getsignal(which) for which in handlers}
    for which, handler in handlers.items():
        if before[which] is not signal.SIG_IGN:
            signal.signal(which, handler)
    try:
        yield
    finally:
        for which, handler_before in before.items():
            signal.signal(which, handler_before)


def forget_typed() -> None:
    """Throw away what was typed so far and read by nobody."""
    with suppress(termios.error, OSError, ValueError):
        termios.tcflush(sys.stdin, termios.TCIFLUSH)
