"""Files of ours are read, and nothing else that stands at their place: no link, no pipe, no folder, no other user's file."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from bwtui.domain.runs.setup import SaveError
from bwtui.domain.trials.trial import TrialKind
from bwtui.store.listener_file import listener_path, read_listener
from bwtui.store.private_folder import PrivateFolder
from bwtui.store.redirect_file import read_redirection
from bwtui.store.setup_folder import redirect_path
from bwtui.store.state import StateFile
from bwtui.store.state_errors import StateError
from bwtui.store.trial_file import TrialFile
from bwtui.store.trusted_read import NotOurs, read_own


def _link(path: Path) -> None:
    path.with_name("elsewhere").write_bytes(b"{}")
    path.symlink_to("elsewhere")


def _given_away(path: Path) -> None:
    path.write_bytes(b"{}")
    os.chown(path, 12345, -1)


def _open_files() -> int:
    return sum(1 for _ in Path("/dev/fd").iterdir())


SPOILT = pytest.mark.parametrize(
    ("spoil", "what"),
    [
        (_link, "is a symbolic link"),
        (os.mkfifo, "is no plain file"),
        (os.mkdir, "is no plain file"),
        pytest.param(
            _given_away,
            "belongs to another user",
            marks=pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away"),
        ),
    ],
    ids=["link", "pipe", "folder", "given away"],
)


def test_a_file_of_our_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "file"
    with pytest.raises(FileNotFoundError):
        read_own(path)
    path.write_bytes(b"content")
    assert read_own(path) == b"content"


@SPOILT
def test_what_is_not_ours_is_refused_and_left_open_by_nobody(
    tmp_path: Path, spoil: Callable[[Path], None], what: str
) -> None:
    path, before = tmp_path / "file", _open_files()
    spoil(path)
    with pytest.raises(NotOurs) as refused:
        read_own(path)
    assert refused.value.strerror == what
    assert _open_files() == before


@SPOILT
def test_each_private_file_says_why_it_is_not_read(
    tmp_path: Path, spoil: Callable[[Path], None], what: str
) -> None:
    folder = tmp_path / "private"
    folder.mkdir(0o700)
    places: dict[Path, Callable[[], object]] = {
        folder / "default.json": StateFile(folder).load,
        folder / "default.tries": lambda: TrialFile(folder, "default").last(TrialKind.CALL),
        redirect_path(folder, "default"): lambda: read_redirection(folder, "default"),
        folder / "secrets.json": lambda: PrivateFolder(folder).read("secrets.json"),
    }
    for path, read in places.items():
        (folder / "elsewhere").unlink(missing_ok=True)
        spoil(path)
        with pytest.raises((StateError, SaveError), match=what):
            read()


@SPOILT
def test_a_listener_file_that_is_not_ours_leads_to_no_listener(
    tmp_path: Path, spoil: Callable[[Path], None], what: str
) -> None:
    spoil(listener_path(tmp_path, "default"))
    assert read_listener(tmp_path, "default") is None, what
