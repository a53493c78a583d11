"""The order in which the steps are undone: what needs something goes before what it needs."""

from typing import assert_never

from bwtui.domain.catalog import STEPS
from bwtui.domain.steps import (
    FoundAsActivation,
    FoundAsAssignment,
    FoundAsOrder,
    FoundAsSetting,
    FoundInList,
    FoundOnCampaign,
    Step,
)


def removal_order() -> tuple[Step, ...]:
    """Return the steps in the order of undoing: what needs something comes before what it needs.

    Among those that are free to choose: numbers, settings, then objects; what goes with the numbers comes last.
    """
    waiting, order = list(STEPS), list[Step]()
    while waiting:
        done = {step.key for step in order}
        free = [step for step in waiting if undone_before(step) <= done]
        following = min(free, key=_rank)
        order.append(following)
        waiting.remove(following)
    return tuple(order)


def undone_before(step: Step) -> frozenset[str]:
    """Return the keys of the steps that must be undone before this one; never one that goes with the numbers."""
    others = [other for other in STEPS if not other.goes_with_numbers]
    if step.goes_with_numbers:
        return frozenset(other.key for other in others)
    needing = {other.key for other in others if _needs(other, step)}
    return frozenset(needing | set(step.undone_after))


def _needs(step: Step, other: Step) -> bool:
    """Return True if a step needs what another made. Between numbers and packages, `after` alone is no need."""
    if other.produces in step.needs:
        return True
    return other.key in step.after and not (step.paid and other.is_listed)


def _rank(step: Step) -> int:
    match step.found_by:
        case FoundAsAssignment() | FoundAsActivation() | FoundOnCampaign():
            kind = 0
        case FoundAsOrder():
            kind = 1
        case FoundAsSetting():
            kind = 2
        case FoundInList():
            kind = 3
        case _:
            assert_never(step.found_by)
    return kind * len(STEPS) + STEPS.index(step)
