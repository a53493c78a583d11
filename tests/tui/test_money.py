"""The wizard asks for money when it is seen: what was typed before does not answer, and a late yes looks again."""

from pathlib import Path

import pytest

from bwtui.domain.planning.consent import FRESH
from bwtui.simulator.settings import Settings
from bwtui.tui.places import APPLY, DONE, REVIEW
from engine.test_agreed import OTHERS
from support.apply_screen import asked, assert_done, connected, is_asked_for_money, say_yes
from support.guide import guide_answers
from support.wizard_pilot import ShownWizard, WizardHarness
from support.write_faults import SITE, assert_finished, elsewhere


class Clock:
    """A clock for the wizard that a test sets."""

    def __init__(self, wizard: ShownWizard) -> None:
        self.now = 0.0
        assert wizard.workflow._look
        wizard.workflow._connection.setup.clock = lambda: self.now
        wizard.workflow._look = wizard.workflow._look._replace(taken_at=0.0)


@pytest.mark.parametrize("ahead", ["y", "n", "enter"])
async def test_keys_typed_before_the_question_about_money_was_seen_do_not_answer_it(
    harness: WizardHarness, ahead: str
) -> None:
    async with connected(harness) as wizard:
        wizard.send("ctrl+n", ahead, ahead)
        await wizard.until(lambda: is_asked_for_money(wizard), "the question about money")
        await wizard.settled()
        assert "This costs money." in asked(wizard)
        assert await harness.writes() == []
        await wizard.press("n")
        assert await harness.writes() == []


async def test_help_beside_the_money_says_what_is_ordered_and_where_its_price_is(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        await wizard.press("ctrl+n")
        assert "F1 Help" in wizard.text
        assert ") ] ▸ [" in wizard.text or ") ]   [" in wizard.text, wizard.text
        await wizard.press("f1")
        told = " ".join(" ".join(await wizard.read()).split())
        assert "Order +1 (" in told
        assert "Numbers cost money each month" in told
        assert "bwtui knows no price" in told
        assert "https://www.bandwidth.com/pricing/" in told
        await wizard.press("y", "escape")
        assert is_asked_for_money(wizard), "a key in the help is no answer"
        assert await harness.writes() == []


async def test_all_but_the_numbers_is_offered_only_while_there_is_something_else_to_do(
    tmp_path: Path,
) -> None:
    harness = WizardHarness(folder=tmp_path, settings=Settings(order_seconds=0, platform="universal"))
    async with connected(harness, guide_answers(account__platform="universal")) as wizard:
        await wizard.press("ctrl+n")
        assert "[ All but the numbers (w) ]" in wizard.text, wizard.text
        await wizard.press("w")
        assert wizard.place == APPLY, wizard.text
        assert (await harness.state())["orders"] == []
        await wizard.press_shown("Look again")
        await wizard.press("ctrl+n")
        assert "All but the numbers" not in wizard.text, "what is left waits for them"
        before = await harness.writes()
        await wizard.press("w", "n")
        assert await harness.writes() == before
        await wizard.press("ctrl+n", "enter")
        assert await harness.writes() == before
        await say_yes(wizard)
        assert wizard.place == DONE, wizard.text


@pytest.mark.parametrize("key", ["y", "w"])
async def test_a_yes_is_to_the_plan_that_was_shown_and_to_no_later_one(
    harness: WizardHarness, key: str
) -> None:
    async with connected(harness) as wizard:
        await wizard.press("ctrl+n")
        assert is_asked_for_money(wizard)
        wizard.workflow.draft.answer("number.quantity", "2")
        await wizard.workflow.look()
        assert len(wizard.workflow.numbers_to_order) == 2
        await wizard.press(key)
        assert await harness.writes() == []
        assert wizard.says("Something has changed since it was shown."), wizard.text


async def test_a_late_yes_looks_again_and_goes_on_where_nothing_has_changed(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        clock = Clock(wizard)
        agreed = wizard.workflow.numbers_to_order
        harness.fail(OTHERS)
        await wizard.press("ctrl+n")
        clock.now = FRESH + 1
        await harness.forget_log()
        await wizard.press("y")
        await assert_done(harness, wizard)
        log = [f"{entry['method']} {entry['path']}" for entry in await harness.log()]
        first_write = next(
            i for i, told in enumerate(log) if told.startswith(("POST", "PUT")) and "oauth2" not in told
        )
        assert any(told.endswith("/sites") for told in log[:first_write]), "it has looked again"
        assert harness.run.numbers == agreed
    await assert_finished(harness)


async def test_a_yes_in_time_is_not_delayed_by_another_look(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        clock = Clock(wizard)
        await wizard.press("ctrl+n")
        clock.now = FRESH - 1
        await harness.forget_log()
        await wizard.press("y")
        assert wizard.place == DONE
        assert "POST" in (await harness.log())[0]["method"]


async def test_a_late_yes_to_what_has_changed_is_asked_again(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        clock = Clock(wizard)
        await wizard.press("ctrl+n")
        await elsewhere(harness, "POST", "/sites", SITE.format("Somebody else was here"))
        clock.now = FRESH + 1
        before = await harness.writes()
        await wizard.press("y")
        assert wizard.place == REVIEW
        assert wizard.says("Something has changed since it was shown."), wizard.text
        assert ("conflict", "Sub-account") in wizard.plan
        assert await harness.writes() == before
