"""What goes wrong: answers that are refused at once, conflicts, refusals with their remedies, and what is there already."""

import re
import urllib.request
from base64 import b64encode

import pytest

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import CliRunner, fault, held, one_of_each, writes
from support.linear_talk import APPLYING, FINISHING, TO_REVIEW, Talk, pipe, step_asked, talk
from support.pty_process import terminal
from support.write_faults import MESSAGING, SITE, error, fault_at

FROM_FILE = ("--linear", "--answers", "setup.toml")
AT_NAME = len(TO_REVIEW[:5])


def made_elsewhere(simulator: RunningSimulator, path: str, body: str) -> str:
    """Make something in the App, as it were; give its id."""
    url = f"{simulator.base_url}/accounts/{simulator.settings.account_id}{path}"
    basic = b64encode(b"demo:demo-secret").decode()
    headers = {"Authorization": f"Basic {basic}", "Content-Type": "application/xml"}
    request = urllib.request.Request(url, data=body.encode(), headers=headers, method="POST")
    with urllib.request.urlopen(request, timeout=10) as reply:
        return str(reply.headers["Location"]).rpartition("/")[2]


def agree(shown: Talk) -> None:
    """From Review to the end of the run: everything, the order too."""
    shown.enter_until("What next?")
    shown.answer("What next?", "1")
    shown.answer("Write to account", "yes")
    shown.answer("Order +1", "yes")


# --- Answers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "typed", "told"),
    [
        ("Name: Shown in the Bandwidth App.", "Our headquarters", 'At most 10 characters; this has 16. Shorten it, for example to "Our headqu".'),
        ("State:", "North", "Exactly 2 letters"),
        ("ZIP code:", "2760", "Exactly 5 digits, including a leading zero: 02760?"),
        ("Address type:", "3", "One of: Billing, Service."),
        ("Default location:", "perhaps", "Answer yes or no."),
        ("Area code:", "119", "3 digits, such as 919"),
        ("Search by what?", "8", "Type a number from 1 to 7."),
        ("How many:", "none", "A whole number from 1 to 5000."),
        ("Your server:", "https://", "Give the host after //"),
    ],
)  # fmt: skip
def test_a_wrong_answer_is_refused_at_once_with_what_to_type_and_asked_again(
    runner: CliRunner, simulator: RunningSimulator, question: str, typed: str, told: str
) -> None:
    place = [each for each, _ in TO_REVIEW].index(question)
    ended = pipe(runner.connect(simulator), (*TO_REVIEW[:place], (question, typed), (question, "!")))
    assert told in ended.out.splitlines()[-4], ended.out
    assert ended.out.splitlines()[-3].startswith(question), "it is asked again"
    if question.startswith("Name:"):
        assert step_asked(ended.out) == "Sub-account"


def test_what_can_only_mean_one_thing_is_taken_so_and_said(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    script = (*TO_REVIEW[:3], ("Your server:", "server.acme.org"))
    ended = pipe(runner.connect(simulator), script, end="!\n")
    assert '"server.acme.org" is taken as https://server.acme.org.' in ended.out.splitlines()


def test_a_needed_answer_is_asked_until_there_is_one(runner: CliRunner, simulator: RunningSimulator) -> None:
    script = (*TO_REVIEW[:3], ("Your server:", ""), *TO_REVIEW[4:])
    ended = pipe(runner.connect(simulator), script, end="\n\n!\n")
    assert "Callback URL is needed, such as https://yourSecureSite.com/callbacks." in ended.out


@pytest.mark.parametrize(
    "typed", [b"caf\xe9\n", b"\xff\xfe\x00\n", b"a\x1b[31mb\n", b"x" * 5000 + b"\n", b"\x00\n"]
)
def test_no_answer_breaks_it_and_none_of_what_was_answered_is_lost(
    runner: CliRunner, simulator: RunningSimulator, typed: bytes
) -> None:
    before = "".join(f"{answer}\n" for _, answer in TO_REVIEW[:AT_NAME]).encode()
    ended = runner.connect(simulator).run("--linear", typed=before + typed + b"still\n!\n").told()
    assert ended.exit == 130
    assert "\x1b" not in ended.out
    assert runner.state["answers"]["site.name"]["value"] == "still"


def test_a_line_that_the_terminal_cut_off_is_refused(runner: CliRunner, simulator: RunningSimulator) -> None:
    with talk(runner.connect(simulator)) as shown:
        shown.follow(TO_REVIEW[:AT_NAME])
        shown.wait_for("Name:")
        for _ in range(50):
            shown.terminal.type("x" * 100)
        shown.answer("Name:", "")
        shown.wait_for("Name:")
        assert "A terminal cuts a line off after 4095 characters" in shown.news
        shown.answer("Name:", "!")
        assert shown.end() == 130


def test_a_pasted_column_of_numbers_is_one_answer(runner: CliRunner, simulator: RunningSimulator) -> None:
    place = [question for question, _ in TO_REVIEW].index("Search by what?")
    with talk(runner.connect(simulator)) as shown:
        shown.follow(TO_REVIEW[:place])
        shown.answer("Search by what?", "6")
        shown.answer("Exactly these numbers:", "(919) 206-0033\r919-206-0074\r9192060084")
        shown.wait_for("Search by what?")
        assert "6. Exactly these numbers, now 9192060033,9192060074,9192060084" in shown.news
        shown.answer("Search by what?", "!")
        assert shown.end() == 130


def test_the_rest_of_a_bad_paste_answers_nothing(runner: CliRunner, simulator: RunningSimulator) -> None:
    with talk(runner.connect(simulator)) as shown:
        shown.follow(TO_REVIEW[:AT_NAME])
        shown.answer("Name:", "Our company's headquarters\r12\rSome Street\rSomewhere")
        shown.answer("Name:", "Main")
        shown.wait_for("House number: The number alone, without the street. [900]")
        shown.answer("House number:", "!")
        assert shown.end() == 130


# --- What is there already ---------------------------------------------------------------------------------------


def test_one_that_is_there_is_chosen_by_number(runner: CliRunner, simulator: RunningSimulator) -> None:
    ids = [
        made_elsewhere(simulator, "/sites", SITE.format(f"No. {n}").replace("SetupTest", f"Site {n}"))
        for n in range(12)
    ]
    runner.connect(simulator).example()
    with talk(runner, *FROM_FILE) as shown:
        shown.enter_until("Sub-account: a new one, or an existing one?")
        assert "2. use an existing one (12)" in shown.news
        shown.answer("Sub-account:", "2")
        shown.wait_for("Which one?")
        assert f"10. Site 9, {ids[9]}" in shown.news
        assert "Site 10" not in shown.news
        shown.answer("Which one?", "m")
        shown.answer("Which one?", "12")
        shown.wait_for("Name: Shown in the Bandwidth App.")
        assert step_asked(shown.text) == "Location"
        assert "Description: No. 11" in shown.news
        agree(shown)
        shown.follow(FINISHING)
        assert shown.end() == 0
    (location,) = held(simulator.origin)["sippeers"]
    assert location["site_id"] == ids[11]
    assert len(held(simulator.origin)["sites"]) == 12


def test_a_conflict_is_explained_and_settled_on_review(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    id_ = made_elsewhere(simulator, "/applications", MESSAGING)
    runner.connect(simulator).example()
    with talk(runner, *FROM_FILE) as shown:
        shown.enter_until("What is to be done?")
        assert f'Note: "Production Server" already exists ({id_})' in shown.text
        assert "Messaging application: conflict" in shown.news
        assert f"1. use what is there: Production Server, {id_}" in shown.news
        shown.answer("What is to be done?", "")
        shown.answer("What is to be done?", "1")
        shown.wait_for("What next?")
        assert writes(simulator.origin) == ["POST /api/accounts/9900000/applications"]
        agree(shown)
        shown.follow(FINISHING)
        assert shown.end() == 0
    assert len(held(simulator.origin)["applications"]) == 2


# --- Refusals ----------------------------------------------------------------------------------------------------


def test_a_refused_step_is_told_with_its_remedy_and_tried_again(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    lacks = error("13607", "Account does not have mms feature assigned.")
    fault(simulator, fault_at("mms", "answer", status=400, body=lacks))
    runner.connect(simulator).example()
    with talk(runner, *FROM_FILE) as shown:
        agree(shown)
        shown.wait_for("What next?")
        assert "MMS: failed." in shown.news
        assert "MMS was not switched on; the location is as it was." in shown.news
        assert "3. do without it: MMS" in shown.news
        assert "4. show what was said" in shown.news
        shown.answer("What next?", "4")
        shown.wait_for("What next?")
        assert "POST http://127.0.0.1" in shown.news
        assert "400, " in shown.news
        shown.answer("What next?", "1")
        shown.wait_for("What next?")
        assert "What is done stays done." in shown.news
        shown.answer("What next?", "1")
        shown.answer("Write to account 9900000 now? 1 action,", "yes")
        shown.follow(FINISHING)
        assert shown.end() == 0
    one_of_each(simulator.origin)


def test_a_misspelt_address_is_replaced_by_the_recommended_one(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator).example(("Main Campus Dr", "Mian Campus Dr"))
    with talk(runner, *FROM_FILE) as shown:
        agree(shown)
        shown.wait_for("What next?")
        assert "Use the address that Bandwidth recommends: 900 MAIN CAMPUS DR" in shown.news
        place = re.search(r"^(\d)\. take the address", shown.news, re.MULTILINE)
        assert place
        shown.answer("What next?", place[1])
        agree(shown)
        shown.follow(FINISHING)
        assert shown.end() == 0
    one_of_each(simulator.origin)


def test_a_refused_answer_is_asked_again_with_what_was_said_about_it(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    fault(simulator, fault_at("site", "answer", status=400, body=error("12526", "Invalid name")))
    runner.connect(simulator).example()
    with talk(runner, *FROM_FILE) as shown:
        agree(shown)
        shown.wait_for("What next?")
        assert "2. change the answer: Name" in shown.news
        shown.answer("What next?", "2")
        shown.wait_for("Name: Shown in the Bandwidth App. [SetupTest]")
        assert "Bandwidth does not accept the name of the sub-account." in shown.news
        shown.answer("Name:", "Main")
        agree(shown)
        shown.follow(FINISHING)
        assert shown.end() == 0
    assert held(simulator.origin)["sites"][0]["name"] == "Main"
    one_of_each(simulator.origin)


def test_an_account_that_cannot_be_reached_is_told_and_left_with_nothing_lost(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator)
    runner.environ["BW_API_URL"] = "http://127.0.0.1:9/api"
    ended = pipe(runner, TO_REVIEW[:5], end="4\n")
    assert ended.exit == 130
    assert 'The API could not be reached, or did not answer: "No connection to 127.0.0.1:9: ' in ended.out
    assert "2. change the answer: Base URL" in ended.out
    assert "To continue where you left off: bwtui --linear" in ended.out


def test_a_look_that_fails_asks_what_to_do_next(runner: CliRunner, simulator: RunningSimulator) -> None:
    with talk(runner.connect(simulator)) as shown:
        shown.follow(TO_REVIEW[:-1])
        fault(
            simulator,
            '[[fault]]\nmethod = "GET"\npath = "/accounts/*/applications"\naction = "answer"\nstatus = 403\n',
        )
        shown.follow(TO_REVIEW[-1:])
        shown.wait_for("What next?")
        assert "1. try again" in shown.news
        shown.answer("What next?", "1")
        shown.follow((*APPLYING, *FINISHING))
        assert shown.end() == 0


# --- The gate ----------------------------------------------------------------------------------------------------


OFFER = "TERM=dumb shows no screens. Plain questions instead? Yes or no [yes]"


@pytest.mark.parametrize("command", [(), ("demo",)], ids=["wizard", "demo"])
def test_a_terminal_that_shows_no_screens_is_offered_plain_questions_and_goes_on(
    runner: CliRunner, command: tuple[str, ...]
) -> None:
    with talk(runner, *(command or ("--name", "other")), TERM="dumb") as shown:
        shown.answer(OFFER, "")
        shown.answer("Text messages:", "!")
        assert shown.end() == 130
        if not command:
            assert "To continue where you left off: bwtui --linear --name other" in shown.text


@pytest.mark.parametrize("command", [(), ("demo",)], ids=["wizard", "demo"])
@pytest.mark.parametrize("answer", ["no", "!"])
def test_without_plain_questions_such_a_terminal_is_told_what_else_there_is(
    runner: CliRunner, command: tuple[str, ...], answer: str
) -> None:
    with terminal(runner, *command, environ={"TERM": "dumb"}) as shown:
        shown.expect("Plain questions instead?").type(f"{answer}\r")
        assert shown.end() == 6
        assert "--linear" in shown.text
        assert "bwtui apply FILE" in shown.text


def test_the_offer_is_interrupted_as_any_question(runner: CliRunner) -> None:
    with terminal(runner, environ={"TERM": "dumb"}) as shown:
        shown.expect("Plain questions instead?").type("\x03")
        assert shown.end() == 130


def test_autoplay_and_plain_questions_exclude_each_other(runner: CliRunner) -> None:
    ended = runner.run("demo", "--autoplay", "--linear").told()
    assert (ended.exit, len(ended.out.splitlines())) == (6, 1)


@pytest.mark.parametrize("command", ["apply setup.toml", "status", "template"])
def test_a_command_takes_no_linear(runner: CliRunner, command: str) -> None:
    ended = runner.run("--linear", *command.split()).told()
    assert ended.exit == 6
    assert "takes no --linear" in ended.err
