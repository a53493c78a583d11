"""Terminals by name: which to leave to the stock driver, and which erase in colour."""

from collections.abc import Mapping
from typing import Final

_LEFT_ALONE: Final = (
    "dumb",
    "unknown",
    "emacs",
    "eterm",
    "vt1",
    "vt2",
    "vt3",
    "vt4",
    "vt5",
    "ansi",
    "cons25",
    "sun",
)
"""Beginnings of the names of terminals without a screen, or not known to support everything used here."""

_COLOURED_ERASE: Final = (
    "xterm", "linux", "rxvt", "alacritty", "kitty", "foot", "wezterm", "ghostty", "konsole", "gnome", "vte", "putty",
    "mintty", "iterm", "contour", "st-", "mosh",
)  # fmt: skip
"""Beginnings of the names of terminals that erase with the set background, as their terminfo entries say."""


def is_understood(environ: Mapping[str, str]) -> bool:
    """Return True if the terminal can use this driver; False if it is left to the stock driver."""
    name = environ.get("TERM", "").lower()
    return bool(name) and not name.startswith(_LEFT_ALONE)


def erases_in_colour(environ: Mapping[str, str]) -> bool:
    """Return True if the terminal is known to erase with the set background; if in doubt, blanks are written.

    screen does so only if configured. tmux does so since a version that `TERM` does not show; versions that set
    `TERM_PROGRAM` are newer. Either may be configured to use another name in `TERM`.
    """
    if environ.get("TERM_PROGRAM") == "tmux":
        return True
    if environ.get("STY") or environ.get("TMUX"):
        return False
    name = environ.get("TERM", "").lower()
    return name == "st" or name.startswith(_COLOURED_ERASE)
