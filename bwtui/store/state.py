"""The state of a setup: one JSON file, written whole, locked while a run is in progress, never a secret in it.

    StateError
    ├── BadName      the name cannot be a file's name
    ├── Unreadable   the file exists but cannot be read, or must not be trusted: a link, another user's
    ├── Damaged      the file is not a valid state; it was set aside
    ├── Newer        another bwtui, mostly a later one, wrote it; it was left alone
    ├── Changed      another process has written it since it was read
    ├── Locked       another process works on it
    └── Unwritable   the disk is full, the folder is read-only, ...

Everything here is for one machine and one user: the lock is the kernel's, so that it ends with its holder.
"""

import errno
import fcntl
import os
import stat
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, NoReturn

from bwtui.domain.runs.setup import EMPTY_SETUP, Setup, is_setup_name, why_no_setup_name
from bwtui.store.atomic_write import remove_left_over, replace_private, sync_folder
from bwtui.store.own_file import NotOurs, read_own


class StateError(Exception):
    """Raised for a problem with the state file; the text says what to do."""


class BadName(StateError):  # noqa: N818 - named by the problem, like its siblings
    """The name cannot be a file's name."""


class Unreadable(StateError):  # noqa: N818
    """The file exists but cannot be read, or must not be trusted."""


class Damaged(StateError):  # noqa: N818
    """The file is not a valid state. It was set aside, so that its content can still be inspected."""

    def __init__(self, text: str, aside: Path | None) -> None:
        super().__init__(text)
        self.aside = aside
        """Its new path; `None` if it could not be moved."""


class Newer(StateError):  # noqa: N818
    """Another version of bwtui, usually a later one, wrote the file; this one does not know all of its content."""


class Changed(StateError):  # noqa: N818
    """Another process has written the file since it was read."""


class Locked(StateError):  # noqa: N818
    """Another process works on this setup."""


class Unwritable(StateError):  # noqa: N818
    """The file, its folder or its lock could not be written."""


def state_folder(chosen: str | None) -> Path:
    """Return the folder of state files: the chosen one, else the platform's usual one."""
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_state_path  # noqa: PLC0415 - start-up time is budgeted

    return user_state_path("bwtui", appauthor=False)


def redirect_path(folder: Path, name: str) -> Path:
    """Return the path of the file that holds a setup's callback URLs while others stand in their place."""
    return folder / f"{name}.redirected.json"


def names(folder: Path) -> tuple[str, ...]:
    """Return the names of the setups in a folder, sorted."""
    with suppress(OSError):
        return tuple(sorted(path.stem for path in folder.glob("*.json") if is_setup_name(path.stem)))
    return ()


class StateFile:
    """The state file of one setup."""

    def __init__(self, folder: Path, name: str = "default") -> None:
        if why := why_no_setup_name(name):
            raise BadName(f"“{name}” cannot name a setup: {why}.")
        self.name = name
        self.path = folder / f"{name}.json"
        self.is_held = False
        """True while this process holds the lock through this object."""
        self._written = b""

    def load(self, *, sets_aside: bool = True) -> Setup | None:
        """Read the setup; `None` if there is no file. A damaged file is set aside before `Damaged` is raised.

        Without `sets_aside` it is left as it is: for who only looks.
        """
        data = self._read()
        if data is None:
            return None
        from bwtui.store.state_format import Wrong, WrongVersion, from_bytes  # noqa: PLC0415 - mostly there is no file yet

        try:
            return from_bytes(data)
        except WrongVersion as error:
            reader = f"bwtui {error.writer} wrote it and can read it. " if error.writer else ""
            raise Newer(
                f"{self.path} was written by another version of bwtui and {error}; it was left as it is. "
                f"{reader}Upgrade bwtui, or use another --name."
            ) from None
        except Wrong as error:
            if not sets_aside:
                raise Damaged(
                    f"{self.path} is damaged ({error}). The next command sets it aside.", None
                ) from error
            raise self._set_aside(str(error)) from error

    def save(self, setup: Setup) -> None:
        """Replace the whole file, in one step that a power cut cannot split.

        A file that was changed meanwhile is read first, so that a damaged or newer one is never overwritten.
        """
        from bwtui.store.state_format import to_bytes  # noqa: PLC0415

        data = to_bytes(setup)
        if self._read() != self._written:
            self.load()
        with _told(self.path, "cannot be written"):
            _make_folder(self.path.parent)
            replace_private(self.path, data)
        self._written = data

    def save_over(self, read: Setup, setup: Setup) -> None:
        """Replace the whole file, unless its content is no longer what was `read`.

        Raises:
            Changed: the content has changed; the file was left as it is.
        """
        if (self.load() or EMPTY_SETUP) != read:
            raise Changed(f"{self.path} was changed by another bwtui meanwhile and left as it is.")
        self.save(setup)

    def start_over(self) -> Path | None:
        """Move the file aside and return its new path; `None` if there is no file. Nothing is deleted."""
        if self._read() is None:
            return None
        with _told(self.path, "cannot be set aside"):
            aside = self._move_aside("started-over")
        self._written = b""
        return aside

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the setup's lock. The kernel releases it when the process ends, however it ends."""
        lock = self.path.with_name(f"{self.name}.lock")
        with _told(lock, "cannot be locked"):
            _make_folder(lock.parent)
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with _told(lock, "cannot be locked"):
                _insist_on_a_lock(os.fstat(descriptor))
                self._take(descriptor)
                sign_lock(descriptor, " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]))
                remove_left_over(self.path)
            self.is_held = True
            yield
            with suppress(OSError):
                os.ftruncate(descriptor, 0)
        finally:
            self.is_held = False
            os.close(descriptor)

    def _read(self) -> bytes | None:
        """Read the bytes of the file; `None` if there is none, refused if it is not ours or cannot be read."""
        try:
            return read_own(self.path)
        except FileNotFoundError:
            return None
        except NotOurs as error:
            self._refuse(f"{error.strerror}")
        except OSError as error:
            self._refuse(f"cannot be read: {error.strerror}")

    def _refuse(self, what: str) -> NoReturn:
        raise Unreadable(
            f"{self.path} {what}; it was left as it is. Put it right, or use another --name or --state-dir."
        )

    def _move_aside(self, why: str) -> Path:
        """Move the file away, never over an earlier one: an empty file of the new name reserves it."""
        stamp = time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        aside = _reserve(self.path.with_name(f"{self.path.name}.{why}-{stamp}"))
        self.path.replace(aside)
        sync_folder(aside.parent)
        return aside

    def _set_aside(self, wrong: str) -> Damaged:
        """Move a damaged file away."""
        try:
            aside = self._move_aside("damaged")
        except OSError as error:
            return Damaged(
                f"{self.path} is damaged ({wrong}) and could not be set aside: {error.strerror}. "
                "Nothing was changed. Move it away yourself, or use another --name.",
                None,
            )
        return Damaged(
            f"{self.path} is damaged ({wrong}). It was set aside as {aside}; nothing else was changed. "
            "Running again starts over, without knowing what this setup has made so far.",
            aside,
        )

    def _take(self, descriptor: int) -> None:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise Locked(
                f"The setup “{self.name}” is in use by {lock_holder(descriptor)}. "
                "Wait for it or stop it, then run this again; or use another --name."
            ) from None


def write_private(path: Path, data: bytes) -> None:
    """Write a file beside a state file, whole or not at all, on disk when this returns. Raises `Unwritable`."""
    with _told(path, "cannot be written"):
        _make_folder(path.parent)
        replace_private(path, data)


def private_file(path: Path) -> int:
    """Open a file beside a state file for writing, made if it is missing; no link is followed. Raises `Unwritable`."""
    with _told(path, "cannot be opened"):
        _make_folder(path.parent)
        return os.open(path, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)


# --- The disk --------------------------------------------------------------------------------------------------


_ADVICE: Final = {
    errno.ENOSPC: "Make room on the disk",
    errno.EDQUOT: "Make room in your quota",
    errno.EFBIG: "Raise the limit on the size of files (ulimit -f)",
    errno.ENOLCK: "Choose a folder on a disk of this machine with --state-dir",
    errno.EOPNOTSUPP: "Choose a folder on a disk of this machine with --state-dir",
    errno.EMLINK: "Remove it, or choose another folder with --state-dir",
}


def advice_on(error: OSError, usual: str) -> str:
    """Return what to do about a file that cannot be written; `usual` where the error itself does not tell."""
    return _ADVICE.get(error.errno or 0, usual)


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    """Raise `Unwritable`, with advice, for any `OSError`."""
    try:
        yield
    except OSError as error:
        advice = advice_on(error, "Make it writable, or choose another folder with --state-dir")
        raise Unwritable(
            f"{path} {what}: {error.strerror or error}. {advice}, then run this again."
        ) from error


def _make_folder(folder: Path) -> None:
    """Make the folder, readable by us alone. An existing one keeps its mode, unless it is the default folder."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if folder == state_folder(None):
            _close_to_others(folder)
        return
    folder.chmod(0o700)
    sync_folder(folder.parent)


def _close_to_others(folder: Path) -> None:
    if stat.S_IMODE(folder.stat().st_mode) != 0o700:
        folder.chmod(0o700)


def _reserve(path: Path) -> Path:
    """Make an empty file of this name, or of the first free one after it, and return its path."""
    candidate, count = path, 1
    while True:
        try:
            candidate.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            count += 1
            candidate = path.with_name(f"{path.name}-{count}")
        else:
            return candidate


# --- The content of the lock file: its holder ------------------------------------------------------------------


def _insist_on_a_lock(status: os.stat_result) -> None:
    """Raise `OSError` unless the lock file, which is emptied next, is a plain file of our own with only one name."""
    if not stat.S_ISREG(status.st_mode) or status.st_uid != os.geteuid() or status.st_nlink != 1:
        raise OSError(errno.EMLINK, "it is no plain file of its own")


def sign_lock(descriptor: int, command: str = "") -> None:
    """Write into a lock file who holds it: this process, and the command that it runs if that may be told."""
    import json  # noqa: PLC0415 - start-up time is budgeted

    holder = {
        "pid": os.getpid(),
        "host": os.uname().nodename,
        "since": time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime()),
        "command": command,
    }
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def lock_holder(descriptor: int) -> str:
    """Return the holder that a lock file names; it may be missing for a moment after the lock was taken."""
    import json  # noqa: PLC0415 - needed only for a refusal

    try:
        holder = json.loads(os.pread(descriptor, 65536, 0))
        text = "process {pid} on {host} since {since}".format_map(holder)
        return f"{text} ({holder['command']})" if holder["command"] else text
    except (ValueError, LookupError, TypeError):
        return "another process"
