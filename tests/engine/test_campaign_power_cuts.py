"""The power fails while numbers are put on a campaign, or taken off: there is one order for each, and the next run ends it."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pytest

from bwtui.exits import Exit
from bwtui.simulator.fault_script import Fault
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Platform, Settings
from bwtui.simulator.switches import Switches
from engine.test_power_cuts import script, state_of, what_remains
from support.power_cuts import CAMPAIGN, PowerCuts
from support.write_faults import what_is_wrong

PATH = "/accounts/*/tnoptions"
APART = 11
"""Points between two cuts: each costs a whole setup. A prime, so that they fall on calls of every kind."""
LAST_OF_APPLY = {"disk": 15, "before request": 25, "after reply": 25}
FIRST_OF_TEARDOWN = {"disk": 40, "before request": 40, "after reply": 40}
"""How many points at the end of a run, and at the start of a teardown, the campaign may be concerned by."""

every_cut = pytest.mark.parametrize("failure", list(LAST_OF_APPLY))
every_platform = pytest.mark.parametrize("platform", ["legacy", "universal"])


@pytest.fixture(scope="module")
def cuts() -> Iterator[PowerCuts]:
    with PowerCuts() as cuts:
        yield cuts


def settings(platform: Platform) -> Settings:
    """An order takes so long that the next run meets it under way."""
    return Settings(
        order_seconds=0, unique_names=False, platform=platform, switches=Switches(tn_option_seconds=0.4)
    )


def actions(simulator: RunningSimulator) -> list[str]:
    return [order["changes"][0]["action"] for order in state_of(simulator)["tn_options"]]


def joined(simulator: RunningSimulator) -> list[str | None]:
    return [number["campaign_id"] for number in state_of(simulator)["numbers"]]


@every_platform
@every_cut
def test_whenever_it_is_killed_the_next_run_has_one_order_and_the_number_on_the_campaign(
    cuts: PowerCuts, tmp_path: Path, platform: Platform, failure: str
) -> None:
    (tmp_path / "whole").mkdir()
    with RunningSimulator(settings(platform)) as simulator:
        whole = cuts.apply(tmp_path / "whole", simulator, failure, platform=platform, campaign=CAMPAIGN)
        assert whole["exit"] == Exit.DONE, whole
    points, wrong = whole["points"], []
    for at in range(points - LAST_OF_APPLY[failure], points + 1, APART):
        folder = tmp_path / str(at)
        folder.mkdir()
        with RunningSimulator(settings(platform)) as simulator:
            cuts.apply(folder, simulator, failure, platform=platform, campaign=CAMPAIGN, at=at)
            again = cuts.apply(folder, simulator, platform=platform, campaign=CAMPAIGN)
            trouble = what_is_wrong(state_of(simulator), platform)
            if again.get("exit") != Exit.DONE:
                trouble.append(f"exit {again}")
            if (actions(simulator), joined(simulator)) != (["asSpecified"], [CAMPAIGN]):
                trouble.append(f"{actions(simulator)} {joined(simulator)}")
            wrong += [f"{failure}, point {at} of {points}: {each}" for each in trouble]
    assert not wrong


@every_platform
@every_cut
def test_whenever_its_teardown_is_killed_the_next_run_finishes_it_with_one_order(
    cuts: PowerCuts, tmp_path: Path, platform: Platform, failure: str
) -> None:
    wrong = []
    for at in range(1, FIRST_OF_TEARDOWN[failure], APART):
        folder = tmp_path / str(at)
        folder.mkdir()
        with RunningSimulator(settings(platform)) as simulator:
            assert cuts.apply(folder, simulator, platform=platform, campaign=CAMPAIGN)["exit"] == Exit.DONE
            cuts.tear_down(folder, simulator, failure, at=at)
            again = cuts.tear_down(folder, simulator)
            more = cuts.tear_down(folder, simulator)
            trouble = what_remains(simulator)
            if (again.get("exit"), more.get("exit")) != (Exit.DONE, Exit.DONE):
                trouble.append(f"exits {again} {more}")
            if actions(simulator) != ["asSpecified", "delete"]:
                trouble.append(str(actions(simulator)))
            wrong += [f"{failure}, point {at}: {each}" for each in trouble]
    assert not wrong


@every_platform
@pytest.mark.parametrize("action", ["cut-before", "cut-after", "cut-reply"])
def test_whether_or_not_the_server_acted_there_is_one_order_each_way(
    cuts: PowerCuts, tmp_path: Path, platform: Platform, action: str
) -> None:
    fault = Fault(action=action, method="POST", path=PATH)  # type: ignore[arg-type]
    with RunningSimulator(settings(platform)) as simulator:
        apply = partial(cuts.apply, platform=platform, campaign=CAMPAIGN)
        for run in (apply, cuts.tear_down):
            script(simulator, fault)
            run(tmp_path, simulator, "with the connection")
            script(simulator)
            again = run(tmp_path, simulator)
            assert again.get("exit") == Exit.DONE, again
        assert actions(simulator) == ["asSpecified", "delete"]
        assert not what_remains(simulator)
