"""`bwtui try` as a real process against a simulator: what it says, asks and exits with."""

import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from bwtui.cli.commands.try_ import Options, Try
from bwtui.cli.options import SetupOptions
from bwtui.cli.output import Output
from bwtui.cli.session import open_session
from bwtui.credentials import Given
from bwtui.domain.arrival.arrival import Arrival, ArrivalVerdict, Service
from bwtui.domain.trials.trial import TrialKind
from bwtui.domain.trials.trial_setup import Wish
from bwtui.exits import Exit
from bwtui.simulator.server import RunningSimulator
from bwtui.store.trial_file import TrialFile
from support.cli_runner import CliRunner, fault, writes
from support.pty_process import terminal

TO = "(919) 555-7777"


@dataclass(frozen=True, kw_only=True)
class Ready:
    """A runner whose setup is done, and its simulator."""

    runner: CliRunner
    simulator: RunningSimulator

    @property
    def sent(self) -> int:
        """The messages and calls that reached the account."""
        return sum(write.endswith(("/messages", "/calls")) for write in writes(self.simulator.origin))

    @property
    def number(self) -> str:
        """The setup's first number, ten digits."""
        found: str = self.runner.run("status", "--json").outputs["numbers"][0]
        return found.removeprefix("+1")


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ready]:
    with RunningSimulator() as simulator:
        runner = CliRunner(home=tmp_path_factory.mktemp("made")).connect(simulator)
        runner.example(('# id = "C1A2B3C"', 'id = "CDEMO01"'))  # off a campaign it would be refused
        assert runner.run("apply", "setup.toml", "--yes").exit == 0
        yield Ready(runner=runner, simulator=simulator)


@pytest.fixture
def ready(made: Ready) -> Iterator[Ready]:
    """The setup with nothing tried yet."""
    for file in made.runner.states.glob("default.tries*"):
        file.unlink()
    yield made
    fault(made.simulator, "")


@pytest.mark.parametrize(("kind", "status"), [("message", "delivered"), ("call", "answered")])
def test_json_tells_each_moment_and_the_end(ready: Ready, kind: str, status: str) -> None:
    ended = ready.runner.run("try", kind, "--to", TO, "--yes", "--json").told()
    assert ended.exit == Exit.DONE
    names = [event["event"] for event in ended.events]
    assert [name for name in names if name != "word"] == ["preflight", "asked", "sending", "sent", "result"]
    assert (ended.result["status"], ended.result["exit"], ended.result["to"]) == (status, 0, "+19195557777")
    assert ended.result["id"]
    assert all(event["v"] == 1 for event in ended.events)


def test_without_a_terminal_it_asks_for_yes_and_sends_nothing(ready: Ready) -> None:
    before = ready.sent
    ended = ready.runner.run("try", "message", "--to", TO, typed="y\n").told()
    assert ended.exit == Exit.INVALID
    assert "costs money" in ended.err
    assert "--yes" in ended.err
    assert ready.sent == before


@pytest.mark.parametrize("typed", ["n\r", "\r", "\x04"])
def test_on_a_terminal_the_default_is_no(ready: Ready, typed: str) -> None:
    before = ready.sent
    with terminal(ready.runner, "try", "message", "--to", TO) as shown:
        shown.expect("[y/N]").type(typed)
        assert shown.end() == Exit.FAILED
    assert "Nothing was sent." in shown.plain
    assert ready.sent == before


def test_what_was_typed_before_the_question_is_no_answer(ready: Ready) -> None:
    before = ready.sent
    with terminal(ready.runner, "try", "message", "--to", TO) as shown:
        shown.type("y\r")
        shown.expect("[y/N]").type("n\r")
        assert shown.end() == Exit.FAILED
    assert ready.sent == before


def test_a_yes_on_a_terminal_sends_one(ready: Ready) -> None:
    before = ready.sent
    with terminal(ready.runner, "try", "message", "--to", TO) as shown:
        shown.expect("[y/N]").type("y\r")
        shown.expect("Delivered: +1 (919) 555-7777 has the message.")
        assert shown.end() == Exit.DONE
    assert ready.sent == before + 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--to", "555-7777"), "is not a US or Canadian phone number"),
        (("--to", "+447700900123"), "is not a US or Canadian phone number"),
        (("--to", TO, "--from", "9195550000"), "none of this setup's numbers"),
        (("--to", TO, "--text", "x" * 2049), "2,049 characters; a message takes 2,048 at most"),
        (("--to", TO, "--text", " "), "has to say something"),
        (("--to", TO, "--say", "x"), "takes no --say"),
        ((), "bwtui try message needs --to"),
        (("--last", "--to", TO), "--last sends nothing"),
    ],
)
def test_what_cannot_be_sent_is_refused_before_anybody_signs_in(
    ready: Ready, words: tuple[str, ...], said: str
) -> None:
    ended = ready.runner.run("try", "message", *words, "--yes", BW_CLIENT_SECRET="wrong").told()
    assert ended.exit == Exit.INVALID
    assert said in " ".join(ended.err.split())


def test_a_number_does_not_write_to_itself(ready: Ready) -> None:
    ended = ready.runner.run("try", "message", "--to", ready.number, "--yes").told()
    assert ended.exit == Exit.INVALID
    assert "cannot write to itself" in ended.err


def test_a_call_says_who_speaks_and_a_sentence_needs_a_listener(ready: Ready) -> None:
    said = ready.runner.run("try", "call", "--to", TO, "--yes").told()
    assert "Your server answers the call: yourSecureSite.com is asked what to say." in said.err
    before = ready.sent
    refused = ready.runner.run("try", "call", "--to", TO, "--yes", "--say", "Hello").told()
    assert refused.exit == Exit.CONFLICT
    assert "bwtui listen --public-url URL" in " ".join(refused.err.split())
    assert ready.sent == before


def test_a_failed_message_says_its_code_and_what_to_do(ready: Ready) -> None:
    fault(
        ready.simulator, '[[fault]]\nmethod = "POST"\npath = "**/messages"\naction = "answer"\nstatus = 403\n'
    )
    refused = ready.runner.run("try", "message", "--to", TO, "--yes", "--json").told()
    assert refused.exit == Exit.CREDENTIALS
    assert (refused.result["status"], refused.result["stage"]) == ("failed", "refused")


def test_the_last_one_can_be_looked_up_and_nothing_is_sent(ready: Ready) -> None:
    none = ready.runner.run("try", "message", "--last").told()
    assert none.exit == Exit.NOT_FOUND
    assert ready.runner.run("try", "message", "--to", TO, "--yes").exit == Exit.DONE
    before = ready.sent
    last = ready.runner.run("try", "message", "--last").told()
    assert last.exit == Exit.DONE
    assert "Delivered" in last.err
    assert ready.sent == before


def test_one_that_nobody_knows_of_is_taken_up_and_another_needs_a_word(ready: Ready) -> None:
    lost = '[[fault]]\nmethod = "POST"\npath = "**/messages"\naction = "cut-before"\n'
    fault(ready.simulator, lost)
    command = ("try", "message", "--to", TO, "--yes", "--wait", "1")
    first = ready.runner.run(*command).told()
    assert first.exit == Exit.UNREACHABLE
    assert "It was not sent again." in " ".join(first.err.split())
    before = ready.sent
    second = ready.runner.run(*command).told()
    assert second.exit == Exit.UNREACHABLE
    assert "add --again" in second.err
    assert "It is not known yet what became of the last message, to +1 (919) 555-7777," in " ".join(
        second.err.split()
    )
    assert "cut short" not in second.err
    other = ready.runner.run("try", "message", "--to", "(919) 555-7778", "--yes", "--wait", "1").told()
    assert other.exit == Exit.CONFLICT, "what was asked for now was not sent"
    assert ready.sent == before
    with terminal(ready.runner, "try", "message", "--to", TO, "--wait", "1") as shown:
        shown.expect("Not known").expect("[y/N]").type("n\r")
        assert shown.end() == Exit.FAILED
    assert ready.sent == before
    assert ready.runner.run(*command, "--again").exit == Exit.DONE
    assert ready.sent == before + 1


FULL = (
    sys.executable,
    "-c",
    """
import sys
from bwtui.domain.runs.setup import SaveError
from bwtui.store.trial_file import TrialFile
save = TrialFile.save
def full(file, attempt):
    if attempt.id:
        raise SaveError("The disk is full. Make room on the disk, then run this again.")
    save(file, attempt)
TrialFile.save = full
from bwtui.__main__ import main
sys.exit(main())
""",
)
"""A launcher under which the id that Bandwidth gave cannot be written down."""


def test_what_could_not_be_written_down_is_told_as_sent_and_the_next_run_sends_no_other(ready: Ready) -> None:
    before = ready.sent
    command = ("try", "message", "--to", TO, "--yes", "--json")
    first = ready.runner.run(*command, launcher=FULL).told()
    assert first.exit == Exit.FAILED
    assert (
        "The message was sent, but that could not be written down: The disk is full." in first.result["text"]
    )
    assert first.result["id"]
    assert "To look again: bwtui try message --last" in first.err
    assert ready.runner.run(*command).result["status"] == "delivered"
    assert ready.sent == before + 1


@pytest.mark.parametrize("kind", list(TrialKind))
def test_while_another_process_sends_for_the_setup_it_says_which_and_sends_nothing(
    ready: Ready, kind: TrialKind
) -> None:
    before = ready.sent
    file = TrialFile(ready.runner.states, "default")
    with file.sending(kind, None):
        ended = ready.runner.run("try", kind, "--to", TO, "--yes", "--json").told()
    assert (ended.exit, ended.result["status"]) == (Exit.CONFLICT, "cannot")
    assert f"process {os.getpid()} on " in ended.result["text"]
    assert ready.sent == before


def test_an_outcome_that_bandwidth_tells_is_told_with_its_code(ready: Ready) -> None:
    ended = ready.runner.run("try", "message", "--to", "9195554476", "--yes", "--json").told()
    assert (ended.exit, ended.result["status"], ended.result["code"]) == (Exit.FAILED, "failed", "4476")
    assert "campaign" in ended.result["meaning"]
    busy = ready.runner.run("try", "call", "--to", "9195550486", "--yes").told()
    assert busy.exit == Exit.FAILED
    assert "The line is busy." in busy.err
    untold = ready.runner.run("try", "message", "--to", "9195559902", "--yes").told()
    assert untold.exit == Exit.UNREACHABLE
    assert "Failed" not in untold.err


def test_ctrl_c_while_it_is_followed_says_what_is_known_and_how_to_look_again(ready: Ready) -> None:
    silent = 'method = "GET"\npath = "**/messages"\naction = "answer"\nstatus = 200\ntimes = 0\n'
    body = 'content_type = "application/json"\nbody = \'{"messages": []}\'\n'
    fault(ready.simulator, f"[[fault]]\n{silent}{body}")
    with terminal(ready.runner, "try", "message", "--to", TO, "--yes") as shown:
        shown.expect("Accepted").type("\x03")
        assert shown.end() == Exit.INTERRUPTED
    said = " ".join(shown.plain.split())
    assert "You stopped following it: the message was accepted." in said
    assert "bwtui try message --last" in said


# --- Looking ahead ---------------------------------------------------------------------------------------------


class Foreseeing:
    """Services that know what will arrive, and cannot send: what gets that far fails."""

    def __init__(self, verdict: ArrivalVerdict, number: str) -> None:
        self._arrival = Arrival(number, Service.MESSAGES, verdict, "It has no campaign.", "Register one.")
        self.trials = self

    def last(self, _: TrialKind) -> None: ...

    async def read_arrivals(self, *_: object) -> tuple[Arrival, ...]:
        return (self._arrival,)


@pytest.mark.parametrize(
    ("verdict", "code"),
    [
        (ArrivalVerdict.NO, Exit.CONFLICT),
        (ArrivalVerdict.NOT_YET, Exit.INVALID),
        (ArrivalVerdict.UNKNOWN, Exit.INVALID),
        (ArrivalVerdict.YES, Exit.INVALID),
    ],
)
async def test_only_what_is_certain_keeps_it_from_being_asked(
    ready: Ready, capsys: pytest.CaptureFixture[str], verdict: ArrivalVerdict, code: Exit
) -> None:
    setup = SetupOptions(state_dir=str(ready.runner.states))
    session = open_session(setup, {}, Output())
    options = Options(
        setup, Given(), "message", TO, "", None, None, None, last=False, again=False, yes=False, json=False
    )
    services = Foreseeing(verdict, ready.number)
    assert await Try(services, session, options, Wish(TrialKind.MESSAGE, TO), None).execute() is code  # type: ignore[arg-type]
    said = capsys.readouterr().err
    assert ("has no campaign" in said) == (verdict is not ArrivalVerdict.YES)
    assert ("costs money" in said) == (verdict is not ArrivalVerdict.NO)
