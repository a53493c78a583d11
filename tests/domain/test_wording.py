"""Counts agree with their nouns, a yes is never taken for granted, and a moment is told in the local zone with how long ago it was."""

import time
from collections.abc import Iterator

import pytest

from bwtui.domain.text import counted
from bwtui.domain.wording import moment, read_yes_or_no


@pytest.fixture
def berlin(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 requests"), (1, "1 request"), (2, "2 requests"), (1200, "1,200 requests")]
)
def test_a_count_agrees_with_its_noun(count: int, told: str) -> None:
    assert counted(count, "request") == told


@pytest.mark.parametrize("default", [True, False, None])
@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("y", True), ("Yes", True), (" YES \n", True), ("n", False), ("No\n", False),
        ("sure", None), ("yes please", None), ("1", None), ("true", None), ("yy", None),
    ],
)  # fmt: skip
def test_a_yes_is_a_yes_and_a_no_a_no_and_nothing_else_is_either(
    typed: str, *, meant: bool | None, default: bool | None
) -> None:
    assert read_yes_or_no(typed, default=default) is meant
    assert read_yes_or_no("\n", default=default) is default


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
