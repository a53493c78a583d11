"""bwtui as a process in a pseudo-terminal, and all that it has written there."""

import fcntl
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Self

from support.cli_runner import BWTUI, SECONDS, CliRunner

IN_CONTROL: Final = (
    sys.executable,
    "-c",
    "import fcntl, os, sys, termios; fcntl.ioctl(0, termios.TIOCSCTTY, 0); os.execv(sys.argv[1], sys.argv[1:])",
)
"""Makes standard input the controlling terminal, as a login does, so that Ctrl+C there is a signal."""

JOBS: Final = (
    sys.executable,
    "-c",
    """
import os, signal, subprocess, sys
signal.signal(signal.SIGTTOU, signal.SIG_IGN)
job = subprocess.Popen(sys.argv[1:], process_group=0, preexec_fn=lambda: signal.signal(signal.SIGTTOU, signal.SIG_DFL))
while True:
    os.tcsetpgrp(0, job.pid)
    os.killpg(job.pid, signal.SIGCONT)
    _, status = os.waitpid(job.pid, os.WUNTRACED)
    os.tcsetpgrp(0, os.getpgrp())
    if not os.WIFSTOPPED(status):
        code = os.waitstatus_to_exitcode(status)
        sys.exit(code if code >= 0 else 128 - code)
    print("[stopped]", flush=True)
    sys.stdin.readline()
    print("[continued]", flush=True)
""",
)
"""A shell with job control, and nothing else: it never touches the modes of the terminal. Enter continues the job."""


@dataclass(kw_only=True)
class Terminal:
    """A program in a pseudo-terminal, and all that it has written there."""

    process: subprocess.Popen[bytes]
    master: int
    written: bytes = b""
    open: bool = True

    @property
    def text(self) -> str:
        return self.written.decode("utf-8", "replace")

    @property
    def plain(self) -> str:
        """The same without colours."""
        return re.sub(r"\x1b\[\d*m", "", self.text)

    @property
    def echoes(self) -> bool:
        """True if the terminal shows what is typed."""
        return bool(termios.tcgetattr(self.master)[3] & termios.ECHO)

    def type(self, keys: str) -> None:
        r"""Press keys; Enter is `\r`, Ctrl+C is `\x03`."""
        os.write(self.master, keys.encode())

    def _read(self, seconds: float) -> None:
        if not self.open or not select.select([self.master], [], [], seconds)[0]:
            return
        try:
            piece = os.read(self.master, 65536)
        except OSError:  # Linux: nobody has the other side open any more
            piece = b""
        self.written += piece
        self.open = bool(piece)

    def expect(self, words: str, times: int = 1) -> Self:
        """Read until the words were written."""
        deadline = time.monotonic() + SECONDS
        while self.plain.count(words) < times:
            assert self.open and time.monotonic() < deadline, f"never wrote {words!r}: {self.text}"  # noqa: PT018
            self._read(0.1)
        return self

    def end(self) -> int:
        """Read to the end; give the exit code, as a shell has it."""
        deadline = time.monotonic() + SECONDS
        while self.open:
            assert time.monotonic() < deadline, f"it does not end: {self.text}"
            self._read(0.1)
        code = self.process.wait(SECONDS)
        assert "Traceback" not in self.text, self.text
        return code if code >= 0 else 128 - code

    def screen(self, columns: int = 100) -> list[str]:
        """Return the lines on the screen, with carriage returns and erasures carried out.

        Colours are left out; no other control is known.
        """
        lines, column = [""], 0
        for piece in re.findall(r"\x1b\[K|\x1b.?.?|[\x00-\x1f]|[^\x00-\x1f\x1b]+", self.plain):
            match piece:
                case "\r":
                    column = 0
                case "\n":
                    lines.append("")
                case "\x1b[K":
                    lines[-1] = lines[-1][:column]
                case _:
                    assert piece.isprintable(), f"a control that is not expected: {piece!r}"
                    line = lines[-1].ljust(column)
                    lines[-1] = line[:column] + piece + line[column + len(piece) :]
                    column += len(piece)
                    assert column < 10 * columns
        return lines


@contextmanager
def terminal(
    runner: CliRunner,
    *arguments: str,
    columns: int = 100,
    environ: dict[str, str] | None = None,
    shell: tuple[str, ...] = (),
) -> Iterator[Terminal]:
    """Run bwtui in a pseudo-terminal, by a `shell` if need be; what still runs at the end of the block is killed."""
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    process = subprocess.Popen(
        [*IN_CONTROL, *shell, *BWTUI, *arguments],
        cwd=runner.home,
        env=runner.variables(**({"TERM": "xterm-256color"} | (environ or {}))),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        start_new_session=True,
    )
    os.close(slave)
    shown = Terminal(process=process, master=master)
    try:
        yield shown
    finally:
        if process.poll() is None:
            process.kill()
        process.wait(SECONDS)
        if shown.master >= 0:
            os.close(shown.master)
