"""The power fails at every write and at every request, before and after its effect; the next run sets it right."""

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Self

import pytest

from bwtui.exits import Exit
from bwtui.simulator.fault_script import Fault, FaultScript
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Platform, Settings
from bwtui.store.answers_template import template
from support.guide import TESTS
from support.write_faults import what_is_wrong

SHARDS = 6
"""Each kind of cut is spread over as many tests, so that they run side by side."""

STRIDE = {"legacy": SHARDS, "universal": 2 * SHARDS}
"""Every point of the guide's run, and every other group of the longer one; tests/trust has more of those."""

DRIVER = TESTS / "support" / "power_cut_runner.py"


class Driver:
    """The process that runs and kills `bwtui apply`."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(DRIVER)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

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
        """Run `apply` on a folder, with a failure; give what became of it."""
        answers = folder / "setup.toml"
        text = template(example=True).replace('# platform = "auto"', f'platform = "{platform}"')
        if campaign:
            text = text.replace('# id = "C1A2B3C"', f'id = "{campaign}"')
        answers.write_text(text, encoding="utf-8")
        environ = {
            **os.environ,
            "BW_ACCOUNT_ID": "9900000",
            "BW_CLIENT_ID": "demo",
            "BW_CLIENT_SECRET": "demo-secret",
        }
        job = {
            "answers": str(answers), "folder": str(folder / "state"), "base_url": simulator.base_url,
            "environ": environ, "failure": failure, **more,
        }  # fmt: skip
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        told: dict[str, Any] = json.loads(self._process.stdout.readline())
        return told

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()


@pytest.fixture(scope="module")
def driver() -> Iterator[Driver]:
    with Driver() as driver:
        yield driver


def state_of(simulator: RunningSimulator) -> dict[str, Any]:
    with urllib.request.urlopen(f"{simulator.origin}/_simulator/state") as reply:
        state: dict[str, Any] = json.load(reply)
    return state


def settings(*faults: Fault, platform: Platform = "legacy") -> Settings:
    """Names may clash here: the account must stay right because bwtui looks, not because Bandwidth refuses."""
    return Settings(order_seconds=0, unique_names=False, faults=faults, platform=platform)


def resume_and_judge(
    driver: Driver, folder: Path, simulator: RunningSimulator, where: str, **more: Any
) -> list[str]:
    """Run again without a failure; give what is wrong then."""
    resumed = driver.apply(folder, simulator, **more)
    wrong = what_is_wrong(state_of(simulator), more.get("platform", "legacy"))
    if resumed.get("exit") != Exit.DONE:
        wrong.append(f"exit {resumed}")
    return [f"{where}: {trouble}" for trouble in wrong]


EVERY_CUT = [
    ("legacy", "disk"),
    ("legacy", "before request"),
    ("legacy", "after reply"),
    ("universal", "before request"),
    ("universal", "after reply"),
]


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize(("platform", "failure"), EVERY_CUT)
def test_whenever_it_is_killed_the_next_run_completes_one_of_each(
    driver: Driver, tmp_path: Path, platform: Platform, failure: str, shard: int
) -> None:
    with RunningSimulator(settings(platform=platform)) as simulator:
        (tmp_path / "whole").mkdir()
        points = driver.apply(tmp_path / "whole", simulator, failure, platform=platform)["points"]
    assert points > 20
    wrong = []
    for at in range(1 + shard, points + 1, STRIDE[platform]):
        folder = tmp_path / str(at)
        folder.mkdir()
        with RunningSimulator(settings(platform=platform)) as simulator:
            cut = driver.apply(folder, simulator, failure, platform=platform, at=at)
            # Replies overtake one another and events share writes, so that a run may have fewer points.
            assert cut["killed"] or at > cut["points"], cut
            where = f"{failure}, point {at}"
            wrong += resume_and_judge(driver, folder, simulator, where, platform=platform)
    assert not wrong


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize(
    ("platform", "action"),
    [("legacy", "cut-before"), ("legacy", "cut-after"), ("legacy", "cut-reply"), ("universal", "cut-reply")],
)
def test_whether_or_not_the_server_acted_the_next_run_completes_one_of_each(
    driver: Driver, tmp_path: Path, platform: Platform, action: Any, shard: int
) -> None:
    wrong = []
    requests = {"legacy": 25, "universal": 45}[platform]
    for at in range(1 + shard, requests + 1, STRIDE[platform]):
        folder = tmp_path / str(at)
        folder.mkdir()
        with RunningSimulator(settings(Fault(action=action, nth=at), platform=platform)) as simulator:
            cut = driver.apply(folder, simulator, "with the connection", platform=platform)
            assert cut["killed"] or cut["exit"] == Exit.DONE, cut
            where = f"{action}, request {at}"
            wrong += resume_and_judge(driver, folder, simulator, where, platform=platform)
    assert not wrong


def test_without_looking_first_the_same_cuts_leave_something_twice(driver: Driver, tmp_path: Path) -> None:
    wrong = []
    for at, path in enumerate(("/accounts/*/sites", "/accounts/*/applications", "/accounts/*/orders")):
        folder = tmp_path / str(at)
        folder.mkdir()
        fault = Fault(action="cut-after", method="POST", path=path)
        with RunningSimulator(settings(fault)) as simulator:
            assert driver.apply(folder, simulator, "with the connection", careless=True)["killed"]
            wrong.append(resume_and_judge(driver, folder, simulator, path, careless=True))
    sites, applications, orders = wrong
    assert sites
    assert applications
    assert not orders, (
        "a number can be bought once: who does not look orders the same one again, and is refused"
    )


# --- Teardown ----------------------------------------------------------------------------------------------------

TEARDOWN = ["teardown", "--yes", "--release-numbers"]
APART = 11
"""Points between two cuts of a teardown: each costs a whole setup. A prime, so that they fall on calls of every kind."""


def what_remains(simulator: RunningSimulator) -> list[str]:
    """Say what an account that was empty before still holds after a teardown."""
    state = state_of(simulator)
    kinds = ("sites", "sippeers", "applications", "links", "voice_packages")
    wrong = [f"{kind}: {state[kind]}" for kind in kinds if state[kind]]
    wrong += [
        f"{number['tn']} is in service" for number in state["numbers"] if number["status"] == "Inservice"
    ]
    if len(state["disconnects"]) != 1:
        wrong.append(f"{len(state['disconnects'])} orders to release numbers")
    return wrong


@pytest.mark.parametrize(("platform", "failure"), EVERY_CUT)
def test_whenever_a_teardown_is_killed_the_next_run_finishes_it(
    driver: Driver, tmp_path: Path, platform: Platform, failure: str
) -> None:
    wrong, at = [], 1 + EVERY_CUT.index((platform, failure))  # so that each begins at another point
    while True:
        folder = tmp_path / str(at)
        folder.mkdir()
        with RunningSimulator(settings(platform=platform)) as simulator:
            assert driver.apply(folder, simulator, platform=platform)["exit"] == Exit.DONE
            cut = driver.apply(folder, simulator, failure, platform=platform, command=TEARDOWN, at=at)
            if not cut["killed"]:
                assert cut["exit"] == Exit.DONE, cut
                assert at > cut["points"] > 20, cut
                break
            again = driver.apply(folder, simulator, platform=platform, command=TEARDOWN)
            more = driver.apply(folder, simulator, platform=platform, command=TEARDOWN)
            trouble = what_remains(simulator)
            if (again.get("exit"), more.get("exit")) != (Exit.DONE, Exit.DONE):
                trouble.append(f"exits {again} {more}")
            wrong += [f"{failure}, point {at}: {each}" for each in trouble]
        at += APART
    assert not wrong


@pytest.mark.parametrize("platform", ["legacy", "universal"])
def test_whenever_apply_is_killed_a_teardown_forgets_nothing_that_was_made(
    driver: Driver, tmp_path: Path, platform: Platform
) -> None:
    wrong, at = [], 9
    while True:
        folder = tmp_path / str(at)
        folder.mkdir()
        with RunningSimulator(settings(platform=platform)) as simulator:
            if not driver.apply(folder, simulator, "after reply", platform=platform, at=at)["killed"]:
                break
            removed = driver.apply(folder, simulator, platform=platform, command=TEARDOWN)
            trouble = [each for each in what_remains(simulator) if "orders to release" not in each]
            if removed.get("exit") != Exit.DONE:
                trouble.append(f"exit {removed}")
            wrong += [f"point {at}: {each}" for each in trouble]
        at += 7
    assert at > 20
    assert not wrong


@pytest.mark.parametrize("action", ["cut-before", "cut-after", "cut-reply"])
@pytest.mark.parametrize("platform", ["legacy", "universal"])
def test_whether_or_not_the_server_acted_the_next_teardown_finishes(
    driver: Driver, tmp_path: Path, platform: Platform, action: Any
) -> None:
    wrong = []
    writes = [("DELETE", 1), ("DELETE", 3), ("DELETE", 5), ("PUT", 1), ("POST", 1), ("POST", 2)]
    for method, nth in writes:
        folder = tmp_path / f"{method}-{nth}"
        folder.mkdir()
        fault = Fault(action=action, method=method, path="/accounts/**", nth=nth, times=2)
        with RunningSimulator(settings(platform=platform)) as simulator:
            assert driver.apply(folder, simulator, platform=platform)["exit"] == Exit.DONE
            script(simulator, fault)
            driver.apply(folder, simulator, "with the connection", platform=platform, command=TEARDOWN)
            script(simulator)
            again = driver.apply(folder, simulator, platform=platform, command=TEARDOWN)
            trouble = what_remains(simulator)
            if again.get("exit") != Exit.DONE:
                trouble.append(f"exit {again}")
            wrong += [f"{action}, {method} {nth}: {each}" for each in trouble]
    assert not wrong


def script(simulator: RunningSimulator, *faults: Fault) -> None:
    """Let the simulator act out these faults from now on."""
    simulator.account.script = FaultScript(list(faults))
