"""`bwtui apply` shows in a known terminal's tab how far it is, and takes it away whichever way it ends."""

import re

import pytest

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import CliRunner, fault
from support.pty_process import Terminal, terminal
from support.waiting_orders import ORDER_QUESTION, waiting

__all__ = ["waiting"]

KNOWN = {"WT_SESSION": "8a1c"}


def shown_in_the_tab(shown: Terminal) -> list[tuple[int, int]]:
    """State and percent of each sequence."""
    found = re.findall(rb"\x1b\]9;4;(\d);(\d+)\x1b\\", shown.written)
    return [(int(state), int(percent)) for state, percent in found]


def test_it_waits_for_the_answer_then_grows_and_is_taken_away(connected: CliRunner) -> None:
    with terminal(connected, "apply", "setup.toml", environ=KNOWN) as shown:
        shown.expect(ORDER_QUESTION)
        assert shown_in_the_tab(shown) == [(4, 0)], "it waits for a person"
        assert shown.written.count(b"\x07") == 1, "and says so once"
        shown.type("y\r")
        assert shown.end() == 0
    _, *running, last = shown_in_the_tab(shown)
    assert last == (0, 0)
    assert {state for state, _ in running} == {1}
    percents = [percent for _, percent in running]
    assert percents == sorted(percents)
    assert percents[-1] == 90, "all nine steps; the proof is still to come"


@pytest.mark.parametrize(
    "environ", [{}, {**KNOWN, "BWTUI_PROGRESS": "off"}, {**KNOWN, "TMUX": "/socket,1,0"}]
)
def test_a_terminal_that_is_not_known_to_show_it_is_sent_nothing(
    connected: CliRunner, environ: dict[str, str]
) -> None:
    with terminal(connected, "apply", "setup.toml", "--yes", environ=environ) as shown:
        assert shown.end() == 0
    assert b"\x1b]" not in shown.written


def test_a_pipe_is_sent_nothing(connected: CliRunner) -> None:
    ended = connected.run("apply", "setup.toml", "--yes", WT_SESSION="8a1c").told()
    assert ended.exit == 0
    assert "\x1b" not in ended.out + ended.err


def test_it_is_taken_away_after_a_failure(connected: CliRunner, simulator: RunningSimulator) -> None:
    fault(
        simulator, '[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "answer"\nstatus = 403'
    )
    with terminal(connected, "apply", "setup.toml", "--yes", environ=KNOWN) as shown:
        assert shown.end() != 0
    assert shown_in_the_tab(shown)[-1] == (0, 0)


@pytest.mark.parametrize("times", [1, 2])
@pytest.mark.usefixtures("waiting")
def test_it_is_taken_away_after_ctrl_c_once_or_twice(connected: CliRunner, times: int) -> None:
    with terminal(connected, "apply", "setup.toml", "--yes", environ=KNOWN) as shown:
        shown.expect("is RECEIVED")
        for _ in range(times):
            shown.type("\x03")
        assert shown.end() == 130
    assert len(shown_in_the_tab(shown)) > 1
    assert shown_in_the_tab(shown)[-1] == (0, 0)
