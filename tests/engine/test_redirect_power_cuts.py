"""`bwtui listen --public-url` is killed at every write and request: the old callback URLs always come back."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bwtui.exits import Exit
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from support.listening import free_port
from support.power_cuts import PowerCuts

PLATFORMS = ("legacy", "universal")


@dataclass(frozen=True, kw_only=True)
class Listener:
    """`bwtui listen` on a setup, in processes that can be killed at a point."""

    cuts: PowerCuts
    states: Path
    simulator: RunningSimulator

    def listen(self, failure: str, at: int = 0) -> dict[str, Any]:
        """Listen until it is ready, and end; killed on the way if so told."""
        port = free_port()
        command = ["listen", "--port", str(port), "--public-url", f"http://127.0.0.1:{port}", "--yes"]
        return self.cuts.run(
            self.states, self.simulator, *command, failure=failure, at=at, leaves_when_ready=True
        )

    def restore(self, failure: str = "never", at: int = 0) -> dict[str, Any]:
        """Put the old URLs back."""
        command = ("listen", "--restore")
        return self.cuts.run(self.states, self.simulator, *command, failure=failure, at=at)

    @property
    def urls(self) -> dict[str, dict[str, str]]:
        return {app.id: dict(app.fields) for app in self.simulator.account.applications.values()}


@pytest.fixture(scope="module", params=PLATFORMS)
def listener(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Listener]:
    folder = tmp_path_factory.mktemp("redirect")
    with (
        RunningSimulator(Settings(order_seconds=0, platform=request.param)) as simulator,
        PowerCuts() as cuts,
    ):
        assert cuts.apply(folder, simulator, platform=request.param)["exit"] == Exit.DONE
        yield Listener(cuts=cuts, states=folder / "state", simulator=simulator)


@pytest.mark.parametrize("failure", ["disk", "before request", "in reply", "after reply"])
def test_wherever_it_is_killed_restore_brings_the_old_urls_back(
    listener: Listener, failure: str, request: pytest.FixtureRequest
) -> None:
    before = listener.urls
    whole = listener.listen(failure)
    assert whole["exit"] == Exit.INTERRUPTED, whole
    assert listener.urls == before
    assert whole["points"] >= (6 if failure == "disk" else 10)
    pointed_away = 0
    # The platforms share the points; with `--trust full` each has all of them.
    full = request.config.getoption("--trust") == "full"
    first = 1 if full else 1 + PLATFORMS.index(listener.simulator.settings.platform)
    for at in range(first, whole["points"] + 1, 1 if full else len(PLATFORMS)):
        cut = listener.listen(failure, at)
        assert cut["killed"], cut
        pointed_away += listener.urls != before
        restored = listener.restore()
        assert restored["exit"] == Exit.DONE, (at, restored)
        assert listener.urls == before, at
    assert pointed_away or failure == "disk"


def test_killed_while_it_restores_another_restore_ends_it(listener: Listener) -> None:
    before = listener.urls
    whole = listener.listen("before request")["points"]
    cut_after_pointing = whole - 3
    assert listener.listen("before request", cut_after_pointing)["killed"]
    points = listener.restore("before request")["points"]
    for at in range(1, points + 1):
        listener.listen("before request", cut_after_pointing)
        assert listener.restore("before request", at)["killed"]
        assert listener.restore()["exit"] == Exit.DONE
        assert listener.urls == before
