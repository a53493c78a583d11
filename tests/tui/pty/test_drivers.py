"""The frugal driver and Textual's own: on the terminal the wizard looks the same, cell by cell, and neither is waited for."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bwtui.simulator.server import RunningSimulator
from bwtui.tui.app import DRIVER_SWITCH
from support.begun_setup import Begun
from support.pty_screen import SCREENS, PtyScreen, screen

OVER = {"\x1bOP": "Esc close", "\x07": "type to filter", "\x03": "Leave?"}
"""The layers over a screen: help, palette and question, by their keys."""


@pytest.fixture(params=[(80, 24), (120, 40)], ids=["80x24", "120x40"])
def both(
    request: pytest.FixtureRequest, tmp_path: Path, untouched: RunningSimulator
) -> Iterator[tuple[PtyScreen, PtyScreen]]:
    """The same setup on two machines: with Textual's own driver, and with ours."""
    columns, lines = request.param
    with ExitStack() as stack:
        shown = []
        for driver in ("stock", ""):
            begun = Begun(home=tmp_path / (driver or "frugal"))
            begun.home.mkdir()
            begun.connect(untouched)
            on_it = screen(begun.at("welcome"), columns=columns, lines=lines, environ={DRIVER_SWITCH: driver})
            shown.append(stack.enter_context(on_it))
        yield shown[0], shown[1]


def assert_alike(stock: PtyScreen, frugal: PtyScreen) -> None:
    """Fail unless they show the same, colours included, once neither writes any more: a spinner has its second first."""

    def alike() -> bool:
        for shown in (stock, frugal):
            shown.still()
        return stock.emulated.cells == frugal.emulated.cells

    frugal.until(alike, f"the same as with Textual's driver:\n{stock.text}")


def test_every_screen_looks_the_same_with_both_drivers(both: tuple[PtyScreen, PtyScreen]) -> None:
    stock, frugal = both
    for title in SCREENS:
        for shown in both:
            shown.go(title)
        assert_alike(*both)
        if title == "Connect":
            for shown in both:
                shown.type("\r").expect("Connected to Demo Company")
            assert_alike(*both)
    for key, words in OVER.items():
        for shown in both:
            shown.type(key).expect(words)
        assert_alike(*both)
        for shown in both:
            shown.type("\x1b").gone(words)
    assert len(frugal.written) < len(stock.written) / 2


@pytest.mark.parametrize("driver", ["stock", ""], ids=["stock", "frugal"])
def test_the_first_screen_waits_for_no_answer_of_the_terminal(begun: Begun, driver: str) -> None:
    with screen(begun.at("welcome"), replies=None, environ={DRIVER_SWITCH: driver}) as shown:
        shown.until(lambda: "[ Start ]" in shown.text, "the first screen")
        assert "\x1b[?2026$p" in shown.written, "the terminal was asked what it can do"
        shown.replies = {2026: 2, 2048: 2}
        shown.type("\x1b[?2026;2$y\x1b[?2048;2$y").type("\x1b[Z").expect("▌ Your server")
        shown.type("\x03\x03")
        assert shown.end() == 130
        shown.is_as_before()
