"""Tiny programs under the measuring terminal."""

import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from benchmarks.slow_link import Line
from benchmarks.terminal import Terminal

Run = Callable[..., Terminal]

_PRELUDE = """
import os, sys, tty
tty.setraw(0)
def write(text): os.write(1, text.encode())
def read(): return os.read(0, 1024)
def until(end):
    got = b""
    while not got.endswith(end.encode()):
        got += os.read(0, 1)
    return got
"""


@pytest.fixture
def run() -> Iterator[Run]:
    """Run a few lines of Python in a terminal; they may `write`, `read` and read `until`."""
    with ExitStack() as stack:

        def start(code: str, *, columns: int = 40, rows: int = 6, line: Line | None = None) -> Terminal:
            command = ["python", "-S", "-c", _PRELUDE + code]
            environ = {"PATH": os.defpath, "TERM": "xterm-256color"}
            return stack.enter_context(
                Terminal(command, environ=environ, columns=columns, rows=rows, line=line)
            )

        yield start
