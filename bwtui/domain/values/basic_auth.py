"""The end of HTTP Basic at Bandwidth: its day, and what is said of it before and after."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from bwtui.domain.values.base_urls import base_url as wrong_in
from bwtui.domain.values.hosts import is_bandwidth

if TYPE_CHECKING:  # start-up time is budgeted
    from datetime import date

ENDS: Final = "2026-12-02"
"""From this day on "API Users are fully decommissioned and may no longer be used for authentication", in the words of
Bandwidth's page on managing credentials (bandwidth-api 1.2). Neither hour nor time zone is said."""

END_DAY: Final = "2 December 2026"
"""The same day, as texts spell it."""


def local_day(at: float) -> date:
    """Return the day in the local zone of a time in seconds since the epoch."""
    from datetime import date  # noqa: PLC0415 - start-up time is budgeted

    return date(*time.localtime(at)[:3])


def has_ended(today: date) -> bool:
    """Return True from the day on which Basic ends."""
    return today.isoformat() >= ENDS


def end_told(today: date) -> str:
    """Say when Basic ends, or ended; it follows "HTTP Basic"."""
    return f"{'ended' if has_ended(today) else 'ends'} on {END_DAY}"


def basic_doubt(base_url: str, today: date) -> str:
    """Say why a user name and a password may not work at an address; empty for hosts that are not Bandwidth's.

    A text that is no address, as when it is half typed, leaves no doubt either: it is refused for itself.
    """
    host = "" if wrong_in(base_url) else urlsplit(base_url).hostname or ""
    if not is_bandwidth(host):
        return ""
    refuses = "refuses" if has_ended(today) else "then refuses"
    return f"HTTP Basic {end_told(today)}: {host} {refuses} user names and passwords. Use an OAuth2 client."
