"""The order of the steps: which wait for which."""

from collections.abc import Iterable
from graphlib import TopologicalSorter

from bwtui.domain.steps import Step


def dependencies(steps: Iterable[Step]) -> dict[str, set[str]]:
    """Return, by step key, the keys that each of these steps waits for; a step comes after all of them."""
    steps = tuple(steps)
    made_by = {step.produces: step.key for step in steps if step.produces}
    graph = {
        step.key: {made_by[name] for name in step.needs if name in made_by}
        | {key for key in step.after if any(other.key == key for other in steps)}
        for step in steps
    }
    return {key: graph[key] for key in TopologicalSorter(graph).static_order()}
