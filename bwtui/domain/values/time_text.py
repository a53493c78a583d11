"""Times in words: a moment and how long ago it was, and a wait."""

import time

from bwtui.domain.values.text import counted


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
