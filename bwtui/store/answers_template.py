"""Answers written as TOML: a template with every question, or the given answers. Never a secret."""

import json
from collections.abc import Iterable, Mapping
from string import Formatter
from typing import Final, assert_never

from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import QUESTIONS, STEPS, TABLES
from bwtui.domain.fields import Choice, Flag, Question, Text
from bwtui.domain.platform import Platform
from bwtui.domain.steps import AnyOf
from bwtui.domain.values.sources import SOURCES
from bwtui.domain.values.text import single_line

SCHEMA_FILE: Final = "./setup.schema.json"
"""The schema's file, named in a template's first line for editors; to any other reader it is a comment."""

_WIDTH: Final = 77
"""The most characters of a comment: with its `# ` it fits into a terminal of 80 columns."""

_ACCOUNT: Final = "account"
"""The table whose answers mostly come from elsewhere."""


def template(*, example: bool) -> str:
    """Return an answers file with every question: to be filled in, or with the guide's own example."""
    head = (
        "The example of Bandwidth's guide: complete and valid as it is, on either platform."
        if example
        else "Answers for bwtui. Fill in what has empty quotes; take the # away from what else you want to say."
    )
    about = (
        "Passwords and credentials are never in this file: they come from the environment or are asked for."
    )
    who = "; ".join(f"{tag}: {told}" for tag, told in SOURCES.items())
    brackets = f"In brackets: who says so. {who}."
    tables = (_table_template(table, example=example) for table in TABLES)
    return "\n".join(
        [f"#:schema {SCHEMA_FILE}", *_comment(head), *_comment(about), *_comment(brackets), *tables, ""]
    )


def write(answers: Answers) -> str:
    """Return the given answers as TOML that `answers_file.parse` can read."""
    for key in answers.given:
        if QUESTIONS[key].is_secret:
            raise ValueError(f"{key} is a secret and is never written")
    tables = []
    for table, questions in TABLES.items():
        lines = [
            f"{question.key} = {_toml(question, given.value)}"
            for question in questions
            if (given := answers.given.get(f"{table}.{question.key}"))
        ]
        if lines:
            tables.append("\n".join([f"[{table}]", *lines, ""]))
    return "\n".join(tables)


def write_commented(answers: Answers, head: Iterable[str], notes: Mapping[str, Iterable[str]]) -> str:
    """The same as `write`, with a comment at the head, and for each table what no answer in it says.

    Comments may hold text from outside: nothing in it can end a comment. A password is left to the environment.
    """
    lines = [line for text in head for line in _comment(single_line(text))]
    for table, questions in TABLES.items():
        comments = [line for text in notes.get(table, ()) for line in _comment(single_line(text))]
        given = [line for question in questions if (line := _given(table, question, answers))]
        if comments or given:
            lines += ["", f"[{table}]", *comments, *given]
    return "\n".join([*lines, ""])


def _given(table: str, question: Question, answers: Answers) -> str:
    """Return the line of a given answer, or of a secret that goes with one; empty if there is none."""
    if isinstance(question, Text) and question.secret_from:
        return _secret_line(question) if answers.text(f"{table}.{question.goes_with}") else ""
    given = answers.given.get(f"{table}.{question.key}")
    return f"{question.key} = {_toml(question, given.value)}" if given else ""


def _secret_line(question: Text) -> str:
    return f"# {question.key}: set {question.secret_from}, or wait to be asked"


def _table_template(table: str, *, example: bool) -> str:
    lines = ["", f"[{table}]", *_comment(about_table(table))]
    for question in TABLES[table]:
        lines += ["", *_comment(f"{question.label}: {question.help}"), *_comment(_terms(table, question))]
        lines.append(_question_template(table, question, example=example))
    return "\n".join(lines)


def about_table(table: str) -> str:
    """Say what a table is for."""
    if table == "setup":
        return "What is wanted."
    if table == _ACCOUNT:
        return "Where. Left out here, it comes from --account-id and --environment, or from BW_ACCOUNT_ID and BW_API_URL."
    step = next(step for step in STEPS if step.key == table)
    only = f"Only on the {step.platform.told}, and ignored elsewhere. " if step.platform else ""
    return f"{step.full_title}. {only}{step.explanation}"


def _terms(table: str, question: Question) -> str:
    """Describe a question: whether it must be answered, what may be answered, and who says so."""
    need = _needed(table, question) or _required(table, question)
    options = f", one of {', '.join(question.options)}" if isinstance(question, Choice) else ""
    return f"{need}{_only(question)}{options}. [{question.source}]"


def _only(question: Question) -> str:
    """Name the only platform on which a question is asked; empty if it is the same on all."""
    match question:
        case Choice(platform=Platform() as only):
            return f", only on the {only.told}"
        case _:
            return ""


def _made_from(question: Question) -> str:
    """The full name of the question that a default is made from; empty where none is."""
    parts = Formatter().parse(question.default) if isinstance(question, Text) else ()
    return next((name for _, name, _, _ in parts if name), "")


def _required(table: str, question: Question) -> str:
    if base := _made_from(question):
        return f"Made from {base} unless answered"
    if question.required and table == _ACCOUNT:
        return "Required, here or in one of those places"
    return "Required" if question.required else "Optional"


def _needed(table: str, question: Question) -> str:
    """Say why a question that may be left out is mostly to be answered; empty for any other."""
    key = f"{table}.{question.key}"
    others = [name for name, other in QUESTIONS.items() if other.required and _made_from(other) == key]
    if others:
        return f"Needed, unless {' and '.join(others)} are answered"
    rules = (rule for step in STEPS if step.key == table for rule in step.rules)
    return next(
        (rule.text.rstrip(".") for rule in rules if isinstance(rule, AnyOf) and rule.at == question.key), ""
    )


def _question_template(table: str, question: Question, *, example: bool) -> str:
    if isinstance(question, Text) and question.secret_from:
        return _secret_line(question)
    shown = sample(question)
    if example:
        answered = bool(question.guide) or question.guide is False
        value = question.guide if answered else shown
    else:
        required = question.required and table != _ACCOUNT and not _made_from(question)
        answered = required or bool(_needed(table, question))
        value = _blank(question) if answered else shown
    mark = "" if answered and not _is_credential(table, question) else "# "
    return f"{mark}{question.key} = {_toml(question, _as_text(value))}"


def _blank(question: Question) -> str:
    """Return the value of an answer to be filled in: the default, else empty."""
    return "" if question.default is None else _as_text(question.default)


def sample(question: Question) -> str:
    """Return a value to show: the default, else an example."""
    match question:
        case Flag():
            return _as_text(
                next((value for value in (question.default, question.guide) if value is not None), True)
            )
        case Choice():
            return question.default or question.guide or question.options[0]
        case Text():
            shown = "" if _made_from(question) else question.default
            return shown or question.example or question.guide
        case _:
            assert_never(question)


def _is_credential(table: str, question: Question) -> bool:
    """Return True if the answer is sent in the same element as a secret."""
    groups = {other.wire.rpartition("/")[0] for other in TABLES[table] if other.is_secret}
    return question.wire.rpartition("/")[0] in groups


def _as_text(value: object) -> str:
    return value if isinstance(value, str) else str(value).lower()


def _comment(text: str) -> list[str]:
    import textwrap  # noqa: PLC0415 - only templates are wrapped

    return [
        f"# {line}" for line in textwrap.wrap(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
    ]


def _toml(question: Question, value: str) -> str:
    match question:
        case Flag() if value in ("true", "false"):
            return value
        case Text(many=True) if "," in value:
            return f"[{', '.join(toml_text(part) for part in value.split(','))}]"
        case _:
            return toml_text(value)


def toml_text(value: str) -> str:
    """Return a TOML basic string: JSON's escapes are valid in TOML, except that JSON does not escape U+007F."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
