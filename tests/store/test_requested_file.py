"""A file that the person asks for is there whole or not at all, and never takes the place of another."""

import errno
import os
import resource
import stat
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bwtui.domain.runs.setup import SaveError
from bwtui.store.requested_file import write_new_file

NO_LINKS = pytest.mark.parametrize("knows_links", [True, False], ids=["hard links", "no hard links"])


@pytest.fixture
def knows_links() -> bool:
    return True


@pytest.fixture(autouse=True)
def file_system(monkeypatch: pytest.MonkeyPatch, *, knows_links: bool) -> None:
    if not knows_links:
        monkeypatch.setattr(os, "link", _failing(errno.EPERM))  # as on FAT


def _failing(number: int) -> Callable[..., None]:
    def fail(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    return fail


@contextmanager
def _files_of_at_most(size: int) -> Iterator[None]:
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


@NO_LINKS
def test_it_holds_the_text_and_is_as_open_as_the_person_wants_files(tmp_path: Path) -> None:
    usual = tmp_path / "usual"
    usual.touch()
    write_new_file(tmp_path / "new.txt", "Zoë\n")
    assert (tmp_path / "new.txt").read_bytes() == "Zoë\n".encode()
    assert (tmp_path / "new.txt").stat().st_mode == usual.stat().st_mode
    assert sorted(path.name for path in tmp_path.iterdir()) == ["new.txt", "usual"]


@NO_LINKS
def test_what_is_there_stays(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to("nowhere")
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    before = {path: stat.S_IFMT(path.lstat().st_mode) for path in tmp_path.iterdir()}
    for path in before:
        with pytest.raises(SaveError, match="is there already and was left as it is"):
            write_new_file(path, "ours")
    assert {path: stat.S_IFMT(path.lstat().st_mode) for path in tmp_path.iterdir()} == before
    assert (tmp_path / "file").read_text() == "mine"


@NO_LINKS
@pytest.mark.parametrize("text", ["short", "long" * 10_000])
def test_a_disk_that_is_full_leaves_nothing_and_the_next_try_is_not_refused(
    tmp_path: Path, text: str
) -> None:
    path = tmp_path / "setup.toml"
    with _files_of_at_most(4), pytest.raises(SaveError, match="File too large"):
        write_new_file(path, text)
    assert list(tmp_path.iterdir()) == []
    write_new_file(path, text)
    assert path.read_text() == text


@NO_LINKS
@pytest.mark.parametrize("call", ["write", "fsync", "close"])
@pytest.mark.parametrize("error", [OSError(errno.EIO, "Input/output error"), KeyboardInterrupt()])
def test_whatever_ends_it_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str, error: BaseException
) -> None:
    real = getattr(os, call)

    def fail(*arguments: object) -> None:
        if call == "close":
            real(*arguments)
        raise error

    with monkeypatch.context() as broken:
        broken.setattr(os, call, fail)
        with pytest.raises((SaveError, KeyboardInterrupt)):
            write_new_file(tmp_path / "setup.toml", "text")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("knows_links", [False])
def test_a_name_that_cannot_be_given_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "replace", _failing(errno.EIO))
    with pytest.raises(SaveError, match="Input/output error"):
        write_new_file(tmp_path / "setup.toml", "text")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "name", ["no\0name", "nowhere/setup.toml", "~nobody-of-that-name/setup.toml", "n" * 300]
)
def test_a_name_that_no_file_can_have_is_told(tmp_path: Path, name: str) -> None:
    with pytest.raises(SaveError, match=r"cannot be written: .*Choose another name or folder"):
        write_new_file(Path(name) if name.startswith("~") else tmp_path / name, "text")
    assert list(tmp_path.iterdir()) == []
