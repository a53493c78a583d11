"""Thousands of phone numbers to pick from: filtered as one types, drawn line by line on demand."""

from collections.abc import Iterator
from typing import ClassVar, Final

from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.strip import Strip

from bwtui.domain.account.account import AvailableNumber
from bwtui.domain.values.phone_numbers import readable
from bwtui.tui.line_filters import on_one_line
from bwtui.tui.widgets.line_list import LineList

MARGIN: Final = len("▸ [x] ")

_CITY_FROM, _PLACES_FROM, _PLACES_TO = 10, 24, 56
"""Cells from which on the city, and its rate centre too, are shown beside the state; more than the last they do not need."""


class NumberPicker(LineList):
    """Numbers with a cursor; those picked have a cross."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("space", "pick", "Add", tooltip="Add this number to the order"),
        Binding("space", "put_back", "Remove", tooltip="Take this number out of the order"),
        Binding("enter", "choose", "Add and go on", tooltip="Add this number to the order, and go on"),
        Binding("enter", "go_on", "Go on with [x]", tooltip="Go on with the numbers that are marked"),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"picker--cursor", "picker--heading"}

    HEADING = 1

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
        self.numbers: tuple[AvailableNumber, ...] = ()
        """All of them, whatever the filter leaves."""
        self._haystacks: tuple[str, ...] = ()
        self._shown: tuple[int, ...] = ()
        self._picked: dict[str, None] = {}
        self.is_pointed_at = False
        """True if the cursor is shown while another widget has the focus."""

    @property
    def picked(self) -> tuple[str, ...]:
        """The picked numbers, ten digits each, in the order of picking."""
        return tuple(self._picked)

    @property
    def shown(self) -> tuple[AvailableNumber, ...]:
        """The numbers that the filter leaves."""
        return tuple(self.numbers[index] for index in self._shown)

    def show(self, numbers: tuple[AvailableNumber, ...], picked: tuple[str, ...], *, start: int) -> None:
        """Show other numbers, these of them as picked, with the cursor on the row `start`."""
        self.numbers = numbers
        self._haystacks = tuple(map(_haystack, numbers))
        self.mark(picked)
        self.filter("", start=start)

    def has_all(self, numbers: tuple[str, ...]) -> bool:
        """Return True if all of these are among the numbers."""
        return {number.number for number in self.numbers}.issuperset(numbers)

    def mark(self, picked: tuple[str, ...]) -> None:
        """Show these of the numbers as picked, and no others."""
        self._picked = dict.fromkeys(picked)
        self.refresh()
        self.refresh_bindings()

    def filter(self, text: str, *, start: int = 0) -> None:
        """Leave the numbers in which every word occurs: in their digits, city, rate centre or state."""
        words = [_needle(word) for word in text.split()]
        self._shown = tuple(
            index for index, hay in enumerate(self._haystacks) if all(word in hay for word in words)
        )
        self.set_reactive(NumberPicker.cursor, start)
        self.measure()
        self.scroll_to(0, max(0, start - self._height + 1), animate=False)
        self.refresh()
        self.refresh_bindings()

    def watch_cursor(self, before: int, now: int) -> None:
        super().watch_cursor(before, now)
        if self._is_picked(before) != self._is_picked(now):
            self.refresh_bindings()

    # --- drawing ---

    @property
    def count(self) -> int:
        return len(self._shown)

    def render_line(self, y: int) -> Strip:
        width = self.scrollable_content_region.width
        if y < self.HEADING:
            heading = _columns(width - MARGIN, "Number", "City", "Rate center", "State")
            return self._strip(f"{' ' * MARGIN}{heading}", width, "picker--heading")
        if not self._shown and y == self.HEADING:
            sentence = "Nothing matches. Backspace deletes the last letter."
            return self._strip(f"{' ' * MARGIN}{sentence}", width, "")
        row = self.row_at(y)
        if row is None:
            return Strip.blank(width, self.rich_style)
        found = self.numbers[self._shown[row]]
        here = row == self.cursor and (self.has_focus or self.is_pointed_at)
        cross = "x" if self._is_picked(row) else " "
        places = (on_one_line(text) for text in (found.city, found.rate_center, found.state))
        sentence = (
            f"{'▸' if here else ' '} [{cross}] {_columns(width - MARGIN, readable(found.number), *places)}"
        )
        return self._strip(sentence, width, "picker--cursor" if here else "")

    def _strip(self, text: str, width: int, component: str) -> Strip:
        style = self.rich_style
        if component:
            style += self.get_component_rich_style(component, partial=True)
        content = Content.from_text(text, markup=False).truncate(width, ellipsis=False, pad=True)
        return Strip([Segment(content.plain, style)], width)

    # --- picking ---

    def action_pick(self) -> None:
        """Pick the number under the cursor, or put it back."""
        if not self._shown:
            return
        number = self.numbers[self._shown[self.cursor]].number
        if number in self._picked:
            del self._picked[number]
        else:
            self._picked[number] = None
        self.draw(self.cursor)
        self.refresh_bindings()
        self.post_message(self.Picked(self, self.picked))

    action_put_back = action_pick

    def _is_picked(self, row: int) -> bool:
        return row < len(self._shown) and self.numbers[self._shown[row]].number in self._picked

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's interface
        """Each key says what it does on this row; once something was added, Enter adds nothing more."""
        match action:
            case "pick" | "put_back":
                return self._is_picked(self.cursor) == (action == "put_back")
            case "choose" | "go_on":
                return bool(self._picked) == (action == "go_on")
            case _:
                return True

    def action_choose(self) -> None:
        """Pick the number under the cursor, and go on."""
        self.action_pick()
        self.action_go_on()

    def action_go_on(self) -> None:
        """Go on with what is picked."""
        self.post_message(self.Completed())

    def on_click(self, event: events.Click) -> None:
        row = self.row_at(event.y)
        if row is not None:
            self.cursor = row
            self.action_pick()


def _columns(width: int, number: str, city: str, rate_center: str, state: str) -> str:
    """The columns that fit into `width` cells: the state always, the city and then its rate centre as there is room."""
    room = width - len("+1 (919) 555-1234  State  ")
    if room < _CITY_FROM:
        return f"{number:<17}  {state}"
    if room < _PLACES_FROM:
        return f"{number:<17}  {_fitted(city, room)}  {state}"
    each = min(room, _PLACES_TO) // 2 - 1
    return f"{number:<17}  {_fitted(city, each)}  {_fitted(rate_center, each)}  {state}"


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
