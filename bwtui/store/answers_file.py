"""Answers as TOML: read with errors that name file, line and key, and written from the catalogue. Never a secret."""

import re
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Iterator, Mapping
from functools import cache, lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Final, NamedTuple, assert_never

from bwtui.domain.answers.answers import Answer, Source, taken, taken_told
from bwtui.domain.answers.misspelt import about_credential, about_secret, nearest_key, nearest_table
from bwtui.domain.catalog import QUESTIONS, TABLES
from bwtui.domain.fields import Choice, Flag, Text
from bwtui.domain.values.text import join_list

STANDARD_INPUT: Final = "-"

_CURLY: Final = "“”„‟«»‘’‚‛"  # noqa: RUF001 - which is why they are looked for
"""Typographic quotes that a word processor puts in place of straight ones."""


class AnswersError(Exception):
    """Raised if the answers file cannot be used; each complaint is one line that names the place."""

    def __init__(self, *complaints: str) -> None:
        super().__init__("\n".join(complaints))
        self.complaints = complaints


class AnswersFile(NamedTuple):
    """The answers of a file, and where each stands."""

    name: str
    """The file's name in messages: `setup.toml`."""
    given: Mapping[str, Answer] = MappingProxyType({})
    """Answers by full name: `site.name`."""
    text: str = ""
    """The file as it was read, whose lines are counted only where one is to be named."""
    notes: tuple[str, ...] = ()
    """A line, with its place in the file, for each answer that was written in another form than it is taken."""

    def locate(self, key: str) -> str:
        """Return the place of an answer: `setup.toml:12`, else its table's line, else the file alone."""
        return _place(self.name, self.text, tuple(key.split(".")))


def read(path: str | Path) -> AnswersFile:
    """Read the answers of a file, or of standard input for `-`."""
    name = "standard input" if str(path) == STANDARD_INPUT else str(path)
    try:
        data = sys.stdin.buffer.read() if str(path) == STANDARD_INPUT else Path(path).read_bytes()
    except OSError as error:
        raise AnswersError(f"{name}: cannot be read: {error.strerror}") from error
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) or data[:64].count(0) > len(data[:64]) // 4:
        raise AnswersError(f"{name}:1: this is UTF-16: save the file as UTF-8")
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise AnswersError(f"{name}:{line}: not UTF-8: save the file in that encoding") from error
    return parse(text, name)


def parse(text: str, name: str) -> AnswersFile:
    """Read the answers of a TOML text. Raises `AnswersError` with everything that is wrong with it."""
    document = _document(text, name)
    written: dict[str, str] = {}
    complaints: list[str] = []
    for path, value in _answers(document):
        try:
            written[".".join(path)] = _value(path, value)
        except _Wrong as wrong:
            complaints.append(f"{_place(name, text, path)}: {'.'.join(path)}: {wrong}")
    if complaints:
        raise AnswersError(*complaints)
    given: dict[str, Answer] = {}
    notes: list[str] = []
    for key, typed in written.items():
        answers = taken(key, typed, written)
        given |= {
            each: Answer(value, Source.FILE) for each, value in answers.items() if value or each not in given
        }
        if sentence := taken_told(key, typed, answers):
            notes.append(f"{_place(name, text, tuple(key.split('.')))}: {key}: {sentence}")
    return AnswersFile(name=name, given=given, text=text, notes=tuple(notes))


class _Wrong(Exception):  # noqa: N818
    """A mistake at one key, and what to do about it."""


# --- TOML ------------------------------------------------------------------------------------------------------


def _document(text: str, name: str) -> dict[str, object]:
    import tomllib  # noqa: PLC0415 - start-up time is budgeted

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise AnswersError(_syntax(str(error), text, name)) from error
    except RecursionError as error:
        raise AnswersError(f"{name}: too deeply nested for an answers file") from error
    except ValueError as error:
        raise AnswersError(f"{name}: a number in it is far too long") from error


def _syntax(message: str, text: str, name: str) -> str:
    """Return the parser's complaint with the line number and a hint, without the line's text, which may be a secret."""
    found = re.search(r" \(at (?:line (\d+), column \d+|end of document)\)$", message)
    if not found:
        return f"{name}: {message}"
    number = int(found[1]) if found[1] else text.rstrip("\n").count("\n") + 1
    lines = text.split("\n")
    line = lines[number - 1] if number <= len(lines) else ""
    return f"{name}:{number}: {message[: found.start()]}{_syntax_hint(message, line)}"


def _syntax_hint(message: str, line: str) -> str:
    if message.startswith("Cannot declare"):
        return "; a table stands once: put its keys together"
    if message.startswith("Cannot overwrite"):
        return "; the key stands there twice: keep one"
    if curly := _curly_quotes(line):
        return f'; these quotes are typographic ({curly}): type straight ones, "'
    bare = re.match(r"""\s*([\w.-]+)\s*=\s*[^\s"'\[{]""", line)
    return f'; text and digits stand in quotes: {bare[1]} = "..."' if bare else ""


def _curly_quotes(line: str) -> str:
    """Return the typographic quotes of a line, except those inside a text or comment."""
    rest = "".join(
        token[0] for token in _tokens().finditer(line) if token.lastgroup not in ("text", "comment")
    )
    return " ".join(dict.fromkeys(character for character in rest if character in _CURLY))


def _answers(document: Mapping[str, object]) -> Iterator[tuple[tuple[str, ...], object]]:
    """Yield every key as a path with its value; a table that is not one of ours is a single entry."""
    for table, content in document.items():
        if isinstance(content, dict) and table in TABLES:
            for key, value in content.items():
                yield (table, key), value
        else:
            yield (table,), content


def _place(name: str, text: str, path: tuple[str, ...]) -> str:
    lines = _lines(text)
    line = lines.get(path) or lines.get(path[:1])
    return f"{name}:{line}" if line else name


@cache
def _tokens() -> re.Pattern[str]:
    """Return the pattern for the tokens of a TOML text, compiled when it is first needed."""
    return re.compile(
        r'''
      (?P<text> """(?:\\.|[^\\])*?"{3,5} | \'{3}.*?\'{3,5} | "(?:\\.|[^"\\\n])*" | '[^'\n]*' )
    | (?P<comment> \#[^\n]* )
    | (?P<open> [\[{] )
    | (?P<close> [\]}] )
    | (?P<equals> = )
    | (?P<end> \n )
    | (?P<other> [^"'\#\[\]{}=\n]+ | . )
    ''',
        re.VERBOSE | re.DOTALL,
    )


@lru_cache(maxsize=1)
def _lines(text: str) -> dict[tuple[str, ...], int]:
    """Return the line of every table and key of a valid TOML text, which `tomllib` does not report."""
    lines: dict[tuple[str, ...], int] = {}
    table: tuple[str, ...] = ()
    for number, head, is_table in _statements(text):
        path = _path(head)
        if is_table:
            table = path
            lines.setdefault(path[:1], number)
        else:
            path = table + path
            lines.setdefault(path[:1], number)
            lines.setdefault(path[:2], number)
    return lines


def _statements(text: str) -> Iterator[tuple[int, str, bool]]:
    """Yield every table header and every key, with its line, and True for a header."""
    number, head, depth, in_value = 1, "", 0, False
    first = number
    for token in _tokens().finditer(text + "\n"):
        kind, piece = token.lastgroup, token[0]
        depth += (kind == "open") - (kind == "close")
        if kind == "end" and depth == 0:
            if head.strip() and not in_value:
                yield first, head.strip(), True
            head, in_value, first = "", False, number + 1
        elif kind == "equals" and depth == 0 and not in_value:
            yield first, head.strip(), False
            in_value = True
        elif kind != "comment" and not in_value:
            head += piece
        number += piece.count("\n")


def _path(head: str) -> tuple[str, ...]:
    """Split a header or key into its names, as the TOML parser itself reads them."""
    if head.isascii() and head.isidentifier():
        return (head,)  # nearly all are, and the parser would take a millisecond
    import tomllib  # noqa: PLC0415 - start-up time is budgeted

    names: list[str] = []
    content: object = tomllib.loads(head if head.startswith("[") else f"{head} = 0")
    while isinstance(content, dict) and content:
        names.append(next(iter(content)))
        content = content[names[-1]]
    return tuple(names)


# --- Keys and values -------------------------------------------------------------------------------------------


def _value(path: tuple[str, ...], value: object) -> str:
    """Return the answer as text; raise if the key is not one of ours or the value has the wrong type."""
    if len(path) == 1:
        raise _Wrong(_about_table(path[0], value))
    table, key = path
    question = QUESTIONS.get(f"{table}.{key}")
    if question is None:
        raise _Wrong(_about_key(table, key))
    match question:
        case Flag():
            return _flag(question, value)
        case Choice():
            return _choice(question, value)
        case Text(secret_from=variable) if variable:
            raise _Wrong(about_secret(f"{table}.{key}"))
        case Text():
            return _text(question, value)
        case _:
            assert_never(question)


def _about_table(name: str, value: object) -> str:
    if name in TABLES:
        return f"this is a table: write [{name}] on a line of its own and its keys below"
    if not isinstance(value, dict | list):
        if credential := about_credential(name):
            return credential
        tables = [table for table, questions in TABLES.items() if any(item.key == name for item in questions)]
        where = " or ".join(f"[{table}]" for table in tables) or "a table such as [site]"
        return f"it stands outside of any table: put it under {where}"
    if near := nearest_table(name):
        return f"no such table; did you mean [{near}]?"
    return f"no such table; there are {', '.join(f'[{table}]' for table in TABLES)}"


def _about_key(table: str, key: str) -> str:
    if credential := about_credential(key, table):
        return credential
    if near := nearest_key(table, key):
        return about_secret(f"{table}.{near}") or f"no such key; did you mean {near}?"
    elsewhere = [
        other for other, questions in TABLES.items() if any(question.key == key for question in questions)
    ]
    if elsewhere:
        return f"no such key; it stands under {' or '.join(f'[{other}]' for other in elsewhere)}"
    return f"no such key; [{table}] has {', '.join(question.key for question in TABLES[table])}"


def _flag(question: Flag, value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str) and value.casefold() in ("true", "false"):
        raise _Wrong(f"take the quotes away: {question.key} = {value.lower()}")
    raise _Wrong(f"true or false, without quotes: {question.key} = true")


def _choice(question: Choice, value: object) -> str:
    if isinstance(value, str):
        return value
    options = ", ".join(question.options)
    raise _Wrong(f'one of {options}, in quotes: {question.key} = "{question.options[0]}"')


def _text(question: Text, value: object) -> str:
    match value:
        case str():
            return value
        case int() if question.is_count and _is_number(value):
            return str(value)
        case list() if question.many and all(isinstance(item, str) for item in value):
            return join_list(value)
        case list() if question.many:
            raise _Wrong(f'put quotes around each: {question.key} = ["{question.example}"]')
        case list() | dict():
            raise _Wrong(f"one text in quotes: {_sample(question)}")
        case int() if _is_number(value):
            raise _Wrong(
                f'put quotes around it, since a number loses leading zeros: {question.key} = "{value}"'
            )
        case _:
            raise _Wrong(f"text stands in quotes: {_sample(question)}")


def _sample(question: Text) -> str:
    from bwtui.store.answers_template import sample, toml_text  # noqa: PLC0415 - only where something is wrong

    return f"{question.key} = {toml_text(sample(question))}"


def _is_number(value: int) -> bool:
    """Return True for a number that can be shown: neither a boolean nor endlessly long."""
    return not isinstance(value, bool) and value.bit_length() < 100
