"""bwtui in a terminal: questions, secrets, the living line, and terminals that can do less."""

import re

import pytest

from bwtui.domain.values.phone_numbers import readable
from bwtui.simulator.server import RunningSimulator
from support.cli_runner import CliRunner, fault, held, one_of_each, writes
from support.pty_process import terminal
from support.waiting import wait_until
from support.waiting_orders import ORDER_QUESTION, finish_orders, waiting

__all__ = ["waiting"]

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
    summary = r"✓ Account 9900000 is set up\. Verified \d{4}-\d\d-\d\d \d\d:\d\d UTC \(just now\)\."
    assert any(re.fullmatch(summary, line) for line in lines)
    assert lines[-2] == "Next, the variables for your server: bwtui export --format env"
    assert not [line for line in lines if re.match(r"\w+=", line)], "nobody reads variables here"
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
        finish_orders(waiting)
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
        shown.expect("Client ID (OAuth2): ").type("demo\r")
        shown.expect("Client secret of client ID demo").expect(": ", times=2)
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
    [("create", "32m+"), ("order", "33m$"), ("done", "32m✓"), ("verified", "32m✓"), ("waiting", "33m…")],
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
