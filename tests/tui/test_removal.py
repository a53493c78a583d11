"""Done removes what the setup has made: shown first, agreed to, numbers with their own word."""

from pathlib import Path

import pytest

from bwtui.tui.places import DONE, REVIEW
from bwtui.tui.screens.base import Go
from bwtui.tui.widgets.header_footer import TextLine
from support.apply_screen import SECRETS, Gate, connected, done
from support.listed_copies import with_a_copy
from support.wizard_pilot import ShownWizard, WizardHarness


async def test_what_was_made_is_removed_once_the_word_is_typed(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        copy = with_a_copy(harness.account)
        await wizard.press("x")
        await wizard.until(lambda: wizard.says("cannot be undone"), "the word is asked for")
        await wizard.press(*"release", "enter")
        await wizard.until(lambda: wizard.says("Location: remove"), "the plan is shown")
        await wizard.press("y")
        await wizard.until(lambda: wizard.workflow.draft.run.is_removed, "everything is removed")
        await wizard.until(
            lambda: wizard.says("Everything that this setup knows to have made is removed"), "it is told"
        )
        assert wizard.says(copy)
        await wizard.settled()
        assert not {"Env", "JSON", "Curl script", "Runbook", "Verify", "Remove"} & wizard.keys.keys()
    assert not harness.account.sites
    assert list(harness.account.applications) == [copy]
    assert not harness.account.held()


async def test_escape_and_no_remove_nothing(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        await wizard.press("x")
        await wizard.until(lambda: wizard.says("cannot be undone"), "the word is asked for")
        await wizard.press("escape")
        await wizard.until(lambda: wizard.says("Nothing was removed"), "it is told")
        await wizard.press("x")
        await wizard.until(lambda: wizard.says("cannot be undone"), "the word is asked for")
        assert not wizard.screen.query_one("#help", TextLine).content, "another removal has begun"
        await wizard.press("enter")
        await wizard.until(lambda: wizard.says("SMS: leave"), "the plan is shown")
        await wizard.press("n")
        await wizard.until(lambda: wizard.says("Nothing was removed"), "it is told")
    assert harness.account.sites
    assert harness.account.held()


async def test_after_a_removal_in_part_done_says_what_is_still_there_and_how_to_go_on(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        await wizard.press("x")
        await wizard.until(lambda: wizard.says("cannot be undone"), "the word is asked for")
        await wizard.press("enter")
        await wizard.until(lambda: wizard.says("SMS: leave"), "the plan is shown")
        await wizard.press("y")
        await wizard.until(lambda: wizard.workflow.draft.run.is_being_removed, "some of it is removed")
        await wizard.settled()
        told = "This setup is being removed. Still there: Sub-account, Location, "
        assert wizard.says(told), wizard.text
        assert wizard.says("X removes the rest. Without the wizard: bwtui teardown"), wizard.text
        assert wizard.says("= Phone number still there"), wizard.text
        assert "✓ MMS" not in wizard.text, "green is done, not removed"
        assert "T tries them here" not in wizard.text


# --- While it looks ----------------------------------------------------------------------------------------------


async def begin_to_look(wizard: ShownWizard, gate: Gate) -> None:
    """Let Remove look, and hold its look."""
    gate.close()
    wizard.send("x")
    await wizard.until(lambda: gate.held, "it looks")


async def test_escape_cancels_the_look_and_nothing_is_asked_on_another_screen(
    harness: WizardHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    gate = Gate(harness, "GET", "/accounts/9900000")
    gate.open()
    async with connected(harness) as wizard:
        await done(wizard)
        await begin_to_look(wizard, gate)
        assert wizard.keys == {"Cancel": "escape", "Leave": "ctrl+c"}, wizard.text
        wizard.send(*"release", "f1", "ctrl+g")
        await wizard.until(lambda: wizard.app.is_quiet)
        assert wizard.app.screen is wizard.screen, "no key opens anything"
        await wizard.press("escape")
        assert wizard.place == DONE
        assert wizard.says("The look was cancelled. Nothing was changed."), wizard.text
        gate.open()
        await wizard.press("escape")
        assert wizard.place == "apply"
        assert wizard.app.screen is wizard.screen, wizard.text
        await wizard.go(DONE)
        assert wizard.says("✓ Set up."), wizard.text


@pytest.mark.parametrize("at", [DONE, "connect"], ids=["first screen", "later screen"])
async def test_leaving_the_screen_ends_the_look(harness: WizardHarness, at: str) -> None:
    gate = Gate(harness, "GET", "/accounts/9900000")
    gate.open()
    async with connected(harness) as wizard:
        await done(wizard)
    async with harness.show(answers=SECRETS, at=at) as wizard:
        await wizard.workflow.connect()
        await wizard.go(DONE)
        await begin_to_look(wizard, gate)
        wizard.app.screen.post_message(Go(REVIEW))
        await wizard.until(lambda: wizard.place == REVIEW)
        gate.open()
        await wizard.settled()
        assert wizard.app.screen is wizard.screen, wizard.text
        assert wizard.plan, wizard.text


async def test_a_question_whether_to_leave_ends_the_look(harness: WizardHarness) -> None:
    gate = Gate(harness, "GET", "/accounts/9900000")
    gate.open()
    async with connected(harness) as wizard:
        await done(wizard)
        await begin_to_look(wizard, gate)
        await wizard.press("ctrl+c")
        gate.open()
        await wizard.press("n")
        assert wizard.app.screen is wizard.screen, wizard.text
        assert wizard.says("The look was cancelled."), wizard.text
