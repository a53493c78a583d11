"""Measurements: samples by measure and program, and tables made of them."""

import statistics
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import Final


class Unit(Enum):
    """The unit of a figure, and its notation."""

    MILLISECONDS = "ms"
    SECONDS = "s"
    BYTES = "bytes"
    BYTES_PER_SECOND = "bytes/s"
    MEGABYTES = "MB"
    TIMES = "×"
    COUNT = ""

    def tell(self, value: float) -> str:
        """The figure with its unit."""
        sign = "" if self is Unit.TIMES else " "
        return f"{self.write(value)}{sign}{self.value}".rstrip()

    def write(self, value: float) -> str:
        """The figure without its unit."""
        match self:
            case Unit.MILLISECONDS:
                return f"{value * 1000:,.{0 if value >= 0.02 else 1}f}"
            case Unit.BYTES | Unit.BYTES_PER_SECOND | Unit.COUNT:
                return f"{value:,.0f}"
            case Unit.MEGABYTES:
                return f"{value:,.1f}"
            case Unit.SECONDS | Unit.TIMES:
                return f"{value:,.2f}"


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is measured."""

    title: str
    unit: Unit
    yardstick: str = ""
    """The program beside whose figure the others are shown as multiples."""

    @property
    def heading(self) -> str:
        return f"{self.title}, {self.unit.value}" if self.unit.value else self.title


@dataclass(slots=True)
class Record:
    """Samples, and why there are none."""

    samples: dict[tuple[Measure, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: dict[str, str] = field(default_factory=dict)
    """The reason why a program could not be measured, by program."""

    def add(self, measure: Measure, program: str, value: float) -> None:
        self.samples[measure, program].append(value)

    def median(self, measure: Measure, program: str) -> float | None:
        samples = self.samples.get((measure, program))
        return statistics.median(samples) if samples else None

    def ratio(self, measure: Measure, program: str, to: tuple[Measure, str]) -> float | None:
        """Return a median as a multiple of another."""
        ours, theirs = self.median(measure, program), self.median(*to)
        return None if ours is None or not theirs else ours / theirs

    def cell(self, measure: Measure, program: str) -> str:
        """Median, spread and multiple of the yardstick."""
        samples = self.samples.get((measure, program))
        if not samples:
            return "–"
        write = measure.unit.write
        low, high = write(min(samples)), write(max(samples))
        text = f"**{write(statistics.median(samples))}**"
        if low != high:
            text += f" ({low} to {high})"
        if measure.yardstick and program != measure.yardstick:
            ratio = self.ratio(measure, program, (measure, measure.yardstick))
            text += "" if ratio is None else f" {ratio:.2f}×"
        return text


def table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    """A Markdown table."""
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def compared(record: Record, measures: Sequence[Measure], programs: Sequence[str]) -> str:
    """A table with a row for each measure and a column for each program; what nobody has is left out."""
    present = [program for program in programs if any((one, program) in record.samples for one in measures)]
    rows = [
        [measure.heading, *(record.cell(measure, program) for program in present)]
        for measure in measures
        if any((measure, program) in record.samples for program in present)
    ]
    return table(["", *present], rows)


def put_between(file: Path, begin: str, end: str, text: str) -> None:
    """Put tables where a file has those of the last time, between two lines."""
    before, found, rest = file.read_text("utf-8").partition(begin)
    _, found_end, after = rest.partition(end)
    if not found or not found_end:
        raise SystemExit(f"{file} has no place for the tables")
    file.write_text(f"{before}{begin}\n{text}\n{end}{after}", encoding="utf-8")


MET: Final = "✓"
MISSED: Final = "✗"
UNKNOWN: Final = "not measured"


@dataclass(frozen=True, slots=True)
class Goal:
    """A budget, and how the record has it."""

    what: str
    most: float
    unit: Unit
    measured: Callable[[Record], float | None]
    why: str = ""
    """The measured reason for missing it; told beside a figure that does."""

    def mark(self, record: Record) -> str:
        value = self.measured(record)
        return UNKNOWN if value is None else MET if value <= self.most else MISSED

    def row(self, record: Record) -> list[str]:
        value = self.measured(record)
        most, told = self.unit.tell(self.most), "–" if value is None else self.unit.tell(value)
        mark = self.mark(record)
        return [self.what, most, told, f"{mark} {self.why}".rstrip() if mark == MISSED else mark]
