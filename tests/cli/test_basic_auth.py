"""Commands warn an API user where HTTP Basic ends, by the day that it is."""

import io
from datetime import date

import pytest

from bwtui.cli.interactive import login_for
from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.session import Session
from bwtui.credentials import Given
from bwtui.domain.answers.answers import Answer, Answers, Source
from bwtui.domain.runs.setup import EMPTY_SETUP
from bwtui.simulator.server import RunningSimulator
from bwtui.store.open_setup import OpenSetup
from support.cli_runner import BASIC, OAUTH, CliRunner
from support.days import BEFORE, LONG_AFTER, ON_THE_DAY, noon

BANDWIDTH, SIMULATOR = "https://api.bandwidth.com/api", "http://127.0.0.1:8080/api"


def said(environ: dict[str, str], today: date, address: str = BANDWIDTH) -> str:
    """Return what a command says when it has found the credentials."""
    err = io.StringIO()
    session = Session(
        SetupOptions(), environ, Output(stderr=err), setup=OpenSetup(None, EMPTY_SETUP),
        answers=Answers({"account.base_url": Answer(address, Source.FLAG)}), answers_file=None,
    )  # fmt: skip
    login_for(session, Given(), clock=lambda: noon(today))
    return " ".join(err.getvalue().split())


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (BEFORE, "HTTP Basic ends on 2 December 2026: api.bandwidth.com then refuses"),
        (ON_THE_DAY, "HTTP Basic ended on 2 December 2026: api.bandwidth.com refuses"),
        (LONG_AFTER, "HTTP Basic ended on 2 December 2026: api.bandwidth.com refuses"),
    ],
)
def test_a_command_warns_an_api_user_at_bandwidth(today: date, told: str) -> None:
    assert told in said(BASIC, today)


@pytest.mark.parametrize("today", [BEFORE, LONG_AFTER])
def test_it_warns_nobody_else(today: date) -> None:
    assert said(OAUTH, today) == ""
    assert said(BASIC, today, SIMULATOR) == ""


def test_a_run_with_basic_elsewhere_says_nothing_of_its_end(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.example()
    ended = (
        runner.connect(simulator, BASIC).run("apply", "setup.toml", "--yes", "--platform", "legacy").told()
    )
    assert ended.exit == 0, ended.err
    assert "HTTP Basic" not in ended.err + ended.out
