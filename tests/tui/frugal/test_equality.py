"""Whatever is painted, the terminal shows the same as with Textual's own driver, cell by cell."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size

from bwtui.tui.frugal.difference import Terminal
from bwtui.tui.frugal.frames import read
from bwtui.tui.frugal.picture import Picture
from terminal import Emulated

WIDTH, HEIGHT = 40, 8

characters = st.sampled_from(["a", "b", "c", " ", " ", "[", "x", "]", "│", "●", "é", "e\u0301", "漢", "字"])
texts = st.lists(characters, min_size=1, max_size=20).map("".join)
styles = st.sampled_from(
    ["", "0", "1", "1;38;2;1;2;3", "38;5;9;48;5;17", "48;2;9;9;9", "7", "4;31", "3;9", "2;38;2;200;1;2;48;2;1;1;1"]
)


@st.composite
def frames(draw: st.DrawFn) -> str:
    """A frame as Textual writes it: runs of styled text here and there, and the cursor put somewhere."""
    pieces = []
    for _ in range(draw(st.integers(0, 6))):
        row, column = draw(st.integers(1, HEIGHT)), draw(st.integers(1, WIDTH))
        text, style = draw(texts), draw(styles)
        pieces.append(f"\x1b[{row};{column}H\x1b[{style}m{_fitting(text, WIDTH - column + 1)}\x1b[0m")
    cursor = f"\x1b[{draw(st.integers(1, HEIGHT))};{draw(st.integers(1, WIDTH))}H"
    return "".join([*pieces, cursor])


def _fitting(text: str, room: int) -> str:
    """Textual never paints beyond the edge, and never half of a wide character."""
    return text if cell_len(text) <= room else set_cell_size(text, room)


def compared(painted: list[str], *, erases: bool) -> None:
    stock, frugal = Emulated(WIDTH, HEIGHT), Emulated(WIDTH, HEIGHT)
    picture, terminal = Picture(WIDTH, HEIGHT), Terminal(WIDTH, HEIGHT, erases)
    for frame in painted:
        stock.feed(frame)
        assert list(read(frame, picture)) == []
        frugal.feed(terminal.become(picture))
        assert frugal.cells == stock.cells
        if terminal.pen is not None:  # before there is anything to show, the cursor is left alone
            assert frugal.cursor == stock.cursor


@settings(max_examples=300, deadline=None)
@given(st.lists(frames(), min_size=1, max_size=8), st.booleans())
def test_any_frames_leave_the_same_picture(painted: list[str], erases: bool) -> None:
    compared(painted, erases=erases)


@pytest.mark.parametrize("seed", range(4))
def test_a_long_session_of_small_changes_leaves_the_same_picture(seed: int) -> None:
    chance = random.Random(seed)
    painted = []
    for _ in range(400):
        row, column = chance.randint(1, HEIGHT), chance.randint(1, WIDTH)
        text = "".join(chance.choice("ab  ●x") for _ in range(chance.randint(1, WIDTH - column + 1)))
        style = chance.choice(["", "1", "7", "48;5;17", "38;2;1;2;3;48;2;4;5;6", "4"])
        painted.append(f"\x1b[{row};{column}H\x1b[{style}m{text}\x1b[0m\x1b[{row};{column}H")
    compared(painted, erases=bool(seed % 2))


def test_nothing_is_sent_for_what_is_shown_already() -> None:
    picture, terminal = Picture(WIDTH, HEIGHT), Terminal(WIDTH, HEIGHT)
    frame = "\x1b[2;3H\x1b[1mhello\x1b[0m\x1b[1;1H"
    assert list(read(frame, picture)) == []
    assert terminal.become(picture)
    assert list(read(frame, picture)) == []
    assert terminal.become(picture) == ""
