"""The outputs of a step as state files and `--json` have them: every value is text, the numbers one text with commas."""

from collections.abc import Mapping

from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.runs.run import StepState
from bwtui.domain.runs.run_events import Finished


def flat_outputs(of: Finished | StepState) -> dict[str, str]:
    """Return the ids and, of the step that orders them, the numbers."""
    has_numbers = of.numbers or PAID_STEP.produces in of.outputs
    return {**of.outputs, **({"numbers": ",".join(of.numbers)} if has_numbers else {})}


def parted_outputs(flat: Mapping[str, str]) -> tuple[dict[str, str], tuple[str, ...]]:
    """Return the ids and the numbers of what `flat_outputs` returned."""
    ids = {name: value for name, value in flat.items() if name != "numbers"}
    numbers = flat.get("numbers", "")
    return ids, tuple(numbers.split(",")) if numbers else ()
