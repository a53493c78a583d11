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
    told,
    until_the_order_is_received,
)
from support.guide import guide_answers
from support.wizard_pilot import ShownWizard, WizardHarness
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
    harness: WizardHarness, faults: str, orders: int
) -> None:
    async with connected(harness) as wizard:
        harness.fail(faults)
        await say_yes(wizard)
        await assert_done(harness, wizard, orders=orders)
    assert await placed(harness) == 2


async def test_a_taken_number_that_is_not_to_be_replaced_is_told_and_fix_leads_to_the_answer_that_replaces_it(
    harness: WizardHarness,
) -> None:
    async with connected(harness, NO_OTHER) as wizard:
        harness.fail(fault("order", taken=1))
        await say_yes(wizard)
        assert wizard.place == APPLY
        assert line(wizard, "number").startswith("! failed")
        assert wizard.says("Somebody else got the phone number first: it can no longer be ordered."), (
            wizard.text
        )
        assert wizard.says(NOT_BOUGHT)
        await wizard.press_shown("Fix")
        assert (wizard.place, wizard.focused) == ("number", "number.replace_taken")
        assert "Somebody else got the phone number first" in wizard.said_at("number.replace_taken")
        await wizard.choose("number.replace_taken", "true")
        assert wizard.said_at("number.replace_taken") == ""
        await wizard.go(REVIEW)
        await say_yes(wizard)
        await assert_done(harness, wizard, orders=2)


async def test_after_five_orders_for_nothing_it_stops_and_says_so(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        harness.fail(fault("order", taken=1, times=0))
        await say_yes(wizard)
        assert await placed(harness) == 5
        assert "5 orders in a row did not bring the numbers: somebody else was faster." in await told(wizard)
        harness.fail("")
        await retry(wizard, order=True)
        await assert_done(harness, wizard, orders=6)


async def test_a_failed_order_is_told_and_retry_asks_before_it_places_another(harness: WizardHarness) -> None:
    async with connected(harness, NO_OTHER) as wizard:
        harness.fail(fault("order", outcome="FAILED"))
        await say_yes(wizard)
        assert wizard.place == APPLY
        assert wizard.says(NOT_BOUGHT), wizard.text
        assert "brought 0 of 1 phone number." in await told(wizard)
        await wizard.press_shown("Look again")
        await wizard.press("ctrl+n", "n")
        assert wizard.place == REVIEW
        assert await placed(harness) == 1, "it was declined"
        await say_yes(wizard)
        await assert_done(harness, wizard, orders=2)


async def test_what_a_partial_order_has_brought_is_shown_and_only_the_rest_is_ordered(
    harness: WizardHarness,
) -> None:
    async with connected(harness, TWO) as wizard:
        harness.fail(fault("order", outcome="PARTIAL"))
        await say_yes(wizard)
        assert wizard.place == APPLY
        [brought] = wizard.workflow.draft.run.numbers
        assert f"+1 (919) {brought[3:6]}-{brought[6:]}" in line(wizard, "number"), "it is ours, and shown"
        assert wizard.says(NOT_BOUGHT), wizard.text
        assert "brought 1 of 2 phone numbers." in await told(wizard)
        await wizard.press_shown("Look again")
        assert wizard.says("1 phone number costs money: +1 (919)")
        await say_yes(wizard)
        await assert_done(harness, wizard, quantity=2, orders=2)
    second = (await harness.state())["orders"][1]
    assert second["quantity"] == 1
    assert brought not in second["requested"]


async def test_a_backordered_order_waits_and_is_never_placed_again(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        harness.fail(fault("order", outcome="BACKORDERED"))
        await say_yes(wizard)
        for _ in range(2):
            assert wizard.place == APPLY
            [order] = (await harness.state())["orders"]
            assert f"waiting         Phone number          {order['id']}" in line(wizard, "number")
            assert wizard.says("The order waits until Bandwidth has enough numbers."), wizard.text
            assert wizard.says("The order stays open, and is not placed again.")
            await retry(wizard)
        assert await placed(harness) == 1
        fill(harness)
        await retry(wizard)
        await assert_done(harness, wizard)
    assert await placed(harness) == 1


async def test_what_fails_while_an_order_is_watched_is_told_at_once(harness: WizardHarness) -> None:
    harness.account.settings = replace(harness.settings, order_seconds=3600)
    async with connected(harness) as wizard:
        harness.fail(fault_at("voice_app", "answer", status=403, body=error("12150", "No voice")))
        await until_the_order_is_received(wizard)
        told = "What failed can be retried when the rest has ended. You can leave (L) and come back."
        await wizard.until(lambda: wizard.says(told), "the refusal")
        assert line(wizard, "voice_app").startswith("!")
        assert wizard.says("! Voice application: The account has no HTTP voice.")
        assert "Look again" not in wizard.keys, "it is still under way"
        [order] = harness.account.orders.values()
        order.due = 0.0
        await wizard.until(lambda: "Look again" in wizard.keys, "the end of the rest")
        assert wizard.says("! Voice application: The account has no HTTP voice.")


async def test_an_order_that_may_still_be_filled_is_not_skipped_without_a_word(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        harness.fail(fault("order", outcome="BACKORDERED"))
        await say_yes(wizard)
        [order] = (await harness.state())["orders"]
        await wizard.press("s")
        assert asked(wizard).startswith(f"Do without a number? Order {order['id']} may be open at Bandwidth")
        await wizard.press("enter")
        assert wizard.place == APPLY
        await wizard.press("s", "y")
        assert wizard.place == REVIEW
        await wizard.press("ctrl+n")
        assert wizard.place == DONE


async def test_an_order_without_an_answer_that_was_never_placed_is_placed_once_by_the_next_wizard(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        harness.fail(fault_at("number", "cut-before"))
        await say_yes(wizard)
        assert wizard.says(
            "It is not known whether the order was placed; bwtui looks for it before trying again."
        )
    harness.fail("")
    async with connected(harness, SECRETS) as wizard:
        await say_yes(wizard)
        await assert_done(harness, wizard)


@pytest.mark.parametrize(
    "path", ["/accounts/*/orders", "/accounts/*/orders/*"], ids=["the list", "its status"]
)
async def test_an_order_that_cannot_be_looked_at_is_never_placed_again(
    harness: WizardHarness, path: str
) -> None:
    async with connected(harness) as wizard:
        harness.fail(fault_at("number", "cut-after") + fault("answer", method="GET", path=path, times=0))
        await say_yes(wizard)
        assert wizard.place == APPLY
        await wizard.press_shown("Look again")
        assert wizard.plan == [], "what cannot be looked at is not planned"
        assert wizard.says("! Bandwidth had an internal error. Nothing was changed: this was only a look.")
        assert await placed(harness) == 1
        harness.fail("")
        await wizard.press_shown("Look again")
        await wizard.press("ctrl+n")
        await finish(wizard)
        await assert_done(harness, wizard)
    assert await placed(harness) == 1


async def finish(wizard: ShownWizard) -> None:
    """Say yes if there is something to say it to, which must not cost money."""
    if wizard.place == REVIEW:
        assert not wizard.says("This costs money.")
        await wizard.press("y")


@pytest.mark.parametrize("quantity", [1, 3])
async def test_numbers_named_one_by_one_are_ordered_and_none_else(
    harness: WizardHarness, quantity: int
) -> None:
    wanted = [tn for tn, _ in harness.account.search({"areacode": "919"}, quantity)]
    answers = guide_answers(number__numbers=", ".join(wanted), number__area_code=None)
    async with connected(harness, answers) as wizard:
        await say_yes(wizard)
        await assert_done(harness, wizard, quantity=quantity)
    assert sorted((await harness.state())["orders"][0]["requested"]) == sorted(wanted)


async def test_a_number_that_is_named_and_taken_is_not_replaced_by_one_that_nobody_named(
    harness: WizardHarness,
) -> None:
    wanted = [tn for tn, _ in harness.account.search({"areacode": "919"}, 1)]
    answers = guide_answers(number__numbers=wanted[0], number__area_code=None)
    async with connected(harness, answers) as wizard:
        harness.fail(fault("order", taken=1))
        await say_yes(wizard)
        assert wizard.place == APPLY
        assert wizard.says(NOT_BOUGHT), wizard.text
    assert await placed(harness) == 1


def fill(harness: WizardHarness) -> None:
    """Bandwidth comes round to the orders that wait."""
    for waiting in harness.account.orders.values():
        waiting.forced, waiting.status, waiting.errors, waiting.due = None, "RECEIVED", [], 0.0
