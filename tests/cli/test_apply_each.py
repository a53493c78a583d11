"""`bwtui apply --each`: a list of setups, each row once, whatever happens."""

import csv
import errno
import json
import os
import signal
import stat
import subprocess
import sys
from pathlib import Path

import pyte
import pytest

from bwtui.cli.lists.progress import RowProgress
from bwtui.cli.lists.results import check_results, write_results
from bwtui.cli.session import UsageError
from bwtui.domain.answers.answers import wanted_steps
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.lists.brief_progress import ProgressStage
from bwtui.domain.lists.setup_list import NamedRow
from bwtui.domain.runs.run import Status
from bwtui.domain.runs.setup import SaveError
from bwtui.exits import Exit
from bwtui.simulator.order_fulfilment import close
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from bwtui.simulator.switches import Switches
from bwtui.store.state import StateFile
from support.cli_runner import SECONDS, CliRunner, fault, held, log, writes
from support.guide import guide_answers
from support.listed import HEADING, HURRIED, SHARED, name_of, one_of_each_per_row, rows_of, write_list
from support.pty_process import Terminal, terminal
from support.waiting import wait_until

EACH = ("apply", "setup.toml", "--each", "stores.csv")


def test_each_row_gets_one_of_each_and_once_more_writes_nothing(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 6)
    first = connected.run(*EACH, "--yes", "--json").told()
    assert first.exit == 0, first.err
    one_of_each_per_row(simulator.origin, 6)
    assert first.result["rows"] == {"done": 6}
    assert first.result["orders"] == 6
    ended = rows_of(first.events)
    assert {number: row["name"] for number, row in ended.items()} == {n: name_of(n) for n in range(1, 7)}
    assert len({row["outputs"]["site_id"] for row in ended.values()}) == 6
    sent = len(log(simulator.origin))
    again = connected.run(*EACH, "--json").told()
    assert (again.exit, again.result["rows"], len(log(simulator.origin))) == (0, {"done": 6}, sent)


def test_every_event_of_a_row_says_which_row_it_is(connected: CliRunner) -> None:
    write_list(connected, 2)
    done = connected.run(*EACH, "--yes", "--json").told()
    steps = [event for event in done.events if "step" in event]
    assert steps
    assert {(event["row"], event["name"]) for event in steps} == {(1, "store-1"), (2, "store-2")}
    assert [event["event"] for event in done.events].count("result") == 1
    assert done.result["event"] == "result"


def test_a_list_that_is_wrong_is_refused_before_anything_is_sent(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    connected.write(f"{SHARED}\na,One,One\nb,Two\na,Three,Three\n", "stores.csv")
    refused = connected.run(*EACH, "--yes").told()
    assert refused.exit == 6
    assert "row 3 (a), name" in refused.err
    assert log(simulator.origin) == []


def test_without_a_yes_and_without_a_terminal_nothing_is_written_where_money_is_spent(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 3)
    refused = connected.run(*EACH).told()
    assert (refused.exit, log(simulator.origin)) == (6, [])
    assert "3 phone numbers in 3 orders" in refused.err
    connected.run(*EACH, "--yes", "--rows", "2")
    refused = connected.run(*EACH).told()
    assert "2 phone numbers in 2 orders" in refused.err, "a row that is done orders nothing"


def test_orders_are_capped_and_rows_without_a_number_are_told(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 5)
    capped = connected.run(*EACH, "--yes", "--max-orders", "2", "--json").told()
    assert (capped.exit, capped.result["orders"]) == (1, 2)
    state = held(simulator.origin)
    assert (len(state["orders"]), len(state["sites"])) == (2, 5), "everything else is set up all the same"
    left = [row for row in rows_of(capped.events).values() if row["status"] != "done"]
    assert [row["exit"] for row in left] == [1, 1, 1]
    assert all("no number" in row["text"] for row in left)
    assert connected.run(*EACH, "--yes").exit == 0
    one_of_each_per_row(simulator.origin, 5)


def test_rows_at_the_same_time_find_enough_numbers_and_never_order_the_same(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    connected.example()
    rows = "".join(f"{name_of(row)},{name_of(row)},{name_of(row)},{name_of(row)},5\n" for row in range(1, 17))
    connected.write(f"{SHARED},number.quantity\n{rows}", "stores.csv")
    ended = connected.run(*EACH, "--share", "applications", "--yes", "--json", "--at-once", "16").told()
    assert ended.result["rows"] == {"done": 16}
    orders = held(simulator.origin)["orders"]
    assert [order["status"] for order in orders] == ["COMPLETE"] * 16


def test_what_ends_the_work_is_told_as_it_is_and_rows_under_way_are_still_to_do(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 6)
    fault(
        simulator,
        """[[fault]]
method = "POST"
path = "/accounts/*/sites/*/sippeers"
action = "answer"
status = 429
nth = 4
headers = { Retry-After = "3600" }
""",
    )
    ended = connected.run(*EACH, "--yes").told()
    assert ended.exit == 7
    assert "you had asked" not in ended.out + ended.err
    assert "Wait a minute" not in ended.err, "it is an hour"
    assert "Wait until 20" in ended.err
    (whole,) = (line for line in ended.err.splitlines() if "What the rows have made stays." in line)
    assert "Nothing was" not in whole
    told = [line for line in ended.out.splitlines() if line[:1] in "○✗"]
    assert sum(line.startswith("✗") for line in told) == 1, told
    stopped = [line for line in told if "stopped because of another row: Too many requests" in line]
    assert stopped
    assert all(" of 9 steps done, next" in line for line in stopped)
    status = connected.run("status", "--each", "stores.csv").told()
    assert sum(line.startswith("✗") for line in status.out.splitlines()) == 1
    assert "asked to stop" not in status.out


def test_a_failure_stops_its_row_alone(connected: CliRunner, simulator: RunningSimulator) -> None:
    write_list(connected, 12)
    taken = ('[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "answer"\nstatus = 400\ntimes = 10\n'
             'body = "<SiteResponse><ResponseStatus><ErrorCode>12529</ErrorCode><Description>wrong</Description>'
             '</ResponseStatus></SiteResponse>"')  # fmt: skip
    fault(simulator, taken)
    ended = connected.run(*EACH, "--yes", "--json").told()
    assert ended.result["rows"] == {"done": 2, "failed": 10}
    assert ended.exit == next(
        row["exit"] for row in rows_of(ended.events).values() if row["status"] == "failed"
    )
    fault(simulator, "")
    assert connected.run(*EACH, "--yes").told().exit == 0
    one_of_each_per_row(simulator.origin, 12)


def test_refused_credentials_end_the_work_at_once(connected: CliRunner, simulator: RunningSimulator) -> None:
    write_list(connected, 12)
    refused = connected.run(*EACH, "--yes", "--json", BW_CLIENT_SECRET="wrong").told()
    assert refused.exit == 2
    assert writes(simulator.origin) == []
    assert len(log(simulator.origin)) < 12
    assert [event["event"] for event in refused.events].count("problem") >= 1


def test_an_account_that_is_not_there_ends_the_work(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 12)
    refused = connected.run(*EACH, "--yes", "--account-id", "1234567").told()
    assert refused.exit == 3
    assert len(log(simulator.origin)) < 250


def test_a_row_that_waits_is_picked_up_by_a_later_run(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 3)
    fault(simulator, '[[fault]]\naction = "order"\noutcome = "BACKORDERED"\n')
    waits = connected.run(*EACH, "--yes", "--json").told()
    assert (waits.exit, waits.result["rows"]) == (5, {"done": 2, "waiting": 1})
    state = held(simulator.origin)
    assert len(state["orders"]) == 3
    again = connected.run(*EACH, "--json").told()
    assert (again.exit, again.result["rows"]) == (5, {"done": 2, "waiting": 1}), (
        "it need not be agreed to, since no order is sure to be placed"
    )
    assert "1 row has sent an order before, and orders again only if that one gets nothing." in again.err
    assert len(held(simulator.origin)["orders"]) == 3


def test_a_row_orders_nothing_that_a_row_outside_of_the_range_may_have_on_order(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 2)
    fault(
        simulator, '[[fault]]\nmethod = "POST"\npath = "/accounts/*/orders"\naction = "cut-before"\ntimes = 0'
    )
    with connected.start(*EACH, "--yes", "--rows", "1", launcher=HURRIED) as process:
        wait_until(lambda: any(each.endswith("/orders") for each in writes(simulator.origin)))
        process.kill()
        process.communicate()
    begun = StateFile(connected.states / "stores", name_of(1)).load()
    assert begun
    (number,) = begun.run.on_order
    found = f"<SearchResult><TelephoneNumberList><TelephoneNumber>{number}</TelephoneNumber></TelephoneNumberList></SearchResult>"
    fault(
        simulator,
        f'[[fault]]\nmethod = "GET"\npath = "/accounts/*/availableNumbers"\naction = "answer"\nstatus = 200\n'
        f'body = "{found}"\ntimes = 0',
    )
    connected.run(*EACH, "--yes", "--rows", "2", launcher=HURRIED).told()
    assert held(simulator.origin)["orders"] == []
    fault(simulator, "")
    assert connected.run(*EACH, "--yes", launcher=HURRIED).told().exit == 0
    one_of_each_per_row(simulator.origin, 2)


# --- An order that was sent, and gets nothing ---


def wait_for_an_order(connected: CliRunner, simulator: RunningSimulator, status: str = "BACKORDERED") -> None:
    """Let the only row of a list send an order that stays as it is."""
    write_list(connected, 1)
    fault(simulator, f'[[fault]]\naction = "order"\noutcome = "{status}"\n')
    with connected.start(*EACH, "--yes", launcher=HURRIED) as process:
        wait_until(lambda: any(order["status"] == status for order in held(simulator.origin)["orders"]))
        wait_until(lambda: any("/orders/" in entry["path"] for entry in log(simulator.origin)))
        process.kill()
        process.communicate()


def fail_the_order(simulator: RunningSimulator) -> None:
    """Let the only order of the account end with nothing."""
    (order,) = simulator.account.orders.values()
    close(simulator.account, order)


def test_an_order_that_has_got_nothing_is_replaced_by_the_run_that_was_agreed_to(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    wait_for_an_order(connected, simulator)
    fail_the_order(simulator)
    done = connected.run(*EACH, "--yes", "--json", launcher=HURRIED).told()
    assert (done.exit, done.result["orders"]) == (0, 1), done.err
    (told,) = (event for event in done.events if event["event"] == "list")
    assert (told["orders"], told["numbers"], told["replacing"]) == (1, 1, 1)
    one_of_each_per_row(simulator.origin, 1)


def test_an_order_that_ends_with_nothing_while_it_is_watched_is_replaced_in_the_same_run(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    wait_for_an_order(connected, simulator, "PROCESSING")
    before = len(log(simulator.origin))

    def reads() -> int:
        return sum("/orders/" in entry["path"] for entry in log(simulator.origin)[before:])

    with connected.start(*EACH, "--yes", "--json", launcher=HURRIED) as process:
        wait_until(lambda: reads() >= 3)
        fail_the_order(simulator)
        _, told = process.communicate(timeout=30)
    assert process.returncode == 0, told
    one_of_each_per_row(simulator.origin, 1)


def test_a_row_looks_again_where_others_were_faster_each_time(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 1)
    fault(simulator, '[[fault]]\naction = "order"\ntaken = 1\ntimes = 6')
    done = connected.run(*EACH, "--yes", launcher=HURRIED).told()
    assert done.exit == 0, done.err
    assert [order["status"] for order in held(simulator.origin)["orders"]] == ["FAILED"] * 6 + ["COMPLETE"]
    one_of_each_per_row(simulator.origin, 1)


def test_nobody_orders_again_without_an_agreement_and_it_is_said_how(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    wait_for_an_order(connected, simulator)
    fail_the_order(simulator)
    left = connected.run(*EACH, "--json", launcher=HURRIED).told()
    assert (left.exit, len(held(simulator.origin)["orders"])) == (1, 1)
    (row,) = rows_of(left.events).values()
    assert "nobody has agreed" in row["text"]
    assert "--yes" in row["text"]
    refused = connected.run(*EACH, launcher=HURRIED).told()
    assert (refused.exit, len(held(simulator.origin)["orders"])) == (6, 1), (
        "now an order is sure to be placed"
    )
    assert connected.run(*EACH, "--yes", launcher=HURRIED).told().exit == 0
    one_of_each_per_row(simulator.origin, 1)


def test_the_cap_is_for_rows_that_are_sure_to_order_first(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    wait_for_an_order(connected, simulator)
    write_list(connected, 2)
    capped = connected.run(*EACH, "--yes", "--max-orders", "1", "--json", launcher=HURRIED).told()
    assert capped.result["rows"] == {"done": 1, "waiting": 1}
    assert capped.result["orders"] == 1


def test_the_results_are_a_csv_file_without_formulas(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 2)
    fault(
        simulator,
        '[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "answer"\nstatus = 400\nbody = "=1+1"',
    )
    connected.run(*EACH, "--yes", "--results", "out.csv").told()
    with (connected.home / "out.csv").open(newline="") as file:
        failed, done = sorted(csv.DictReader(file), key=lambda row: row["status"] == "done")
    assert (failed["status"], failed["exit"], failed["site_id"]) == ("failed", "1", "")
    assert "=1+1" in failed["text"]
    assert (done["status"], done["exit"], done["text"]) == ("done", "0", "")
    assert done["site_id"]
    assert done["numbers"].startswith("+1919"), "a number is no formula"


def test_results_that_could_not_be_written_in_the_end_are_a_failure(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 1)
    folder = connected.home / "there"
    folder.mkdir()
    words = (*EACH, "--yes", "--json", "--results", "there/out.csv")
    with connected.start(*words, launcher=HURRIED) as process:
        assert process.stdout
        assert process.stdout.readline()
        folder.rmdir()
        out, err = process.communicate(timeout=60)
    result = json.loads(out.splitlines()[-1])
    assert (process.returncode, result["status"], result["rows"]) == (1, "failed", {"done": 1})
    assert "out.csv cannot be written" in err
    one_of_each_per_row(simulator.origin, 1)


@pytest.mark.parametrize("cell", ["=1+1", "+cmd", "-1", "@x", "+19195551234,=1", "\t=1"])
def test_what_a_spreadsheet_would_run_is_text(tmp_path: Path, cell: str) -> None:
    path = tmp_path / "out.csv"
    write_results(str(path), [RowProgress(NamedRow(1, "a"), ProgressStage.FAILED, cell, Exit.FAILED)])
    with path.open(newline="") as file:
        (row,) = csv.DictReader(file)
    assert row["text"] == f"'{cell}"


@pytest.mark.parametrize("results", ["setup.toml", "stores.csv", "no/such/folder.csv", "."])
def test_results_that_cannot_be_written_are_refused_at_once(
    connected: CliRunner, simulator: RunningSimulator, results: str
) -> None:
    write_list(connected, 1)
    assert connected.run(*EACH, "--yes", "--results", results).told().exit == 6
    assert log(simulator.origin) == []


def test_results_replace_those_of_before_and_nothing_else(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 1)
    theirs = connected.home / connected.write("keep me\n", "theirs.csv")
    (connected.home / "link.csv").symlink_to(theirs)
    (connected.home / "dangling.csv").symlink_to("nowhere.csv")
    os.mkfifo(connected.home / "pipe.csv")
    for results, why in [
        ("theirs.csv", "has no results of bwtui in it: name another file, or remove it"),
        ("link.csv", "no plain file"),
        ("dangling.csv", "no plain file"),
        ("pipe.csv", "no plain file"),
        ("-", "--json"),
    ]:
        refused = connected.run(*EACH, "--yes", "--results", results).told()
        assert (refused.exit, why in refused.err) == (6, True), refused.err
    assert theirs.read_text("utf-8") == "keep me\n"
    assert log(simulator.origin) == []
    connected.write("", "empty.csv")
    for _ in range(2):
        assert connected.run(*EACH, "--yes", "--results", "empty.csv").told().exit == 0
        with (connected.home / "empty.csv").open(newline="") as file:
            assert [row["status"] for row in csv.DictReader(file)] == ["done"]


def test_results_below_the_home_folder_are_written_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    check_results("~/out.csv", ())
    write_results("~/out.csv", ())
    with pytest.raises(UsageError, match="is read by the same command"):
        check_results("~/out.csv", (str(tmp_path / "out.csv"),))
    assert [path.name for path in tmp_path.iterdir()] == ["out.csv"]


def test_results_take_no_other_file_with_them(tmp_path: Path) -> None:
    (tmp_path / "theirs").write_text("keep me\n")
    beside = tmp_path / f"out.csv.{os.getpid()}.tmp"
    beside.symlink_to("theirs")
    write_results(str(tmp_path / "out.csv"), ())
    assert (tmp_path / "theirs").read_text() == "keep me\n"
    assert not (tmp_path / "out.csv").is_symlink()
    assert {path.name for path in tmp_path.iterdir()} == {"theirs", "out.csv", beside.name}


def test_results_are_no_more_open_than_those_of_before(tmp_path: Path) -> None:
    path = tmp_path / "out.csv"
    write_results(str(path), ())
    path.chmod(0o600)
    write_results(str(path), ())
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


@pytest.mark.parametrize("call", ["write", "fsync", "replace"])
def test_results_that_cannot_be_written_leave_those_of_before(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, call: str
) -> None:
    path = tmp_path / "out.csv"
    write_results(str(path), ())
    before = path.read_bytes()

    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as broken:
        broken.setattr(os, call, full)
        with pytest.raises(SaveError, match=r"out\.csv cannot be written: No space left on device"):
            write_results(
                str(path), [RowProgress(NamedRow(1, "a"), ProgressStage.FAILED, "", Exit.FAILED)] * 1000
            )
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == {path: before}


def test_a_device_stays_one_whoever_names_it_for_results() -> None:
    with pytest.raises(UsageError, match="no plain file"):
        check_results("/dev/null", ())


@pytest.mark.parametrize(
    "option", ["--at-once=2", "--max-orders=1", "--share=applications", "--rate=5", "--results=x", "--rows=1"]
)
def test_options_of_lists_need_a_list(connected: CliRunner, option: str) -> None:
    refused = connected.run("apply", "setup.toml", option).told()
    assert refused.exit == 6
    assert "needs --each" in refused.err


# --- Stopped and killed ---


@pytest.mark.parametrize(("which", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_lets_each_row_finish_its_request(
    connected: CliRunner, simulator: RunningSimulator, which: signal.Signals, code: int
) -> None:
    write_list(connected, 8)
    fault(
        simulator,
        '[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "slow"\nseconds = 1\ntimes = 0',
    )
    with connected.start(*EACH, "--yes", "--results", "out.csv", launcher=HURRIED) as process:
        wait_until(lambda: any(each.endswith("/sites") for each in writes(simulator.origin)))
        process.send_signal(which)
        _, err = process.communicate(timeout=30)
    assert process.returncode == code, err
    assert "run the same command again" in err
    assert (connected.home / "out.csv").exists()
    fault(simulator, "")
    assert connected.run(*EACH, "--yes", launcher=HURRIED).told().exit == 0
    one_of_each_per_row(simulator.origin, 8)


def kill_after(process: subprocess.Popen[str], simulator: RunningSimulator, wanted: int) -> None:
    """Kill a process once the account has seen so many writes."""
    wait_until(lambda: process.poll() is not None or len(writes(simulator.origin)) >= wanted)
    process.kill()
    process.communicate()


def test_killed_again_and_again_it_goes_on(connected: CliRunner, simulator: RunningSimulator) -> None:
    write_list(connected, 3)
    for wanted in (2, 7, 13, 19):
        with connected.start(*EACH, "--yes", launcher=HURRIED) as process:
            kill_after(process, simulator, wanted)
    done = connected.run(*EACH, "--yes", launcher=HURRIED).told()
    assert done.exit == 0, done.err
    one_of_each_per_row(simulator.origin, 3)


def open_steps(connected: CliRunner, name: str) -> set[str]:
    """The steps of a row that are not done yet, as its state has them while it is worked on; all of them before it has one."""
    begun = StateFile(connected.states / "stores", name).load(sets_aside=False)
    steps = begun.run.steps if begun else {}
    wanted = {step.key for step in wanted_steps(guide_answers())}
    return wanted - {key for key, step in steps.items() if step.status is Status.DONE}


def test_a_row_whose_order_was_cut_off_comes_last_and_a_terminal_says_what_it_waits_for(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 2)
    fault(simulator, '[[fault]]\nmethod = "POST"\npath = "/accounts/*/orders"\naction = "hang"')
    with connected.start(*EACH, "--yes", "--rows", "1", launcher=HURRIED) as process:
        wait_until(lambda: open_steps(connected, name_of(1)) == {PAID_STEP.key})
        process.kill()
        process.communicate()
    with terminal(connected, *EACH, "--at-once", "1") as shown:
        shown.expect("1 row has sent an order before").expect("[y/N]").type("y\r")
        shown.expect("1 of 2 rows done")
        shown.expect("Waiting up to ").expect("an order that was cut off may still be placed")
    done = connected.run(*EACH, "--yes", launcher=HURRIED).told()
    assert done.exit == 0, done.err
    one_of_each_per_row(simulator.origin, 2)


# --- Several processes ---


def together(runner: CliRunner, *shares: str, more: tuple[str, ...] = ()) -> list[subprocess.Popen[str]]:
    processes = [runner.start(*EACH, "--yes", "--rows", rows, *more, launcher=HURRIED) for rows in shares]
    for process in processes:
        process.communicate(timeout=60)
    return processes


def test_two_processes_with_half_of_the_rows_each_share_the_applications(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 6, heading=SHARED)
    more = ("--share", "applications")
    assert [process.returncode for process in together(connected, "1-3", "4-", more=more)] == [0, 0]
    one_of_each_per_row(simulator.origin, 6, applications=2)
    assert connected.run(*EACH, *more, launcher=HURRIED).told().exit == 0


def test_a_row_that_another_process_works_on_is_left_to_it(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 4)
    processes = together(connected, "1-3", "2-4")
    assert {process.returncode for process in processes} <= {0, 4, 1}
    assert connected.run(*EACH, "--yes", launcher=HURRIED).told().exit == 0
    one_of_each_per_row(simulator.origin, 4)


def test_shared_applications_are_made_once_also_if_it_is_killed(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 3, heading=SHARED)
    for wanted in (1, 2, 5):
        with connected.start(*EACH, "--yes", "--share", "applications", launcher=HURRIED) as process:
            kill_after(process, simulator, wanted)
    done = connected.run(*EACH, "--yes", "--share", "applications", launcher=HURRIED).told()
    assert done.exit == 0, done.err
    one_of_each_per_row(simulator.origin, 3, applications=2)


# --- The rate limit ---


@pytest.mark.timeout(300)
@pytest.mark.parametrize("lines", [1, 60])
@pytest.mark.parametrize("redirection", ["", "2>&1"], ids=["stdout", "both streams"])
def test_a_reader_that_leaves_lets_each_row_finish_its_request(
    connected: CliRunner, simulator: RunningSimulator, redirection: str, lines: int
) -> None:
    write_list(connected, 10)
    script = f'{{ "$0" -m bwtui {" ".join(EACH)} --yes --json {redirection}; echo $? > code; }} | head -{lines} > first'
    left = subprocess.run(
        ["sh", "-c", script, sys.executable], cwd=connected.home, env=connected.variables(),
        capture_output=True, text=True, check=True, timeout=SECONDS,
    )  # fmt: skip
    first = (connected.home / "first").read_text("utf-8")
    assert len(first.splitlines()) == lines
    assert "Traceback" not in first + left.stderr
    assert redirection or "Nothing is lost: run the same command again" in left.stderr
    assert (connected.home / "code").read_text("utf-8") == "1\n"
    assert connected.run(*EACH, "--yes").told().exit == 0, "nothing was broken off that has to be looked for"
    one_of_each_per_row(simulator.origin, 10)


def test_a_full_disk_behind_stdout_is_told_with_how_to_go_on(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 4)
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device, not a path of ours
        shown = subprocess.run(
            [sys.executable, "-m", "bwtui", *EACH, "--yes", "--json"], cwd=connected.home,
            env=connected.variables(), stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=SECONDS,
        )  # fmt: skip
    assert shown.returncode == 1
    assert "Stopped. Nothing is lost: run the same command again to continue." in shown.stderr
    assert shown.stderr.endswith("bwtui: No space left on device\n")
    assert connected.run(*EACH, "--yes").told().exit == 0
    one_of_each_per_row(simulator.origin, 4)


def test_a_limited_account_gets_one_of_each_all_the_same(runner: CliRunner) -> None:
    settings = Settings(order_seconds=0, switches=Switches(requests_a_second=12))
    with RunningSimulator(settings) as simulator:
        write_list(runner.connect(simulator), 4)
        done = runner.run(*EACH, "--yes", "--json", launcher=HURRIED).told()
        assert done.exit == 0, done.err
        one_of_each_per_row(simulator.origin, 4)
        refused = [entry for entry in log(simulator.origin) if entry["status"] == 429]
        assert refused
        assert len(refused) < 0.15 * len(log(simulator.origin))


# --- On a terminal ---


def screen_of(shown: Terminal) -> pyte.HistoryScreen:
    """What a terminal of 24 lines shows, with all that has scrolled off it."""
    screen = pyte.HistoryScreen(100, 24, history=2000)
    pyte.ByteStream(screen).feed(shown.written.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n"))
    return screen


def test_a_terminal_asks_once_shows_the_rows_under_way_and_does_not_scroll(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 60)
    with terminal(connected, *EACH, "--at-once", "4") as shown:
        shown.expect("Order up to 60 phone numbers in 60 orders? This costs money.")
        assert writes(simulator.origin) == []
        shown.type("y\r")
        shown.expect("20 of 60 rows done")
        screen = screen_of(shown)
        lines = [line.rstrip() for line in screen.display if line.strip()]
        under_way = [line for line in lines if " % " in line]
        assert 1 <= len(under_way) <= 4
        assert (
            lines[-1].strip().startswith("20 of 60 rows done, 4 under way, 36 to go")
            or "of 60 rows done" in lines[-1]
        )
        assert len(screen.history.top) == 0
        assert shown.end() == 0
        screen = screen_of(shown)
        assert len(screen.history.top) == 0, "nothing scrolls, however many rows there are"
        assert "60 of 60 rows done" in "\n".join(screen.display)
        assert not any(" % " in line for line in screen.display), "what was alive is taken away"
    one_of_each_per_row(simulator.origin, 60)


def test_no_orders_nothing_and_sets_up_everything_else(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 2)
    with terminal(connected, *EACH) as shown:
        shown.expect("[y/N]").type("\r")
        assert shown.end() == 1
    state = held(simulator.origin)
    assert (len(state["orders"]), len(state["sites"])) == (0, 2)


def test_ctrl_c_at_the_question_about_money_ends_it(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 2)
    with terminal(connected, *EACH) as shown:
        shown.expect("[y/N]").type("\x03")
        assert shown.end() == 130
    assert writes(simulator.origin) == []


# --- Read back and removed ---


def test_each_row_is_read_back_and_a_link_that_somebody_took_away_is_found(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 3)
    connected.run(*EACH, "--yes", "--rows", "1-2").told()
    before = writes(simulator.origin)
    read = connected.run("verify", "--each", "stores.csv", "--json").told()
    assert (read.exit, read.result["rows"]) == (1, {"done": 2, "to do": 1}), "a row was not begun"
    arrivals = [arrival for row in rows_of(read.events).values() for arrival in row.get("arrivals", ())]
    assert {(each["service"], each["verdict"]) for each in arrivals} == {("messages", "no"), ("calls", "yes")}
    assert len({each["number"] for each in arrivals}) == 2
    told = connected.run("verify", "--each", "stores.csv", "--rows", "1-2").told()
    assert told.exit == 0
    assert told.out.count("messages no, calls yes") == 2
    assert told.err.count("It is on no 10DLC campaign") == 1, "a reason is told once for all rows"
    assert writes(simulator.origin) == before
    next(iter(simulator.account.peers())).messaging_app_id = None
    wrong = connected.run(
        "verify", "--each", "stores.csv", "--rows", "1-2", "--json", launcher=HURRIED
    ).told()
    assert wrong.exit != 0
    assert sorted(row["status"] for row in rows_of(wrong.events).values()) == ["done", "failed"]
    assert connected.run("status", "--each", "stores.csv", "--rows", "1-2").exit != 0, "the proof is void"


def test_a_teardown_removes_what_each_row_has_made_and_then_what_they_share(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 3, heading=SHARED)
    connected.run(*EACH, "--yes", "--share", "applications").told()
    teardown = ("teardown", "--each", "stores.csv", "--release-numbers")
    before = writes(simulator.origin)
    refused = connected.run(*teardown).told()
    assert (refused.exit, writes(simulator.origin)) == (6, before)
    part = connected.run(*teardown, "--yes", "--rows", "1", launcher=HURRIED).told()
    assert part.exit == 0, part.err
    state = held(simulator.origin)
    assert (len(state["sites"]), len(state["applications"])) == (2, 2), "the other rows use the applications"
    gone = connected.run(*teardown, "--yes", "--json", launcher=HURRIED).told()
    assert gone.exit == 0, gone.err
    state = held(simulator.origin)
    assert {kind: len(state[kind]) for kind in ("sites", "sippeers", "applications")} == {
        "sites": 0, "sippeers": 0, "applications": 0,
    }  # fmt: skip
    assert "Inservice" not in {number["status"] for number in state["numbers"]}
    assert gone.result["rows"] == {"removed": 3}


def test_a_plan_of_a_teardown_shows_the_requests_of_each_row_and_changes_nothing(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 3, heading=SHARED)
    connected.run(*EACH, "--yes", "--share", "applications", "--rows", "1-2").told()
    before, state = writes(simulator.origin), held(simulator.origin)
    plan = ("teardown", "--each", "stores.csv", "--plan", "--release-numbers")
    shown = connected.run(*plan).told()
    assert shown.exit == 0, shown.err
    headings = ("# Row 1, store-1", "# Row 2, store-2")
    assert sorted(line for line in shown.out.splitlines() if line.startswith("# Row")) == list(headings)
    ids = [location["id"] for location in state["sippeers"]]
    blocks = sorted(shown.out[shown.out.index(heading) :].split("# Row ")[1] for heading in headings)
    for block in blocks:
        (location,) = (id_ for id_ in ids if f"/sippeers/{id_}" in block)
        assert any(
            line.startswith("DELETE") and line.endswith(f"/sippeers/{location}")
            for line in block.splitlines()
        )
        assert "DisconnectTelephoneNumberOrder" in block
    assert shown.out.count("/applications/") >= 2, "those that they share, too"
    assert shown.err.count("Nothing was changed.") == 1
    told = connected.run(*plan, "--json").told()
    requests = [event for event in told.events if event["event"] == "request" and event["phase"] == "write"]
    assert {event["name"] for event in requests if "name" in event} == {"store-1", "store-2"}
    assert (writes(simulator.origin), held(simulator.origin)) == (before, state)


def test_a_teardown_keeps_numbers_unless_it_is_said_otherwise(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 2)
    connected.run(*EACH, "--yes").told()
    kept = connected.run("teardown", "--each", "stores.csv", "--yes", launcher=HURRIED).told()
    assert kept.exit != 0
    assert len(held(simulator.origin)["numbers"]) == 2
    assert "2 phone numbers of 2 rows stay" in kept.err
    assert kept.err.count("bwtui teardown --each stores.csv --release-numbers") == 1
    assert "Run the same command again" not in kept.err, "that would change nothing"


# --- States that cannot be used ---


def test_a_damaged_state_fails_its_row_and_is_never_begun_anew(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 3)
    connected.run(*EACH, "--yes", "--rows", "1-2").told()
    state = connected.states / "stores" / "store-2.json"
    state.write_text("{}")
    for _ in range(2):
        ended = connected.run(*EACH, "--yes", "--json").told()
        assert ended.exit == 1
        assert ended.result["rows"] == {"done": 2, "failed": 1}
        assert state.read_text() == "{}"
    assert len(held(simulator.origin)["sites"]) == 3


def test_a_full_disk_ends_the_work_before_anything_is_sent_that_is_not_written_down(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 12)
    full = "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN); resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64)); from bwtui.__main__ import main; sys.exit(main())"
    ended = connected.run(*EACH, "--yes", launcher=(sys.executable, "-c", full)).told()
    assert ended.exit == 1
    assert writes(simulator.origin) == []
    assert "nothing more was sent for them" in ended.err


def test_a_pause_for_hours_ends_the_work_with_its_code(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 12)
    hours = '[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "answer"\nstatus = 429\ntimes = 0\nheaders = { "X-RateLimit-Reset" = "{now+7200}" }'
    fault(simulator, hours)
    ended = connected.run(*EACH, "--yes").told()
    assert ended.exit == 7
    assert held(simulator.origin)["sites"] == []
    assert len([each for each in writes(simulator.origin) if each.endswith("/sites")]) <= 12


def test_a_network_that_is_gone_ends_the_work(runner: CliRunner) -> None:
    with RunningSimulator() as simulator:
        write_list(runner.connect(simulator), 40)
    ended = runner.run(*EACH, "--yes").told()
    assert ended.exit == 5
    assert "nothing more was sent for them" in ended.err


def test_a_missing_callback_password_is_named_before_anything_is_sent(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 2, heading=SHARED)
    connected.example(('# callback_user = "Your-User-id"', 'callback_user = "Your-User-id"'))
    words = (*EACH, "--yes", "--share", "applications")
    refused = connected.run(*words).told()
    assert (refused.exit, log(simulator.origin)) == (6, [])
    assert "BWTUI_MESSAGING_CALLBACK_PASSWORD" in refused.err
    connected.environ["BWTUI_MESSAGING_CALLBACK_PASSWORD"] = "message-password"
    connected.environ["BWTUI_VOICE_CALLBACK_PASSWORD"] = "voice-password"
    assert connected.run(*words).told().exit == 0
    one_of_each_per_row(simulator.origin, 2, applications=2)
    del connected.environ["BWTUI_MESSAGING_CALLBACK_PASSWORD"]
    assert connected.run(*words).told().exit == 0, "what is made needs no password any more"


def test_on_the_universal_platform_each_row_has_its_package(runner: CliRunner) -> None:
    with RunningSimulator(
        Settings(platform="universal", switches=Switches(activation_seconds=0))
    ) as simulator:
        heading = HEADING.removesuffix(",voice_package.name")
        write_list(runner.connect(simulator), 3, heading=heading)
        refused = runner.run(*EACH, "--yes").told()
        assert (refused.exit, log(simulator.origin)) == (6, []), "the example has one name for all"
        assert "take voice_package.name out of the answers file" in refused.err
        runner.example(('name = "Setup Test Voice"', ""))
        done = runner.run(*EACH, "--yes", "--json").told()
        assert done.exit == 0, done.err
        state = held(simulator.origin)
        assert {package["name"] for package in state["voice_packages"]} == set(map(name_of, range(1, 4)))
        assert len(state["numbers"]) == 3
        again = runner.run("verify", "--each", "stores.csv").told()
        assert again.exit == 0, again.err


def test_rows_that_are_removed_have_nothing_to_verify_however_often_that_is_tried(
    connected: CliRunner,
) -> None:
    write_list(connected, 2)
    connected.run(*EACH, "--yes").told()
    gone = ("teardown", "--each", "stores.csv", "--rows", "1", "--release-numbers", "--yes")
    assert connected.run(*gone).told().exit == 0
    read = connected.run("verify", "--each", "stores.csv").told()
    assert read.exit == Exit.NOT_FOUND
    assert "Removed by a teardown: 1 row. There is nothing to verify." in read.err
    assert "To set rows up: bwtui apply FILE --each stores.csv" in read.err
    assert "Run the same command again" not in read.err


def test_a_teardown_asks_once_and_a_no_removes_nothing(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    write_list(connected, 2)
    connected.run(*EACH, "--yes").told()
    before = writes(simulator.origin)
    with terminal(connected, "teardown", "--each", "stores.csv", "--release-numbers") as shown:
        shown.expect(
            "Remove what 2 rows have made, and release their 2 phone numbers, which cannot be undone?"
        )
        shown.type("n\r")
        assert shown.end() == 1
    assert writes(simulator.origin) == before
