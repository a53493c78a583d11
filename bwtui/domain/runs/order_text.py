"""The words for a number order that is under way."""

from bwtui.domain.runs.run import Order, StepState
from bwtui.domain.values.phone_numbers import listed


def order_told(record: StepState) -> str:
    """Say which order of a step is under way, and what is known of it; empty where none is.

    The text holds an id and a status from outside: never markup, never part of a shell script's code.
    """
    latest = record.orders[-1] if record.orders else None
    if placed := record.order_under_way:
        return f"order {placed.order_id} ({placed.status}){_for_numbers(placed)} is under way"
    if latest and latest.is_unknown and record.pending:
        return f"an order{_for_numbers(latest)} was sent, and its answer is not known yet"
    return ""


def _for_numbers(order: Order) -> str:
    return f" for {listed(order.numbers)}" if order.numbers else ""
