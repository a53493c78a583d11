"""Setups that order numbers of one search at the same time."""

from bwtui.domain.account.findings import Survey
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.planning.number_claims import NumberClaims
from bwtui.domain.planning.order_plan import numbers_to_order
from bwtui.domain.runs.run import Order, RunState, StepState
from support.guide import guide_answers

FOUND = tuple(f"91955512{last:02}" for last in range(21))


def ordered(claims: NumberClaims, name: str, found: tuple[str, ...] = FOUND) -> tuple[str, ...]:
    """The numbers that a setup would order."""
    answers = guide_answers()
    survey = claims.apart(name, Survey(findings={}, candidates=found, lacking={}), answers, RunState())
    return numbers_to_order(answers, RunState(), survey)


def test_none_orders_what_another_is_about_to_order() -> None:
    claims = NumberClaims()
    chosen = [ordered(claims, f"store-{row}") for row in range(len(FOUND))]
    assert sorted(number for numbers in chosen for number in numbers) == sorted(FOUND)


def test_a_setup_that_looks_again_keeps_its_number() -> None:
    claims = NumberClaims()
    first = ordered(claims, "one")
    ordered(claims, "two")
    assert ordered(claims, "one") == first


def with_order(*numbers: str, status: str, completed: tuple[str, ...] = ()) -> RunState:
    order = Order("bwtui-1", numbers, 0.0, order_id="o-1", status=status, completed=completed)
    return RunState(steps={PAID_STEP.key: StepState(orders=(order,))})


def test_what_a_setup_has_not_ordered_in_the_end_may_be_had_by_others() -> None:
    claims = NumberClaims()
    (number,) = ordered(claims, "one", FOUND[:1])
    claims.end("one", RunState())
    assert ordered(claims, "two", FOUND[:1]) == (number,)


def test_what_a_setup_has_bought_is_not_ordered_even_if_an_older_search_has_found_it() -> None:
    claims = NumberClaims()
    (number,) = ordered(claims, "one", FOUND[:1])
    claims.end("one", with_order(number, status="COMPLETE", completed=(number,)))
    assert ordered(claims, "two", FOUND[:1]) == ()
    assert claims.of_others("two") == 0, "a search finds it no longer"


def test_what_an_order_may_still_buy_is_left_to_its_setup_after_it_has_ended() -> None:
    claims = NumberClaims()
    (number,) = ordered(claims, "one", FOUND[:1])
    claims.end("one", with_order(number, status=""))
    assert ordered(claims, "two", FOUND[:1]) == ()


def test_a_search_leaves_room_for_what_others_may_claim() -> None:
    claims = NumberClaims()
    claims.begin("one", 3)
    claims.begin("two", 2)
    claims.claim("three", FOUND[:4])
    assert (claims.of_others("one"), claims.of_others("three"), claims.of_others("four")) == (6, 5, 9)
    ordered(claims, "one")
    assert claims.of_others("two") == 7, "what is claimed is not counted twice"


def test_what_a_setup_has_on_order_is_left_to_it_before_it_has_looked() -> None:
    (wanted,) = ordered(NumberClaims(), "two")
    claims = NumberClaims()
    claims.claim("one", (wanted,))
    assert ordered(claims, "two") != (wanted,)


def test_a_claimed_number_is_left_alone_even_if_there_is_no_other() -> None:
    claims = NumberClaims()
    assert ordered(claims, "one", FOUND[:1]) == FOUND[:1]
    assert ordered(claims, "two", FOUND[:1]) == ()


def test_what_may_still_be_ordered_is_without_what_others_have_claimed_since() -> None:
    claims = NumberClaims()
    free = claims.free("one", FOUND)
    claims.claim("one", FOUND[:1])
    claims.claim("two", FOUND[1:4])
    assert tuple(free) == (*FOUND[:1], *FOUND[4:])
    assert len(free) == len(FOUND) - 3
    claims.claim("three", FOUND)
    assert not free


def test_setups_of_several_processes_begin_at_different_numbers() -> None:
    chosen = {ordered(NumberClaims(), f"store-{row}") for row in range(40)}
    assert len(chosen) > 10
