"""The way onto a campaign that the account has, in the words of whoever is told: in a wizard, or with an answers file."""

from collections.abc import Sequence
from typing import Final

from bwtui.domain.catalog import CAMPAIGN
from bwtui.domain.values.text import safe

_MOST_NAMED: Final = 5
"""Most campaigns that a sentence names; an account may have hundreds."""


def join_in_wizard(campaigns: Sequence[str]) -> str:
    """Say in which step one of these campaigns of the account is chosen."""
    which = "it" if len(campaigns) == 1 else "one"
    return f"{_has(campaigns)}: choose {which} in the step {CAMPAIGN.title}, then apply again."


def join_in_file(campaigns: Sequence[str], then: str = "apply again") -> str:
    """Say which line of an answers file puts the numbers on one of these campaigns of the account."""
    line = f'write id = "{safe(campaigns[0])}" under [{CAMPAIGN.key}]'
    other = "" if len(campaigns) == 1 else ", or another of them"
    return f"{_has(campaigns)}: {line}{other}, then {then}."


def _has(campaigns: Sequence[str]) -> str:
    if len(campaigns) == 1:
        return f"This account has the campaign {safe(campaigns[0])}"
    *named, last = map(safe, campaigns[:_MOST_NAMED])
    if len(campaigns) > _MOST_NAMED:
        named, last = [*named, last], f"{len(campaigns) - _MOST_NAMED} more"
    return f"This account has the campaigns {', '.join(named)} and {last}"
