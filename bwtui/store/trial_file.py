"""The file of the last trials beside a setup's own, so that none is sent twice: what is about to be sent, and what became of it."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

from bwtui.domain.runs.setup import BusyError, SaveError
from bwtui.domain.trials.trial import Attempt, Stage, TrialKind
from bwtui.store.json_fields import of_another_version
from bwtui.store.lock_file import held_lock
from bwtui.store.setup_folder import write_private
from bwtui.store.state_errors import StateError
from bwtui.store.trusted_read import read_own

_VERSION: Final = 1
_TEXTS: Final = ("kind", "account_id", "application_id", "sender", "to", "tag", "id", "stage", "code", "text")


class TrialFile:
    """The last attempt of each kind; nothing is kept of a setup that is not saved but what this object knows."""

    def __init__(self, folder: Path | None, name: str = "") -> None:
        self._path = folder / f"{name}.tries" if folder else None
        self._name = name
        self._unsaved: dict[TrialKind, Attempt] = {}

    def last(self, kind: TrialKind) -> Attempt | None:
        """Return the last attempt of a kind. Raises `SaveError` for a file that cannot be read or understood."""
        return self._read().get(kind)

    def save(self, attempt: Attempt) -> None:
        """Write an attempt over the last one of its kind; it is on disk when this returns. Raises `SaveError`."""
        kept = {**self._read(), attempt.kind: attempt}
        if self._path is None:
            self._unsaved = kept
            return
        content = {"v": _VERSION, "last": {kind.value: asdict(each) for kind, each in kept.items()}}
        try:
            write_private(self._path, json.dumps(content, indent=1).encode())
        except StateError as error:
            raise SaveError(str(error)) from error

    def update(self, attempt: Attempt) -> None:
        """Write what became of an attempt, unless a later one of its kind was sent meanwhile. Raises `SaveError`."""
        with self._held(waits=True):
            last = self._read().get(attempt.kind)
            if last and last.tag == attempt.tag:
                self.save(attempt)

    @contextmanager
    def sending(self, kind: TrialKind, after: Attempt | None) -> Iterator[None]:
        """Be the only one that sends a trial of this setup, `after` being the last one of its kind.

        Raises `BusyError` if another process sends, or has sent another one meanwhile.
        """
        with self._held(waits=False):
            last = self._read().get(kind)
            if (last and last.tag) != (after and after.tag):
                raise BusyError(
                    f"Another bwtui has sent a {kind} meanwhile. Nothing was sent: run this again."
                )
            yield

    @contextmanager
    def _held(self, *, waits: bool) -> Iterator[None]:
        if self._path is None:
            yield
            return
        lock = self._path.with_name(f"{self._name}.tries-lock")
        try:
            with held_lock(lock, (self._path,), self._in_use, waits=waits):
                yield
        except StateError as error:
            raise SaveError(str(error)) from error

    def _in_use(self, holder: str) -> BusyError:
        return BusyError(
            f"Another bwtui is sending for the setup “{self._name}”: {holder}. Nothing was sent. "
            "Wait for it or stop it, then run this again."
        )

    def _read(self) -> dict[TrialKind, Attempt]:
        if self._path is None:
            return self._unsaved
        try:
            content = json.loads(read_own(self._path))
            if content["v"] != _VERSION:
                raise SaveError(f"{of_another_version(self._path)} Nothing was sent.")
            return {TrialKind(kind): _attempt(each) for kind, each in content["last"].items()}
        except FileNotFoundError:
            return {}
        except (OSError, ValueError, LookupError, TypeError, AttributeError, RecursionError) as error:
            raise self._damaged(error) from error

    def _damaged(self, error: Exception) -> SaveError:
        why = error.strerror if isinstance(error, OSError) else f"{type(error).__name__}"
        return SaveError(
            f"{self._path} cannot be read ({why}), so nobody knows what was sent last. Nothing more is sent. "
            "Look at it, and move it away to begin anew."
        )


def _attempt(told: dict[str, object]) -> Attempt:
    """Return an attempt from its fields; raise for any that is missing, too many or of another sort."""
    before, since = told["before"], told.get("since")
    fits = (
        all(isinstance(told[name], str) for name in _TEXTS)
        and isinstance(told["at"], int | float)
        and isinstance(told["is_told"], bool)
        and isinstance(since, int | float | None)
        and (before is None or (isinstance(before, list) and all(isinstance(each, str) for each in before)))
    )
    if not fits:
        raise TypeError("a field is of another sort")
    read: dict[str, Any] = {**told, "kind": TrialKind(str(told["kind"])), "stage": Stage(str(told["stage"]))}
    return Attempt(**{**read, "before": None if before is None else tuple(read["before"])})
