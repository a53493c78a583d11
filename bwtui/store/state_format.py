"""The content of a state file: a setup as JSON, read with distrust. Never a secret in it.

Its last line is a checksum of everything before it: an order id with a wrong digit would still be valid JSON, and would
lead to a second order.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Final, NoReturn, TypeVar, assert_never
from zlib import crc32

from bwtui import __version__
from bwtui.domain.answers.answers import Answer, Source
from bwtui.domain.catalog import QUESTIONS, STEPS
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.flat_outputs import flat_outputs, parted_outputs
from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.runs.run_events import (
    Event,
    Failed,
    Finished,
    GivenUp,
    OrderUpdated,
    RemovalEvent,
    RemovalFailed,
    RemovalStarted,
    Removed,
    Retried,
    Spelling,
    Started,
    Verified,
)
from bwtui.domain.runs.setup import Setup
from bwtui.store.json_fields import (
    Fields,
    Wrong,
    list_,
    status,
    string,
    string_by_name,
    strings,
    time,
    whole,
    word,
    yes_or_no,
)

__all__ = ["VERSION", "Wrong", "WrongVersion", "from_bytes", "to_bytes"]

VERSION: Final = 4
"""The version that is written; all older ones are read too."""

_BOOKMARK_SINCE: Final = 2
_CHECKSUM_SINCE: Final = 3
_WRITER_SINCE: Final = 4
"""The first version that has each of these; 4 also brought verifications and applied answers."""

_T = TypeVar("_T")


class WrongVersion(Exception):  # noqa: N818
    """Raised for an intact file with content that only another version of bwtui (`writer`, if known) can read."""

    def __init__(self, what: str, writer: str) -> None:
        super().__init__(what)
        self.writer = writer


def to_bytes(setup: Setup) -> bytes:
    """Return the content of the whole file. Raises `ValueError` for a secret among the answers."""
    for key in (*setup.answers, *setup.carried):
        if _is_secret(key):
            raise ValueError(f"{key} is a secret and is never saved")
    known = {key: {"value": answer.value, "source": answer.source} for key, answer in setup.answers.items()}
    answers = (f"{_json(key)}: {_json(value)}" for key, value in {**setup.carried, **known}.items())
    events = (_json(_event_to_json(event)) for event in setup.events)
    # One line for each answer and event is easy to read and compare, and takes a third of the time of indenting.
    content = (
        f'{{"version": {VERSION},\n"written_by": {_json(__version__)},\n"account_id": {_json(setup.account_id)},\n"base_url": {_json(setup.base_url)},\n'
        f'"answers": {{\n{_lines(answers)}}},\n"bookmark": {_json(_bookmark_to_json(setup.bookmark))},\n'
        f'"events": [\n{_lines(events)}],\n'
    ).encode()
    return content + f'"checksum": "{_checksum(content)}"}}\n'.encode()


def _checksum(told: bytes) -> str:
    return f"{crc32(told):08x}"


def _json(value: object) -> str:
    return json.dumps(value, allow_nan=False)


def _lines(items: Iterable[str]) -> str:
    return ",\n".join(items)


def _is_secret(key: str) -> bool:
    question = QUESTIONS.get(key)
    return question is not None and question.is_secret


def _bookmark_to_json(bookmark: Bookmark) -> dict[str, object]:
    return {"place": bookmark.place, "oauth": bookmark.oauth, "user": bookmark.user}


def _event_to_json(event: Event) -> dict[str, object]:
    if isinstance(event, Verified):
        return {
            "type": "verified",
            "at": event.at,
            "answers": {step: dict(answers) for step, answers in event.answers.items()},
            "open": {step: _problem_to_json(problem) for step, problem in event.open.items()},
            "kept": {step: _spellings_to_json(spellings) for step, spellings in event.kept.items()},
            "notices": {step: list(texts) for step, texts in event.notices.items()},
        }
    common: dict[str, object] = {"step": event.step, "at": event.at}
    match event:
        case Started():
            return {
                "type": "started",
                **common,
                "customer_order_id": event.customer_order_id,
                "numbers": list(event.numbers),
                "sent": dict(event.sent),
            }
        case Retried():
            return {"type": "retried", **common}
        case OrderUpdated():
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
                "outputs": flat_outputs(event),
                "adopted": event.adopted,
                "marks": dict(event.marks),
                "answers": None if event.answers is None else dict(event.answers),
                "before": _spellings_to_json(event.before),
            }
        case GivenUp():
            return {"type": "given up", **common}
        case RemovalStarted() | RemovalFailed() | Removed():
            return {**_removal_to_json(event), **common}
        case Failed():
            return {"type": "failed", **common, "problem": _problem_to_json(event.problem)}
        case _:
            assert_never(event)


def _removal_to_json(event: RemovalEvent) -> dict[str, object]:
    match event:
        case RemovalStarted():
            order = {"customer_order_id": event.customer_order_id, "numbers": list(event.numbers)}
            return {"type": "removal started", **order}
        case RemovalFailed():
            return {"type": "removal failed", "problem": _problem_to_json(event.problem)}
        case Removed():
            return {"type": "removed", **({"twins": list(event.twins)} if event.twins else {})}
        case _:
            assert_never(event)


def _spellings_to_json(spellings: Mapping[str, Spelling]) -> dict[str, object]:
    return {path: spelling._asdict() for path, spelling in spellings.items()}


def _problem_to_json(problem: Problem) -> dict[str, object]:
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
    """Read the content of a state file.

    Raises:
        WrongVersion: another version of bwtui wrote it, with content that this one does not know.
        Wrong: it is not a valid state.
    """
    try:
        content = json.loads(data, object_pairs_hook=_once_each, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        raise Wrong(f"no JSON: {error}") from error
    version = content.get("version") if isinstance(content, dict) else None
    if isinstance(version, int) and version > VERSION:
        raise WrongVersion(f"is of version {version}", _writer(content))
    has_checksum = isinstance(version, int) and version >= _CHECKSUM_SINCE
    is_whole = has_checksum and _is_whole(content, data)
    try:
        setup = _setup(content)
    except Wrong as error:
        if is_whole:  # so the content is as it was written
            raise WrongVersion(f"holds what this bwtui does not know: {error}", _writer(content)) from error
        raise
    if has_checksum and not is_whole:
        raise Wrong("its checksum does not match")
    return setup


def _writer(content: dict[str, object]) -> str:
    """Return the version of bwtui that wrote a file; empty if the file does not name it."""
    writer = content.get("written_by")
    return writer if isinstance(writer, str) and len(writer) <= 40 else ""


def _is_whole(content: dict[str, object], data: bytes) -> bool:
    return content.get("checksum") == _checksum(data.rpartition(b'"checksum"')[0])


def _setup(content: object) -> Setup:
    top = Fields(content, "the file")
    version = top.take("version", whole)
    if not 1 <= version <= VERSION:
        raise Wrong(f"there is no version {version}")
    if version >= _WRITER_SINCE:
        top.take("written_by", string)
    known, carried = top.take("answers", _answers)
    setup = Setup(
        account_id=top.take("account_id", string),
        base_url=top.take("base_url", string),
        answers=known,
        bookmark=top.take("bookmark", _bookmark_from_json) if version >= _BOOKMARK_SINCE else Bookmark(),
        events=top.take("events", _events),
        carried=carried,
    )
    if version >= _CHECKSUM_SINCE:
        top.take("checksum", string)
    top.end()
    return setup


def _once_each(pairs: list[tuple[str, object]]) -> dict[str, object]:
    content = dict(pairs)
    if len(content) < len(pairs):
        raise ValueError("a name stands twice in one object")
    return content


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"{name} is no number")


def _answers(value: object, where: str) -> tuple[dict[str, Answer], dict[str, object]]:
    """Return the answers, and separately those to questions that only another version of bwtui knows."""
    if not isinstance(value, dict):
        raise Wrong(f"{where} is no object")
    known = {
        key: _answer(key, answer, f"{key} of {where}") for key, answer in value.items() if key in QUESTIONS
    }
    carried = {key: _sound(answer, f"{key} of {where}") for key, answer in value.items() if key not in known}
    return known, carried


def _sound(value: object, where: str) -> object:
    """Return a value if it can be written back; raise otherwise."""
    try:
        _json(value)
    except ValueError as error:
        raise Wrong(f"{where} is out of range") from error
    return value


def _answer(key: str, value: object, where: str) -> Answer:
    if _is_secret(key):
        raise Wrong(f"{where} is a secret, which a state never holds")
    fields = Fields(value, where)
    answer = Answer(fields.take("value", string), fields.take("source", word(Source)))
    fields.end()
    return answer


def _bookmark_from_json(value: object, where: str) -> Bookmark:
    fields = Fields(value, where)
    bookmark = Bookmark(
        place=fields.take("place", string),
        oauth=fields.take("oauth", yes_or_no),
        user=fields.take("user", string),
    )
    fields.end()
    return bookmark


def _events(value: object, where: str) -> tuple[Event, ...]:
    return tuple(
        _event_from_json(item, f"item {place} of {where}")
        for place, item in enumerate(list_(value, where), 1)
    )


def _event_from_json(value: object, where: str) -> Event:
    fields = Fields(value, where)
    kind, at = fields.take("type", string), fields.take("at", time)
    event: Event
    if kind == "verified":
        event = Verified(
            at=at,
            answers=fields.take("answers", _matched),
            open=fields.take("open", _problems),
            kept=fields.take_or("kept", _kept, {}),
            notices=fields.take_or("notices", _notices, {}),
        )
        fields.end()
        return event
    step = fields.take("step", _step)
    match kind:
        case "started":
            event = Started(
                step=step,
                at=at,
                customer_order_id=fields.take("customer_order_id", string),
                numbers=fields.take("numbers", strings),
                sent=fields.take_or("sent", string_by_name, {}),
            )
        case "retried":
            event = Retried(step=step, at=at)
        case "given up":
            event = GivenUp(step=step, at=at)
        case "ordered":
            event = OrderUpdated(
                step=step,
                at=at,
                customer_order_id=fields.take("customer_order_id", string),
                order_id=fields.take("order_id", string),
                status=fields.take("status", string),
                completed=fields.take("completed", strings),
                failed=fields.take_or("failed", strings, ()),
                error_code=fields.take("error_code", string),
                error_text=fields.take("error_text", string),
            )
        case "finished":
            outputs, numbers = parted_outputs(fields.take("outputs", string_by_name))
            event = Finished(
                step=step,
                at=at,
                outputs=outputs,
                numbers=numbers,
                adopted=fields.take("adopted", yes_or_no),
                marks=fields.take_or("marks", string_by_name, {}),
                answers=fields.take_or("answers", _applied, None),
                before=fields.take_or("before", _spellings_from_json, {}),
            )
        case "removal started" | "removal failed" | "removed":
            event = _removal_from_json(kind, step, at, fields)
        case "failed":
            event = Failed(step=step, at=at, problem=fields.take("problem", _problem_from_json))
        case _:
            raise Wrong(f"{where} is of an unknown type, {kind}")
    fields.end()
    return event


def _removal_from_json(kind: str, step: str, at: float, fields: Fields) -> RemovalEvent:
    match kind:
        case "removal started":
            id_ = fields.take("customer_order_id", string)
            return RemovalStarted(step, at, customer_order_id=id_, numbers=fields.take("numbers", strings))
        case "removal failed":
            return RemovalFailed(step, at, fields.take("problem", _problem_from_json))
        case _:
            return Removed(step, at, fields.take_or("twins", strings, ()))


def _step(value: object, where: str) -> str:
    key = string(value, where)
    if not any(step.key == key for step in STEPS):
        raise Wrong(f"{where} is no known step")
    return key


def _applied(value: object, where: str) -> dict[str, str] | None:
    return None if value is None else string_by_name(value, where)


def _matched(value: object, where: str) -> dict[str, dict[str, str]]:
    return _by_step(value, where, string_by_name)


def _problems(value: object, where: str) -> dict[str, Problem]:
    return _by_step(value, where, _problem_from_json)


def _kept(value: object, where: str) -> dict[str, dict[str, Spelling]]:
    return _by_step(value, where, _spellings_from_json)


def _notices(value: object, where: str) -> dict[str, tuple[str, ...]]:
    return _by_step(value, where, strings)


def _spellings_from_json(value: object, where: str) -> dict[str, Spelling]:
    if not isinstance(value, dict):
        raise Wrong(f"{where} is no object")
    return {path: _spelling(item, f"{path} of {where}") for path, item in value.items()}


def _spelling(value: object, where: str) -> Spelling:
    fields = Fields(value, where)
    spelling = Spelling(wanted=fields.take("wanted", string), shown=fields.take("shown", string))
    fields.end()
    return spelling


def _by_step(value: object, where: str, read: Callable[[object, str], _T]) -> dict[str, _T]:
    if not isinstance(value, dict):
        raise Wrong(f"{where} is no object")
    return {_step(step, where): read(item, f"{step} of {where}") for step, item in value.items()}


def _problem_from_json(value: object, where: str) -> Problem:
    fields = Fields(value, where)
    problem = Problem(
        operation=fields.take("operation", string),
        kind=fields.take("kind", word(Kind)),
        text=fields.take("text", string),
        status=fields.take("status", status),
        code=fields.take("code", string),
        unclear=fields.take("unclear", yes_or_no),
        details=fields.take("details", string_by_name),
    )
    fields.end()
    return problem
