"""bwtui in a terminal: questions, secrets, the living line, and the ways to stop it."""

import os
import re
import signal
import time
from collections.abc import Iterator
from typing import Final

import pytest

from bwtui.domain.phone_numbers import readable
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from support.cli_runner import SECONDS, CliRunner, Completed, fault, held, log, one_of_each, writes
from support.pty_process import terminal
from support.waiting import wait_until

ORDER_QUESTION: Final = "[y/N] "


@pytest.fixture
def waiting() -> Iterator[RunningSimulator]:
    """An account whose orders stay RECEIVED, until its clock is put forward."""
    with RunningSimulator(Settings(order_seconds=100_000, token_seconds=10**9)) as running:
        yield running


def _finish_orders(simulator: RunningSimulator) -> None:
    simulator.account.clock = lambda: time.time() + 200_000


# --- The question about money ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "answer", ["\r", "n\r", "No\r", "\x04", "y\x04\x04"], ids=["Enter", "n", "No", "Ctrl+D", "y and no Enter"]
)
def test_the_question_about_money_is_no_unless_yes_is_typed(
    connected: CliRunner, simulator: RunningSimulator, answer: str
) -> None:
    with terminal(connected, "apply", "setup.toml") as shown:
        shown.expect(ORDER_QUESTION)
        assert writes(simulator.origin) == [], "asked before anything is written"
        shown.type(answer)
        assert shown.end() == 1
        shown.expect("No number was ordered. Run the same command again to order one.")
    state = held(simulator.origin)
    assert (len(state["orders"]), len(state["numbers"])) == (0, 0)
    assert len(state["sites"]) == 1, "what costs nothing is done"


def test_an_answer_that_is_neither_yes_nor_no_is_asked_again_and_the_third_is_no(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    hint = "Type y for yes or n for no; Enter alone is no."
    with terminal(connected, "apply", "setup.toml") as shown:
        for time, answer in enumerate(["maybe", "yellow", "yes please"], 1):
            shown.expect(ORDER_QUESTION, times=time).type(f"{answer}\r")
        assert shown.end() == 1
        assert shown.text.count(hint) == 2
        shown.expect("Taken as no.").expect("No number was ordered.")
    assert held(simulator.origin)["orders"] == []
    with terminal(connected, "apply", "setup.toml") as shown:
        shown.expect(ORDER_QUESTION).type("perhaps\ry\r")
        shown.expect(ORDER_QUESTION, times=2)
        assert held(simulator.origin)["orders"] == [], (
            "what was typed before it was asked again does not count"
        )
        shown.type("Yes\r")
        assert shown.end() == 0
    one_of_each(simulator.origin)


@pytest.mark.parametrize("answer", ["y", "YES"])
def test_yes_orders_and_the_screen_ends_clean(
    connected: CliRunner, simulator: RunningSimulator, answer: str
) -> None:
    with terminal(connected, "apply", "setup.toml") as shown:
        shown.expect(ORDER_QUESTION).type(f"{answer}\r")
        assert shown.end() == 0
        lines = shown.screen()
    one_of_each(simulator.origin)
    number = held(simulator.origin)["numbers"][0]["tn"]
    assert lines[-1] == "", "nothing is left behind the last line"
    assert f"  Phone number          {readable(number)}" in lines
    assert "✓ Everything was read back and is as it should be." in lines
    assert re.fullmatch(
        r"✓ Account 9900000 is set up\. Verified \d{4}-\d\d-\d\d \d\d:\d\d UTC \(just now\)\.", lines[-9]
    )
    assert lines[-2] == "Next, the variables for your server: bwtui export --format env"
    assert not [line for line in lines if "=" in line], "nobody reads variables here"
    assert not [line for line in lines if re.match(r"[-\\\\|/] ", line)], "the living line is gone"
    assert sum(" 0 s" in line for line in lines) == 0


def test_the_living_line_is_rewritten_and_fits_the_window(
    connected: CliRunner, waiting: RunningSimulator
) -> None:
    connected.connect(waiting)
    with terminal(connected, "apply", "setup.toml", "--yes", columns=20) as shown:
        shown.expect("Phone number  1 s")
        before = len(shown.screen())
        shown.expect("Phone number  2 s")
        assert len(shown.screen()) == before, "it stays on its line"
        longest = max(len(line) for line in re.findall(r"\x1b\[K([-\\\\|/] [^\r\x1b]*)", shown.text))
        assert longest < 20
        _finish_orders(waiting)
        assert shown.end() == 0
    one_of_each(waiting.origin)


def test_json_goes_to_stdout_while_questions_stay_on_the_terminal(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    with terminal(connected, "apply", "setup.toml", "--json") as shown:
        shown.expect(ORDER_QUESTION).type("y\r")
        assert shown.end() == 0
        shown.expect('"event": "result", "status": "done"')
    one_of_each(simulator.origin)


def test_keys_typed_before_the_question_about_money_do_not_answer_it(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    fault(simulator, '[[fault]]\nmethod = "GET"\npath = "/accounts/*/sites"\naction = "slow"\nseconds = 2')
    with terminal(connected, "apply", "setup.toml") as shown:
        shown.expect("Looking at the account").type("y\r")
        shown.expect(ORDER_QUESTION)
        shown.type("n\r")
        assert shown.end() == 1
        shown.expect("No number was ordered.")
    assert not held(simulator.origin)["orders"]


# --- Secrets at the prompt -------------------------------------------------------------------------------------


def test_credentials_are_asked_for_and_the_secret_is_not_shown(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    connected.environ = {name: connected.environ[name] for name in ("BW_ACCOUNT_ID", "BW_API_URL")}
    with terminal(connected, "apply", "setup.toml", "--yes") as shown:
        shown.expect("Client id (OAuth2): ").type("demo\r")
        shown.expect("Secret of demo").expect(": ", times=2)
        wait_until(lambda: not shown.echoes)
        shown.type("demo-secret\r")
        assert shown.end() == 0
        assert "demo-secret" not in shown.text
    one_of_each(simulator.origin)


def test_a_callback_password_is_asked_for_until_it_is_right_and_reaches_the_account(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    content = (connected.home / "setup.toml").read_text("utf-8")
    connected.write(content.replace("[messaging_app]", '[messaging_app]\ncallback_user = "Your-User-id"'))
    question = "Messaging application, callback password"
    with terminal(connected, "apply", "setup.toml", "--yes") as shown:
        for count, (typed, complaint) in enumerate(
            [("abc", "6"), ("", "6"), ("  canary-77 \t", "")], start=1
        ):
            shown.expect(question, times=count)
            wait_until(lambda: not shown.echoes)
            shown.type(f"{typed}\r")
            if complaint:
                shown.expect(complaint)
        assert shown.end() == 0
        assert "canary-77" not in shown.text
    applications = held(simulator.origin)["applications"]
    (application,) = [each for each in applications if set(each["users"].values()) == {"Your-User-id"}]
    assert simulator.account.applications[application["id"]].creds["CallbackCreds"] == (
        "Your-User-id",
        "canary-77",
    )


@pytest.mark.parametrize(("key", "code"), [("\x03", 130), ("\x04", 6)], ids=["Ctrl+C", "Ctrl+D"])
@pytest.mark.parametrize("at", ["Client id (OAuth2): ", "Secret of demo"])
def test_leaving_at_a_prompt_sends_nothing_and_leaves_the_terminal_sane(
    connected: CliRunner, simulator: RunningSimulator, at: str, key: str, code: int
) -> None:
    connected.environ = {name: connected.environ[name] for name in ("BW_ACCOUNT_ID", "BW_API_URL")}
    with terminal(connected, "apply", "setup.toml", "--yes") as shown:
        shown.expect("Client id (OAuth2): ")
        if at.startswith("Secret"):
            shown.type("demo\r")
            shown.expect(at)
            wait_until(lambda: not shown.echoes)
        shown.type(key)
        assert shown.end() == code
        assert shown.echoes
        assert "topped" in shown.screen()[-2] + shown.screen()[-3]
        assert shown.screen()[-1] == ""
    assert log(simulator.origin) == []


# --- Ways to stop it -------------------------------------------------------------------------------------------


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
    connected.connect(waiting)
    with terminal(connected, "apply", "setup.toml", "--yes") as shown:
        shown.expect("is RECEIVED").expect("MMS                   done")
        shown.expect("Assign messaging      done").expect("Assign voice          done")
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
    _finish_orders(waiting)
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
    assert f"! Phone number          waiting      {told}" in status.out.splitlines()
    [step] = [event for event in connected.run("status", "--json").events if event.get("step") == "number"][
        :1
    ]
    assert step["status"] == "started"
    assert step["order"] == {"order_id": order["id"], "status": "RECEIVED", "numbers": [f"+1{number}"]}
    assert f"# BW_NUMBER: not known yet, {told}." in connected.run("export", "--format", "env").told().out
    with terminal(connected, "status", columns=80) as shown:
        shown.end()
    row = shown.screen().index(f"! Phone number          waiting      order {order['id']}")
    assert shown.screen()[row + 1].startswith(f"{' ' * 37}(RECEIVED) for ")


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


def _is_placed(runner: CliRunner) -> bool:
    if not (runner.states / "default.json").exists():
        return False
    return any(event["type"] == "ordered" for event in runner.state["events"])


def _finished(runner: CliRunner) -> set[str]:
    return {event["step"] for event in runner.state["events"] if event["type"] == "finished"}


def test_a_terminal_that_goes_away_ends_it_with_its_own_code(
    connected: CliRunner, waiting: RunningSimulator
) -> None:
    connected.connect(waiting)
    with terminal(connected, "apply", "setup.toml", "--yes") as shown:
        shown.expect("is RECEIVED").expect("MMS                   done")
        shown.expect("Assign messaging      done").expect("Assign voice          done")
        os.close(shown.master)
        shown.master = -1
        assert shown.process.wait(SECONDS) == 129
    _finish_orders(waiting)
    assert connected.run("apply", "setup.toml", "--yes").told().exit == 0
    one_of_each(waiting.origin)


# --- Terminals that can do less --------------------------------------------------------------------------------


def test_a_dumb_terminal_gets_no_control_sequences(connected: CliRunner, simulator: RunningSimulator) -> None:
    with terminal(connected, "apply", "setup.toml", environ={"TERM": "dumb"}) as shown:
        shown.expect(ORDER_QUESTION).type("y\r")
        assert shown.end() == 0
        assert "\x1b" not in shown.text
    one_of_each(simulator.origin)


@pytest.mark.parametrize(
    "variables",
    [
        {"LANG": "C", "LC_ALL": "C"},
        {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
    ],
    ids=["LANG=C", "plain ASCII", "ASCII streams"],
)
def test_poor_locales_get_ascii(
    connected: CliRunner, simulator: RunningSimulator, variables: dict[str, str]
) -> None:
    with terminal(connected, "apply", "setup.toml", environ=variables) as shown:
        shown.expect(ORDER_QUESTION).type("y\r")
        assert shown.end() == 0
        assert shown.written.isascii()
        assert "+ Account 9900000 is set up." in shown.plain
    one_of_each(simulator.origin)


def test_no_color_takes_every_escape_away_and_an_empty_one_none(connected: CliRunner) -> None:
    with terminal(connected, "apply", "setup.toml", environ={"NO_COLOR": "1"}) as shown:
        shown.expect(ORDER_QUESTION).type("y\r")
        assert shown.end() == 0
        assert "\x1b" not in shown.text
        assert "Looking at the account" in shown.text, "progress is shown all the same"
    with terminal(connected, "status", environ={"NO_COLOR": ""}) as shown:
        assert shown.end() == 0
        assert "\x1b[32m✓ \x1b[mSub-account" in shown.text


def test_in_a_pipe_and_with_json_there_is_not_one_escape_nor_a_carriage_return(connected: CliRunner) -> None:
    for arguments in (
        ("plan", "setup.toml"), ("apply", "setup.toml", "--yes"), ("status",), ("verify",), ("verify", "--json"),
    ):  # fmt: skip
        ended = connected.run(*arguments, TERM="xterm-256color").told()
        assert ended.exit == 0, ended.err
        assert "\x1b" not in ended.out + ended.err
        assert "\r" not in ended.out + ended.err
    with terminal(connected, "verify", "--json") as shown:
        assert shown.end() == 0
        assert "\x1b" not in shown.text


@pytest.mark.parametrize(
    ("word", "sign"),
    [("create", "32m+"), ("order", "33m$"), ("done", "32m✓"), ("verified", "32m✓"), ("waiting", "33m!")],
)
def test_each_word_has_its_colour_beside_its_sign(connected: CliRunner, word: str, sign: str) -> None:
    with terminal(connected, "apply", "setup.toml", "--yes") as shown:
        assert shown.end() == 0
    lines = [line for line in shown.text.splitlines() if f"m{word}" in line and f"[m{word}" not in line]
    assert lines
    assert all(f"\x1b[{sign}" in line and f"\x1b[{sign[:3]}{word}" in line for line in lines), lines


def test_what_ascii_cannot_show_becomes_a_question_mark_and_no_traceback(connected: CliRunner) -> None:
    connected.example(('name = "SetupTest"', 'name = "Zürich-Nord-1"'))
    ended = connected.run("plan", "setup.toml", PYTHONIOENCODING="ascii").told()
    assert ended.exit == 6
    assert "setup.toml" in ended.err
    assert ended.err.isascii()
    assert "?" in ended.err
