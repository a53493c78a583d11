"""Saved logins on disk: whole or not at all, by one process at a time, and nothing of a secret where it failed."""

import fcntl
import json
from collections.abc import Callable
from pathlib import Path

import pytest

from bwtui.domain.runs.setup import SaveError
from bwtui.domain.values.secret import Secret
from bwtui.domain.values.secret_expiry import expiry_doubt, last_day
from bwtui.store.logins import Kept, Logins, NotKept, SavedLogin
from bwtui.store.logins_folder import logins_folder
from bwtui.store.private_folder import PrivateFolder

HERE = "https://api.bandwidth.com/api"


def login(name: str, user: str = "me") -> SavedLogin:
    return SavedLogin(name, "9900000", HERE, oauth=True, user=user, kept=Kept.FILE)


@pytest.fixture
def logins(tmp_path: Path) -> Logins:
    return Logins(tmp_path / "config" / "logins")


def test_what_was_saved_is_read_back_and_the_last_one_is_last(logins: Logins) -> None:
    for name in ("one", "two", "one"):
        assert logins.save(login(name), Secret(f"secret of {name}")) == ""
    assert list(logins.all()) == ["two", "one"]
    assert logins.secret(logins.all()["two"]) == Secret("secret of two")


@pytest.mark.parametrize("name", ["secrets.json", "logins.json"])
def test_a_login_that_cannot_be_written_leaves_the_older_ones_and_none_of_its_secret(
    logins: Logins, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    logins.save(login("work"), Secret("older"))
    write: Callable[[PrivateFolder, str, bytes], None] = PrivateFolder.write
    failed: list[str] = []

    def fail(folder: PrivateFolder, file: str, data: bytes) -> None:
        if file == name and not failed:
            failed.append(file)
            raise SaveError("the disk is full")
        write(folder, file, data)

    monkeypatch.setattr(PrivateFolder, "write", fail)
    with pytest.raises(SaveError, match="the disk is full"):
        logins.save(login("work", user="another"), Secret("newer"))
    assert failed
    assert logins.secret(logins.all()["work"]) == Secret("older")
    assert "newer" not in logins.secrets_path.read_text("utf-8")


def test_nobody_else_can_save_while_one_is_saved(logins: Logins, monkeypatch: pytest.MonkeyPatch) -> None:
    write: Callable[[PrivateFolder, str, bytes], None] = PrivateFolder.write
    held = []

    def look(folder: PrivateFolder, file: str, data: bytes) -> None:
        with (folder.path / "lock").open("rb") as other, pytest.raises(BlockingIOError):
            fcntl.flock(other, fcntl.LOCK_EX | fcntl.LOCK_NB)
        held.append(file)
        write(folder, file, data)

    monkeypatch.setattr(PrivateFolder, "write", look)
    logins.save(login("work"), Secret("one"))
    assert held == ["secrets.json", "logins.json"], "the secret first"


def test_what_a_killed_process_has_half_written_is_removed(logins: Logins) -> None:
    logins.save(login("work"), Secret("one"))
    left_over = logins.secrets_path.with_name(".secrets.json.0badcafe.tmp")
    left_over.write_text("half a sec", encoding="utf-8")
    logins.save(login("other"), Secret("two"))
    assert not left_over.exists()


def test_a_file_of_another_version_is_left_and_told(logins: Logins) -> None:
    logins.save(login("work"), Secret("one"))
    path = logins.secrets_path.with_name("logins.json")
    told = json.dumps(json.loads(path.read_text("utf-8")) | {"v": 2})
    path.write_text(told, encoding="utf-8")
    with pytest.raises(SaveError, match="was written by another version of bwtui"):
        logins.all()
    with pytest.raises(SaveError):
        logins.save(login("other"), Secret("two"))
    assert path.read_text("utf-8") == told


def test_a_folder_that_is_a_link_is_refused(tmp_path: Path, logins: Logins) -> None:
    logins.save(login("work"), Secret("one"))
    (tmp_path / "link").symlink_to(tmp_path / "config" / "logins")
    with pytest.raises(SaveError, match="is no plain folder"):
        Logins(tmp_path / "link").all()


def test_a_secret_is_found_under_the_address_of_its_login_alone(logins: Logins) -> None:
    logins.save(login("work"), Secret("one"))
    with pytest.raises(NotKept, match="is not in its file"):
        logins.secret(login("work")._replace(base_url="https://example.com/api"))


def test_the_folder_is_the_one_that_is_chosen_or_the_usual_one(tmp_path: Path) -> None:
    assert logins_folder({"BWTUI_CONFIG_DIR": str(tmp_path)}) == tmp_path / "logins"
    assert logins_folder({}).parts[-2:] == ("bwtui", "logins")


@pytest.mark.parametrize(
    ("today", "words"),
    [
        ("2026-12-16", ""),
        ("2026-12-17", "expires in 14 days, on 2026-12-31"),
        ("2026-12-30", "expires in 1 day, on 2026-12-31"),
        ("2026-12-31", "expires today"),
        ("2027-01-01", "expired on 2026-12-31"),
    ],
)
def test_the_last_day_of_a_secret_is_named_from_two_weeks_before(today: str, words: str) -> None:
    day = last_day(today)
    assert day
    told = expiry_doubt("2026-12-31", day)
    assert words in told
    assert bool(told) == bool(words)
    assert not expiry_doubt("", day)
    assert not expiry_doubt("whenever", day)
