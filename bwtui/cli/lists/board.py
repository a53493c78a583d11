"""The rows of a list as they go: on a terminal those under way and a line that sums up, in a pipe a line for each event."""

import time
from collections import Counter
from typing import Final

from bwtui.cli.lists.one_row import row_line
from bwtui.cli.lists.progress import MARKS, RowProgress
from bwtui.cli.output import Output
from bwtui.cli.style import Line
from bwtui.domain.lists.brief_progress import ProgressStage
from bwtui.domain.lists.setup_list import NamedRow
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.values.time_text import waiting_told
from bwtui.terminal_progress import NO_TASK, Task, TaskState

MOST_LINES: Final = 16
"""Most rows that are shown at once: the table must stay on the screen."""


class Board:
    """Shows a list at work."""

    def __init__(self, output: Output, total: int) -> None:
        self._output = output
        self._total = total
        self._ended = Counter[ProgressStage]()
        self._under_way: dict[int, tuple[NamedRow, str]] = {}
        self._started = time.monotonic()
        self._paused_until = 0.0

    def begin(self, row: NamedRow) -> None:
        """A row is under way."""
        self._under_way[row.number] = (row, "  0 %  Looking at the account")

    def change(self, row: NamedRow, text: str, line: Line | None) -> None:
        """Something happened in a row: a text for the table, a line for a log, if that is news."""
        self._under_way[row.number] = (row, text)
        if line and not self._output.shows_blocks:
            self._output.say(line)

    def wait(self, row: NamedRow, operation: str, seconds: float, reason: str) -> None:
        """A row waits for something of its own."""
        fields = {"operation": operation, "seconds": round(seconds, 1), "reason": reason}
        self._output.event("waiting", row=row.number, name=row.name, **fields)
        text = waiting_told(seconds, reason)
        self.change(row, text, f"… {row.number} {row.name}: {text}")

    def pause(self, seconds: float) -> None:
        """All rows wait: the account's rate limit is used up."""
        self._paused_until = time.monotonic() + seconds
        self._output.event("waiting", operation="", seconds=round(seconds, 1), reason="rate limit")
        if not self._output.shows_blocks and seconds >= 1:
            self._output.say(f"Bandwidth asks for a pause: all rows wait {seconds:.0f} s.")

    def leave_out(self, stage: ProgressStage) -> None:
        """A row need not begin."""
        self._ended[stage] += 1

    def end(self, progress: RowProgress) -> None:
        """A row has ended."""
        row = progress.row
        self._under_way.pop(row.number, None)
        self._ended[progress.stage] += 1
        if not self._output.shows_blocks:
            text = listed(progress.run.numbers) if progress.stage is ProgressStage.DONE else progress.text
            self._output.say(row_line(row, MARKS[progress.stage], "", progress.stage, text))

    def draw(self) -> None:
        """Show how far it is, on a terminal and in its tab."""
        percent = 100 * sum(self._ended.values()) // max(self._total, 1)
        self._output.task(Task(TaskState.RUNNING, percent))
        if not self._output.shows_blocks:
            self._output.status(self._sum())
            return
        rows = sorted(self._under_way.values(), key=lambda each: each[0].number)
        width = max((len(row.name) for row, _ in rows), default=0)
        lines = [f"  {row.number:>5}  {row.name:<{width}}  {text}" for row, text in rows[:MOST_LINES]]
        self._output.block((*lines, self._sum()))

    def clear(self) -> None:
        """Take it off the terminal."""
        self._output.task(NO_TASK)
        self._output.block(())
        self._output.status("")

    def _sum(self) -> str:
        ended = sum(self._ended.values())
        others = "".join(
            f", {self._ended[stage]} {stage}"
            for stage in ProgressStage
            if self._ended[stage] and stage is not ProgressStage.DONE
        )
        seconds = int(time.monotonic() - self._started)
        paused = "  paused by Bandwidth" if self._paused_until > time.monotonic() else ""
        return (
            f"{self._ended[ProgressStage.DONE]} of {self._total} rows done{others}, {len(self._under_way)} under way, "
            f"{self._total - ended - len(self._under_way)} to go  {seconds // 60}:{seconds % 60:02}{paused}"
        )
