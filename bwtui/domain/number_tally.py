"""Which numbers are had, and which may be ordered: the rules about money, asked by every front end and by the engine.

A phone number can be bought once. So whatever an order whose fate is not known asked for may be asked for again, at no
risk: if that order did get it, the second one is refused. Anything else would be a second number.
"""

from collections.abc import Mapping
from typing import NamedTuple

from bwtui.domain.answers import Answers
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.checks import split_list, ten_digits
from bwtui.domain.run import Order


class OrderWishes(NamedTuple):
    """The answers about the order, in types of their own."""

    numbers: tuple[str, ...]
    """Named one by one, ten digits each."""
    quantity: int
    """How many, where none are named."""
    replace_taken: bool
    """Whether another may be ordered for one that was taken."""
    partial_allowed: bool
    """Whether some are better than none."""
    existing: str
    """What becomes of numbers that are there and that no order of ours asked for: report, order or keep."""
    given_up: frozenset[str]
    """Numbers, and ids of orders in lower case, that count no more."""
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
        chosen_by={name: value for name in choosing if (value := answers.text(name))},
    )


class NumberTally(NamedTuple):
    """Where the wanted numbers stand."""

    had: tuple[str, ...] = ()
    """Those that one of our orders says it has, and those that it asked for and that are on the location."""
    missing: int = 0
    """How many are still to be had."""
    named: tuple[str, ...] = ()
    """The missing ones that were named one by one."""
    barred: int = 0
    """How many of the missing ones were named and given up both: nothing is ordered in their place."""
    again: tuple[str, ...] = ()
    """Asked for by an order whose fate is unknown: no others are ordered before these are had."""
    unexplained: tuple[Order, ...] = ()
    """Orders that may have bought numbers which cannot be told: beside them nothing is ordered."""
    unresolved: tuple[Order, ...] = ()
    """Orders of which it is not known yet what becomes of them."""
    strangers: tuple[str, ...] = ()
    """On the location, and asked for by no order of ours."""
    gone: frozenset[str] = frozenset()
    """Given up: bought again they would still not count, so that yet another would be bought."""

    def to_order(self, candidates: tuple[str, ...]) -> tuple[str, ...]:
        """The numbers to order, at most as many as are missing, those of a lost order first and by themselves.

        `candidates` has others, best first.
        """
        if self.unexplained:
            return ()
        others = (number for number in candidates if number not in self.gone)
        return tuple(dict.fromkeys((*self.again, *self.named, *others)))[: self.missing - self.barred]

    @property
    def needs_search(self) -> bool:
        """True where numbers have to be found that nobody has named yet."""
        return self.missing > len({*self.named, *self.again}) and not self.unexplained


def tally(answers: Answers, orders: tuple[Order, ...], located: tuple[str, ...] | None) -> NumberTally:
    """Judge orders, as the API knows them, and the location's numbers; `None` where these cannot be read.

    Numbers and orders that the person has given up count no more, unless they are on the location.
    """
    wishes = order_wishes(answers)
    given_up = wishes.given_up
    here = tuple(located or ())
    gone = frozenset(ten_digits(each) for each in given_up).difference(here)
    counted = tuple(
        order
        for order in orders
        if not {order.customer_order_id.casefold(), order.order_id.casefold()} & given_up
    )
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
    unknown = {
        number: order
        for order in counted
        if order.is_unknown
        for number in order.numbers
        if number not in had and number not in gone
    }
    again = tuple(number for number, order in unknown.items() if _is_still_asked_for(number, order, wishes))
    unwanted = tuple(order for number, order in unknown.items() if number not in again)
    short = tuple(order for order in counted if {*order.unaccounted} - {*had} - gone)
    return NumberTally(
        had=had,
        missing=missing,
        named=tuple(number for number in lacking if number not in gone),
        barred=sum(number in gone for number in lacking),
        again=again,
        unexplained=tuple(dict.fromkeys((*short, *unwanted))),
        unresolved=tuple(
            order for order in counted if not order.is_settled and {*order.numbers} - {*had} - gone
        ),
        strangers=tuple(number for number in here if number not in asked),
        gone=gone,
    )


def _is_still_asked_for(number: str, order: Order, wishes: OrderWishes) -> bool:
    """True if a number of an order whose fate is unknown is what the answers of now ask for."""
    if wishes.numbers:
        return number in wishes.numbers
    return not order.chosen_by or order.chosen_by == frozenset(wishes.chosen_by.items())


def _replaced(
    wishes: OrderWishes, orders: tuple[Order, ...], lacking: tuple[str, ...], others: tuple[str, ...]
) -> int:
    """How many named numbers were not to be had and have others in their place, as the person has allowed.

    Only what was ordered afterwards stands in for a number; what was had before it was named does not.
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
