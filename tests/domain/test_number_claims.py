"""Setups that order numbers of one search at the same time."""

from bwtui.domain.findings import Survey
from bwtui.domain.number_claims import NumberClaims
from bwtui.domain.order_plan import numbers_to_order
from bwtui.domain.run import RunState
from support.guide import guide_answers

FOUND = tuple(f"91955512{last:02}" for last in range(21))


def ordered(claims: NumberClaims, name: str, found: tuple[str, ...] = FOUND) -> tuple[str, ...]:
    """The numbers that a setup would order."""
    answers = guide_answers()
    survey = claims.apart(name, Survey(findings={}, candidates=found, lacking={}), answers, RunState())
    assert sorted(survey.candidates) == sorted(found), "none is lost"
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


def test_what_a_setup_has_given_up_may_be_had_by_others() -> None:
    claims = NumberClaims()
    (number,) = ordered(claims, "one", FOUND[:1])
    claims.give_up("one")
    assert ordered(claims, "two", FOUND[:1]) == (number,)


def test_what_a_setup_has_on_order_is_left_to_it_before_it_has_looked() -> None:
    (wanted,) = ordered(NumberClaims(), "two")
    claims = NumberClaims()
    claims.claim("one", (wanted,))
    assert ordered(claims, "two") != (wanted,)


def test_a_claimed_number_is_taken_if_there_is_no_other() -> None:
    claims = NumberClaims()
    assert ordered(claims, "one", FOUND[:1]) == ordered(claims, "two", FOUND[:1]) == FOUND[:1]


def test_setups_of_several_processes_begin_at_different_numbers() -> None:
    chosen = {ordered(NumberClaims(), f"store-{row}") for row in range(40)}
    assert len(chosen) > 10
