"""Apply shows what is happening while it happens."""

import time
from dataclasses import replace

from bwtui.tui.places import APPLY, DONE, REVIEW
from support.apply_screen import (
    Gate,
    asked,
    assert_done,
    connected,
    line,
    placed,
    say_yes,
    send_yes,
    until_all_but_the_order,
    until_the_order_is_received,
)
from support.guide import guide_answers
from support.wizard_pilot import ShownWizard, WizardHarness


async def test_steps_that_do_not_wait_for_one_another_are_shown_at_work_at_once(
    harness: WizardHarness,
) -> None:
    gate = Gate(harness, "POST", "/sites", "/applications")
    async with connected(harness) as wizard:
        await send_yes(wizard)
        await wizard.until(lambda: len(gate.held) == 3, "three requests at once")
        at_once = ("site", "messaging_app", "voice_app")
        await wizard.until(
            lambda: all(line(wizard, step).startswith("… ") for step in at_once), "what is under way"
        )
        assert line(wizard, "sippeer").startswith("○ to do")
        await wizard.until(lambda: wizard.says("1 s Setting up"), "the time that it takes")
        gate.open()
        await wizard.settled()
        await assert_done(harness, wizard)


async def test_what_is_done_is_not_waiting_although_the_end_of_its_order_was_not_heard(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        await say_yes(wizard)
        await assert_done(harness, wizard)
        draft = wizard.workflow.draft
        number = draft.run.step("number")
        unheard = number._replace(orders=(number.orders[-1]._replace(status="RECEIVED"),))
        draft.run = draft.run._replace(steps={**draft.run.steps, "number": unheard})
        await wizard.go(APPLY)
        assert line(wizard, "number").startswith("✓ done")


async def test_each_event_is_shown_as_it_happens(harness: WizardHarness) -> None:
    gate = Gate(harness, "POST", "/orders")
    async with connected(harness) as wizard:
        await until_all_but_the_order(wizard, gate)
        outputs = harness.run.outputs
        assert outputs["site_id"] in line(wizard, "site")
        assert outputs["sippeer_id"] in line(wizard, "sippeer")
        assert line(wizard, "sms").split()[:2] == ["✓", "done"]
        assert line(wizard, "number").split() == ["…", "running", "Phone", "number"]
        gate.open()
        await wizard.settled()
        await wizard.press("escape")
        assert wizard.place == APPLY, "Back from Done leads here, and not to Done again"
        assert wizard.says("Everything is done. Enter shows the proof.")
        assert "+1 (919)" in line(wizard, "number")
        await wizard.press("enter")
        assert wizard.place == DONE


async def test_enter_on_a_step_shows_its_requests_and_replies_without_secrets(harness: WizardHarness) -> None:
    gate = Gate(harness, "POST", "/orders")
    async with connected(harness) as wizard:
        await until_all_but_the_order(wizard, gate)
        wizard.send("home", *["down"] * 7, "enter")
        await wizard.until(
            lambda: wizard.says("Voice application: requests and replies, the latest first"), "what was said"
        )
        assert wizard.says("POST https://api.bandwidth.com/api/accounts/9900000/applications")
        read = " ".join(await read_while_running(wizard))
        assert "<CallStatusCallbackUrl>https://yourSecureSite.com/callbacks/status" in read
        assert "<UserId>" in read
        assert "201, " in read
        assert f"<ApplicationId>{harness.run.outputs['voice_app_id']}" in read
        assert "Your-Password" not in read
        gate.open()
        await wizard.settled()
        assert wizard.says("Voice application: requests and replies"), "one is not interrupted by the end"
        assert wizard.says("✓ All done: Esc shows the proof"), wizard.text
        await wizard.press("escape")
        await assert_done(harness, wizard)


async def read_while_running(wizard: ShownWizard) -> list[str]:
    """The text of a dialog, page by page: the next key goes once the next page is on the screen, not only scrolled to."""
    reading = wizard.app.screen.query_one("#reading")
    lines: list[str] = []
    while True:
        page = wizard.shown(reading)
        lines += [line.strip() for line in page.splitlines()]
        if reading.scroll_y >= reading.max_scroll_y:
            return lines
        wizard.send("pagedown")
        await wizard.until(lambda before=page: wizard.shown(reading) != before, "the next page")  # type: ignore[misc]


async def test_going_elsewhere_during_apply_starts_nothing_twice(harness: WizardHarness) -> None:
    gate = Gate(harness, "POST", "/sites")
    async with connected(harness) as wizard:
        await send_yes(wizard)
        await wizard.until(lambda: gate.held and line(wizard, "voice_app").startswith("✓"), "a run under way")
        wizard.send("escape")
        await wizard.until(lambda: wizard.says("What was agreed to is being carried out."), "Review")
        assert wizard.place == REVIEW
        wizard.send("ctrl+n")
        await wizard.until(lambda: wizard.place == APPLY, "Apply")
        wizard.send("escape")
        await wizard.until(lambda: wizard.place == REVIEW, "Review")
        gate.open()
        await wizard.settled()
        assert wizard.says("No changes to the account"), "it has looked again"
        assert {verdict for verdict, _ in wizard.plan} == {"keep"}
        await wizard.press("ctrl+n")
        await assert_done(harness, wizard)


async def test_nothing_is_ordered_unless_one_says_so_and_everything_else_is_set_up(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        await say_yes(wizard, order=False)
        assert await placed(harness) == 0
        assert wizard.says("No number was ordered. All else is set up")
        done = [
            line(wizard, step).split()[0]
            for step in ("site", "sippeer", "sms", "mms", "messaging_link", "voice_link")
        ]
        assert done == ["✓"] * 6
        await wizard.press_shown("Look again")
        assert wizard.plan.count(("order", "Phone number")) == 1
        await say_yes(wizard)
        await assert_done(harness, wizard)


async def test_what_was_declined_can_be_done_without(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await say_yes(wizard, order=False)
        assert wizard.says("▸ [ Look again and order $ ]"), wizard.text
        await wizard.press("s", "enter")
        assert wizard.place == APPLY, "it asks, and Enter does nothing"
        await wizard.press("s", "y")
        assert wizard.place == REVIEW
        assert "Phone number" not in [title for _, title in wizard.plan]
        await wizard.press("ctrl+n")
        assert wizard.place == DONE
        assert wizard.says("✓ Set up.")
        assert (await harness.state())["orders"] == []


async def test_on_a_small_terminal_the_step_that_runs_and_the_headline_are_in_sight(
    harness: WizardHarness,
) -> None:
    gate = Gate(harness, "POST", "/applications")
    async with connected(harness, size=(40, 12)) as wizard:
        await send_yes(wizard)
        await wizard.until(lambda: "Voice application" in wizard.text, "the step that runs")
        await wizard.until(lambda: wizard.says("Setting up"), "that something is under way")
        assert wizard.says("Enter on a step shows"), wizard.text
        gate.open()
        await wizard.settled()
        assert wizard.place == DONE
        assert wizard.says("✓ Set up."), wizard.text


async def test_the_time_of_a_number_is_that_from_its_order_to_its_arrival(harness: WizardHarness) -> None:
    harness.account.settings = replace(harness.settings, order_seconds=3600)
    async with connected(harness) as wizard:
        await until_the_order_is_received(wizard)
        started = wizard.workflow.draft.run.step("number").started_at
        await wizard.until(lambda: time.time() > started + 0.2, "some time")
        [order] = harness.account.orders.values()
        order.due = 0.0
        await wizard.until(lambda: wizard.workflow.is_proven, "the proof")
        await wizard.settled()
        await wizard.go(APPLY)
        assert float(line(wizard, "number").split()[2]) >= 0.2, wizard.text


async def test_the_only_way_on_has_the_focus_and_the_other_asks(harness: WizardHarness) -> None:
    settings = replace(harness.settings, platform="universal")
    harness = WizardHarness(folder=harness.folder, settings=settings)
    async with connected(harness, guide_answers(account__platform="universal")) as wizard:
        await say_yes(wizard, order=False)
        assert wizard.says("No number was ordered. All else is set up"), wizard.text
        assert wizard.says("▸ [ Look again and order $ ] [ Do without ]"), wizard.text
        await wizard.press("right", "enter")
        assert asked(wizard).startswith("Set up the rest without this: Phone number?")
        await wizard.press("y")
        await wizard.press("ctrl+n")
        assert wizard.place == DONE
        assert wizard.says("! There is no phone number: messages and calls need one."), wizard.text
