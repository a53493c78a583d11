"""Typed and pasted text is taken as it is meant; a paste that is cut short says so."""

import pytest

from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Text
from support.guide import guide_answers
from support.wizard_pilot import WizardHarness

ANSWERS = guide_answers()


@pytest.mark.parametrize(
    ("key", "typed", "meant"),
    [
        ("site.state", "nc", "NC"),
        ("site.state", "North Carolina", "NC"),
        ("site.zip", " 27606 ", "27606"),
        ("site.zip", "27606\u00a0", "27606"),
        ("site.name", "Main ", "Main"),
        ("number.numbers", "(919) 555\u20111000, tel:+19195551001", "9195551000,9195551001"),
        ("account.base_url", "HTTPS://Api.Bandwidth.com", "https://api.bandwidth.com/api"),
    ],
)
async def test_an_unambiguous_answer_is_corrected_once_its_field_is_left(
    harness: WizardHarness, key: str, typed: str, meant: str
) -> None:
    place = key.partition(".")[0].replace("account", "connect")
    async with harness.show(at=place, answers=ANSWERS) as wizard:
        await wizard.enter(key)
        control = wizard.field(key).control
        control.focus()
        await wizard.press("end", "ctrl+u", *(" " if each == "\u00a0" else each for each in typed))
        assert wizard.said_at(key) == ""
        assert wizard.answer(key) == meant
        await wizard.press("tab")
        question = QUESTIONS[key]
        shown = question.shown(meant) if isinstance(question, Text) and question.shown else meant
        assert control.value == shown


@pytest.mark.parametrize("blank", ["   ", "\u00a0"])
async def test_blanks_alone_are_no_answer(harness: WizardHarness, blank: str) -> None:
    async with harness.show(at="site", answers=ANSWERS) as wizard:
        await wizard.type("site.city", "")
        wizard.paste(f"{blank}x")
        await wizard.press("backspace", "tab")
        assert wizard.said_at("site.city") == "! needed"
        assert wizard.answer("site.city") == ""


@pytest.mark.parametrize("before", ["", "919-213-0116", "919-213-0116, "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
async def test_a_pasted_column_of_numbers_fills_in_all_of_them(
    harness: WizardHarness, before: str, end: str
) -> None:
    async with harness.show(at="number") as wizard:
        await wizard.type("number.numbers", before)
        wizard.paste(f"{end}9192130117{end}(919) 213\u20110118{end}{end} 9192130119 {end}")
        await wizard.settled()
        numbers = ["9192130116"] * bool(before) + ["9192130117", "9192130118", "9192130119"]
        assert wizard.answer("number.numbers").split(",") == numbers
        assert wizard.said_at("number.numbers") == ""
        assert not any("! " in line for line in wizard.lines[2:]), (
            "nothing is wrong below the signs of the steps"
        )


async def test_a_paste_that_begins_with_a_line_end_takes_what_follows(harness: WizardHarness) -> None:
    async with harness.show(at="site", answers=ANSWERS) as wizard:
        await wizard.type("site.city", "")
        wizard.paste("\r\n\n  Raleigh\n\n")
        await wizard.settled()
        assert wizard.answer("site.city") == "Raleigh"
        assert "! " not in wizard.text, "all of it was taken"


async def test_pasting_several_lines_takes_one_and_says_so(harness: WizardHarness) -> None:
    async with harness.show(at="site") as wizard:
        await wizard.enter("site.city")
        wizard.paste("Raleigh\nDurham\nCary\n")
        await wizard.settled()
        assert wizard.answer("site.city") == "Raleigh"
        assert wizard.says("! Only the first of 3 lines was pasted: there is room for one.")


async def test_a_paste_of_nothing_that_can_be_seen_says_so_and_takes_nothing_away(
    harness: WizardHarness,
) -> None:
    async with harness.show(at="site", answers=ANSWERS) as wizard:
        await wizard.enter("site.city")
        before = wizard.answer("site.city")
        wizard.paste("\n \ufeff\n")
        await wizard.settled()
        assert wizard.answer("site.city") == before
        assert wizard.says("! Nothing was pasted: it holds nothing that can be seen.")


async def test_a_word_is_pasted_where_one_of_several_is_chosen(harness: WizardHarness) -> None:
    async with harness.show(at="site", answers=ANSWERS) as wizard:
        await wizard.enter("site.address_type")
        wizard.paste("service\n")
        await wizard.settled()
        assert wizard.answer("site.address_type") == "Service"
        wizard.paste("Home")
        await wizard.settled()
        assert wizard.answer("site.address_type") == "Service"
        assert wizard.says("! Nothing was pasted: choose with the arrows")


async def test_a_paste_where_nothing_can_take_it_says_so(harness: WizardHarness) -> None:
    async with harness.show(at="site", answers=ANSWERS) as wizard:
        wizard.screen.query_one("#next").focus()
        wizard.paste("Raleigh")
        await wizard.settled()
        assert wizard.says("! Nothing was pasted: go to a field first.")


@pytest.mark.parametrize("pasted", ["demo-secret\r\n", "\ufeffdemo-secret", "\n demo-secret \n"])
async def test_a_pasted_secret_is_taken_without_what_came_along(harness: WizardHarness, pasted: str) -> None:
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        await wizard.type("login.user", "demo")
        await wizard.enter("login.secret")
        wizard.paste(pasted)
        await wizard.press("enter", "enter", "enter")
        assert wizard.says("✓ Connected to Demo Company."), wizard.text


async def test_a_second_line_of_a_secret_is_not_taken_and_nothing_of_it_is_shown(
    harness: WizardHarness,
) -> None:
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        await wizard.enter("login.secret")
        wizard.paste("demo-secret\nqzx77")
        await wizard.settled()
        assert wizard.workflow.sign_in.secret.reveal() == "demo-secret"
        assert wizard.says("! Only the first of 2 lines was pasted")
        assert "qzx77" not in wizard.text
