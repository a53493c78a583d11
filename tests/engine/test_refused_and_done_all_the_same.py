"""A request can be refused and have taken effect all the same: a gateway delivered it twice, or answered for itself."""

from pathlib import Path

import pytest

from bwtui.exits import Exit
from engine.test_never_twice import NUMBERS, ORDERS, assert_bought_once
from support.simulated_clock import late_harness, live
from support.write_faults import assert_finished, error, fault, fault_at

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
