"""The power fails at every write and at every request, before and after its effect; the next run sets it right."""

import json
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from bwtui.exits import Exit
from bwtui.simulator.fault_script import Fault, FaultScript
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Platform, Settings
from support.power_cuts import PowerCuts
from support.write_faults import what_is_wrong

Points = Callable[[Platform, int], range]

SHARDS = 6
"""Each kind of cut is spread over as many tests, so that they run side by side."""

APART_BY_PLATFORM = {"legacy": 3 * SHARDS, "universal": 5 * SHARDS}
"""Points between two cuts of a shard: the shards of a platform are spread over all of them."""


@pytest.fixture(scope="module")
def cuts() -> Iterator[PowerCuts]:
    with PowerCuts() as cuts:
        yield cuts


@pytest.fixture
def points_of_shard(request: pytest.FixtureRequest, shard: int) -> Points:
    """The points that a shard tries: one in three (five on the longer run) usually, with `--trust full` each."""
    full = request.config.getoption("--trust") == "full"

    def points(platform: Platform, last: int) -> range:
        apart = SHARDS if full else APART_BY_PLATFORM[platform]
        return range(1 + shard * apart // SHARDS, last + 1, apart)

    return points


def state_of(simulator: RunningSimulator) -> dict[str, Any]:
    with urllib.request.urlopen(f"{simulator.origin}/_simulator/state") as reply:
        state: dict[str, Any] = json.load(reply)
    return state


def settings(*faults: Fault, platform: Platform = "legacy") -> Settings:
    """Names may clash here: the account must stay right because bwtui looks, not because Bandwidth refuses."""
    return Settings(order_seconds=0, unique_names=False, faults=faults, platform=platform)


def resume_and_judge(
    cuts: PowerCuts, folder: Path, simulator: RunningSimulator, where: str, **more: Any
) -> list[str]:
    """Run again without a failure; give what is wrong then."""
    resumed = cuts.apply(folder, simulator, **more)
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
    cuts: PowerCuts, tmp_path: Path, platform: Platform, failure: str, points_of_shard: Points
) -> None:
    with RunningSimulator(settings(platform=platform)) as simulator:
        (tmp_path / "whole").mkdir()
        points = cuts.apply(tmp_path / "whole", simulator, failure, platform=platform)["points"]
    assert points > 20
    wrong = []
    for at in points_of_shard(platform, points):
        folder = tmp_path / str(at)
        folder.mkdir()
        with RunningSimulator(settings(platform=platform)) as simulator:
            cut = cuts.apply(folder, simulator, failure, platform=platform, at=at)
            # Replies overtake one another and events share writes, so that a run may have fewer points.
            assert cut["killed"] or at > cut["points"], cut
            where = f"{failure}, point {at}"
            wrong += resume_and_judge(cuts, folder, simulator, where, platform=platform)
    assert not wrong


@pytest.mark.parametrize("shard", range(SHARDS))
@pytest.mark.parametrize(
    ("platform", "action"),
    [("legacy", "cut-before"), ("legacy", "cut-after"), ("legacy", "cut-reply"), ("universal", "cut-reply")],
)
def test_whether_or_not_the_server_acted_the_next_run_completes_one_of_each(
    cuts: PowerCuts, tmp_path: Path, platform: Platform, action: Any, points_of_shard: Points
) -> None:
    wrong = []
    requests = {"legacy": 25, "universal": 45}[platform]
    for at in points_of_shard(platform, requests):
        folder = tmp_path / str(at)
        folder.mkdir()
        with RunningSimulator(settings(Fault(action=action, nth=at), platform=platform)) as simulator:
            cut = cuts.apply(folder, simulator, "with the connection", platform=platform)
            assert cut["killed"] or cut["exit"] == Exit.DONE, cut
            where = f"{action}, request {at}"
            wrong += resume_and_judge(cuts, folder, simulator, where, platform=platform)
    assert not wrong


def test_without_looking_first_the_same_cuts_leave_something_twice(cuts: PowerCuts, tmp_path: Path) -> None:
    wrong = []
    for at, path in enumerate(("/accounts/*/sites", "/accounts/*/applications", "/accounts/*/orders")):
        folder = tmp_path / str(at)
        folder.mkdir()
        fault = Fault(action="cut-after", method="POST", path=path)
        with RunningSimulator(settings(fault)) as simulator:
            assert cuts.apply(folder, simulator, "with the connection", careless=True)["killed"]
            wrong.append(resume_and_judge(cuts, folder, simulator, path, careless=True))
    sites, applications, orders = wrong
    assert sites
    assert applications
    assert not orders, (
        "a number can be bought once: who does not look orders the same one again, and is refused"
    )


# --- Teardown ----------------------------------------------------------------------------------------------------

APART = 17
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
    cuts: PowerCuts, tmp_path: Path, platform: Platform, failure: str
) -> None:
    wrong, at = [], 1 + EVERY_CUT.index((platform, failure))  # so that each begins at another point
    while True:
        folder = tmp_path / str(at)
        folder.mkdir()
        with RunningSimulator(settings(platform=platform)) as simulator:
            assert cuts.apply(folder, simulator, platform=platform)["exit"] == Exit.DONE
            cut = cuts.tear_down(folder, simulator, failure, at=at)
            if not cut["killed"]:
                assert cut["exit"] == Exit.DONE, cut
                assert at > cut["points"] > 20, cut
                break
            again = cuts.tear_down(folder, simulator)
            more = cuts.tear_down(folder, simulator)
            trouble = what_remains(simulator)
            if (again.get("exit"), more.get("exit")) != (Exit.DONE, Exit.DONE):
                trouble.append(f"exits {again} {more}")
            wrong += [f"{failure}, point {at}: {each}" for each in trouble]
        at += APART
    assert not wrong


@pytest.mark.parametrize("platform", ["legacy", "universal"])
def test_whenever_apply_is_killed_a_teardown_forgets_nothing_that_was_made(
    cuts: PowerCuts, tmp_path: Path, platform: Platform
) -> None:
    wrong, at = [], 9
    while True:
        folder = tmp_path / str(at)
        folder.mkdir()
        with RunningSimulator(settings(platform=platform)) as simulator:
            if not cuts.apply(folder, simulator, "after reply", platform=platform, at=at)["killed"]:
                break
            removed = cuts.tear_down(folder, simulator)
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
    cuts: PowerCuts, tmp_path: Path, platform: Platform, action: Any
) -> None:
    wrong = []
    writes = [("DELETE", 1), ("DELETE", 3), ("DELETE", 5), ("PUT", 1), ("POST", 1), ("POST", 2)]
    for method, nth in writes:
        folder = tmp_path / f"{method}-{nth}"
        folder.mkdir()
        fault = Fault(action=action, method=method, path="/accounts/**", nth=nth, times=2)
        with RunningSimulator(settings(platform=platform)) as simulator:
            assert cuts.apply(folder, simulator, platform=platform)["exit"] == Exit.DONE
            script(simulator, fault)
            cuts.tear_down(folder, simulator, "with the connection")
            script(simulator)
            again = cuts.tear_down(folder, simulator)
            trouble = what_remains(simulator)
            if again.get("exit") != Exit.DONE:
                trouble.append(f"exit {again}")
            wrong += [f"{action}, {method} {nth}: {each}" for each in trouble]
    assert not wrong


def script(simulator: RunningSimulator, *faults: Fault) -> None:
    """Let the simulator act out these faults from now on."""
    simulator.account.script = FaultScript(list(faults))
