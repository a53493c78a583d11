"""An estimate of the phone numbers that a setup, or a list of them, would order next, without asking anybody."""

from collections.abc import Mapping
from typing import NamedTuple

from bwtui.domain.answers.answers import Answers, can_be_done, wanted_steps
from bwtui.domain.planning.given_up import begun_anew
from bwtui.domain.planning.number_tally import tally
from bwtui.domain.runs.run import RunState


class NextOrder(NamedTuple):
    """The order that a setup may place next."""

    numbers: int = 0
    """The most phone numbers that it may ask for."""
    replaces: bool = False
    """True if the outcome of an earlier one is not known yet: another is placed only for what that one does not get."""


def next_order(answers: Answers, run: RunState) -> NextOrder:
    """Return the order that the setup may place next, as far as its run shows; for no numbers if it has them all."""
    step = next((step for step in wanted_steps(answers) if step.paid), None)
    if step is None or not can_be_done(step, answers):
        return NextOrder()
    record = begun_anew(answers, run).step(step.key)
    missing = tally(answers, record.orders, record.numbers).missing
    return NextOrder(missing, replaces=bool(missing) and not all(order.is_settled for order in record.orders))


class Budget(NamedTuple):
    """The orders that the rows of a list may place in one run, by the number of the row."""

    orders: Mapping[int, NextOrder]
    """Those that a person is asked about, at most as many as are allowed."""
    capped: Mapping[int, NextOrder]
    """Those that are left to a later run."""

    @property
    def numbers(self) -> int:
        """The most phone numbers that are ordered."""
        return sum(order.numbers for order in self.orders.values())

    @property
    def replacing(self) -> int:
        """The orders that are placed only if an earlier one gets nothing."""
        return sum(order.replaces for order in self.orders.values())

    @property
    def without_number(self) -> int:
        """The rows that are sure to be left without a number in this run."""
        return sum(not order.replaces for order in self.capped.values())


def budget_of(orders: Mapping[int, NextOrder], most: int | None) -> Budget:
    """Return the budget for the orders that rows may place next, `most` of them if that is said; sure ones come first."""
    wanting = sorted((row for row in orders if orders[row].numbers), key=lambda row: orders[row].replaces)
    return Budget(
        orders={row: orders[row] for row in wanting[:most]},
        capped={row: orders[row] for row in wanting[len(wanting[:most]) :]},
    )
