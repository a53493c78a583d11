"""The right names for tables and keys that were written nearly right, and what to do instead of writing a secret."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from bwtui.domain.catalog import QUESTIONS, STEPS, TABLES
from bwtui.domain.fields import Text

_APP_WORDS: Final = {alias: step.key for step in STEPS for alias in step.aliases}
"""Step keys by wrong but likely names of their tables, such as the App's words."""

_CREDENTIALS: Final = {
    "client_id": "BW_CLIENT_ID", "client_secret": "BW_CLIENT_SECRET",
    "username": "BW_USERNAME", "password": "BW_PASSWORD",
}  # fmt: skip
"""Keys for credentials that people may try, and the variable to set instead."""


def nearest_table(name: str) -> str:
    """Return the table that is meant; empty if none is near."""
    return _APP_WORDS.get(_folded(name)) or _nearest(name, {table: table for table in TABLES})


def nearest_key(table: str, key: str) -> str:
    """Return the key of a table that is meant by its label, its wire name or a misspelt key; empty if none is near."""
    return _nearest(key, _words_for(table))


def nearest_word(word: str, known: Iterable[str]) -> str:
    """Return the known word that is most like this one; empty if none is near."""
    return _nearest(word, {each: each for each in known})


def tables_with(key: str) -> tuple[str, ...]:
    """Return the tables that have a key, by its name or its label."""
    folded = _folded(key)
    return tuple(
        table
        for table, questions in TABLES.items()
        if any(folded in (question.key, _folded(question.label)) for question in questions)
    )


def about_secret(key: str) -> str:
    """Say where a secret belongs, if this is the full name of one; empty if it is not."""
    question = QUESTIONS[key]
    if not isinstance(question, Text) or not question.secret_from:
        return ""
    return f"never in a file: take it away and set {question.secret_from}, or wait to be asked"


def about_credential(key: str, table: str = "") -> str:
    """Say where a credential belongs, if a key is one and not one of its table's own words; empty if it is not."""
    folded = _folded(key)
    if folded not in _CREDENTIALS or (table and folded in map(_folded, _words_for(table))):
        return ""
    return (
        f"credentials are never in a file: take it away and set {_CREDENTIALS[folded]}, or wait to be asked"
    )


def _words_for(table: str) -> dict[str, str]:
    """Return the keys of a table by every word that may be meant for one: label, wire name and key."""
    words: dict[str, str] = {}
    for question in TABLES[table]:
        for word in (question.label, question.wire.rpartition("/")[2], question.key):
            words[word] = question.key
    return words


def _nearest(word: str, known: Mapping[str, str]) -> str:
    import difflib  # noqa: PLC0415 - only where something is misspelt

    folded = {_folded(name): meant for name, meant in known.items() if name}
    near = difflib.get_close_matches(_folded(word), folded, n=1, cutoff=0.7)
    return folded[near[0]] if near else ""


def _folded(word: str) -> str:
    return re.sub(r"[\W_]+", "_", word.strip()).casefold()
