"""Plan which numbers come off a 10DLC campaign: only those that orders of this setup have put there (universal-platform 9)."""

from collections.abc import Iterable

from bwtui.domain.account.findings import OnCampaign
from bwtui.domain.planning.campaign_plan import being_set, open_order
from bwtui.domain.runs.problem import Kind, OwnCode, Problem
from bwtui.domain.runs.run import Order, StepState
from bwtui.domain.steps import Step
from bwtui.domain.values.phone_numbers import listed, readable


def put_on(step: Step, found: OnCampaign) -> dict[str, str]:
    """Return the campaign that this setup put each number on last; that of the answers where an order does not say it."""
    key = step.key_of(step.chosen_by)
    return {
        number: dict(order.chosen_by).get(key, found.campaign_id)
        for order in found.orders
        for number in order.completed
    }


def still_on(step: Step, found: OnCampaign) -> tuple[str, ...]:
    """Return the numbers that this setup put on a campaign and that are on that one still."""
    put = put_on(step, found)
    return tuple(number for number, campaign_id in put.items() if found.campaign_of(number) == campaign_id)


def moved_told(step: Step, found: OnCampaign) -> str:
    """Say which of the setup's numbers somebody has put on another campaign since; empty if none."""
    others = {
        number: other
        for number, campaign_id in put_on(step, found).items()
        if (other := found.campaign_of(number)) and other != campaign_id
    }
    return "; ".join(
        f"somebody has put {readable(number)} on campaign {other} since, where it stays"
        for number, other in others.items()
    )


def is_being_taken_off(record: StepState) -> bool:
    """Return True while an order of ours that takes numbers off may still do so."""
    return any(not order.is_settled for order in record.releases)


def is_off(step: Step, record: StepState, found: OnCampaign) -> bool:
    """Return True if nothing that this setup put on a campaign is there, or may yet come there."""
    return not (still_on(step, found) or open_order(found.orders) or is_being_taken_off(record))


def waits_told(step: Step, record: StepState, found: OnCampaign) -> str:
    """Say why nothing can be taken off yet; empty if it can."""
    if open_order(found.orders):
        return "an order is still under way, and may put numbers on the campaign"
    changing = () if is_being_taken_off(record) else being_set(found, put_on(step, found))
    return f"{listed(changing)}: a campaign is being set right now" if changing else ""


def shown_still(step: Step, numbers: Iterable[str]) -> Problem:
    """Return the problem of numbers that an order has taken off and that show the campaign still."""
    text = f"Taken off the campaign, and still shown on it: {listed(tuple(numbers))}."
    return Problem(
        operation=step.operation("watch"), kind=Kind.UNREACHABLE, text=text, code=OwnCode.NOT_READY
    )


def removal_failure_told(order: Order) -> str:
    """Say what an order that is final did not take off, with the code of each number."""
    done = f"took {len(order.completed)} of {len(order.numbers)} numbers off the campaign"
    return f"Order {order.order_id or order.customer_order_id} {done}: {order.error_text}".rstrip(": ")
