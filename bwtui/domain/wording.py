"""Moments and flags in words, and a yes or no as it is typed."""

import time

from bwtui.domain.text import counted


def yes_or_no(flag: str) -> str:
    """Return a flag's value as people read it; any other text unchanged."""
    return {"true": "yes", "false": "no"}.get(flag.casefold(), flag)


def read_yes_or_no(typed: str, *, default: bool | None = None) -> bool | None:
    """Return the yes or no that was typed, `default` for Enter alone; `None` for anything else: ask again."""
    word = typed.strip().casefold()
    return {"y": True, "yes": True, "n": False, "no": False}.get(word) if word else default


def capitalised(text: str) -> str:
    """Return the text with a capital letter at its beginning, the rest unchanged."""
    return f"{text[:1].upper()}{text[1:]}"


def waiting_told(seconds: float, reason: str) -> str:
    """Say why something is waited for, and how long at most."""
    return f"Waiting up to {max(1, round(seconds))} s: {reason}"


def moment(at: float, now: float) -> str:
    """Return a time in the local zone, and how long ago it was: `2026-11-29 07:28 CET (3 minutes ago)`."""
    return f"{time.strftime('%Y-%m-%d %H:%M %Z', time.localtime(at))} ({_ago(now - at)})"


def _ago(seconds: float) -> str:
    if seconds < 60:
        return "just now"
    for noun, size, limit in (("minute", 60, 60), ("hour", 3600, 48), ("day", 86400, 60)):
        if seconds < size * limit:
            return f"{counted(int(seconds // size), noun)} ago"
    return f"{counted(int(seconds // (30 * 86400)), 'month')} ago"
