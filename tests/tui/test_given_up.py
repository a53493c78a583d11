"""What was removed or came to nothing is given up by a key on Review, and only then is anything made or bought anew."""

import pytest

from bwtui.domain.catalog import STEPS
from bwtui.tui.error_text import in_words
from bwtui.tui.obstacles import given_up_with
from bwtui.tui.places import APPLY, REVIEW
from support.apply_screen import asked, connected, placed, say_yes
from support.guide import guide_answers
from support.wizard_pilot import Show, Stage


async def done(show: Show) -> None:
    await say_yes(show)
    assert show.workflow.is_proven, show.text


async def to_action(show: Show, title: str) -> None:
    """Put the cursor on an action of Review."""
    show.screen.query_one("#actions").focus()
    row = next(row for row, (_, name) in enumerate(show.plan) if name == title)
    await show.press("home", *["down"] * row)


@pytest.mark.parametrize("key", ["m", "M"])
async def test_what_somebody_removed_is_made_anew_by_one_key(stage: Stage, key: str) -> None:
    async with connected(stage, size=(100, 40)) as show:
        await done(show)
        gone = show.workflow.draft.run.outputs["voice_app_id"]
        stage.account.applications.pop(gone)
        await show.go(REVIEW)
        assert ("conflict", "Voice application") in show.plan, show.text
        assert show.says("press M on Review"), show.text
        assert not show.says("given_up")
        assert show.keys["Make anew"] == "m"
        await show.press(key)
        assert show.answer("voice_app.given_up") == gone
        assert ("new", "Voice application") in show.plan, show.text
        await say_yes(show, order=None)
        assert show.workflow.is_proven, show.text
        assert show.workflow.draft.run.outputs["voice_app_id"] != gone
    assert await placed(stage) == 1


async def test_enter_on_what_was_removed_leads_to_the_key_that_makes_it_anew(stage: Stage) -> None:
    async with connected(stage, size=(100, 40)) as show:
        await done(show)
        stage.account.applications.pop(show.workflow.draft.run.outputs["voice_app_id"])
        await show.go(REVIEW)
        show.screen.query_one("#problems").focus()
        await show.press("enter")
        assert show.place == REVIEW, show.text
        assert show.focused == "actions"
        await show.press("m")
        assert ("new", "Voice application") in show.plan, show.text


async def test_numbers_that_are_gone_are_told_as_not_proven_and_the_rest_as_read_back(stage: Stage) -> None:
    async with connected(stage, size=(100, 40)) as show:
        await done(show)
        stage.account.numbers.clear()
        await show.press_shown("Verify")
        assert not show.says("✓ Done.")
        assert show.says("? Applied, but not proven: Phone number. Everything else was read back."), show.text
        assert show.says("? Phone number not proven")
        assert show.says("? Phone number: Ordered, but not on the location"), show.text
        assert show.says("press G on Review")
        assert not show.says("given_up")
        assert show.shown(show.screen.query_one("#ids")).count("read back") == 8
        await show.go(APPLY)
        assert show.says("! not proven"), show.text
        assert [line for line in show.lines if "✓ done" in line and "Phone number" in line] == []


async def test_numbers_are_given_up_after_a_question_about_the_money_and_no_is_the_default(
    stage: Stage,
) -> None:
    async with connected(stage, size=(100, 40)) as show:
        await done(show)
        [lost] = show.workflow.draft.run.numbers
        stage.account.numbers.clear()
        await show.go(REVIEW)
        await to_action(show, "Phone number")
        assert show.says("keep Phone number not proven: Ordered, but not on"), show.text
        await show.press_shown("Give up")
        assert "which costs money" in asked(show)
        assert "they stay billed" in asked(show)
        await show.press("enter")
        assert show.answer("number.given_up") == ""
        await show.press("G")
        await show.press("y")
        assert show.answer("number.given_up") == lost
        assert ("new", "Phone number") in show.plan, show.text
        assert await placed(stage) == 1, "it is asked again before anything is ordered"
        await say_yes(show)
        assert show.workflow.is_proven, show.text
    assert await placed(stage) == 2


async def test_nothing_is_offered_where_nothing_was_lost(stage: Stage) -> None:
    async with connected(stage) as show:
        assert not {"Make anew", "Give up"} & {*show.keys}
        await done(show)
        await show.go(REVIEW)
        await to_action(show, "Phone number")
        await show.press("m", "g")
        assert not {"Make anew", "Give up"} & {*show.keys}
        assert show.app.screen is show.screen
        assert show.answer("number.given_up") == ""


async def test_what_was_given_up_is_only_asked_where_something_was_made(stage: Stage) -> None:
    places = ("site", "sippeer", "number", "messaging_app", "voice_app")
    async with connected(stage) as show:
        for place in places:
            await show.go(place)
            assert not is_asked(show, f"{place}.given_up")
        await show.go(REVIEW)
        await done(show)
        for place in places:
            await show.go(place)
            assert is_asked(show, f"{place}.given_up")


def is_asked(show: Show, key: str) -> bool:
    form = show.screen.query_one("Form")
    return key in dict([*form._shown, *form._folded])  # type: ignore[attr-defined]


def test_numbers_and_orders_that_were_given_up_before_stay_so() -> None:
    number = next(step for step in STEPS if step.key == "number")
    site = next(step for step in STEPS if step.key == "site")
    answers = guide_answers(number__given_up="9195550100", site__given_up="1")
    assert given_up_with(answers, number, ("order-1", "9195550100")) == "9195550100,order-1"
    assert given_up_with(answers, site, ("2",)) == "2"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('To make it anew, answer given_up = "7" under [site].', "To make it anew, press M on Review."),
        (
            'if it came to nothing, answer given_up = "a-b" under [number].',
            "if it came to nothing, press G on Review.",
        ),
        (
            'To use it, answer use = "7" under [voice_app]; otherwise',
            "To use it, press U on Review; otherwise",
        ),
        ('Answer existing = "change" under [sms] to set it', "Press C on Review to set it"),
        (
            'Under [number], answer existing = "keep" to use these, or existing = "order" to order more.',
            "Press K on Review to use these, or press O on Review to order more.",
        ),
        ("Say which one: answer use under [site].", "Say which one: choose it on “Sub-account”."),
        ("Correct use under [site].", "Correct what is used on “Sub-account”."),
        ("try another area code, under [number].", "try another area code, on “Phone number”."),
        ('x is “color = "red"”, should be', 'x is “color = "red"”, should be'),
        ("Run the same command again in a minute.", "Look again in a minute."),
    ],
)
def test_what_the_answers_file_would_say_is_told_by_keys_and_fields(text: str, told: str) -> None:
    assert in_words(text) == told
