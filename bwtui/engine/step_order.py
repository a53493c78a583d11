"""The order of the steps: which wait for which, and what is to be told when several fail at once."""

from collections.abc import Iterable
from graphlib import TopologicalSorter

from bwtui.domain.steps import Step


def first_of(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first plain exception in a group: the others are of work that was cancelled for it, or follow from it."""
    first = group.exceptions[0]
    return first_of(first) if isinstance(first, BaseExceptionGroup) else first


def dependencies(steps: Iterable[Step]) -> dict[str, set[str]]:
    """The keys of the steps that each step waits for, among these; a step stands behind all of its own."""
    steps = tuple(steps)
    made_by = {step.produces: step.key for step in steps if step.produces}
    graph = {
        step.key: {made_by[name] for name in step.needs if name in made_by}
        | {key for key in step.after if any(other.key == key for other in steps)}
        for step in steps
    }
    return {key: graph[key] for key in TopologicalSorter(graph).static_order()}
