"""Consent: a late yes counts only if the plan is still the one that was agreed to."""

from enum import Enum, auto
from typing import Final

from bwtui.domain.account.findings import Survey
from bwtui.domain.planning.actions import Plan

FRESH: Final = 10.0
"""Seconds for which a survey of the account may be acted on."""


class Consent(Enum):
    """An answer to the question before money is spent."""

    ALL = auto()
    """Yes, to all that was shown."""
    ALL_BUT_THE_NUMBERS = auto()
    NONE = auto()
    """Back: nothing is done."""


def with_agreed_numbers(survey: Survey, numbers: tuple[str, ...]) -> Survey:
    """Return the survey with the agreed numbers first among its candidates.

    Each search may find other numbers. An agreed number that somebody else has taken costs nothing: its order fails.
    """
    others = tuple(number for number in survey.candidates if number not in numbers)
    return survey._replace(candidates=(*numbers, *others) if survey.candidates else ())


def is_still_agreed(agreed: Plan, now: Plan) -> bool:
    """Return True if a later plan creates, changes and orders exactly what was agreed to, and has no conflicts."""
    return not now.conflicts and _deeds(agreed) == _deeds(now)


def _deeds(plan: Plan) -> list[object]:
    return [(action.step.key, action.verdict, action.request, action.costs) for action in plan.writes]
