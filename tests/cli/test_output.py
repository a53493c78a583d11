"""The two streams: what goes where, the living line, and streams that can show less or are gone."""

import errno
import io
import json
import os
import re

import pytest

from bwtui.cli.output import ERASE_LINE, Output
from bwtui.cli.style import INDENT, Mark, Span, Tone, hint, marked, row


class _Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def out() -> io.StringIO:
    return io.StringIO()


@pytest.fixture
def err(monkeypatch: pytest.MonkeyPatch) -> _Terminal:
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("COLUMNS", "30")
    return _Terminal()


def test_data_goes_to_stdout_and_words_to_stderr(out: io.StringIO) -> None:
    err = io.StringIO()
    output = Output(stdout=out, stderr=err)
    output.data("id=1")
    output.event("result", status="done")
    output.say("Done.")
    assert (out.getvalue(), err.getvalue()) == ("id=1\n", "Done.\n")


def test_an_event_is_one_line_of_json_with_a_version(out: io.StringIO) -> None:
    Output(as_json=True, stdout=out, stderr=io.StringIO()).event("problem", text="two\nlines “and” quotes")
    (line,) = out.getvalue().splitlines()
    assert json.loads(line) == {"v": 1, "event": "problem", "text": "two\nlines “and” quotes"}


def test_what_stderr_shows_never_reaches_json(out: io.StringIO, err: _Terminal) -> None:
    output = Output(as_json=True, stdout=out, stderr=err)
    output.status("Working")
    output.say("A word.")
    output.ask("Go ahead? [y/N] ")
    output.status("")
    assert out.getvalue() == ""


def test_the_living_line_is_rewritten_and_words_stand_above_it(out: io.StringIO, err: _Terminal) -> None:
    output = Output(stdout=out, stderr=err)
    output.status("Looking")
    output.say("A word.")
    output.status("Looking on")
    output.status("")
    frames = err.getvalue().split(ERASE_LINE)
    assert frames == ["", "\\ Looking", "A word.\n", "\\ Looking", "| Looking on", ""]


def test_the_living_line_never_fills_the_window(out: io.StringIO, err: _Terminal) -> None:
    Output(stdout=out, stderr=err).status("x" * 100)
    assert len(err.getvalue().removeprefix(ERASE_LINE)) == 29


@pytest.mark.parametrize("term", ["dumb", None], ids=["dumb terminal", "no terminal"])
def test_there_is_no_living_line_where_lines_cannot_be_rewritten(
    out: io.StringIO, err: _Terminal, monkeypatch: pytest.MonkeyPatch, term: str | None
) -> None:
    if term:
        monkeypatch.setenv("TERM", term)
    shown = err if term else io.StringIO()
    output = Output(stdout=out, stderr=shown)
    assert not output.is_terminal
    output.status("Working")
    output.say("A word.")
    output.status("")
    assert shown.getvalue() == "A word.\n"


LONG = "Ordered are +1 (919) 213-0117 and http://127.0.0.1:8080/api/accounts/9900000 or-what-else."


def test_on_a_terminal_lines_end_at_words_and_a_number_stays_whole(out: io.StringIO, err: _Terminal) -> None:
    Output(stdout=out, stderr=err).say(f"  {LONG}\nNext.", indent=4)
    assert err.getvalue().splitlines() == [
        "  Ordered are",
        "    +1 (919) 213-0117 and",
        "    http://127.0.0.1:8080/api/accounts/9900000",
        "    or-what-else.",
        "Next.",
    ]


def test_a_command_to_be_copied_is_never_cut(out: io.StringIO, err: _Terminal) -> None:
    command = "bwtui --name other --state-dir '/a folder/of mine'"
    Output(stdout=out, stderr=err).say("To go on:", command=command)
    assert err.getvalue() == f"To go on:\n{command}\n"
    plain = io.StringIO()
    Output(stderr=plain).say("To go on:", command=command)
    assert plain.getvalue() == f"To go on: {command}\n"


def test_elsewhere_a_line_is_one_line(out: io.StringIO, err: _Terminal) -> None:
    plain = io.StringIO()
    output = Output(stdout=out, stderr=plain)
    output.say(LONG, indent=4)
    output.row(LONG, indent=4)
    Output(stdout=err).data(LONG)  # data is never changed, not even on a terminal
    assert (plain.getvalue(), out.getvalue(), err.getvalue()) == (f"{LONG}\n",) * 3


@pytest.mark.parametrize("words", range(1, 40))
def test_behind_a_question_there_is_room_for_an_answer(out: io.StringIO, err: _Terminal, words: int) -> None:
    Output(stdout=out, stderr=err).ask(f"{'x ' * words}[y/N] ")
    *_, last = err.getvalue().split("\n")
    assert last.endswith("[y/N] ")
    assert len(last) <= 26
    assert err.getvalue().split() == [*"x" * words, "[y/N]"]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1"])
def test_what_a_stream_cannot_show_becomes_a_question_mark(encoding: str) -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding=encoding)
    output = Output(as_json=True, stdout=stream, stderr=stream)
    output.say("“ワード”")
    output.event("x", text="ワ")
    output.ask("“?”")
    assert raw.getvalue() == b'"???"\n{"v": 1, "event": "x", "text": "?"}\n"?"'


# --- Signs and colours -----------------------------------------------------------------------------------------

ROW = row(Mark.DONE, "Sub-account", "done", "95288")


@pytest.fixture
def locale(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LC_ALL", "en_US.UTF-8")
    monkeypatch.delenv("NO_COLOR", raising=False)


@pytest.mark.usefixtures("locale")
def test_on_a_terminal_sign_and_word_have_a_colour_and_the_columns_are_those_of_a_pipe(
    err: _Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    Output(stdout=err, stderr=err).row(ROW, indent=INDENT)
    assert err.getvalue().startswith("\x1b[32m✓ \x1b[mSub-account"), err.getvalue()
    assert "\x1b[32mdone" in err.getvalue()
    pipe = io.StringIO()
    Output(stdout=pipe).row(ROW, indent=INDENT)
    assert pipe.getvalue() == "✓ Sub-account           done         95288\n"
    wide = _Terminal()
    monkeypatch.setenv("COLUMNS", "80")
    Output(stdout=wide).row(ROW, indent=INDENT)
    assert re.sub(r"\x1b\[\d*m", "", wide.getvalue()) == pipe.getvalue()


@pytest.mark.usefixtures("locale")
@pytest.mark.parametrize("why", ["NO_COLOR", "TERM=dumb", "--json", "pipe"])
def test_without_colours_there_is_not_one_escape(
    err: _Terminal, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    if why == "NO_COLOR":
        monkeypatch.setenv("NO_COLOR", "1")
    if why == "TERM=dumb":
        monkeypatch.setenv("TERM", "dumb")
    stream = io.StringIO() if why == "pipe" else err
    output = Output(as_json=why == "--json", stdout=stream, stderr=stream)
    output.status("Working")
    output.row(ROW, indent=INDENT)
    output.say(marked(Mark.FAILED, "Refused."))
    output.say(hint("Try again."))
    output.ask("Go ahead? [y/N] ")
    output.status("")
    assert "\x1b" not in stream.getvalue()
    assert "✗ Refused.\n" in stream.getvalue()


@pytest.mark.usefixtures("locale")
def test_an_empty_no_color_means_nothing(err: _Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_COLOR", "")
    Output(stderr=err).say(marked(Mark.FAILED, "Refused."))
    assert "\x1b[31m✗" in err.getvalue()


def test_without_escapes_the_living_line_is_rewritten_all_the_same(
    err: _Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NO_COLOR", "1")
    output = Output(stderr=err)
    output.status("Looking")
    output.status("On")
    output.status("")
    assert err.getvalue() == f"\\ Looking\r{' ' * 9}\r| On\r{' ' * 4}\r"


@pytest.mark.usefixtures("locale")
def test_text_from_outside_brings_no_colours_and_wrapping_breaks_none(err: _Terminal) -> None:
    evil = "red \x1b[31m and \x9b1m bold, long enough to be wrapped"
    Output(stderr=err).say((Span("! ", Tone.DOUBTFUL), Span(evil), Span(" (a hint)", Tone.DIM)), indent=2)
    shown = err.getvalue()
    assert re.findall(r"\x1b\[\d*m", shown) == ["\x1b[33m", "\x1b[m", "\x1b[2m", "\x1b[m"]
    plain = re.sub(r"\x1b\[\d*m", "", shown)
    assert "\x1b" not in plain
    assert max(map(len, plain.splitlines())) < 30
    assert plain.split() == ["!", *evil.replace("\x1b", " ").replace("\x9b", " ").split(), "(a", "hint)"]


@pytest.mark.parametrize("locale", [{"LC_ALL": "C"}, {"LC_ALL": "POSIX"}, {"LC_ALL": "", "LANG": ""}])
def test_a_locale_of_ascii_gets_signs_of_ascii(
    monkeypatch: pytest.MonkeyPatch, locale: dict[str, str]
) -> None:
    monkeypatch.delenv("LC_CTYPE", raising=False)
    for name, value in locale.items():
        monkeypatch.setenv(name, value)
    for mark in Mark:
        stream = io.StringIO()
        Output(stderr=stream).say(marked(mark, "“quoted”…"))
        assert stream.getvalue().isascii(), mark


def test_half_a_surrogate_is_no_trouble() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="utf-8")
    Output(stderr=stream).say("name \udcff")
    assert raw.getvalue() == b"name ?\n"


def test_a_terminal_that_went_away_is_given_up_and_a_full_disk_is_not() -> None:
    class Gone(io.TextIOWrapper):
        number = errno.EIO
        failures = 0

        def flush(self) -> None:
            if not self.closed and self.number and not self.failures:
                type(self).failures += 1
                raise OSError(self.number, os.strerror(self.number))

    read, write = os.pipe()
    with os.fdopen(read, "rb"), os.fdopen(write, "wb", buffering=0) as file:
        stream = Gone(file, encoding="utf-8")
        output = Output(stderr=stream)
        output.say("nobody hears this")
        output.say("nor this")
        assert Gone.failures == 1
        assert os.stat(write).st_rdev == os.stat(os.devnull).st_rdev  # noqa: PTH116 - of a descriptor
        Gone.failures, Gone.number = 0, errno.ENOSPC
        with pytest.raises(OSError, match="No space left"):
            output.say("somebody must know")
        stream.detach()


def test_a_url_is_whole_on_a_line_where_a_terminal_has_room_for_it(err: _Terminal) -> None:
    url = "https://a.bwtui.dev/callbacks"
    Output(stdout=io.StringIO(), stderr=err).say(f"? callback.any  unknown  not tried: {url}", indent=17)
    assert url in err.getvalue().splitlines()
