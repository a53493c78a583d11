"""The tally of phone numbers, had and to be ordered: the rules about money, for every front end and the engine.

A phone number can be bought only once. So the numbers of an order with unknown outcome may be ordered again without
risk: if that order did get them, the second one is refused. Any other number would be bought in addition.
"""

from collections import Counter
from collections.abc import Mapping
from typing import NamedTuple

from bwtui.domain.answers.answers import Answer, Answers
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.runs.problem import TAKEN
from bwtui.domain.runs.run import Order
from bwtui.domain.values.phone_numbers import ten_digits
from bwtui.domain.values.text import split_list


class OrderWishes(NamedTuple):
    """The answers about the order, converted to their types."""

    numbers: tuple[str, ...]
    """The numbers named one by one, ten digits each."""
    quantity: int
    """The count of numbers to order, if none are named."""
    replace_taken: bool
    """True if another number may be ordered in place of one that was taken."""
    partial_allowed: bool
    """True if an order may be filled in part."""
    existing: str
    """The answer for numbers on the location that no order of ours asked for: report, order or keep."""
    given_up: frozenset[str]
    """Numbers, and order ids in lower case, that no longer count."""
    chosen_by: Mapping[str, str]
    """The answers that choose the numbers, by full name: the numbers themselves, else the search."""


def order_wishes(answers: Answers) -> OrderWishes:
    """Read the answers about the order."""
    key = PAID_STEP.key_of
    choosing = (
        (key("numbers"),) if answers.text(key("numbers")) else (key(part.key) for part in PAID_STEP.query)
    )
    return OrderWishes(
        numbers=tuple(dict.fromkeys(ten_digits(each) for each in split_list(answers.text(key("numbers"))))),
        quantity=int(answers.text(key("quantity"))),
        replace_taken=answers.flag(key("replace_taken")),
        partial_allowed=answers.flag(key("partial_allowed")),
        existing=answers.text(key("existing")),
        given_up=frozenset(each.casefold() for each in split_list(answers.text(key("given_up")))),
        chosen_by={name: answer.value for name in choosing if (answer := _answered(answers, name))},
    )


def _answered(answers: Answers, key: str) -> Answer | None:
    """Return an answer that somebody gave; `None` for a default, which was not always there."""
    answer = answers.answer(key)
    return answer if answer and answer.value and not answer.source.is_default else None


def is_searched_for(answers: Answers) -> bool:
    """Return True if the answers say where to search for numbers."""
    return any(_answered(answers, PAID_STEP.key_of(question.key)) for question in PAID_STEP.query)


class NumberTally(NamedTuple):
    """The wanted numbers, sorted by what is known of each."""

    had: tuple[str, ...] = ()
    """Numbers that one of our orders reports as completed, or asked for and the location has."""
    missing: int = 0
    """The count of numbers still to be ordered."""
    named: tuple[str, ...] = ()
    """The missing numbers that were named one by one."""
    named_but_given_up: int = 0
    """The count of missing numbers that are both named and given up: nothing is ordered in their place."""
    to_reorder: tuple[str, ...] = ()
    """Numbers of an order with unknown outcome: no others are ordered before these are had."""
    unexplained: tuple[Order, ...] = ()
    """Orders that may have bought numbers that they do not name: while there are any, nothing is ordered."""
    unresolved: tuple[Order, ...] = ()
    """Orders whose outcome is not known yet."""
    strangers: tuple[str, ...] = ()
    """Numbers on the location that no order of ours asked for or brought."""
    surplus: tuple[str, ...] = ()
    """Numbers had beyond those wanted that nobody has agreed to: see `_surplus`."""
    gone: frozenset[str] = frozenset()
    """Numbers given up: they are not bought again, since they would still not count."""
    refused: tuple[str, ...] = ()
    """Numbers of an order that was refused as it was sent: they are ordered once more before any that a search found."""

    def to_order(self, candidates: tuple[str, ...]) -> tuple[str, ...]:
        """Return the numbers to order, at most as many as are missing: of a lost order, then named ones, then others.

        `candidates` has the others, best first.
        """
        if self.unexplained:
            return ()
        others = (number for number in (*self.refused, *candidates) if number not in self.gone)
        return tuple(dict.fromkeys((*self.to_reorder, *self.named, *others)))[
            : self.missing - self.named_but_given_up
        ]

    @property
    def needs_search(self) -> bool:
        """True if more numbers are missing than are named or to be ordered again."""
        return self.missing > len({*self.named, *self.to_reorder}) and not self.unexplained


def tally(answers: Answers, orders: tuple[Order, ...], located: tuple[str, ...] | None) -> NumberTally:
    """Count the numbers of the orders, as the API knows them, and of the location; `None` if it cannot be read.

    Numbers and orders that are given up no longer count, unless the number is on the location.
    """
    wishes = order_wishes(answers)
    here = tuple(located or ())
    gone = frozenset(ten_digits(each) for each in wishes.given_up).difference(here)
    counted = tuple(order for order in orders if not is_given_up(order, wishes))
    asked = {number for order in orders for number in order.numbers}
    brought = (
        *(number for order in orders for number in order.completed),
        *(number for number in here if number in asked),
    )
    had = tuple(number for number in dict.fromkeys(brought) if number not in gone)
    named = wishes.numbers
    lacking = tuple(number for number in named if number not in had)
    replaced = _replaced(wishes, orders, lacking, tuple(number for number in had if number not in named))
    missing = len(lacking) - replaced if named else max(0, wishes.quantity - len(had))
    unknown = _of_unknown_outcome(counted, {*had, *gone})
    to_reorder = tuple(
        number for number, order in unknown.items() if _is_still_asked_for(number, order, wishes)
    )
    unwanted = (order for number, order in unknown.items() if number not in to_reorder)
    short = (order for order in counted if {*order.unaccounted} - {*had} - gone)
    return NumberTally(
        had=had,
        missing=missing,
        named=tuple(number for number in lacking if number not in gone),
        named_but_given_up=sum(number in gone for number in lacking),
        to_reorder=to_reorder,
        unexplained=tuple(dict.fromkeys((*short, *unwanted))),
        unresolved=tuple(
            order for order in counted if not order.is_settled and {*order.numbers} - {*had} - gone
        ),
        strangers=tuple(number for number in here if number not in asked and number not in had),
        surplus=_surplus(wishes, orders, had),
        gone=gone,
        refused=() if named else _refused_once(orders, {*had, *gone}, wishes),
    )


def _of_unknown_outcome(orders: tuple[Order, ...], besides: set[str]) -> dict[str, Order]:
    """Return the numbers that orders of unknown outcome may have bought, each with its order."""
    return {
        number: order
        for order in orders
        if order.is_unknown
        for number in order.numbers
        if number not in besides
    }


def _refused_once(orders: tuple[Order, ...], besides: set[str], wishes: OrderWishes) -> tuple[str, ...]:
    """Return the numbers of a single order that was refused as it was sent, and not because the number was taken."""
    refused = [order for order in orders if order.is_refused]
    times = Counter(number for order in refused for number in order.numbers)
    return tuple(
        number
        for order in refused
        if not order.order_id and order.error_code not in TAKEN and not is_given_up(order, wishes)
        for number in order.numbers
        if times[number] == 1 and number not in besides and _is_still_asked_for(number, order, wishes)
    )


def _surplus(wishes: OrderWishes, orders: tuple[Order, ...], had: tuple[str, ...]) -> tuple[str, ...]:
    """Return the numbers had that were not to be bought, if there are more than are wanted now.

    Either an order brought what it was not asked for, or a number that counted as lost, whose place another order has
    taken, came after all. More numbers than are wanted since the answers asked for fewer are no surplus.
    """
    if len(had) <= (len(wishes.numbers) or wishes.quantity):
        return ()
    asked = {number for order in orders for number in order.numbers}
    regular, replaced = set[str](), set[str]()
    for place, order in enumerate(orders):
        if not is_given_up(order, wishes):
            regular |= {*order.completed} & {*order.numbers}
        if any({*later.completed} - {*order.numbers} for later in orders[place + 1 :]):
            replaced |= {*order.numbers}
    regular -= {ten_digits(each) for each in wishes.given_up}
    return tuple(
        number for number in had if number not in regular and (number in replaced or number not in asked)
    )


def is_given_up(order: Order, wishes: OrderWishes) -> bool:
    """Return True for an order that the answers give up: it counts no more."""
    return bool({order.customer_order_id.casefold(), order.order_id.casefold()} & wishes.given_up)


def _is_still_asked_for(number: str, order: Order, wishes: OrderWishes) -> bool:
    """True if a number of an order whose fate is unknown is what the answers of now ask for."""
    if wishes.numbers:
        return number in wishes.numbers
    return not order.chosen_by or order.chosen_by == frozenset(wishes.chosen_by.items())


def _replaced(
    wishes: OrderWishes, orders: tuple[Order, ...], lacking: tuple[str, ...], others: tuple[str, ...]
) -> int:
    """Return how many named numbers could not be had and are replaced by others, as the answers allow.

    Only a number that was ordered after the refusal counts as a replacement.
    """
    if not wishes.replace_taken:
        return 0
    refused = [
        place for place, order in enumerate(orders) if order.is_final and {*order.numbers} & {*lacking}
    ]
    if not refused:
        return 0
    later = {number for order in orders[refused[0] + 1 :] for number in order.numbers}
    return min(len(lacking), sum(number in later for number in others))
