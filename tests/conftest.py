"""A simulated account on a socket, and a runner of the command line."""

import compileall
import gc
import os
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

import bwtui
from bwtui.simulator.server import RunningSimulator
from support.cli_runner import CliRunner

MEMORY = Path("/dev/shm")


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("trust", "what bwtui survives (tests/trust, tests/engine/test_power_cuts.py)")
    group.addoption("--trust", choices=("part", "full"), default="part", help="how much of it is tried")
    group.addoption("--trust-seed", type=int, default=1, help="what chance decides there")
    group = parser.getgroup("worlds", "seeded worlds (tests/worlds)")
    group.addoption("--worlds", type=int, default=2000, help="how many are tried")
    group.addoption("--world-seed", type=int, default=0, help="the seed of the first one")


def pytest_configure(config: pytest.Config) -> None:
    """Work in memory where there is some: thousands of state files are written and synced here.

    Generated inputs are a hundred for each property, always the same; where everything is tried, thousands of others.
    """
    settings.register_profile("part", derandomize=True)
    settings.register_profile("full", max_examples=5000)
    settings.load_profile(config.getoption("--trust"))
    if os.access(MEMORY, os.W_OK):
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(MEMORY))
    if not hasattr(config, "workerinput"):
        # bwtui is started thousands of times, and would be compiled each time where Python may not write bytecode.
        compileall.compile_dir(Path(bwtui.__file__).parent, quiet=2)
    # A shell without job control lets what it runs in the background ignore these, and so would every program
    # that is started and interrupted here.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGQUIT, signal.SIG_DFL)
    signal.signal(signal.SIGHUP, signal.SIG_DFL)  # nohup has it ignored


def pytest_xdist_auto_num_workers() -> int:
    """Run on one worker more than there are processors: tests that wait for processes leave a third of them idle."""
    return (os.cpu_count() or 1) + 1


@pytest.fixture(autouse=True)
def collector() -> Iterator[None]:
    """Have the collector work as before: the wizard's start switches it off, and its screens, which are not always shown, on."""
    thresholds = gc.get_threshold()
    yield
    gc.set_threshold(*thresholds)
    gc.enable()


@pytest.fixture
def runner(tmp_path: Path) -> CliRunner:
    """A runner without account and credentials."""
    return CliRunner(home=tmp_path)


@pytest.fixture
def simulator() -> Iterator[RunningSimulator]:
    with RunningSimulator() as running:
        yield running


@pytest.fixture
def connected(runner: CliRunner, simulator: RunningSimulator) -> CliRunner:
    """A runner that is set up for the simulator, with the guide's example in `setup.toml`."""
    runner.example()
    return runner.connect(simulator)
