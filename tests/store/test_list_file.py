"""A list as a file: from any spreadsheet, told in words where it is none, and never half read."""

import io
import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bwtui.domain.answers.answers import Answer, Answers, Source
from bwtui.domain.lists.setup_list import Row
from bwtui.store.answers_file import parse
from bwtui.store.list_file import MOST_BYTES, ListError, list_folder, read_list, read_names
from bwtui.store.state_errors import BadName
from support.guide import guide_answers

BASE = Answers(guide_answers(messaging_app__callback_user=None, voice_app__callback_user=None).given)
HEADING = "name,site.name,messaging_app.name,voice_app.name,site.description"
AUSTIN = "austin,Austin,MA,VA,"
DALLAS = "dallas,Dallas,MD,VD,"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "list.csv"


def read(file: Path, content: str | bytes) -> tuple[Row, ...]:
    file.write_bytes(content.encode() if isinstance(content, str) else content)
    return read_list(file, BASE)


def refused(file: Path, content: str | bytes) -> str:
    """The only complaint about a file that is no list."""
    with pytest.raises(ListError) as caught:
        read(file, content)
    [complaint] = caught.value.complaints
    assert (complaint.row, complaint.name, complaint.column) == (None, "", "")
    return complaint.text


# --- What spreadsheets write -----------------------------------------------------------------------------------


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["", "BOM"])
def test_every_separator_and_line_end_is_read_with_and_without_a_byte_order_mark(
    file: Path, separator: str, end: str, mark: bytes
) -> None:
    lines = [HEADING, AUSTIN + "é", "", DALLAS]
    text = end.join(line.replace(",", separator) for line in lines)
    rows = read(file, mark + text.encode())
    assert [(row.number, row.name, row.answers.text("site.name")) for row in rows] == [
        (1, "austin", "Austin"), (3, "dallas", "Dallas"),
    ]  # fmt: skip
    assert rows[0].answers.text("site.description") == "é"


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_the_line_that_tells_excel_the_separator_is_no_heading(file: Path, separator: str, end: str) -> None:
    lines = [f"SEP={separator}", *(line.replace(",", separator) for line in (HEADING, AUSTIN, DALLAS))]
    rows = read(file, b"\xef\xbb\xbf" + end.join(lines).encode())
    assert [(row.number, row.name) for row in rows] == [(1, "austin"), (2, "dallas")]
    assert [tuple(row) for row in read_names(file)] == [(1, "austin"), (2, "dallas")]


def test_after_the_line_that_tells_excel_the_separator_lines_are_counted_on(file: Path) -> None:
    told = refused(file, f'sep=,\n{HEADING}\n{AUSTIN}"never closed\n')
    assert told.startswith("Line 3 of the file: The quotes do not match")


def test_quotes_keep_separators_quotes_and_line_ends_together(file: Path) -> None:
    [row, other] = read(file, f'{HEADING}\n{AUSTIN}"One, ""two"""\n{DALLAS}"plain\n"\n')
    assert row.answers.text("site.description") == 'One, "two"'
    assert (other.number, other.answers.text("site.description")) == (2, "plain")


def test_semicolons_separate_although_a_quoted_heading_holds_commas(file: Path) -> None:
    heading = HEADING.replace(",", ";") + ';"# a, b, c, d, e, f, g"'
    [row] = read(file, f"{heading}\n{AUSTIN.replace(',', ';')};note\n")
    assert row.answers.text("site.name") == "Austin"


def test_a_list_of_numbers_stands_in_quotes_or_between_semicolons(file: Path) -> None:
    base = Answers({key: value for key, value in BASE.given.items() if key != "number.area_code"})
    head = "name\tsite.name\tmessaging_app.name\tvoice_app.name\tnumber.numbers"
    file.write_text(f"{head}\na\ta\ta\ta\t9195551234, 9195551235\n", "utf-8")
    assert read_list(file, base)[0].answers.text("number.numbers") == "9195551234,9195551235"


def test_blank_lines_before_the_heading_do_not_count(file: Path) -> None:
    [row] = read(file, f"\n,,,,\n{HEADING}\n{AUSTIN}\n")
    assert (row.number, row.name) == (1, "austin")


def test_standard_input_is_a_list_too(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(f"{HEADING}\n{AUSTIN}\n".encode())))
    assert [row.name for row in read_list("-", BASE)] == ["austin"]


def test_everything_that_is_wrong_is_told_at_once(file: Path) -> None:
    with pytest.raises(ListError) as caught:
        read(file, f"{HEADING},site.citty\n{AUSTIN}\n{AUSTIN}\na b,x,y,z,\n")
    assert {(each.row, each.column) for each in caught.value.complaints} == {
        (None, "site.citty"), (2, "name"), (2, "site.name"), (2, "messaging_app.name"), (2, "voice_app.name"), (3, "name"),
    }  # fmt: skip


def test_names_are_read_without_answers(file: Path) -> None:
    file.write_text("site.state;name\nXX;austin\n", "utf-8")
    assert [tuple(row) for row in read_names(file)] == [(1, "austin")]


def test_the_list_in_the_documentation_is_one(file: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "many-setups.md").read_text("utf-8")
    listed, answers = (
        re.search(rf"<!-- {mark} -->\n```\w+\n(.*?)```", page, re.DOTALL)
        for mark in ("list", "answers for all rows")
    )
    assert listed
    assert answers
    shared = parse(answers[1], "setup.toml").given
    file.write_text(listed[1], "utf-8")
    rows = read_list(file, Answers({**shared, "account.account_id": Answer("9900000", Source.FLAG)}))
    assert [row.name for row in rows] == ["austin", "boise", "el-paso"]
    assert [row.answers.text("number.area_code") for row in rows] == ["512", "208", "919"]
    assert [row.answers.flag("setup.voice") for row in rows] == [True, True, False]
    assert not any(row.doubts for row in rows)


# --- What is no list -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "The list is empty."),
        (b"\n\n ,,\n", "The list is empty."),
        (f"{HEADING}\n{AUSTIN}\n".encode("utf-16"), "Line 1 of the file: This is UTF-16: save it as CSV (UTF-8)."),
        (f"{HEADING}\n{AUSTIN}\n".encode("utf-16-le"), "Line 1 of the file: This is UTF-16: save it as CSV (UTF-8)."),
        (f"{HEADING}\n{AUSTIN}\u00e9\n".encode("latin-1"), "Line 2 of the file: This is not UTF-8: save it as CSV (UTF-8)."),
        (f"{HEADING}\n{AUSTIN}\n{DALLAS}\0\n".encode(), "Line 3 of the file: There is a NUL byte"),
        (b"PK\x03\x04\x14\0rest of an xlsx", "This is a spreadsheet in its own format: save it as CSV (UTF-8)."),
        (b"\xd0\xcf\x11\xe0rest of an xls", "This is a spreadsheet in its own format"),
        (f'{HEADING}\n{AUSTIN}"never closed\n{DALLAS}\n'.encode(), "Line 2 of the file: The quotes do not match"),
        (f'{HEADING}\n{AUSTIN}\n{DALLAS}"closed" too early\n'.encode(), "Line 3 of the file: The quotes do not match"),
        (f"{HEADING}\n{AUSTIN}{'x' * 200_000}\n".encode(), "Line 2 of the file: A cell is far too long"),
    ],
)  # fmt: skip
def test_what_is_no_list_is_told_with_its_line_and_what_to_do(file: Path, content: bytes, told: str) -> None:
    assert refused(file, content).startswith(told)


def test_a_file_of_50_mb_is_refused_without_being_read_to_its_end(file: Path) -> None:
    with file.open("wb") as endless:
        endless.write(f"{HEADING}\n".encode())
        endless.write(b"austin,Austin,MA,VA,x\n" * 100_000)
        endless.write(b"x" * 50_000_000)
    with pytest.raises(ListError, match="It has more than 10 MB: divide it into several lists"):
        read_list(file, BASE)


def test_an_endless_device_is_refused() -> None:
    with pytest.raises(ListError, match=r"NUL byte|UTF-16"):
        read_list("/dev/zero", BASE)
    assert MOST_BYTES < 50_000_000


def test_a_file_that_cannot_be_read_says_why(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "nowhere.csv", "No such file or directory"), (tmp_path, "Is a directory")):
        with pytest.raises(ListError, match=f"It cannot be read: {why}"):
            read_list(path, BASE)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200) | st.text(alphabet='name,.site;\t"\r\n #0é', max_size=100).map(str.encode))
def test_whatever_stands_in_a_file_is_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, content: bytes
) -> None:
    file = tmp_path_factory.getbasetemp() / "any.csv"
    file.write_bytes(content)
    assert _is_read_or_refused(lambda: read_list(file, BASE))
    assert _is_read_or_refused(lambda: read_names(file))


def _is_read_or_refused(read_it: Callable[[], Sequence[object]]) -> bool:
    try:
        return bool(read_it())
    except ListError as error:
        return all(complaint.text for complaint in error.complaints)


# --- The folder of its rows ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "name", "folder"),
    [
        ("customers.csv", "", "customers"),
        ("/some/where/New customers (2).csv", "", "New customers (2)"),
        ("customers.csv", "spring", "spring"),
        ("-", "spring", "spring"),
        ("2026.11.csv", "", "2026.11"),
    ],
)
def test_the_rows_of_a_list_are_kept_in_a_folder_of_its_name(path: str, name: str, folder: str) -> None:
    assert list_folder(Path("/states"), path, name) == Path("/states") / folder


@pytest.mark.parametrize(
    ("path", "name"),
    [("-", ""), ("/dev/null", ""), (".csv", ""), ("..", ""), ("x.json.csv", ""), ("a.csv", "../b"), ("a.csv", "a/b"),
     ("a.csv", "a\nb"), ("a.csv", "x" * 101)],
)  # fmt: skip
def test_what_cannot_be_found_again_needs_another_name(path: str, name: str) -> None:
    with pytest.raises(BadName, match="--name"):
        list_folder(Path("/states"), path, name)


def test_a_pipe_has_no_name_that_a_later_run_would_find_again(tmp_path: Path) -> None:
    pipe = tmp_path / "63"
    os.mkfifo(pipe)
    with pytest.raises(BadName, match="give it one with --name"):
        list_folder(Path("/states"), pipe)
