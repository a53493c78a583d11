"""Prove a setup: read every object back and compare it with what is wanted."""

from typing import Final

from bwtui.api.client import Client
from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.planning.actions import Plan
from bwtui.domain.planning.plan import make_plan
from bwtui.domain.runs.problem import OwnCode
from bwtui.domain.runs.run import RunState
from bwtui.engine.look_up import LookUp
from bwtui.engine.waiting import Pace

LATELY: Final = 600.0
"""Seconds after an order in which its numbers are waited for; those of an older order are looked for once."""

_LATE: Final = (OwnCode.NOT_YET, OwnCode.NUMBERS_GONE)


async def verify(client: Client, answers: Answers, run: RunState, pace: Pace) -> Plan:
    """Read everything back and plan again: it is a proof when every action is *keep* or *leave*.

    Numbers of a recent order are waited for, since they may take a moment to show on the location.

    Raises:
        ProblemError: something could not be read, so nothing is proven.
        Stopped: the person wants to leave.
    """
    return await pace.look_until_stopped(_verify(client, answers, run, pace))


async def _verify(client: Client, answers: Answers, run: RunState, pace: Pace) -> Plan:
    deadline, tell = pace.monotonic() + pace.located, pace.once()
    for wait in pace.polls():
        findings = await LookUp(client, answers, run, pace).look_everywhere(proving=True)
        plan = make_plan(answers, run, findings)
        if not _number_is_late(plan, run, pace) or pace.monotonic() >= deadline:
            break
        reason = "Phone number: what was ordered may take a moment to show on the location"
        tell(PAID_STEP.operation("look"), pace.located, reason)
        await pace.sleep(wait)
    return plan


def _number_is_late(plan: Plan, run: RunState, pace: Pace) -> bool:
    """Return True if a number was ordered recently and is not on the location yet."""
    ordered_at = max((order.started_at for order in run.orders), default=0.0)
    return pace.left(ordered_at, LATELY) > 0 and any(
        action.unproven and action.unproven.code in _LATE and action.step.paid for action in plan
    )
