"""A question says what it takes; what cannot be meant is refused there, with what to type, and asked again."""

import pytest

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import CliRunner
from support.linear_talk import APPLYING, TO_REVIEW, talk


def test_the_phone_for_a_trial_is_asked_until_it_is_one(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    with talk(runner.connect(simulator)) as shown:
        shown.follow((*TO_REVIEW, *APPLYING, ("Try a message or a call?", "yes"), ("Which?", "1")))
        shown.answer("A phone of yours [needed]", "")
        shown.wait_for("A phone of yours [needed]")
        assert "Type the number of a phone, like +19195550142." in shown.news
        shown.answer("A phone of yours [needed]", "919555")
        shown.wait_for("A phone of yours [needed]")
        assert '"919555" is not a US or Canadian phone number; type it like +19195550142.' in shown.news
        shown.follow((("A phone of yours", "<"), ("Try a message or a call?", "!")))
        assert shown.end() == 0


def test_a_search_that_finds_nothing_is_asked_for_again(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    place = [question for question, _ in TO_REVIEW].index("Area code:")
    with talk(runner.connect(simulator)) as shown:
        shown.follow((*TO_REVIEW[:place], ("Area code:", "212"), ("Search by what?", "")))
        shown.follow((("How many:", ""), ("Search now", "")))
        shown.wait_for("Search by what?")
        assert "No numbers were found in 212. Try another" in shown.news
        shown.follow((("Search by what?", ""), ("Area code:", "919"), ("Search by what?", "")))
        shown.follow((("Search now", ""), ("Which ones?", "1"), ("13 optional questions", "!")))
        assert shown.end() == 130


def test_many_numbers_are_ordered_only_if_it_is_meant(runner: CliRunner, simulator: RunningSimulator) -> None:
    place = [question for question, _ in TO_REVIEW].index("How many:")
    with talk(runner.connect(simulator)) as shown:
        shown.follow((*TO_REVIEW[:place], ("How many:", "617"), ("Really order 617 numbers?", "")))
        shown.follow((("How many:", "617"), ("Really order 617 numbers?", "<")))
        shown.wait_for("How many:")
        assert shown.news.endswith("[1]: "), "what was not meant is not kept"
        shown.follow((("How many:", "11"), ("Really order 11 numbers?", "yes"), ("Search now", "!")))
        assert shown.end() == 130
    assert runner.state["answers"]["number.quantity"]["value"] == "11"


def test_a_few_numbers_are_ordered_without_another_question(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    place = [question for question, _ in TO_REVIEW].index("How many:")
    with talk(runner.connect(simulator)) as shown:
        shown.follow(
            (
                *TO_REVIEW[:place],
                ("How many:", "-"),
                ("Search now", "<"),
                ("How many:", "10"),
                ("Search now", "!"),
            )
        )
        assert shown.end() == 130


@pytest.mark.parametrize(
    ("question", "ending"),
    [
        ("Text messages:", "Yes or no [yes]: "),
        ("Address type:", "Number in the list [1 Billing]: "),
        ("12 optional questions", "Yes or no [no]: "),
        ("Which one?", "Number in the list [13]: "),
        ("Default location:", "Yes, no or nothing [none]: "),
    ],
)
def test_a_question_says_what_it_takes(
    runner: CliRunner, simulator: RunningSimulator, question: str, ending: str
) -> None:
    place = [each for each, _ in TO_REVIEW].index(question)
    with talk(runner.connect(simulator)) as shown:
        shown.follow(TO_REVIEW[:place])
        shown.wait_for(question)
        assert shown.news.endswith(ending)


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("Name: Shown in the Bandwidth App.", "Name is required; it cannot be taken away."),
        ("Address type:", "Address type is required; it cannot be taken away."),
        ("Callback URL:", "Callback URL is required; it cannot be taken away."),
    ],
)
def test_a_required_answer_cannot_be_taken_away_and_no_help_says_so(
    runner: CliRunner, simulator: RunningSimulator, asked: str, told: str
) -> None:
    place = [question for question, _ in TO_REVIEW].index(asked)
    with talk(runner.connect(simulator)) as shown:
        shown.follow((*TO_REVIEW[:place], (asked, "-")))
        shown.wait_for(asked)
        assert told in shown.news
        shown.answer(asked, "?")
        shown.wait_for(asked)
        assert "takes an answer away" not in shown.news
        shown.answer(asked, "!")
        assert shown.end() == 130


def test_the_help_of_an_optional_question_tells_how_to_take_its_answer_away(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    place = [question for question, _ in TO_REVIEW].index("How many:")
    with talk(runner.connect(simulator)) as shown:
        shown.follow((*TO_REVIEW[:place], ("How many:", "?")))
        shown.wait_for("How many:")
        assert "- takes an answer away" in shown.news
        shown.answer("How many:", "!")
        assert shown.end() == 130


def test_what_will_arrive_is_told_in_a_sentence(runner: CliRunner, simulator: RunningSimulator) -> None:
    with talk(runner.connect(simulator)) as shown:
        shown.follow((*TO_REVIEW, *APPLYING))
        shown.wait_for("Try a message or a call?")
        told = [line for line in shown.news.splitlines() if line.startswith("Will ")]
    assert [line.partition(" +1 (919)")[0] for line in told] == ["Will messages from", "Will calls to"]
    assert all(" arrive: " in line for line in told)
    assert "This account has the campaign CDEMO01: choose it in the step Assign campaign" in told[0]
