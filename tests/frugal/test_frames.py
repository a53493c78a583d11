"""Random frames, as Textual renders them: whatever was drawn, the terminal shows what the stock driver would show."""

from collections.abc import Iterable
from typing import Final

from hypothesis import given, settings
from hypothesis import strategies as st
from rich.cells import cell_len, set_cell_size
from rich.color import ColorSystem
from rich.style import Style
from textual.strip import Strip

from bwtui.frugal.cells import is_sure
from bwtui.frugal.difference import ScreenDifference
from frugal.driver_pair import DriverPair
from frugal.strict_terminal import StrictTerminal, on_a_line

CHARACTERS: Final = [
    *"ab ", "  ", " " * 12, "-" * 12, "é", "…", "│", "█", "字", "漢字", "한", "e\u0301", "🎉", "❤\ufe0f", "👩\u200d👧", "x\u0308\u0323",
]  # fmt: skip
COLOURS: Final = [None, "red", "bright_blue", "color(123)", "#102030", "#fefefe", "default"]
STRANGE: Final = ["\x1b[2K", "\x1b[1K", "\x1b[3@", "\x1b[2P"]
"""Sequences that the parser does not know; the emulator does, so the two can be compared afterwards."""

looks = st.builds(
    Style,
    color=st.sampled_from(COLOURS),
    bgcolor=st.sampled_from(COLOURS),
    bold=st.sampled_from([None, True]),
    dim=st.sampled_from([None, None, True]),
    italic=st.sampled_from([None, None, True]),
    underline=st.sampled_from([None, None, True]),
    reverse=st.sampled_from([None, None, True]),
    strike=st.sampled_from([None, None, None, True]),
    underline2=st.sampled_from([None, None, None, True]),
    link=st.sampled_from([None, None, None, "https://example.org/;x"]),
)
texts = st.lists(st.sampled_from(CHARACTERS), min_size=1, max_size=6).map("".join)
places = st.tuples(st.integers(0, 23), st.integers(0, 5))
pieces = st.tuples(places, st.lists(st.tuples(texts, looks), min_size=1, max_size=3))
frames = st.lists(pieces, min_size=1, max_size=6)
systems = st.sampled_from([ColorSystem.STANDARD, ColorSystem.EIGHT_BIT, ColorSystem.TRUECOLOR])


def rendered(
    frame: Iterable[tuple[tuple[int, int], list[tuple[str, Style]]]],
    size: tuple[int, int],
    system: ColorSystem = ColorSystem.TRUECOLOR,
) -> str:
    """A frame as Textual writes it: each strip at its place, cut off at the edge of the screen, then the cursor."""
    width, height = size
    written = ""
    for (start, y), segments in frame:
        if y >= height or start >= width:
            continue
        room = width - start
        written += f"\x1b[{y + 1};{start + 1}H"
        for text, look in segments:
            whole = set_cell_size(text, min(room, cell_len(text)))
            written += Strip.render_style(look, whole, color_system=system) if whole else ""
            room -= cell_len(whole)
        if y < height - 1:
            written += "\n"
    return written + "\x1b[2;3H"


@settings(max_examples=150, deadline=None)
@given(st.data())
def test_any_frames_show_the_same(data: st.DataObject) -> None:
    size = (24, 6)
    system = data.draw(systems)
    pair = DriverPair(*size, coloured_erase=data.draw(st.booleans()))
    for _ in range(data.draw(st.integers(1, 7))):
        pair.write(rendered(data.draw(frames), size, system))
        match data.draw(st.sampled_from(["check", "check", "merge", "resize", "control"])):
            case "check":
                pair.check()
            case "control":
                pair.write("\x07")
            case "resize":
                pair.check()
                size = data.draw(st.tuples(st.integers(2, 26), st.integers(2, 7)))
                pair.resize(*size)
                pair.difference.repaint()
                pair.write("\x1b[2;1H")  # terminals differ in where a resize leaves the cursor
    pair.check()


@settings(max_examples=60, deadline=None)
@given(
    before=frames,
    rest=frames,
    after=st.lists(frames, max_size=3),
    strange=st.sampled_from(STRANGE),
    take=st.booleans(),
)
def test_an_unknown_sequence_and_everything_after_it_is_passed_through(
    before: list[object], rest: list[object], after: list[list[object]], strange: str, *, take: bool
) -> None:
    pair = DriverPair(24, 6)
    pair.write(rendered(before, (24, 6)))  # type: ignore[arg-type]
    if take:
        pair.check()
    where = rendered(rest, (24, 6))  # type: ignore[arg-type]
    middle = where.rindex("\n") if "\n" in where else 0
    pair.write(f"{where[:middle]}\x1b[4;9H\x1b[1;44m{strange}\x1b[0m{where[middle:]}")
    assert pair.difference.as_is
    pair.check()
    for frame in after:
        pair.write(rendered(frame, (24, 6)))  # type: ignore[arg-type]
        pair.check()


@settings(max_examples=60, deadline=None)
@given(first=frames, second=frames)
def test_a_terminal_that_counts_cells_differently_gets_everything_else_right(
    first: list[object], second: list[object]
) -> None:
    wanted = StrictTerminal(24, 6, may_scroll=True)
    other = StrictTerminal(24, 6, clusters=False)
    difference = ScreenDifference(24, 6, coloured_erase=True)
    other.spoil()
    for frame in first, second:
        text = rendered(frame, (24, 6))  # type: ignore[arg-type]
        wanted.feed(on_a_line(text))
        difference.feed(text)
        other.feed(on_a_line(difference.take()))
        for row, others in zip(wanted.picture(), other.picture(), strict=True):
            for right, got in zip(row, others, strict=True):
                assert got == right or not right[0] or not is_sure(right[0])
