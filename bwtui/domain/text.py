"""Removal of invisible characters, which text that is copied, pasted or read contains by accident."""

import re
from typing import Final

_UNSEEN: Final = re.compile("[\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Soft hyphens, zero-width spaces and joiners, direction marks, the byte order mark.

Not the joiners of letters and emoji (U+200C, U+200D): they change what is read.
"""

_FIXED_BLANKS: Final = re.compile("[\u00a0\u2007\u202f]")
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
    return trim(_FIXED_BLANKS.sub(" ", _UNSEEN.sub("", text)))
