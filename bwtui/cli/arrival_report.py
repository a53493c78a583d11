"""Print whether messages and calls will arrive, and what is known to keep them from it."""

from collections.abc import Iterable, Sequence
from typing import Final

from bwtui.cli.output import Output
from bwtui.cli.style import Mark, hint, marked
from bwtui.domain.arrival.arrival import Arrival, ArrivalVerdict
from bwtui.domain.arrival.arrival_text import ARRIVAL_HEADING, arrival_lines
from bwtui.domain.arrival.campaign_words import join_in_file
from bwtui.domain.catalog import CAMPAIGN

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


def print_left_out(output: Output, doubt: str, campaigns: Sequence[str], then: str = "apply again") -> None:
    """Print that numbers are on no campaign, and the line that puts them on one of these campaigns of the account."""
    output.say(marked(Mark.OPEN, doubt), indent=2)
    if campaigns:
        cure = join_in_file(campaigns, then)
        output.event("advice", step=CAMPAIGN.key, text=f"{doubt} {cure}")
        output.say(hint(cure), indent=4)
