"""Start from what is there: after the test of the connection, the answers become those of what is on the account."""

from bwtui.domain.planning.actions import Verdict
from bwtui.tui.widgets.button import LineButton
from support.apply_screen import Gate, connected
from support.wizard_pilot import ShownWizard, WizardHarness
from support.write_faults import SITE, made_elsewhere


def _offer(wizard: ShownWizard) -> LineButton:
    return wizard.screen.query_one("#start-from", LineButton)


async def _press_it(wizard: ShownWizard) -> None:
    _offer(wizard).focus()
    await wizard.press("enter")


async def _of_another(harness: WizardHarness) -> None:
    """Have a whole setup made by another bwtui, of which this one knows nothing."""
    assert (await harness.apply()).exit == 0
    harness.file.path.unlink()


async def test_an_account_that_has_nothing_offers_nothing_to_start_from(harness: WizardHarness) -> None:
    async with connected(harness, at="connect") as wizard:
        assert not _offer(wizard).display


async def test_what_is_there_becomes_the_answers_and_review_keeps_everything(harness: WizardHarness) -> None:
    await _of_another(harness)
    await harness.forget_log()
    async with connected(harness, at="connect") as wizard:
        assert wizard.says("[ Next ] [ Start from what is there ]"), wizard.text
        await _press_it(wizard)
        assert wizard.says("RequestedCallbackTypes/CallbackType: message-failed"), wizard.text
        await wizard.press("escape")
        assert wizard.says("The answers are now those of what is there, with +1 (919)"), wizard.text
        assert wizard.focused == "test"
        state = await harness.state()
        assert wizard.answer("site.use") == state["sites"][0]["id"]
        await wizard.go("review")
        assert {verdict for verdict, _ in wizard.plan} == {Verdict.KEEP}, wizard.text
    assert await harness.writes() == []


async def test_where_there_are_several_sub_accounts_one_is_chosen_and_escape_changes_nothing(
    harness: WizardHarness,
) -> None:
    await _of_another(harness)
    await made_elsewhere(harness, "/sites", SITE.format("x").replace("SetupTest", "Other"))
    async with connected(harness, at="connect") as wizard:
        answers = wizard.workflow.draft.answers
        await _press_it(wizard)
        assert wizard.says("Which sub-account?"), wizard.text
        await wizard.press("escape")
        assert wizard.workflow.draft.answers == answers
        await _press_it(wizard)
        await wizard.press("home", "enter")
        await wizard.press("escape")
        assert wizard.answer("site.use"), wizard.text


async def test_a_look_that_was_left_asks_nothing_and_changes_nothing(harness: WizardHarness) -> None:
    await _of_another(harness)
    gate = Gate(harness, "GET", "/sippeers")
    gate.open()
    async with connected(harness, at="connect") as wizard:
        gate.close()
        answers = wizard.workflow.draft.answers
        _offer(wizard).focus()
        wizard.send("enter")
        await wizard.until(lambda: gate.held, "it looks")
        await wizard.press("escape")
        assert wizard.place == "connect"
        assert wizard.says("The look was cancelled."), wizard.text
        gate.open()
        await wizard.press("escape")
        assert wizard.place != "connect"
        assert wizard.app.screen is wizard.screen, wizard.text
        assert wizard.workflow.draft.answers == answers
