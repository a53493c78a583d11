"""Files: whatever is wrong with the state, its folder, its lock or its disk is told, and nothing is lost in silence."""

import errno
import fcntl
import os
import random
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

from bwtui.domain.runs.setup import Setup
from bwtui.simulator.server import RunningSimulator
from bwtui.store.state import StateFile
from bwtui.store.state_errors import Damaged, Newer, Unreadable, Unwritable
from bwtui.store.state_format import Wrong, WrongVersion, from_bytes
from support.cli_runner import CliRunner, fault, held, log, one_of_each
from support.guide import TESTS, guide_answers, let_time_pass
from support.pty_screen import screen
from support.waiting import wait_until
from trust.crash_schedules import BwtuiCrash, Schedule, SchedulePlayer
from trust.sampling import Sample, Tried

APPLY: Final = ("apply", "setup.toml", "--yes", "--json")
SETUP: Final = Setup(
    account_id="9900000", base_url="https://api.bandwidth.com/api", answers=guide_answers().given
)
COMMANDS: Final = (
    APPLY,
    ("status",),
    ("verify", "--json"),
    ("plan", "setup.toml"),
    ("export", "--format", "env"),
)
STRIDE: Final = 29


@pytest.fixture(scope="module")
def stage() -> Iterator[SchedulePlayer]:
    with SchedulePlayer() as stage:
        yield stage


@pytest.fixture
def finished(connected: CliRunner) -> CliRunner:
    """A runner with a setup that is done."""
    assert connected.run(*APPLY).exit == 0
    return connected


# --- The disk --------------------------------------------------------------------------------------------------


@pytest.mark.timeout(1200)
@pytest.mark.parametrize("trouble", ["full", "read-only", "broken"])
def test_wherever_the_disk_fails_it_is_told_and_the_next_run_completes_one_of_each(
    stage: SchedulePlayer, tmp_path: Path, tried: Tried, trouble: str, sample: Sample
) -> None:
    for at in sample.moments(STRIDE):
        told = stage.play(Schedule(client=(BwtuiCrash(trouble, at),)), tmp_path / str(at))
        assert not told.wrong
        if told.runs == 1:
            break
        assert re.search(r"default\.(json|lock) cannot be (written|locked)|: cannot be", told.said), told.said
        tried("disks", 1)


@pytest.mark.parametrize("blocks", [1, 4, 8])
def test_where_a_write_fails_for_real_it_is_told_and_the_next_run_finishes(
    connected: CliRunner, simulator: RunningSimulator, blocks: int
) -> None:
    limited = ("/bin/sh", "-c", f'ulimit -f {blocks}; exec "$0" "$@"', sys.executable, "-m", "bwtui")
    ended = connected.run(*APPLY, launcher=limited).told()
    assert ended.exit == 1
    assert "cannot be written: File too large." in ended.err
    let_time_pass(
        connected.states
    )  # a request whose outcome could not be written might still take effect for a while
    assert connected.run(*APPLY).told().exit == 0
    one_of_each(simulator.origin)


# --- Damage ----------------------------------------------------------------------------------------------------


def test_a_file_with_any_bit_turned_is_never_taken_for_whole(
    finished: CliRunner, tried: Tried, sample: Sample
) -> None:
    """Not even where it would be JSON all the same, such as in the id of an order."""
    whole = (finished.states / "default.json").read_bytes()
    bits = [*range(8 * len(whole))]
    for bit in sample.of(bits, 2000):
        damaged = bytearray(whole)
        damaged[bit // 8] ^= 1 << bit % 8
        with pytest.raises((Wrong, WrongVersion)):
            from_bytes(bytes(damaged))
        tried("damage", 1)


def test_a_file_that_is_cut_anywhere_or_has_anything_in_it_is_never_taken_for_whole(
    finished: CliRunner, tried: Tried, sample: Sample
) -> None:
    whole = (finished.states / "default.json").read_bytes()
    chance = random.Random(sample.seed)
    for length in sample.of(range(len(whole) - 1), 500):
        noise = chance.randbytes(chance.randint(1, 40))
        for damaged in (
            whole[:length],
            whole[:length] + noise + whole[length + len(noise) :],
            whole[length + 1 :],
        ):
            if damaged == whole:  # The random byte may be the one that stood there.
                continue
            with pytest.raises((Wrong, WrongVersion)):
                from_bytes(damaged)
            tried("damage", 1)


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_every_command_tells_of_a_damaged_file_and_sets_it_aside(
    finished: CliRunner, simulator: RunningSimulator, command: tuple[str, ...]
) -> None:
    path = finished.states / "default.json"
    damaged = path.read_bytes().replace(b'"order_id": "', b'"order_id": "0', 1)
    path.write_bytes(damaged)
    before = len(log(simulator.origin))
    ended = finished.run(*command).told()
    assert ended.exit == 1
    assert "is damaged (its checksum does not match). It was set aside as " in ended.err
    (aside,) = finished.states.glob("*.damaged-*")
    assert aside.read_bytes() == damaged
    assert len(log(simulator.origin)) == before, "nothing was sent"


@pytest.mark.parametrize("command", COMMANDS, ids=str)
def test_no_command_touches_the_file_of_a_later_version(
    finished: CliRunner, command: tuple[str, ...]
) -> None:
    path = finished.states / "default.json"
    newer = path.read_bytes().replace(b'"version": 4', b'"version": 5')
    path.write_bytes(newer)
    ended = finished.run(*command).told()
    assert ended.exit == 1
    assert "Upgrade bwtui, or use another --name." in ended.err
    assert path.read_bytes() == newer


@pytest.mark.parametrize("version", ["version_1.json", "version_2.json", "version_3.json"])
def test_files_of_older_versions_are_read_by_the_commands(runner: CliRunner, version: str) -> None:
    runner.states.mkdir()
    (runner.states / "default.json").write_bytes((TESTS / "store" / version).read_bytes())
    ended = runner.run("status").told()
    assert ended.exit == 1, "it is not finished"
    assert "2297" in ended.out


# --- Others ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["default.json", "default.lock"])
@pytest.mark.parametrize(
    "how", ["a symbolic link", "a dangling link", "a hard link", "a pipe", "a folder", "a loop"]
)
def test_what_stands_in_place_of_a_file_is_neither_followed_nor_changed(
    connected: CliRunner, simulator: RunningSimulator, tried: Tried, name: str, how: str
) -> None:
    precious = connected.home / "precious"
    precious.write_text('{"of": "somebody"}')
    connected.states.mkdir()
    place = connected.states / name
    match how:
        case "a symbolic link":
            place.symlink_to(precious)
        case "a dangling link":
            place.symlink_to(connected.home / "nowhere")
        case "a hard link":
            place.hardlink_to(precious)
        case "a pipe":
            os.mkfifo(place)
        case "a folder":
            place.mkdir()
        case "a loop":
            place.symlink_to(place)
    ended = connected.run(*APPLY).told()
    assert ended.exit == 1, ended.err
    assert str(place) in ended.err
    assert precious.read_text() == '{"of": "somebody"}'
    assert not (connected.home / "nowhere").exists()
    assert log(simulator.origin) == []
    tried("attacks", 1)


def test_a_folder_that_is_a_link_keeps_what_it_leads_to(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    """It is the person's own to put the folder on another disk."""
    elsewhere = connected.home / "disk"
    elsewhere.mkdir(mode=0o755)
    connected.states.symlink_to(elsewhere)
    assert connected.run(*APPLY).told().exit == 0
    one_of_each(simulator.origin)
    assert (elsewhere / "default.json").stat().st_mode & 0o777 == 0o600
    assert elsewhere.stat().st_mode & 0o777 == 0o755


@pytest.mark.parametrize("mask", [0o000, 0o077, 0o777])
def test_open_folders_above_give_away_nothing(connected: CliRunner, tried: Tried, mask: int) -> None:
    connected.home.chmod(0o777)
    launcher = ("/bin/sh", "-c", f'umask {mask:o}; exec "$0" "$@"', sys.executable, "-m", "bwtui")
    assert connected.run(*APPLY, launcher=launcher).told().exit == 0
    for path in (connected.states, *connected.states.iterdir()):
        assert path.stat().st_mode & 0o077 == 0, path
    tried("attacks", 1)


@pytest.mark.parametrize("owned", ["default.json", "default.lock"])
def test_a_file_of_another_user_is_not_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, owned: str
) -> None:
    file = StateFile(tmp_path)
    (tmp_path / owned).write_text("{}")
    monkeypatch.setattr(os, "geteuid", lambda: os.getuid() + 1)
    with pytest.raises((Unreadable, Unwritable)), file.locked():
        file.load()
    assert (tmp_path / owned).read_text() == "{}"


# --- Locks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [errno.ENOLCK, errno.EOPNOTSUPP, errno.ENOSYS, errno.EIO])
def test_where_there_are_no_locks_nothing_is_begun(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """As on some network file systems: two runs at once would buy twice."""

    def refuse(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with (
        pytest.raises(Unwritable, match=r"default\.lock cannot be locked: .*--state-dir"),
        StateFile(tmp_path).locked(),
    ):
        pytest.fail("it was taken for locked")


def test_while_the_wizard_is_open_apply_says_who_holds_the_setup(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    with screen(connected) as shown:
        shown.expect("bwtui")
        wait_until((connected.states / "default.lock").exists)
        ended = connected.run(*APPLY).told()
        assert ended.exit == 4, ended.err
        assert f"in use by process {shown.process.pid} on " in ended.err
        assert not [entry for entry in log(simulator.origin) if entry["method"] != "GET"]
        shown.process.kill()
        shown.end()
    assert connected.run(*APPLY).told().exit == 0, "a dead process holds nothing"
    one_of_each(simulator.origin)


def test_while_apply_is_at_work_the_wizard_says_who_holds_the_setup(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    fault(simulator, '[[fault]]\naction = "order"\noutcome = "RECEIVED"')
    with connected.start(*APPLY) as process:
        wait_until(lambda: bool(held(simulator.origin)["orders"]))
        with screen(connected) as shown:
            assert shown.end() == 4
            assert f"in use by process {process.pid} on " in shown.text.replace("\n", "")
        process.kill()
    assert len(held(simulator.origin)["orders"]) == 1


def test_one_of_many_processes_works_and_the_others_say_so(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    processes: list[subprocess.Popen[str]] = [connected.start(*APPLY) for _ in range(5)]
    ends = []
    for process in processes:
        _, err = process.communicate(timeout=60)
        assert "Traceback" not in err
        ends.append(process.returncode)
    assert set(ends) <= {0, 4}
    assert 0 in ends
    one_of_each(simulator.origin)


def test_saving_over_a_damaged_or_newer_file_is_refused(tmp_path: Path) -> None:
    file = StateFile(tmp_path)
    file.save(SETUP)
    for content, error in ((b"garbage", Damaged), (b'{"version": 99}', Newer)):
        file.path.write_bytes(content)
        with pytest.raises(error):
            file.save(SETUP)
        assert content in {path.read_bytes() for path in tmp_path.iterdir()}
