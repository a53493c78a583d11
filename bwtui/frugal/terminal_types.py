"""What is known of terminals by their names: which to leave alone, and which erase in colour."""

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
"""Beginnings of the names of those without a screen, or not known to do all that is used here."""

_COLOURED_ERASE: Final = (
    "xterm", "linux", "rxvt", "alacritty", "kitty", "foot", "wezterm", "ghostty", "konsole", "gnome", "vte", "putty",
    "mintty", "iterm", "contour", "st-", "mosh",
)  # fmt: skip
"""Beginnings of the names of those that erase with the background that is set, as their descriptions say too."""


def is_understood(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is one to be frugal with, rather than to be left to the stock driver."""
    name = environ.get("TERM", "").lower()
    return bool(name) and not name.startswith(_LEFT_ALONE)


def erases_in_colour(environ: Mapping[str, str]) -> bool:
    """Whether the terminal is known to erase with the background that is set; if in doubt, blanks are written.

    screen does so only if configured, tmux since a version that its name does not tell, but those that name
    themselves in `TERM_PROGRAM` are newer. Either may have been told to call itself something else.
    """
    if environ.get("TERM_PROGRAM") == "tmux":
        return True
    if environ.get("STY") or environ.get("TMUX"):
        return False
    name = environ.get("TERM", "").lower()
    return name == "st" or name.startswith(_COLOURED_ERASE)
