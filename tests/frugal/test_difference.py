"""The difference that is sent for what Textual writes: erasing, controls in their place, and what is not understood."""

import pytest

from bwtui.frugal.cells import Grid
from bwtui.frugal.difference import ScreenDifference
from bwtui.frugal.parser import OutputParser, Unrecognised


class TestErasing:
    def _painted(self, frames: list[str], *, coloured_erase: bool = True) -> list[str]:
        difference = ScreenDifference(40, 5, coloured_erase=coloured_erase)
        taken = []
        for frame in frames:
            difference.feed(frame)
            taken.append(difference.take())
        return taken

    def test_the_end_of_a_line_is_erased(self) -> None:
        texts = [f"\x1b[1;1H{'x' * 40}\x1b[1;1H", f"\x1b[1;1Hx{' ' * 39}\x1b[1;1H"]
        assert self._painted(texts)[1] == "x\x1b[K\r"

    def test_blanks_within_a_line_are_erased_where_there_are_many(self) -> None:
        texts = [f"\x1b[1;1H{'x' * 40}\x1b[1;1H", f"\x1b[1;1Hx{' ' * 20}x\x1b[1;1H"]
        assert self._painted(texts)[1] == "x\x1b[20X\r"

    def test_several_lines_at_the_bottom_are_erased_at_once(self) -> None:
        rows = [f"\x1b[{y};1H{'x' * 40}" for y in range(1, 6)]
        blank = [f"\x1b[{y};1H{' ' * 40}" for y in range(3, 6)]
        assert (
            self._painted(["".join(rows) + "\x1b[1;1H", "".join(blank) + "\x1b[1;1H"])[1]
            == "\x1b[3H\x1b[J\x1b[H"
        )

    def test_colour_is_written_as_blanks_unless_the_terminal_is_known_to_erase_in_colour(self) -> None:
        texts = [f"\x1b[1;1H{'x' * 40}\x1b[1;1H", f"\x1b[1;1Hx\x1b[44m{' ' * 39}\x1b[0m\x1b[1;1H"]
        assert " " * 39 in self._painted(texts, coloured_erase=False)[1]
        assert self._painted(texts)[1] == "x\x1b[44m\x1b[K\r"

    def test_nothing_is_sent_for_what_is_there(self) -> None:
        text = "\x1b[2;2H\x1b[1;31mHello \x1b[0m\n\x1b[3;1H"
        assert self._painted([text, text, text])[1:] == ["", ""]

    def test_a_few_unchanged_characters_are_written_again_rather_than_jumped_over(self) -> None:
        assert self._painted(["\x1b[1;1Habcd\x1b[1;1H", "\x1b[1;1HXbcY\x1b[1;1H"])[1] == "XbcY\r"


class TestControls:
    def test_controls_keep_their_place_among_what_is_drawn(self) -> None:
        difference = ScreenDifference(20, 2)
        difference.feed("\x1b[1;1Hone\x1b]52;c;Zm9v\x07\x1b[2;1Htwo\x07\x1b[?25h")
        text = difference.take()
        assert [text.index(part) for part in ("one", "\x1b]52;c;Zm9v\x07", "two", "\x07\x1b[?25h")] == sorted(
            text.index(part) for part in ("one", "\x1b]52;c;Zm9v\x07", "two", "\x07\x1b[?25h")
        )

    def test_the_alternate_screen_is_left_in_plain_style_with_everything_drawn(self) -> None:
        difference = ScreenDifference(20, 2)
        difference.feed(
            "\x1b[1;1H\x1b]8;;https://example.org\x1b\\\x1b[1;44mone\x1b[0m\x1b]8;;\x1b\\\x1b[?1049l"
        )
        text = difference.take()
        assert text.endswith("\x1b]8;;\x1b\\\x1b[m\x1b[?1049l")
        assert "one" in text

    def test_only_frames_that_are_long_are_marked_and_only_where_textual_marks_them(self) -> None:
        difference = ScreenDifference(80, 24)
        page = "".join(f"\x1b[{y};1H{chr(64 + y) * 40}" for y in range(1, 24))
        difference.feed(page)
        assert "2026" not in difference.take()
        difference.feed("\x1b[?2026h\x1b[1;1Hx\x1b[?2026l")
        assert "2026" not in difference.take()
        difference.feed(f"\x1b[?2026h{page.lower()}\x1b[?2026l")
        text = difference.take()
        assert text.startswith("\x1b[?2026h")
        assert text.endswith("\x1b[?2026l")

    @pytest.mark.parametrize(
        "strange",
        [
            "\x1bPq#0;2;0;0;0\x1b\\", "\x1b_Gf=24;AAAA\x1b\\", "\x1b]1337;File=:AAAA\x07", "\x1b[2J", "\x1b[3;5r", "\x1b[4h",
            "\x1b[?6h", "\x1bc", "\x1b7", "\t", "\x85", "\x1b[38:2::1:2:3m", "\x1b[1", "\x1b", "\x9b1m", "\x1b[s",
        ],
    )  # fmt: skip
    def test_an_unknown_sequence_is_passed_through_in_its_place(self, strange: str) -> None:
        difference = ScreenDifference(20, 2)
        difference.feed(f"\x1b[1;1Hone\x1b[31m{strange}")
        difference.feed("more \x1b[5;5H")
        text = difference.take()
        assert difference.as_is
        assert text.endswith(f"\x1b[31m{strange}more \x1b[5;5H")
        assert "one" in text

    def test_strange_things_before_anything_is_drawn_are_not_painted_over(self) -> None:
        difference = ScreenDifference(20, 2)
        difference.feed("\x1b[?1049h\x1b[2J")
        assert difference.take() == "\x1b[?1049h\x1b[2J"

    def test_reading_says_where_strange_things_begin(self) -> None:
        assert list(OutputParser(Grid(20, 2)).read("\x07ab\x1bc")) == ["\x07", Unrecognised(3)]

    def test_what_the_encoding_lacks_becomes_question_marks_of_the_same_width(self) -> None:
        difference = ScreenDifference(20, 2, encoding="latin-1")
        difference.feed("\x1b[1;1Hé字│x\x1b[1;1H")
        text = difference.take()
        assert "é???x" in text
        text.encode("latin-1")


def test_a_screen_of_no_size_does_no_harm() -> None:
    difference = ScreenDifference(0, 0)
    difference.feed("\x1b[1;1Habc")
    difference.resize(0, 5)
    difference.feed("\x1b[1;1Habc")
    assert "a" in difference.take()


def test_output_not_yet_taken_before_a_restart_is_dropped() -> None:
    difference = ScreenDifference(20, 2)
    difference.feed("\x1b[1;1Hone\x1b[?25l")
    difference.take()
    difference.feed("\x1b[1;1Htwo\x07")
    difference.begin()
    assert difference.take() == ""
    difference.repaint()
    assert difference.take() == "\x1b[H\x1b[0m\x1b[Jtwo".replace("[0m", "[m")
