"""Progress in the terminal's tab or taskbar, and the bell: how far the setup is, and nothing once the terminal is given back."""

import re
import shutil
import signal
import sys
from collections.abc import Iterator
from typing import Final

import pytest

from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from support.begun_setup import Begun
from support.cli_runner import CliRunner, fault
from support.pty_screen import PtyScreen, screen

KNOWN: Final = {"WT_SESSION": "0-1"}
"""The environment of a terminal that shows progress."""

REPORT: Final = re.compile(r"\x1b\]9;4;(\d);(\d+)\x1b\\")
CLEARED: Final = (0, 0)
RUNNING, FAILED, PAUSED = 1, 2, 4

DRIVERS: Final = pytest.mark.parametrize("driver", ["", "stock"], ids=["frugal", "stock"])


@pytest.fixture
def waiting() -> Iterator[RunningSimulator]:
    """An account whose orders stay RECEIVED."""
    with RunningSimulator(Settings(order_seconds=100_000)) as running:
        yield running


def reports(shown: PtyScreen) -> list[tuple[int, int]]:
    """Every state and percentage that was sent."""
    return [(int(state), int(percent)) for state, percent in REPORT.findall(shown.written)]


def bells(shown: PtyScreen) -> int:
    """The number of times that it rang."""
    return re.sub(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)", "", shown.written).count("\x07")


def begun_on(runner: CliRunner, simulator: RunningSimulator) -> Begun:
    begun = Begun(home=runner.home)
    begun.connect(simulator)
    return begun.at("connect")


def connect(shown: PtyScreen) -> PtyScreen:
    if shown.title != "Connect":
        shown.go("Connect")
    return shown.expect("▸ [ Test connection ]").type("\r").expect("Connected to Demo Company")


def to_the_question_about_money(shown: PtyScreen) -> PtyScreen:
    connect(shown).go("Review").expect("[ Apply ]").type("\x0e")
    return shown.expect("Order +1", "Apply all $ (y)")


def until_running(shown: PtyScreen, percent: int = 0) -> PtyScreen:
    return shown.until(lambda: (reports(shown) or [CLEARED])[-1] >= (RUNNING, percent), "a run")


@DRIVERS
def test_it_shows_how_far_the_setup_is_and_rings_when_money_is_asked_for(
    runner: CliRunner, driver: str
) -> None:
    with screen(runner, "demo", environ=KNOWN | {"BWTUI_DRIVER": driver}) as shown:
        to_the_question_about_money(shown)
        shown.until(lambda: (reports(shown), bells(shown)) == ([(PAUSED, 0)], 1), "one of each")
        shown.type("y").at("Done").expect("Everything was read back")
        sent = reports(shown)
        running = [percent for state, percent in sent if state == RUNNING]
        assert sent[-1] == CLEARED
        assert running == sorted(set(running)), "it only grows, and is sent when it does"
        assert running[0] < 20
        assert running[-1] == 90, "what is left is the proof"
        assert bells(shown) == 1
        shown.type("q")
        assert shown.end() == 0
        shown.is_as_before()


@DRIVERS
def test_what_fails_is_shown_as_failed_and_rings_until_somebody_goes_elsewhere(
    runner: CliRunner, simulator: RunningSimulator, driver: str
) -> None:
    begun = begun_on(runner, simulator)
    fault(
        simulator, '[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "answer"\nstatus = 400'
    )
    with screen(begun, environ=KNOWN | {"BWTUI_DRIVER": driver}) as shown:
        to_the_question_about_money(shown).type("y").at("Apply").expect("Stopped.")
        shown.until(lambda: reports(shown)[-1][0] == FAILED, "the failure").until(lambda: bells(shown) == 2)
        shown.go("Sub-account").until(lambda: reports(shown)[-1] == CLEARED, "nothing")
        shown.type("\x03\x03")
        assert shown.end() == 130


@DRIVERS
@pytest.mark.parametrize(("which", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_clears_it(
    runner: CliRunner, waiting: RunningSimulator, driver: str, which: signal.Signals, code: int
) -> None:
    with screen(begun_on(runner, waiting), environ=KNOWN | {"BWTUI_DRIVER": driver}) as shown:
        to_the_question_about_money(shown).type("y")
        until_running(shown, 40).send(which)
        assert shown.end() == code
        assert reports(shown)[-1] == CLEARED
        shown.is_as_before()


@DRIVERS
def test_leaving_while_the_order_waits_clears_it(
    runner: CliRunner, waiting: RunningSimulator, driver: str
) -> None:
    with screen(begun_on(runner, waiting), environ=KNOWN | {"BWTUI_DRIVER": driver}) as shown:
        to_the_question_about_money(shown).type("y")
        until_running(shown, 40).type("\x03").expect("Stop here?").type("y")
        assert shown.end() == 130
        assert reports(shown)[-1] == CLEARED


CRASHING: Final = """
import sys
from bwtui.tui.screens.apply import ApplyScreen
def crash(self):
    raise RuntimeError("out of order")
ApplyScreen.help_text = crash
from bwtui.__main__ import main
sys.exit(main())
"""


@DRIVERS
def test_a_crash_clears_it(runner: CliRunner, waiting: RunningSimulator, driver: str) -> None:
    begun = begun_on(runner, waiting)
    command, environ = (sys.executable, "-c", CRASHING), KNOWN | {"BWTUI_DRIVER": driver}
    with screen(begun, command=command, environ=environ) as shown:
        to_the_question_about_money(shown).type("y").at("Apply")
        until_running(shown, 40).type("\x1bOP")
        assert shown.end(may_crash=True) == 1
        assert "RuntimeError: out of order" in shown.text
        assert reports(shown)[-1] == CLEARED


@DRIVERS
def test_ctrl_z_clears_it_and_fg_shows_it_again(
    runner: CliRunner, waiting: RunningSimulator, driver: str
) -> None:
    bash = shutil.which("bash")
    if not bash:
        pytest.skip("job control needs a shell")
    command = (bash, "--norc", "--noprofile", "--noediting", "-i", "-o", "notify")
    environ = KNOWN | {"BWTUI_DRIVER": driver, "PS1": "ready> ", "BASH_SILENCE_DEPRECATION_WARNING": "1"}
    with screen(begun_on(runner, waiting), command=command, environ=environ) as shown:
        shown.expect("ready>").type(f"{sys.executable} -m bwtui\r")
        to_the_question_about_money(shown.at("Connect")).type("y").at("Apply")
        until_running(shown, 40).expect("waiting").still()
        before = reports(shown)[-1]
        shown.type("\x1a").expect("Stopped").is_as_before()
        assert reports(shown)[-1] == CLEARED
        shown.type("fg\r").at("Apply").until(lambda: reports(shown)[-1] == before, "the same as before")
        shown.type("\x03\x03").expect("To continue")
        assert reports(shown)[-1] == CLEARED


@pytest.mark.parametrize(
    ("environ", "is_shown"),
    [({}, False), ({"BWTUI_PROGRESS": "on"}, True), (KNOWN | {"BWTUI_PROGRESS": "off"}, False)],
    ids=["unknown terminal", "forced", "forbidden"],
)
def test_an_unknown_terminal_gets_nothing_unless_it_is_asked_for(
    runner: CliRunner, environ: dict[str, str], *, is_shown: bool
) -> None:
    with screen(runner, "demo", environ=environ) as shown:
        to_the_question_about_money(shown).type("y").at("Done").expect("Everything was read back").type("q")
        assert shown.end() == 0
        assert bool(reports(shown)) is is_shown
        assert bool(bells(shown)) is is_shown
