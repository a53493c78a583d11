"""Leaving loses nothing but secrets: the wizard opens again where it was left, with the same answers and the same run."""

import re
from dataclasses import replace
from typing import Literal

import pytest

from bwtui.domain.answers.answers import wanted_steps
from bwtui.domain.walk.walk import walk
from bwtui.exits import Exit
from bwtui.simulator.switches import Switches
from bwtui.tui.places import TITLES, PlaceStatus
from support.apply_screen import (
    SECRETS,
    asked,
    assert_done,
    connected,
    say_yes,
    until_the_order_is_received,
)
from support.guide import guide_answers
from support.power_cuts import CAMPAIGN
from support.wizard_pilot import ShownWizard, WizardHarness
from support.write_faults import WRITES, error, fault_at

NO_SECRETS = guide_answers()._replace(secrets={})


@pytest.fixture
def harness(harness: WizardHarness) -> WizardHarness:
    harness.on_disk = True
    return harness


async def leave(wizard: ShownWizard) -> None:
    """Leave with the keys that are shown."""
    await wizard.press_shown("Leave")
    question = "Leave? Your answers are saved; only secrets are asked again. Continue later with: bwtui"
    assert asked(wizard) == question
    await wizard.press("y")
    assert wizard.app.return_value == Exit.INTERRUPTED


@pytest.mark.parametrize("place", walk(guide_answers()))
async def test_it_opens_on_the_screen_that_was_left_with_the_answers_that_were_given(
    harness: WizardHarness, place: str
) -> None:
    async with harness.show(answers=NO_SECRETS) as wizard:
        await wizard.go("site")
        await wizard.type("site.description", "Typed just now")
        await wizard.go("connect")
        await wizard.type("login.user", "somebody")
        await wizard.go(place)
        answers = wizard.workflow.draft.answers.given
        await leave(wizard)
    async with harness.show() as wizard:
        assert wizard.place == place
        assert wizard.workflow.draft.answers.given == answers
        assert wizard.answer("site.description") == "Typed just now"
        assert wizard.workflow.sign_in.user == "somebody"
        assert wizard.workflow.draft.answers.secrets == {}
        assert not wizard.workflow.sign_in.secret


async def test_what_was_typed_last_is_kept_without_leaving_the_field(harness: WizardHarness) -> None:
    async with harness.show(at="site") as wizard:
        await wizard.type("site.city", "CARY")
        await wizard.press("ctrl+c", "ctrl+c")
        assert wizard.app.return_value == Exit.INTERRUPTED
    async with harness.show() as wizard:
        assert (wizard.place, wizard.answer("site.city")) == ("site", "CARY")


async def test_a_name_that_was_emptied_is_told_as_none_and_as_needed_also_afterwards(
    harness: WizardHarness,
) -> None:
    async with harness.show(answers=guide_answers(), at="messaging_app") as wizard:
        await wizard.type("messaging_app.name", "")
        await wizard.go("messaging_link")
        assert wizard.says("Links application (no name yet) to location “"), wizard.text
        await wizard.press("ctrl+c", "ctrl+c")
    async with harness.show() as wizard:
        await wizard.go("messaging_app")
        assert wizard.said_at("messaging_app.name") == "! needed"


async def test_a_killed_wizard_has_kept_all_that_was_typed(harness: WizardHarness) -> None:
    """Nothing of its end is run: the file is read while the first one is still there."""
    async with harness.show(at="site") as wizard:
        await wizard.type("site.city", "CARY")
        killed = harness.file.load()
        assert killed
        assert killed.answers["site.city"].value == "CARY"
        assert killed.bookmark.place == "site"


async def test_staying_after_all_changes_nothing(harness: WizardHarness) -> None:
    async with harness.show(at="site") as wizard:
        await wizard.type("site.city", "CARY")
        for keys in (("n",), ("escape",), ("enter",)):
            await wizard.press("ctrl+c", *keys)
            assert (wizard.place, wizard.focused, wizard.app.return_value) == ("site", "site.city", None)


async def test_only_secrets_are_asked_again(harness: WizardHarness) -> None:
    answers = guide_answers()
    async with connected(harness, answers, at="review") as wizard:
        await leave(wizard)
    harness.login = None
    async with harness.show() as wizard:
        assert wizard.place == "review"
        assert wizard.says("3 to put right first."), wizard.text
        for line in (
            "! Connect: Connect and test",
            "! Messaging application: Callback password: The password",
            "! Voice application: Callback password: The password",
        ):
            assert wizard.says(line)
        await wizard.press("enter")
        assert (wizard.place, wizard.focused) == ("connect", "login.secret"), (
            "the account and the user are known"
        )
        await wizard.press(*"demo-secret", "enter", "enter", "enter")
        assert wizard.workflow.is_connected, wizard.text
        await wizard.press("enter")
        assert wizard.place == "review", "where one wanted to be"
        for key in ("messaging_app.callback_password", "voice_app.callback_password"):
            await wizard.press("enter")
            assert wizard.focused == key
            assert wizard.said_at(key).startswith(
                "! The password that goes with the callback user is needed."
            )
            await wizard.press(*"Your-Password")
            assert wizard.said_at(key) == ""
            await wizard.go("review")
        assert len(wizard.plan) == len(wanted_steps(guide_answers()))


@pytest.mark.parametrize("step", WRITES)
async def test_a_run_that_stopped_at_any_step_goes_on_from_there(harness: WizardHarness, step: str) -> None:
    harness.fail(fault_at(step, "answer", status=400, body=error("99999")))
    async with connected(harness) as wizard:
        await say_yes(wizard)
        assert wizard.place == "apply"
        run = wizard.workflow.draft.run
        assert wizard.rail[step] == PlaceStatus.PROBLEM.sign
        await leave(wizard)
    async with harness.show(answers=SECRETS) as wizard:
        assert wizard.place == "apply"
        assert wizard.workflow.draft.run == run
        assert wizard.rail[step] == PlaceStatus.PROBLEM.sign
        assert wizard.says(f"! {TITLES[step]}")
        await wizard.press_shown("Look again")
        assert wizard.place == "connect"
        assert wizard.says("Found and used: credentials of demo"), wizard.text
        assert not wizard.says("secrets are not saved"), "this one was found"
        await wizard.press("enter", "enter")
        assert wizard.place == "review"
        await say_yes(wizard, order=True if step in ("site", "sippeer", "number") else None)
        await assert_done(harness, wizard)


@pytest.mark.parametrize(
    "is_filled", [True, False], ids=["filled meanwhile", "filled while it is waited for"]
)
@pytest.mark.parametrize("platform", ["legacy", "universal"])
async def test_killed_while_its_order_is_under_way_one_more_apply_does_all_that_was_left(
    harness: WizardHarness, platform: Literal["legacy", "universal"], *, is_filled: bool
) -> None:
    settings = replace(
        harness.settings, platform=platform, order_seconds=3600, switches=Switches(tn_option_seconds=0)
    )
    harness = WizardHarness(folder=harness.folder, settings=settings, on_disk=True)
    answers = guide_answers(account__platform=platform, campaign__id=CAMPAIGN)
    async with connected(harness, answers) as wizard:
        await until_the_order_is_received(wizard)
        killed = harness.file.load()
    assert killed
    harness.file.save(killed)  # nothing of its end was written
    [order] = harness.account.orders.values()
    order.due = 0.0 if is_filled else order.due
    async with harness.show() as wizard:
        assert wizard.place == "apply"
        assert not wizard.says("none was ordered"), wizard.text
        assert "[ Look again ]" in wizard.text, "nothing more costs money"
    async with connected(harness, SECRETS) as wizard:
        assert ("waiting" in dict(wizard.plan)) is not is_filled, wizard.text
        wizard.send("ctrl+n")
        await wizard.until(lambda: wizard.app.screen.is_modal, "the question")
        await wizard.settled()
        assert "costs money" not in asked(wizard), "it was agreed to when it was ordered"
        wizard.send("enter")
        await wizard.until(lambda: wizard.place == "apply", "the run")
        order.due = 0.0
        await wizard.until(lambda: wizard.place == "done", "the end of all")
        await wizard.until(lambda: wizard.workflow.is_proven, "the proof")
        await wizard.settled()
    assert len(harness.account.orders) == 1


async def test_after_it_is_done_it_opens_on_done_and_can_prove_it_again(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await say_yes(wizard)
        assert wizard.place == "done"
        run = wizard.workflow.draft.run
        await wizard.press_shown("Finish")
        assert wizard.app.return_value == Exit.DONE
    async with harness.show() as wizard:
        assert (wizard.place, wizard.workflow.draft.run) == ("done", run)
        assert wizard.says("Everything was done and read back earlier. Connect first; then V reads")
        assert "✓ Sub-account           read before" in wizard.text
        assert wizard.says(run.outputs["messaging_app_id"])
        assert "▸ [ Connect ]" in wizard.text
        await wizard.press("enter")
        assert wizard.place == "connect"
        await wizard.press("enter")
        await wizard.until(lambda: wizard.workflow.is_connected, "the connection")
        await wizard.settled()
        await wizard.press("enter")
        assert (wizard.place, "[ Connect ]" in wizard.text) == ("done", False)
        await wizard.press("v")
        await wizard.until(lambda: wizard.workflow.is_proven, "the proof")
        await wizard.settled()
        assert re.search(r"Everything was read back at \d\d:\d\d:\d\d\.", wizard.words)
