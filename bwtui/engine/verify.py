"""Prove a setup: read every object back and compare it with what is wanted."""

from bwtui.api.client import Client
from bwtui.domain.actions import Plan
from bwtui.domain.answers import Answers
from bwtui.domain.plan import make_plan
from bwtui.domain.run import Kind, RunState
from bwtui.engine.looker import Looker
from bwtui.engine.pace import Pace


async def verify(client: Client, answers: Answers, run: RunState, pace: Pace) -> Plan:
    """What would still have to be done: the setup is proven when every action is *keep*.

    A number that was ordered may take a moment to show on its location; that moment is given.

    Raises:
        ProblemError: something could not be read, so nothing is proven.
        Stopped: the person wants to leave.
    """
    return await pace.look_until_stopped(_verify(client, answers, run, pace))


async def _verify(client: Client, answers: Answers, run: RunState, pace: Pace) -> Plan:
    deadline = pace.monotonic() + pace.located
    for wait in pace.polls():
        findings = await Looker(client, answers, run, pace).look_everywhere(proving=True)
        plan = make_plan(answers, run, findings)
        if not _number_is_late(plan) or pace.monotonic() >= deadline:
            break
        await pace.sleep(wait)
    return plan


def _number_is_late(plan: Plan) -> bool:
    return any(action.unproven and action.unproven.kind is Kind.NOT_FOUND for action in plan)
