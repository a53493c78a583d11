"""The list of screens with their status: a column if there is room, else one line."""

from collections.abc import Iterator, Mapping
from typing import Final

from textual import events
from textual.content import Content
from textual.geometry import Region
from textual.message import Message
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Static

from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import step_of
from bwtui.domain.values.text import counted
from bwtui.tui.highlight import SIGN_STYLES
from bwtui.tui.places import TITLES, PlaceStatus, step_number

_HERE: Final = "bold $primary"
_TITLES: Final = {PlaceStatus.TO_DO: "$hint", PlaceStatus.SKIPPED: "$hint", PlaceStatus.PROBLEM: "$error"}


class RailLine(Static):
    """The rail in one line, for narrow terminals; the title above it says which screen this is."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self._told = Content()

    def refresh_content(self, place: str, answers: Answers, marks: Mapping[str, PlaceStatus]) -> None:
        text = Content.assemble(
            (f"{step_number(place, answers)}  ", "$hint"), *_signs(place, marks), _left_wrong(place, marks)
        )
        if not text.is_same(self._told):
            self._told = text
            self.update(text, layout=False)


def _left_wrong(place: str, marks: Mapping[str, PlaceStatus]) -> tuple[str, str]:
    """Say on how many other screens something is to be put right."""
    wrong = sum(mark is PlaceStatus.PROBLEM for other, mark in marks.items() if other != place)
    return (f"  {counted(wrong, 'screen')} to put right" if wrong else "", "$error")


def _signs(place: str, marks: Mapping[str, PlaceStatus]) -> Iterator[tuple[str, str]]:
    """The signs of all screens, those of the steps set off from the others, the one of this screen in brackets."""
    was_step = False
    for other, mark in marks.items():
        if (is_step := step_of(other) is not None) != was_step:
            yield " ", ""
        was_step = is_step
        sign = (mark.sign, SIGN_STYLES.get(mark.sign, ""))
        yield from (("[", _HERE), sign, ("]", _HERE)) if other == place else (sign,)


class Rail(Widget):
    """The rail as a column: a line each, drawn alone when it alone has changed."""

    BORDER_TITLE = "Steps"

    class Chosen(Message):
        """A screen was clicked."""

        def __init__(self, place: str) -> None:
            super().__init__()
            self.place = place

    def __init__(self) -> None:
        super().__init__()
        self._lines: list[tuple[str, str, PlaceStatus, bool]] = []

    def refresh_content(self, place: str, marks: Mapping[str, PlaceStatus]) -> None:
        steps = [other for other in marks if step_of(other)]
        numbers = {other: f"{number}" for number, other in enumerate(steps, 1)}
        lines = [(other, numbers.get(other, ""), mark, other == place) for other, mark in marks.items()]
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
        place, number, mark, here = self._lines[y]
        own = SIGN_STYLES.get(mark.sign, "")
        text = Content.assemble(
            ("▸" if here else " ", _HERE),
            (mark.sign, own),
            (f" {number:>2} {TITLES[place]}", _HERE if here else _TITLES.get(mark, "")),
        )
        segments = text.truncate(width, ellipsis=True, pad=True).render_segments()
        return Strip(segments).apply_style(self.rich_style)

    def on_click(self, event: events.Click) -> None:
        if event.y < len(self._lines):
            self.post_message(self.Chosen(self._lines[event.y][0]))
