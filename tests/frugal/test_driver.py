"""The driver in a terminal: what is on the screen, coming and going, and what is left behind."""

import signal

import pytest

from frugal.pty_program import PtyProgram, terminal
from frugal.strict_terminal import Pen

WORDS = "漢字 wide, e\u0301, [x]"
CTRL_Q = "\x11"
LEFT = "left: MainThread 0."


def _use(form: PtyProgram) -> None:
    """Press a few keys, to a screen that changes no more."""
    form.shows("palette")
    for words in "hello", "漢字", "world", "plain":
        form.enter(words)
    form.type("\x7f")
    form.until(lambda: "plain" not in "".join(form.terminal.text()))


@pytest.mark.parametrize("answers", [True, False])
def test_the_screen_is_the_stock_drivers(*, answers: bool) -> None:
    with (
        terminal("stock", WORDS, answers=answers) as stock,
        terminal("frugal", WORDS, answers=answers) as frugal,
    ):
        _use(stock)
        _use(frugal)

        def alike() -> bool:
            stock.read(0.01)
            return stock.terminal.picture() == frugal.terminal.picture()

        frugal.until(alike)
        assert len(frugal.written) < len(stock.written) / 3


def _ends_well(form: PtyProgram) -> None:
    """Leave: everything that was switched on is off again, no thread is left, and the style is plain."""
    form.type(CTRL_Q)
    form.until(lambda: LEFT in form.written)
    end = form.terminal.passed[-16:]
    assert [each for each in end if each in {"\x1b[<u", "\x1b[?1049l", "\x1b[?25h", "\x1b[?2004l", "\x1b[?1004l"}] == [
        "\x1b[?2004l", "\x1b[<u", "\x1b[?1049l", "\x1b[?25h", "\x1b[?1004l",
    ]  # fmt: skip
    assert form.terminal.pen == Pen()
    assert form.terminal.wraps


def test_it_leaves_nothing_behind() -> None:
    with terminal("frugal") as form:
        form.shows("palette")
        _ends_well(form)


def test_suspended_and_continued_it_paints_everything_again() -> None:
    with terminal("frugal", WORDS) as form:
        form.shows("palette")
        form.enter("some")
        form.settle()
        before = form.terminal.picture()
        form.signal(signal.SIGTSTP)
        form.until(form.stopped)
        assert form.terminal.passed[-2:] == ["\x1b[?25h", "\x1b[?1004l"]
        assert form.terminal.pen == Pen()
        form.terminal.spoil()
        form.terminal.feed("\x1b[1;44m")
        form.signal(signal.SIGCONT)
        form.until(lambda: form.terminal.picture() == before)
        form.type("thing")
        form.shows("something")
        _ends_well(form)


def test_stopped_without_notice_and_continued_it_paints_everything_again() -> None:
    with terminal("frugal", WORDS) as form:
        form.shows("palette")
        form.settle()
        before = form.terminal.picture()
        form.signal(signal.SIGSTOP)
        form.until(form.stopped)
        form.terminal.spoil()
        form.signal(signal.SIGCONT)
        form.until(lambda: form.terminal.picture() == before)
        _ends_well(form)


def test_sizes_come_and_go_even_if_the_last_is_the_first() -> None:
    with terminal("frugal", WORDS) as form:
        form.shows("palette")
        form.settle()
        before = form.terminal.picture()
        form.resize(60, 20)
        form.until(lambda: "palette" in form.terminal.text()[-1] and "#" not in "".join(form.terminal.text()))
        form.resize(80, 24)
        form.until(lambda: form.terminal.picture() == before)
        form.resize(81, 25)
        form.resize(80, 24)
        form.until(lambda: form.terminal.picture() == before)


def test_everything_after_an_unknown_sequence_is_passed_through() -> None:
    with terminal("frugal", WORDS) as form:
        form.shows("palette")
        form.type("\x1b[17~")  # F6: the application writes to the terminal itself
        form.until(lambda: "\x1b[2K" in form.written)
        form.enter("plain")
        assert "plain" not in form.written.rpartition("\x1b[2K")[0]
        assert "\x1b[0m" in form.written.rpartition("\x1b[2K")[2]
        _ends_well(form)


def test_its_questions_to_the_terminal_are_answered_before_it_ends() -> None:
    with terminal("frugal", WORDS) as form:
        form.shows("palette")
        for _ in range(3):
            form.type("\x1bOQ")  # F2: another screen
            form.shows("Second screen")
            form.type("\x1bOQ")
            form.shows("Field 17")
        _ends_well(form)
        assert form.asked > 2
