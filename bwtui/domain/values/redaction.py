"""Redaction of text that is given to others: phone numbers but for their last four digits, and no queries of URLs."""

import re
from typing import Final

from bwtui.domain.values.secret import MASK

_NUMBER: Final = re.compile(
    r"(?:(?<!\w)|(?<=\\[nrt]))(?:\+?1[-. ]?)?(?:\([2-9]\d\d\)|[2-9]\d\d)[-. ]?[2-9]\d\d[-. ]?(\d{4})(?!\w)"
)
"""A US or Canadian number in any usual notation, also behind a line end that JSON has escaped."""

_QUERY: Final = re.compile(r"(https?://[^\s?#\"<>]*)[?#][^\s\"<>]*")
_USER: Final = re.compile(r"(https?://)[^\s/@\"<>]*@")


def redacted(text: str) -> str:
    """Return the text with phone numbers masked up to their last four digits, and URLs without user and query."""
    return _NUMBER.sub(rf"{MASK}\1", _QUERY.sub(rf"\1?{MASK}", _USER.sub(r"\1", text)))
