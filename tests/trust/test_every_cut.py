"""bwtui and the account it works on, each a process, killed at every moment that there is; the next run sets it right.

A schedule that fails stands in the message and can be played alone; `--trust-seed` decides what chance decides.
"""

import random
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from support.cli_runner import OAUTH, CliRunner, one_of_each
from support.guide import let_time_pass
from trust.crash_schedules import (
    BY_ITSELF,
    STRIKES,
    BwtuiCrash,
    Schedule,
    SchedulePlayer,
    SimulatorCrash,
    by_chance,
)
from trust.sampling import SHARDS, Sample, Tried

STRIDE = 23
"""Of each kind of moment one in so many is tried, unless all are."""
UNIVERSAL_REQUESTS = range(1, 43)
"""Moments of a run on the Universal Platform of which one of a kind is tried where not all are, else every third.

`test_power_cuts` has a kill at every one of its requests."""
MOST_MOMENTS = 1000
SCHEDULES = 500
A_FEW = 3


@pytest.fixture(scope="module")
def stage() -> Iterator[SchedulePlayer]:
    with SchedulePlayer() as stage:
        yield stage


@contextmanager
def simulate(runner: CliRunner, port: str = "0") -> Iterator[tuple[subprocess.Popen[str], str]]:
    """`bwtui simulate` with a file for its account, and the port that it has."""
    with runner.start("simulate", "--port", port, "--save", "account.json") as process:
        assert process.stdout
        found = re.search(r":(\d+)/api", process.stdout.readline())
        assert found
        try:
            yield process, found[1]
        finally:
            process.kill()


def connect(runner: CliRunner, port: str) -> None:
    runner.environ |= {"BW_ACCOUNT_ID": "9900000", "BW_API_URL": f"http://127.0.0.1:{port}/api", **OAUTH}


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("failure", BY_ITSELF)
def test_wherever_bwtui_is_killed_the_next_run_completes_one_of_each(
    stage: SchedulePlayer, tmp_path: Path, tried: Tried, failure: str, sample: Sample
) -> None:
    for at in sample.moments(STRIDE):
        told = stage.play(Schedule(client=(BwtuiCrash(failure, at),)), tmp_path / str(at))
        assert not told.wrong
        if not told.deaths:
            break
        tried("cuts", 1)
        tried("deaths", len(told.deaths))


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("strike", STRIKES, ids=str)
def test_after_a_kill_around_any_effect_the_next_run_completes_one_of_each(
    stage: SchedulePlayer, tmp_path: Path, tried: Tried, strike: tuple[str, tuple[str, ...]], sample: Sample
) -> None:
    moment, victims = strike
    for at in sample.moments(STRIDE):
        told = stage.play(Schedule(strikes=(SimulatorCrash(moment, at, victims),)), tmp_path / str(at))
        assert not told.wrong
        if not told.deaths:
            break
        tried("cuts", 1)
        tried("deaths", len(told.deaths))


@pytest.mark.timeout(2400)
@pytest.mark.parametrize("moment", [*BY_ITSELF, *STRIKES], ids=str)
def test_on_the_universal_platform_the_next_run_after_a_kill_completes_one_of_each(
    stage: SchedulePlayer,
    tmp_path: Path,
    tried: Tried,
    moment: str | tuple[str, tuple[str, ...]],
    sample: Sample,
) -> None:
    chance = random.Random(f"{sample.seed} {moment}")
    every = range(1 + sample.shard + chance.randrange(3) * SHARDS, MOST_MOMENTS, 3 * SHARDS)
    for at in every if sample.full else [chance.choice(UNIVERSAL_REQUESTS)]:
        if isinstance(moment, str):
            schedule = Schedule(client=(BwtuiCrash(moment, at),))
        else:
            schedule = Schedule(strikes=(SimulatorCrash(moment[0], at, moment[1]),))
        told = stage.play(schedule, tmp_path / str(at), platform="universal")
        assert not told.wrong
        if not told.deaths:
            break
        tried("universal cuts", 1)


@pytest.mark.timeout(3600)
def test_however_often_they_are_killed_there_is_one_of_each_in_the_end(
    stage: SchedulePlayer, tmp_path: Path, tried: Tried, sample: Sample
) -> None:
    for number in sample.of(range(SCHEDULES), A_FEW):
        told = stage.play(by_chance(f"{sample.seed}/{number}"), tmp_path / str(number))
        assert not told.wrong, f"schedule {sample.seed}/{number}"
        tried("schedules", 1)
        tried("deaths", len(told.deaths))


def test_without_looking_first_the_same_deaths_leave_something_twice(
    stage: SchedulePlayer, tmp_path: Path
) -> None:
    wrong = [
        stage.play(
            Schedule(strikes=(SimulatorCrash("carried out", at, ("client",)),)),
            tmp_path / str(at),
            careless=True,
        ).wrong
        for at in range(9, 15)
    ]
    assert any(wrong)


@pytest.mark.parametrize("lines", [1, 6, 14])
def test_the_programs_themselves_go_on_after_both_were_killed(runner: CliRunner, lines: int) -> None:
    """No forks here and nothing hurried: the commands that a person would type, killed when so much was told."""
    runner.example()
    with simulate(runner) as (first, port):
        connect(runner, port)
        apply = runner.start("apply", "setup.toml", "--yes", "--json")
        assert apply.stdout
        told = [apply.stdout.readline() for _ in range(lines)]
        apply.kill()
        first.kill()
        apply.communicate()
    assert all(told)
    let_time_pass(runner.states)
    with simulate(runner, port) as (_, again):
        ended = runner.run("apply", "setup.toml", "--yes", "--json").told()
        assert ended.exit == 0, ended.err
        one_of_each(f"http://127.0.0.1:{again}")
