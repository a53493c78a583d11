"""The screen of the measuring terminal, drawn from the bytes that programs send."""

import pytest

from benchmarks.keyboard import encode
from benchmarks.screen import Screen


def shown(*pieces: str, columns: int = 20, rows: int = 3) -> Screen:
    screen = Screen(columns, rows)
    for piece in pieces:
        screen.feed(piece.encode())
    return screen


@pytest.mark.parametrize(
    "sequence",
    ["\x1b[>25u", "\x1b[<u", "\x1b[=1;1u", "\x1b[>4;2m", "\x1b[2 q", "\x1b[!p", "\x1b[?2048$p", "\x1b[>0q",
     "\x1bP+q544e\x1b\\", "\x1b_Ga=q;\x1b\\", "\x1b]0;title\x07", "\x1b]8;;http://x\x1b\\"],
)  # fmt: skip
def test_what_draws_nothing_is_not_seen(sequence: str) -> None:
    screen = shown("ab")
    changes = screen.changes
    for piece in sequence:
        screen.feed(piece.encode())
    screen.feed(b"c")
    assert screen.lines[0].rstrip() == "abc"
    assert screen.changes == changes + 1


def test_the_same_again_is_no_change_and_another_colour_is() -> None:
    screen = shown("ab\r")
    changes = screen.changes
    screen.feed(b"ab\r")
    assert screen.changes == changes
    screen.feed(b"\x1b[31mab\r")
    assert screen.changes == changes + 1


def test_what_an_update_shows_stays_while_the_next_is_held() -> None:
    screen = shown("\x1b[?2026hone\x1b[?2026l\x1b[?2026h\rtwo")
    assert screen.shows("one")
    screen.feed(b"\x1b[?2026l")
    assert screen.shows("two")


def test_a_character_may_arrive_in_pieces() -> None:
    screen = Screen(20, 3)
    for byte in "é漢".encode():
        screen.feed(bytes([byte]))
    assert screen.shows("é漢")


def test_the_alternate_screen_is_empty() -> None:
    assert not shown("before", "\x1b[?1049h").shows("before")


def test_keyboard_flags_are_pushed_set_and_popped() -> None:
    screen = shown("\x1b[>1u\x1b[>25u")
    assert screen.keyboard_flags == 25
    screen.feed(b"\x1b[=8u")
    assert screen.keyboard_flags == 8
    screen.feed(b"\x1b[<u")
    assert screen.keyboard_flags == 1
    screen.feed(b"\x1b[<u\x1b[<u")
    assert screen.keyboard_flags == 0


@pytest.mark.parametrize(
    ("key", "flags", "sent"),
    [("a", 0, "a"), ("tab", 0, "\t"), ("ctrl+n", 0, "\x0e"), ("a", 25, "\x1b[97;;97u"), ("A", 25, "\x1b[97;2;65u"),
     ("A", 8, "\x1b[97;2u"), ("a", 8, "\x1b[97u"), ("space", 25, "\x1b[32;;32u"), ("enter", 25, "\x1b[13u"),
     ("up", 25, "\x1b[A")],
)  # fmt: skip
def test_keys(key: str, flags: int, sent: str) -> None:
    assert encode(key, flags) == sent.encode()
