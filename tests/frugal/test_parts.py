"""The parts by themselves: moves, styles, and what is known of terminals by their names."""

import os
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bwtui.frugal import driver_class
from bwtui.frugal.cells import PLAIN, Grid, Style
from bwtui.frugal.cursor_moves import cost, move
from bwtui.frugal.parser import OutputParser
from bwtui.frugal.sgr import change, styled
from bwtui.frugal.terminal_types import erases_in_colour
from frugal.strict_terminal import Pen, StrictTerminal, on_a_line

columns, lines = st.integers(0, 79), st.integers(0, 23)
styles = st.builds(
    Style,
    fg=st.sampled_from(["", "31", "38;5;9", "38;2;1;2;3"]),
    bg=st.sampled_from(["", "44", "100", "48;2;1;2;3"]),
    flags=st.frozensets(st.sampled_from([*range(1, 10), 21, 51, 52, 53])),
    link=st.sampled_from(["", ";https://example.org", "id=1;https://example.org/;"]),
)


class TestMoves:
    @given(columns, lines, columns, lines)
    def test_a_move_leads_where_it_should_and_is_never_longer_than_an_absolute_one(
        self, x: int, y: int, to_x: int, to_y: int
    ) -> None:
        terminal = StrictTerminal(80, 24, x=x, y=y)
        way = move(x, y, to_x, to_y)
        terminal.feed(on_a_line(way))
        assert (terminal.x, terminal.y) == (to_x, to_y)
        assert cost(way) <= len(f"\x1b[{to_y + 1};{to_x + 1}H")

    @given(columns, lines, columns, lines, st.sampled_from(["row", "nothing"]))
    def test_it_gets_there_from_an_unknown_position(
        self, x: int, y: int, to_x: int, to_y: int, known: str
    ) -> None:
        terminal = StrictTerminal(80, 24, x=x, y=y)
        terminal.feed(on_a_line(move(None, y if known == "row" else None, to_x, to_y)))
        assert (terminal.x, terminal.y) == (to_x, to_y)

    @pytest.mark.parametrize(
        ("start", "stop", "way"),
        [
            ((5, 5), (5, 5), ""),
            ((5, 5), (4, 5), "\b"),
            ((5, 5), (6, 5), "\x1b[C"),
            ((70, 5), (0, 5), "\r"),
            ((70, 5), (0, 6), "\r\n"),
            ((70, 5), (0, 0), "\x1b[H"),
            ((5, 5), (5, 6), "\x1b[B"),
            ((70, 20), (30, 3), "\x1b[4;31H"),
            ((None, 5), (9, 5), "\x1b[10G"),
            ((None, None), (9, 5), "\x1b[6;10H"),
        ],
    )
    def test_the_shortest_is_chosen(
        self, start: tuple[int | None, int | None], stop: tuple[int, int], way: str
    ) -> None:
        assert move(*start, *stop) == way


class TestStyles:
    @given(styles, styles)
    def test_a_change_leads_from_any_style_to_any_other(self, before: Style, after: Style) -> None:
        terminal = StrictTerminal(2, 1)
        terminal.feed(change(PLAIN, before) + change(before, after))
        link = f"8;{after.link}" if after.link else ""
        assert terminal.pen == Pen(after.fg, after.bg, after.flags, link)

    @given(styles, styles)
    def test_what_is_written_is_read(self, before: Style, after: Style) -> None:
        reader = OutputParser(Grid(2, 1))
        reader.style = before
        assert list(reader.read(change(before, after))) == []
        assert reader.style == after

    @given(styles)
    def test_nothing_is_taken_for_granted_where_the_style_is_not_known(self, after: Style) -> None:
        terminal = StrictTerminal(2, 1, pen=Pen("91", "41", frozenset({1, 4, 9})))
        terminal.feed(change(None, after))
        assert (terminal.pen.fg, terminal.pen.bg, terminal.pen.flags) == (after.fg, after.bg, after.flags)

    @pytest.mark.parametrize(
        ("before", "after", "text"),
        [
            (Style("31"), Style("32"), "\x1b[32m"),
            (Style("31", "44"), Style("", "44"), "\x1b[39m"),
            (Style("31", "44"), PLAIN, "\x1b[m"),
            (Style("38;2;1;2;3", flags=frozenset({1})), Style("38;2;1;2;3"), "\x1b[22m"),
            (Style("31", flags=frozenset({1, 2})), Style("31", flags=frozenset({2})), "\x1b[22;2m"),
            (Style("31", flags=frozenset({9})), Style("31"), "\x1b[0;31m"),
        ],
    )
    def test_only_what_changes_is_said(self, before: Style, after: Style, text: str) -> None:
        assert change(before, after) == text

    @pytest.mark.parametrize("parameters", ["38;2;1;2", "38;7;1", "48", "38;5;", "200", "10"])
    def test_what_is_not_known_is_refused(self, parameters: str) -> None:
        with pytest.raises(ValueError, match="not a "):
            styled(PLAIN, parameters)


class TestNames:
    @pytest.mark.parametrize(
        ("environ", "erases"),
        [
            ({"TERM": "xterm-256color"}, True),
            ({"TERM": "linux"}, True),
            ({"TERM": "xterm-kitty"}, True),
            ({"TERM": "screen-256color"}, False),
            ({"TERM": "tmux-256color"}, False),
            ({"TERM": "tmux-256color", "TERM_PROGRAM": "tmux", "TMUX": "/x"}, True),
            ({"TERM": "xterm-256color", "STY": "1.x"}, False),
            ({"TERM": "xterm-256color", "TMUX": "/x"}, False),
            ({"TERM": "something-new"}, False),
            ({"TERM": "stterm"}, False),
            ({"TERM": "st"}, True),
        ],
    )
    def test_colour_is_erased_only_where_that_is_known(
        self, environ: dict[str, str], *, erases: bool
    ) -> None:
        assert erases_in_colour(environ) is erases

    @pytest.mark.parametrize("term", ["", "dumb", "unknown", "vt100", "vt220", "emacs", "DUMB"])
    def test_some_terminals_are_left_to_the_stock_driver(
        self, monkeypatch: pytest.MonkeyPatch, term: str
    ) -> None:
        monkeypatch.setenv("TERM", term)
        assert driver_class("A_DRIVER") is None

    def test_the_variable_and_the_platform_switch_it_off(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setenv("TERM", "xterm-256color")
        monkeypatch.delenv("A_DRIVER", raising=False)
        driver = driver_class("A_DRIVER")
        assert driver is not None
        assert driver.__name__ == "FrugalDriver"
        monkeypatch.setenv("A_DRIVER", "stock")
        assert driver_class("A_DRIVER") is None
        monkeypatch.delenv("A_DRIVER")
        monkeypatch.setattr(os, "name", "nt")
        assert driver_class("A_DRIVER") is None


def test_it_knows_nothing_of_bwtui_and_imports_nothing_heavy() -> None:
    look = (
        "import sys, textual.app, textual.drivers.linux_driver; before = set(sys.modules);"
        "import bwtui.frugal.driver; print(*sorted(set(sys.modules) - before))"
    )
    imported = subprocess.run([sys.executable, "-c", look], capture_output=True, text=True, check=True).stdout
    assert all(name.startswith("bwtui.frugal.") or name in {"bwtui", "bwtui.tui", "bwtui.frugal"}
               for name in imported.split()), imported  # fmt: skip
