"""Words that nobody new knows are explained where they are asked for, and what may be left says so."""

import pytest

from bwtui.domain.catalog import QUESTIONS, VOICE_LINK
from bwtui.domain.walk.walk_text import about_question

LEAVE = "Leave it if you are not sure."


@pytest.mark.parametrize(
    ("key", "told"),
    [
        ("sms.a2p_long_code", "Texts that software, not a person, sends"),
        ("sms.a2p_long_code", LEAVE),
        ("sms.zone2", "Zones are groups of countries"),
        ("sms.zone5", LEAVE),
        ("campaign.id", "10DLC campaign, the registration that says what your texts are for"),
        ("number.lata", "a US region of local phone service"),
        ("number.rate_center", "The phone companies' name for the area of a number, often its town"),
        ("number.npa_nxx", "The area code and the three digits after it."),
    ],
)
def test_a_question_explains_its_word(key: str, told: str) -> None:
    assert told in QUESTIONS[key].help


def test_origination_is_explained() -> None:
    assert "origination settings" in VOICE_LINK.explanation


def test_that_no_source_tells_what_no_answer_does_is_in_the_help_alone() -> None:
    question = QUESTIONS["sms.a2p_long_code"]
    assert "no source says" not in question.help
    assert "no source says what Bandwidth does without an answer" in about_question(question)


def test_what_no_rule_asks_for_is_told_as_bwtuis_own_choice() -> None:
    told = about_question(QUESTIONS["setup.callback_base_url"])
    assert told.endswith("Source: bwtui's own choice, no rule of Bandwidth's")
