"""The wizard, killed on screen in the middle of its run; `bwtui apply` takes over where it was."""

import signal
from pathlib import Path
from typing import Final

import pytest

from bwtui.simulator import server
from bwtui.simulator.app import create_app
from bwtui.simulator.server import RunningSimulator
from console import console
from machine import Machine, one_of_each
from trust.lives import SETTINGS, Fate, Slate, Watched
from trust.schedules import BY_THE_SIMULATOR
from trust.share import Share, Tried
from tui.pty.test_leaving_and_coming_back import apply, begun_on

REQUESTS: Final = range(4, 52, 3)
"""Some of them; the first belong to the test of the connection."""


@pytest.mark.timeout(1800)
@pytest.mark.parametrize("moment", BY_THE_SIMULATOR)
def test_wherever_the_wizard_is_killed_apply_completes_one_of_each(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, tried: Tried, moment: str, share: Share
) -> None:
    for at in share.of(REQUESTS, 1):
        (tmp_path / str(at)).mkdir()
        fate = Fate([{"moment": moment, "at": at, "victims": ["client"]}], Slate())
        monkeypatch.setattr(server, "create_app", lambda *given, fate=fate: Watched(create_app(*given), fate))
        with RunningSimulator(SETTINGS) as simulator:
            begun = begun_on(Machine(home=tmp_path / str(at)), simulator).at("connect")
            with console(begun) as shown:
                fate.slate.client = shown.process.pid
                apply(shown.at("Connect"))
                assert shown.end() == 128 + signal.SIGKILL
            begun.example()
            ended = begun.run("apply", "setup.toml", "--yes").told()
            assert ended.exit == 0, ended.err
            one_of_each(simulator.origin)
        tried("wizard", 1)
