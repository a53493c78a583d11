"""The rules for sending a request again: if that is harmless, and after which delay."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from math import isfinite
from typing import Final

from bwtui.api.clock import Clock
from bwtui.api.errors import Failure
from bwtui.domain.runs.problem import Kind


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeouts:
    """The client's time-outs and numbers of attempts; times in seconds."""

    connect: float = 10
    read: float = 30
    """The longest wait between two pieces of an answer."""
    overall: float = 60
    """The longest for all attempts of one request together, without waits for the rate limit."""
    attempts: int = 4
    backoff: float = 0.5
    """The first wait after a failure; each further one is twice as long."""
    patience: float = 120
    """The longest for all waits for the rate limit of one request together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryDelay:
    """A wait before the next attempt."""

    seconds: float
    reason: str


_FAR_AWAY: Final = 1e11
"""A time in seconds since the epoch beyond this (the year 5138) is in milliseconds instead (1973)."""


def worth_repeating(failure: Failure, *, repeatable: bool) -> bool:
    """Return True if the same request may be sent again: a POST only if it was never sent."""
    return failure.transient and (repeatable or not failure.sent)


def delay(failures: int, backoff: float, jitter: float = 0) -> float:
    """Return the seconds to wait after one or more failures; `jitter` from 0 to 1 adds up to a quarter."""
    return backoff * 2.0 ** (failures - 1) * (1 + jitter / 4)


def reset_delay(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds until a rate limit is lifted, 0 or more, or `None` if the answer has none.

    `X-RateLimit-Reset` is in seconds since the epoch (bandwidth-api 1.7), or in milliseconds from some servers;
    `Retry-After` is in seconds or a date. Where the server's own `Date` shows that its clock differs from `now`, it is used
    instead; otherwise `now` is more precise, since a `Date` has whole seconds.
    """
    fields = {name.lower(): value.strip() for name, value in headers.items()}
    there = http_date(fields.get("date", "")) or now
    if not there - 1 <= now <= there + 2:
        now = there
    reset = _number(fields.get("x-ratelimit-reset", ""))
    if reset is not None and reset > _FAR_AWAY:
        reset /= 1000
    if reset is None:
        after = fields.get("retry-after", "")
        relative = _number(after)
        reset = http_date(after) if relative is None else now + relative
    return None if reset is None else max(0.0, reset - now)


class Attempts:
    """The attempts of one request: counts them and their time, and decides if another one follows."""

    def __init__(self, timing: Timeouts, clock: Clock, *, repeatable: bool) -> None:
        self._timing = timing
        self._clock = clock
        self._repeatable = repeatable
        self._started = clock.monotonic()
        self._failures = 0
        self._refusals = 0
        self._patience_used = 0.0

    @property
    def left(self) -> float:
        """Seconds left for all attempts together."""
        return self._timing.overall - (self._clock.monotonic() - self._started - self._patience_used)

    @contextmanager
    def apart(self) -> Iterator[None]:
        """Count the time spent inside as a wait: it is not the server's."""
        started = self._clock.monotonic()
        yield
        self._patience_used += self._clock.monotonic() - started

    def after(self, failure: Failure) -> RetryDelay | None:
        """Return the wait before the next attempt, or `None` if this failure is final."""
        if failure.problem.kind is Kind.RATE_LIMITED:
            return self._until_allowed(failure)
        self._failures += 1
        seconds = delay(self._failures, self._timing.backoff, self._clock.jitter())
        if (
            not worth_repeating(failure, repeatable=self._repeatable)
            or self._failures >= self._timing.attempts
            or seconds >= self.left
        ):
            return None
        return RetryDelay(seconds=seconds, reason=failure.problem.text)

    def _until_allowed(self, failure: Failure) -> RetryDelay | None:
        # A refused request had no effect, so any method may be repeated. The delay is never less than the growing one of
        # other failures: a server that says "now" each time must not be asked without end.
        self._refusals += 1
        jitter = self._clock.jitter()
        least = delay(self._refusals, self._timing.backoff, jitter)
        seconds = max((failure.wait or 0.0) + jitter / 4, least)
        if self._patience_used + seconds > self._timing.patience:
            return None
        self._patience_used += seconds
        return RetryDelay(seconds=seconds, reason=failure.problem.text)


def _number(given: str) -> float | None:
    try:
        number = float(given)
    except ValueError:
        return None
    return number if isfinite(number) else None


def http_date(given: str) -> float | None:
    """Return an HTTP date in seconds since the epoch; `None` for anything else."""
    try:
        moment = parsedate_to_datetime(given)
    except (ValueError, TypeError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


def reset_time(now: float, seconds: float) -> str:
    """Return the time at which a wait from `now` ends, for people and logs: `2026-11-03T14:05:00Z`."""
    try:
        return datetime.fromtimestamp(now + seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    except (ValueError, OverflowError, OSError):
        return f"in {seconds:.0f} seconds"
