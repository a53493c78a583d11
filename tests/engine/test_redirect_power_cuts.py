"""`bwtui listen --public-url` is killed at every write and request: the old callback URLs always come back."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bwtui.exits import Exit
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Platform, Settings
from bwtui.store.answers_template import template
from support.guide import TESTS
from support.listening import free_port

DRIVER = TESTS / "support" / "power_cut_runner.py"


class Driver:
    """Runs commands on one setup, in processes that can be killed at a point."""

    def __init__(self, folder: Path, simulator: RunningSimulator, platform: Platform) -> None:
        text = template(example=True).replace('# platform = "auto"', f'platform = "{platform}"')
        self._answers = folder / "setup.toml"
        self._answers.write_text(text, encoding="utf-8")
        self._folder = folder / "state"
        self.simulator = simulator
        self._process = subprocess.Popen(
            [sys.executable, str(DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def run(self, command: list[str], failure: str = "never", at: int = 0, **more: object) -> dict[str, Any]:
        environ = {
            **os.environ,
            "BW_ACCOUNT_ID": "9900000",
            "BW_CLIENT_ID": "demo",
            "BW_CLIENT_SECRET": "demo-secret",
        }
        job = {
            "command": command, "answers": str(self._answers), "folder": str(self._folder), "environ": environ,
            "base_url": self.simulator.base_url, "failure": failure, "at": at, **more,
        }  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told

    def listen(self, failure: str, at: int = 0) -> dict[str, Any]:
        """Listen until it is ready, and end; killed on the way if so told."""
        port = free_port()
        command = ["listen", "--port", str(port), "--public-url", f"http://127.0.0.1:{port}", "--yes"]
        return self.run(command, failure, at, leaves_when_ready=True)

    @property
    def urls(self) -> dict[str, dict[str, str]]:
        return {app.id: dict(app.fields) for app in self.simulator.account.applications.values()}

    def close(self) -> None:
        self._process.communicate()


@pytest.fixture(scope="module", params=["legacy", "universal"])
def driver(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Driver]:
    settings = Settings(order_seconds=0, platform=request.param)
    with RunningSimulator(settings) as simulator:
        driver = Driver(tmp_path_factory.mktemp("redirect"), simulator, request.param)
        assert driver.run(["apply", str(driver._answers), "--yes"])["exit"] == Exit.DONE
        yield driver
        driver.close()


@pytest.mark.parametrize("failure", ["disk", "before request", "in reply", "after reply"])
def test_wherever_it_is_killed_restore_brings_the_old_urls_back(driver: Driver, failure: str) -> None:
    before = driver.urls
    whole = driver.listen(failure)
    assert whole["exit"] == Exit.INTERRUPTED, whole
    assert driver.urls == before
    assert whole["points"] >= (6 if failure == "disk" else 10)
    pointed_away = 0
    for at in range(1, whole["points"] + 1):
        cut = driver.listen(failure, at)
        assert cut["killed"], cut
        pointed_away += driver.urls != before
        restored = driver.run(["listen", "--restore"])
        assert restored["exit"] == Exit.DONE, (at, restored)
        assert driver.urls == before, at
    assert pointed_away or failure == "disk"


def test_killed_while_it_restores_another_restore_ends_it(driver: Driver) -> None:
    before = driver.urls
    whole = driver.listen("before request")["points"]
    cut_after_pointing = whole - 3
    assert driver.listen("before request", cut_after_pointing)["killed"]
    points = driver.run(["listen", "--restore"], "before request")["points"]
    for at in range(1, points + 1):
        driver.listen("before request", cut_after_pointing)
        assert driver.run(["listen", "--restore"], "before request", at)["killed"]
        assert driver.run(["listen", "--restore"])["exit"] == Exit.DONE
        assert driver.urls == before
