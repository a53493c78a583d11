"""The measuring terminal, with tiny programs in it."""

import os
import signal
import time
from collections.abc import Callable

import pytest

from benchmarks.processes import family
from benchmarks.slow_link import FRAME, Line
from benchmarks.terminal import NotShownError, Terminal

Run = Callable[..., Terminal]

STAY = "\nread()"


def test_text_on_the_screen_is_found_and_an_end_without_it_is_reported(run: Run) -> None:
    terminal = run("write('Rea'); write('dy')" + STAY)
    seconds = terminal.wait_for("Ready")
    assert 0 < seconds <= time.perf_counter() - terminal.started
    with pytest.raises(NotShownError, match="the program ended"):
        run("write('Bye')").wait_for("Ready")


def test_what_never_comes_is_given_up_and_what_is_there_is_told(run: Run) -> None:
    terminal = run("write('Bye')" + STAY)
    terminal.wait_for("Bye")
    with pytest.raises(NotShownError, match="not within") as told:
        terminal.wait_for("Ready", seconds=0.1)
    assert [line.strip() for line in told.value.__notes__] == ["Bye"]


def test_the_size_is_the_terminals(run: Run) -> None:
    run("size = os.get_terminal_size(0); write(f'{size.columns} by {size.lines}')" + STAY).wait_for("40 by 6")


def test_the_program_is_in_control_of_its_terminal(run: Run) -> None:
    run("write(f'{os.tcgetpgrp(0) == os.getpid() == os.getsid(0)}')" + STAY).wait_for("True")


def test_bytes_are_counted_by_event(run: Run) -> None:
    terminal = run("write('Ready')\nwhile True: write(read().decode() * 3)")
    terminal.wait_for("Ready")
    terminal.settle()
    assert terminal.received == 5
    reaction = terminal.press("x")
    assert reaction.received == 3
    assert reaction.seconds is not None
    assert reaction.seconds > 0
    assert terminal.press("y", shows="yyy").received == 3


def test_a_key_that_changes_nothing_is_told(run: Run) -> None:
    terminal = run("write('Ready')\nread(); write('\\x1b[m'); read()")
    terminal.wait_for("Ready")
    reaction = terminal.press("x", seconds=0.1)
    assert reaction.seconds is None
    assert reaction.received == len("\x1b[m")


def test_a_moved_cursor_is_a_change(run: Run) -> None:
    terminal = run("write('Ready'); read(); write('\\x1b[3;3H')" + STAY)
    terminal.wait_for("Ready")
    assert terminal.press("x").seconds is not None


def test_a_synchronized_update_is_seen_when_it_ends(run: Run) -> None:
    terminal = run(
        "write('\\x1b[?2026hReady'); write('\\x1b]2;held\\x07'); read(); write('\\x1b[?2026l')" + STAY
    )
    with pytest.raises(NotShownError):
        terminal.wait_for("Ready", seconds=0.3)
    assert terminal.press("x", shows="Ready").seconds is not None


def test_idle_bytes_are_those_that_came_meanwhile(run: Run) -> None:
    terminal = run("write('Ready'); read(); write('.' * 7)" + STAY)
    terminal.wait_for("Ready")
    assert terminal.listen(0.05) == 0
    assert terminal.press("x", shows="." * 7).received == 7


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("\x1b[c", "\x1b[?62;22c"),
        ("\x1b[5n", "\x1b[0n"),
        ("\x1b[2;3H\x1b[6n", "\x1b[2;3R"),
        ("\x1b[?2026$p", "\x1b[?2026;2$y"),
        ("\x1b[?2026h\x1b[?2026$p", "\x1b[?2026;1$y"),
        ("\x1b[?2048$p", "\x1b[?2048;0$y"),
        ("\x1b[>q", "\x1bP>|benchmarks(1)\x1b\\"),
        ("\x1b[?u", "\x1b[?0u"),
        ("\x1b[>25u\x1b[?u", "\x1b[?25u"),
        ("\x1b]10;?\x1b\\", "\x1b]10;rgb:c5c5/c8c8/c6c6\x1b\\"),
        ("\x1b]11;?\x07", "\x1b]11;rgb:1d1d/1f1f/2121\x1b\\"),
    ],
)
def test_a_terminal_answers(run: Run, question: str, answer: str) -> None:
    asks = f"write({question!r}); got = until({answer[-1]!r}); right = got == {answer.encode()!r}"
    run(asks + "; write(f'\\x1b[?2026l\\x1b[1;1H{right}')" + STAY).wait_for("True")


def test_a_question_in_two_pieces_is_answered(run: Run) -> None:
    run("write('\\x1b['); write('6n'); until('R'); write('Answered')" + STAY).wait_for("Answered")


def test_keys_are_sent_as_the_program_asked(run: Run) -> None:
    terminal = run("write('\\x1b[>25uReady'); write(read().hex())" + STAY)
    terminal.wait_for("Ready")
    terminal.press("ctrl+n", shows=b"\x1b[110;5u".hex())


def test_a_slow_line_delays_both_ways(run: Run) -> None:
    line = Line(round_trip=0.2)
    terminal = run("write('Ready'); read(); write('Seen')" + STAY, line=line)
    assert terminal.wait_for("Ready") >= line.one_way
    reaction = terminal.press("x", shows="Seen")
    assert reaction.seconds is not None
    assert reaction.seconds >= line.round_trip + FRAME * 8 / line.bits_per_second


def test_a_slow_line_has_its_rate(run: Run) -> None:
    line = Line(round_trip=0.02, bits_per_second=100_000)
    terminal = run("write('x' * 4000); write('Ready')" + STAY, line=line)
    assert terminal.wait_for("Ready") >= 4005 * 8 / line.bits_per_second


def test_a_program_that_fills_the_buffer_of_the_line_has_to_wait(run: Run) -> None:
    line = Line(round_trip=0.02, bits_per_second=800_000, buffer=1024)
    code = "import time; begun = time.monotonic(); write('x' * 80_000)"
    terminal = run(code + "; write(f'\\x1b[Hwaited {time.monotonic() - begun > 0.3}')" + STAY, line=line)
    terminal.wait_for("waited True")


def test_memory_and_processor_time_are_those_of_all_processes(run: Run) -> None:
    one = run("write('Ready')" + STAY)
    two = run("os.fork() and write('Ready')" + STAY)
    for terminal in (one, two):
        terminal.wait_for("Ready")
    assert len(list(family(one.pid))) == 1
    assert len(list(family(two.pid))) == 2
    assert two.peak_memory() > one.peak_memory() > 1
    assert one.processor_seconds() >= 0


def test_a_program_that_will_not_end_is_ended(run: Run) -> None:
    terminal = run("import signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); write('Ready')" + STAY)
    terminal.wait_for("Ready")
    terminal.close(grace=0.1)
    with pytest.raises(ProcessLookupError):
        os.kill(terminal.pid, signal.SIG_DFL)
