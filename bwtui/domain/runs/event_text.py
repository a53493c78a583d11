"""The sentence about an event: what a front end without a screen says of it."""

from typing import assert_never

from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.runs.run import StepState
from bwtui.domain.runs.run_events import (
    Finished,
    GivenUp,
    OrderUpdated,
    RemovalStarted,
    Removed,
    Retried,
    Started,
)
from bwtui.domain.values.phone_numbers import listed

Told = Started | Retried | OrderUpdated | Finished | GivenUp | RemovalStarted | Removed
"""The events of a step that one sentence tells; of a failure, there is more to say."""


def event_told(event: Told) -> str:
    """Say what has happened to a step; empty for what need not be said."""
    match event:
        case Started(numbers=()):
            return "sending"
        case Started(step=step, numbers=numbers):
            is_bought = step == PAID_STEP.key
            return (
                f"ordering {listed(numbers)}" if is_bought else f"putting {listed(numbers)} on the campaign"
            )
        case Retried():
            return ""
        case GivenUp():
            return "made anew"
        case RemovalStarted(numbers=()):
            return "removing"
        case RemovalStarted(step=step, numbers=numbers):
            is_bought = step == PAID_STEP.key
            return (
                f"releasing {listed(numbers)}" if is_bought else f"taking {listed(numbers)} off the campaign"
            )
        case Removed():
            return "removed"
        case OrderUpdated(order_id=id_, status=status):
            return f"order {id_} is {status or 'placed'}" if id_ else "the order was refused"
        case Finished():
            shown = produced(event)
            return f"{'there already' if event.adopted else 'done'}{f', {shown}' if shown else ''}"
        case _:
            assert_never(event)


def produced(by: Finished | StepState) -> str:
    """Return the numbers or ids that a step has brought, as people read them."""
    return listed(by.numbers) if by.numbers else ", ".join(by.outputs.values())
