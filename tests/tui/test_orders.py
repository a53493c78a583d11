"""Orders cost money: however one ends, Apply says what was bought, and nothing is bought twice."""

from dataclasses import replace
from typing import Final

import pytest

from bwtui.tui.places import APPLY, DONE, REVIEW
from support.apply_screen import (
    SECRETS,
    asked,
    assert_done,
    connected,
    line,
    placed,
    retry,
    say_yes,
    send_yes,
    told,
)
from support.guide import guide_answers
from support.wizard_pilot import Show, Stage
from support.write_faults import error, fault, fault_at

NO_OTHER: Final = guide_answers(number__replace_taken="false")
TWO: Final = guide_answers(
    number__quantity="2", number__partial_allowed="true", number__replace_taken="false"
)
NOT_BOUGHT: Final = (
    "What the order did not get was not bought and costs nothing; what it did get is on the account."
)


@pytest.mark.parametrize(
    ("faults", "orders"),
    [
        pytest.param(fault("order", taken=1), 2, id="when the order is worked on"),
        pytest.param(fault_at("number", "answer", status=400, body=error("5005", "taken")), 1, id="at once"),
    ],
)
async def test_a_number_that_was_taken_is_replaced_by_another_of_the_same_search(
    stage: Stage, faults: str, orders: int
) -> None:
    async with connected(stage) as show:
        stage.fail(faults)
        await say_yes(show)
        await assert_done(stage, show, orders=orders)
    assert await placed(stage) == 2


async def test_a_taken_number_that_is_not_to_be_replaced_is_told_and_fix_leads_to_the_answer_that_replaces_it(
    stage: Stage,
) -> None:
    async with connected(stage, NO_OTHER) as show:
        stage.fail(fault("order", taken=1))
        await say_yes(show)
        assert show.place == APPLY
        assert line(show, "number").startswith("! failed")
        assert show.says("Somebody else was faster: the phone number can no longer be ordered."), show.text
        assert show.says(NOT_BOUGHT)
        await show.press_shown("Fix")
        assert (show.place, show.focused) == ("number", "number.replace_taken")
        assert "Somebody else was faster" in show.said_at("number.replace_taken")
        await show.choose("number.replace_taken", "true")
        assert show.said_at("number.replace_taken") == ""
        await show.go(REVIEW)
        await say_yes(show)
        await assert_done(stage, show, orders=2)


async def test_after_five_orders_for_nothing_it_stops_and_says_so(stage: Stage) -> None:
    async with connected(stage) as show:
        stage.fail(fault("order", taken=1, times=0))
        await say_yes(show)
        assert await placed(stage) == 5
        assert "5 orders in a row did not bring the numbers: somebody else was faster." in await told(show)
        stage.fail("")
        await retry(show, order=True)
        await assert_done(stage, show, orders=6)


async def test_a_failed_order_is_told_and_retry_asks_before_it_places_another(stage: Stage) -> None:
    async with connected(stage, NO_OTHER) as show:
        stage.fail(fault("order", outcome="FAILED"))
        await say_yes(show)
        assert show.place == APPLY
        assert show.says(NOT_BOUGHT), show.text
        assert "brought 0 of 1 numbers." in await told(show)
        await show.press_shown("Retry")
        await say_yes(show, order=False)
        assert show.place == APPLY
        assert await placed(stage) == 1, "it was declined"
        await retry(show, order=True)
        await assert_done(stage, show, orders=2)


async def test_what_a_partial_order_has_brought_is_shown_and_only_the_rest_is_ordered(stage: Stage) -> None:
    async with connected(stage, TWO) as show:
        stage.fail(fault("order", outcome="PARTIAL"))
        await say_yes(show)
        assert show.place == APPLY
        [brought] = show.workflow.draft.run.numbers
        assert f"+1 (919) {brought[3:6]}-{brought[6:]}" in line(show, "number"), "it is ours, and shown"
        assert show.says(NOT_BOUGHT), show.text
        assert "brought 1 of 2 numbers." in await told(show)
        await show.press_shown("Retry")
        assert show.says("One costs money: +1 (919)")
        await say_yes(show)
        await assert_done(stage, show, quantity=2, orders=2)
    second = (await stage.state())["orders"][1]
    assert second["quantity"] == 1
    assert brought not in second["requested"]


async def test_a_backordered_order_waits_and_is_never_placed_again(stage: Stage) -> None:
    async with connected(stage) as show:
        stage.fail(fault("order", outcome="BACKORDERED"))
        await say_yes(show)
        for _ in range(2):
            assert show.place == APPLY
            [order] = (await stage.state())["orders"]
            assert f"BACKORDERED     Phone number          {order['id']}" in line(show, "number")
            assert show.says("The order waits until Bandwidth has enough numbers."), show.text
            assert show.says("The order stays open, and is not placed again.")
            await retry(show)
        assert await placed(stage) == 1
        fill(stage)
        await retry(show)
        await assert_done(stage, show)
    assert await placed(stage) == 1


async def test_what_fails_while_an_order_is_watched_is_told_at_once(stage: Stage) -> None:
    stage.account.settings = replace(stage.settings, order_seconds=3600)
    async with connected(stage) as show:
        stage.fail(fault_at("voice_app", "answer", status=403, body=error("12150", "No voice")))
        await send_yes(show)
        await show.until(lambda: "RECEIVED" in line(show, "number"), "the order's status")
        told = "What failed can be retried when the rest has ended. You may leave (L) and come back."
        await show.until(lambda: show.says(told), "the refusal")
        assert line(show, "voice_app").startswith("!")
        assert show.says("! Voice application: The account has no HTTP voice.")
        assert "Retry" not in show.keys, "it is still under way"
        [order] = stage.account.orders.values()
        order.due = 0.0
        await show.until(lambda: "Retry" in show.keys, "the end of the rest")
        assert show.says("! Voice application: The account has no HTTP voice.")


async def test_an_order_that_may_still_be_filled_is_not_skipped_without_a_word(stage: Stage) -> None:
    async with connected(stage) as show:
        stage.fail(fault("order", outcome="BACKORDERED"))
        await say_yes(show)
        [order] = (await stage.state())["orders"]
        await show.press("s")
        assert asked(show).startswith(f"Do without a number? Order {order['id']} may be open at Bandwidth")
        await show.press("enter")
        assert show.place == APPLY
        await show.press("s", "y")
        assert show.place == REVIEW
        await show.press("ctrl+n")
        assert show.place == DONE


async def test_an_order_without_an_answer_that_was_never_placed_is_placed_once_by_the_next_wizard(
    stage: Stage,
) -> None:
    async with connected(stage) as show:
        stage.fail(fault_at("number", "cut-before"))
        await say_yes(show)
        assert show.says(
            "It is not known whether the order was placed; bwtui looks for it before trying again."
        )
    stage.fail("")
    async with connected(stage, SECRETS) as show:
        await say_yes(show)
        await assert_done(stage, show)


@pytest.mark.parametrize(
    "path", ["/accounts/*/orders", "/accounts/*/orders/*"], ids=["the list", "its status"]
)
async def test_an_order_that_cannot_be_looked_at_is_never_placed_again(stage: Stage, path: str) -> None:
    async with connected(stage) as show:
        stage.fail(fault_at("number", "cut-after") + fault("answer", method="GET", path=path, times=0))
        await say_yes(show)
        assert show.place == APPLY
        await show.press_shown("Retry")
        assert show.plan == [], "what cannot be looked at is not planned"
        assert show.says("! Bandwidth had an internal error. Nothing was changed: this was only a look.")
        assert await placed(stage) == 1
        stage.fail("")
        await show.press_shown("Look again")
        await show.press("ctrl+n")
        await finish(show)
        await assert_done(stage, show)
    assert await placed(stage) == 1


async def finish(show: Show) -> None:
    """Say yes if there is something to say it to, which must not cost money."""
    if show.place == REVIEW:
        assert not show.says("This costs money.")
        await show.press("y")


@pytest.mark.parametrize("quantity", [1, 3])
async def test_numbers_named_one_by_one_are_ordered_and_none_else(stage: Stage, quantity: int) -> None:
    wanted = [tn for tn, _ in stage.account.search({"areacode": "919"}, quantity)]
    answers = guide_answers(number__numbers=", ".join(wanted), number__area_code=None)
    async with connected(stage, answers) as show:
        await say_yes(show)
        await assert_done(stage, show, quantity=quantity)
    assert sorted((await stage.state())["orders"][0]["requested"]) == sorted(wanted)


async def test_a_number_that_is_named_and_taken_is_not_replaced_by_one_that_nobody_named(
    stage: Stage,
) -> None:
    wanted = [tn for tn, _ in stage.account.search({"areacode": "919"}, 1)]
    answers = guide_answers(number__numbers=wanted[0], number__area_code=None)
    async with connected(stage, answers) as show:
        stage.fail(fault("order", taken=1))
        await say_yes(show)
        assert show.place == APPLY
        assert show.says(NOT_BOUGHT), show.text
    assert await placed(stage) == 1


def fill(stage: Stage) -> None:
    """Bandwidth comes round to the orders that wait."""
    for waiting in stage.account.orders.values():
        waiting.forced, waiting.status, waiting.errors, waiting.due = None, "RECEIVED", [], 0.0
