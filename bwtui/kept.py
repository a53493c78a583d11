"""What is kept of a setup while the wizard is open: its state file, and the files that somebody asks for."""

import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Final

from bwtui.domain.answers import Answer, Answers
from bwtui.domain.bookmark import Bookmark
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.run import Event
from bwtui.domain.setup import Setup
from bwtui.services import NotKept
from bwtui.session import foreign
from bwtui.store.state import StateError, StateFile

NEW: Final = Setup(account_id="", base_url="")
"""A setup of which nothing is known yet."""


class Kept:
    """A setup and the file that it is in, `None` for one that is forgotten. Written whole, from any thread."""

    def __init__(self, file: StateFile | None, setup: Setup) -> None:
        self.setup = setup
        self._file = file
        self._lock = threading.Lock()
        self._connected: tuple[str, str] | None = None

    def keep(self, events: Sequence[Event]) -> None:
        """Write events down before anything else happens. Raises `NotKept`."""
        with self._changing():
            self._write(self.setup.after(events))

    def save(self, answers: Mapping[str, Answer], bookmark: Bookmark) -> None:
        """Write the answers and the place down. Raises `NotKept`."""
        with self._changing():
            self._write(self.setup._replace(answers=dict(answers), bookmark=bookmark))

    def start_over(self) -> None:
        """Set aside what is kept, and begin with nothing but the account that is connected. Raises `NotKept`."""
        with self._changing():
            if self._file:
                self._file.start_over()
            account_id, base_url = self._connected or ("", "")
            self.setup = NEW._replace(account_id=account_id, base_url=base_url)

    @contextmanager
    def connected(self, account_id: str, base_url: str) -> Iterator[None]:
        """Belong to an account; one that something was made on belongs to it for good. Raises `NotKept`."""
        with self._changing():
            name = self._file.name if self._file else "of this demo"
            if told := foreign(self.setup, name, account_id, base_url):
                raise NotKept(told)
            self._write(self.setup._replace(account_id=account_id, base_url=base_url))
            ours = self._connected = (account_id, base_url)
        try:
            yield
        finally:
            if self._connected is ours:
                self._connected = None

    @contextmanager
    def _changing(self) -> Iterator[None]:
        with self._lock:
            try:
                yield
            except StateError as error:
                raise NotKept(str(error)) from error

    def _write(self, setup: Setup) -> None:
        """On disk first: what could not be written has not happened."""
        if self._file:
            self._file.save(setup)
        self.setup = setup


def save_answers(path: Path, answers: Answers) -> None:
    """Write an answers file, whole or not at all, and never over a file that is there.

    Raises:
        NotKept: it could not be written; the text says why and what to do.
    """
    from bwtui.store.answers_template import write  # noqa: PLC0415

    given = {key: answer for key, answer in answers.given.items() if answer.value or _may_be_empty(key)}
    write_new(path, write(Answers(given)))


def write_new(path: Path, text: str) -> None:
    """Write a file, whole or not at all, and never over one that is there. Raises `NotKept`, as `save_answers` does."""
    path = path.expanduser()
    try:
        with path.open("x", encoding="utf-8") as file:
            try:
                file.write(text)
            except BaseException:
                path.unlink(missing_ok=True)
                raise
    except FileExistsError:
        raise NotKept(f"{path} is there already and was left as it is: choose another name.") from None
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else error
        raise NotKept(f"{path} cannot be written: {why}. Choose another name or folder.") from error


def _may_be_empty(key: str) -> bool:
    """Whether an empty answer says something: it takes a default away that would be sent."""
    question = QUESTIONS[key]
    return isinstance(question, Text) and bool(question.wire)
