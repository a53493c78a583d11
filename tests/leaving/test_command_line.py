"""Stopping a command with Ctrl+C, SIGTERM or SIGHUP: nothing is sent any more, and what was refused is not looked for as if it were under way."""

import os
import re
import signal
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from bwtui.domain.values.phone_numbers import readable
from bwtui.simulator.server import RunningSimulator
from support.cli_runner import SECONDS, CliRunner, Completed, fault, held, one_of_each, writes
from support.guide import let_time_pass
from support.listed import write_list
from support.pty_process import Terminal, terminal
from support.waiting import wait_until
from support.waiting_orders import ORDER_QUESTION, finish_orders

REFUSED = '[[fault]]\nmethod = "POST"\npath = "{}"\naction = "answer"\nstatus = 429\nheaders = {{ "Retry-After" = "8" }}'
SIGNALS = [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]


@pytest.mark.parametrize(("which", "code"), SIGNALS, ids=str)
def test_an_order_that_was_refused_for_the_rate_is_not_sent_after_a_signal(
    connected: CliRunner, simulator: RunningSimulator, which: signal.Signals, code: int
) -> None:
    fault(simulator, REFUSED.format("/accounts/*/orders"))
    process = connected.start("apply", "setup.toml", "--yes", "--json")
    wait_until(lambda: len(_orders(simulator)) == 1)
    process.send_signal(which)
    started = time.monotonic()
    out, err = process.communicate(timeout=20)
    ended = Completed(exit=process.returncode, out=out, err=err).told()
    assert ended.exit == code
    assert time.monotonic() - started < 7, "it does not wait until it would be allowed"
    assert len(_orders(simulator)) == 1
    assert not held(simulator.origin)["orders"]
    (last,) = [event for event in connected.state["events"] if event.get("step") == "number"][-1:]
    assert last["type"] == "failed", last
    assert last["problem"]["status"] == 429
    let_time_pass(connected.states)  # for a while it is looked for: a refusal may tell of one copy of two
    again = connected.run("apply", "setup.toml", "--yes").told()
    assert again.exit == 0, again.err
    one_of_each(simulator.origin)


def _orders(simulator: RunningSimulator) -> list[str]:
    return [write for write in writes(simulator.origin) if write.endswith("/orders")]


def test_ctrl_c_while_a_request_hangs_is_told_how_long_it_may_take(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    fault(simulator, '[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "hang"')
    process = connected.start("apply", "setup.toml", "--yes")
    wait_until(lambda: any(write.endswith("/sites") for write in writes(simulator.origin)))
    process.send_signal(signal.SIGINT)
    assert process.stderr
    told = None
    while not told:
        line = process.stderr.readline()
        assert line
        told = re.search(r"Stopping after the request under way, up to (\d+) s;", line)
    assert 50 < int(told[1]) <= 60
    process.kill()
    process.communicate()


def test_ctrl_c_while_nothing_is_under_way_ends_it_without_a_word_about_a_request(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    fault(simulator, REFUSED.format("/accounts/*/sites"))
    process = connected.start("apply", "setup.toml", "--yes")
    assert process.stderr
    while "Waiting" not in (line := process.stderr.readline()):
        assert line
    wait_until(lambda: {"messaging_app", "voice_app"} <= _finished(connected))
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert process.returncode == 130
    assert "Stopping; Ctrl+C again stops at once." in err


@contextmanager
def all_but_the_order(runner: CliRunner, simulator: RunningSimulator) -> Iterator[Terminal]:
    """`apply` in a terminal, where nothing is left but an order that waits."""
    runner.connect(simulator)
    with terminal(runner, "apply", "setup.toml", "--yes") as shown:
        shown.expect("is RECEIVED").expect("MMS                   done")
        shown.expect("Assign messaging      done").expect("Assign voice          done")
        yield shown


def _finished(runner: CliRunner) -> set[str]:
    return {event["step"] for event in runner.state["events"] if event["type"] == "finished"}


def test_ctrl_c_at_the_question_about_money_ends_it_with_nothing_written(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    with terminal(connected, "apply", "setup.toml") as shown:
        shown.expect(ORDER_QUESTION).type("\x03")
        assert shown.end() == 130
        shown.expect("Nothing was created.")
        assert shown.screen()[-1] == ""
    assert writes(simulator.origin) == []


def test_ctrl_c_while_an_order_is_under_way_says_what_exists_and_the_next_run_finishes(
    connected: CliRunner, waiting: RunningSimulator
) -> None:
    with all_but_the_order(connected, waiting) as shown:
        shown.type("\x03")
        assert shown.end() == 130
        last = shown.screen()[-9:]
    state = held(waiting.origin)
    applications = {item["service_type"]: item["id"] for item in state["applications"]}
    [order] = state["orders"]
    assert last == [
        "Stopped. Nothing is lost: run the same command again to continue.",
        "So far:",
        f"  Sub-account           {state['sites'][0]['id']}",
        f"  Location              {state['sippeers'][0]['id']}",
        f"  Order                 {order['id']} (RECEIVED) for {readable(order['requested'][0])} is",
        f"{' ' * 24}under way",
        f"  Messaging application {applications['Messaging-V2']}",
        f"  Voice application     {applications['Voice-V2']}",
        "",
    ]
    before = writes(waiting.origin)
    finish_orders(waiting)
    again = connected.run("apply", "setup.toml", "--yes").told()
    assert again.exit == 0, again.err
    assert writes(waiting.origin) == before, "everything had been sent"
    one_of_each(waiting.origin)


def test_after_ctrl_c_during_an_order_status_and_export_say_that_it_is_under_way(
    connected: CliRunner, waiting: RunningSimulator
) -> None:
    connected.connect(waiting)
    process = connected.start("apply", "setup.toml", "--yes")
    wait_until(lambda: _is_placed(connected))
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=SECONDS)
    [order] = held(waiting.origin)["orders"]
    [number] = order["requested"]
    told = f"order {order['id']} (RECEIVED) for {readable(number)} is under way"
    status = connected.run("status").told()
    assert f"… Phone number          waiting      {told}" in status.out.splitlines()
    [step] = [event for event in connected.run("status", "--json").events if event.get("step") == "number"][
        :1
    ]
    assert step["status"] == "started"
    assert step["order"] == {"order_id": order["id"], "status": "RECEIVED", "numbers": [f"+1{number}"]}
    assert f"# BW_NUMBER: not known yet, {told}." in connected.run("export", "--format", "env").told().out
    with terminal(connected, "status", columns=80) as shown:
        shown.end()
    row = shown.screen().index(f"… Phone number          waiting      order {order['id']}")
    assert shown.screen()[row + 1].startswith(f"{' ' * 37}(RECEIVED) for ")


def _is_placed(runner: CliRunner) -> bool:
    if not (runner.states / "default.json").exists():
        return False
    return any(event["type"] == "ordered" for event in runner.state["events"])


@pytest.mark.parametrize(
    ("which", "code"),
    [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)],
    ids=str,
)
def test_a_signal_has_its_exit_code_and_its_result(
    connected: CliRunner, waiting: RunningSimulator, which: signal.Signals, code: int
) -> None:
    connected.connect(waiting)
    process = connected.start("apply", "setup.toml", "--yes", "--json")
    wait_until(lambda: bool(held(waiting.origin)["orders"]))
    process.send_signal(which)
    out, err = process.communicate(timeout=SECONDS)
    ended = Completed(exit=process.returncode, out=out, err=err).told()
    assert ended.exit == code
    assert ended.result["event"] == "result"
    assert ended.result["status"] == "interrupted"
    assert ended.outputs["site_id"] == held(waiting.origin)["sites"][0]["id"]
    assert "run the same command again" in ended.err


AT_THE_VERY_START = (
    sys.executable,
    "-c",
    """
import asyncio, signal
from bwtui.__main__ import main
begin = getattr(asyncio, "@")
def interrupted(*args, **kwargs):
    setattr(asyncio, "@", begin)
    signal.raise_signal(signal.SIGINT)
    return begin(*args, **kwargs)
setattr(asyncio, "@", interrupted)
main()
""",
)
"""A launcher under which Ctrl+C comes when the function of `asyncio` that stands for `@` is called first."""


@pytest.mark.parametrize("moment", ["run", "ensure_future"])
@pytest.mark.parametrize(
    "arguments",
    [
        ("apply", "setup.toml", "--yes", "--json"),
        ("apply", "setup.toml", "--each", "stores.csv", "--yes", "--json"),
        ("import",),
    ],
    ids=lambda arguments: " ".join(arguments[:3]),
)
def test_ctrl_c_before_anybody_listens_for_it_ends_it_in_words(
    connected: CliRunner, simulator: RunningSimulator, arguments: tuple[str, ...], moment: str
) -> None:
    write_list(connected, 2)
    launcher = tuple(part.replace("@", moment) for part in AT_THE_VERY_START)
    ended = connected.run(*arguments, launcher=launcher).told()
    assert ended.exit == 130, ended.err
    assert "Nothing is lost: run the same command again" in ended.err
    if "--json" in arguments:
        assert (ended.result["status"], ended.result["exit"]) == ("interrupted", 130)
    assert not writes(simulator.origin)


def test_a_second_ctrl_c_stops_at_once_although_a_request_hangs(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    fault(simulator, '[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "hang"\neffect = true')
    process = connected.start("apply", "setup.toml", "--yes", "--json")
    wait_until(lambda: bool(held(simulator.origin)["sites"]))
    wait_until(lambda: _finished(connected) >= {"messaging_app", "voice_app"})
    assert process.stderr
    process.send_signal(signal.SIGINT)
    line = ""
    while "Ctrl+C again stops at once" not in line:
        line = process.stderr.readline()
        assert line
    assert process.poll() is None, "the first one waits for the request"
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=5)
    ended = Completed(exit=process.returncode, out=out, err=err).told()
    assert ended.exit == 130
    assert (ended.result["event"], ended.result["status"]) == ("result", "interrupted")
    assert ended.result["exit"] == 130
    assert f"So far:\n  Messaging application {ended.outputs['messaging_app_id']}\n" in ended.err
    fault(simulator, "")
    again = connected.run("apply", "setup.toml", "--yes").told()
    assert again.exit == 0, again.err
    one_of_each(simulator.origin)


def test_a_terminal_that_goes_away_ends_it_with_its_own_code(
    connected: CliRunner, waiting: RunningSimulator
) -> None:
    with all_but_the_order(connected, waiting) as shown:
        os.close(shown.master)
        shown.master = -1
        assert shown.process.wait(SECONDS) == 129
    finish_orders(waiting)
    assert connected.run("apply", "setup.toml", "--yes").told().exit == 0
    one_of_each(waiting.origin)
