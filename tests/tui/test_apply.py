"""Apply shows what is happening while it happens, and can be left at any moment."""

from dataclasses import replace

import pytest

from bwtui.api.client import Timeouts
from bwtui.exits import Exit
from bwtui.tui.places import APPLY, CONNECT, DONE, REVIEW
from support.apply_screen import (
    SECRETS,
    Gate,
    assert_done,
    connected,
    line,
    placed,
    say_yes,
    send_yes,
)
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


async def test_each_event_is_shown_as_it_happens(harness: WizardHarness) -> None:
    gate = Gate(harness, "POST", "/orders")
    async with connected(harness) as wizard:
        await send_yes(wizard)
        await wizard.until(
            lambda: gate.held and line(wizard, "voice_link").startswith("✓"), "all but the order"
        )
        outputs = harness.run.outputs
        assert outputs["site_id"] in line(wizard, "site")
        assert outputs["sippeer_id"] in line(wizard, "sippeer")
        assert line(wizard, "sms").split()[:2] == ["✓", "done"]
        assert line(wizard, "number").split() == ["…", "started", "Phone", "number"]
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
        await send_yes(wizard)
        await wizard.until(
            lambda: gate.held and line(wizard, "voice_link").startswith("✓"), "all but the order"
        )
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


# --- Leaving -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["l", "ctrl+c"])
async def test_leaving_during_apply_asks_and_lets_what_is_under_way_come_to_its_end(
    harness: WizardHarness, key: str
) -> None:
    gate = Gate(harness, "POST", "/orders")
    async with connected(harness) as wizard:
        await send_yes(wizard)
        await wizard.until(
            lambda: gate.held and line(wizard, "voice_link").startswith("✓"), "all but the order"
        )
        wizard.send(key)
        await wizard.until(
            lambda: wizard.says("Stop here? What is under way comes to its end;"), "a question"
        )
        assert wizard.says("Go on later with: bwtui")
        wizard.send("enter")
        await wizard.until(lambda: not wizard.says("Stop here?"), "no: the run goes on")
        assert wizard.app.is_running
        wizard.send(key)
        await wizard.until(lambda: wizard.says("Stop here?"), "a question")
        wizard.send("y")
        await wizard.until(
            lambda: wizard.says("Stopping after the request under way, up to 2 s;"),
            "that it is stopping",
        )
        gate.open()
        await wizard.until(lambda: not wizard.app.is_running, "the end")
        assert wizard.app.return_value == Exit.INTERRUPTED
    assert await placed(harness) == 1
    async with connected(harness, SECRETS) as wizard:
        assert ("keep", "Phone number") in wizard.plan
        await wizard.press("ctrl+n")
        await assert_done(harness, wizard)


async def test_leaving_while_an_order_waits_for_the_rate_limit_sends_it_never(harness: WizardHarness) -> None:
    harness.timing = Timeouts()
    async with connected(harness) as wizard:
        harness.fail(
            '[[fault]]\nmethod = "POST"\npath = "/accounts/*/orders"\naction = "answer"\nstatus = 429\n'
            'headers = { "Retry-After" = "100" }'
        )
        await send_yes(wizard)
        await wizard.until(lambda: wizard.says("waiting 100 s"), "that it waits")
        wizard.send("ctrl+c")
        await wizard.until(lambda: wizard.says("Stop here?"), "a question")
        wizard.send("y")
        await wizard.until(lambda: not wizard.app.is_running, "the end")
    assert await placed(harness) == 1, "the one that was refused"
    assert not (await harness.state())["orders"]
    harness.fail("")
    async with connected(harness, SECRETS) as wizard:
        assert ("new", "Phone number") in wizard.plan


async def test_leaving_at_once_during_apply_loses_nothing(harness: WizardHarness) -> None:
    gate = Gate(harness, "POST", "/orders")
    async with connected(harness) as wizard:
        await send_yes(wizard)
        await wizard.until(
            lambda: gate.held and line(wizard, "voice_link").startswith("✓"), "all but the order"
        )
        wizard.send("ctrl+c", "ctrl+c")
        await wizard.until(lambda: not wizard.app.is_running, "the end")
        assert wizard.app.return_value == Exit.INTERRUPTED
    gate.open()
    async with connected(harness, SECRETS) as wizard:
        await say_yes(wizard)
        await assert_done(harness, wizard)


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
        assert wizard.says("0 of 9 actions write to the account."), "it has looked again"
        assert {verdict for verdict, _ in wizard.plan} == {"keep"}
        await wizard.press("ctrl+n")
        await assert_done(harness, wizard)


async def test_an_order_in_progress_is_left_and_found_again_without_a_second_one(
    harness: WizardHarness,
) -> None:
    harness.account.settings = replace(harness.settings, order_seconds=3600)
    async with connected(harness) as wizard:
        await send_yes(wizard)
        await wizard.until(lambda: "RECEIVED" in line(wizard, "number"), "the order's status")
        [order] = (await harness.state())["orders"]
        assert order["id"] in line(wizard, "number"), "in full"
        wizard.send("l", "y")
        await wizard.until(lambda: not wizard.app.is_running, "the end")
    harness.account.orders[order["id"]].due = 0.0
    async with harness.show(answers=SECRETS) as wizard:
        assert wizard.place == APPLY
        assert line(wizard, "number").startswith("… RECEIVED")
        assert order["id"] in line(wizard, "number"), "in full"
        await wizard.press_shown("Retry")
        assert wizard.place == CONNECT
        await wizard.press("enter", "ctrl+n")
        assert wizard.place == REVIEW
        await wizard.press("ctrl+n")
        await assert_done(harness, wizard)
    assert await placed(harness) == 1


async def test_an_order_that_is_still_in_progress_is_watched_by_the_next_wizard(
    harness: WizardHarness,
) -> None:
    harness.account.settings = replace(harness.settings, order_seconds=3600)
    async with connected(harness) as wizard:
        await send_yes(wizard)
        await wizard.until(lambda: "RECEIVED" in line(wizard, "number"), "the order's status")
        wizard.send("l", "y")
        await wizard.until(lambda: not wizard.app.is_running, "the end")
    async with connected(harness, SECRETS) as wizard:
        assert ("wait", "Phone number") in wizard.plan
        assert wizard.says("its order is under way")
        assert not wizard.says("costs money"), "it was paid for already"
        left = len([verdict for verdict, _ in wizard.plan if verdict == "new"])
        assert wizard.says(f"{left} of 9 actions write to the account. What is done stays done.")
        wizard.send("ctrl+n")
        if left:
            await wizard.until(lambda: wizard.says("exactly as shown"), "the question")
            wizard.send("y")
        await wizard.until(
            lambda: wizard.place == APPLY and wizard.says("1 s Setting up"), "it is being watched"
        )
        [order] = harness.account.orders.values()
        order.due = 0.0
        await wizard.settled()
        await assert_done(harness, wizard)
    assert await placed(harness) == 1


async def test_nothing_is_ordered_unless_one_says_so_and_everything_else_is_set_up(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        await wizard.press("ctrl+n")
        assert wizard.says("Order +1 (919)")
        assert wizard.says("This costs money."), wizard.text
        await wizard.press("enter")
        assert wizard.place == APPLY
        assert await placed(harness) == 0
        assert wizard.says("All but the number is set up, and none was ordered.")
        done = [
            line(wizard, step).split()[0]
            for step in ("site", "sippeer", "sms", "mms", "messaging_link", "voice_link")
        ]
        assert done == ["✓"] * 6
        await wizard.press_shown("Retry")
        assert wizard.plan.count(("new", "Phone number")) == 1
        await say_yes(wizard)
        await assert_done(harness, wizard)


async def test_what_was_declined_can_be_done_without(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await say_yes(wizard, order=False)
        await wizard.press_shown("Skip")
        assert wizard.place == REVIEW
        assert "Phone number" not in [title for _, title in wizard.plan]
        await wizard.press("ctrl+n")
        assert wizard.place == DONE
        assert wizard.says("✓ Done.")
        assert (await harness.state())["orders"] == []
