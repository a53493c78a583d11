"""What is typed and pasted is taken as it is meant, and a paste that is not taken whole says so."""

import pytest

from support.guide import guide_answers
from support.wizard_pilot import Stage

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
async def test_what_can_only_mean_one_thing_is_taken_so_and_shown_so_once_it_is_left(
    stage: Stage, key: str, typed: str, meant: str
) -> None:
    place = key.partition(".")[0].replace("account", "connect")
    async with stage.show(at=place, answers=ANSWERS) as show:
        await show.enter(key)
        control = show.field(key).control
        control.focus()
        await show.press("end", "ctrl+u", *(" " if each == "\u00a0" else each for each in typed))
        assert show.said_at(key) == ""
        assert show.answer(key) == meant
        await show.press("tab")
        assert control.value == meant


@pytest.mark.parametrize("blank", ["   ", "\u00a0"])
async def test_blanks_alone_are_no_answer(stage: Stage, blank: str) -> None:
    async with stage.show(at="site", answers=ANSWERS) as show:
        await show.type("site.name", "")
        show.paste(f"{blank}x")
        await show.press("backspace", "tab")
        assert show.said_at("site.name") == "! needed"
        assert show.answer("site.name") == ""


@pytest.mark.parametrize("before", ["", "919-213-0116", "919-213-0116, "])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
async def test_a_pasted_column_of_numbers_fills_in_all_of_them(stage: Stage, before: str, end: str) -> None:
    async with stage.show(at="number") as show:
        await show.type("number.numbers", before)
        show.paste(f"{end}9192130117{end}(919) 213\u20110118{end}{end} 9192130119 {end}")
        await show.settled()
        numbers = ["9192130116"] * bool(before) + ["9192130117", "9192130118", "9192130119"]
        assert show.answer("number.numbers").split(",") == numbers
        assert show.said_at("number.numbers") == ""
        assert "! " not in show.text


async def test_a_paste_that_begins_with_a_line_end_takes_what_follows(stage: Stage) -> None:
    async with stage.show(at="site", answers=ANSWERS) as show:
        await show.type("site.city", "")
        show.paste("\r\n\n  Raleigh\n\n")
        await show.settled()
        assert show.answer("site.city") == "Raleigh"
        assert "! " not in show.text, "all of it was taken"


async def test_of_several_lines_one_is_taken_and_that_is_said(stage: Stage) -> None:
    async with stage.show(at="site") as show:
        await show.enter("site.city")
        show.paste("Raleigh\nDurham\nCary\n")
        await show.settled()
        assert show.answer("site.city") == "Raleigh"
        assert show.says("! Only the first of 3 lines was pasted: there is room for one.")


async def test_a_paste_of_nothing_that_can_be_seen_says_so_and_takes_nothing_away(stage: Stage) -> None:
    async with stage.show(at="site", answers=ANSWERS) as show:
        await show.enter("site.city")
        before = show.answer("site.city")
        show.paste("\n \ufeff\n")
        await show.settled()
        assert show.answer("site.city") == before
        assert show.says("! Nothing was pasted: it holds nothing that can be seen.")


async def test_a_word_is_pasted_where_one_of_several_is_chosen(stage: Stage) -> None:
    async with stage.show(at="site", answers=ANSWERS) as show:
        await show.enter("site.address_type")
        show.paste("service\n")
        await show.settled()
        assert show.answer("site.address_type") == "Service"
        show.paste("Home")
        await show.settled()
        assert show.answer("site.address_type") == "Service"
        assert show.says("! Nothing was pasted: choose with the arrows")


async def test_a_paste_where_nothing_can_take_it_says_so(stage: Stage) -> None:
    async with stage.show(at="site", answers=ANSWERS) as show:
        show.screen.query_one("#next").focus()
        show.paste("Raleigh")
        await show.settled()
        assert show.says("! Nothing was pasted: go to a field first.")


@pytest.mark.parametrize("pasted", ["demo-secret\r\n", "\ufeffdemo-secret", "\n demo-secret \n"])
async def test_a_pasted_secret_is_taken_without_what_came_along(stage: Stage, pasted: str) -> None:
    async with stage.show(at="connect", answers=ANSWERS) as show:
        await show.type("login.user", "demo")
        await show.enter("login.secret")
        show.paste(pasted)
        await show.press("enter", "enter", "enter")
        assert show.says("✓ Connected to Demo Company."), show.text


async def test_a_second_line_of_a_secret_is_not_taken_and_nothing_of_it_is_shown(stage: Stage) -> None:
    async with stage.show(at="connect", answers=ANSWERS) as show:
        await show.enter("login.secret")
        show.paste("demo-secret\nqzx77")
        await show.settled()
        assert show.workflow.sign_in.secret.reveal() == "demo-secret"
        assert show.says("! Only the first of 2 lines was pasted")
        assert "qzx77" not in show.text
