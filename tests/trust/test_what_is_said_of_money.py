"""What a refusal says of money agrees with the evidence: "nothing was charged" never stands beside an order in doubt."""

from pathlib import Path

import pytest

from bwtui.domain.runs.run_events import Failed
from bwtui.exits import Exit
from engine.test_more_than_wanted import status_told
from support.guide import guide_answers
from support.in_process import ApplyOutcome
from support.simulated_clock import late_harness, live
from support.write_faults import error, fault, fault_at

DENIALS = (
    "nothing was charged",
    "No number was ordered and",
    "Nothing was created",
    "Nothing was written yet",
)
"""Sentences that say more than anybody knows while an earlier order may have been placed."""

NOT_SHOWN = "No number was ordered, as far as Bandwidth shows so far; bwtui looks again before it orders."

REFUSALS = {
    "402": fault_at("number", "answer", status=402),
    "403": fault_at("number", "answer", status=403),
    "403 with a code": fault_at("number", "answer", status=403, body=error("1001", "Access Denied")),
    "409": fault_at("number", "answer", status=409),
    "429": fault_at("number", "answer", status=429, headers={"X-RateLimit-Reset": "{now+600}"}, times=0),
    "locked": fault_at("number", "answer", status=400, body=error("5012", "Account is locked")),
    "unknown": fault_at("number", "answer", status=400, body=error("99999", "No.")),
    "taken": fault_at("number", "answer", status=400, body=error("5018", "None was available")),
    "failed": fault("order", outcome="FAILED"),
}


def assert_nothing_denied(said: str) -> None:
    assert not [denial for denial in DENIALS if denial in said], said


@pytest.mark.parametrize("refusal", REFUSALS)
def test_no_refusal_says_that_nothing_was_charged_while_an_earlier_order_may_have_been_placed(
    tmp_path: Path, refusal: str
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.answers = guide_answers(number__replace_taken="false")
        harness.fail(fault_at("number", "cut-before"))
        first = await harness.waits()
        assert first.exit is not Exit.DONE
        assert_nothing_denied(first.said)
        [lost] = harness.run.orders
        harness.fail(REFUSALS[refusal])
        outcome = await harness.waits()
        assert outcome.exit is not Exit.DONE
        assert "It is not known whether" in outcome.said, outcome.said
        assert lost.customer_order_id in outcome.said
        assert_nothing_denied(outcome.said)
        _, said = status_told(harness)
        assert_nothing_denied(said)

    live(main())


def test_who_does_not_order_hears_that_none_was_ordered_this_time_while_an_order_may_have_been_placed(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault_at("number", "cut-before"))
        await harness.waits()
        setup = harness.file.load()
        assert setup
        killed = tuple(event for event in setup.events if not isinstance(event, Failed))
        harness.file.save(setup._replace(events=killed))
        outcome = await harness.waits(yes=False)
        assert "No number was ordered this time." in outcome.said, outcome.said

    live(main())


@pytest.mark.parametrize("refusal", ["402", "403", "unknown"])
def test_without_an_earlier_order_a_refusal_says_that_none_is_shown(tmp_path: Path, refusal: str) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(REFUSALS[refusal])
        outcome = await harness.waits()
        assert NOT_SHOWN in outcome.said
        harness.fail(REFUSALS[refusal])
        outcome = await harness.waits()
        assert NOT_SHOWN in outcome.said, "that order was refused"

    live(main())


@pytest.mark.parametrize("step", ["site", "sippeer", "messaging_app", "voice_app"])
@pytest.mark.parametrize("status", [402, 403, 400])
def test_no_refusal_says_that_nothing_was_created_while_an_earlier_attempt_may_have_made_it(
    tmp_path: Path, step: str, status: int
) -> None:
    async def main() -> None:
        harness = late_harness(tmp_path)
        harness.fail(fault_at(step, "cut-before"))
        first = await harness.waits()
        assert_nothing_denied_of(first, step)
        # The application that is made second is the first of the next run.
        harness.fail(fault_at(step, "answer", status=status, nth=1))
        outcome = await harness.waits()
        assert outcome.exit is not Exit.DONE
        assert_nothing_denied_of(outcome, step)

    live(main())


def assert_nothing_denied_of(outcome: ApplyOutcome, step: str) -> None:
    [problem] = [
        event["problem"] for event in outcome.events if event["event"] == "failed" and event["step"] == step
    ]
    assert problem["unchanged"].startswith("It is not known whether"), problem
    assert "Nothing was created" not in outcome.said
