"""In tmux, which is a terminal of its own: the same on its screen with both drivers."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from frugal.pty_program import FORM, TESTS
from frugal.strict_terminal import GARBAGE, Look, StrictTerminal
from support.waiting import wait_until

KEYS = [
    "Tab",
    "h",
    "i",
    "Tab",
    "字",
    "BSpace",
    "Down",
    "F2",
    "Tab",
    "Down",
    "F3",
    "F3",
    "F2",
    "F4",
    "Tab",
    "F5",
]

SILENT = {"Down"}
"""May change nothing."""


class Tmux:
    """A tmux of its own, with the sample application in its only window."""

    def __init__(self, folder: Path, driver: str) -> None:
        self.socket = str(folder / driver)
        environ = f"FORM_DRIVER={driver} COLORTERM=truecolor PYTHONPATH={TESTS}:{TESTS.parent} TEXTUAL_ANIMATIONS=none"
        program = f"env {environ} {sys.executable} {FORM}"
        self.run("-f", os.devnull, "-u", "new-session", "-d", "-x", "80", "-y", "25", program)

    def run(self, *arguments: str) -> str:
        return subprocess.run(
            ["tmux", "-S", self.socket, *arguments], capture_output=True, text=True, check=True
        ).stdout

    def picture(self) -> list[list[Look]]:
        """The cells; tmux tells nothing of those at the end of a line that were erased."""
        terminal = StrictTerminal(80, 25)
        terminal.spoil()
        for y, line in enumerate(self.run("capture-pane", "-p", "-e", "-N").splitlines()):
            terminal.feed(f"\x1b[{y + 1}H{line.replace(chr(14), '').replace(chr(15), '')}")
        return terminal.picture()


def _alike(one: Tmux, other: Tmux) -> bool:
    rows = zip(one.picture(), other.picture(), strict=True)
    return all(
        left in {right, GARBAGE} or (right == GARBAGE and left[0] == " ")
        for row in rows
        for left, right in zip(*row, strict=True)
    )


def _have_changed(pair: list[Tmux], before: list[list[list[Look]]]) -> bool:
    return all(tmux.picture() != was for tmux, was in zip(pair, before, strict=True))


@pytest.mark.skipif(shutil.which("tmux") is None, reason="needs tmux")
def test_in_tmux_the_screen_is_the_stock_drivers(tmp_path: Path) -> None:
    pair = [Tmux(tmp_path, driver) for driver in ("stock", "frugal")]
    try:
        wait_until(lambda: all("palette" in tmux.run("capture-pane", "-p") for tmux in pair))
        wait_until(lambda: _alike(*pair))
        for key in KEYS:
            before = [tmux.picture() for tmux in pair]
            for tmux in pair:
                tmux.run("send-keys", key)
            # Before the key has arrived the two are alike as well, and the next key would come too early.
            wait_until(lambda: key in SILENT or _have_changed(pair, before))  # noqa: B023 - called at once
            wait_until(lambda: _alike(*pair))
    finally:
        for tmux in pair:
            tmux.run("kill-server")
