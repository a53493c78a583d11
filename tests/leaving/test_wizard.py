"""Leaving the wizard, at any screen and in the middle of Apply."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

import pytest
from textual import events

from bwtui.api.client import Timeouts
from bwtui.credentials import Login
from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import STEPS
from bwtui.domain.values.documents import OnExchange, OnWait
from bwtui.domain.values.text import counted
from bwtui.exits import Exit
from bwtui.services import Services
from bwtui.tui.places import APPLY, CONNECT, REVIEW, walk
from bwtui.tui.screens.base import Go
from bwtui.tui.workflow import Phase
from support.apply_screen import (
    EVERYTHING,
    SECRETS,
    Gate,
    assert_done,
    connected,
    done,
    line,
    placed,
    say_yes,
    send_yes,
    until_all_but_the_order,
    until_the_order_is_received,
)
from support.guide import guide_answers
from support.wizard_pilot import LOGIN, ShownWizard, WizardHarness


@pytest.mark.parametrize("forwarded", [False, True], ids=["from the keyboard", "on its way between widgets"])
async def test_a_key_that_comes_when_the_screens_are_gone_is_dropped(
    harness: WizardHarness, *, forwarded: bool
) -> None:
    async with harness.show() as wizard:
        app = wizard.app
        await wizard.press("ctrl+c", "ctrl+c")
    key = events.Key("x", "x")
    if forwarded:
        key._set_forwarded()
    with app._context():
        await app.on_event(key)


@pytest.mark.parametrize("place", walk(guide_answers()))
async def test_a_screen_that_opens_while_it_is_left_breaks_nothing(
    harness: WizardHarness, place: str
) -> None:
    async with harness.show(answers=guide_answers()) as wizard:
        wizard.app.exit(Exit.INTERRUPTED)
        wizard.app.post_message(Go(place))
        await wizard.until(lambda: not wizard.app.is_running, "the end")
    assert wizard.app.return_value == Exit.INTERRUPTED


# --- While it connects ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [("ctrl+c", "y"), ("ctrl+c", "ctrl+c")], ids=["asked", "at once"])
async def test_leaving_while_it_connects_waits_for_no_answer_and_closes_the_connection(
    harness: WizardHarness, keys: tuple[str, ...]
) -> None:
    harness.login = LOGIN
    gate = Gate(harness, "GET", "/accounts/9900000")
    async with harness.show(answers=EVERYTHING, at=CONNECT) as wizard:
        connections = Connections(wizard)
        wizard.send("enter")
        await wizard.until(lambda: gate.held, "a look at the account")
        assert connections.open == 1
        wizard.send(*keys)
        await wizard.until(lambda: not wizard.app.is_running, "the end")
        assert wizard.app.return_value == Exit.INTERRUPTED
        await wizard.until(lambda: connections.open == 0, "a closed connection")
    assert await harness.writes() == []


async def test_a_stop_while_it_connects_breaks_the_look_off_and_it_stays_unconnected(
    harness: WizardHarness,
) -> None:
    harness.login = LOGIN
    gate = Gate(harness, "GET", "/accounts/9900000")
    async with harness.show(answers=EVERYTHING, at=CONNECT) as wizard:
        connections = Connections(wizard)
        wizard.send("enter")
        await wizard.until(lambda: gate.held, "a look at the account")
        wizard.workflow.stop()
        await wizard.until(lambda: wizard.workflow.phase is Phase.IDLE, "the end of the look")
        assert connections.open == 0
        assert not wizard.workflow.is_connected
        assert wizard.workflow.problem is None, "to leave is no problem"


class Connections:
    """Counts a wizard's connections."""

    def __init__(self, wizard: ShownWizard) -> None:
        self.open = 0
        self._connect = wizard.workflow.host.connect
        wizard.workflow.host.connect = self._counted  # type: ignore[method-assign]

    @asynccontextmanager
    async def _counted(
        self, login: Login, answers: Answers, on_exchange: OnExchange, on_wait: OnWait
    ) -> AsyncIterator[Services]:
        async with self._connect(login, answers, on_exchange, on_wait) as services:
            self.open += 1
            try:
                yield services
            finally:
                self.open -= 1


# --- During Apply ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["l", "ctrl+c"])
async def test_leaving_during_apply_asks_and_lets_what_is_under_way_come_to_its_end(
    harness: WizardHarness, key: str
) -> None:
    gate = Gate(harness, "POST", "/orders")
    async with connected(harness) as wizard:
        await until_all_but_the_order(wizard, gate)
        wizard.send(key)
        await wizard.until(
            lambda: wizard.says("Stop here? What is under way is finished first;"), "a question"
        )
        assert wizard.says("Continue later with: bwtui")
        wizard.send("enter")
        await wizard.until(lambda: not wizard.says("Stop here?"), "no: the run goes on")
        assert wizard.app.is_running
        wizard.send(key)
        await wizard.until(lambda: wizard.says("Stop here?"), "a question")
        wizard.send("y")
        await wizard.until(
            lambda: wizard.says("Stopping after the request under way, up to "),
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


async def test_leaving_while_an_order_waits_for_the_rate_limit_never_sends_it(harness: WizardHarness) -> None:
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
        assert ("order", "Phone number") in wizard.plan


async def test_leaving_at_once_during_apply_loses_nothing(harness: WizardHarness) -> None:
    gate = Gate(harness, "POST", "/orders")
    async with connected(harness) as wizard:
        await until_all_but_the_order(wizard, gate)
        wizard.send("ctrl+c", "ctrl+c")
        await wizard.until(lambda: not wizard.app.is_running, "the end")
        assert wizard.app.return_value == Exit.INTERRUPTED
    gate.open()
    async with connected(harness, SECRETS) as wizard:
        await say_yes(wizard)
        await assert_done(harness, wizard)


async def test_an_order_in_progress_is_left_and_found_again_without_a_second_one(
    harness: WizardHarness,
) -> None:
    harness.account.settings = replace(harness.settings, order_seconds=3600)
    async with connected(harness) as wizard:
        await until_the_order_is_received(wizard)
        [order] = (await harness.state())["orders"]
        assert order["id"] in line(wizard, "number"), "in full"
        wizard.send("l", "y")
        await wizard.until(lambda: not wizard.app.is_running, "the end")
    harness.account.orders[order["id"]].due = 0.0
    async with harness.show(answers=SECRETS) as wizard:
        assert wizard.place == APPLY
        assert line(wizard, "number").startswith("… waiting")
        assert order["id"] in line(wizard, "number"), "in full"
        await wizard.press_shown("Look again")
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
        await until_the_order_is_received(wizard)
        wizard.send("l", "y")
        await wizard.until(lambda: not wizard.app.is_running, "the end")
    async with connected(harness, SECRETS) as wizard:
        assert ("waiting", "Phone number") in wizard.plan
        assert wizard.says("its order is under way")
        assert not wizard.says("costs money"), "it was paid for already"
        left = len(
            [verdict for verdict, _ in wizard.plan if verdict in {"order", *(step.verb for step in STEPS)}]
        )
        changes = counted(left, "change") if left else "No changes"
        assert wizard.says(
            f"{changes} to the account (legacy platform). What was under way was looked for first."
        ), wizard.text
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


# --- When everything is done -------------------------------------------------------------------------------------


@pytest.mark.parametrize("keys", [("q",), ("ctrl+c", "y"), ("ctrl+c", "ctrl+c"), ("ctrl+q", "ctrl+q")])
async def test_leaving_when_it_is_proven_is_success(harness: WizardHarness, keys: tuple[str, ...]) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        await wizard.press(*keys)
        assert wizard.app.return_value == Exit.DONE


async def test_ctrl_c_asks_when_it_is_proven_too(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        await wizard.press("ctrl+c")
        assert wizard.says("Leave? Everything is done and was read back.")
        await wizard.press("escape")
        assert (wizard.place, wizard.app.return_value) == ("done", None)
