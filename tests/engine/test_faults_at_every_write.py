"""Whatever befalls a write, one more run finishes: one of each, one order, nothing twice."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest

from bwtui.exits import Exit
from support.in_process import QUICK, Harness
from support.write_faults import (
    WRITES,
    assert_explained,
    assert_finished,
    assert_one_more_run_finishes,
    error,
    fault_at,
    problems,
)

PAGE = "<!DOCTYPE html><html><head><title>Bad gateway</title></head><body>Sorry.</body></html>"
HANGING = replace(QUICK, overall=0.7)


@dataclass(frozen=True, slots=True)
class Mishap:
    """A fault of one request, and the exit code of the run that meets it."""

    action: str
    fields: Mapping[str, object] = field(default_factory=dict)
    post: Exit = Exit.DONE
    put: Exit = Exit.DONE
    """A PUT is simply sent again."""


MISHAPS = {
    "cut before its effect": Mishap("cut-before", post=Exit.UNREACHABLE),
    "cut after its effect": Mishap("cut-after"),
    "cut within the reply": Mishap("cut-reply"),
    "500 without a body": Mishap("answer", {"status": 500}, post=Exit.FAILED),
    "500 with a body": Mishap("answer", {"status": 500, "body": error("1000")}, post=Exit.FAILED),
    "500 after its effect": Mishap("answer", {"status": 500, "effect": True}),
    "502 with a page": Mishap("answer", {"status": 502, "body": PAGE}, post=Exit.UNREACHABLE),
    "503": Mishap("answer", {"status": 503}, post=Exit.UNREACHABLE),
    "200 with a sign-in page": Mishap(
        "answer", {"status": 200, "body": PAGE}, post=Exit.FAILED, put=Exit.FAILED
    ),
    "a reply cut short": Mishap("garbage"),
    "a reply of noise": Mishap("garbage", {"body": "\u0001 no <XML> & nothing else"}),
    "a bare reply": Mishap("answer", {"status": 201, "effect": True}),
    "no answer": Mishap("hang", post=Exit.UNREACHABLE, put=Exit.UNREACHABLE),
    "no answer after its effect": Mishap("hang", {"effect": True}, put=Exit.UNREACHABLE),
    "401 once": Mishap("answer", {"status": 401}),
    "429 once": Mishap("answer", {"status": 429, "headers": {"Retry-After": "0"}}),
}


@pytest.mark.parametrize("name", MISHAPS)
@pytest.mark.parametrize("step", WRITES)
async def test_one_more_run_finishes(harness: Harness, step: str, name: str) -> None:
    mishap = MISHAPS[name]
    harness.fail(fault_at(step, mishap.action, **mishap.fields))
    outcome = await harness.apply(timing=HANGING if mishap.action == "hang" else QUICK)
    assert any(entry["fault"] for entry in await harness.log())
    assert_explained(outcome)
    assert outcome.exit is (mishap.put if WRITES[step].method == "PUT" else mishap.post), outcome.said
    assert {operation.partition(".")[0] for operation in problems(outcome)} == (
        set() if outcome.exit is Exit.DONE else {step}
    )
    await assert_one_more_run_finishes(harness)


@pytest.mark.parametrize(
    ("step", "status", "code"),
    [
        ("site", 409, "1015"),
        ("site", 400, "12015"),
        ("sippeer", 409, "13524"),
        ("sms", 400, "12769"),
        ("mms", 400, "12769"),
        ("messaging_app", 409, "1015"),
        ("voice_app", 409, "1015"),
    ],
)
async def test_what_was_delivered_twice_and_refused_as_there_already_is_ours(
    harness: Harness, step: str, status: int, code: str
) -> None:
    harness.fail(fault_at(step, "answer", status=status, body=error(code), effect=True))
    outcome = await harness.apply()
    assert not problems(outcome), outcome.said
    if step.endswith("_app"):  # the stored password cannot be read, so the next run sends it again
        assert outcome.exit is Exit.FAILED
        outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(harness)


@pytest.mark.parametrize("answered", [1, 2])
@pytest.mark.parametrize(
    "step", [step for step in WRITES if step != "voice_app"]
)  # an account may have two applications of one name
async def test_a_request_that_comes_twice_makes_one(harness: Harness, step: str, answered: int) -> None:
    harness.fail(fault_at(step, "twice", answered=answered))
    outcome = await harness.apply()
    assert not problems(outcome), outcome.said
    if (step, answered) == ("messaging_app", 2):  # the next run sends its password again
        outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(harness, orders=2 if step == "number" else 1)
