"""What surrounds the package: the container, and the one sentence for those whose system cannot run it."""

import sys
from pathlib import Path
from typing import Final

from support.cli_runner import CliRunner

ROOT: Final = Path(__file__).parents[1]

WINDOWS: Final = """
import os, signal, sys
for name in ("fcntl", "grp", "pty", "pwd", "resource", "termios", "tty"):
    sys.modules[name] = None
for name in ("SIGCONT", "SIGHUP", "SIGQUIT", "SIGTSTP", "SIGWINCH", "pthread_sigmask"):
    delattr(signal, name)
os.name = "nt"
from bwtui.__main__ import main
main()
"""
"""A launcher without what Python lacks on Windows."""


def test_windows_gets_one_sentence_that_says_what_to_do(runner: CliRunner) -> None:
    for command in ((), ("--version",), ("demo", "--linear"), ("apply", "setup.toml")):
        ended = runner.run(*command, launcher=(sys.executable, "-c", WINDOWS)).told()
        assert (ended.exit, ended.out) == (1, "")
        assert ended.err.count("\n") == 1
        assert "Linux and macOS" in ended.err
        assert "WSL" in ended.err
