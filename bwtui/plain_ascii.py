"""Terminals that show ASCII only: the locales that say so, and an ASCII likeness for each of our signs."""

from collections.abc import Mapping
from typing import Final

ASCII_SIGNS: Final = str.maketrans(
    {
        "○": ".", "●": "*", "–": "-", "—": "-", "✓": "+", "✗": "x", "▸": ">", "▾": "v", "‹": "<", "›": ">", "…": "~", "·": ".",
        "“": '"', "”": '"', "’": "'", "•": "*", "↑": "^", "↓": "v", "→": ">", "←": "<", "×": "x", "│": "|", "─": "-",
        "┌": "+", "┐": "+", "└": "+", "┘": "+", "├": "+", "┤": "+", "▔": "-", "▁": "_", "▎": "|", "▌": "|", "▐": "|",
        "█": "#", "⏎": "<", **dict.fromkeys("▂▃▄▅▆▇", " "),  # the ends of a scrollbar
    }
)  # fmt: skip
"""A sign of one cell for each of one cell, for `str.translate`."""


def is_utf8(environ: Mapping[str, str]) -> bool:
    """True if the locale says that the terminal shows more than ASCII.

    Python itself sets LC_CTYPE to C.UTF-8 where a locale says nothing (PEP 538), so that value says nothing either.
    """
    locale = (
        environ.get("LC_ALL") or environ.get("LC_CTYPE", "").replace("C.UTF-8", "") or environ.get("LANG", "")
    )
    return "utf" in locale.casefold()
