"""Complaints about a list, in lines for people: what is the same in many rows is told once."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from bwtui.domain.lists.setup_list import ListComplaint
from bwtui.domain.values.text import counted

_MOST_LINES: Final = 40
_MOST_ROWS: Final = 3
"""Most rows that a line names."""


def complaints_told(file: str, complaints: Iterable[ListComplaint]) -> Iterator[str]:
    """Yield a line for each thing that is wrong with the rows that it is wrong in; the last counts those not told."""
    alike: dict[tuple[bool, str, str], list[ListComplaint]] = {}
    for each in complaints:
        alike.setdefault((each.row is None, each.column, each.text), []).append(each)
    groups = tuple(alike.values())
    for group in groups[:_MOST_LINES]:
        yield f"{file}: {_place(group)}{group[0].text}"
    if left_out := [each for group in groups[_MOST_LINES:] for each in group]:
        yield f"{file}: {counted(len(left_out), 'complaint')} more, of {_by_column(left_out)}."


def _place(group: Sequence[ListComplaint]) -> str:
    first = group[0]
    if first.row is None:
        return f"heading, {first.column}: " if first.column else ""
    rows = ", ".join(
        f"{each.row} ({each.name})" if each.name else f"{each.row}" for each in group[:_MOST_ROWS]
    )
    more = f" and {len(group) - _MOST_ROWS} more" if len(group) > _MOST_ROWS else ""
    column = f", {first.column}" if first.column else ""
    return f"row{'s' if len(group) > 1 else ''} {rows}{more}{column}: "


def _by_column(complaints: Iterable[ListComplaint]) -> str:
    counts = Counter(each.column or "whole rows" for each in complaints)
    return ", ".join(f"{column} ({count})" for column, count in counts.most_common())
