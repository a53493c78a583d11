"""Invisible characters: they come along with what is copied, pasted or read, and nobody means them."""

import re
from typing import Final

_UNSEEN: Final = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Soft hyphens, zero-width blanks and joints, marks of direction, the byte order mark.

Not those that join letters and emoji (U+200C, U+200D): they change what is read.
"""

_FIXED_BLANKS: Final = re.compile("[\u00a0\u2007\u202f]")
"""Blanks that no line may be broken at."""


def trim(text: str) -> str:
    """The text without blanks, line ends and invisible characters at either end; what is inside stays."""
    while (trimmed := text.strip().strip("\ufeff\u200b\u200e\u200f\u2060\x00")) != text:
        text = trimmed
    return text


def visible(text: str) -> str:
    """The text as it is seen: trimmed, without invisible characters, every blank a plain one."""
    if text.isascii():
        return text.strip()
    return trim(_FIXED_BLANKS.sub(" ", _UNSEEN.sub("", text)))
