"""Runs `bwtui` again and again, in processes that die at a chosen write or request."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any, Final, Self

from bwtui.simulator.server import RunningSimulator
from bwtui.store.answers_template import template
from support.guide import TESTS

ENVIRON: Final = {"BW_ACCOUNT_ID": "9900000", "BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": "demo-secret"}
CAMPAIGN: Final = "CDEMO01"
"""The simulator's own campaign, which is registered."""


class PowerCuts:
    """A process that forks off and kills `bwtui` (`power_cut_runner.py`)."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(TESTS / "support" / "power_cut_runner.py")],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def run(
        self, states: Path, simulator: RunningSimulator, *command: str, failure: str = "never", **more: object
    ) -> dict[str, Any]:
        """Run a command on a folder of states, with a failure; return its end, and how many points it passed."""
        job = {
            "command": command, "folder": str(states), "base_url": simulator.base_url,
            "environ": {**os.environ, **ENVIRON}, "failure": failure, **more,
        }  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told

    def apply(
        self,
        folder: Path,
        simulator: RunningSimulator,
        failure: str = "never",
        *,
        platform: str = "legacy",
        campaign: str = "",
        **more: object,
    ) -> dict[str, Any]:
        """Run `apply` with the example's answers on the states in a folder."""
        answers = folder / "setup.toml"
        text = template(example=True).replace('# platform = "auto"', f'platform = "{platform}"')
        if campaign:
            text = text.replace('# id = "C1A2B3C"', f'id = "{campaign}"')
        answers.write_text(text, encoding="utf-8")
        command = ("apply", str(answers), "--yes")
        return self.run(folder / "state", simulator, *command, failure=failure, **more)

    def tear_down(
        self, folder: Path, simulator: RunningSimulator, failure: str = "never", *, at: int = 0
    ) -> dict[str, Any]:
        """Remove what `apply` made in the same folder, and release its numbers."""
        command = ("teardown", "--yes", "--release-numbers")
        return self.run(folder / "state", simulator, *command, failure=failure, at=at)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()
