"""Signals, at every screen: the terminal is as it was before, nothing is lost, the exit code says what happened."""

import json
import os
import shutil
import signal
import stat
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from bwtui.cli.output import STOPPED
from bwtui.domain.walk.walk import walk
from bwtui.tui.places import TITLES
from support.begun_setup import DEMO_OVER, HINT, Begun
from support.cli_runner import SECONDS, CliRunner
from support.guide import guide_answers
from support.pty_screen import TO_NAME, PtyScreen, screen
from support.waiting import wait_until

ENDINGS = {signal.SIGTERM: 143, signal.SIGHUP: 129, signal.SIGINT: 130}

PLACES = walk(guide_answers())


def name(which: signal.Signals) -> str:
    return which.name


@contextmanager
def shell(runner: CliRunner) -> Iterator[PtyScreen]:
    """A shell with job control, which leaves the terminal alone while it waits for a command."""
    bash = shutil.which("bash")
    if not bash:
        pytest.skip("job control needs a shell")
    command = (bash, "--norc", "--noprofile", "--noediting", "-i", "-o", "notify")
    environ = {"PS1": "ready> ", "BASH_SILENCE_DEPRECATION_WARNING": "1"}
    with screen(runner, command=command, environ=environ) as shown:
        yield shown.expect("ready>")


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGHUP], ids=name)
@pytest.mark.parametrize("place", PLACES)
def test_a_signal_ends_it_at_any_screen(begun: Begun, place: str, which: signal.Signals) -> None:
    with screen(begun.at(place)) as shown:
        shown.at(TITLES[place]).send(which)
        assert shown.end() == ENDINGS[which]
        shown.is_as_before()
        assert shown.text.strip() == HINT, "alone on the ordinary screen"
    assert begun.setup.bookmark.place == place
    assert begun.setup.answers["site.name"].value == "SetupTest"
    assert json.loads(begun.file.path.read_bytes())
    assert stat.S_IMODE(begun.file.path.stat().st_mode) == 0o600


def test_an_interrupt_asks_at_any_screen_and_a_second_one_leaves(begun: Begun) -> None:
    with screen(begun.at("welcome")) as shown:
        for title in map(TITLES.__getitem__, PLACES):
            shown.go(title).send(signal.SIGINT).expect("Leave?", "later with: bwtui")
            if title != "Done":
                shown.type("n").gone("Leave?")
        shown.send(signal.SIGINT)
        assert shown.end() == 130
        shown.is_as_before()
        assert shown.text.strip() == HINT
    assert begun.setup.bookmark.place == "done"


@pytest.mark.parametrize("which", ENDINGS, ids=name)
def test_a_signal_in_the_demo_leaves_no_trace(runner: CliRunner, which: signal.Signals) -> None:
    with screen(runner, "demo") as shown:
        shown.go("Connect").type("\r").expect("Connected").send(which)
        if which is signal.SIGINT:
            shown.expect("Leave the demo?").send(which)
        assert shown.end() == ENDINGS[which]
        shown.is_as_before()
        assert shown.text.strip() == DEMO_OVER
    assert list(runner.home.iterdir()) == []


@pytest.mark.parametrize("which", [signal.SIGTERM, signal.SIGHUP], ids=name)
def test_what_was_typed_just_before_is_kept(begun: Begun, which: signal.Signals) -> None:
    with screen(begun.at("site")) as shown:
        shown.at("Sub-account").type(TO_NAME).expect("9/10").type("X").expect("10/10").send(which)
        shown.end()
    assert begun.setup.answers["site.name"].value == "SetupTestX"


def test_a_signal_ends_it_while_a_dialog_is_open(begun: Begun) -> None:
    with screen(begun.at("site")) as shown:
        shown.at("Sub-account").type("\x07").expect("type to filter").send(signal.SIGTERM)
        assert shown.end() == 143
        shown.is_as_before()


def test_ctrl_c_asks_and_no_stays(begun: Begun) -> None:
    with screen(begun.at("site")) as shown:
        before = shown.at("Sub-account").still()
        for ask in ("\x03", "\x11"):
            shown.type(ask).expect("Leave?")
            shown.type("n").again(before)
        shown.send(signal.SIGINT).expect("Leave?")
        shown.type("\x1b").again(before)
        shown.type("\x03").expect("Leave?").type("y")
        assert shown.end() == 130
        shown.is_as_before()
        assert shown.text.strip() == HINT


def test_ctrl_c_twice_leaves(begun: Begun) -> None:
    with screen(begun.at("site")) as shown:
        shown.at("Sub-account").type("\x03\x03")
        assert shown.end() == 130
        shown.is_as_before()


FACTS: dict[str, Callable[[PtyScreen, Begun], bool]] = {
    "locked": lambda _, begun: (begun.states / "default.lock").exists(),
    "first byte": lambda shown, _: bool(shown.written),
    "cursor hidden": lambda shown, _: "\x1b[?25l" in shown.written,
    "title": lambda shown, _: bool(shown.title),
}
"""Signs of a start that can be seen, one after the other."""


@pytest.mark.parametrize("which", ENDINGS, ids=name)
@pytest.mark.parametrize("fact", FACTS)
def test_a_signal_while_it_starts_ends_it_or_is_asked_about(
    begun: Begun, which: signal.Signals, fact: str
) -> None:
    with screen(begun) as shown:
        shown.until(lambda: FACTS[fact](shown, begun), fact).send(which)
        if which is signal.SIGINT:
            shown.until(lambda: not shown.open or "Leave?" in shown.text)
            if shown.open:
                shown.send(which)
        assert shown.end() == ENDINGS[which]
        shown.is_as_before()
        assert shown.text.strip() in ("", STOPPED, HINT)


def test_more_signals_on_the_way_out_change_nothing(begun: Begun) -> None:
    with screen(begun.at("site")) as shown:
        shown.at("Sub-account").type(TO_NAME).expect("9/10").type("X").expect("10/10")
        for _ in range(5):
            shown.send(signal.SIGTERM)
        assert shown.end() == 143
        shown.is_as_before()
    assert begun.setup.answers["site.name"].value == "SetupTestX"


# --- Sleeping ----------------------------------------------------------------------------------------------------


def test_ctrl_z_gives_the_terminal_back_at_any_screen_and_fg_takes_it_again(begun: Begun) -> None:
    begun.at("welcome")
    with shell(begun) as shown:
        shown.type(f"{sys.executable} -m bwtui\r").at("Welcome")
        for title in map(TITLES.__getitem__, PLACES):
            before = shown.go(title).still()
            shown.type("\x1a").expect("Stopped").is_as_before()
            shown.type("clear; fg\r").again(before)
        shown.type("\x03").expect("Leave?").type("y").expect(HINT)
        shown.is_as_before()
        shown.type("echo left with $?\r").expect("left with 130")


def test_sigtstp_and_sigcont_do_what_ctrl_z_and_fg_do(begun: Begun) -> None:
    with shell(begun.at("site")) as shown:
        shown.type(f"{sys.executable} -m bwtui\r")
        before = shown.at("Sub-account").still()
        process = json.loads((begun.states / "default.lock").read_bytes())["pid"]
        os.kill(process, signal.SIGTSTP)
        shown.expect("Stopped").is_as_before()
        shown.type("bg\r").until(lambda: shown.text.count("Stopped") == 2, "behind, it goes on sleeping")
        shown.is_as_before()
        shown.type("fg\r").again(before)
        shown.type(f"{TO_NAME}X").expect("10/10")
        os.kill(process, signal.SIGSTOP)
        shown.expect("Stopped")
        shown.type("stty sane; clear; fg\r").gone("Stopped").expect("10/10", "Leave")
        shown.type("\x7f").expect("9/10")
        os.kill(process, signal.SIGTERM)
        shown.expect(HINT).is_as_before()


def test_started_in_the_background_it_waits_until_it_is_in_front(begun: Begun) -> None:
    with shell(begun.at("site")) as shown:
        shown.type(f"{sys.executable} -m bwtui &\r").expect("Stopped").is_as_before()
        shown.type("fg\r").at("Sub-account").type("\x03\x03").expect(HINT).is_as_before()


def test_without_a_shell_to_wake_it_the_wizard_does_not_suspend(begun: Begun) -> None:
    with screen(begun.at("site")) as shown:
        before = shown.at("Sub-account").still()
        shown.type("\x1a").until(lambda: times_taken(shown) == 2).again(before)
        shown.send(signal.SIGTSTP).until(lambda: times_taken(shown) == 3).again(before)
        shown.send(signal.SIGCONT).until(lambda: times_taken(shown) == 4).again(before)
        shown.type(f"{TO_NAME}X").expect("10/10").send(signal.SIGTERM)
        assert shown.end() == 143
        shown.is_as_before()


def times_taken(shown: PtyScreen) -> int:
    return shown.written.count("\x1b[?1049h")


# --- The terminal goes away --------------------------------------------------------------------------------------


@pytest.mark.parametrize("arguments", [(), ("demo",)], ids=["wizard", "demo"])
@pytest.mark.parametrize("session", [True, False], ids=["SIGHUP comes", "no signal comes"])
def test_when_the_terminal_goes_away_it_ends_without_a_word(
    begun: Begun, arguments: tuple[str, ...], *, session: bool
) -> None:
    with (
        (begun.home / "stderr").open("wb") as stderr,
        screen(begun, *arguments, stderr=stderr.fileno(), is_in_control=session) as shown,
    ):
        shown.go("Sub-account")
        os.close(shown.master)
        shown.master = -1
        assert shown.process.wait(SECONDS) == 129
    assert (begun.home / "stderr").read_text("utf-8").strip() in ("", HINT, DEMO_OVER)
    wait_until(lambda: not _in_group(shown.process.pid))
    if not arguments:
        assert begun.setup.bookmark.place == "site"


def _in_group(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True
