"""The fields of a JSON object, each taken once and as the type that it must have."""

from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TypeVar

_T = TypeVar("_T")
_Word = TypeVar("_Word", bound=StrEnum)


class Wrong(Exception):  # noqa: N818
    """Raised for wrong content; the text names the place."""


def of_another_version(path: Path) -> str:
    """Return what to say of a file whose version, which is read before all else, this bwtui does not know."""
    return f"{path} was written by another version of bwtui; it was left as it is. Use that version."


class Fields:
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

    def take_or(self, name: str, read: Callable[[object, str], _T], older: _T) -> _T:
        """Take a field that older files lack; return `older` if it is missing."""
        return self.take(name, read) if name in self._left else older

    def end(self) -> None:
        if self._left:
            raise Wrong(f"{self._where} has an unknown {next(iter(self._left))}")


def string(value: object, where: str) -> str:
    if not isinstance(value, str):
        raise Wrong(f"{where} is no text")
    return value


def whole(value: object, where: str) -> int:
    if not isinstance(value, int) or isinstance(value, bool):
        raise Wrong(f"{where} is no whole number")
    return value


def status(value: object, where: str) -> int | None:
    return None if value is None else whole(value, where)


def time(value: object, where: str) -> float:
    if not isinstance(value, int | float) or isinstance(value, bool):
        raise Wrong(f"{where} is no number")
    try:
        return float(value)
    except OverflowError as error:
        raise Wrong(f"{where} is out of range") from error


def yes_or_no(value: object, where: str) -> bool:
    if not isinstance(value, bool):
        raise Wrong(f"{where} is neither true nor false")
    return value


def strings(value: object, where: str) -> tuple[str, ...]:
    return tuple(
        string(item, f"item {place} of {where}") for place, item in enumerate(list_(value, where), 1)
    )


def list_(value: object, where: str) -> list[object]:
    if not isinstance(value, list):
        raise Wrong(f"{where} is no list")
    return value


def string_by_name(value: object, where: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise Wrong(f"{where} is no object")
    return {name: string(text, f"{name} of {where}") for name, text in value.items()}


def word(words: type[_Word]) -> Callable[[object, str], _Word]:
    """Return a reader for the words of an enumeration."""

    def read(value: object, where: str) -> _Word:
        try:
            return words(string(value, where))
        except ValueError as error:
            raise Wrong(f"{where} is none of {', '.join(words)}") from error

    return read
