"""Numbers on no campaign, and an account that has one: each command says which line of the answers file cures it."""

from typing import Any

import pytest

from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from bwtui.simulator.switches import Switches
from support.cli_runner import CliRunner, Completed, log
from support.guide import let_time_pass

CURE = 'This account has the campaign CDEMO01: write id = "CDEMO01" under [campaign], then apply again.'
FIRST = CURE.replace("apply again", "apply")
DOUBT = "will not reach US phones: on no campaign."


def said(ended: Completed) -> str:
    """Everything that was printed, as if no line had ended."""
    return " ".join(f"{ended.out} {ended.err}".split())


@pytest.fixture
def applied(connected: CliRunner) -> CliRunner:
    assert connected.run("apply", "setup.toml", "--yes").exit == 0
    let_time_pass(connected.states)
    return connected


def test_before_anything_is_made_the_plan_names_the_line(connected: CliRunner) -> None:
    told = said(connected.run("plan", "setup.toml", "--live").told())
    assert DOUBT in told
    assert FIRST in told
    events = connected.run("plan", "setup.toml", "--live", "--json").events
    assert [each["text"].endswith(FIRST) for each in events if each["event"] == "advice"] == [True]


def test_apply_ends_with_the_line_and_with_it_the_numbers_are_put_on_the_campaign(
    connected: CliRunner,
) -> None:
    assert CURE in said(connected.run("apply", "setup.toml", "--yes").told())
    connected.example(('# id = "C1A2B3C"', 'id = "CDEMO01"'))
    cured = connected.run("apply", "setup.toml", "--yes").told()
    assert cured.exit == 0, cured.err
    assert "on no campaign" not in said(cured)
    assert "Messages from +1 (919) 206-0033: yes." in said(connected.run("verify").told())


@pytest.mark.parametrize(("command", "looks"), [("verify", 1), ("doctor", 2)])
def test_who_looks_later_reads_the_line_without_another_request(
    applied: CliRunner, simulator: RunningSimulator, command: str, looks: int
) -> None:
    before = len(log(simulator.origin))
    told = said(applied.run(command).told())
    assert CURE in told
    asked = [f"{each['path']}?{each['query']}" for each in log(simulator.origin)[before:]]
    assert sum("/tendlc/campaigns?" in each for each in asked) == looks, "as many as without the advice"


def test_a_first_message_is_refused_with_the_line(applied: CliRunner) -> None:
    ended = applied.run("try", "message", "--to", "+19195551234", "--yes").told()
    assert CURE in said(ended)


@pytest.mark.parametrize(
    "switches", [{"campaign": "none"}, {"campaign": "EXPIRED"}, {"campaign_access": "account"}]
)
def test_where_there_is_nothing_to_join_or_to_see_only_the_doubt_is_told(
    runner: CliRunner, switches: dict[str, Any]
) -> None:
    with RunningSimulator(Settings(switches=Switches(**switches))) as simulator:
        runner.connect(simulator).example()
        planned = runner.run("plan", "setup.toml", "--live").told()
        applied = runner.run("apply", "setup.toml", "--yes").told()
    assert (planned.exit, applied.exit) == (0, 0)
    for ended in (planned, applied):
        assert DOUBT in said(ended)
        assert "This account has" not in said(ended)
