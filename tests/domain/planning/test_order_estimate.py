"""How many numbers a setup would order next, told without asking anybody."""

import pytest

from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.planning.order_estimate import NextOrder, budget_of, next_order
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Finished, OrderUpdated, Started
from support.guide import guide_answers

STARTED = Started(step=PAID_STEP.key, at=1, customer_order_id="c", numbers=("9195551234",))


def placed(status: str, completed: tuple[str, ...] = ()) -> RunState:
    update = OrderUpdated(
        step=PAID_STEP.key, at=2, customer_order_id="c", order_id="o", status=status, completed=completed
    )
    return RunState().apply(STARTED).apply(update)


def test_before_anything_it_is_as_many_as_are_answered() -> None:
    assert next_order(guide_answers(), RunState()) == (1, False)
    assert next_order(guide_answers(number__quantity="7"), RunState()) == (7, False)
    named = guide_answers(number__numbers="9195551234,9195551235", number__area_code=None)
    assert next_order(named, RunState()) == (2, False)


def test_none_where_none_are_wanted() -> None:
    assert next_order(guide_answers(setup__number="false"), RunState()) == (0, False)


@pytest.mark.parametrize("status", ["RECEIVED", "PROCESSING", "BACKORDERED"])
def test_an_order_that_is_still_to_be_filled_may_have_to_be_replaced(status: str) -> None:
    assert next_order(guide_answers(), placed(status)) == NextOrder(1, replaces=True)
    more = guide_answers(number__quantity="3")
    assert next_order(more, placed(status, ("9195551234",))) == NextOrder(2, replaces=True)


def test_none_once_they_are_had_and_all_again_where_the_order_failed() -> None:
    had = placed("COMPLETE", ("9195551234",))
    assert next_order(guide_answers(), had) == (0, False)
    done = had.apply(Finished(step=PAID_STEP.key, at=3, numbers=("9195551234",)))
    assert next_order(guide_answers(number__quantity="3"), done) == (2, False)
    assert next_order(guide_answers(), placed("FAILED")) == (1, False)


def test_an_order_whose_fate_is_unknown_counts_since_it_may_be_sent_again() -> None:
    assert next_order(guide_answers(), RunState().apply(STARTED)) == NextOrder(1, replaces=True)


def test_a_budget_takes_sure_orders_first_and_leaves_out_what_is_too_much() -> None:
    orders = {1: NextOrder(2, replaces=True), 2: NextOrder(), 3: NextOrder(5), 4: NextOrder(1)}
    budget = budget_of(orders, 2)
    assert (list(budget.orders), list(budget.capped)) == ([3, 4], [1])
    assert (budget.numbers, budget.replacing, budget.without_number) == (6, 0, 0)
    everything = budget_of(orders, None)
    assert (list(everything.orders), everything.capped, everything.numbers) == ([3, 4, 1], {}, 8)
    assert everything.replacing == 1
    assert budget_of(orders, 0).without_number == 2
