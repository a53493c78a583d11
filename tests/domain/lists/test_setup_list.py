"""A list of setups: each row is checked as an answers file is, and no two rows get into each other's way."""

from collections.abc import Sequence

import pytest

from bwtui.domain.answers.answers import Answer, Answers, Source
from bwtui.domain.lists.list_text import complaints_told
from bwtui.domain.lists.setup_list import ListComplaint, Row, RowRange, names_of, row_range, rows_of
from bwtui.domain.values.secret import Secret
from support.guide import guide_answers

BASE = Answers(guide_answers(messaging_app__callback_user=None, voice_app__callback_user=None).given)
"""Answers for all rows: only the names of what each row makes are left to it."""
NAMES = ("name", "site.name", "messaging_app.name", "voice_app.name")


def named(name: str) -> list[str]:
    """The cells that a row needs besides `BASE`."""
    return [name, name, name, name]


def read(heading: Sequence[str], *cells: Sequence[str], base: Answers = BASE) -> tuple[Row, ...]:
    rows, wrong = rows_of(heading, cells, base)
    assert wrong == ()
    return rows


def complaints(heading: Sequence[str], *cells: Sequence[str], base: Answers = BASE) -> list[ListComplaint]:
    return list(rows_of(heading, cells, base)[1])


def answered(*columns: str, cells: Sequence[str], base: Answers = BASE) -> dict[str, str]:
    """The answers of a row with some more cells."""
    [row] = read((*NAMES, *columns), [*named("austin"), *cells], base=base)
    return {key: answer.value for key, answer in row.answers.given.items()}


def wrong_with(column: str, cell: str, base: Answers = BASE) -> list[str]:
    """The complaints about one cell of an otherwise good row."""
    found = complaints((*NAMES, column), [*named("austin"), cell], base=base)
    assert all((each.row, each.name) == (1, "austin") for each in found)
    return [each.text for each in found if each.column == column]


# --- What a row is ---------------------------------------------------------------------------------------------


def test_a_cell_stands_over_the_shared_answer_and_an_empty_one_leaves_it() -> None:
    first, second = read((*NAMES, "number.area_code"), [*named("austin"), "512"], [*named("dallas"), " "])
    assert (first.number, first.name, first.answers.text("number.area_code")) == (1, "austin", "512")
    assert first.answers.given["number.area_code"].source is Source.FILE
    assert (second.number, second.name, second.answers.text("number.area_code")) == (2, "dallas", "919")
    assert second.answers.text("site.city") == BASE.text("site.city")


def test_empty_rows_are_no_setups_but_count() -> None:
    rows = read(NAMES, named("austin"), [], ["", " ", "", ""], named("dallas"), [""])
    assert [(row.number, row.name) for row in rows] == [(1, "austin"), (4, "dallas")]


def test_columns_stand_in_any_order_and_headings_as_people_type_them() -> None:
    heading = ("voice_app.name", " Site.Name", "NAME", "messaging_app.name\n", "# contract", "")
    [row] = read(heading, ["V", "S", "austin", "M", "until 2030", ""])
    assert row.name == "austin"
    assert [row.answers.text(f"{step}.name") for step in ("site", "messaging_app", "voice_app")] == [
        "S",
        "M",
        "V",
    ]


def test_a_row_may_end_before_its_empty_cells_as_some_spreadsheets_write_it() -> None:
    [row, whole] = read(
        (*NAMES, "number.area_code", "site.description"), named("austin"), [*named("boise"), "", ""]
    )
    assert row.answers.text("number.area_code") == "919"
    [doubt] = row.doubts
    assert (doubt.row, doubt.name) == (1, "austin")
    assert "the cells that are missing count as empty" in doubt.text
    assert whole.doubts == ()


@pytest.mark.parametrize(
    ("column", "cell", "value"),
    [
        ("setup.voice", "TRUE", "true"),
        ("setup.voice", "No", "false"),
        ("mms.enabled", "y", "true"),
        ("site.state", "nc", "NC"),
        ("messaging_app.callback_url", "example.com/in", "https://example.com/in"),
        ("number.numbers", "+1 (919) 555-1234, 919-555-1235", "9195551234,9195551235"),
        ("number.numbers", "9195551234\n9195551235;9195551236", "9195551234,9195551235,9195551236"),
    ],
)
def test_a_cell_is_taken_as_it_is_meant(column: str, cell: str, value: str) -> None:
    without_search = BASE._replace(
        given={key: answer for key, answer in BASE.given.items() if not key.startswith("number.area")}
    )
    base = without_search if column == "number.numbers" else BASE
    assert answered(column, cells=[cell], base=base)[column] == value


def test_a_zip_code_with_its_extension_answers_both() -> None:
    told = answered("site.zip", cells=["27606-5177"])
    assert (told["site.zip"], told["site.plus_four"]) == ("27606", "5177")


def test_the_shared_extension_does_not_get_behind_a_rows_own_zip_code() -> None:
    base = BASE._replace(given={**BASE.given, "site.plus_four": Answer("5177", Source.FILE)})
    assert "site.plus_four" not in answered("site.zip", cells=["10001"], base=base)
    assert answered("site.zip", cells=[""], base=base)["site.plus_four"] == "5177"


def test_a_password_goes_to_the_rows_that_have_its_user() -> None:
    password = Secret("canary-password")
    base = Answers(BASE.given, {"messaging_app.callback_password": password})
    first, second = read(
        (*NAMES, "messaging_app.callback_user"),
        [*named("austin"), "callback-user"],
        [*named("dallas"), ""],
        base=base,
    )
    assert first.answers.secrets == {"messaging_app.callback_password": password}
    assert second.answers.secrets == {}


# --- What is wrong with a heading ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("heading", "advice"),
    [
        ("nam", "did you mean name?"),
        ("site.citty", "did you mean site.city?"),
        ("sub-account.name", "did you mean site.name?"),
        ("number.Area code", "did you mean number.area_code?"),
        ("area code", "did you mean number.area_code?"),
        ("quantity", "did you mean number.quantity?"),
        ("City", "did you mean site.city or number.city?"),
        ("contract", "# before a heading keeps a column for people only"),
        ("messaging_app.callback_password", "set BWTUI_MESSAGING_CALLBACK_PASSWORD"),
        ("voice_app.callback_pasword", "set BWTUI_VOICE_CALLBACK_PASSWORD"),
        ("client_secret", "set BW_CLIENT_SECRET"),
        ("account.password", "set BW_PASSWORD"),
        ("account.account_id", "All rows are on one account"),
    ],
)
def test_a_wrong_heading_is_told_with_what_to_do_and_without_what_stands_below(
    heading: str, advice: str
) -> None:
    found = complaints((*NAMES, heading), [*named("austin"), "canary-secret"])
    [about] = [each for each in found if each.column == heading]
    assert (about.row, about.name) == (None, "")
    assert advice in about.text
    assert "canary-secret" not in str(found)


def test_a_heading_that_stands_twice_is_refused() -> None:
    [found] = complaints((*NAMES, "site.city", "Site.City"), [*named("austin"), "Austin", "Dallas"])
    assert (found.row, found.column) == (None, "Site.City")
    assert "twice" in found.text


def test_a_list_without_names_is_refused_once() -> None:
    [found] = complaints(NAMES[1:], named("austin")[1:], named("dallas")[1:])
    assert (found.row, found.column) == (None, "name")


def test_what_may_stand_below_a_misspelt_heading_is_not_said_to_be_missing() -> None:
    [found] = complaints(("name", "site.nam", *NAMES[2:]), named("austin"), base=_without("site.name"))
    assert found.column == "site.nam"


@pytest.mark.parametrize("below", [[], [[]], [[""], ["", " "]]])
def test_a_list_without_rows_is_refused(below: list[list[str]]) -> None:
    [found] = complaints(NAMES, *below)
    assert found == ListComplaint(None, "", "", "There is no row below the heading.")


def test_a_column_for_what_all_rows_share_is_refused() -> None:
    _, [found] = rows_of(NAMES, [named("austin")], BASE, frozenset({"voice_app"}))
    assert found.column == "voice_app.name"
    assert "shared by all rows" in found.text


# --- What is wrong with a row ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("column", "cell", "text"),
    [
        ("site.state", "North Texas", "Exactly 2 letters"),
        ("site.zip", "2139", "including a leading zero: 02139?"),
        ("setup.voice", "maybe", "yes or no"),
        ("site.address_type", "Home", "One of: Billing, Service"),
        ("number.quantity", "0", "A whole number from 1"),
        ("number.area_code", "9.19E+02", "A spreadsheet has shortened a number to “9.19E+02”"),
        ("number.numbers", "9195551234,9,19E+09", "its digits are lost"),
        ("number.numbers", "1.91956E+10", "its digits are lost"),
        ("site.city", "#N/A", "a spreadsheet's word for an error"),
        ("site.city", "#######", "a narrow column"),
        ("site.description", "two\nlines", "One line of plain text"),
    ],
)
def test_a_wrong_cell_is_told_with_its_row_its_name_and_its_column(column: str, cell: str, text: str) -> None:
    [told] = wrong_with(column, cell)
    assert text in told


@pytest.mark.parametrize(
    "name", ["", "San Antonio", "../austin", "a/b", "-x", "x" * 65, "é", "austin.redirected", "a\nb"]
)
def test_a_name_that_cannot_be_a_files_is_refused(name: str) -> None:
    [found] = complaints(NAMES, [name, *named("austin")[1:]])
    assert (found.row, found.column) == (1, "name")


@pytest.mark.parametrize("name", ["", "San Antonio", "a/b", "é"])
def test_a_wrong_name_is_not_told_again_for_what_would_be_called_by_it(name: str) -> None:
    base = _without("voice_package.name")
    assert [found.column for found in complaints(NAMES, [name, *named("austin")[1:]], base=base)] == ["name"]
    unnamed = complaints(NAMES[1:], named("austin")[1:], base=base)
    assert [found.column for found in unnamed] == ["name"]


@pytest.mark.parametrize("ending", [".listener", ".redirected"])
def test_a_name_of_another_file_is_refused_for_that_reason(ending: str) -> None:
    [found] = complaints(NAMES, [f"austin{ending}", *named("austin")[1:]])
    assert found.text.endswith(f"names that end in {ending} are those of other files beside a setup's own.")


def test_what_is_missing_is_told_in_words_for_a_list() -> None:
    [found] = complaints(("name", *NAMES[2:]), named("austin")[1:], base=_without("site.name"))
    assert (found.row, found.name, found.column) == (1, "austin", "site.name")
    assert found.text.endswith("Fill in the cell, or answer it for all rows in the answers file.")


def test_a_wrong_answer_for_all_rows_says_that_it_is_for_all_rows() -> None:
    base = BASE._replace(given={**BASE.given, "site.state": Answer("XX", Source.FILE)})
    found = complaints(NAMES, named("austin"), named("dallas"), base=base)
    assert {(each.row, each.column) for each in found} == {(1, "site.state"), (2, "site.state")}
    assert all(each.text.endswith("That is answered for all rows.") for each in found)


def test_a_missing_account_is_told_once() -> None:
    found = complaints(NAMES, named("austin"), named("dallas"), base=_without("account.account_id"))
    assert [each.row for each in found] == [None]
    assert "account.account_id" in found[0].text


def test_a_cell_behind_the_last_heading_or_without_one_is_refused() -> None:
    [behind] = complaints(NAMES, [*named("austin"), "", "Texas"])
    assert (behind.row, behind.name, behind.column) == (1, "austin", "")
    assert "put quotes around a text with a comma" in behind.text
    [without] = complaints((*NAMES, ""), [*named("austin"), "Texas"])
    assert "a column without a heading" in without.text


def test_what_is_only_doubtful_is_told_and_blocks_nothing() -> None:
    columns = (*NAMES, "messaging_app.callback_url", "site.house_number")
    [row] = read(columns, [*named("austin"), "https://localhost/in", "12-Mar"])
    assert {(doubt.row, doubt.name, doubt.column) for doubt in row.doubts} == {
        (1, "austin", "messaging_app.callback_url"), (1, "austin", "site.house_number"),
    }  # fmt: skip
    assert "a date that a spreadsheet made" in str(row.doubts)


def test_an_endless_cell_does_not_fill_the_screen() -> None:
    found = complaints((*NAMES, "number.numbers"), [*named("austin"), "9" * 100_000])
    assert found
    assert all(len(each.text) < 500 for each in found)


# --- What two rows may not share -------------------------------------------------------------------------------


@pytest.mark.parametrize("again", ["austin", "Austin", " austin "])
def test_a_repeated_name_is_refused_also_in_other_letters(again: str) -> None:
    found = complaints(NAMES, named("austin"), [], [again, *named("dallas")[1:]])
    assert [(each.row, each.column) for each in found] == [(3, "name")]
    assert "Row 1 has this name too" in found[0].text


def test_a_number_that_two_rows_order_is_refused() -> None:
    columns = (*NAMES, "number.numbers")
    base = _without("number.area_code")
    found = complaints(
        columns, [*named("austin"), "9195551234,9195551235"], [*named("dallas"), "+1 919 555 1235"], base=base
    )
    assert [(each.row, each.column) for each in found] == [(2, "number.numbers")]
    assert "+1 (919) 555-1235 is ordered by row 1 too" in found[0].text


def test_a_number_for_all_rows_is_refused() -> None:
    base = _without("number.area_code")
    base = base._replace(given={**base.given, "number.numbers": Answer("9195551234", Source.FILE)})
    assert [each.row for each in complaints(NAMES, named("austin"), named("dallas"), base=base)] == [2]


@pytest.mark.parametrize("column", ["site.name", "messaging_app.name", "voice_app.name"])
def test_two_rows_that_make_an_object_of_the_same_name_are_refused(column: str) -> None:
    second = named("dallas")
    second[NAMES.index(column)] = "austin"
    [found] = complaints(NAMES, named("austin"), second)
    assert (found.row, found.name, found.column) == (2, "dallas", column)
    assert ("--share applications" in found.text) == (column != "site.name")
    assert "out of the answers file" not in found.text, "it would have no name then"


def test_applications_that_are_shared_or_used_may_have_one_name() -> None:
    heading, rows = NAMES[:2], (named("austin")[:2], named("dallas")[:2])
    assert len(complaints(heading, *rows)) == 2
    assert rows_of(heading, rows, BASE, frozenset({"messaging_app", "voice_app"}))[1] == ()
    used = {
        f"{app}_app.use": Answer("590cde45-c05d-44e3-a77a-59fd10f17c26", Source.FILE)
        for app in ("messaging", "voice")
    }
    assert complaints(heading, *rows, base=BASE._replace(given={**BASE.given, **used})) == []


def test_voice_packages_are_called_by_their_rows_unless_a_name_is_answered() -> None:
    first, second = read(NAMES, named("north_west"), named("dallas"), base=_without("voice_package.name"))
    assert [row.answers.text("voice_package.name") for row in (first, second)] == ["north-west", "dallas"]
    [row] = read((*NAMES, "voice_package.name"), [*named("austin"), "Calls"])
    assert row.answers.text("voice_package.name") == "Calls"


@pytest.mark.parametrize(("platform", "refused"), [("legacy", False), ("universal", True), ("auto", True)])
def test_voice_packages_of_one_name_are_refused_where_there_may_be_some(
    platform: str, *, refused: bool
) -> None:
    given = {"account.platform": platform, "voice_package.name": "Calls"}
    base = BASE._replace(
        given={**BASE.given, **{key: Answer(value, Source.FILE) for key, value in given.items()}}
    )
    found = complaints(NAMES, named("austin"), named("dallas"), base=base)
    assert [(each.row, each.column) for each in found] == ([(2, "voice_package.name")] if refused else [])
    if platform == "auto":
        assert "on the Universal Platform" in found[0].text
    if refused:
        assert "take voice_package.name out of the answers file" in found[0].text


def test_locations_of_one_name_are_refused_only_within_one_sub_account() -> None:
    columns = (*NAMES, "site.use", "sippeer.name")
    apart = [[*named("austin"), "", "Main"], [*named("dallas"), "", "Main"]]
    assert complaints(columns, *apart) == []
    together = [[*named("austin"), "12345", "Main"], [*named("dallas"), "12345", "Main"]]
    assert [(each.row, each.column) for each in complaints(columns, *together)] == [(2, "sippeer.name")]


# --- Names alone -----------------------------------------------------------------------------------------------


def test_names_are_read_from_a_list_whose_answers_are_wrong() -> None:
    rows, wrong = names_of(("site.state", "Name", "site.citty"), [["XX", "austin"], [], ["", "dallas", "x"]])
    assert wrong == ()
    assert [tuple(row) for row in rows] == [(1, "austin"), (3, "dallas")]


def test_names_that_cannot_be_told_apart_are_refused_there_too() -> None:
    _, wrong = names_of(("name",), [["austin"], ["a b"], ["Austin"]])
    assert [(each.row, each.column) for each in wrong] == [(2, "name"), (3, "name")]
    assert names_of(("site.name",), [["x"]])[1][0].column == "name"
    assert names_of(("name",), [])[1]


# --- --rows ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "meant"), [("3", (3, 3)), ("1-500", (1, 500)), (" 501- ", (501, None)), ("7-7", (7, 7))]
)
def test_a_range_of_rows_is_read(text: str, meant: tuple[int, int | None]) -> None:
    assert row_range(text) == RowRange(*meant)


@pytest.mark.parametrize("text", ["", "0", "0-5", "5-1", "-5", "1-2-3", "a", "1,3", "1.5", "²", "9" * 20])
def test_what_is_no_range_of_rows_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a range of rows, such as 3, 1-500 or 501-"):
        row_range(text)


def test_a_range_holds_both_its_ends() -> None:
    assert [number for number in range(1, 8) if RowRange(2, 5).holds(number)] == [2, 3, 4, 5]
    assert RowRange(2, None).holds(10**6)


def test_ranges_side_by_side_hold_each_row_once() -> None:
    shards = [row_range(text) for text in ("1-3", "4-6", "7-")]
    assert all(sum(shard.holds(number) for shard in shards) == 1 for number in range(1, 20))


# --- In lines for people ---------------------------------------------------------------------------------------


def test_500_rows_that_are_wrong_in_ten_ways_are_told_on_a_screen() -> None:
    columns = ("name", "site.name", "site.state", "site.zip", "number.area_code", "number.quantity", "setup.voice",
               "messaging_app.callback_url", "site.address_type", "sms.zone2")  # fmt: skip
    bad = ["a b", "Far too long a name", "XX", "1", "9.1E+02", "0", "maybe", "http:/", "Home", "perhaps"]
    found = complaints(columns, *([bad] * 500))
    assert len(found) > 10 * 500
    told = list(complaints_told("list.csv", found))
    assert len(told) < 20
    assert all(any(f" and 497 more, {column}:" in line for line in told) for column in columns)
    assert all(
        line.startswith("list.csv: rows 1 (a b), 2 (a b), 3 (a b) ") for line in told if "497 more" in line
    )


def test_complaints_of_which_none_is_like_another_are_counted_in_the_end() -> None:
    rows = [
        [*named(f"row{number}")[:1], f"A name too long {number}", f"m{number}", f"v{number}"]
        for number in range(1, 101)
    ]
    told = list(
        complaints_told(
            "list.csv", complaints((*NAMES[:1], "site.description", *NAMES[2:]), *rows, base=BASE)
        )
    )
    assert told[0].startswith("list.csv: rows 2 (row2), 3 (row3), 4 (row4) and 96 more, site.name: ")
    many = [
        ListComplaint(number, f"row{number}", "site.name", f"{number} is wrong") for number in range(1, 101)
    ]
    told = list(complaints_told("list.csv", many))
    assert told[0] == "list.csv: row 1 (row1), site.name: 1 is wrong"
    assert told[-1] == "list.csv: 60 complaints more, of site.name (60)."


def _without(key: str) -> Answers:
    return BASE._replace(given={each: answer for each, answer in BASE.given.items() if each != key})
