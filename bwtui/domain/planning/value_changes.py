"""The differences of an action value by value, old and new, as every front end shows them; and the count of a plan."""

from collections import Counter
from collections.abc import Mapping
from typing import Final, NamedTuple

from bwtui.domain.account.findings import Difference
from bwtui.domain.fields import is_yes_or_no
from bwtui.domain.planning.actions import Action, Plan, Verdict
from bwtui.domain.steps import Step
from bwtui.domain.values.documents import NotYetKnown
from bwtui.domain.values.text import single_line
from bwtui.domain.values.yes_or_no import yes_or_no


class ValueChange(NamedTuple):
    """One value that is on the account otherwise than answered. Its texts come from outside: never markup."""

    label: str
    """The name of the value on the screens."""
    wire: str
    """The path of its element."""
    old: str
    """The value on the account as people read it; empty if there is none."""
    new: str
    """The answered value as people read it; empty if it is an id that is not known yet."""

    @property
    def old_told(self) -> str:
        """The old value in quotes, or that there is none."""
        return f"“{self.old}”" if self.old else "none"

    @property
    def new_told(self) -> str:
        """The new value in quotes, or that an object which is not there yet will have it."""
        return f"“{self.new}”" if self.new else "the new one"

    def __str__(self) -> str:
        return f"{self.label}: {self.old_told} -> {self.new_told}"


def value_changes(action: Action) -> tuple[ValueChange, ...]:
    """Return what an action changes, or what a conflict is about, value by value. Secrets are never among it."""
    return tuple(_change(action.step, difference) for difference in action.differences)


def _change(step: Step, difference: Difference) -> ValueChange:
    is_flag = any(is_yes_or_no(part) and part.wire == difference.path for part in step.body)
    new = "" if isinstance(difference.wanted, NotYetKnown) else difference.wanted
    old, new = (single_line(yes_or_no(value) if is_flag else value) for value in (difference.found, new))
    return ValueChange(step.label_of(difference.path), difference.path, old, new)


def reason_told(action: Action) -> str:
    """Return the reason for an action in one line; that for a change says each value, old and new."""
    if action.verdict is not Verdict.CHANGE:
        return action.reason
    return "; ".join(filter(None, (*map(str, value_changes(action)), action.besides)))


_COUNTED: Final = ("create", "order", "change", "keep")
"""The words for what is counted as `2 to create`, in the order of telling."""


def counts(plan: Plan) -> Mapping[str, int]:
    """Count the actions of a plan by their words: whatever is done for the first time is one to create."""
    return Counter(_counted_as(action) for action in plan)


def _counted_as(action: Action) -> str:
    if action.verdict is Verdict.NEW and not action.costs:
        return "create"
    return "left" if action.verdict is Verdict.LEAVE else action.word


def counts_told(plan: Plan) -> str:
    """Return the count of a plan in words: `2 to create, 1 to change, 6 to keep, 1 conflict`."""
    count = counts(plan)
    conflicts, waits, left = count["conflict"], count["waiting"], count["left"]
    parts = (
        *(f"{count[word]} to {word}" for word in _COUNTED if count[word]),
        f"{conflicts} conflict{'' if conflicts == 1 else 's'}" if conflicts else "",
        f"{waits} waiting" if waits else "",
        f"{left} left as {'it is' if left == 1 else 'they are'}" if left else "",
    )
    return ", ".join(filter(None, parts)) or "nothing to do"
