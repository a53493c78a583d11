"""`--each`: how far each row of a list is, and what comes next, from the state files alone."""

import json
import sys
from pathlib import Path

import pytest

from support.cli_runner import NO_NETWORK, CliRunner, Completed
from support.listed_setups import APPLIED, BEGUN, DONE, ON_ORDER, REFUSED, REMOVED, leave

NO_SOCKETS = (sys.executable, "-c", NO_NETWORK)
LIST = "name,site.name\naustin,A\nboise,B\n\ndallas,D\nel-paso,E\nwaco,W\nfresno,F\ntampa,T\n"
EVENTS = {
    "austin": DONE,
    "boise": REFUSED,
    "dallas": ON_ORDER,
    "waco": APPLIED,
    "fresno": REMOVED,
    "tampa": BEGUN,
}
"""All rows but one, which was not begun."""


@pytest.fixture
def listed(runner: CliRunner) -> CliRunner:
    """A runner with a list whose rows are as far as rows can be."""
    runner.write(LIST, "customers.csv")
    for name, events in EVENTS.items():
        leave(runner.states / "customers", name, events)
    return runner


@pytest.fixture
def proven(runner: CliRunner) -> CliRunner:
    """A runner with a list of which everything is done."""
    runner.write("name\naustin\ndallas\n", "customers.csv")
    for name in ("austin", "dallas"):
        leave(runner.states / "customers", name, DONE)
    return runner


def run(runner: CliRunner, *arguments: str, typed: str = "") -> Completed:
    return runner.run(*arguments, typed=typed, launcher=NO_SOCKETS).told()


# --- status ----------------------------------------------------------------------------------------------------


def test_status_has_a_line_for_each_row_with_its_number_its_name_and_how_far_it_is(listed: CliRunner) -> None:
    ended = run(listed, "status", "--each", "customers.csv")
    assert ended.exit == 1
    assert ended.out.splitlines() == [
        "✓ 1  austin   done      +1 (919) 555-1234",
        "✗ 2  boise    failed    Sub-account: The name is taken.",
        "… 4  dallas   waiting   order order-1 (BACKORDERED) for +1 (919) 555-1234 is under way",
        "○ 5  el-paso  to do     not begun",
        "! 6  waco     applied   +1 (919) 555-1234; not read back since it was applied",
        "✓ 7  fresno   removed",
        "○ 8  tampa    to do     2 of 9 steps done, next SMS",
    ]
    assert ended.err.splitlines() == [
        "1 of 7 rows done, 1 applied, 1 waiting, 1 failed, 2 to do, 1 removed.",
        "To continue: bwtui apply FILE --each customers.csv",
        f"To look at one row: bwtui status --name boise --state-dir {listed.states / 'customers'}",
    ]


def test_the_command_for_one_row_shows_that_row(listed: CliRunner) -> None:
    ended = run(listed, "status", "--name", "boise", "--state-dir", str(listed.states / "customers"))
    assert ended.exit == 4
    assert "✗ Sub-account           failed" in ended.out


def test_json_is_a_line_for_each_row_and_a_result(listed: CliRunner) -> None:
    ended = run(listed, "status", "--each", "customers.csv", "--json")
    *rows, result = ended.events
    assert {event["event"] for event in rows} == {"row"}
    assert [(event["row"], event["name"], event["status"], event["exit"]) for event in rows] == [
        (1, "austin", "done", 0), (2, "boise", "failed", 4), (4, "dallas", "waiting", 1), (5, "el-paso", "to do", 1),
        (6, "waco", "applied", 1), (7, "fresno", "removed", 3), (8, "tampa", "to do", 1),
    ]  # fmt: skip
    assert rows[0]["outputs"]["numbers"] == ["+19195551234"]
    assert (result["event"], result["status"], result["exit"]) == ("result", "failed", 1)
    assert result["rows"] == {"done": 1, "failed": 1, "waiting": 1, "to do": 2, "applied": 1, "removed": 1}


def test_a_list_is_done_only_if_every_row_is(proven: CliRunner) -> None:
    ended = run(proven, "status", "--each", "customers.csv")
    assert (ended.exit, ended.err) == (0, "2 of 2 rows done.\n")
    leave(proven.states / "customers", "dallas", APPLIED)
    ended = run(proven, "status", "--each", "customers.csv")
    assert ended.exit == 1
    assert "To verify them: bwtui verify --each customers.csv" in ended.err


def test_rows_that_are_open_for_one_reason_end_with_its_code(proven: CliRunner) -> None:
    for name in ("austin", "dallas"):
        leave(proven.states / "customers", name, REFUSED)
    assert run(proven, "status", "--each", "customers.csv").exit == 4
    leave(proven.states / "customers", "austin", DONE)
    assert run(proven, "status", "--each", "customers.csv").exit == 4
    leave(proven.states / "customers", "austin", REMOVED)
    assert run(proven, "status", "--each", "customers.csv").exit == 1


def test_rows_choose_by_the_number_that_is_shown(listed: CliRunner) -> None:
    def numbers(rows: str) -> list[int]:
        ended = run(listed, "status", "--each", "customers.csv", "--rows", rows, "--json")
        return [event["row"] for event in ended.events if event["event"] == "row"]

    assert numbers("1") == [1]
    assert numbers("2-5") == [2, 4, 5]
    assert numbers("7-") == [7, 8]
    assert numbers("7-500") == [7, 8]


def test_rows_that_are_not_there_are_no_success(proven: CliRunner) -> None:
    for rows in ("3-", "9"):
        ended = run(proven, "status", "--each", "customers.csv", "--rows", rows)
        assert (ended.exit, ended.out) == (6, "")
        assert ended.err == "--rows names no row of customers.csv, whose last one is 2.\n"


def test_setups_that_are_in_the_list_no_longer_are_named(proven: CliRunner) -> None:
    leave(proven.states / "customers", "houston", DONE)
    ended = run(proven, "status", "--each", "customers.csv")
    assert "Begun, but not in the list any more: houston." in ended.err
    assert ended.exit == 0


def test_a_list_that_was_renamed_is_told_how_to_find_its_setups_again(proven: CliRunner) -> None:
    (proven.home / "customers.csv").rename(proven.home / "customers 2.csv")
    leave(proven.states / "others", "houston", DONE)
    ended = run(proven, "status", "--each", "customers 2.csv")
    assert ended.exit == 1
    told = "Nothing of this list was begun, but “customers” has rows of the same names. If it is that list, renamed: --name customers\n"
    assert told in ended.err
    assert "others" not in ended.err
    found = run(proven, "status", "--each", "customers 2.csv", "--name", "customers")
    assert (found.exit, found.err) == (0, "2 of 2 rows done.\n")


def test_the_answers_of_a_list_may_be_wrong_its_names_may_not(listed: CliRunner) -> None:
    listed.write("name,site.state\naustin,XX\na b,\naustin,\n", "customers.csv")
    ended = run(listed, "status", "--each", "customers.csv", "--json")
    assert ended.exit == 6
    assert [(event["row"], event["name"], event["column"]) for event in ended.events[:-1]] == [
        (2, "a b", "name"), (3, "austin", "name"),
    ]  # fmt: skip
    assert {event["event"] for event in ended.events[:-1]} == {"complaint"}
    assert ended.result["exit"] == 6
    assert "customers.csv: row 3 (austin), name: Row 1 has this name too" in ended.err


def test_a_damaged_state_fails_its_row_alone_and_stays_where_it_is(proven: CliRunner) -> None:
    damaged = proven.states / "customers" / "dallas.json"
    damaged.write_text("{", "utf-8")
    ended = run(proven, "status", "--each", "customers.csv")
    assert ended.exit == 1
    assert ended.out.splitlines()[0] == "✓ 1  austin  done      +1 (919) 555-1234"
    assert "is damaged" in ended.out.splitlines()[1]
    assert damaged.read_text("utf-8") == "{", "setting it aside would let the next run begin anew"


def test_rows_of_another_account_are_not_spoken_of_as_this_ones(proven: CliRunner) -> None:
    ended = run(proven, "status", "--each", "customers.csv", "--account-id", "1234567")
    assert ended.exit == 6
    assert ended.out.count("belongs to account 9900000") == 2
    assert " done " not in ended.out


def test_a_list_in_another_folder_of_states_or_of_another_name_is_another_list(proven: CliRunner) -> None:
    for more in (("--state-dir", str(proven.home / "elsewhere")), ("--name", "spring")):
        ended = run(proven, "status", "--each", "customers.csv", *more)
        assert ended.exit == 1
        assert ended.err.startswith("0 of 2 rows done, 2 to do.")
        assert f"To continue: bwtui apply FILE --each customers.csv {more[0]} " in ended.err
    assert not (proven.home / "elsewhere").exists(), "looking makes nothing"


def test_standard_input_needs_a_name_by_which_its_rows_are_found_again(proven: CliRunner) -> None:
    content = (proven.home / "customers.csv").read_text("utf-8")
    nameless = run(proven, "status", "--each", "-", typed=content)
    assert nameless.exit == 6
    assert "give it one with --name" in nameless.err
    assert run(proven, "status", "--each", "-", "--name", "customers", typed=content).exit == 0


@pytest.mark.parametrize("more", [("status", "--rows", "1"), ("export", "--format", "env", "--out", "x")])
def test_what_is_for_lists_needs_one(runner: CliRunner, more: tuple[str, ...]) -> None:
    ended = run(runner, *more)
    assert ended.exit == 6
    assert f"{more[-2]} needs --each LIST.csv." in ended.err


def test_a_range_that_is_none_is_refused_in_words(proven: CliRunner) -> None:
    ended = run(proven, "status", "--each", "customers.csv", "--rows", "5-1")
    assert ended.exit == 6
    assert "“5-1” is not a range of rows, such as 3, 1-500 or 501-" in ended.err


# --- export ----------------------------------------------------------------------------------------------------


def test_export_as_json_is_one_object_a_row_with_the_same_members_for_all(listed: CliRunner) -> None:
    ended = run(listed, "export", "--format", "json", "--each", "customers.csv")
    assert ended.exit == 1
    objects = [json.loads(line) for line in ended.out.splitlines()]
    assert [(each["row"], each["name"]) for each in objects] == [
        (1, "austin"), (2, "boise"), (4, "dallas"), (5, "el-paso"), (6, "waco"), (7, "fresno"), (8, "tampa"),
    ]  # fmt: skip
    assert len({tuple(each) for each in objects}) == 1
    assert objects[0]["status"] == "done"
    assert objects[0]["outputs"]["numbers"] == ["+19195551234"]
    assert objects[3]["status"] == "incomplete"
    assert objects[3]["open"] == [{"step": "", "kind": "to do", "text": "not begun"}]
    single = listed.run(
        "export", "--format", "json", "--name", "austin", "--state-dir", str(listed.states / "customers")
    )
    assert {"row": 1, "name": "austin", **json.loads(single.out)} == objects[0]


def test_what_is_not_done_is_said_beside_the_export(listed: CliRunner) -> None:
    ended = run(listed, "export", "--format", "json", "--each", "customers.csv")
    assert "✗ 2  boise    failed    Sub-account: The name is taken." in ended.err
    assert "austin" not in ended.err
    assert "1 of 7 rows done" in ended.err


@pytest.mark.parametrize(
    ("form", "ending"), [("env", "env"), ("curl", "sh"), ("markdown", "md"), ("json", "json")]
)
def test_export_to_a_folder_writes_what_export_of_the_row_alone_prints(
    listed: CliRunner, form: str, ending: str
) -> None:
    ended = run(listed, "export", "--format", form, "--each", "customers.csv", "--out", "made/here")
    assert ended.exit == 1
    begun = sorted(EVENTS)
    assert sorted(path.name for path in (listed.home / "made" / "here").iterdir()) == [
        f"{name}.{ending}" for name in begun
    ]
    assert sorted(ended.out.splitlines()) == [f"made/here/{name}.{ending}" for name in begun]
    alone = ("--name", "dallas", "--state-dir", str(listed.states / "customers"))
    single = run(listed, "export", "--format", form, *alone)
    assert (listed.home / "made" / "here" / f"dallas.{ending}").read_text("utf-8") == single.out


@pytest.mark.parametrize("form", ["env", "curl", "markdown"])
def test_a_format_that_is_a_file_needs_a_folder(proven: CliRunner, form: str) -> None:
    ended = run(proven, "export", "--format", form, "--each", "customers.csv")
    assert (ended.exit, ended.out) == (6, "")
    assert ended.err == f"--format {form} is a file for each row: give a folder for them with --out FOLDER.\n"


def test_export_to_a_folder_never_overwrites_a_file_and_may_be_repeated(proven: CliRunner) -> None:
    command = ("export", "--format", "env", "--each", "customers.csv", "--out", "made")
    assert run(proven, *command).exit == 0
    assert run(proven, *command).exit == 0
    mine = proven.home / "made" / "austin.env"
    mine.write_text("BW_NUMBER=mine\n", "utf-8")
    ended = run(proven, *command)
    assert ended.exit == 1
    assert "made/austin.env is there already and was left as it is" in ended.err
    assert ended.out == "made/dallas.env\n"
    assert mine.read_text("utf-8") == "BW_NUMBER=mine\n"


def test_a_folder_that_cannot_be_made_is_told(proven: CliRunner) -> None:
    proven.write("", "made")
    ended = run(proven, "export", "--format", "env", "--each", "customers.csv", "--out", "made")
    assert ended.exit == 1
    assert ended.err.startswith("made cannot be made: ")


def test_looking_at_a_list_changes_no_state(listed: CliRunner) -> None:
    def files() -> dict[Path, tuple[bytes, int]]:
        return {
            path: (path.read_bytes(), path.stat().st_mtime_ns)
            for path in listed.states.rglob("*")
            if path.is_file()
        }

    before = files()
    run(listed, "status", "--each", "customers.csv")
    run(listed, "export", "--format", "env", "--each", "customers.csv", "--out", "made")
    assert files() == before


def test_a_long_list_is_told_before_it_is_checked(runner: CliRunner) -> None:
    rows = [f"row-{number}" for number in range(1, 601)]
    runner.write("\n".join(("name", *rows, rows[0])) + "\n", "long.csv")
    ended = run(runner, "status", "--each", "long.csv")
    assert ended.exit == 6
    assert ended.err.splitlines()[0] == "Checking 601 rows …"
    assert run(runner, "status", "--each", "long.csv", "--json").events[0]["event"] == "checking"
