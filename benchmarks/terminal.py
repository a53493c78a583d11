"""A program in a pseudo-terminal, as a person at the other end of the line sees it, with the time of every read.

A thread reads and notes the time; the emulator is fed when nothing more arrives for a moment, so that parsing takes
no time from the program, and the time at which something was seen is that of the read that made it so.
"""

import fcntl
import os
import pty
import queue
import signal
import struct
import sys
import sysconfig
import termios
import threading
import time
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from shutil import which
from types import TracebackType
from typing import Final, Self

from benchmarks.keyboard import encode
from benchmarks.processes import peak_memory, processor_seconds
from benchmarks.screen import ASKS, Screen
from benchmarks.slow_link import Line

SECONDS: Final = 10.0
"""Seconds after which something counts as not happening."""
QUIET: Final = 0.15
"""An event is over when nothing more arrives for this long."""
_PAUSE: Final = 0.01
_PATIENCE: Final = 0.2
_GRACE: Final = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Reaction:
    """The effect of a key."""

    seconds: float | None
    """From the key to what was waited for; `None` where it did not come."""
    settled: float
    """From the key to the last byte."""
    received: int
    """Bytes until nothing more came."""


class NotShownError(Exception):
    """The awaited text did not appear; its note is what was on the screen instead."""


class Terminal:
    """A terminal of a given size with one program in it; a context that ends the program."""

    def __init__(
        self,
        command: Sequence[str],
        *,
        environ: Mapping[str, str],
        columns: int = 80,
        rows: int = 24,
        line: Line | None = None,
    ) -> None:
        self.screen = Screen(columns, rows)
        self.received = 0
        """Bytes that have arrived."""
        self.ended = False
        self._line = line
        self._arrivals: queue.SimpleQueue[tuple[float, bytes]] = queue.SimpleQueue()
        self._coming: tuple[float, bytes] | None = None
        self._unseen: deque[tuple[float, bytes]] = deque()
        self._outgoing: deque[tuple[float, bytes]] = deque()
        self._fact: Callable[[], bool] = lambda: False
        self._met: float | None = None
        self._closing = threading.Event()
        self._master, slave = pty.openpty()
        fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
        name = os.ttyname(slave)
        words = [found(command[0]), *command[1:]]
        # The session leader opens the terminal itself, and so has it as its controlling terminal.
        inherited: list[tuple[int | str, ...]] = [
            (os.POSIX_SPAWN_OPEN, 0, name, os.O_RDWR, 0),
            (os.POSIX_SPAWN_DUP2, 0, 1),
            (os.POSIX_SPAWN_DUP2, 0, 2),
        ]
        self.started = self._last = time.perf_counter()
        self.pid = os.posix_spawn(
            words[0],
            words,
            environ,
            file_actions=inherited,
            setsid=True,
            setsigdef=[signal.SIGINT, signal.SIGPIPE],
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    # --- What is asked of it ---------------------------------------------------------------------------------

    def wait_for(self, text: str, seconds: float = SECONDS) -> float:
        """Wait until the text is seen; give the seconds from the start to the read that made it so."""
        met = self._wait(lambda: self.screen.shows(text), seconds)
        if met is None:
            why = "the program ended" if self.ended else f"not within {seconds:.0f} s"
            raise self.not_shown(f"{text!r} was not seen: {why}")
        return met - self.started

    def not_shown(self, told: str) -> NotShownError:
        """Return the error that says this."""
        error = NotShownError(told)
        error.add_note("\n".join(filter(str.strip, self.screen.lines)))
        return error

    def settle(self, quiet: float = QUIET, seconds: float = SECONDS) -> None:
        """Wait until nothing more arrives."""
        deadline = time.perf_counter() + seconds
        quiet += self._line.round_trip if self._line else 0.0
        since = time.perf_counter()
        while since < deadline and self._take(since + quiet):
            since = time.perf_counter()
        self._catch_up()

    def press(
        self,
        *keys: str,
        shows: str = "",
        seconds: float = SECONDS,
        every: float = 0.0,
        quiet: float = QUIET,
    ) -> Reaction:
        """Press keys and wait until the text is seen or, without one, until anything seen has changed.

        Keys are pressed `every` so many seconds, and times count from the last. It is over when nothing more has
        arrived for `quiet` seconds.
        """
        self._catch_up()
        received = self.received
        for key in keys[:-1]:
            self._send(encode(key, self.screen.keyboard_flags))
            self.listen(every)
        changes = self.screen.changes
        pressed = time.perf_counter()
        self._send(encode(keys[-1], self.screen.keyboard_flags))
        met = self._wait(
            lambda: self.screen.shows(shows) if shows else self.screen.changes > changes, seconds
        )
        self.settle(quiet)
        return Reaction(
            seconds=None if met is None else max(0.0, met - pressed),
            settled=max(0.0, self._last - pressed),
            received=self.received - received,
        )

    def listen(self, seconds: float) -> int:
        """Let time pass; give the bytes that arrived meanwhile."""
        received = self.received
        deadline = time.perf_counter() + seconds
        while self._take(deadline):
            pass
        return self.received - received

    def peak_memory(self) -> float:
        """Of the program and what it started, in MB."""
        return peak_memory(self.pid)

    def processor_seconds(self) -> float:
        """Of the program and what it started, so far."""
        return processor_seconds(self.pid)

    def close(self, grace: float = _GRACE) -> None:
        """End the program, gently if it lets us."""
        if self._closing.is_set():
            return
        self._closing.set()
        for stop in (signal.SIGTERM, signal.SIGKILL):
            if self._reader.is_alive():
                with suppress(ProcessLookupError):
                    os.killpg(self.pid, stop)
                self._reader.join(grace)
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._master)

    # --- How it comes about ----------------------------------------------------------------------------------

    def _read(self) -> None:
        """Note the time of everything that the program writes, as soon as it does."""
        while True:
            if self._line and not self._closing.is_set():
                self._closing.wait(self._line.seconds_until_room(time.perf_counter()))
            try:
                data = os.read(self._master, 65536)
            except OSError:  # Linux: nobody has the other side open any more
                data = b""
            now = time.perf_counter()
            if self._line and data:
                for arrival in self._line.carry(data, now):
                    self._arrivals.put(arrival)
            else:
                self._arrivals.put((now, data))
            if not data:
                return

    def _take(self, deadline: float) -> bool:
        """Take in the next piece if it arrives before the deadline; say whether it did."""
        while True:
            now = time.perf_counter()
            while self._outgoing and self._outgoing[0][0] <= now:
                self._write(self._outgoing.popleft()[1])
            until = min(deadline, self._outgoing[0][0] if self._outgoing else deadline)
            if self._coming is None:
                with suppress(queue.Empty):
                    self._coming = self._arrivals.get(timeout=max(0.0, until - now))
            elif self._coming[0] > now:
                time.sleep(max(0.0, min(until, self._coming[0]) - now))
            now = time.perf_counter()
            if self._coming is not None and self._coming[0] <= now:
                break
            if now >= deadline:
                return False
        arrived, data = self._coming
        self._coming = None
        if not data:
            self.ended = True
            return False
        self._last = arrived
        self.received += len(data)
        self._unseen.append((arrived, data))
        if ASKS.search(data):
            self._catch_up()
        return True

    def _see(self) -> None:
        """Show the emulator the earliest piece that it has not seen."""
        at, data = self._unseen.popleft()
        self.screen.feed(data)
        if self._met is None and self._fact():
            self._met = at
        if self.screen.answers:
            answers = "".join(self.screen.answers)
            self.screen.answers.clear()
            self._send(answers.encode())

    def _catch_up(self) -> None:
        while self._unseen:
            self._see()

    def _wait(self, fact: Callable[[], bool], seconds: float) -> float | None:
        """Wait for something to be seen; give the time of the read that made it so."""
        self._catch_up()
        self._fact, self._met = fact, self._last if fact() else None
        deadline = time.perf_counter() + seconds
        while self._met is None:
            now = time.perf_counter()
            arrived = self._take(min(deadline, now + _PAUSE))
            if self._unseen and (not arrived or now - self._unseen[0][0] > _PATIENCE):
                self._see()
            elif not arrived and (self.ended or now >= deadline):
                break
        self._fact = lambda: False
        return self._met

    def _send(self, data: bytes) -> None:
        if self._line:
            self._outgoing.append((time.perf_counter() + self._line.one_way, data))
        else:
            self._write(data)

    def _write(self, data: bytes) -> None:
        with suppress(OSError):  # it has ended, but its last output has still to be read
            os.write(self._master, data)


def found(program: str) -> str:
    """Find a program beside this interpreter, or in the shell's path."""
    if program == "python":
        return sys.executable
    places = os.pathsep.join([sysconfig.get_path("scripts"), os.environ.get("PATH", os.defpath)])
    path = which(program, path=places)
    if path is None:
        raise FileNotFoundError(program)
    return path
