"""The terminal's cursor, which is hidden, rests at the focus, whatever has it: screen readers and magnifiers follow it."""

import re
from typing import Final

import pytest

from support.begun_setup import Begun
from support.pty_screen import SCREENS, PtyScreen, screen

TAB: Final = "\t"
SIGN: Final = re.compile("[▸▌]")
"""Stands before what has the focus: a list's row or a button, or a field."""
DRIVERS: Final = pytest.mark.parametrize("driver", ["", "stock"], ids=["frugal", "stock"])


def at_cursor(shown: PtyScreen) -> str:
    """The text from the cursor to the end of its row."""
    cursor = shown.emulated.cursor
    return "".join(shown.emulated.buffer[cursor.y][x].data for x in range(cursor.x, shown.emulated.columns))


def row_of_cursor(shown: PtyScreen) -> str:
    return shown.emulated.row(shown.emulated.cursor.y)


@DRIVERS
def test_at_every_stop_of_every_screen_it_is_in_the_row_that_has_the_sign(begun: Begun, driver: str) -> None:
    with screen(begun.at("welcome"), environ={"BWTUI_DRIVER": driver}) as shown:
        for title in SCREENS:
            shown.go(title).still()
            if title == "Connect":
                shown.type("\r").expect("Connected to Demo Company").still()
            seen: set[str] = set()
            while row_of_cursor(shown) not in seen:
                shown.until(
                    lambda: bool(SIGN.search(row_of_cursor(shown))), f"{title}: the sign at the cursor"
                )
                seen.add(row_of_cursor(shown))
                shown.type(TAB).still(0.05)
        shown.type("\x03\x03")
        assert shown.end() == 130


@DRIVERS
def test_it_is_at_the_option_that_is_chosen(begun: Begun, driver: str) -> None:
    with screen(begun.at("sms"), environ={"BWTUI_DRIVER": driver}) as shown:
        shown.at("SMS").still()
        while "Toll-free" not in row_of_cursor(shown):
            shown.type("\x1b[A").still(0.05)
        shown.until(lambda: at_cursor(shown).startswith("(•) yes"), "the chosen one")
        shown.type("n").until(lambda: at_cursor(shown).startswith("(•) no"), "the other one")
        shown.type("\x03").expect("Leave?").until(lambda: at_cursor(shown).startswith("[ Stay"), "the button")
        shown.type(TAB).until(lambda: at_cursor(shown).startswith("[ Leave"), "the other button")
        shown.type("\x1b").gone("Leave?").until(lambda: at_cursor(shown).startswith("(•) no"), "where it was")
        shown.type("\x03\x03")
        assert shown.end() == 130


def is_on_another(shown: PtyScreen, passed: set[str]) -> bool:
    return at_cursor(shown).startswith("[ ] +1") and at_cursor(shown) not in passed


@DRIVERS
def test_it_follows_through_a_list_while_it_scrolls(begun: Begun, driver: str) -> None:
    with screen(begun.at("number"), environ={"BWTUI_DRIVER": driver}) as shown:
        shown.go("Connect").type("\r").expect("Connected to Demo Company").go("Phone number")
        shown.type("\x06").until(lambda: at_cursor(shown).startswith("[ ] +1"), "the first number")
        first = at_cursor(shown)
        passed = {first}
        while len(passed) < 30:
            shown.type("\x1b[B").until(lambda: is_on_another(shown, passed), "the next number")
            passed.add(at_cursor(shown))
            shown.until(lambda: "▸ [ ] +1" in row_of_cursor(shown), "the sign")
        assert first not in shown.text, "it has scrolled"
        shown.type(" ").until(lambda: at_cursor(shown).startswith("[x] +1"), "a pick")
        shown.type("\x03\x03")
        assert shown.end() == 130
