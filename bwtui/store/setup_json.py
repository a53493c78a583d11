"""The content of a state file: a setup as JSON, read with distrust. Never a secret in it.

Its last line is a checksum of all before it: a wrong digit in the id of an order would be JSON all the same, and a
reason to order again.
"""

import json
from collections.abc import Callable, Iterable
from enum import StrEnum
from typing import Final, NoReturn, TypeVar, assert_never
from zlib import crc32

from bwtui.domain.answers import Answer, Source
from bwtui.domain.bookmark import Bookmark
from bwtui.domain.catalog import QUESTIONS, STEPS
from bwtui.domain.fields import Text
from bwtui.domain.run import Event, Failed, Finished, GivenUp, Kind, Ordered, Problem, Retried, Started
from bwtui.domain.setup import Setup

VERSION: Final = 3
"""1 had no bookmark, 2 no checksum; such files are read, and written as this version."""

_T = TypeVar("_T")
_Word = TypeVar("_Word", bound=StrEnum)


class Wrong(Exception):  # noqa: N818
    """What is wrong with the content, and where."""


class WrongVersion(Exception):  # noqa: N818
    """Of a version that is not known here."""


def to_bytes(setup: Setup) -> bytes:
    """The whole file. Raises `ValueError` for a secret among the answers."""
    for key in setup.answers:
        if _is_secret(key):
            raise ValueError(f"{key} is a secret and is never saved")
    answers = (
        f"{_json(key)}: {_json({'value': answer.value, 'source': answer.source})}"
        for key, answer in setup.answers.items()
    )
    events = (_json(_from_event(event)) for event in setup.events)
    # A line for each answer and event: easy to read and compare, and a third of the time that indenting takes.
    told = (
        f'{{"version": {VERSION},\n"account_id": {_json(setup.account_id)},\n"base_url": {_json(setup.base_url)},\n'
        f'"answers": {{\n{_lines(answers)}}},\n"bookmark": {_json(_from_bookmark(setup.bookmark))},\n'
        f'"events": [\n{_lines(events)}],\n'
    ).encode()
    return told + f'"checksum": "{_checksum(told)}"}}\n'.encode()


def _checksum(told: bytes) -> str:
    return f"{crc32(told):08x}"


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
        case Retried():
            return {"type": "retried", **common}
        case Ordered():
            return {
                "type": "ordered",
                **common,
                "customer_order_id": event.customer_order_id,
                "order_id": event.order_id,
                "status": event.status,
                "completed": list(event.completed),
                "failed": list(event.failed),
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
        case GivenUp():
            return {"type": "given up", **common}
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


def from_bytes(data: bytes) -> Setup:
    """What a file holds. Raises `Wrong` for what is no state, `WrongVersion` for one that a later bwtui wrote."""
    try:
        content = json.loads(data, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Wrong(f"no JSON: {error}") from error
    version = content.get("version") if isinstance(content, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise WrongVersion(version)
    top = _Fields(content, "the file")
    if top.take("version", _whole) not in (1, 2, VERSION):
        raise Wrong(f"there is no version {version}")
    setup = Setup(
        account_id=top.take("account_id", _string),
        base_url=top.take("base_url", _string),
        answers=top.take("answers", _answers),
        bookmark=Bookmark() if version == 1 else top.take("bookmark", _bookmark),
        events=top.take("events", _events),
    )
    has_checksum = version == VERSION
    checksum = top.take("checksum", _string) if has_checksum else ""
    top.end()
    if has_checksum and checksum != _checksum(data.rpartition(b'"checksum"')[0]):
        raise Wrong("its checksum is of other content")
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
            raise Wrong(f"{where} is no object")
        self._left: dict[str, object] = dict(value)
        self._where = where

    def take(self, name: str, read: Callable[[object, str], _T]) -> _T:
        if name not in self._left:
            raise Wrong(f"{self._where} lacks {name}")
        return read(self._left.pop(name), f"{name} of {self._where}")

    def take_if_there(self, name: str, read: Callable[[object, str], _T], otherwise: _T) -> _T:
        """Take a field that earlier versions did not write."""
        return self.take(name, read) if name in self._left else otherwise

    def end(self) -> None:
        if self._left:
            raise Wrong(f"{self._where} has an unknown {next(iter(self._left))}")


def _string(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{where} is no text")
    return value


def _whole(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Wrong(f"{where} is no whole number")
    return value


def _status(value: object, where: str) -> int | None:
    return None if value is None else _whole(value, where)


def _time(value: object, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Wrong(f"{where} is no number")
    try:
        return float(value)
    except OverflowError as error:
        raise Wrong(f"{where} is out of range") from error


def _yes_or_no(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"{where} is neither true nor false")
    return value


def _strings(value: object, where: str) -> tuple[str, ...]:
    return tuple(
        _string(item, f"item {place} of {where}") for place, item in enumerate(_list(value, where), 1)
    )


def _list(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise Wrong(f"{where} is no list")
    return value


def _string_by_name(value: object, where: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise Wrong(f"{where} is no object")
    return {name: _string(text, f"{name} of {where}") for name, text in value.items()}


def _word(words: type[_Word]) -> Callable[[object, str], _Word]:
    """Make a reader of one of an enumeration's words."""

    def read(value: object, where: str) -> _Word:
        try:
            return words(_string(value, where))
        except ValueError as error:
            raise Wrong(f"{where} is none of {', '.join(words)}") from error

    return read


def _answers(value: object, where: str) -> dict[str, Answer]:
    if not isinstance(value, dict):
        raise Wrong(f"{where} is no object")
    return {key: _answer(key, answer, f"{key} of {where}") for key, answer in value.items()}


def _answer(key: str, value: object, where: str) -> Answer:
    if key not in QUESTIONS:
        raise Wrong(f"{where} answers no known question")
    if _is_secret(key):
        raise Wrong(f"{where} is a secret, which a state never holds")
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
        case "retried":
            event = Retried(step=step, at=at)
        case "given up":
            event = GivenUp(step=step, at=at)
        case "ordered":
            event = Ordered(
                step=step,
                at=at,
                customer_order_id=fields.take("customer_order_id", _string),
                order_id=fields.take("order_id", _string),
                status=fields.take("status", _string),
                completed=fields.take("completed", _strings),
                failed=fields.take_if_there("failed", _strings, ()),
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
            raise Wrong(f"{where} is of an unknown type, {kind}")
    fields.end()
    return event


def _step(value: object, where: str) -> str:
    key = _string(value, where)
    if not any(step.key == key for step in STEPS):
        raise Wrong(f"{where} is no known step")
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
