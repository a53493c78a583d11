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
from support.wizard_pilot import Show, Stage


async def test_steps_that_do_not_wait_for_one_another_are_shown_at_work_at_once(stage: Stage) -> None:
    gate = Gate(stage, "POST", "/sites", "/applications")
    async with connected(stage) as show:
        await send_yes(show)
        await show.until(lambda: len(gate.held) == 3, "three requests at once")
        at_once = ("site", "messaging_app", "voice_app")
        await show.until(
            lambda: all(line(show, step).startswith("… ") for step in at_once), "what is under way"
        )
        assert line(show, "sippeer").startswith("○ to do")
        await show.until(lambda: show.says("1 s Setting up"), "the time that it takes")
        gate.open()
        await show.settled()
        await assert_done(stage, show)


async def test_each_event_is_shown_as_it_happens(stage: Stage) -> None:
    gate = Gate(stage, "POST", "/orders")
    async with connected(stage) as show:
        await send_yes(show)
        await show.until(lambda: gate.held and line(show, "voice_link").startswith("✓"), "all but the order")
        outputs = stage.run.outputs
        assert outputs["site_id"] in line(show, "site")
        assert outputs["sippeer_id"] in line(show, "sippeer")
        assert line(show, "sms").split()[:2] == ["✓", "done"]
        assert line(show, "number").split() == ["…", "started", "Phone", "number"]
        gate.open()
        await show.settled()
        await show.press("escape")
        assert show.place == APPLY, "Back from Done leads here, and not to Done again"
        assert show.says("Everything is done. Enter shows the proof.")
        assert "+1 (919)" in line(show, "number")
        await show.press("enter")
        assert show.place == DONE


async def test_enter_on_a_step_shows_its_requests_and_replies_without_secrets(stage: Stage) -> None:
    gate = Gate(stage, "POST", "/orders")
    async with connected(stage) as show:
        await send_yes(show)
        await show.until(lambda: gate.held and line(show, "voice_link").startswith("✓"), "all but the order")
        show.send("home", *["down"] * 7, "enter")
        await show.until(
            lambda: show.says("Voice application: requests and replies, the latest first"), "what was said"
        )
        assert show.says("POST https://api.bandwidth.com/api/accounts/9900000/applications")
        read = " ".join(await read_while_running(show))
        assert "<CallStatusCallbackUrl>https://yourSecureSite.com/callbacks/status" in read
        assert "<UserId>" in read
        assert "201, " in read
        assert f"<ApplicationId>{stage.run.outputs['voice_app_id']}" in read
        assert "Your-Password" not in read
        gate.open()
        await show.settled()
        assert show.says("Voice application: requests and replies"), "one is not interrupted by the end"
        await show.press("escape")
        await assert_done(stage, show)


async def read_while_running(show: Show) -> list[str]:
    reading = show.app.screen.query_one("#reading")
    lines: list[str] = []
    while True:
        lines += [line.strip() for line in show.shown(reading).splitlines()]
        top = reading.scroll_y
        if top >= reading.max_scroll_y:
            return lines
        show.send("pagedown")
        await show.until(lambda before=top: reading.scroll_y > before, "the next page")  # type: ignore[misc]


# --- Leaving -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["l", "ctrl+c"])
async def test_leaving_during_apply_asks_and_lets_what_is_under_way_come_to_its_end(
    stage: Stage, key: str
) -> None:
    gate = Gate(stage, "POST", "/orders")
    async with connected(stage) as show:
        await send_yes(show)
        await show.until(lambda: gate.held and line(show, "voice_link").startswith("✓"), "all but the order")
        show.send(key)
        await show.until(lambda: show.says("Stop here? What is under way comes to its end;"), "a question")
        assert show.says("Go on later with: bwtui")
        show.send("enter")
        await show.until(lambda: not show.says("Stop here?"), "no: the run goes on")
        assert show.app.is_running
        show.send(key)
        await show.until(lambda: show.says("Stop here?"), "a question")
        show.send("y")
        await show.until(
            lambda: show.says("Stopping after the request under way, up to 2 s;"),
            "that it is stopping",
        )
        gate.open()
        await show.until(lambda: not show.app.is_running, "the end")
        assert show.app.return_value == Exit.INTERRUPTED
    assert await placed(stage) == 1
    async with connected(stage, SECRETS) as show:
        assert ("keep", "Phone number") in show.plan
        await show.press("ctrl+n")
        await assert_done(stage, show)


async def test_leaving_while_an_order_waits_for_the_rate_limit_sends_it_never(stage: Stage) -> None:
    stage.timing = Timeouts()
    async with connected(stage) as show:
        stage.fail(
            '[[fault]]\nmethod = "POST"\npath = "/accounts/*/orders"\naction = "answer"\nstatus = 429\n'
            'headers = { "Retry-After" = "100" }'
        )
        await send_yes(show)
        await show.until(lambda: show.says("waiting 100 s"), "that it waits")
        show.send("ctrl+c")
        await show.until(lambda: show.says("Stop here?"), "a question")
        show.send("y")
        await show.until(lambda: not show.app.is_running, "the end")
    assert await placed(stage) == 1, "the one that was refused"
    assert not (await stage.state())["orders"]
    stage.fail("")
    async with connected(stage, SECRETS) as show:
        assert ("new", "Phone number") in show.plan


async def test_leaving_at_once_during_apply_loses_nothing(stage: Stage) -> None:
    gate = Gate(stage, "POST", "/orders")
    async with connected(stage) as show:
        await send_yes(show)
        await show.until(lambda: gate.held and line(show, "voice_link").startswith("✓"), "all but the order")
        show.send("ctrl+c", "ctrl+c")
        await show.until(lambda: not show.app.is_running, "the end")
        assert show.app.return_value == Exit.INTERRUPTED
    gate.open()
    async with connected(stage, SECRETS) as show:
        await say_yes(show)
        await assert_done(stage, show)


async def test_going_elsewhere_during_apply_starts_nothing_twice(stage: Stage) -> None:
    gate = Gate(stage, "POST", "/sites")
    async with connected(stage) as show:
        await send_yes(show)
        await show.until(lambda: gate.held and line(show, "voice_app").startswith("✓"), "a run under way")
        show.send("escape")
        await show.until(lambda: show.says("What was agreed to is being carried out."), "Review")
        assert show.place == REVIEW
        show.send("ctrl+n")
        await show.until(lambda: show.place == APPLY, "Apply")
        show.send("escape")
        await show.until(lambda: show.place == REVIEW, "Review")
        gate.open()
        await show.settled()
        assert show.says("0 of 9 actions write to the account."), "it has looked again"
        assert {verdict for verdict, _ in show.plan} == {"keep"}
        await show.press("ctrl+n")
        await assert_done(stage, show)


async def test_an_order_in_progress_is_left_and_found_again_without_a_second_one(stage: Stage) -> None:
    stage.account.settings = replace(stage.settings, order_seconds=3600)
    async with connected(stage) as show:
        await send_yes(show)
        await show.until(lambda: "RECEIVED" in line(show, "number"), "the order's status")
        [order] = (await stage.state())["orders"]
        assert order["id"] in line(show, "number"), "in full"
        show.send("l", "y")
        await show.until(lambda: not show.app.is_running, "the end")
    stage.account.orders[order["id"]].due = 0.0
    async with stage.show(answers=SECRETS) as show:
        assert show.place == APPLY
        assert line(show, "number").startswith("… RECEIVED")
        assert order["id"] in line(show, "number"), "in full"
        await show.press_shown("Retry")
        assert show.place == CONNECT
        await show.press("enter", "ctrl+n")
        assert show.place == REVIEW
        await show.press("ctrl+n")
        await assert_done(stage, show)
    assert await placed(stage) == 1


async def test_an_order_that_is_still_in_progress_is_watched_by_the_next_wizard(stage: Stage) -> None:
    stage.account.settings = replace(stage.settings, order_seconds=3600)
    async with connected(stage) as show:
        await send_yes(show)
        await show.until(lambda: "RECEIVED" in line(show, "number"), "the order's status")
        show.send("l", "y")
        await show.until(lambda: not show.app.is_running, "the end")
    async with connected(stage, SECRETS) as show:
        assert ("wait", "Phone number") in show.plan
        assert show.says("its order is under way")
        assert not show.says("costs money"), "it was paid for already"
        left = len([verdict for verdict, _ in show.plan if verdict == "new"])
        assert show.says(f"{left} of 9 actions write to the account. What is done stays done.")
        show.send("ctrl+n", "y")
        await show.until(lambda: show.place == APPLY and show.says("1 s Setting up"), "it is being watched")
        [order] = stage.account.orders.values()
        order.due = 0.0
        await show.settled()
        await assert_done(stage, show)
    assert await placed(stage) == 1


async def test_nothing_is_ordered_unless_one_says_so_and_everything_else_is_set_up(stage: Stage) -> None:
    async with connected(stage) as show:
        await show.press("ctrl+n", "y")
        assert show.says("Order +1 (919)")
        assert show.says("This costs money."), show.text
        await show.press("enter")
        assert show.place == APPLY
        assert await placed(stage) == 0
        assert show.says("All but the number is set up, and none was ordered.")
        done = [
            line(show, step).split()[0]
            for step in ("site", "sippeer", "sms", "mms", "messaging_link", "voice_link")
        ]
        assert done == ["✓"] * 6
        await show.press_shown("Retry")
        assert show.plan.count(("new", "Phone number")) == 1
        await say_yes(show)
        await assert_done(stage, show)


async def test_what_was_declined_can_be_done_without(stage: Stage) -> None:
    async with connected(stage) as show:
        await say_yes(show, order=False)
        await show.press_shown("Skip")
        assert show.place == REVIEW
        assert "Phone number" not in [title for _, title in show.plan]
        await show.press("ctrl+n")
        assert show.place == DONE
        assert show.says("✓ Done.")
        assert (await stage.state())["orders"] == []
