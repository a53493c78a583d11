"""Objects that were removed or failed are given up by a key on Review; only then is anything made or bought anew."""

import re
from functools import partial

import pytest

from bwtui.domain.catalog import STEPS
from bwtui.domain.planning.actions import problem_found
from bwtui.domain.planning.given_up import given_up_with
from bwtui.domain.remedies.remedy_table import CODES, STATUSES
from bwtui.domain.runs.problem import Kind, OwnCode, Problem
from bwtui.tui.error_text import advised, field_text, told
from bwtui.tui.places import APPLY, REVIEW
from support.apply_screen import asked, connected, placed, say_yes
from support.guide import guide_answers
from support.in_process import quick_pace
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
        assert ("create", "Voice application") in wizard.plan, wizard.text
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
        assert ("create", "Voice application") in wizard.plan, wizard.text


async def test_numbers_that_are_gone_are_told_as_not_proven_and_the_rest_as_read_back(
    harness: WizardHarness,
) -> None:
    async with connected(harness, size=(100, 40)) as wizard:
        await done(wizard)
        harness.account.numbers.clear()
        await wizard.press_shown("Verify")
        assert not wizard.says("✓ Set up.")
        summary = " ".join(wizard.shown(wizard.screen.query_one("#about")).split())
        assert summary == "? Applied, but not proven: Phone number. Everything else was read back."
        assert wizard.says("? Phone number not proven")
        assert wizard.says("? Phone number: Ordered, but not on the location"), wizard.text
        assert wizard.says("press G on Review")
        assert not wizard.says("given_up")
        assert wizard.shown(wizard.screen.query_one("#ids")).count("read back") == 5
        await wizard.go(APPLY)
        assert wizard.says("! not proven"), wizard.text
        steps = wizard.shown(wizard.screen.query_one("#steps")).splitlines()
        assert [line for line in steps if "✓ done" in line and "Phone number" in line] == []


async def test_numbers_are_given_up_after_a_question_about_the_money_and_no_is_the_default(
    harness: WizardHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    # One that was ordered a moment ago may only not show yet.
    monkeypatch.setattr("support.wizard_pilot.quick_pace", partial(quick_pace, located=0.0))
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
        assert ("order", "Phone number") in wizard.plan, wizard.text
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
    ("step", "code", "told"),
    [
        ("site", OwnCode.REMOVED, "To create it again, with what depends on it, press M on Review."),
        ("number", OwnCode.ORDER_IN_DOUBT, "if it came to nothing, press G on Review."),
        ("voice_app", OwnCode.SAME_NAME, "To use it, press U on Review; otherwise choose another name."),
        ("sms", OwnCode.SET_OTHERWISE, "To set it as answered, press C on Review; otherwise choose another"),
        (
            "number",
            OwnCode.OTHER_NUMBERS,
            "To use the numbers that are there, press K on Review; to order more, press O on Review.",
        ),
        ("site", OwnCode.SEVERAL, "Say which one: go to “Sub-account”."),
        ("site", OwnCode.UNKNOWN_ID, "Correct its ID (Sub-account: Use an existing one)."),
        ("site", OwnCode.STILL_THERE, "clear “Sub-account: Replace a removed one”."),
        (
            "number",
            OwnCode.NOTHING_FOUND,
            "Try another area code (Phone number: Area code), a city or a state.",
        ),
    ],
)
def test_what_is_to_be_decided_is_told_by_keys_and_fields(step: str, code: OwnCode, told: str) -> None:
    found_out = problem_found(
        next(each for each in STEPS if each.key == step), Kind.CONFLICT, 'It is “color = "red"”.', code, "7"
    )
    said = advised(found_out.text, found_out)
    assert said.startswith('It is “color = "red"”. '), "what others wrote stays as it is"
    assert told in said


def test_no_screen_speaks_of_files_flags_and_variables() -> None:
    operations = [f"{step.key}.create" for step in STEPS]
    problems = [
        Problem(operation=operation, kind=Kind.FAILED, text="", code=code, status=status)
        for row in (*CODES, *STATUSES)
        for on in row.on.split()
        for operation in (operations if on == "*" else [on.replace(".*", ".create")])
        for code, status in [(row.code.split()[0].partition("-")[0], None) if row in CODES else ("", int(row.code.split()[0].replace("xx", "18")))]
    ]  # fmt: skip
    assert len(problems) > 300
    for problem in problems:
        said = f"{field_text(problem)} {told(problem)}"
        assert "{" not in said
        assert not re.search(
            r"\bunder \[|\w = |\b[a-z_]+\.[a-z]+_|\b\w+\.use\b|given_up|BW_|BWTUI_|--", said
        ), said
