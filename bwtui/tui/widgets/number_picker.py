"""Thousands of phone numbers to pick from: filtered as one types, drawn line by line on demand."""

from collections.abc import Iterator
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from bwtui.domain.account import AvailableNumber
from bwtui.domain.checks import readable
from bwtui.tui.text import on_one_line

HEADING: Final = 1
"""Rows above the numbers that do not scroll."""

MARGIN: Final = len("▸ [x] ")

_CITY_FROM, _PLACES_FROM = 10, 24
"""Cells from which on the city, and its rate centre too, are shown beside the state."""


class NumberPicker(ScrollView, can_focus=True):
    """Numbers with a cursor; those picked have a cross."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "move(-1000000)", "First", show=False),
        Binding("end", "move(1000000)", "Last", show=False),
        Binding("space", "pick", "Pick", tooltip="Pick this number, or put it back"),
        Binding("enter", "choose", "Take", tooltip="Pick this number and go on"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"picker--cursor", "picker--heading"}

    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    """The row that Space picks."""

    class Picked(Message):
        """The picked numbers are others than before."""

        def __init__(self, picker: "NumberPicker", numbers: tuple[str, ...]) -> None:
            super().__init__()
            self.picker = picker
            self.numbers = numbers
            """Ten digits each, in the order of picking."""

        @property
        def control(self) -> "NumberPicker":
            return self.picker

    class Completed(Message):
        """Enter was pressed: on to what comes next."""

    def __init__(self) -> None:
        super().__init__()
        self._numbers: tuple[AvailableNumber, ...] = ()
        self._haystacks: tuple[str, ...] = ()
        self._shown: tuple[int, ...] = ()
        self._picked: dict[str, None] = {}

    @property
    def picked(self) -> tuple[str, ...]:
        """The picked numbers, ten digits each, in the order of picking."""
        return tuple(self._picked)

    @property
    def shown(self) -> tuple[AvailableNumber, ...]:
        """The numbers that the filter leaves."""
        return tuple(self._numbers[index] for index in self._shown)

    def show(self, numbers: tuple[AvailableNumber, ...], picked: tuple[str, ...] = ()) -> None:
        """Show other numbers; a pick that is not among them is dropped."""
        self._numbers = numbers
        self._haystacks = tuple(map(_haystack, numbers))
        self.mark((*picked, *self._picked))
        self.filter("")

    def mark(self, picked: tuple[str, ...]) -> None:
        """Show these as picked; one that is not among the numbers is dropped."""
        there = {number.number for number in self._numbers}
        self._picked = {number: None for number in picked if number in there}
        self.refresh()

    def filter(self, text: str) -> None:
        """Leave the numbers in which every word occurs: in their digits, city, rate centre or state."""
        words = [_needle(word) for word in text.split()]
        self._shown = tuple(
            index for index, hay in enumerate(self._haystacks) if all(word in hay for word in words)
        )
        self.set_reactive(NumberPicker.cursor, 0)
        self.scroll_to(0, 0, animate=False)
        self._measure()
        self.refresh()

    # --- drawing ---

    def _measure(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._shown) + HEADING)

    def on_resize(self) -> None:
        self._measure()

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        row = y - HEADING + self.scroll_offset.y
        if y < HEADING:
            heading = _columns(width - MARGIN, "Number", "City", "Rate center", "State")
            return self._strip(f"{' ' * MARGIN}{heading}", width, "picker--heading")
        if row >= len(self._shown):
            return Strip.blank(width, self.rich_style)
        found = self._numbers[self._shown[row]]
        here = row == self.cursor and self.has_focus
        cross = "x" if found.number in self._picked else " "
        places = (on_one_line(text) for text in (found.city, found.rate_center, found.state))
        told = f"{'▸' if here else ' '} [{cross}] {_columns(width - MARGIN, readable(found.number), *places)}"
        return self._strip(told, width, "picker--cursor" if here else "")

    def _strip(self, text: str, width: int, component: str) -> Strip:
        style = self.rich_style
        if component:
            style += self.get_component_rich_style(component, partial=True)
        content = Content.from_text(text, markup=False).truncate(width, ellipsis=False, pad=True)
        return Strip([Segment(content.plain, style)], width)

    def _draw(self, *rows: int) -> None:
        top, width = self.scroll_offset.y - HEADING, self.size.width
        self.refresh(*(Region(0, row - top, width, 1) for row in rows))

    def watch_cursor(self, before: int, now: int) -> None:
        self._draw(before, now)
        # The heading covers the first row of what scrolls, so the view is as high as what is left.
        height = max(1, self.scrollable_content_region.height - HEADING)
        top = self.scroll_offset.y
        if now < top or now >= top + height:
            self.scroll_to(y=now if now < top else now - height + 1, animate=False, force=True)

    def on_focus(self) -> None:
        self._draw(self.cursor)

    def on_blur(self) -> None:
        self._draw(self.cursor)

    # --- moving and picking ---

    def action_move(self, step: int) -> None:
        """Move the cursor; beyond either end the focus goes on to what is next."""
        wanted = self.cursor + step
        if wanted < 0 and step == -1:
            self.screen.focus_previous()
        elif wanted >= len(self._shown) and step == 1:
            self.screen.focus_next()
        elif self._shown:
            self.cursor = max(0, min(wanted, len(self._shown) - 1))

    def action_page(self, pages: int) -> None:
        height = max(1, self.scrollable_content_region.height - HEADING - 1)
        if self._shown:
            self.cursor = max(0, min(self.cursor + pages * height, len(self._shown) - 1))

    def action_pick(self) -> None:
        """Pick the number under the cursor, or put it back."""
        if not self._shown:
            return
        number = self._numbers[self._shown[self.cursor]].number
        if number in self._picked:
            del self._picked[number]
        else:
            self._picked[number] = None
        self._draw(self.cursor)
        self.post_message(self.Picked(self, self.picked))

    def action_choose(self) -> None:
        """Pick the number under the cursor if nothing is picked yet, and go on."""
        if self._shown and not self._picked:
            self.action_pick()
        self.post_message(self.Completed())

    def on_click(self, event: events.Click) -> None:
        row = event.y - HEADING + self.scroll_offset.y
        if event.y >= HEADING and row < len(self._shown):
            self.cursor = row
            self.action_pick()


def _columns(width: int, number: str, city: str, rate_center: str, state: str) -> str:
    """The columns that fit into `width` cells: the state always, the city and then its rate centre as there is room."""
    room = width - len("+1 (919) 555-1234  State  ")
    if room < _CITY_FROM:
        return f"{number:<17}  {state}"
    if room < _PLACES_FROM:
        return f"{number:<17}  {_fitted(city, room)}  {state}"
    return f"{number:<17}  {_fitted(city, room // 2 - 1)}  {_fitted(rate_center, room // 2 - 1)}  {state}"


def _fitted(text: str, width: int) -> str:
    return Content.from_text(text, markup=False).truncate(width, ellipsis=True, pad=True).plain


def _haystack(found: AvailableNumber) -> str:
    return "\n".join((found.number, *_folded(found)))


def _folded(found: AvailableNumber) -> Iterator[str]:
    yield from (text.casefold() for text in (found.city, found.rate_center, found.state))


def _needle(word: str) -> str:
    """A word as it is looked for; the punctuation of a number does not count."""
    digits = "".join(char for char in word if char not in "+()-.")
    if digits.isdigit():
        return digits.removeprefix("1") if len(digits) == 11 else digits
    return word.casefold()
