"""An estimate of the phone numbers that a setup would order next, without asking anybody."""

from bwtui.domain.answers import Answers, can_be_done, wanted_steps
from bwtui.domain.given_up import begun_anew
from bwtui.domain.number_tally import tally
from bwtui.domain.run import RunState


def numbers_missing(answers: Answers, run: RunState) -> int:
    """Return how many phone numbers the next order may ask for at most; 0 while an order is still to be filled."""
    step = next((step for step in wanted_steps(answers) if step.paid), None)
    if step is None or not can_be_done(step, answers):
        return 0
    record = begun_anew(answers, run).step(step.key)
    if record.order_under_way:
        return 0
    return tally(answers, record.orders, record.numbers).missing
