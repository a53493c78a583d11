"""Setups of a simulated account are apart from the person's own, and last as long as the account."""

import json
import shlex
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest

from support.cli_runner import SECONDS, CliRunner


class Announced(dict[str, str]):
    """The variables that the lines of the simulator export."""

    @property
    def setups(self) -> Path:
        return Path(self["BWTUI_STATE_DIR"])

    err = ""
    """What it has said on standard error, once it has ended."""


@contextmanager
def simulating(runner: CliRunner, *options: str, port: str = "0") -> Iterator[Announced]:
    process = runner.start("simulate", "--port", port, *options)
    announced = Announced()
    try:
        assert process.stdout
        while "BWTUI_STATE_DIR" not in announced:
            line = process.stdout.readline()
            assert line, "it ended before it was ready"
            if line.startswith("export "):
                [exported] = shlex.split(line.removeprefix("export "))
                name, _, value = exported.partition("=")
                announced[name] = value
        yield announced
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    finally:
        process.kill()
        announced.err = process.communicate(timeout=SECONDS)[1]


def pasted(runner: CliRunner, announced: Announced) -> CliRunner:
    """The shell in which the lines were pasted."""
    return replace(runner, environ=dict(announced))


def port_of(announced: Announced) -> str:
    return announced["BW_API_URL"].rpartition(":")[2]


def test_setups_made_with_its_lines_are_apart_from_the_persons_own_and_end_with_it(runner: CliRunner) -> None:
    runner.example()
    with simulating(runner) as announced:
        applied = pasted(runner, announced).run("apply", "setup.toml", "--yes").told()
        assert applied.exit == 0, applied.err
        assert [path.name for path in announced.setups.glob("*.json")] == ["default.json"]
        assert not runner.states.exists()
    assert not announced.setups.exists()
    assert announced.err == ""


def test_setups_of_an_account_that_is_saved_are_kept_beside_it(runner: CliRunner) -> None:
    runner.example()
    save = ("--save", "my account.json")
    with simulating(runner, *save) as announced:
        applied = pasted(runner, announced).run("apply", "setup.toml", "--yes").told()
        assert applied.exit == 0, applied.err
    with simulating(runner, *save, port=port_of(announced)) as again:
        assert again.setups == announced.setups == runner.home / "my account.json.setups"
        verified = pasted(runner, again).run("verify").told()
        assert verified.exit == 0, verified.err


@pytest.mark.parametrize(
    ("account_id", "base_url"),
    [("5001234", "https://api.bandwidth.com/api"), ("9900000", "https://api.bandwidth.com/api")],
)
def test_a_setup_of_another_account_is_left_there_and_named(
    runner: CliRunner, account_id: str, base_url: str
) -> None:
    with simulating(runner) as announced:
        announced.setups.mkdir(parents=True)
        real = announced.setups / "real.json"
        real.write_text(json.dumps({"account_id": account_id, "base_url": base_url}), "utf-8")
    assert real.exists()
    assert f"{real.parent} has setups that may be of another account" in " ".join(announced.err.split())


def test_what_a_killed_simulator_has_left_is_not_taken_for_the_next_ones(runner: CliRunner) -> None:
    left = runner.home / ".local" / "state" / "bwtui-simulator"
    with simulating(runner) as first:
        assert first.setups.parent == left
    first.setups.mkdir(parents=True)
    of_the_killed_one = {"account_id": "9900000", "base_url": first["BW_API_URL"]}
    (first.setups / "default.json").write_text(json.dumps(of_the_killed_one), "utf-8")
    with simulating(runner, port=port_of(first)) as second:
        assert second.setups == first.setups
        assert not second.setups.exists()


def test_who_is_served_elsewhere_is_told_no_folder_of_this_machine(runner: CliRunner) -> None:
    process = runner.start("simulate", "--port", "0", "--host", "0.0.0.0")
    try:
        assert process.stdout
        said = ""
        while "Warning" not in said:
            said += process.stdout.readline()
        process.terminate()
        said += process.stdout.read()
    finally:
        process.kill()
        process.communicate(timeout=SECONDS)
    assert "export BW_CLIENT_SECRET" in said
    assert "BWTUI_STATE_DIR" not in said
