"""What surrounds the package: the container, and the one sentence for those whose system cannot run it."""

import re
import sys
import tomllib
from pathlib import Path, PurePosixPath
from typing import Final

import pytest

from support.cli_runner import CliRunner

ROOT: Final = Path(__file__).parents[1]
CONTAINER: Final = (ROOT / "Containerfile").read_text("utf-8")

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


def _last(instruction: str) -> str:
    """What an instruction of the container says last, which is what counts."""
    said: list[str] = re.findall(rf"^{instruction} (.*)$", CONTAINER, re.MULTILINE)
    return said[-1]


def test_the_container_runs_bwtui_and_not_as_root() -> None:
    assert _last("ENTRYPOINT") == '["bwtui"]'
    assert all(int(number) > 0 for number in _last("USER").split(":"))


def test_what_the_container_saves_is_in_its_volume() -> None:
    volume = PurePosixPath(_last("VOLUME"))
    (states,) = re.findall(r"BWTUI_STATE_DIR=(\S+)", CONTAINER)
    assert PurePosixPath(states).is_relative_to(volume)
    assert PurePosixPath(_last("WORKDIR")).is_relative_to(volume), (
        "the wizard saves answers where it was started"
    )


def test_the_container_has_a_python_that_is_supported() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    versions = set(re.findall(r"^FROM python:([\d.]+)-slim", CONTAINER, re.MULTILINE))
    assert {f"Programming Language :: Python :: {version}" for version in versions} < set(
        project["classifiers"]
    )
    assert len(versions) == 1


@pytest.mark.parametrize("kept_out", [".git", ".venv", "setup.toml", ".env", "tests"])
def test_what_lies_beside_the_program_does_not_get_into_the_container(kept_out: str) -> None:
    lines = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert "*" in lines
    assert not any(line.startswith(f"!{kept_out}") for line in lines)
