"""Terminals of all sorts: small and large, old and new, without colours, without anything but ASCII, or none at all."""

import os
import pty
import re
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from itertools import islice
from typing import Final

import pytest

from support.begun_setup import HINT, Begun
from support.cli_runner import BWTUI, SECONDS, CliRunner
from support.emulator import ScreenCell
from support.pty_screen import MOUSE, SCREENS, PtyScreen, screen

SGR: Final = re.compile(r"\x1b\[([\d;:]*)m")
MODERN: Final = {1016: 2, 2004: 2, 2026: 2, 2048: 2}
"""The answers of a current terminal: it has all of these modes, and none of them is on."""


@contextmanager
def visiting(
    runner: CliRunner, environ: dict[str, str], *, columns: int = 80
) -> Iterator[tuple[PtyScreen, Iterator[str]]]:
    """The wizard from screen to screen, help and palette included; left with Ctrl+C twice."""
    with screen(runner, columns=columns, environ=environ) as shown:
        yield shown, _visits(shown)
        shown.type("\x03").expect("Leave?").type("\x03")
        assert shown.end() == 130
        shown.is_as_before()


def _visits(shown: PtyScreen) -> Iterator[str]:
    for title in SCREENS:
        yield shown.go(title).still(0.05)
    for key, words in (("\x1bOP", "Esc close"), ("\x07", "type to filter")):
        yield shown.type(key).expect(words).still(0.05)
        shown.type("\x1b").gone(words)


@pytest.mark.parametrize(("replies", "every"), [(None, 1), (MODERN, 4)], ids=["silent", "modern"])
def test_dragged_small_and_large_again_every_screen_is_as_it_was(
    begun: Begun, replies: dict[int, int] | None, every: int
) -> None:
    with screen(begun.at("welcome"), columns=200, lines=60, replies=replies) as shown:
        for title in SCREENS[::every]:
            before = shown.go(title).still()
            shown.resize(40, 12).at(title)
            shown.resize(200, 60).again(before)
        shown.type("\x03").expect("Leave?").resize(40, 12).expect("Stay").type("y")
        assert shown.end() == 130
        shown.is_as_before()


def test_many_sizes_at_once_end_at_the_last(begun: Begun) -> None:
    with screen(begun.at("site"), columns=120, lines=40) as shown:
        before = shown.at("Sub-account").still()
        for columns in (*range(1, 200, 7), 30):
            shown.resize(columns, 1 + columns // 4)
        shown.at("Sub-account").resize(120, 40).again(before)
        shown.type("\x03\x03")
        assert shown.end() == 130


@pytest.mark.parametrize("driver", ["", "stock"])
def test_the_terminals_own_size_wins_over_what_the_environment_has_left_over(
    begun: Begun, driver: str
) -> None:
    with screen(begun.at("site")) as shown:
        before = shown.at("Sub-account").still()
        shown.type("\x03\x03")
        assert shown.end() == 130
    left_over = {"COLUMNS": "132", "LINES": "50", "BWTUI_DRIVER": driver}
    with screen(begun.at("site"), environ=left_over) as shown:
        shown.again(before).resize(100, 30).at("Sub-account").still()
        assert "F1 Help" in shown.emulated.row(29), shown.text
        shown.type("\x03\x03")
        assert shown.end() == 130


def test_a_line_that_knows_no_size_believes_the_environment(begun: Begun) -> None:
    with screen(begun.at("site"), environ={"COLUMNS": "60", "LINES": "20"}, columns=0, lines=0) as shown:
        shown.emulated.resize(20, 60)
        shown.at("Sub-account").still()
        assert "^C Leave" in shown.emulated.row(19), shown.text
        shown.type("\x03\x03")
        assert shown.end() == 130


def marked(shown: PtyScreen) -> list[str]:
    """The rows with the sign of the focus."""
    return [line for line in shown.lines if "▌" in line or "▸" in line]


def moved(shown: PtyScreen, focused: list[str]) -> bool:
    return marked(shown) not in ([], focused)


def test_a_column_of_numbers_is_pasted_as_terminals_paste(begun: Begun) -> None:
    with screen(begun.at("number"), lines=40) as shown:
        shown.at("Phone number").type("\x0f").expect("Exactly these numbers")
        while "▌ Exactly these numbers" not in shown.text:
            focused = marked(shown)
            shown.type("\t").until(partial(moved, shown, focused), "the next field")
        shown.type("\x1b[200~9192130117\r9192130118\r9192130119\r\x1b[201~")
        shown.expect("9192130117, 9192130118, 9192130119")
        shown.type("\x03").expect("Leave?").type("\x03")
        assert shown.end() == 130
    assert begun.setup.answers["number.numbers"].value == "9192130117,9192130118,9192130119"


def test_what_somebody_else_has_written_is_drawn_over_on_demand(begun: Begun) -> None:
    with screen(begun.at("site")) as shown:
        before = shown.at("Sub-account").still()
        shown.emulated.erase_in_display(2)
        shown.emulated.draw("Broadcast message from root: the system goes down for lunch")
        shown.type("\x0c").again(before)
        shown.type("\x03\x03")
        assert shown.end() == 130
        shown.is_as_before()


def test_no_color_means_none(begun: Begun) -> None:
    with visiting(begun.at("welcome"), {"NO_COLOR": "1"}, columns=120) as (shown, visits):
        assert len(list(visits)) == len(SCREENS) + 2
        assert {number for sgr in SGR.findall(shown.written) for number in sgr.split(";")} <= {
            "", "0", "1", "22", "2", "3", "23", "4", "24", "7", "27",
        }  # fmt: skip
        assert "\x1b[7m" in shown.written or ";7m" in shown.written, "the cursor is seen"


def test_an_empty_no_color_means_colours(begun: Begun) -> None:
    with screen(begun.at("site"), environ={"NO_COLOR": ""}) as shown:
        shown.at("Sub-account").still()
        assert "38;5;" in shown.written


@pytest.mark.parametrize(
    ("variables", "count"),
    [
        ({"LANG": "C"}, len(SCREENS) + 2),
        ({"LANG": "en_US.UTF-8", "LC_ALL": "C"}, 3),
        ({"LANG": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, 3),
    ],
    ids=["LANG=C", "LC_ALL=C", "plain ASCII"],
)
def test_a_locale_of_ascii_gets_ascii(begun: Begun, variables: dict[str, str], count: int) -> None:
    begun.environ["BW_CLIENT_ID"] = "dèmo"
    with visiting(begun.at("welcome"), variables, columns=120) as (shown, visits):
        screens = list(islice(visits, count))
        assert shown.written.isascii()
    strange = [
        line
        for screen in screens
        for line in screen.splitlines()
        if re.search(r"\?(?!mo|area| \d callback URLs)", line)
    ]
    assert strange == [], "every sign has a likeness"


@pytest.mark.parametrize(("term", "themes"), [("linux", 3), ("xterm", 1)])
def test_sixteen_colours_can_be_read_in_every_theme(begun: Begun, term: str, themes: int) -> None:
    with visiting(begun.at("welcome"), {"TERM": term}) as (shown, visits):
        for _ in islice(visits, len(SCREENS)):
            for theme in range(themes):
                assert _illegible(shown.emulated.cells) == [], theme
                shown.type("\x14").still(0.05)
        assert not re.search(r"\x1b\[[\d;]*[34]8;[25];", shown.written), "more colours than sixteen"


SCROLLBAR: Final = "▁▂▃▄▅▆▇"
COLOURS: Final = ("black", "red", "green", "brown", "blue", "magenta", "cyan", "white")
DARK: Final = (0x000000, 0xAA0000, 0x00AA00, 0xAA5500, 0x0000AA, 0xAA00AA, 0x00AAAA, 0xAAAAAA)
VGA: Final = {
    **dict(zip(COLOURS, DARK, strict=True)),
    **{
        f"bright{name}": value + 0x555555 & 0xFFFFFF | 0x555555
        for name, value in zip(COLOURS, DARK, strict=True)
    },
    "brightbrown": 0xFFFF55,
    "default": 0xAAAAAA,
}


def _illegible(cells: list[list[ScreenCell]]) -> list[str]:
    """Words whose colours are too much alike."""
    return [
        "".join(cell.text for cell in row)
        for row in cells
        if any(cell.text.strip(f" {SCROLLBAR}") and _contrast(cell) < 2.5 for cell in row)
    ]


def _contrast(cell: ScreenCell) -> float:
    """The ratio of WCAG 2."""
    fore, back = VGA[cell.fore], VGA[cell.back.replace("default", "black")]
    light, dark = sorted((_luminance(fore), _luminance(back)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: int) -> float:
    parts = [(colour >> shift & 255) / 255 for shift in (16, 8, 0)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize(
    ("environ", "erases_with_colour"),
    [
        ({"TERM": "screen-256color"}, False),
        ({"TERM": "screen-256color", "TMUX": "/socket,1,0"}, True),
        ({"TERM": "tmux-256color"}, True),
    ],
    ids=["Screen", "tmux by Screen's name", "tmux"],
)
def test_screen_and_tmux_show_the_same(
    begun: Begun, environ: dict[str, str], *, erases_with_colour: bool
) -> None:
    with (
        screen(begun.at("welcome")) as usual,
        screen(begun, "--name", "other", environ=environ, erases_with_colour=erases_with_colour) as shown,
    ):
        begun.file.path.with_name("other.json").write_bytes(begun.file.path.read_bytes())
        for title in SCREENS[::4]:
            shown.go(title).again(usual.go(title).still())
            shown.still()
            assert shown.emulated.cells == usual.emulated.cells
        shown.type("\x03\x03")
        assert shown.end() == 130
        shown.is_as_before()


@pytest.mark.parametrize("replies", [None, MODERN], ids=["silent", "modern"])
def test_over_ssh_the_mouse_stays_with_the_terminal(begun: Begun, replies: dict[int, int] | None) -> None:
    begun.at("site")
    for variables, on in (({"SSH_CONNECTION": "192.0.2.1 50000 192.0.2.2 22"}, False), ({}, True)):
        with screen(begun, replies=replies, environ=variables) as shown:
            shown.at("Sub-account").still()
            assert any(now for mode, now in shown.modes.items() if mode in MOUSE) is on
            shown.type("\x03\x03")
            assert shown.end() == 130
            shown.is_as_before()
            assert on or not MOUSE & shown.modes.keys()


@pytest.mark.parametrize("arguments", [(), ("demo",)], ids=["wizard", "demo"])
def test_without_a_terminal_that_can_do_it_one_line_names_apply(
    begun: Begun, arguments: tuple[str, ...]
) -> None:
    with screen(begun, *arguments, environ={"TERM": "dumb"}) as shown:
        shown.expect("Plain questions instead?").type("no\r")
        assert shown.end() == 6
        assert "\x1b" not in shown.written
        assert "bwtui apply FILE" in shown.written
    for stdin, stdout in ((True, False), (False, True)):
        ended = _with_half_a_terminal(begun, *arguments, stdin=stdin, stdout=stdout)
        assert ended.returncode == 6
        assert b"bwtui apply FILE" in ended.stderr
        assert ended.stderr.count(b"\n") == 1
        assert not ended.stdout


def _with_half_a_terminal(
    runner: CliRunner, *arguments: str, stdin: bool, stdout: bool
) -> subprocess.CompletedProcess[bytes]:
    master, slave = pty.openpty()
    try:
        return subprocess.run(
            [*BWTUI, *arguments],
            env=runner.variables(TERM="xterm"),
            stdin=slave if stdin else subprocess.DEVNULL,
            stdout=slave if stdout else subprocess.PIPE,
            stderr=subprocess.PIPE,
            timeout=SECONDS,
            check=False,
        )
    finally:
        os.close(master)
        os.close(slave)


def test_what_goes_wrong_can_be_kept_in_a_file(begun: Begun) -> None:
    with (
        (begun.home / "stderr").open("wb") as stderr,
        screen(begun.at("site"), stderr=stderr.fileno()) as shown,
    ):
        shown.at("Sub-account").type("\x03\x03")
        assert shown.end() == 130
        shown.is_as_before()
    assert (begun.home / "stderr").read_text("utf-8") == f"{HINT}\n"
