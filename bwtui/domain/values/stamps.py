"""Times as Bandwidth writes them."""

from datetime import UTC, datetime


def time_of(stamp: str) -> datetime | None:
    """Return a time as Bandwidth writes it, `2026-11-29T07:28:01.000Z`, UTC unless it says otherwise; `None` for anything else."""
    try:
        at = datetime.fromisoformat(stamp)
    except ValueError:
        return None
    return at if at.tzinfo else at.replace(tzinfo=UTC)


def seconds_of(stamp: str) -> float | None:
    """Return such a time in seconds since the epoch."""
    at = time_of(stamp)
    return at.timestamp() if at else None
