"""A yes is never taken for granted."""

import pytest

from bwtui.domain.values.yes_or_no import read_yes_or_no


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
