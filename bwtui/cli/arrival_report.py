"""Print whether messages and calls will arrive."""

from collections.abc import Iterable
from typing import Final

from bwtui.cli.output import Output
from bwtui.cli.style import Mark, marked
from bwtui.domain.arrival.arrival import Arrival, ArrivalVerdict
from bwtui.domain.arrival.arrival_text import ARRIVAL_HEADING, arrival_lines

_MARKS: Final = {
    ArrivalVerdict.YES: Mark.DONE,
    ArrivalVerdict.NOT_YET: Mark.WAITING,
    ArrivalVerdict.NO: Mark.FAILED,
    ArrivalVerdict.UNKNOWN: Mark.UNKNOWN,
}


def print_arrivals(output: Output, arrivals: Iterable[Arrival]) -> None:
    """Print a line for each verdict, for all numbers that share it."""
    lines = arrival_lines(arrivals)
    if lines:
        output.say(ARRIVAL_HEADING)
    for line in lines:
        output.say(marked(_MARKS[line.verdict], line.sentence), indent=2)
