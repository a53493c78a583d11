"""The heading of a list of setups: full names of answers, `name`, and columns for people only."""

from collections.abc import Mapping, Sequence
from typing import Final, NamedTuple

from bwtui.domain.answers.misspelt import (
    about_credential,
    about_secret,
    nearest_key,
    nearest_table,
    nearest_word,
    tables_with,
)
from bwtui.domain.catalog import QUESTIONS, TABLES
from bwtui.domain.values.text import capitalised, single_line, visible

NAME: Final = "name"
"""The column that names each row's setup."""

ACCOUNT_TABLE: Final = "account"
"""The answers that are the same for all rows."""

_NOTE: Final = "#"
"""The beginning of the heading of a column that is for people only."""


class Heading(NamedTuple):
    """The columns of a list."""

    columns: Mapping[int, str]
    """The name of each column that is read, by its place; empty for one that has no heading, where nothing may stand."""
    width: int
    """The number of columns, of any kind."""
    wrong: tuple[tuple[str, str], ...]
    """A heading, and what is wrong with it and to be done; for each that is wrong."""


def read_heading(cells: Sequence[str], shared: frozenset[str]) -> Heading:
    """Return the columns of a list. `shared` are the keys of steps that rows do not answer for themselves."""
    columns: dict[int, str] = {}
    wrong: list[tuple[str, str]] = []
    for place, cell in enumerate(cells):
        shown = single_line(visible(cell))
        column = shown.casefold()
        if shown.startswith(_NOTE):
            continue
        if not column:
            columns[place] = ""
        elif about := _about(shown, column, shared):
            wrong.append((shown, about))
        elif column in columns.values():
            wrong.append((shown, "This heading stands there twice: keep one of the columns."))
        else:
            columns[place] = column
    if NAME not in columns.values():
        text = "There is no such column: it names each row's setup, and what is done so far is kept by it."
        wrong.append((NAME, text))
    return Heading(columns, len(cells), tuple(wrong))


def _about(shown: str, column: str, shared: frozenset[str]) -> str:
    """Return what is wrong with a heading; empty if it is `name` or the full name of an answer that a row may give."""
    if column == NAME:
        return ""
    table = column.partition(".")[0]
    if column not in QUESTIONS:
        return _about_unknown(shown)
    if secret := about_secret(column):
        return f"A secret is {secret}."
    if table == ACCOUNT_TABLE:
        return "All rows are on one account: say which in the answers file, by an option or by a variable."
    if table in shared:
        return "This is shared by all rows: answer it in the answers file, and take the column away."
    return ""


def _about_unknown(shown: str) -> str:
    table, dot, key = shown.partition(".")
    if not dot:
        table, key = "", shown
    elif table.casefold() in TABLES:
        table = table.casefold()
    else:
        table = nearest_table(table)
    if credential := about_credential(key, table):
        return f"{capitalised(credential)}."
    near = _meant(shown, table, key)
    if len(near) == 1 and near[0] in QUESTIONS and (secret := about_secret(near[0])):
        return f"A secret is {secret}."
    if near:
        return f"There is no such answer; did you mean {' or '.join(near)}?"
    return (
        "There is no such answer. Headings are full names of answers, such as setup.messaging; "
        f"{_NOTE} before a heading keeps a column for people only."
    )


def _meant(shown: str, table: str, key: str) -> tuple[str, ...]:
    """Return the columns that may be meant by a heading that is none."""
    if table:
        near = nearest_key(table, key)
        return (f"{table}.{near}",) if near else ()
    if inside := [each for each in tables_with(key) if each != ACCOUNT_TABLE]:
        return tuple(f"{each}.{nearest_key(each, key)}" for each in inside)
    near = nearest_word(shown, (NAME, *QUESTIONS))
    return (near,) if near else ()
