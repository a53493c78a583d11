"""The wizard on a terminal, killed at any moment of its run; `bwtui apply` takes over where it was."""

import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from typing import Final

import pytest

from bwtui.simulator import server
from bwtui.simulator.app import create_app
from bwtui.simulator.server import RunningSimulator
from support.begun_setup import Begun
from support.cli_runner import CliRunner, one_of_each
from support.guide import TESTS
from support.pty_screen import PtyScreen, screen
from support.pty_wizard import apply, begun_on
from trust.crash_runner import SETTINGS, Fate, Slate, Watched
from trust.crash_schedules import BY_ITSELF, BY_THE_SIMULATOR
from trust.sampling import Sample, Tried

REQUESTS: Final = range(3, 27)
DISK: Final = range(2, 71)
"""A run has as many requests and writes. What is before belongs to the test of the connection."""
MOMENTS: Final = [
    (kind, at) for kind in (*BY_ITSELF, *BY_THE_SIMULATOR) for at in (DISK if kind == "disk" else REQUESTS)
]
A_FEW: Final = 3

DRIVEN: Final = """
import sys
sys.path.insert(0, {tests!r})
from support.power_cut_runner import FAILURES, PowerCut, hurry
FAILURES[{kind!r}](PowerCut({at}))
hurry()
from bwtui.__main__ import main
sys.exit(main())
"""


def driven(kind: str = "never", at: int = 0) -> tuple[str, ...]:
    """A bwtui that does not wait for what takes effect late, and may kill itself."""
    return (sys.executable, "-c", DRIVEN.format(tests=str(TESTS), kind=kind, at=at))


@contextmanager
def doomed(folder: Path, kind: str, at: int) -> Iterator[tuple[Begun, RunningSimulator, PtyScreen]]:
    """The wizard at Connect, with its account; at one moment it is killed, by itself or by the other side."""
    folder.mkdir()
    fate = Fate([{"moment": kind, "at": at, "victims": ["client"]}], Slate())
    command = driven(kind, at) if kind in BY_ITSELF else driven()
    with ExitStack() as stack:
        patch = stack.enter_context(pytest.MonkeyPatch.context())
        patch.setattr(server, "create_app", lambda *given: Watched(create_app(*given), fate))
        simulator = stack.enter_context(RunningSimulator(SETTINGS))
        begun = begun_on(CliRunner(home=folder), simulator).at("connect")
        shown = stack.enter_context(screen(begun, command=command))
        fate.slate.client = shown.process.pid
        yield begun, simulator, shown


@pytest.mark.timeout(3600)
def test_wherever_the_wizard_is_killed_apply_completes_one_of_each(
    tmp_path: Path, tried: Tried, sample: Sample
) -> None:
    for kind, at in sample.of(MOMENTS, A_FEW):
        with doomed(tmp_path / f"{kind} {at}", kind, at) as (begun, simulator, shown):
            with suppress(AssertionError):  # a killed wizard never shows the awaited screen
                apply(shown.at("Connect"))
                shown.at("Done").type("q")
            died = shown.end() == 128 + signal.SIGKILL
            assert died or shown.process.returncode == 0
            begun.example()
            ended = begun.run("apply", "setup.toml", "--yes", launcher=driven()).told()
            assert ended.exit == 0, f"{kind} {at}: {ended.err}"
            one_of_each(simulator.origin)
        tried("wizard", int(died))
