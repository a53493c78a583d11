"""The state of a setup: one JSON file, written whole, locked while a run is in progress, never a secret in it.

Everything here is for one machine and one user: the lock is the kernel's, so that it ends with its holder.
"""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from bwtui.domain.runs.setup import EMPTY_SETUP, Setup, why_no_setup_name
from bwtui.store.atomic_write import sync_folder
from bwtui.store.lock_file import held_lock
from bwtui.store.setup_folder import write_private
from bwtui.store.state_errors import BadName, Changed, Damaged, Locked, Newer, Unreadable, told
from bwtui.store.trusted_read import NotOurs, read_own


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
        write_private(self.path, data)
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
        with told(self.path, "cannot be set aside"):
            aside = self._move_aside("started-over")
        self._written = b""
        return aside

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the setup's lock. The kernel releases it when the process ends, however it ends."""
        lock = self.path.with_name(f"{self.name}.lock")
        command = " ".join([Path(sys.argv[0]).name, *sys.argv[1:]])
        with held_lock(lock, (self.path,), self._in_use, command=command):
            self.is_held = True
            try:
                yield
            finally:
                self.is_held = False

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

    def _in_use(self, holder: str) -> Locked:
        return Locked(
            f"The setup “{self.name}” is in use by {holder}. "
            "Wait for it or stop it, then run this again; or use another --name."
        )


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
