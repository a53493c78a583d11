"""The state of a setup: one JSON file, written whole, locked while a run is in progress, never a secret in it.

    StateError
    ├── BadName      the name cannot be a file's name
    ├── Unreadable   it is there and cannot be read, or is not to be trusted: a link, another user's
    ├── Damaged      it is no state; it was set aside
    ├── Newer        a later bwtui wrote it; it was left alone
    ├── Locked       another process works on it
    └── Unwritable   the disk is full, the folder is read-only, ...

Everything here is for one machine and one user: the lock is the kernel's, so that it ends with its holder.
"""

import errno
import fcntl
import json
import os
import stat
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Final, NoReturn, TypeVar, assert_never

from bwtui.domain.answers import Answer, Source
from bwtui.domain.bookmark import Bookmark
from bwtui.domain.catalog import QUESTIONS, STEPS
from bwtui.domain.fields import Text
from bwtui.domain.run import Event, Failed, Finished, Kind, Ordered, Problem, RunState, Started

VERSION: Final = 2
"""1 had no bookmark; such a file is read, and written as this version."""

_T = TypeVar("_T")
_Word = TypeVar("_Word", bound=StrEnum)


class StateError(Exception):
    """Something about the state file, in words to act on."""


class BadName(StateError):  # noqa: N818 - named as what is the matter, like its siblings
    """The name cannot be a file's name."""


class Unreadable(StateError):  # noqa: N818
    """The file is there and cannot be read, or is not to be trusted."""


class Damaged(StateError):  # noqa: N818
    """The file is no state. It was set aside, so that what it holds can still be looked at."""

    def __init__(self, text: str, aside: Path | None) -> None:
        super().__init__(text)
        self.aside = aside
        """Where it is now; `None` where it could not be moved."""


class Newer(StateError):  # noqa: N818
    """A later bwtui wrote the file; it was left as it is."""


class Locked(StateError):  # noqa: N818
    """Another process works on this setup."""


class Unwritable(StateError):  # noqa: N818
    """The file, its folder or its lock could not be written."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """All that is kept of one setup."""

    account_id: str
    """The account that it is for; empty until the wizard has connected to one."""
    base_url: str
    """Where that account is; empty as long."""
    answers: Mapping[str, Answer] = field(default_factory=dict)
    bookmark: Bookmark = field(default_factory=Bookmark)
    events: tuple[Event, ...] = ()

    @property
    def run(self) -> RunState:
        """What has happened so far: the fold of the events."""
        run = RunState()
        for event in self.events:
            run = run.apply(event)
        return run


def state_folder(chosen: str | None) -> Path:
    """Where state files are: as chosen, else where the platform keeps such files."""
    if chosen:
        return Path(chosen).expanduser().absolute()
    from platformdirs import user_state_path  # noqa: PLC0415 - start-up time is budgeted

    return user_state_path("bwtui", appauthor=False)


def names(folder: Path) -> tuple[str, ...]:
    """List the setups that a folder holds."""
    with suppress(OSError):
        return tuple(sorted(path.stem for path in folder.glob("*.json") if _is_name(path.stem)))
    return ()


class StateFile:
    """The state file of one setup."""

    def __init__(self, folder: Path, name: str = "default") -> None:
        if not _is_name(name):
            raise BadName(
                f"“{name}” cannot name a setup: up to 64 letters, digits and - _ . are right, a letter or digit first."
            )
        self.name = name
        self.path = folder / f"{name}.json"
        self._written = b""

    def load(self) -> Setup | None:
        """Read what is kept, or `None` where nothing is. A damaged file is set aside before that is said."""
        data = self._read()
        if data is None:
            return None
        try:
            return _setup(data)
        except _WrongVersion as error:
            raise Newer(
                f"{self.path} is of version {error}, which this bwtui does not know; it was left as it is. "
                "Upgrade bwtui, or use another --name."
            ) from None
        except _Wrong as error:
            raise self._set_aside(str(error)) from error

    def save(self, setup: Setup) -> None:
        """Replace the whole file, in one step that a power cut cannot split.

        What is there is read first: a damaged or newer file is never overwritten, whoever put it there meanwhile.
        """
        data = _text(setup)
        if self._read() != self._written:
            self.load()
        with _told(self.path, "cannot be written"):
            _make_folder(self.path.parent)
            _write_whole(self.path, data)
        self._written = data

    def start_over(self) -> Path | None:
        """Set what is kept aside under another name, and give that; `None` where nothing is kept. Nothing is deleted."""
        if self._read() is None:
            return None
        with _told(self.path, "cannot be set aside"):
            aside = self._move_aside("started-over")
        self._written = b""
        return aside

    @contextmanager
    def locked(self) -> Iterator[None]:
        """Hold the setup for this process. The kernel frees it when the process ends, however it ends."""
        lock = self.path.with_name(f"{self.name}.lock")
        with _told(lock, "cannot be locked"):
            _make_folder(lock.parent)
            descriptor = os.open(lock, os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o600)
        try:
            with _told(lock, "cannot be locked"):
                self._take(descriptor)
                _sign(descriptor)
                self._sweep()
            yield
            with suppress(OSError):
                os.ftruncate(descriptor, 0)
        finally:
            os.close(descriptor)

    def _read(self) -> bytes | None:
        """Read the bytes; nothing is followed, waited for or believed that is not a plain file of ours."""
        try:
            descriptor = os.open(self.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        except OSError as error:
            if error.errno == errno.ELOOP:
                self._refuse("is a symbolic link")
            self._refuse(f"cannot be read: {error.strerror}")
        try:
            self._insist_on_ours(os.fstat(descriptor))
            with os.fdopen(descriptor, "rb", closefd=False) as file:
                return file.read()
        except OSError as error:
            self._refuse(f"cannot be read: {error.strerror}")
        finally:
            os.close(descriptor)

    def _insist_on_ours(self, status: os.stat_result) -> None:
        if not stat.S_ISREG(status.st_mode):
            self._refuse("is no plain file")
        if status.st_uid != os.geteuid():
            self._refuse("belongs to another user")

    def _refuse(self, what: str) -> NoReturn:
        raise Unreadable(
            f"{self.path} {what}; it was left as it is. Put it right, or use another --name or --state-dir."
        )

    def _move_aside(self, why: str) -> Path:
        """Move the file away, never over an earlier one: an empty file of the new name reserves it."""
        stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%SZ")
        aside = _reserve(self.path.with_name(f"{self.path.name}.{why}-{stamp}"))
        self.path.replace(aside)
        _sync_folder(aside.parent)
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
                f"The setup “{self.name}” is in use by {_holder(descriptor)}. "
                "Wait for it or stop it, then run this again; or use another --name."
            ) from None

    def _sweep(self) -> None:
        """Remove what a killed process was writing: who holds the lock is the only one who writes."""
        for left_over in self.path.parent.glob(f".{self.path.name}.????????.tmp"):
            left_over.unlink(missing_ok=True)


def _is_name(name: str) -> bool:
    allowed = name.isascii() and all(character.isalnum() or character in "-_." for character in name)
    return allowed and len(name) <= 64 and name[:1].isalnum()


# --- The disk --------------------------------------------------------------------------------------------------


@contextmanager
def _told(path: Path, what: str) -> Iterator[None]:
    """Tell any trouble with the disk in words."""
    try:
        yield
    except OSError as error:
        advice = {
            errno.ENOSPC: "Make room on the disk",
            errno.EDQUOT: "Make room in your quota",
        }.get(error.errno or 0, "Make it writable, or choose another folder with --state-dir")
        raise Unwritable(
            f"{path} {what}: {error.strerror or error}. {advice}, then run this again."
        ) from error


def _make_folder(folder: Path) -> None:
    """See that the folder is there, for us alone where it is made here or is the default one; a chosen one keeps its mode."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
    except FileExistsError:
        if folder == state_folder(None):
            _close_to_others(folder)
        return
    folder.chmod(0o700)
    _sync_folder(folder.parent)


def _close_to_others(folder: Path) -> None:
    if stat.S_IMODE(folder.stat().st_mode) != 0o700:
        folder.chmod(0o700)


def _write_whole(path: Path, data: bytes) -> None:
    """Leave the new content or the old one, never a mixture: written beside it, then put in its place."""
    temporary = path.with_name(f".{path.name}.{os.urandom(4).hex()}.tmp")
    try:
        _fill(temporary, data)
        os.replace(temporary, path)  # noqa: PTH105 - the call that style, tests and readers know by this name
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def _fill(path: Path, data: bytes) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
    try:
        os.fchmod(descriptor, 0o600)
        rest = memoryview(data)
        while rest:
            rest = rest[os.write(descriptor, rest) :]
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _sync_folder(folder: Path) -> None:
    """Make a new name last; file systems that cannot do so for folders (EINVAL) keep their own order."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(descriptor)
    except OSError as error:
        if error.errno != errno.EINVAL:
            raise
    finally:
        os.close(descriptor)


def _reserve(path: Path) -> Path:
    """Make an empty file of this name, or of the first free one after it."""
    candidate, count = path, 1
    while True:
        try:
            candidate.touch(mode=0o600, exist_ok=False)
        except FileExistsError:
            count += 1
            candidate = path.with_name(f"{path.name}-{count}")
        else:
            return candidate


# --- The lock's inside: who holds it ---------------------------------------------------------------------------


def _sign(descriptor: int) -> None:

    holder = {
        "pid": os.getpid(),
        "host": os.uname().nodename,
        "since": datetime.now(UTC).strftime("%Y-%m-%d %H:%M:%S UTC"),
        "command": " ".join([Path(sys.argv[0]).name, *sys.argv[1:]]),
    }
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, json.dumps(holder).encode(), 0)


def _holder(descriptor: int) -> str:
    """Who signed the lock; the signature may be missing for a moment after the lock was taken."""
    try:
        holder = json.loads(os.pread(descriptor, 65536, 0))
        return "process {pid} on {host} since {since} ({command})".format_map(holder)
    except (ValueError, LookupError, TypeError):
        return "another process"


# --- The content -----------------------------------------------------------------------------------------------


class _Wrong(Exception):  # noqa: N818
    """What is wrong with the content, and where."""


class _WrongVersion(Exception):  # noqa: N818
    """Of a version that is not known here."""


def _text(setup: Setup) -> bytes:
    for key in setup.answers:
        if _is_secret(key):
            raise ValueError(f"{key} is a secret and is never saved")
    answers = (
        f"{_json(key)}: {_json({'value': answer.value, 'source': answer.source})}"
        for key, answer in setup.answers.items()
    )
    events = (_json(_from_event(event)) for event in setup.events)
    # A line for each answer and event: easy to read and compare, and a third of the time that indenting takes.
    return (
        f'{{"version": {VERSION},\n"account_id": {_json(setup.account_id)},\n"base_url": {_json(setup.base_url)},\n'
        f'"answers": {{\n{_lines(answers)}}},\n"bookmark": {_json(_from_bookmark(setup.bookmark))},\n'
        f'"events": [\n{_lines(events)}]}}\n'
    ).encode()


def _json(value: object) -> str:
    return json.dumps(value, allow_nan=False)


def _lines(items: Iterable[str]) -> str:
    return ",\n".join(items)


def _is_secret(key: str) -> bool:
    question = QUESTIONS.get(key)
    return isinstance(question, Text) and bool(question.secret_from)


def _from_bookmark(bookmark: Bookmark) -> dict[str, object]:
    return {"place": bookmark.place, "oauth": bookmark.oauth, "user": bookmark.user}


def _from_event(event: Event) -> dict[str, object]:
    common: dict[str, object] = {"step": event.step, "at": event.at}
    match event:
        case Started():
            return {
                "type": "started",
                **common,
                "customer_order_id": event.customer_order_id,
                "numbers": list(event.numbers),
            }
        case Ordered():
            return {
                "type": "ordered",
                **common,
                "customer_order_id": event.customer_order_id,
                "order_id": event.order_id,
                "status": event.status,
                "completed": list(event.completed),
                "error_code": event.error_code,
                "error_text": event.error_text,
            }
        case Finished():
            return {
                "type": "finished",
                **common,
                "outputs": dict(event.outputs),
                "adopted": event.adopted,
            }
        case Failed():
            return {"type": "failed", **common, "problem": _from_problem(event.problem)}
        case _:
            assert_never(event)


def _from_problem(problem: Problem) -> dict[str, object]:
    return {
        "operation": problem.operation,
        "kind": problem.kind,
        "text": problem.text,
        "status": problem.status,
        "code": problem.code,
        "unclear": problem.unclear,
        "details": dict(problem.details),
    }


def _setup(data: bytes) -> Setup:
    try:
        content = json.loads(data, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise _Wrong(f"no JSON: {error}") from error
    version = content.get("version") if isinstance(content, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise _WrongVersion(version)
    top = _Fields(content, "the file")
    if top.take("version", _whole) not in (1, VERSION):
        raise _Wrong(f"there is no version {version}")
    setup = Setup(
        account_id=top.take("account_id", _string),
        base_url=top.take("base_url", _string),
        answers=top.take("answers", _answers),
        bookmark=Bookmark() if version == 1 else top.take("bookmark", _bookmark),
        events=top.take("events", _events),
    )
    top.end()
    return setup


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return content


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


class _Fields:
    """The fields of an object, each taken once and as the type that it must have."""

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise _Wrong(f"{where} is no object")
        self._left: dict[str, object] = dict(value)
        self._where = where

    def take(self, name: str, read: Callable[[object, str], _T]) -> _T:
        if name not in self._left:
            raise _Wrong(f"{self._where} lacks {name}")
        return read(self._left.pop(name), f"{name} of {self._where}")

    def end(self) -> None:
        if self._left:
            raise _Wrong(f"{self._where} has an unknown {next(iter(self._left))}")


def _string(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise _Wrong(f"{where} is no text")
    return value


def _whole(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise _Wrong(f"{where} is no whole number")
    return value


def _status(value: object, where: str) -> int | None:
    return None if value is None else _whole(value, where)


def _time(value: object, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise _Wrong(f"{where} is no number")
    try:
        return float(value)
    except OverflowError as error:
        raise _Wrong(f"{where} is out of range") from error


def _yes_or_no(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise _Wrong(f"{where} is neither true nor false")
    return value


def _strings(value: object, where: str) -> tuple[str, ...]:
    return tuple(
        _string(item, f"item {place} of {where}") for place, item in enumerate(_list(value, where), 1)
    )


def _list(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise _Wrong(f"{where} is no list")
    return value


def _string_by_name(value: object, where: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise _Wrong(f"{where} is no object")
    return {name: _string(text, f"{name} of {where}") for name, text in value.items()}


def _word(words: type[_Word]) -> Callable[[object, str], _Word]:
    """Make a reader of one of an enumeration's words."""

    def read(value: object, where: str) -> _Word:
        try:
            return words(_string(value, where))
        except ValueError as error:
            raise _Wrong(f"{where} is none of {', '.join(words)}") from error

    return read


def _answers(value: object, where: str) -> dict[str, Answer]:
    if not isinstance(value, dict):
        raise _Wrong(f"{where} is no object")
    return {key: _answer(key, answer, f"{key} of {where}") for key, answer in value.items()}


def _answer(key: str, value: object, where: str) -> Answer:
    if key not in QUESTIONS:
        raise _Wrong(f"{where} answers no known question")
    if _is_secret(key):
        raise _Wrong(f"{where} is a secret, which a state never holds")
    fields = _Fields(value, where)
    answer = Answer(fields.take("value", _string), fields.take("source", _word(Source)))
    fields.end()
    return answer


def _bookmark(value: object, where: str) -> Bookmark:
    fields = _Fields(value, where)
    bookmark = Bookmark(
        place=fields.take("place", _string),
        oauth=fields.take("oauth", _yes_or_no),
        user=fields.take("user", _string),
    )
    fields.end()
    return bookmark


def _events(value: object, where: str) -> tuple[Event, ...]:
    return tuple(
        _event(item, f"item {place} of {where}") for place, item in enumerate(_list(value, where), 1)
    )


def _event(value: object, where: str) -> Event:
    fields = _Fields(value, where)
    kind = fields.take("type", _string)
    step, at = fields.take("step", _step), fields.take("at", _time)
    event: Event
    match kind:
        case "started":
            event = Started(
                step=step,
                at=at,
                customer_order_id=fields.take("customer_order_id", _string),
                numbers=fields.take("numbers", _strings),
            )
        case "ordered":
            event = Ordered(
                step=step,
                at=at,
                customer_order_id=fields.take("customer_order_id", _string),
                order_id=fields.take("order_id", _string),
                status=fields.take("status", _string),
                completed=fields.take("completed", _strings),
                error_code=fields.take("error_code", _string),
                error_text=fields.take("error_text", _string),
            )
        case "finished":
            event = Finished(
                step=step,
                at=at,
                outputs=fields.take("outputs", _string_by_name),
                adopted=fields.take("adopted", _yes_or_no),
            )
        case "failed":
            event = Failed(step=step, at=at, problem=fields.take("problem", _problem))
        case _:
            raise _Wrong(f"{where} is of an unknown type, {kind}")
    fields.end()
    return event


def _step(value: object, where: str) -> str:
    key = _string(value, where)
    if not any(step.key == key for step in STEPS):
        raise _Wrong(f"{where} is no known step")
    return key


def _problem(value: object, where: str) -> Problem:
    fields = _Fields(value, where)
    problem = Problem(
        operation=fields.take("operation", _string),
        kind=fields.take("kind", _word(Kind)),
        text=fields.take("text", _string),
        status=fields.take("status", _status),
        code=fields.take("code", _string),
        unclear=fields.take("unclear", _yes_or_no),
        details=fields.take("details", _string_by_name),
    )
    fields.end()
    return problem
