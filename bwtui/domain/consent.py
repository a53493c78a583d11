"""Consent: a late yes counts only where what would be done is still what was agreed to."""

from typing import Final

from bwtui.domain.actions import Plan
from bwtui.domain.findings import Survey

FRESH: Final = 10.0
"""Seconds for which a look at the account is good enough to act on."""


def with_agreed_numbers(survey: Survey, numbers: tuple[str, ...]) -> Survey:
    """The survey with the numbers that were agreed to before all others.

    A search may show others each time. A number that somebody else has taken meanwhile costs nothing: its order fails.
    """
    others = tuple(number for number in survey.candidates if number not in numbers)
    return survey._replace(candidates=(*numbers, *others) if survey.candidates else ())


def is_still_agreed(agreed: Plan, now: Plan) -> bool:
    """Check that a later plan makes, changes and orders just what was agreed to, and nothing stands in its way."""
    return not now.conflicts and _deeds(agreed) == _deeds(now)


def _deeds(plan: Plan) -> list[object]:
    return [(action.step.key, action.verdict, action.request, action.costs) for action in plan.writes]
