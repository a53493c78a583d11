"""Setups of one account that order numbers at the same time: none orders what another has ordered, or is about to."""

from collections.abc import Collection, Iterator
from zlib import crc32

from bwtui.domain.account.findings import Survey
from bwtui.domain.answers.answers import Answers
from bwtui.domain.planning.order_plan import numbers_to_order
from bwtui.domain.runs.run import RunState


class NumberClaims:
    """The numbers that each setup is about to order, by its name, and those that setups have bought."""

    def __init__(self) -> None:
        self._claimed: dict[str, tuple[str, ...]] = {}
        self._wanted: dict[str, int] = {}
        """The count of numbers that each setup at work may order."""
        self._bought = set[str]()

    def claim(self, name: str, numbers: tuple[str, ...]) -> None:
        """Claim what a setup has ordered, or may order again, before it has looked at the account."""
        if numbers:
            self._claimed[name] = numbers
        else:
            self._claimed.pop(name, None)

    def begin(self, name: str, wanted: int) -> None:
        """Leave room for the numbers that a setup will claim once it has searched for some."""
        self._wanted[name] = wanted

    def of_others(self, name: str) -> int:
        """Return how many numbers of a search other setups may claim."""
        others = (self._claimed.keys() | self._wanted.keys()) - {name}
        return sum(max(len(self._claimed.get(each, ())), self._wanted.get(each, 0)) for each in others)

    def apart(self, name: str, survey: Survey, answers: Answers, run: RunState) -> Survey:
        """Return a survey for a setup without the candidates that are others'; claim what it would order.

        The same search finds the same numbers, in other processes too: each setup begins at another place of it.
        """
        mine = self._claimed.get(name, ())
        free = tuple(self.free(name, survey.candidates))
        first = crc32(name.encode()) % len(free) if free else 0
        order = (*(number for number in mine if number in free), *free[first:], *free[:first])
        spread = survey._replace(candidates=tuple(dict.fromkeys(order)))
        self._claimed[name] = numbers_to_order(answers, run, spread)
        return spread

    def free(self, name: str, numbers: tuple[str, ...]) -> "FreeNumbers":
        """Return those of the numbers that are no other setup's, also when others claim some of them later."""
        return FreeNumbers(self, name, numbers)

    def are_others(self, name: str) -> set[str]:
        """Return the numbers that other setups have claimed, and all that were bought."""
        claimed = (numbers for other, numbers in self._claimed.items() if other != name)
        return self._bought.union(*claimed)

    def end(self, name: str, run: RunState) -> None:
        """Forget what a setup was about to order; keep what it has bought, and what its orders may still buy."""
        self._wanted.pop(name, None)
        self._bought.update(run.numbers)
        self.claim(name, run.on_order)


class FreeNumbers(Collection[str]):
    """Numbers without those that are others' at the time they are asked for."""

    def __init__(self, claims: NumberClaims, name: str, numbers: tuple[str, ...]) -> None:
        self._claims = claims
        self._name = name
        self._numbers = numbers

    def __iter__(self) -> Iterator[str]:
        others = self._claims.are_others(self._name)
        return (number for number in self._numbers if number not in others)

    def __len__(self) -> int:
        return sum(1 for _ in self)

    def __contains__(self, number: object) -> bool:
        return any(number == each for each in self)
