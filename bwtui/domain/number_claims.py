"""Setups of one account that order numbers at the same time: none orders what another is about to order."""

from zlib import crc32

from bwtui.domain.answers import Answers
from bwtui.domain.findings import Survey
from bwtui.domain.order_plan import numbers_to_order
from bwtui.domain.run import RunState


class NumberClaims:
    """The numbers that each setup is about to order, by its name."""

    def __init__(self) -> None:
        self._claimed: dict[str, tuple[str, ...]] = {}

    def claim(self, name: str, numbers: tuple[str, ...]) -> None:
        """Claim what a setup has ordered, or may order again, before it has looked at the account."""
        self._claimed[name] = numbers

    def apart(self, name: str, survey: Survey, answers: Answers, run: RunState) -> Survey:
        """Return a survey for a setup with what others have claimed last among its candidates; claim what it would order.

        The same search finds the same numbers, in other processes too: each setup begins at another place of it.
        """
        mine = self._claimed.get(name, ())
        others = {number for other, claimed in self._claimed.items() if other != name for number in claimed}
        free = tuple(number for number in survey.candidates if number not in others)
        first = crc32(name.encode()) % len(free) if free else 0
        order = (
            *(number for number in mine if number in free),
            *free[first:],
            *free[:first],
            *survey.candidates,
        )
        spread = survey._replace(candidates=tuple(dict.fromkeys(order)))
        self._claimed[name] = numbers_to_order(answers, run, spread)
        return spread

    def give_up(self, name: str) -> None:
        """Forget what a setup has claimed: it has ended."""
        self._claimed.pop(name, None)
