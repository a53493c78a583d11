"""The list of screens with their status: a column if there is room, else one line."""

from collections.abc import Mapping
from typing import ClassVar

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from bwtui.domain.answers import Answers
from bwtui.tui.places import TITLES, PlaceStatus, numbered


def position(place: str, answers: Answers) -> str:
    """`step 4 of 10`, or the screen's own name where it is not counted."""
    steps = numbered(answers)
    return f"step {steps.index(place) + 1} of {len(steps)}" if place in steps else ""


class RailLine(Static):
    """The rail in one line, for narrow terminals."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._told = ""

    def refresh_content(self, place: str, answers: Answers, marks: Mapping[str, PlaceStatus]) -> None:
        signs = "".join(f"[{mark.sign}]" if other == place else mark.sign for other, mark in marks.items())
        told = "  ".join(filter(None, (position(place, answers).capitalize(), TITLES[place], signs)))
        if told != self._told:
            self._told = told
            self.update(told, layout=False)


class Rail(Widget):
    """The rail as a column: a line each, drawn alone when it alone has changed."""

    COMPONENT_CLASSES: ClassVar[set[str]] = {"rail--here", "rail--problem"}

    class Chosen(Message):
        """A screen was clicked."""

        def __init__(self, place: str) -> None:
            super().__init__()
            self.place = place

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[str, PlaceStatus, bool]] = []

    def refresh_content(self, place: str, marks: Mapping[str, PlaceStatus]) -> None:
        lines = [(other, mark, other == place) for other, mark in marks.items()]
        if len(lines) != len(self._lines):
            self._lines = lines
            self.refresh()
            return
        changed = [row for row, (old, new) in enumerate(zip(self._lines, lines, strict=True)) if old != new]
        self._lines = lines
        if changed:
            self.refresh(*(Region(0, row, self.size.width, 1) for row in changed))

    def render_line(self, y: int) -> Strip:
        width = self.size.width
        if y >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        place, mark, here = self._lines[y]
        style = self.rich_style
        if mark is PlaceStatus.PROBLEM:
            style += self.get_component_rich_style("rail--problem", partial=True)
        if here:
            style += self.get_component_rich_style("rail--here", partial=True)
        text = f"{'▸' if here else ' '}{mark.sign} {TITLES[place]}"
        content = Content.from_text(text, markup=False)
        return Strip(content.truncate(width, ellipsis=True, pad=True).render_segments()).apply_style(style)

    def on_click(self, event: events.Click) -> None:
        if event.y < len(self._lines):
            self.post_message(self.Chosen(self._lines[event.y][0]))
