"""The process's own streams and rights, whatever it was started with: closed streams, an ASCII locale, a strict umask."""

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import TextIO


def columns_of(stream: TextIO) -> int:
    """Return the columns of a stream's terminal; where it has none those of COLUMNS, else the usual 80."""
    with suppress(OSError, ValueError):
        if columns := os.get_terminal_size(stream.fileno()).columns:
            return columns
    told = os.environ.get("COLUMNS", "")
    return int(told) if told.isdecimal() and int(told) else 80


def give_up_broken_streams() -> None:
    """Keep Python from failing once more, on its way out, at what could not be written."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def keep_the_owners_rights() -> None:
    """Let what is made be of use to its owner whatever the umask: into a folder of mode 0 nothing can be written."""
    os.umask(os.umask(0o077) & 0o077)


def use_streams_that_always_work() -> None:
    """Give streams that were closed (`<&-`) the null device, and let an ASCII locale show `?` for what it cannot."""
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 - for the process's life
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
