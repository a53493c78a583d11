"""Done removes what the setup has made: shown first, agreed to, numbers with their own word."""

from support.apply_screen import connected, done
from support.listed_copies import with_a_copy
from support.wizard_pilot import WizardHarness


async def test_what_was_made_is_removed_once_the_word_is_typed(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        copy = with_a_copy(harness.account)
        await wizard.press("r")
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
        await wizard.press("r")
        await wizard.until(lambda: wizard.says("cannot be undone"), "the word is asked for")
        await wizard.press("escape")
        await wizard.until(lambda: wizard.says("Nothing was removed"), "it is told")
        await wizard.press("r")
        await wizard.until(lambda: wizard.says("cannot be undone"), "the word is asked for")
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
        await wizard.press("r")
        await wizard.until(lambda: wizard.says("cannot be undone"), "the word is asked for")
        await wizard.press("enter")
        await wizard.until(lambda: wizard.says("SMS: leave"), "the plan is shown")
        await wizard.press("y")
        await wizard.until(lambda: wizard.workflow.draft.run.is_being_removed, "some of it is removed")
        await wizard.settled()
        told = "This setup is being removed. Still there: Sub-account, Location, "
        assert wizard.says(told), wizard.text
        assert wizard.says("R removes the rest. Without the wizard: bwtui teardown"), wizard.text
        assert wizard.says("= Phone number still there"), wizard.text
        assert "✓ MMS" not in wizard.text, "green is done, not removed"
        assert "T tries them here" not in wizard.text
