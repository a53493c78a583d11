"""A number that was given up is never ordered again, and counts where it is on the location all the same."""

from bwtui.domain.planning.number_tally import tally
from bwtui.domain.runs.run import Order
from support.guide import guide_answers

LOST, OTHER = "9195550100", "9195550101"


def order(number: str) -> Order:
    return Order(
        customer_order_id="a",
        started_at=0,
        numbers=(number,),
        order_id="1",
        status="COMPLETE",
        completed=(number,),
    )


def test_a_search_that_finds_it_again_has_it_passed_over() -> None:
    count = tally(guide_answers(number__given_up=LOST), (order(LOST),), ())
    assert count.to_order((LOST, OTHER)) == (OTHER,)


def test_one_that_was_named_is_not_ordered_and_nothing_in_its_place() -> None:
    count = tally(guide_answers(number__given_up=LOST, number__numbers=LOST), (order(LOST),), ())
    assert count.missing == 1, "it is not had"
    assert count.to_order((LOST, OTHER)) == ()


def test_one_that_is_on_the_location_after_all_counts() -> None:
    count = tally(guide_answers(number__given_up=LOST), (order(LOST),), (LOST,))
    assert (count.had, count.missing) == ((LOST,), 0)
