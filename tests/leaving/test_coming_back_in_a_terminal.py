"""Killed, left or crashed, at any moment: the next start goes on with the same answers and the same run."""

import json
import signal
import sys
from collections.abc import Iterator

import pytest

from bwtui.domain.values.phone_numbers import readable
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from support.begun_setup import HINT, Begun
from support.cli_runner import CliRunner, fault, held, log, one_of_each, writes
from support.guide import let_time_pass
from support.pty_screen import TO_NAME, screen
from support.pty_wizard import apply, begun_on, retry


@pytest.fixture
def slow() -> Iterator[RunningSimulator]:
    """An account that takes its time for each request."""
    with RunningSimulator(Settings(latency_ms=60)) as running:
        yield running


def test_a_wizard_killed_while_typing_opens_there_with_what_was_typed(begun: Begun) -> None:
    typed = "Another-place"
    with screen(begun.at("sippeer")) as shown:
        shown.at("Location").expect("Setup Test SIP Peer").type(f"{TO_NAME}\x15")
        for count in range(1, len(typed) + 1):
            shown.type(typed[count - 1]).expect(typed[:count])
        shown.send(signal.SIGKILL)
        assert shown.end() == 137
    name = begun.setup.answers["sippeer.name"].value
    assert typed.startswith(name)
    assert len(name) >= len(typed) - 1, "the disk is one key behind at most"
    assert not [path for path in begun.states.iterdir() if path.name not in ("default.json", "default.lock")]
    with screen(begun) as shown:
        shown.at("Location").expect(name).type(f"{TO_NAME}!").expect(f"{name}!").type("\x03\x03")
        assert shown.end() == 130
    assert begun.setup.answers["sippeer.name"].value == f"{name}!"


@pytest.mark.parametrize("after", [1, 6])
def test_killed_while_it_acts_it_goes_on_and_makes_nothing_twice(
    runner: CliRunner, slow: RunningSimulator, after: int
) -> None:
    begun = begun_on(runner, slow).at("connect")
    with screen(begun) as shown:
        apply(shown.at("Connect"))
        shown.until(lambda: len(writes(slow.origin)) >= after, f"{after} writes").send(signal.SIGKILL)
        assert shown.end() == 137
    assert begun.setup.bookmark.place in ("review", "apply")
    assert begun.setup.events
    let_time_pass(begun.states)  # a request that was cut off might still take effect for a while
    with screen(begun) as shown:
        shown.expect("account 9900000")
        apply(shown)
        shown.at("Done").expect("Everything was read back").type("q")
        assert shown.end() == 0
        shown.is_as_before()
        assert "✓ Account 9900000 is set up. Verified 20" in shown.text
        assert readable(held(slow.origin)["numbers"][0]["tn"]) in shown.text
        assert "continue" not in shown.text, "nothing is left to go on with"
    one_of_each(slow.origin)
    assert begun.setup.bookmark.place == "done"


def test_ctrl_c_while_it_acts_asks_comes_to_an_end_and_goes_on_later(
    runner: CliRunner, slow: RunningSimulator
) -> None:
    begun = begun_on(runner, slow).at("connect")
    with screen(begun) as shown:
        apply(shown.at("Connect"))
        shown.until(lambda: bool(held(slow.origin)["sites"])).type("\x03")
        shown.expect("Stop here?", "is finished first", "later with: bwtui").type("y")
        assert shown.end() == 130
        shown.is_as_before()
        assert shown.text.strip() == HINT
    started = {event["step"] for event in begun.state["events"] if event["type"] == "started"}
    ended = {event["step"] for event in begun.state["events"] if event["type"] in ("finished", "failed")}
    assert started - ended <= {"number"}, "no step is left in the middle, an order goes on by itself"
    with screen(begun) as shown:
        retry(shown)
        shown.at("Done").expect("Everything was read back").type("\x03").expect("Leave?").type("y")
        assert shown.end() == 0
    one_of_each(slow.origin)


def test_a_second_ctrl_c_does_not_wait_for_a_request_that_hangs(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    begun = begun_on(runner, simulator).at("connect")
    fault(simulator, '[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "hang"\neffect = true')
    with screen(begun) as shown:
        apply(shown.at("Connect"))
        shown.until(lambda: bool(held(simulator.origin)["sites"])).type("\x03").expect("Stop here?").type("y")
        shown.expect("under way, up to 60 s; Ctrl+C leaves at once").type("\x03")
        assert shown.end() == 130
        shown.is_as_before()
    fault(simulator, "")
    with screen(begun) as shown:
        retry(shown)
        shown.at("Done").expect("Everything was read back").type("\x03").expect("Leave?").type("y")
        assert shown.end() == 0
    one_of_each(simulator.origin)


@pytest.mark.parametrize(("which", "code"), [(signal.SIGTERM, 143), (signal.SIGHUP, 129)])
def test_a_signal_while_it_acts_leaves_nothing_that_cannot_go_on(
    runner: CliRunner, slow: RunningSimulator, which: signal.Signals, code: int
) -> None:
    begun = begun_on(runner, slow).at("connect")
    with screen(begun) as shown:
        apply(shown.at("Connect"))
        shown.until(lambda: bool(held(slow.origin)["sites"])).send(which)
        assert shown.end() == code
        shown.is_as_before()
        assert shown.text.strip() == HINT
    let_time_pass(begun.states)
    with screen(begun) as shown:
        retry(shown)
        shown.at("Done").expect("Everything was read back").type("\x03").expect("Leave?").type("y")
        assert shown.end() == 0
    one_of_each(slow.origin)


def test_a_second_wizard_names_the_first(begun: Begun) -> None:
    with screen(begun.at("site")) as first:
        first.at("Sub-account")
        with screen(begun) as second:
            assert second.end() == 4
            second.is_as_before()
            lock = json.loads((begun.states / "default.lock").read_bytes())
            assert f"in use by process {lock['pid']} on " in second.text.replace("\n", "")
            assert "1049" not in second.written
        with screen(begun, "--name", "other") as third:
            third.at("Welcome").type("\x03\x03")
            assert third.end() == 130
            assert third.text.strip() == "To continue where you left off: bwtui --name other"
        first.type(f"{TO_NAME}X").expect("10/10").type("\x03\x03")
        assert first.end() == 130


def test_the_demo_from_first_to_last_leaves_nothing_behind(runner: CliRunner) -> None:
    with screen(runner, "demo") as shown:
        apply(shown)
        shown.at("Done").expect("Everything was read back").type("q")
        assert shown.end() == 0
        shown.is_as_before()
        assert " ".join(shown.text.split()) == (
            "The demo is over, and nothing of it is kept. To set up your own account: bwtui"
        )
    assert list(runner.home.iterdir()) == []


CRASHING = """
import sys
from {module} import {owner}
def crash(self, *_):
    canary = self.workflow.sign_in.secret.reveal()
    raise RuntimeError("out of order")
{owner}.{method} = crash
from bwtui.__main__ import main
sys.exit(main())
"""


@pytest.mark.parametrize(
    ("module", "owner", "method"),
    [
        ("bwtui.tui.screens.connect", "ConnectScreen", "help_text"),
        ("bwtui.tui.app", "WizardApp", "on_mount"),
        ("bwtui.tui.app", "WizardApp", "on_load"),
        ("bwtui.tui.app", "WizardApp", "on_unmount"),
    ],
)
def test_a_crash_tells_where_and_no_secret(begun: Begun, module: str, owner: str, method: str) -> None:
    begun.environ |= {"BW_CLIENT_SECRET": "canary-4711"}
    code = CRASHING.format(module=module, owner=owner, method=method)
    with screen(begun.at("connect"), command=(sys.executable, "-c", code), columns=120) as shown:
        if method == "help_text":
            shown.at("Connect").type("\x1bOP")
        if method == "on_unmount":
            shown.at("Connect").type("\x03\x03")
        assert shown.end(may_crash=True) == 1
        shown.is_as_before()
        assert "RuntimeError: out of order" in shown.text
        assert "What a bug report needs, without secrets: bwtui report" in " ".join(shown.text.split())
        assert "canary-4711" not in shown.written
        assert HINT in shown.written
    assert begun.setup.bookmark.place == "connect"


def test_nothing_is_asked_of_the_account_before_the_connection_is_tested(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    begun = begun_on(runner, simulator).at("welcome")
    with screen(begun) as shown:
        for title in ("Connect", "Phone number", "Review", "Apply", "Done"):
            shown.go(title)
        shown.type("\x03\x03")
        assert shown.end() == 130
    assert log(simulator.origin) == []
