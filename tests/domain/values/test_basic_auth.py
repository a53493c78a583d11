"""HTTP Basic ends at Bandwidth on one day, and every text about it knows which day it is."""

import time
from datetime import date

import pytest

from bwtui.domain.catalog import ENVIRONMENTS
from bwtui.domain.values.basic_auth import END_DAY, ENDS, basic_doubt, end_told, has_ended, local_day
from support.days import BEFORE, LONG_AFTER, ON_THE_DAY


def test_the_day_is_spelled_as_it_is_reckoned_with() -> None:
    day = date.fromisoformat(ENDS)
    assert f"{day.day} {day:%B %Y}" == END_DAY


@pytest.mark.parametrize(
    ("today", "told"),
    [
        (BEFORE, "ends on 2 December 2026"),
        (date(2026, 12, 1), "ends on 2 December 2026"),
        (ON_THE_DAY, "ended on 2 December 2026"),
        (LONG_AFTER, "ended on 2 December 2026"),
    ],
)
def test_basic_ends_until_the_day_and_has_ended_from_then_on(today: date, told: str) -> None:
    assert end_told(today) == told
    assert has_ended(today) is told.startswith("ended")


@pytest.mark.parametrize("today", [BEFORE, ON_THE_DAY, LONG_AFTER])
@pytest.mark.parametrize("address", ENVIRONMENTS.values())
def test_at_bandwidths_own_hosts_a_user_is_told_why_basic_may_not_work(address: str, today: date) -> None:
    doubt = basic_doubt(address, today)
    assert end_told(today) in doubt
    assert "OAuth2" in doubt
    assert address.removeprefix("https://").removesuffix("/api") in doubt


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:8080/api", "https://bandwidth.example.com/api", "https://notbandwidth.com/api",
     "https://bandwidth.com.example.org/api"],
)  # fmt: skip
def test_other_hosts_take_basic_as_they_please(address: str) -> None:
    assert basic_doubt(address, LONG_AFTER) == ""


def test_a_host_is_bandwidths_however_it_is_written() -> None:
    assert basic_doubt("https://API.Bandwidth.com.:443/api", BEFORE)


def test_a_day_begins_where_the_person_is(monkeypatch: pytest.MonkeyPatch) -> None:
    moment = 1_796_166_000.0  # 2026-12-01 23:00 UTC
    for zone, day in (("UTC", date(2026, 12, 1)), ("CET-1", ON_THE_DAY), ("EST5", date(2026, 12, 1))):
        monkeypatch.setenv("TZ", zone)
        time.tzset()
        assert local_day(moment) == day
    monkeypatch.undo()
    time.tzset()
