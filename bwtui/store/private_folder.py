"""A folder of files that are ours alone: refused where they are a link, belong to somebody else or are open to others."""

import fcntl
import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from bwtui.domain.runs.setup import SaveError
from bwtui.store.setup_folder import write_private
from bwtui.store.state_errors import StateError, advice_on
from bwtui.store.trusted_read import NotOurs, open_own


class NotPrivate(SaveError):  # noqa: N818 - named by the problem
    """A file or its folder cannot be trusted, or cannot be read."""


class PrivateFolder:
    """A folder of mode 0700 with files of mode 0600; made when something is written."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self, name: str) -> bytes | None:
        """Return the content of a file; `None` if there is none. Raises `NotPrivate`."""
        path = self.path / name
        try:
            with open_own(path) as file:
                self._insist_on_ours()
                _refuse_unless_ours(path, os.fstat(file.fileno()), 0o600)
                return file.read()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except NotOurs as error:
            raise NotPrivate(f"{path} {error.strerror}, and was not used.") from None
        except OSError as error:
            raise NotPrivate(
                f"{path} cannot be read: {error.strerror}. It was left as it is, and not used."
            ) from None

    def write(self, name: str, data: bytes) -> None:
        """Replace a file in one step; it is on disk when this returns. Raises `SaveError`."""
        try:
            self._make()
            write_private(self.path / name, data)
        except StateError as error:
            raise self._unwritable(error.__cause__) from None
        except OSError as error:
            raise self._unwritable(error) from None

    def remove(self, name: str) -> None:
        """Remove a file; nothing happens if there is none. Raises `SaveError`."""
        try:
            (self.path / name).unlink(missing_ok=True)
        except NotADirectoryError:
            return
        except OSError as error:
            raise self._unwritable(error) from None

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Be the only process that changes these files. Raises `SaveError` if the lock cannot be made."""
        try:
            self._make()
            flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC
            descriptor = os.open(self.path / "lock", flags, 0o600)
        except OSError as error:
            raise self._unwritable(error) from None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX)
            self._sweep()
            yield
        finally:
            os.close(descriptor)

    def _make(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            self.path.mkdir(mode=0o700)
        self._insist_on_ours()

    def _insist_on_ours(self) -> None:
        _refuse_unless_ours(self.path, self.path.lstat(), 0o700)

    def _sweep(self) -> None:
        """Remove what a killed process has left half written: it may hold a secret."""
        for left_over in self.path.glob(".*.????????.tmp"):
            left_over.unlink(missing_ok=True)

    def _unwritable(self, error: BaseException | None) -> SaveError:
        usual = "Make it writable, or set BWTUI_CONFIG_DIR"
        why, advice = (
            (error.strerror, advice_on(error, usual)) if isinstance(error, OSError) else (error, usual)
        )
        return SaveError(f"{self.path} cannot be written: {why}. {advice}.")


def _refuse_unless_ours(path: Path, status: os.stat_result, mode: int) -> None:
    """Refuse what is no file or folder of our own that is closed to others. Raises `NotPrivate`."""
    is_kind = stat.S_ISDIR if mode == 0o700 else stat.S_ISREG
    if not is_kind(status.st_mode):
        raise NotPrivate(f"{path} is no plain {'folder' if mode == 0o700 else 'file'}, and was not used.")
    if status.st_uid != os.geteuid():
        raise NotPrivate(f"{path} belongs to another user, and was not used.")
    if stat.S_IMODE(status.st_mode) & ~mode:
        raise NotPrivate(
            f"{path} is open to others, and was not used: chmod {mode:o} closes it. If somebody may have read a secret "
            "in it, make a new one."
        )
