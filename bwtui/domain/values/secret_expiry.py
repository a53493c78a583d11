"""The last day of a secret, as the person was told it when the secret was made; no token says it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bwtui.domain.values.text import counted

if TYPE_CHECKING:  # start-up time is budgeted
    from datetime import date

DAYS_BEFORE: Final = 14
"""Days before the last one from which on it is named."""


def last_day(text: str) -> date | None:
    """Return the day that a text names, as `2026-12-31`; `None` if it names none."""
    from datetime import date  # noqa: PLC0415 - start-up time is budgeted

    try:
        return date.fromisoformat(text.strip())
    except ValueError:
        return None


def expiry_doubt(expires: str, today: date) -> str:
    """Say that a secret expires soon, or has expired; empty while there is time, and where no day is known."""
    day = last_day(expires)
    left = (day - today).days if day else DAYS_BEFORE + 1
    if left > DAYS_BEFORE:
        return ""
    if left < 0:
        return f"The secret expired on {expires}. {_NEW}"
    when = "today" if left == 0 else f"in {counted(left, 'day')}"
    return f"The secret expires {when}, on {expires}. {_NEW}"


_NEW: Final = "Make a new one in the Bandwidth App, Account > API Credentials > Generate New Secret, and log in again with it."
