"""An open setup and its file: every change is on disk before it counts."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager

from bwtui.domain.answers.answers import Answer, Answers, Source
from bwtui.domain.platform import FoundPlatform, Platform
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Event
from bwtui.domain.runs.setup import (
    EMPTY_SETUP,
    SaveError,
    Setup,
    begun_on,
    belongs_elsewhere,
    changed_platform,
)
from bwtui.store.state import StateFile
from bwtui.store.state_errors import StateError


class OpenSetup:
    """A setup and the file that it is saved in; it may be changed from any thread.

    `file` is `None` for a setup that is not saved. A process that applies a setup holds its lock; without the lock a
    change is written only if no other process holds it and none has changed the file meanwhile.
    """

    def __init__(self, file: StateFile | None, setup: Setup = EMPTY_SETUP) -> None:
        self.file = file
        self.setup = setup
        self._lock = threading.Lock()
        self._connected: tuple[str, str] | None = None
        self.begun_on = begun_on(setup)
        """The platform that something was made on, whatever is answered since; `None` while there is nothing."""

    @property
    def run(self) -> RunState:
        """The state after all events so far."""
        return self.setup.run

    def save_events(self, events: Sequence[Event]) -> None:
        """Write events to the file before anything else happens. Raises `SaveError`."""
        with self._changing():
            self._write(self.setup.after(events))
            self.begun_on = self.begun_on or begun_on(self.setup)

    def save_answers(self, answers: Mapping[str, Answer], bookmark: Bookmark) -> None:
        """Write the answers and the place in the wizard to the file. Raises `SaveError`."""
        with self._changing():
            self._write(self.setup._replace(answers=_as_kept(answers), bookmark=bookmark))

    def save_platform(self, platform: Platform) -> None:
        """Write the platform that was found to the file, if it is one on which voice can be set up.

        Raises `SaveError` if something was made on another, or if it cannot be saved.
        """
        if not platform.is_settled:
            return
        with self._changing():
            self._refuse_other_platform(platform)
            answers = Answers(self.setup.answers).on(FoundPlatform(platform)).given
            if answers != self.setup.answers:
                self._write(self.setup._replace(answers=answers))

    def begin_run(self, account_id: str, base_url: str, answers: Mapping[str, Answer]) -> None:
        """Save the answers and the account that a run is about to work with. Raises `SaveError`."""
        with self._changing():
            answers = _as_kept(answers)
            self._write(self.setup._replace(account_id=account_id, base_url=base_url, answers=answers))

    def start_over(self) -> None:
        """Set the saved file aside, and begin anew with only the connected account. Raises `SaveError`."""
        with self._changing():
            if self.file:
                self.file.start_over()
            account_id, base_url = self._connected or ("", "")
            self.setup = EMPTY_SETUP._replace(account_id=account_id, base_url=base_url)
            self.begun_on = None

    @contextmanager
    def bound_to(self, account_id: str, base_url: str, platform: Platform | None = None) -> Iterator[None]:
        """Bind the setup to an account on a platform, if that is known.

        Raises `SaveError` if it belongs to another for good, or cannot be saved.
        """
        with self._changing():
            if elsewhere := belongs_elsewhere(self.setup, self._name, account_id, base_url):
                raise SaveError(elsewhere)
            self._refuse_other_platform(platform)
            self._write(self.setup._replace(account_id=account_id, base_url=base_url))
            ours = self._connected = (account_id, base_url)
        try:
            yield
        finally:
            if self._connected is ours:
                self._connected = None

    @property
    def _name(self) -> str:
        return self.file.name if self.file else "of this demo"

    def _refuse_other_platform(self, platform: Platform | None) -> None:
        is_ordering = bool(self.run.on_order)
        if changed := changed_platform(self.begun_on, self._name, platform, is_ordering=is_ordering):
            raise SaveError(changed)

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except StateError as error:
                raise SaveError(str(error)) from error

    def _write(self, setup: Setup) -> None:
        """Write to disk, then change `setup`: a change that could not be written has not happened."""
        if self.file and self.file.is_held:
            self.file.save(setup)
        elif self.file:
            with self.file.locked():
                self.file.save_over(self.setup, setup)
        self.setup = setup


def _as_kept(answers: Mapping[str, Answer]) -> dict[str, Answer]:
    """Return answers as a state file names their sources."""
    return {
        key: answer._replace(source=Source.STATE) if answer.source is Source.LOGIN else answer
        for key, answer in answers.items()
    }
