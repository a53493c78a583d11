"""The JSON Schema of the answers file, derived from the catalogue: for editors, and for checks without bwtui.

It refuses nothing that the reader takes, with one exception: answers have the form in which they are sent, so that
`Production` and blanks around a name, which the reader puts right, are marked.
"""

import json
from collections.abc import Iterable, Iterator
from typing import Final, assert_never

from bwtui.domain.catalog import QUESTIONS, SERVER_URL, STEPS, TABLES
from bwtui.domain.fields import Choice, Flag, Question, Text
from bwtui.domain.steps import AnyOf, Step
from bwtui.domain.values.checks import Check, account_id, object_id
from bwtui.store.answers_template import about_table

Schema = dict[str, object]

_PATTERNS: Final[dict[Check, str]] = {
    account_id: "^([0-9]{1,20})?$",
    object_id: "^(-*[A-Za-z0-9][A-Za-z0-9-]*)?$",
}
"""The checks that a regular expression can state exactly; an empty text is no answer, so it is always right."""


def schema() -> str:
    """Return the schema as JSON text."""
    document: Schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Answers for bwtui",
        "type": "object",
        "additionalProperties": False,
        "properties": {table: _table(table) for table in TABLES},
        "allOf": list(_needed()),
    }
    return json.dumps(document, ensure_ascii=False, indent=2) + "\n"


def _table(table: str) -> Schema:
    return {
        "type": "object",
        "description": about_table(table),
        "additionalProperties": False,
        "properties": {
            question.key: {"title": question.label, "description": _described(question), **_value(question)}
            for question in TABLES[table]
            if not question.is_secret
        },
    }


def _described(question: Question) -> str:
    limit = question.limit_told if isinstance(question, Text) else ""
    return f"{question.help} {limit}".rstrip()


def _value(question: Question) -> Schema:
    match question:
        case Flag(default=default):
            return {"type": "boolean", **({} if default is None else {"default": default})}
        case Choice(options=options, default=default):
            return {"enum": [*options, ""], **({"default": default} if default else {})}
        case Text():
            return _text(question)
        case _:
            assert_never(question)


def _text(question: Text) -> Schema:
    found: Schema = {"type": "string"}
    if question.is_count:
        found["type"] = ["string", "integer"]
    if question.many:
        found["type"] = ["string", "array"]
        found["items"] = {"type": "string"}
    if question.check in _PATTERNS and not question.meant:
        found["pattern"] = _PATTERNS[question.check]
    if question.limit and _ends_at_its_limit(question, question.limit):
        found["maxLength"] = question.limit
    if question.default and "{" not in question.default:
        found["default"] = question.default
    if example := question.example or question.guide:
        found["examples"] = [example]
    return found


def _ends_at_its_limit(question: Text, limit: int) -> bool:
    """Return True if a longer answer is refused: some limits only warn, and some longer answers can be put right."""
    return bool(not question.meant and question.check and question.check("x" * (limit + 1)))


# --- What must be answered -------------------------------------------------------------------------------------


def _needed() -> Iterator[Schema]:
    """Yield a condition for each answer without which the file is refused."""
    for step in STEPS:
        for question in step.questions:
            if question.required and not _has_default(question):
                yield _need(step, question.key, _instead(step, question))
        for rule in step.rules:
            if isinstance(rule, AnyOf):
                yield _need(step, rule.at, (step.key_of(key) for key in rule.keys if key != rule.at))


def _has_default(question: Question) -> bool:
    return question.default not in (None, "") and not _is_made_from_server(question)


def _is_made_from_server(question: Question) -> bool:
    return isinstance(question, Text) and f"{{{SERVER_URL}}}" in question.default


def _instead(step: Step, question: Question) -> Iterator[str]:
    """Yield the answers of which one makes a question unnecessary."""
    if f"{step.key}.use" in QUESTIONS:
        yield step.key_of("use")
    if _is_made_from_server(question):
        yield SERVER_URL
    for other in step.questions:
        if isinstance(other, Text) and question.wire in other.supersedes:
            yield step.key_of(other.key)


def _need(step: Step, key: str, instead: Iterable[str]) -> Schema:
    unwanted = _inside("setup", {wish: {"const": False} for wish in step.wanted_by})
    return {
        "if": {"not": {"anyOf": [unwanted, *map(_given, instead)]}},
        "then": _given(step.key_of(key)),
    }


def _given(name: str) -> Schema:
    table, _, key = name.partition(".")
    return _inside(table, {key: {"minLength": 1}})


def _inside(table: str, keys: dict[str, Schema]) -> Schema:
    """Return the schema of a file in which a table has all of these keys."""
    return {"required": [table], "properties": {table: {"required": list(keys), "properties": keys}}}
