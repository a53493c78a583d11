"""The texts of starting from what is on the account, the same in each front end."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from bwtui.domain.catalog import CAMPAIGN, LOCATION, STEPS, parent_of
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.values.text import single_line

if TYPE_CHECKING:  # start-up time is budgeted
    from collections.abc import Iterable

    from bwtui.domain.account.account import Account, Candidate
    from bwtui.domain.runs.run import RunState
    from bwtui.domain.walk.existing_setup import ExistingSetup

START: Final = "Start from what is there"
"""The offer, once an account was read that has something."""

UNTOLD: Final = "On the account, and no answer says it"


def sub_accounts_to_start_from(account: Account | None, run: RunState) -> tuple[Candidate, ...]:
    """Return the sub-accounts of an account that has more than an empty one; none once something was begun."""
    parent = parent_of(LOCATION)
    if account is None or parent is None or run.steps:
        return ()
    sites = account.candidates.get(parent.key, ())
    # Campaigns belong to the account, whatever was set up.
    aside = (parent.key, CAMPAIGN.key)
    others = any(there for key, there in account.candidates.items() if key not in aside)
    return sites if others or len(sites) > 1 else ()


def choices_told(there: Iterable[Candidate]) -> tuple[str, ...]:
    """Name objects to choose from, each with its id."""
    return tuple(f"{single_line(each.name)} ({single_line(each.id)})" for each in there)


def started_text(existing: ExistingSetup) -> str:
    """Say that the answers are those of what was read, and what would be done."""
    from bwtui.domain.planning.value_changes import counts_told  # noqa: PLC0415 - not needed before something was read

    numbers = f", with {listed(existing.numbers)}" if existing.numbers else ""
    return f"The answers are now those of what is there{numbers}. Review looks again: {counts_told(existing.plan)}."


def untold_lines(existing: ExistingSetup) -> tuple[str, ...]:
    """List what is on the account and no answer says, a line each with its step."""
    titles = {step.key: step.title for step in STEPS}
    return tuple(
        f"{titles.get(table, 'Wishes')}: {single_line(text)}"
        for table, notes in existing.notes.items()
        for text in notes
    )
