"""The answers that an object on the account amounts to, read back through the catalogue's wire names.

What no answer can say is told in sentences instead, so that nothing is dropped in silence.
"""

from collections.abc import Iterator, Mapping
from typing import NamedTuple, assert_never

from bwtui.domain.account.findings import Leaves
from bwtui.domain.answers.answers import taken
from bwtui.domain.answers.validation import complaints_of
from bwtui.domain.fields import Choice, Const, Flag, Question, Ref, Text
from bwtui.domain.steps import FoundInList, Step
from bwtui.domain.values.comparison import as_stored, is_same_value


class ReadBack(NamedTuple):
    """One object in answers. Its texts come from outside: never markup."""

    values: Mapping[str, str]
    """The answers, by the key of the question within its step."""
    untold: tuple[str, ...]
    """A line for each value that no answer can say: `Protocol: SMPP`."""


def read_back(step: Step, shown: Leaves) -> ReadBack:
    """Return the answers that give the object as it is shown, as far as there are any."""
    values: dict[str, str] = {}
    untold: list[str] = []
    for question in step.body:
        if isinstance(question, Const | Ref) or not _is_read(question):
            continue
        texts = _shown(question, shown)
        answer = _answer(step, question, texts[0]) if len(texts) == 1 else None
        if answer is not None:
            values[question.key] = answer
        if texts and (answer is None or not _is_whole(answer, texts[0])):
            untold.append(f"{question.label}: {', '.join(texts)}")
    values = _without_repetition(step, values)
    return ReadBack(values, (*untold, *_other_constants(step, shown), *_unasked(step, shown, values)))


def _is_read(question: Question) -> bool:
    is_service = isinstance(question, Flag) and bool(question.sends)
    return bool(question.wire) and not question.is_secret and not is_service


def _shown(question: Question, shown: Leaves) -> tuple[str, ...]:
    """Return the texts of the first element that shows the value of a question."""
    names = question.echoed_as if isinstance(question, Text) and question.echoed_as else (question.wire,)
    all_texts = (tuple(filter(None, shown.get(name.casefold(), ()))) for name in names)
    return next(filter(None, all_texts), ())


def _answer(step: Step, question: Question, text: str) -> str | None:
    """Return the answer that sends this text; `None` if the question takes none that does."""
    key = step.key_of(question.key)
    match question:
        case Flag():
            return text.casefold() if text.casefold() in ("true", "false") else None
        case Choice(options=options, wire=wire):
            return next((option for option in options if is_same_value(wire, option, text)), None)
        case Text(wire=wire):
            answer = taken(key, text)[key]
            is_sound = not any(complaint.blocks for complaint in complaints_of(key, answer))
            return answer if answer and is_sound and is_same_value(wire, answer, text) else None
        case _:
            assert_never(question)


def _is_whole(answer: str, text: str) -> bool:
    """Return False if the account shows more than the answer says, such as the extension of a ZIP code."""
    return "-" not in text or as_stored(answer) == as_stored(text) or not answer.isdigit()


def _without_repetition(step: Step, values: dict[str, str]) -> dict[str, str]:
    """Return the answers without those that say the same twice: one callback URL for all, or one for each purpose."""
    for general in step.body:
        special = [part for part in step.body if isinstance(part, Text) and general.wire in part.supersedes]
        if not isinstance(general, Text) or not special:
            continue
        is_enough = all(values.get(part.key) == values.get(general.key, "") for part in special)
        is_special = any(part.key in values for part in special)
        gone = {part.key for part in special} if is_enough else {general.key} if is_special else set()
        values = {key: value for key, value in values.items() if key not in gone}
    return values


def _other_constants(step: Step, shown: Leaves) -> Iterator[str]:
    """Yield what the account has in place of what is always sent."""
    for part in step.body:
        if isinstance(part, Const) and part.value:
            for text in filter(None, shown.get(part.wire.casefold(), ())):
                if not is_same_value(part.wire, part.value, text):
                    yield f"{part.label}: {text}"


def _unasked(step: Step, shown: Leaves, values: Mapping[str, str]) -> Iterator[str]:
    """Yield what the account shows of the object and nothing in the catalogue asks for."""
    known = {part.wire.casefold() for part in step.body}
    for part in step.body:
        if isinstance(part, Text):
            known |= {name.casefold() for name in (*part.echoed_as, *part.replaces)}
    if isinstance(step.found_by, FoundInList):
        known.add(step.found_by.id.casefold())
    spelled = {name.casefold(): name for name in step.keeps}
    for path, texts in shown.items():
        shown_texts = [
            text for text in texts if text and not (path.endswith("/userid") and text in values.values())
        ]
        if path not in known and shown_texts:
            yield f"{spelled.get(path, path)}: {', '.join(shown_texts)}"
