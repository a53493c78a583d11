"""Days on which something is different at Bandwidth."""

import time
from datetime import date
from typing import Final

BEFORE: Final = date(2026, 11, 30)
"""HTTP Basic still works at Bandwidth."""
ON_THE_DAY: Final = date(2026, 12, 2)
"""HTTP Basic ends."""
LONG_AFTER: Final = date(2027, 6, 1)


def noon(day: date) -> float:
    """Return noon of a day in the local zone, in seconds since the epoch."""
    return time.mktime((day.year, day.month, day.day, 12, 0, 0, 0, 0, -1))
