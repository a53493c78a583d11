"""A request can be refused and have taken effect all the same: a gateway delivered it twice, or answered for itself."""

import asyncio
from pathlib import Path

import pytest

from bwtui.exits import Exit
from engine.test_never_twice import NUMBERS, ORDERS, assert_bought_once
from support.guide import guide_answers
from support.simulated_clock import late_harness, live, now
from support.write_faults import SITE, WRITES, assert_finished, elsewhere, error, fault, fault_at

SHUFFLED = fault("shuffle", path="/accounts/*/availableNumbers")
WORDS = (
    "<OrderResponse><ErrorList><Error><Description>Your request could not be processed</Description></Error></ErrorList>"
    "</OrderResponse>"
)
REFUSALS = {
    "400 in words": {"status": 400, "body": WORDS},
    "1019": {"status": 400, "body": error("1019", "Bad request encountered")},
    "5094": {"status": 400, "body": error("5094", "locked")},
    "402": {"status": 402},
    "403": {"status": 403},
    "409": {"status": 409},
    "413": {"status": 413},
    "422": {"status": 422},
    "425": {"status": 425},
}


def lists_lag(seconds: int) -> str:
    return fault("lag", path=ORDERS, seconds=seconds) + fault("lag", path=NUMBERS, seconds=seconds)


@pytest.mark.parametrize("refusal", REFUSALS.values(), ids=REFUSALS)
@pytest.mark.parametrize("effect", [{"effect": True}, {"effect_after": 6}], ids=["at once", "6 s later"])
def test_a_refused_order_that_was_placed_all_the_same_is_found_before_another_number_is_ordered(
    tmp_path: Path, refusal: dict[str, object], effect: dict[str, object]
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault_at("number", "answer", **refusal, **effect) + lists_lag(15) + SHUFFLED)
        outcome = await harness.waits()
        assert outcome.exit is not Exit.DONE
        assert "nothing was charged" not in outcome.said
        assert "bwtui looks again before it orders" in outcome.said
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_bought_once(harness)
        await assert_finished(harness)

    live(main())


def test_a_refused_order_that_shows_at_once_is_taken_up_in_the_same_run(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        lag = fault("lag", path=NUMBERS, seconds=6)
        harness.fail(fault_at("number", "answer", status=400, body=WORDS, effect=True) + lag + SHUFFLED)
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_bought_once(harness)

    live(main())


def test_a_refused_order_that_cannot_be_looked_for_is_in_doubt(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        refused = fault_at("number", "answer", status=400, body=WORDS, effect=True)
        harness.fail(refused + fault("answer", method="GET", path=ORDERS, status=403, times=0) + SHUFFLED)
        for _ in range(2):
            outcome = await harness.waits()
            assert outcome.exit is not Exit.DONE
            assert "nothing was charged" not in outcome.said
            await assert_bought_once(harness)
        harness.fail(SHUFFLED)
        assert (await harness.waits()).exit is Exit.DONE
        await assert_bought_once(harness)

    live(main())


def test_the_number_of_a_refused_order_is_ordered_again_before_any_other(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault_at("number", "answer", status=400, body=WORDS) + SHUFFLED)
        assert (await harness.waits()).exit is not Exit.DONE
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        first, second = harness.run.orders
        assert first.numbers == second.numbers

    live(main())


@pytest.mark.parametrize("status", [401, 429])
def test_an_order_that_an_answer_has_put_off_is_looked_for_before_it_is_sent_again(
    tmp_path: Path, status: int
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault_at("number", "answer", status=status, headers=LATER, effect=True) + SHUFFLED)
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        assert (await harness.writes()).count("POST /api/accounts/9900000/orders") == 1
        await assert_bought_once(harness)

    live(main())


def test_an_order_that_was_put_off_is_sent_again_where_nobody_can_look_for_it(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        put_off = fault_at("number", "answer", status=429, headers=LATER)
        harness.fail(put_off + fault("answer", method="GET", path=ORDERS, status=403, times=0) + SHUFFLED)
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_bought_once(harness)

    live(main())


def test_where_the_list_does_not_show_the_refused_order_no_other_number_is_bought(tmp_path: Path) -> None:
    """The order was taken although it was answered 429; the same one, sent again, fails, and the list shows neither."""

    async def main() -> None:
        harness = late_harness(tmp_path)
        limit = fault("answer", method="POST", path=ORDERS, status=429, headers=LATER, effect=True, times=1)
        harness.fail(limit + lists_lag(80))
        for _ in range(2):
            outcome = await harness.waits()
            assert "does not show even the refused one yet" in outcome.said
            await assert_bought_once(harness)
        await asyncio.sleep(80)
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_bought_once(harness)
        [complete] = [order.id for order in harness.account.orders.values() if order.status == "COMPLETE"]
        assert len(harness.account.orders) == 2
        assert harness.run.result["order_id"] == complete

    live(main())


# --- What costs nothing ------------------------------------------------------------------------------------------

OBJECTS = ("site", "sippeer", "messaging_app", "voice_app")
SETTINGS = ("sms", "mms", "messaging_link", "voice_link")
IN_WORDS = (
    "<R><ResponseStatus><Description>We could not process your request.</Description></ResponseStatus></R>"
)
LATER = {"Retry-After": "1"}


@pytest.mark.parametrize("step", [*OBJECTS, *SETTINGS])
@pytest.mark.parametrize("status", [400, 402, 403, 422])
def test_what_a_refused_request_has_done_all_the_same_is_found_at_once(
    tmp_path: Path, step: str, status: int
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault_at(step, "answer", status=status, body=IN_WORDS, effect=True))
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(harness)

    live(main())


@pytest.mark.parametrize("step", ["sms", "mms"])
def test_a_setting_that_was_delivered_twice_and_told_by_the_copy_that_was_refused_is_done(
    tmp_path: Path, step: str
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault_at(step, "twice", answered=2))
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(harness)

    live(main())


def shows_late(step: str) -> str:
    return fault("lag", path=WRITES[step].path, seconds=5)


@pytest.mark.parametrize("step", OBJECTS)
def test_what_a_refused_request_has_created_and_shows_later_is_ours_in_the_next_run(
    tmp_path: Path, step: str
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault_at(step, "answer", status=400, body=IN_WORDS, effect_after=3) + shows_late(step))
        outcome = await harness.waits()
        assert outcome.exit is not Exit.DONE
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(harness)

    live(main())


@pytest.mark.parametrize("step", OBJECTS)
@pytest.mark.parametrize("status", [401, 429])
@pytest.mark.parametrize("lag", [0, 6, 30])
def test_a_create_that_is_to_be_sent_again_is_looked_for_first(
    tmp_path: Path, step: str, status: int, lag: int
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        lists = fault("lag", path=WRITES[step].path, seconds=lag if status == 429 else 0)
        harness.fail(fault_at(step, "answer", status=status, headers=LATER, effect=True, times=1) + lists)
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(harness)

    live(main())


def test_a_limit_that_meets_every_create_makes_nothing_twice(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        limits = "".join(
            fault("answer", method="POST", path=path, status=429, headers=LATER, effect=True, times=0)
            for path in {WRITES[step].path for step in OBJECTS}
        )
        lists = "".join(fault("lag", path=WRITES[step].path, seconds=6) for step in OBJECTS)
        harness.fail(limits + lists)
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(harness)

    live(main())


@pytest.mark.parametrize("step", OBJECTS)
def test_a_create_that_a_limit_refused_for_long_is_looked_for_in_the_next_run(
    tmp_path: Path, step: str
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        lists = fault("lag", path=WRITES[step].path, seconds=30)
        limit = fault_at(step, "answer", status=429, headers={"Retry-After": "600"}, effect=True, times=1)
        harness.fail(limit + lists)
        assert (await harness.waits()).exit is Exit.RATE_LIMITED
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(harness)

    live(main())


def test_a_create_that_a_limit_refused_and_nothing_shows_of_is_sent_again(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault_at("site", "answer", status=429, headers=LATER))
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(harness)

    live(main())


def test_a_location_is_sent_again_at_once_since_there_can_be_only_one_of_its_name(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        refused = fault_at("sippeer", "answer", status=429, headers=LATER, effect=True, times=1)
        harness.fail(refused + fault("lag", path=WRITES["sippeer"].path, seconds=6))
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(harness)
        assert now() < 20

    live(main())


def test_what_was_created_by_a_refused_request_gets_the_answers_that_were_corrected_since(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault_at("site", "answer", status=400, body=IN_WORDS, effect_after=3))
        assert (await harness.waits()).exit is not Exit.DONE
        harness.answers = guide_answers(site__zip="27607")
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        (site,) = (await harness.state())["sites"]
        assert "27607" in str(site)

    live(main())


def test_somebody_elses_object_of_the_name_of_a_refused_one_is_not_taken_for_ours(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault_at("site", "answer", status=400, body=IN_WORDS))
        assert (await harness.waits()).exit is not Exit.DONE
        (sent,) = harness.run.step("site").sent
        await elsewhere(harness, "POST", "/sites", SITE.format("theirs"))
        outcome = await harness.waits()
        assert outcome.exit is Exit.CONFLICT, outcome.said
        assert sent

    live(main())
