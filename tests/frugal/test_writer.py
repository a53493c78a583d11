"""The line: bytes that are cut short, lines that are stuck or gone, and how much may be on its way."""

import fcntl
import os
import threading
from collections.abc import Iterator

import pytest

from bwtui.frugal import writer as line_module
from bwtui.frugal.flow_control import ASK_EVERY, LIMIT, PATIENCE, FlowControl
from bwtui.frugal.writer import TerminalWriter
from support.waiting import wait_until

QUESTION = "\x1b[?2026$p"


class Source:
    """A source of pictures that keeps only the last one, as frames are merged."""

    def __init__(self) -> None:
        self.lock = threading.Lock()
        self.picture = b""
        self.taken: list[bytes] = []

    def draw(self, picture: bytes) -> None:
        with self.lock:
            self.picture = picture

    def take(self) -> bytes:
        with self.lock:
            picture, self.picture = self.picture, b""
            if picture:
                self.taken.append(picture)
            return picture


@pytest.fixture
def pipe() -> Iterator[tuple[int, int]]:
    reading, writing = os.pipe()
    fcntl.fcntl(writing, fcntl.F_SETPIPE_SZ, 4096)
    os.set_blocking(writing, False)
    yield reading, writing
    for end in (reading, writing):
        try:
            os.close(end)
        except OSError:
            assert end == reading  # the test has closed it already


def _read(reading: int, size: int) -> bytes:
    got = b""
    while len(got) < size:
        got += os.read(reading, 777)
    return got


def test_what_is_cut_short_arrives_whole(pipe: tuple[int, int]) -> None:
    source = Source()
    line = TerminalWriter(pipe[1], source.take)
    line.start()
    data = bytes(range(256)) * 200
    source.draw(data)
    line.wake()
    assert _read(pipe[0], len(data)) == data
    line.stop()
    assert not line.is_alive()


def test_while_the_line_is_busy_pictures_merge(pipe: tuple[int, int]) -> None:
    source = Source()
    line = TerminalWriter(pipe[1], source.take)
    line.start()
    first = b"x" * 10_000
    source.draw(first)
    line.wake()
    wait_until(lambda: source.taken == [first])
    for number in range(500):
        source.draw(b"picture %d" % number)
        line.wake()
    assert _read(pipe[0], len(first)) == first
    assert _read(pipe[0], 11) == b"picture 499"
    assert source.taken == [first, b"picture 499"]
    line.stop()


def test_what_is_left_is_written_before_it_ends(pipe: tuple[int, int]) -> None:
    source = Source()
    line = TerminalWriter(pipe[1], source.take)
    line.start()
    source.draw(b"goodbye")
    line.stop()
    assert not line.is_alive()
    assert os.read(pipe[0], 100) == b"goodbye"


def test_a_line_that_is_stuck_is_given_up_at_the_end(
    pipe: tuple[int, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(line_module, "_STUCK", 0.05)
    monkeypatch.setattr(line_module, "_LOOK", 0.01)
    source = Source()
    line = TerminalWriter(pipe[1], source.take)
    line.start()
    source.draw(b"x" * 10_000)
    line.stop()
    wait_until(lambda: not line.is_alive())


def test_it_ends_when_nobody_is_at_the_other_end(pipe: tuple[int, int]) -> None:
    source = Source()
    line = TerminalWriter(pipe[1], source.take)
    line.start()
    os.close(pipe[0])
    source.draw(b"hello?")
    line.wake()
    wait_until(lambda: not line.is_alive())
    line.stop()


def test_no_more_is_on_its_way_than_the_limit_until_the_terminal_answers(pipe: tuple[int, int]) -> None:
    source = Source()
    line = TerminalWriter(pipe[1], source.take)
    line.answers(QUESTION)
    line.start()
    page = b"x" * LIMIT
    source.draw(page)
    line.wake()
    assert _read(pipe[0], LIMIT + len(QUESTION)) == page + QUESTION.encode()
    for number in range(50):
        source.draw(b"page %d" % number)
        line.wake()
    assert source.taken == [page]
    line.answered()
    assert _read(pipe[0], 7) == b"page 49"
    line.stop()


def test_before_the_end_the_last_answer_is_waited_for_and_nothing_is_asked(pipe: tuple[int, int]) -> None:
    source = Source()
    line = TerminalWriter(pipe[1], source.take)
    line.answers(QUESTION)
    line.start()
    source.draw(b"x" * ASK_EVERY)
    line.wake()
    _read(pipe[0], ASK_EVERY + len(QUESTION))
    waiting = threading.Thread(target=line.stop_asking, args=(20,))
    waiting.start()
    line.answered()
    waiting.join(10)
    assert not waiting.is_alive()
    source.draw(b"y" * ASK_EVERY)
    line.stop()
    assert os.read(pipe[0], 4096) == b"y" * ASK_EVERY


class TestWindow:
    def test_there_is_no_limit_where_the_terminal_is_not_known_to_answer(self) -> None:
        window = FlowControl()
        assert window.send(10 * LIMIT, 0) == ""
        assert window.wait(0) == 0

    def test_keys_carry_no_question(self) -> None:
        window = FlowControl()
        window.question = QUESTION
        assert [window.send(40, 0) for _ in range(20)] == [""] * 20

    def test_it_asks_in_time_and_waits_only_when_much_is_on_its_way(self) -> None:
        window = FlowControl()
        window.question = QUESTION
        assert window.send(ASK_EVERY, 0) == QUESTION
        assert window.wait(0) == 0
        assert window.send(LIMIT - ASK_EVERY, 1) == ""
        assert window.wait(1) == PATIENCE - 1
        window.answered()
        assert window.wait(1) == 0
        assert window.send(1, 1) == QUESTION

    def test_a_terminal_that_twice_gave_no_answer_is_not_asked_again(self) -> None:
        window = FlowControl()
        window.question = QUESTION
        for asked in (0.0, 10.0):
            assert window.send(LIMIT, asked) == QUESTION
            assert window.wait(asked) == PATIENCE
            assert window.wait(asked + PATIENCE) == 0
        assert window.send(LIMIT, 20) == ""

    def test_one_answer_that_is_late_does_no_harm(self) -> None:
        window = FlowControl()
        window.question = QUESTION
        window.send(LIMIT, 0)
        assert window.wait(PATIENCE) == 0
        window.answered()
        for asked in (10.0, 20.0):
            assert window.send(LIMIT, asked) == QUESTION
            window.answered()
