"""An estimate of the phone numbers that a setup would order next, without asking anybody."""

from typing import NamedTuple

from bwtui.domain.answers import Answers, can_be_done, wanted_steps
from bwtui.domain.given_up import begun_anew
from bwtui.domain.number_tally import tally
from bwtui.domain.run import RunState


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
