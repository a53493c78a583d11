"""The log that `--log` asks for: one JSON object a line for each request and its answer, secrets masked before."""

import errno
import json
import os
import stat
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

from bwtui.domain.runs.setup import SaveError
from bwtui.domain.values.documents import Exchange


class ExchangeLog:
    """A file that exchanges are appended to, readable by its owner alone."""

    def __init__(
        self, path: Path, on_lost: Callable[[str], None], clock: Callable[[], float] = time.time
    ) -> None:
        """Open or make the file, so that one that cannot be used is known before anything is sent.

        `on_lost` is told, once, that the file takes no more lines, and why.

        Raises:
            SaveError: it is a link, no plain file, somebody else's, or cannot be written.
        """
        self._clock = clock
        self._on_lost = on_lost
        self._is_lost = False
        self._path = path = path.expanduser()
        try:
            flags = os.O_WRONLY | os.O_APPEND | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
            self._descriptor = os.open(path, flags, 0o600)
        except (OSError, ValueError) as error:
            raise SaveError(_refused(path, "it cannot be written, or is a link")) from error
        status = os.fstat(self._descriptor)
        if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_nlink != 1:
            os.close(self._descriptor)
            raise SaveError(_refused(path, "it is no plain file of your own"))
        os.fchmod(self._descriptor, 0o600)

    def add(self, exchange: Exchange) -> None:
        """Append one line, in one write; a disk that is full stops no setup, and nothing more is written to it."""
        if self._is_lost:
            return
        line = json.dumps({"at": self._clock(), **exchange._asdict()}, ensure_ascii=False) + "\n"
        encoded = line.encode("utf-8", "replace")
        try:
            why = "" if os.write(self._descriptor, encoded) == len(encoded) else os.strerror(errno.ENOSPC)
        except OSError as error:
            why = error.strerror or str(error)
        if why:
            self._is_lost = True
            self._on_lost(f"{self._path} takes nothing more: {why}. The rest is not in the log.")


def last_lines(path: Path, count: int) -> tuple[str, ...]:
    """Return the last lines of a log. Raises `SaveError` if it cannot be read."""
    try:
        with path.expanduser().open(encoding="utf-8", errors="replace") as file:
            return tuple(line.rstrip("\n") for line in deque(file, count))
    except (OSError, ValueError) as error:
        raise SaveError(f"{path} cannot be read: name the file that --log has written.") from error


def _refused(path: Path, why: str) -> str:
    return f"{path} was left as it is: {why}. Give --log another name; nothing was sent."
