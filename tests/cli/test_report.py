"""`bwtui report` and `--log`: enough to find a fault with, and nothing that is nobody's business."""

import json
import stat
import sys
from collections.abc import Iterator

import pytest

from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from support.cli_runner import CliRunner
from support.linear_talk import CONNECTING, pipe
from support.pty_process import terminal
from trust.canaries import CALLBACKS, CLIENT, WITH_CALLBACKS, found_below, found_in

OAUTH = {"BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": CLIENT}


@pytest.fixture
def guarded() -> Iterator[RunningSimulator]:
    """An account whose secret is a canary."""
    with RunningSimulator(Settings(client_secret=CLIENT)) as running:
        yield running


@pytest.fixture
def applied(runner: CliRunner, guarded: RunningSimulator) -> CliRunner:
    """A runner that has set everything up, and has logged it."""
    runner.example(*WITH_CALLBACKS)
    runner.connect(guarded, OAUTH | CALLBACKS)
    done = runner.run("apply", "setup.toml", "--yes", "--log", "log.jsonl").told()
    assert done.exit == 0, done.err
    return runner


def number_of(runner: CliRunner) -> str:
    (number,) = runner.run("status", "--json").result["outputs"]["numbers"]
    return str(number).removeprefix("+1")


def test_a_report_has_versions_variables_state_and_requests_and_no_secret_and_no_number(
    applied: CliRunner, guarded: RunningSimulator
) -> None:
    ended = applied.run("report", "--log", "log.jsonl").told()
    assert ended.exit == 0
    number = number_of(applied)
    assert number not in ended.out
    assert number[-4:] in ended.out
    assert not found_in(ended.out.encode(), guarded.account.tokens)
    for word in (
        "bwtui ",
        "Python ",
        "textual ",
        "BW_CLIENT_SECRET is set",
        "LANG=C.UTF-8",
        "stdout: no terminal",
        "theme: none was chosen",
        '"type": "verified"',
        '"site.name"',
        "POST",
    ):
        assert word in ended.out


def test_a_secret_that_somebody_has_put_into_an_answer_is_masked(applied: CliRunner) -> None:
    ended = applied.run("report", BW_PASSWORD="SetupTest").told()
    assert "SetupTest" not in ended.out


def test_a_report_is_shown_and_written_to_a_new_file_only(applied: CliRunner) -> None:
    ended = applied.run("report", "--out", "report.txt").told()
    assert ended.exit == 0
    assert (applied.home / "report.txt").read_text("utf-8") == ended.out
    again = applied.run("report", "--out", "report.txt").told()
    assert again.exit == 1
    assert "is there already and was left as it is" in again.err


def test_a_damaged_state_is_reported_and_left_where_it_is(runner: CliRunner) -> None:
    runner.states.mkdir()
    (runner.states / "default.json").write_text("{", encoding="utf-8")
    ended = runner.run("report").told()
    assert ended.exit == 0
    assert "default.json is damaged" in ended.out
    assert [file.name for file in runner.states.iterdir()] == ["default.json"]


def test_a_log_has_a_line_for_each_request_with_its_answer_and_no_secret(
    applied: CliRunner, guarded: RunningSimulator
) -> None:
    file = applied.home / "log.jsonl"
    lines = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert "token" in {line["operation"] for line in lines}
    assert any(
        line["method"] == "POST" and line["status"] == 201 and "<Site" in line["request"] for line in lines
    )
    assert not found_below(applied.home, guarded.account.tokens)


def test_a_log_goes_on_where_it_ended(applied: CliRunner) -> None:
    file = applied.home / "log.jsonl"
    before = file.read_bytes()
    assert applied.run("verify", "--log", "log.jsonl").told().exit == 0
    assert file.read_bytes().startswith(before)
    assert file.stat().st_size > len(before)


def test_a_log_that_is_a_link_is_refused_before_anything_is_sent(
    runner: CliRunner, guarded: RunningSimulator
) -> None:
    runner.example()
    runner.connect(guarded, OAUTH)
    (runner.home / "elsewhere").write_text("kept", encoding="utf-8")
    (runner.home / "log.jsonl").symlink_to(runner.home / "elsewhere")
    ended = runner.run("apply", "setup.toml", "--yes", "--log", "log.jsonl").told()
    assert ended.exit == 1
    assert "was left as it is" in ended.err
    assert (runner.home / "elsewhere").read_text("utf-8") == "kept"
    assert not guarded.account.tokens


@pytest.mark.parametrize(("answer", "written"), [("y\r", True), ("\r", False)])
def test_on_a_terminal_a_report_is_written_only_after_a_yes(
    runner: CliRunner, answer: str, *, written: bool
) -> None:
    with terminal(runner, "report", "--out", "report.txt") as shown:
        shown.expect("Write this to report.txt?").type(answer)
        assert shown.end() == 0
    assert (runner.home / "report.txt").exists() is written


def test_the_wizard_keeps_a_log_too(runner: CliRunner, guarded: RunningSimulator) -> None:
    runner.connect(guarded, OAUTH)
    pipe(runner, CONNECTING, "--linear", "--log", "log.jsonl")
    assert '"operation": "token"' in (runner.home / "log.jsonl").read_text("utf-8")
    assert not found_below(runner.home, guarded.account.tokens)


SMALL_DISK = ("sh", "-c", 'ulimit -f 64; exec "$0" -m bwtui "$@"', sys.executable)
"""A launcher under which no file grows beyond 64 KiB."""


@pytest.mark.parametrize("command", [("plan", "setup.toml", "--live"), ("apply", "setup.toml", "--yes")])
def test_a_log_that_takes_nothing_more_is_told_once_and_stops_nothing(
    connected: CliRunner, command: tuple[str, ...]
) -> None:
    (connected.home / "log.jsonl").write_text("x" * 65_536)
    ended = connected.run(*command, "--log", "log.jsonl", launcher=SMALL_DISK).told()
    assert ended.exit == 0, ended.err
    assert ended.err.count("log.jsonl takes nothing more: ") == 1, ended.err
    assert "The rest is not in the log." in ended.err


def test_a_log_that_takes_nothing_more_is_told_once_the_wizard_was_left(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    (runner.home / "log.jsonl").write_text("x" * 65_536)
    typed = "".join(f"{answer}\n" for _, answer in CONNECTING)
    ended = runner.connect(simulator).run("--linear", "--log", "log.jsonl", launcher=SMALL_DISK, typed=typed)
    assert ended.told().out.count("log.jsonl takes nothing more: ") == 1, ended
