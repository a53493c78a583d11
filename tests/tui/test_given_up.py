"""Objects that were removed or failed are given up by a key on Review; only then is anything made or bought anew."""

import pytest

from bwtui.domain.catalog import STEPS
from bwtui.domain.given_up import given_up_with
from bwtui.tui.error_text import in_words
from bwtui.tui.places import APPLY, REVIEW
from support.apply_screen import asked, connected, placed, say_yes
from support.guide import guide_answers
from support.wizard_pilot import ShownWizard, WizardHarness


async def done(wizard: ShownWizard) -> None:
    await say_yes(wizard)
    assert wizard.workflow.is_proven, wizard.text


async def to_action(wizard: ShownWizard, title: str) -> None:
    """Put the cursor on an action of Review."""
    wizard.screen.query_one("#actions").focus()
    row = next(row for row, (_, name) in enumerate(wizard.plan) if name == title)
    await wizard.press("home", *["down"] * row)


@pytest.mark.parametrize("key", ["m", "M"])
async def test_what_somebody_removed_is_made_anew_by_one_key(harness: WizardHarness, key: str) -> None:
    async with connected(harness, size=(100, 40)) as wizard:
        await done(wizard)
        gone = wizard.workflow.draft.run.outputs["voice_app_id"]
        harness.account.applications.pop(gone)
        await wizard.go(REVIEW)
        assert ("conflict", "Voice application") in wizard.plan, wizard.text
        assert wizard.says("press M on Review"), wizard.text
        assert not wizard.says("given_up")
        assert wizard.keys["Make anew"] == "m"
        await wizard.press(key)
        assert wizard.answer("voice_app.given_up") == gone
        assert ("new", "Voice application") in wizard.plan, wizard.text
        await say_yes(wizard, order=None)
        assert wizard.workflow.is_proven, wizard.text
        assert wizard.workflow.draft.run.outputs["voice_app_id"] != gone
    assert await placed(harness) == 1


async def test_enter_on_what_was_removed_leads_to_the_key_that_makes_it_anew(harness: WizardHarness) -> None:
    async with connected(harness, size=(100, 40)) as wizard:
        await done(wizard)
        harness.account.applications.pop(wizard.workflow.draft.run.outputs["voice_app_id"])
        await wizard.go(REVIEW)
        wizard.screen.query_one("#problems").focus()
        await wizard.press("enter")
        assert wizard.place == REVIEW, wizard.text
        assert wizard.focused == "actions"
        await wizard.press("m")
        assert ("new", "Voice application") in wizard.plan, wizard.text


async def test_numbers_that_are_gone_are_told_as_not_proven_and_the_rest_as_read_back(
    harness: WizardHarness,
) -> None:
    async with connected(harness, size=(100, 40)) as wizard:
        await done(wizard)
        harness.account.numbers.clear()
        await wizard.press_shown("Verify")
        assert not wizard.says("✓ Done.")
        assert wizard.says("? Applied, but not proven: Phone number. Everything else was read back."), (
            wizard.text
        )
        assert wizard.says("? Phone number not proven")
        assert wizard.says("? Phone number: Ordered, but not on the location"), wizard.text
        assert wizard.says("press G on Review")
        assert not wizard.says("given_up")
        assert wizard.shown(wizard.screen.query_one("#ids")).count("read back") == 8
        await wizard.go(APPLY)
        assert wizard.says("! not proven"), wizard.text
        steps = wizard.shown(wizard.screen.query_one("#steps")).splitlines()
        assert [line for line in steps if "✓ done" in line and "Phone number" in line] == []


async def test_numbers_are_given_up_after_a_question_about_the_money_and_no_is_the_default(
    harness: WizardHarness,
) -> None:
    async with connected(harness, size=(100, 40)) as wizard:
        await done(wizard)
        [lost] = wizard.workflow.draft.run.numbers
        harness.account.numbers.clear()
        await wizard.go(REVIEW)
        await to_action(wizard, "Phone number")
        assert wizard.says("keep Phone number not proven: Ordered, but not on"), wizard.text
        await wizard.press_shown("Give up")
        assert "which costs money" in asked(wizard)
        assert "they stay billed" in asked(wizard)
        await wizard.press("enter")
        assert wizard.answer("number.given_up") == ""
        await wizard.press("G")
        await wizard.press("y")
        assert wizard.answer("number.given_up") == lost
        assert ("new", "Phone number") in wizard.plan, wizard.text
        assert await placed(harness) == 1, "it is asked again before anything is ordered"
        await say_yes(wizard)
        assert wizard.workflow.is_proven, wizard.text
    assert await placed(harness) == 2


async def test_nothing_is_offered_where_nothing_was_lost(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        assert not {"Make anew", "Give up"} & {*wizard.keys}
        await done(wizard)
        await wizard.go(REVIEW)
        await to_action(wizard, "Phone number")
        await wizard.press("m", "g")
        assert not {"Make anew", "Give up"} & {*wizard.keys}
        assert wizard.app.screen is wizard.screen
        assert wizard.answer("number.given_up") == ""


async def test_what_was_given_up_is_only_asked_where_something_was_made(harness: WizardHarness) -> None:
    places = ("site", "sippeer", "number", "messaging_app", "voice_app")
    async with connected(harness) as wizard:
        for place in places:
            await wizard.go(place)
            assert not is_asked(wizard, f"{place}.given_up")
        await wizard.go(REVIEW)
        await done(wizard)
        for place in places:
            await wizard.go(place)
            assert is_asked(wizard, f"{place}.given_up")


def is_asked(wizard: ShownWizard, key: str) -> bool:
    form = wizard.screen.query_one("Form")
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
