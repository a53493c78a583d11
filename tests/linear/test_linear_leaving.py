"""Leaving and asking at every question: nothing is lost, nothing is bought, and a yes is never taken for given."""

import io
import re
import signal
from dataclasses import dataclass

import pytest

from bwtui.cli.main import run
from bwtui.simulator.server import RunningSimulator
from support.cli_runner import CliRunner, fault, held, log, one_of_each, writes
from support.linear_talk import (
    APPLYING,
    CONNECTING,
    FINISHING,
    TO_REVIEW,
    WHOLE,
    Script,
    asked_in,
    pipe,
    step_asked,
    talk,
)
from support.waiting import wait_until
from support.write_faults import fault as a_fault
from support.write_faults import fault_at

BEFORE_YES = len(WHOLE) - len(FINISHING) - 2
"""The questions before the one whether to write."""


@dataclass(kw_only=True)
class Lines:
    """`bwtui --linear` in this process, each time on a setup of its own."""

    runner: CliRunner
    monkeypatch: pytest.MonkeyPatch

    def leave_after(self, answered: int, typed: str = "") -> tuple[int, str]:
        """Give so many answers, then this; return the exit code and what was said."""
        lines = "".join(f"{answer}\n" for _, answer in WHOLE[:answered]) + typed
        environ = self.runner.variables(BWTUI_STATE_DIR=str(self.runner.home / f"states-{answered}"))
        with self.monkeypatch.context() as streams:
            streams.setattr("sys.stdin", io.StringIO(lines))
            streams.setattr("sys.stdout", said := io.StringIO())
            return run(["--linear"], environ), said.getvalue()


@pytest.fixture
def lines(runner: CliRunner, simulator: RunningSimulator, monkeypatch: pytest.MonkeyPatch) -> Lines:
    return Lines(runner=runner.connect(simulator), monkeypatch=monkeypatch)


@pytest.mark.parametrize("typed", ["", "!\n"], ids=["end of input", "!"])
def test_one_leaves_at_every_question_and_nothing_is_written(
    lines: Lines, simulator: RunningSimulator, typed: str
) -> None:
    for answered in range(BEFORE_YES + 1):
        code, said = lines.leave_after(answered, typed)
        assert code == 130, f"after {answered} answers"
        assert said.endswith(
            "Left. Your answers are saved; only secrets are asked again.\n"
            "To continue where you left off: bwtui --linear\n"
        )
        assert asked_in(said, WHOLE[: answered + 1]) == [question for question, _ in WHOLE[: answered + 1]]
    assert writes(simulator.origin) == []


@pytest.mark.parametrize("last", ["yes", "y"])
def test_a_yes_without_a_line_end_is_the_end_of_the_input_and_none(
    runner: CliRunner, simulator: RunningSimulator, last: str
) -> None:
    ended = pipe(runner.connect(simulator), (*TO_REVIEW, *APPLYING[:1]), end=last)
    assert ended.exit == 130
    assert writes(simulator.origin) == []
    again = runner.run("--linear", typed="1\n\n1\nyes\n" + last).told()
    assert again.exit == 130
    assert writes(simulator.origin) == [], again.out


def test_an_exclamation_mark_leaves_at_every_question_and_a_question_mark_explains_each(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    script = [(question, typed) for each in TO_REVIEW for question, typed in ((each[0], "?"), each)]
    explained = [
        *script,
        ("What next?", "?"),
        *APPLYING[:1],
        ("Write to account", "?"),
        ("Write to account", "!"),
    ]
    ended = pipe(runner.connect(simulator), explained)
    assert ended.exit == 130, ended.out
    asked = len(TO_REVIEW) + 2
    assert ended.out.count("! leaves; nothing is lost by it.") == asked
    assert "Source: Bandwidth's setup guide: at most 10 characters" in ended.out
    assert writes(simulator.origin) == []


def test_less_than_goes_back_question_by_question_to_the_first(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    ended = pipe(runner.connect(simulator), TO_REVIEW, end="<\n" * 60 + "!\n")
    assert ended.exit == 130
    assert "This is the first question" in ended.out
    back = ended.out.partition("What next?")[2]
    labels = re.findall(
        r"^(Call-status URL|Enable MMS|Short codes|ZIP code|City|Voice calls|Text messages):",
        back,
        re.MULTILINE,
    )
    assert labels[:7] == [
        "Call-status URL",
        "Enable MMS",
        "Short codes",
        "ZIP code",
        "City",
        "Voice calls",
        "Text messages",
    ]
    assert writes(simulator.origin) == []


def test_an_answer_given_after_going_back_counts(runner: CliRunner, simulator: RunningSimulator) -> None:
    script: Script = (*TO_REVIEW[:6], ("House number:", "<"), ("Name:", "Other"), ("House number:", "900"))
    pipe(runner.connect(simulator), script)
    assert runner.state["answers"]["site.name"]["value"] == "Other"


@pytest.mark.parametrize("typed", ["", "no", "n"])
def test_no_number_is_ordered_without_a_yes_to_the_question_of_money_alone(
    runner: CliRunner, simulator: RunningSimulator, typed: str
) -> None:
    script: Script = (*TO_REVIEW, *APPLYING[:2], ("Order +1 (919)", typed))
    ended = pipe(runner.connect(simulator), script)
    assert ended.exit == 130
    assert re.search(r"^Order \+1 \(919\) .* This costs money\. .* \[no\]: ", ended.out, re.MULTILINE)
    assert "No number was ordered. All else is set up." in ended.out
    state = held(simulator.origin)
    assert (len(state["sites"]), state["orders"]) == (1, [])


def test_after_a_no_to_money_it_asks_again_or_does_without(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    with talk(runner.connect(simulator)) as shown:
        shown.follow((*TO_REVIEW, *APPLYING[:2], ("Order +1 (919)", "")))
        shown.wait_for("What next?")
        assert "do without it: Phone number" in shown.news
        shown.answer("What next?", "2")
        shown.wait_for("What next?")
        assert "No changes to the account" in shown.news
        shown.answer("What next?", "1")
        shown.follow(FINISHING[1:])  # without a number there is nothing to try
        assert shown.end() == 0
    assert held(simulator.origin)["orders"] == []


def test_what_is_neither_yes_nor_no_is_asked_again(runner: CliRunner, simulator: RunningSimulator) -> None:
    script: Script = (*TO_REVIEW, *APPLYING[:1], ("Write to account", "sure"))
    ended = pipe(runner.connect(simulator), script)
    assert '"sure" is neither: type yes or no.' in ended.out
    assert writes(simulator.origin) == []


def test_what_was_typed_before_the_question_of_money_does_not_answer_it(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    with talk(runner.connect(simulator)) as shown:
        shown.follow(TO_REVIEW)
        shown.answer("What next?", "1")
        shown.answer("Write to account", "yes\ryes\ryes")
        shown.answer("Order +1 (919)", "no")
        shown.wait_for("What next?")
        shown.terminal.type("!\r")
        assert shown.end() == 130
    assert held(simulator.origin)["orders"] == []


# --- Secrets -----------------------------------------------------------------------------------------------------


def test_the_secret_is_asked_without_an_echo_and_never_told(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator)
    del runner.environ["BW_CLIENT_SECRET"]
    login: Script = (("Client ID:", ""), ("Client secret:", "demo-secret"))
    with talk(runner) as shown:
        shown.follow(TO_REVIEW[:4])
        shown.follow(login[:1])
        shown.wait_for("Client secret:")
        assert not shown.terminal.echoes
        shown.answer("Client secret:", "?")
        shown.answer("Client secret:", "demo-secret")
        shown.follow((("Account ID:", ""), ("3 optional questions", "")))
        shown.follow(TO_REVIEW[5:])
        shown.follow((*APPLYING, *FINISHING))
        assert shown.end() == 0
        assert "demo-secret" not in shown.text
    assert all(
        "demo-secret" not in file.read_text("utf-8") for file in runner.states.iterdir() if file.is_file()
    )
    one_of_each(simulator.origin)


def test_a_wrong_secret_is_told_with_what_to_do_and_asked_again(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator)
    runner.environ["BW_CLIENT_SECRET"] = "wrong-canary"
    script: Script = (
        *TO_REVIEW[:5],
        ("What next?", "2"),
        ("Client ID:", ""),
        ("Client secret:", "demo-secret"),
        *TO_REVIEW[5:7],
    )
    ended = pipe(runner, script)
    assert "2. change the answers: Client ID and Client secret" in ended.out
    assert "Connected to Demo Company." in ended.out
    assert "canary" not in ended.out
    assert "demo-secret" not in ended.out


def test_a_callback_password_is_asked_once_there_is_a_user(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    place = [question for question, _ in TO_REVIEW].index("Callback user:")
    script: Script = (
        *TO_REVIEW[:place], ("Callback user:", "Your-User-id"), ("Callback password:", "short"),
        ("Callback password:", "canary-password"), *TO_REVIEW[place + 1 :], *APPLYING, *FINISHING,
    )  # fmt: skip
    ended = pipe(runner.connect(simulator), script)
    assert ended.exit == 0, ended.out
    assert "From 6 to 63 characters; this has 5." in ended.out
    assert "canary" not in ended.out
    assert "canary" not in (runner.states / "default.json").read_text("utf-8")


# --- Signals and coming back -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("which", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
@pytest.mark.parametrize("hidden", [False, True], ids=["shown", "hidden"])
def test_a_signal_leaves_at_a_question(
    runner: CliRunner, simulator: RunningSimulator, which: signal.Signals, code: int, *, hidden: bool
) -> None:
    runner.connect(simulator)
    del runner.environ["BW_CLIENT_SECRET"]
    with talk(runner) as shown:
        shown.follow(TO_REVIEW[:4])
        shown.wait_for("Client ID")
        if hidden:
            shown.answer("Client ID", "")
            shown.wait_for("Client secret:")
        shown.terminal.process.send_signal(which)
        assert shown.end() == code
        assert shown.terminal.echoes
        assert "To continue where you left off: bwtui --linear" in shown.text


@pytest.mark.parametrize(
    ("which", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143), (signal.SIGHUP, 129)]
)
def test_a_signal_while_it_connects_ends_it_although_no_answer_comes(
    runner: CliRunner, simulator: RunningSimulator, which: signal.Signals, code: int
) -> None:
    fault(simulator, a_fault("hang", method="GET", times=0))
    with talk(runner.connect(simulator)) as shown:
        shown.follow(CONNECTING)
        shown.terminal.expect("Looking at the account, which changes nothing.")
        wait_until(lambda: "GET" in {entry["method"] for entry in log(simulator.origin)})
        shown.terminal.process.send_signal(which)
        assert shown.end() == code
        assert shown.terminal.echoes
        assert "try again" not in shown.text, "it did not wait for the answer"
        assert "To continue where you left off: bwtui --linear" in shown.text
    assert writes(simulator.origin) == []


def test_a_signal_during_the_run_lets_it_stop_and_it_goes_on_later(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    fault(simulator, fault_at("site", "slow", seconds=1.5))
    with talk(runner.connect(simulator)) as shown:
        shown.follow((*TO_REVIEW, *APPLYING))
        shown.terminal.expect("Sub-account: sending")
        shown.terminal.type("\x03")
        shown.terminal.expect("; Ctrl+C again stops at once.")
        assert shown.end() == 130
        assert "Location: sending" not in shown.text
    ended = runner.run("--linear", typed="1\n\n1\nyes\nyes\n\n").told()
    assert ended.exit == 0, ended.out
    one_of_each(simulator.origin)


def test_a_second_signal_stops_at_once(runner: CliRunner, simulator: RunningSimulator) -> None:
    fault(simulator, fault_at("site", "hang"))
    with talk(runner.connect(simulator)) as shown:
        shown.follow((*TO_REVIEW, *APPLYING))
        shown.terminal.expect("Sub-account: sending")
        shown.terminal.process.send_signal(signal.SIGTERM)
        shown.terminal.expect("; Ctrl+C again stops at once.")
        shown.terminal.process.send_signal(signal.SIGTERM)
        assert shown.end() == 143
        assert "To continue where you left off: bwtui --linear" in shown.text


def test_it_goes_on_where_it_was_left_and_says_so(runner: CliRunner, simulator: RunningSimulator) -> None:
    pipe(runner.connect(simulator), TO_REVIEW[:8], end="!\n")
    with talk(runner) as shown:
        shown.wait_for("Go on how?")
        assert "There is saved progress: your answers are as you left them." in shown.news
        assert "1. go on at Sub-account" in shown.news
        shown.follow((("Go on how?", ""), ("Connect as demo", "")))
        shown.wait_for("Name: Shown in the Bandwidth App. [SetupTest]")
        assert step_asked(shown.text) == "Sub-account"
        shown.answer("Name:", "!")
        assert shown.end() == 130


def test_it_starts_over_when_it_is_asked_to(runner: CliRunner, simulator: RunningSimulator) -> None:
    pipe(runner.connect(simulator), TO_REVIEW[:8], end="!\n")
    script: Script = (("Go on how?", "3"), ("Start over?", "yes"), *TO_REVIEW[:5])
    ended = pipe(runner, script)
    assert "Name: Shown in the Bandwidth App. [Main]" in ended.out
    assert step_asked(ended.out) == "Sub-account"
    assert len(list(runner.states.glob("*.json*"))) > 1, "what was saved is set aside"


def test_a_done_setup_is_read_back_once_more_and_writes_nothing(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    assert pipe(runner.connect(simulator), WHOLE).exit == 0
    before = writes(simulator.origin)
    ended = runner.run("--linear", typed="\n\n\n\n").told()
    assert ended.exit == 0, ended.out
    assert "9 of 9 steps are done and were read back." in ended.out
    assert "go on: nothing is to be written" in ended.out
    assert writes(simulator.origin) == before
    assert log(simulator.origin)
