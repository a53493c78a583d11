"""Retries: which requests are sent again, and after how long."""

import pytest

from bwtui.api.clock import Clock
from bwtui.api.errors import Failure
from bwtui.api.retry import Attempts, Timeouts, delay, reset_delay, reset_time, worth_repeating
from bwtui.domain.runs.problem import Kind, Problem

NOW = 1_800_000_000.0


def failure(
    kind: Kind = Kind.UNREACHABLE, *, wait: float | None = None, sent: bool = True, transient: bool = True
) -> Failure:
    return Failure(
        problem=Problem(operation="x", kind=kind, text="why"), wait=wait, sent=sent, transient=transient
    )


@pytest.mark.parametrize(
    ("sent", "transient", "repeatable", "again"),
    [
        (True, True, True, True),
        (True, True, False, False),
        (False, True, False, True),
        (False, True, True, True),
        (True, False, True, False),
        (False, False, True, False),
    ],
)
def test_only_harmless_and_promising_repeats_are_made(
    *, sent: bool, transient: bool, repeatable: bool, again: bool
) -> None:
    assert worth_repeating(failure(sent=sent, transient=transient), repeatable=repeatable) is again


def test_waits_double_and_jitter_adds_at_most_a_quarter() -> None:
    assert [delay(n, 0.5, 0) for n in (1, 2, 3)] == [0.5, 1, 2]
    assert delay(1, 1, 1) == 1.25


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"X-RateLimit-Reset": str(int(NOW) + 30)}, 30),
        ({"x-ratelimit-reset": f" {NOW + 1.5} "}, 1.5),
        ({"X-RateLimit-Reset": "1"}, 0),
        ({"X-RateLimit-Reset": str(int(NOW * 1000) + 1500)}, 1.5),
        ({"X-RateLimit-Reset": "1900000000000", "Date": "Fri, 15 Jan 2027 08:00:00 GMT"}, 100_000_000),
        ({"Retry-After": "7"}, 7),
        ({"Retry-After": "-7"}, 0),
        ({"Retry-After": "Fri, 15 Jan 2027 08:00:20 GMT"}, 20),
        ({"Retry-After": "Fri, 15 Jan 2027 08:00:20"}, 20),
        ({"Retry-After": "soon"}, None),
        ({"Retry-After": "inf"}, None),
        ({"X-RateLimit-Reset": "nan", "Retry-After": "5"}, 5),
        ({"X-RateLimit-Reset": str(int(NOW) + 30), "Retry-After": "5"}, 30),
        # The server's clock is an hour ahead: its own Date says so.
        ({"X-RateLimit-Reset": str(int(NOW) + 3630), "Date": "Fri, 15 Jan 2027 09:00:00 GMT"}, 30),
        ({"X-RateLimit-Reset": str(int(NOW) + 30), "Date": "garbage"}, 30),
    ],
)
def test_the_reset_is_read_from_whatever_says_it(headers: dict[str, str], seconds: float | None) -> None:
    assert reset_delay(headers, NOW) == seconds


def test_the_reset_time_is_a_moment_or_at_least_a_number() -> None:
    assert reset_time(NOW, 90) == "2027-01-15T08:01:30Z"
    assert reset_time(NOW, 1e300).startswith("in 1")


class Still:
    now = 0.0

    def clock(self) -> Clock:
        return Clock(monotonic=lambda: self.now, jitter=lambda: 0.0)


def waits(attempts: Attempts, failure: Failure, still: Still) -> list[float]:
    found: list[float] = []
    while (pause := attempts.after(failure)) is not None and len(found) < 100:
        found.append(pause.seconds)
        still.now += pause.seconds
    return found


def test_attempts_are_counted() -> None:
    still = Still()
    assert waits(Attempts(Timeouts(attempts=4), still.clock(), repeatable=True), failure(), still) == [
        0.5,
        1,
        2,
    ]
    assert waits(Attempts(Timeouts(attempts=1), still.clock(), repeatable=True), failure(), still) == []


def test_no_attempt_begins_after_the_overall_time() -> None:
    still = Still()
    attempts = Attempts(Timeouts(overall=10, attempts=99), still.clock(), repeatable=True)
    still.now += 8
    assert waits(attempts, failure(), still) == [0.5, 1]


def test_waits_for_the_rate_limit_do_not_count_as_time_or_attempts_but_end() -> None:
    still = Still()
    attempts = Attempts(Timeouts(overall=10, attempts=2, patience=120), still.clock(), repeatable=False)
    limited = failure(Kind.RATE_LIMITED, wait=50, transient=False)
    assert waits(attempts, limited, still) == [50, 50]
    assert attempts.left == 10


def test_a_limit_without_a_date_backs_off_until_patience_ends() -> None:
    for wait in (None, 0.0):
        still = Still()
        limited = failure(Kind.RATE_LIMITED, wait=wait, transient=False)
        found = waits(Attempts(Timeouts(patience=120), still.clock(), repeatable=False), limited, still)
        assert found == [0.5, 1, 2, 4, 8, 16, 32]


def test_a_limit_beyond_patience_is_not_waited_for() -> None:
    still = Still()
    limited = failure(Kind.RATE_LIMITED, wait=121, transient=False)
    assert Attempts(Timeouts(patience=120), still.clock(), repeatable=True).after(limited) is None
