"""More numbers than were wanted are told, and those that nobody agreed to are an error: never a silent "as it should be"."""

import asyncio
import io
from pathlib import Path

import pytest

from bwtui.cli.commands.status import status
from bwtui.cli.output import Output
from bwtui.domain.planning.progress import notices
from bwtui.domain.values.phone_numbers import readable
from bwtui.exits import Exit
from bwtui.store.state_format import from_bytes, to_bytes
from support.guide import guide_answers
from support.in_process import Harness
from support.simulated_clock import late_harness, live
from support.write_faults import assert_finished, elsewhere, fault, read_back

ORDERS = "/accounts/*/orders"


async def bought_in_the_app(harness: Harness, *area_codes: str) -> list[str]:
    """Order a number of each area for our location, as a colleague does."""
    [site], [location] = (await harness.state())["sites"], (await harness.state())["sippeers"]
    numbers = [harness.account.search({"areacode": code}, 1)[0][0] for code in area_codes]
    listed = "".join(f"<TelephoneNumber>{number}</TelephoneNumber>" for number in numbers)
    order = (
        f"<Order><SiteId>{site['id']}</SiteId><PeerId>{location['id']}</PeerId><ExistingTelephoneNumberOrderType>"
        f"<TelephoneNumberList>{listed}</TelephoneNumberList></ExistingTelephoneNumberOrderType></Order>"
    )
    await elsewhere(harness, "POST", "/orders", order)
    return numbers


def status_told(harness: Harness) -> tuple[Exit, str]:
    said = io.StringIO()
    output = Output(as_json=False, stdout=io.StringIO(), stderr=said)
    return status(harness.answers, harness.run, output), said.getvalue()


async def test_numbers_on_the_location_that_nobody_ordered_here_are_told_and_are_no_error(
    harness: Harness,
) -> None:
    assert (await harness.apply()).exit is Exit.DONE
    theirs = await bought_in_the_app(harness, "984", "704")
    sentence = "2 numbers are on the location that this setup did not order"
    before = await harness.writes()
    for outcome in (await read_back(harness), await harness.apply()):
        assert outcome.exit is Exit.DONE, outcome.said
        assert sentence in outcome.said
        assert all(readable(number) in outcome.said for number in theirs)
        [warned] = [event for event in outcome.events if event["event"] == "warning"]
        assert warned["step"] == "number"
    assert await harness.writes() == before
    code, said = status_told(harness)
    assert code is Exit.DONE
    assert sentence in said
    assert len(harness.run.numbers) == 1


@pytest.mark.parametrize("existing", ["keep", "order"])
async def test_numbers_that_the_person_chose_to_leave_there_are_not_told_again(
    harness: Harness, existing: str
) -> None:
    assert (await harness.apply(yes=False)).exit is Exit.FAILED
    await bought_in_the_app(harness, "984")
    harness.answers = guide_answers(number__existing=existing)
    for outcome in (await harness.apply(), await read_back(harness)):
        assert outcome.exit is Exit.DONE, outcome.said
        assert "did not order" not in outcome.said


async def test_numbers_that_are_more_than_is_wanted_now_are_told_and_are_no_error(harness: Harness) -> None:
    harness.answers = guide_answers(number__quantity="2")
    assert (await harness.apply()).exit is Exit.DONE
    harness.answers = guide_answers(number__quantity="1")
    for outcome in (await harness.apply(), await read_back(harness)):
        assert outcome.exit is Exit.DONE, outcome.said
        assert "You have 2 phone numbers and asked for 1" in outcome.said
        assert all(readable(number) in outcome.said for number in harness.run.numbers)


async def test_an_order_that_brings_more_than_it_asked_for_is_an_error_until_it_is_agreed_to(
    harness: Harness,
) -> None:
    more = "9842000001"

    def filled(*numbers: str) -> str:
        listed = "".join(
            f"<TelephoneNumber><FullNumber>{number}</FullNumber></TelephoneNumber>" for number in numbers
        )
        return fault(
            "answer", method="GET", path=f"{ORDERS}/*", status=200, times=0, content_type="application/xml",
            body=f"<OrderResponse><OrderStatus>COMPLETE</OrderStatus><CompletedNumbers>{listed}</CompletedNumbers></OrderResponse>",
        )  # fmt: skip

    wanted = harness.account.search({"areacode": "919"}, 1)[0][0]
    harness.answers = guide_answers(number__numbers=wanted)
    located = fault(
        "answer", method="GET", path="**/sippeers/*/tns", status=200, times=0, content_type="application/xml",
        body=(
            "<SipPeerTelephoneNumbersResponse><SipPeerTelephoneNumbers>"
            f"<SipPeerTelephoneNumber><FullNumber>{wanted}</FullNumber></SipPeerTelephoneNumber>"
            f"<SipPeerTelephoneNumber><FullNumber>{more}</FullNumber></SipPeerTelephoneNumber>"
            "</SipPeerTelephoneNumbers></SipPeerTelephoneNumbersResponse>"
        ),
    )  # fmt: skip
    harness.fail(
        fault("answer", method="GET", path="**/sippeers/*/tns", status=204, nth=1)
        + located
        + filled(wanted, more)
    )
    told = f"Your orders bought 2 phone numbers, but you asked for 1. Too many: {readable(more)}."
    for outcome in (await harness.apply(), await read_back(harness)):
        assert outcome.exit is Exit.CONFLICT, outcome.said
        assert told in outcome.said
        assert f'given_up = "{more}"' in outcome.said
    code, said = status_told(harness)
    assert code is Exit.CONFLICT
    assert told in said
    harness.answers = guide_answers(number__numbers=f"{wanted},{more}")
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert len((await harness.state())["orders"]) == 1


def test_an_order_that_was_given_up_and_is_filled_after_all_is_an_error(tmp_path: Path) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault("hang", method="POST", path=ORDERS, effect_after=600))
        assert (await harness.waits()).exit is not Exit.DONE
        [lost] = harness.run.orders
        harness.answers = guide_answers(number__area_code="984", number__given_up=lost.customer_order_id)
        assert (await harness.waits()).exit is Exit.DONE
        [ours] = harness.run.numbers
        await asyncio.sleep(600)
        for _ in range(2):
            outcome = await harness.waits()
            assert outcome.exit is Exit.CONFLICT, outcome.said
            assert (
                f"Your orders bought 2 phone numbers, but you asked for 1. Too many: {readable(lost.numbers[0])}."
                in (outcome.said)
            )
        harness.answers = guide_answers(
            number__area_code="984", number__given_up=lost.customer_order_id, number__quantity="2"
        )
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        assert set(harness.run.numbers) == {ours, *lost.numbers}
        assert len((await harness.state())["orders"]) == 2

    live(main())


async def test_what_was_told_is_kept_with_the_proof(harness: Harness) -> None:
    await harness.apply()
    await assert_finished(harness)
    await bought_in_the_app(harness, "984")
    await harness.apply()
    setup = harness.file.load()
    assert setup
    assert [step.key for step, _ in notices(from_bytes(to_bytes(setup)).run)] == ["number"]
