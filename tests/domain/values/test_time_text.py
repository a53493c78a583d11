"""A moment is told in the local zone, with how long ago it was."""

import time
from collections.abc import Iterator

import pytest

from bwtui.domain.values.time_text import moment


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


AT = 1_795_937_280  # 2026-11-29 07:28 in Berlin


@pytest.mark.usefixtures("berlin")
@pytest.mark.parametrize(
    ("later", "ago"),
    [
        (-5, "just now"),
        (59, "just now"),
        (60, "1 minute ago"),
        (3599, "59 minutes ago"),
        (3600, "1 hour ago"),
        (47 * 3600, "47 hours ago"),
        (48 * 3600, "2 days ago"),
        (59 * 86400, "59 days ago"),
        (60 * 86400, "2 months ago"),
    ],
)
def test_a_moment_has_its_zone_and_its_distance(later: int, ago: str) -> None:
    told = moment(AT, AT + later)
    assert told == f"{time.strftime('%Y-%m-%d %H:%M', time.gmtime(AT + 3600))} CET ({ago})"
