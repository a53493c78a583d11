"""Text that was typed, pasted or read: without invisible characters, printable, on one line, split at commas.

Here and in the modules that check text, `re` compiles a pattern when it is first used: every command imports them.
"""

import re
from collections.abc import Iterable
from typing import Final

_UNSEEN: Final = "[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]"
"""Soft hyphens, zero-width spaces and joiners, direction marks, the byte order mark.

Not the joiners of letters and emoji (U+200C, U+200D): they change what is read.
"""

_FIXED_BLANKS: Final = "[\u00a0\u2007\u202f]"
"""No-break spaces."""


def trim(text: str) -> str:
    """Return the text without blanks, line ends and invisible characters at either end."""
    while (trimmed := text.strip().strip("\ufeff\u200b\u200e\u200f\u2060\x00")) != text:
        text = trimmed
    return text


def visible(text: str) -> str:
    """Return the text as it looks: trimmed, without invisible characters, every blank a plain one."""
    if text.isascii():
        return text.strip()
    return trim(re.sub(_FIXED_BLANKS, " ", re.sub(_UNSEEN, "", text)))


def single_line(text: str) -> str:
    """Return text from outside on one line: what cannot be printed is a blank, and runs of blanks are one."""
    return " ".join(safe(text).split())


def sentence(text: str) -> str:
    """Return the text with a full stop at its end, unless it ends as a sentence does."""
    return text if text.endswith((".", "!", "?")) else f"{text}."


def split_list(text: str) -> tuple[str, ...]:
    """Return the parts of a comma-separated answer, trimmed, none empty."""
    return tuple(part.strip() for part in text.split(",") if part.strip())


def join_list(parts: Iterable[str]) -> str:
    """Return parts as a comma-separated answer, which `split_list` reads."""
    return ",".join(parts)


def capitalised(text: str) -> str:
    """Return the text with a capital letter at its beginning, the rest unchanged."""
    return f"{text[:1].upper()}{text[1:]}"


def counted(count: int, word: str) -> str:
    """Return a count with its word in the right number: `1 character`, `2,000 characters`."""
    return f"{count:,} {word}{'' if count == 1 else 's'}"


def is_digits(text: str) -> bool:
    """Return True for digits 0 to 9 only, at least one."""
    return text.isascii() and text.isdigit()


def safe(text: str) -> str:
    """Return text from outside as it may be shown: line ends stay, whatever else cannot be printed is a blank."""
    if text.isprintable():
        return text
    return "".join(char if char.isprintable() or char == "\n" else " " for char in text)
