"""A person's settings outlast every setup, and nothing breaks where they cannot be read."""

import errno
import os
from pathlib import Path

import pytest

from bwtui.domain.runs.setup import SaveError
from bwtui.store.settings import SettingsFile
from bwtui.store.setup_folder import names


def test_the_theme_is_there_the_next_time(tmp_path: Path) -> None:
    SettingsFile(tmp_path / "state").save_theme("light")
    SettingsFile(tmp_path / "state").save_theme("contrast")
    assert SettingsFile(tmp_path / "state").theme == "contrast"
    assert [path.name for path in (tmp_path / "state").iterdir()] == ["settings.toml"]


@pytest.mark.parametrize("content", [b"", b"theme = 3\n", b'theme = "li', b"\xff\xfe"])
def test_a_file_that_says_nothing_means_no_theme(tmp_path: Path, content: bytes) -> None:
    assert SettingsFile(tmp_path).theme == ""
    (tmp_path / "settings.toml").write_bytes(content)
    assert SettingsFile(tmp_path).theme == ""


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(SaveError, match="The theme cannot be kept"):
        SettingsFile(tmp_path / "file").save_theme("light")


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_a_disk_that_is_full_leaves_the_theme_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    SettingsFile(tmp_path).save_theme("light")

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, call, full)
        with pytest.raises(SaveError, match="No space left on device"):
            SettingsFile(tmp_path).save_theme("contrast")
    assert SettingsFile(tmp_path).theme == "light"
    assert [path.name for path in tmp_path.iterdir()] == ["settings.toml"]


def test_the_settings_are_no_setup(tmp_path: Path) -> None:
    SettingsFile(tmp_path).save_theme("light")
    assert names(tmp_path) == ()
