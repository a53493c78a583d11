"""The frugal driver and Textual's own: on the terminal the wizard looks the same, cell by cell, and neither is waited for."""

from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from bwtui.simulator.server import RunningSimulator
from bwtui.tui.app import DRIVER_SWITCH
from bwtui.tui.places import TITLES
from console import Console, console
from glass import Cell
from tui.pty.begun import Begun

OVER = {"\x1bOP": "Esc close", "\x07": "type to filter", "\x03": "Leave?"}
"""What lies over a screen: help, palette and question, by their keys."""


@pytest.fixture(params=[(80, 24), (120, 40)], ids=["80x24", "120x40"])
def both(
    request: pytest.FixtureRequest, tmp_path: Path, untouched: RunningSimulator
) -> Iterator[tuple[Console, Console]]:
    """The same setup on two machines: with Textual's own driver, and with ours."""
    columns, lines = request.param
    with ExitStack() as stack:
        shown = []
        for driver in ("stock", ""):
            begun = Begun(home=tmp_path / (driver or "frugal"))
            begun.home.mkdir()
            begun.connect(untouched)
            on_it = console(
                begun.at("welcome"), columns=columns, lines=lines, environ={DRIVER_SWITCH: driver}
            )
            shown.append(stack.enter_context(on_it))
        yield shown[0], shown[1]


def picture(shown: Console) -> list[list[Cell]]:
    """What is seen once nothing changes any more, colours included."""
    shown.still()
    return shown.glass.cells


def test_every_screen_looks_the_same_with_both_drivers(both: tuple[Console, Console]) -> None:
    stock, frugal = both
    for title in TITLES.values():
        pictures = [picture(shown.go(title)) for shown in both]
        assert pictures[0] == pictures[1], f"{title}:\n{stock.text}\n{frugal.text}"
        if title == "Connect":
            pictures = [picture(shown.type("\r").expect("Connected to Demo Company")) for shown in both]
            assert pictures[0] == pictures[1], f"{stock.text}\n{frugal.text}"
    for key, words in OVER.items():
        pictures = [picture(shown.type(key).expect(words)) for shown in both]
        assert pictures[0] == pictures[1], f"{words}:\n{stock.text}\n{frugal.text}"
        for shown in both:
            shown.type("\x1b").gone(words)
    assert len(frugal.written) < len(stock.written) / 2


@pytest.mark.parametrize("driver", ["stock", ""], ids=["stock", "frugal"])
def test_the_first_screen_waits_for_no_answer_of_the_terminal(begun: Begun, driver: str) -> None:
    with console(begun.at("welcome"), replies=None, environ={DRIVER_SWITCH: driver}) as shown:
        shown.until(lambda: "[ Begin ]" in shown.text, "the first screen")
        assert "\x1b[?2026$p" in shown.written, "the terminal was asked what it can do"
        shown.replies = {2026: 2, 2048: 2}
        shown.type("\x1b[?2026;2$y\x1b[?2048;2$y").type("\t").expect("▸ Voice")
        shown.type("\x03\x03")
        assert shown.end() == 130
        shown.is_as_before()
