"""Invisible characters are dropped, control characters are blanks; visible ones, and everything inside a secret, stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwtui.domain.values.text import counted, safe, single_line, trim, visible


@pytest.mark.parametrize(
    "around", ["{}\r", "{}\r\n", " {} ", "\ufeff{}", "\u00a0{}\u200b", "\t{}\x00", "\u2060\n{}"]
)
def test_what_came_along_at_the_ends_is_dropped(around: str) -> None:
    assert trim(around.format("a  b\u00a0c")) == "a  b\u00a0c"
    assert visible(around.format("a  b\u00a0c")) == "a  b c"


def test_what_is_seen_stays() -> None:
    assert visible("Zoë\u00ad Café\u202f🏠") == "Zoë Café 🏠"
    assert visible("👩\u200d💻") == "👩\u200d💻", "joined emoji are one"
    assert visible("a\tb\nc") == "a\tb\nc", "a line end is for checks to refuse"


@given(st.text())
def test_cleaning_a_second_time_changes_nothing(text: str) -> None:
    assert trim(trim(text)) == trim(text)
    assert visible(visible(text)) == visible(text)


def test_text_from_outside_is_shown_without_control_characters() -> None:
    outside = "a\x1b[2J  b\r\n\tc\u202ed\x9b "
    assert safe(outside) == "a [2J  b \n c d  "
    assert single_line(outside) == "a [2J b c d"


@pytest.mark.parametrize(
    ("count", "told"), [(0, "0 requests"), (1, "1 request"), (2, "2 requests"), (1200, "1,200 requests")]
)
def test_a_count_agrees_with_its_noun(count: int, told: str) -> None:
    assert counted(count, "request") == told
