"""The count of numbers had and missing, and the numbers that may be ordered: none while another may still be bought."""

import pytest

from bwtui.domain.answers.answers import Answers
from bwtui.domain.planning.number_tally import NumberTally, tally
from bwtui.domain.runs.run import Order
from support.guide import guide_answers

ONE, TWO, THREE = "9195551001", "9195551002", "9195551003"


def wish(numbers: str | None = None, quantity: str = "1", given_up: str | None = None) -> Answers:
    return guide_answers(number__numbers=numbers, number__quantity=quantity, number__given_up=given_up)


def order(
    status: str,
    *numbers: str,
    completed: tuple[str, ...] = (),
    failed: tuple[str, ...] = (),
    id_: str = "order-1",
) -> Order:
    return Order(
        customer_order_id=f"ours-{id_}", numbers=numbers, started_at=1.0, order_id=id_ if status else "",
        status=status, completed=completed, failed=failed,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("numbers", "quantity", "completed", "missing", "named"),
    [
        (None, "1", (), 1, ()),
        (None, "3", (ONE,), 2, ()),
        (None, "1", (ONE, TWO), 0, ()),
        (f"{ONE},{TWO}", "9", (), 2, (ONE, TWO)),
        (f"+1 (919) 555-1001,{TWO}", "1", (ONE,), 1, (TWO,)),
        (f"{ONE},{TWO}", "1", (ONE, TWO), 0, ()),
    ],
)
def test_missing_is_what_is_wanted_less_what_the_orders_have_brought(
    numbers: str | None, quantity: str, completed: tuple[str, ...], missing: int, named: tuple[str, ...]
) -> None:
    orders = tuple(order("COMPLETE", each, completed=(each,), id_=each) for each in completed)
    count = tally(wish(numbers, quantity), orders, ())
    assert (count.missing, count.named) == (missing, named)
    assert count.had == completed
    assert not count.unexplained


def test_after_an_order_whose_fate_is_unknown_only_its_own_numbers_are_ordered() -> None:
    count = tally(wish(), (order("", ONE),), ())
    assert (count.missing, count.to_reorder, count.needs_search) == (1, (ONE,), False)
    assert count.to_order((TWO, THREE)) == (ONE,)


def test_a_lost_order_for_numbers_that_are_no_longer_wanted_stops_every_other() -> None:
    lost = order("", ONE)
    count = tally(wish(TWO), (lost,), ())
    assert count.unexplained == (lost,)
    assert count.to_order((TWO, THREE)) == ()


@pytest.mark.parametrize("status", ["COMPLETE", "COMPLETED", "PARTIAL"])
def test_an_order_that_does_not_account_for_its_numbers_stops_every_other(status: str) -> None:
    short = order(status, ONE)
    count = tally(wish(), (short,), ())
    assert count.unexplained == (short,)
    assert count.to_order((TWO,)) == ()
    assert not count.needs_search


@pytest.mark.parametrize("status", ["", "COMPLETE", "PARTIAL"])
def test_a_number_that_an_order_of_ours_asked_for_and_that_is_on_the_location_is_had(status: str) -> None:
    count = tally(wish(), (order(status, ONE),), (ONE,))
    assert count == NumberTally(had=(ONE,))


def test_a_number_on_the_location_that_no_order_of_ours_asked_for_is_a_stranger_and_not_had() -> None:
    count = tally(wish(), (), (THREE,))
    assert (count.had, count.missing, count.strangers) == ((), 1, (THREE,))


def test_an_order_that_names_what_it_failed_to_get_lets_others_be_ordered() -> None:
    count = tally(wish(quantity="2"), (order("PARTIAL", ONE, TWO, completed=(ONE,), failed=(TWO,)),), ())
    assert (count.had, count.missing, count.unexplained) == ((ONE,), 1, ())
    assert count.to_order((THREE,)) == (THREE,)


def test_a_failed_order_has_bought_nothing() -> None:
    count = tally(wish(), (order("FAILED", ONE),), ())
    assert (count.had, count.missing, count.unexplained, count.to_reorder) == ((), 1, (), ())


@pytest.mark.parametrize("named", ["order-1", "ORDER-1", "ours-order-1"])
def test_an_order_that_the_person_has_given_up_counts_no_more(named: str) -> None:
    count = tally(wish(given_up=named), (order("COMPLETE", ONE),), ())
    assert (count.had, count.missing, count.unexplained) == ((), 1, ())
    assert count.to_order((TWO,)) == (TWO,)


def test_a_number_that_was_given_up_is_neither_had_nor_ordered_again() -> None:
    had = tally(wish(given_up=ONE), (order("COMPLETE", ONE, completed=(ONE,)),), ())
    assert (had.had, had.missing) == ((), 1)
    lost = tally(wish(given_up=ONE), (order("", ONE),), ())
    assert (lost.to_reorder, lost.unexplained) == ((), ())
    for count in (had, lost):
        assert count.to_order((ONE, TWO)) == (TWO,), (
            "bought again it would not count, and a second one would be bought"
        )


def test_a_number_that_was_given_up_and_is_on_the_location_is_had_all_the_same() -> None:
    assert tally(wish(given_up=ONE), (order("COMPLETE", ONE, completed=(ONE,)),), (ONE,)) == NumberTally(
        had=(ONE,)
    )


def test_a_number_told_twice_is_one() -> None:
    orders = (order("COMPLETE", ONE, completed=(ONE, ONE)), order("", ONE, id_="second"))
    assert tally(wish(quantity="2"), orders, (ONE, ONE)).had == (ONE,)


def test_numbers_that_cannot_be_listed_are_no_reason_to_order_what_the_orders_brought() -> None:
    assert tally(wish(), (order("COMPLETE", ONE, completed=(ONE,)),), None) == NumberTally(had=(ONE,))


def test_never_more_are_ordered_than_are_missing() -> None:
    assert tally(wish(quantity="2"), (), ()).to_order((ONE, TWO, THREE)) == (ONE, TWO)
    assert tally(wish(f"{ONE},{TWO}"), (), ()).to_order((ONE, THREE)) == (ONE, TWO)


def test_a_number_that_was_taken_and_replaced_is_not_replaced_again_at_every_run() -> None:
    orders = (order("FAILED", ONE), order("COMPLETE", THREE, completed=(THREE,), id_="second"))
    assert tally(wish(ONE), orders, (THREE,)).missing == 0
    assert tally(wish(f"{ONE},{TWO}"), orders, (THREE,)).missing == 1


def test_another_number_named_later_is_missing_and_not_taken_for_replaced() -> None:
    count = tally(wish(TWO), (order("COMPLETE", ONE, completed=(ONE,)),), (ONE,))
    assert (count.missing, count.named) == (1, (TWO,))


@pytest.mark.parametrize(
    ("quantity", "given_up", "orders", "surplus"),
    [
        pytest.param("1", None, (order("COMPLETE", ONE, completed=(ONE, TWO)),), (TWO,), id="more than it asked for"),
        pytest.param("2", None, (order("COMPLETE", ONE, completed=(ONE, TWO)),), (), id="more, and it is wanted now"),
        pytest.param(
            "1", "order-1",
            (order("COMPLETE", ONE, completed=(ONE,)), order("COMPLETE", TWO, completed=(TWO,), id_="order-2")),
            (ONE,), id="an order that was given up",
        ),
        pytest.param(
            "1", ONE,
            (order("COMPLETE", ONE, completed=(ONE,)), order("COMPLETE", TWO, completed=(TWO,), id_="order-2")),
            (ONE,), id="a number that was given up and is there again",
        ),
        pytest.param(
            "1", None,
            (order("FAILED", ONE), order("COMPLETE", TWO, completed=(TWO,), id_="order-2")),
            (ONE,), id="a number that its order did not bring, as it said",
        ),
        pytest.param(
            "1", None,
            (order("COMPLETE", ONE, completed=(ONE,)), order("COMPLETE", TWO, completed=(TWO,), id_="order-2")),
            (), id="fewer are wanted now",
        ),
        pytest.param("1", None, (order("", ONE, TWO),), (), id="found on the location, and fewer are wanted now"),
    ],
)  # fmt: skip
def test_numbers_that_nobody_agreed_to_are_a_surplus_and_those_of_a_larger_wish_are_not(
    quantity: str, given_up: str | None, orders: tuple[Order, ...], surplus: tuple[str, ...]
) -> None:
    count = tally(wish(quantity=quantity, given_up=given_up), orders, (ONE, TWO))
    assert set(count.had) == {ONE, TWO}
    assert count.surplus == surplus
    assert not count.strangers
