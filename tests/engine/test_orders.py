"""Orders cost money: however one ends, what it brought is kept, nothing is bought twice, nothing is given up early."""

import asyncio
from dataclasses import replace

import pytest
from starlette.types import Receive, Scope, Send

from bwtui.domain.runs.run import UNDER_WAY_STATUSES
from bwtui.engine.waiting import Pace
from bwtui.exits import Exit
from support.guide import guide_answers
from support.in_process import ApplyOutcome, Harness
from support.write_faults import (
    WRITES,
    assert_explained,
    assert_finished,
    assert_one_more_run_finishes,
    error,
    fault,
    fault_at,
    problems,
)

ORDERS = "POST /api/accounts/9900000/orders"


def order(**fields: object) -> str:
    return fault("order", **fields)


async def placed(harness: Harness) -> int:
    """Count the orders that were sent."""
    return (await harness.writes()).count(ORDERS)


async def test_a_number_that_was_taken_is_replaced_by_the_next_of_the_same_search(harness: Harness) -> None:
    harness.fail(order(taken=1))
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    first, second = (await harness.state())["orders"]
    assert (first["status"], first["errors"], second["status"]) == ("FAILED", [5005], "COMPLETE")
    searches = [entry for entry in await harness.log() if entry["path"].endswith("/availableNumbers")]
    assert len(searches) == 1
    assert first["requested"] != second["requested"]
    await assert_one_more_run_finishes(harness, orders=2)


async def test_with_replacing_off_a_taken_number_ends_the_run_and_the_next_run_orders_another(
    harness: Harness,
) -> None:
    harness.answers = guide_answers(number__replace_taken="false")
    harness.fail(order(taken=1))
    outcome = await harness.apply()
    assert outcome.exit is Exit.FAILED
    assert "Somebody else got the phone number first: it can no longer be ordered." in outcome.said
    assert_explained(outcome)
    assert await placed(harness) == 1
    await assert_one_more_run_finishes(harness, orders=2)


@pytest.mark.parametrize("code", ["5005", "5018", "5213", "5218"])
async def test_a_number_refused_at_once_is_replaced_too(harness: Harness, code: str) -> None:
    harness.fail(fault_at("number", "answer", status=400, body=error(code)))
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert await placed(harness) == 2
    await assert_finished(harness)


async def test_a_failed_order_is_told_and_the_next_run_places_another(harness: Harness) -> None:
    harness.answers = guide_answers(number__replace_taken="false")
    harness.fail(order(outcome="FAILED"))
    outcome = await harness.apply()
    assert outcome.exit is Exit.FAILED
    assert_explained(outcome)
    assert problems(outcome).keys() == {"number.read"}
    assert "What the order did not get was not bought and costs nothing" in outcome.said
    await assert_one_more_run_finishes(harness, orders=2)


async def test_the_last_order_allowed_in_one_run_may_bring_the_number(harness: Harness) -> None:
    harness.fail(order(taken=1, times=4))
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(harness, orders=5)


async def test_after_five_orders_for_nothing_the_run_ends(harness: Harness) -> None:
    harness.fail(order(taken=1, times=0))
    outcome = await harness.apply()
    assert outcome.exit is Exit.FAILED
    assert await placed(harness) == 5
    assert "5 orders in a row did not bring the numbers" in outcome.said
    assert_explained(outcome)
    await assert_one_more_run_finishes(harness, orders=6)


async def test_the_missing_part_of_a_partial_order_is_ordered_by_itself(harness: Harness) -> None:
    harness.answers = guide_answers(number__quantity="2", number__partial_allowed="true")
    harness.fail(order(outcome="PARTIAL"))
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    first, second = (await harness.state())["orders"]
    assert (first["status"], first["quantity"], second["status"], second["quantity"]) == (
        "PARTIAL", 2, "COMPLETE", 1,
    )  # fmt: skip
    await assert_one_more_run_finishes(harness, quantity=2, orders=2)


async def test_what_a_partial_order_brought_is_kept_and_not_bought_again(harness: Harness) -> None:
    harness.answers = guide_answers(
        number__quantity="2", number__partial_allowed="true", number__replace_taken="false"
    )
    harness.fail(order(outcome="PARTIAL"))
    outcome = await harness.apply()
    assert outcome.exit is Exit.FAILED
    assert "brought 1 of 2 phone numbers" in outcome.said
    assert_explained(outcome)
    [brought] = (await harness.state())["orders"][0]["completed"]
    assert outcome.result["outputs"]["numbers"] == [f"+1{brought}"]
    await assert_one_more_run_finishes(harness, quantity=2, orders=2)
    second = (await harness.state())["orders"][1]
    assert brought not in second["requested"]
    assert second["quantity"] == 1


async def test_a_backordered_order_is_left_to_wait_and_found_again(harness: Harness) -> None:
    harness.fail(order(outcome="BACKORDERED"))
    for _ in range(2):
        outcome = await harness.apply()
        assert outcome.exit is Exit.UNREACHABLE
        assert "The order waits until Bandwidth has enough numbers." in outcome.said
        assert "The order stays open, and is not placed again." in outcome.said
        assert_explained(outcome)
        assert set(problems(outcome)) == {"number.read"}
    fill_later(harness)
    await assert_one_more_run_finishes(harness)
    assert await placed(harness) == 1


def fill_later(harness: Harness) -> None:
    """Bandwidth comes round to the orders that wait."""
    for waiting in harness.account.orders.values():
        waiting.forced, waiting.status, waiting.errors, waiting.due = None, "RECEIVED", [], 0.0


@pytest.mark.parametrize("status", ["RECEIVED", "PROCESSING"])
async def test_an_order_under_way_is_watched_without_end_until_the_person_leaves(
    harness: Harness, status: str
) -> None:
    harness.fail(order(outcome=status))
    pace = Pace(settle=0, attempt=0, visible=0, look=0.01, first_poll=0.01, longest_poll=0.02)
    run = asyncio.ensure_future(harness.apply(pace=pace))
    async with asyncio.timeout(20):
        while [entry["path"].count("/orders/") for entry in await harness.log()].count(1) < 8:
            assert not run.done()
            await asyncio.wait([run], timeout=0.01)
    pace.stop.set()
    outcome = await run
    assert outcome.exit is Exit.INTERRUPTED
    assert "Nothing is lost: run the same command again to continue." in outcome.said
    assert not problems(outcome)
    assert harness.run.step("number").orders[0].status in UNDER_WAY_STATUSES
    fill_later(harness)
    await assert_one_more_run_finishes(harness)
    assert await placed(harness) == 1


@pytest.mark.parametrize(
    "look",
    [
        pytest.param({"path": "/accounts/*/orders", "query": "*customerOrderId*"}, id="the look for it"),
        pytest.param({"path": "/accounts/*/orders/*"}, id="its status"),
    ],
)
@pytest.mark.parametrize("action", ["cut-after", "answer"])
async def test_an_order_that_cannot_be_looked_at_is_never_placed_again(
    harness: Harness, action: str, look: dict[str, str]
) -> None:
    harness.fail(fault_at("number", "cut-after") + fault(action, method="GET", times=0, **look))
    for _ in range(2):
        outcome = await harness.apply()
        assert outcome.exit in (Exit.UNREACHABLE, Exit.FAILED)
        assert_explained(outcome)
        assert await placed(harness) == 1
    await assert_one_more_run_finishes(harness)
    assert await placed(harness) == 1


@pytest.mark.parametrize("quantity", [1, 3])
async def test_numbers_named_one_by_one_are_ordered_and_none_else(harness: Harness, quantity: int) -> None:
    wanted = [tn for tn, _ in harness.account.search({"areacode": "919"}, quantity)]
    harness.answers = guide_answers(
        number__numbers=", ".join(wanted), number__area_code=None, number__replace_taken="false"
    )
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert sorted((await harness.state())["orders"][0]["requested"]) == sorted(wanted)
    await assert_one_more_run_finishes(harness, quantity=quantity)


async def test_a_search_that_finds_nothing_ends_before_anything_is_written(harness: Harness) -> None:
    harness.account.sold_elsewhere |= {tn for tn, _ in harness.account.search({"areacode": "919"}, 100_000)}
    outcome = await harness.apply()
    assert outcome.exit is Exit.NOT_FOUND
    assert "The search found no numbers." in outcome.said
    assert "Nothing was written." in outcome.said
    assert await harness.writes() == []
    harness.account.sold_elsewhere.clear()
    await assert_one_more_run_finishes(harness)


async def test_a_search_that_finds_too_few_orders_none_of_them_unless_some_are_better_than_none(
    harness: Harness,
) -> None:
    found = [tn for tn, _ in harness.account.search({"areacode": "919"}, 100_000)]
    harness.account.sold_elsewhere |= set(found[1:])
    few = guide_answers(number__quantity="2")
    outcome = await harness.apply(few)
    assert outcome.exit is not Exit.DONE
    assert_explained(outcome)
    assert await placed(harness) == 0
    harness.account.sold_elsewhere.clear()
    harness.answers = few
    await assert_one_more_run_finishes(harness, quantity=2)


async def declined(harness: Harness) -> ApplyOutcome:
    return await harness.apply(yes=False)


async def test_without_consent_everything_but_the_order_is_done(harness: Harness) -> None:
    outcome = await declined(harness)
    assert outcome.exit is Exit.FAILED
    assert "No number was ordered. Run the same command again to order one." in outcome.said
    assert await placed(harness) == 0
    assert {key for key, record in harness.run.steps.items() if record.outputs or record.made} == set(
        WRITES
    ) - {"number"}
    writes = await harness.writes()
    await assert_one_more_run_finishes(harness)
    assert await harness.writes() == [*writes, ORDERS]


async def test_without_consent_nothing_is_spent_to_complete_a_partial_order_either(harness: Harness) -> None:
    harness.answers = guide_answers(
        number__quantity="2", number__partial_allowed="true", number__replace_taken="false"
    )
    harness.fail(order(outcome="PARTIAL"))
    await harness.apply()
    harness.fail("")
    outcome = await declined(harness)
    assert outcome.exit is not Exit.DONE
    assert await placed(harness) == 1


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"number__area_code": "984"}, id="another area code"),
        pytest.param({"number__order_name": "Other"}, id="another name"),
        pytest.param({"number__partial_allowed": "true"}, id="some are better than none"),
        pytest.param({"number__existing": "order"}, id="order on top of others"),
        pytest.param({"number__replace_taken": "false"}, id="no replacing"),
    ],
)
async def test_an_order_is_never_repeated_whatever_is_answered_later(
    harness: Harness, changes: dict[str, str]
) -> None:
    await harness.apply()
    before = await harness.writes()
    outcome = await harness.apply(guide_answers("9900000", **changes))
    assert outcome.exit is Exit.DONE, outcome.said
    assert await harness.writes() == before
    await assert_finished(harness)


async def test_when_more_numbers_are_wanted_later_only_the_missing_ones_are_ordered(harness: Harness) -> None:
    await harness.apply()
    [first] = harness.run.numbers
    harness.answers = guide_answers(number__quantity="3")
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert await placed(harness) == 2
    assert first in harness.run.numbers
    await assert_one_more_run_finishes(harness, quantity=3, orders=2)


async def test_a_number_released_after_the_end_is_told_and_not_replaced(harness: Harness) -> None:
    await harness.apply()
    harness.account.numbers.clear()
    before = await harness.writes()
    outcome = await harness.apply()
    assert outcome.exit is Exit.NOT_FOUND
    assert "Ordered, but not on the location" in outcome.said
    assert_explained(outcome)
    assert await harness.writes() == before


async def test_a_number_that_shows_late_on_its_location_is_waited_for(harness: Harness) -> None:
    empty = "<SipPeerTelephoneNumbersResponse><SipPeerTelephoneNumbers/></SipPeerTelephoneNumbersResponse>"
    harness.fail(fault("answer", method="GET", path="**/tns", times=3, status=200, body=empty))
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said


async def test_a_number_that_never_shows_on_its_location_is_not_called_done(harness: Harness) -> None:
    empty = "<SipPeerTelephoneNumbersResponse><SipPeerTelephoneNumbers/></SipPeerTelephoneNumbersResponse>"
    harness.fail(fault("answer", method="GET", path="**/tns", times=0, status=200, body=empty))
    pace = Pace(settle=0, attempt=0, visible=0, look=0.01, first_poll=0.01, longest_poll=0.02, located=0.05)
    outcome = await harness.apply(pace=pace)
    assert outcome.exit is Exit.NOT_FOUND
    assert "not verified" in outcome.said
    await assert_one_more_run_finishes(harness)


async def test_the_order_is_on_disk_before_it_is_sent(harness: Harness) -> None:
    sent = harness.app
    known: list[str] = []

    async def watched(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["method"] == "POST" and scope["path"].endswith("/orders"):
            known.append(harness.run.step("number").orders[-1].customer_order_id)
        await sent(scope, receive, send)

    harness.app = watched  # type: ignore[assignment]
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert known == [(await harness.state())["orders"][0]["customer_order_id"]]


async def test_a_slow_order_is_read_until_it_is_complete(harness: Harness) -> None:
    harness.account.settings = replace(harness.settings, order_seconds=0.2)
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(harness)
    assert "is RECEIVED" in outcome.said
    assert "is COMPLETE" in outcome.said
