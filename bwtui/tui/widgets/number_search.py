"""The results of a search for numbers: filtered as one types, picked one by one."""

from collections.abc import Iterator
from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from bwtui.domain.account.account import AvailableNumber
from bwtui.domain.values.phone_numbers import readable
from bwtui.domain.walk.walk_text import NOTHING_FOUND
from bwtui.tui.highlight import MONEY
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.controls import TextControl
from bwtui.tui.widgets.header_footer import TextLine
from bwtui.tui.widgets.number_picker import NumberPicker
from bwtui.tui.widgets.spinner import Spinner

_COSTS: Final = f"  $ {MONEY}"
_SEARCH_AGAIN: Final = "To order: search again (^F)"


class NumberSearch(Widget):
    """Search, wait, filter, pick."""

    class Wanted(Message):
        """A search is to be made."""

    class Picked(Message):
        """Exactly these numbers are to be ordered; none: the first of the search."""

        def __init__(self, numbers: tuple[str, ...]) -> None:
            super().__init__()
            self.numbers = numbers

    def __init__(
        self, found: tuple[AvailableNumber, ...] | None, picked: tuple[str, ...], quantity: str
    ) -> None:
        """`quantity` is how many numbers are ordered if none is picked."""
        super().__init__()
        self._quantity = quantity
        self._found = found
        self._is_old = False
        """True while what was found is that of other answers than those of now: it is not shown."""
        self._picked = picked
        self._known = {number.number: number for number in found or ()}
        """What was found here so far, by ten digits."""
        self.is_searching = False
        """True while a search is under way."""
        self._problem = ""
        self._press = LineButton("Search", id="search")
        self._spinner = Spinner()
        self._status = TextLine(id="found")
        self._trouble = TextLine(id="not-found")
        self._filter = TextControl("", placeholder="filter: type digits or a city")
        self._picker = NumberPicker()
        self._to_order = TextLine(id="to-order")

    def compose(self) -> ComposeResult:
        with Horizontal(id="results"):
            yield self._press
            yield self._status
            yield self._filter
            yield self._spinner
        yield self._trouble
        yield self._picker
        yield self._to_order

    def on_mount(self) -> None:
        self._show()

    @property
    def _offered(self) -> tuple[AvailableNumber, ...]:
        """The numbers that a search by the present answers has found."""
        return () if self._is_old else self._found or ()

    def _show(self) -> None:
        found = self._offered
        chosen = tuple(self._known.get(number, AvailableNumber(number)) for number in self._picked)
        others = tuple(number for number in found if number.number not in self._picked)
        shown = (*chosen, *others)
        self._filter.display = len(shown) > 1
        self._picker.display = bool(shown)
        self._picker.show(shown, self._picked, start=len(chosen) if others else 0)
        self._tell()

    def _tell(self) -> None:
        count, order = self._count_told, self._order_told
        self._status.styles.width = len(count)  # its line has the filter, too
        self._status.refresh_content(count)
        self._trouble.display = bool(self._trouble_told)
        self._trouble.refresh_content(self._trouble_told)
        self._to_order.display = bool(order)
        costs = "" if order == _SEARCH_AGAIN else _COSTS
        self._to_order.refresh_content(Content.assemble(order, (costs, "$warning")))

    @property
    def _count_told(self) -> str:
        """The count of numbers found, and of those that the filter leaves."""
        if not self._offered:
            return ""
        shown, every = len(self._picker.shown), len(self._picker.numbers)
        return f"{shown} of {every} match" if self._filter.value.strip() else f"{len(self._offered)} found"

    @property
    def _trouble_told(self) -> str:
        """Why there is nothing to show; empty while nobody has searched."""
        return self._problem if self._found is None else "" if self._found else NOTHING_FOUND

    @property
    def _order_told(self) -> str:
        """The numbers that would be ordered: those that were added, else the first of the search, seen or not."""
        if self._picked:
            lead = f"To order: {len(self._picked)}  "
            return f"{lead}{', '.join(self._fitting(self._picked, len(lead)))}"
        if self._is_old and self._found:
            return _SEARCH_AGAIN
        quantity = int(self._quantity) if self._quantity.isdigit() else 1
        first = tuple(found.number for found in self._offered[: max(1, quantity)])
        if not first:
            return ""
        shown = {found.number for found in self._picker.shown}
        hidden = "" if shown.issuperset(first) else " (filtered out)"
        source = (
            f", the first found{hidden}" if len(first) == 1 else f", the first {len(first)} found{hidden}"
        )
        return f"To order: {', '.join(self._fitting(first, len(f'To order: {source}')))}{source}"

    def _fitting(self, numbers: tuple[str, ...], taken: int) -> Iterator[str]:
        """Yield the numbers that fit into a line of which so many cells are taken, and how many more there are."""
        room = (self.size.width or 76) - taken - len(_COSTS)
        each, more = len("+1 (919) 555-1234, "), len("5000 more")
        fit = len(numbers) if len(numbers) * each <= room + 2 else max(1, (room - more) // each)
        yield from map(readable, numbers[:fit])
        if fit < len(numbers):
            yield f"{len(numbers) - fit} more"

    def on_resize(self) -> None:
        self._tell()

    def searching(self, *, now: bool) -> None:
        """Show that a search is under way, or that it is over."""
        if now == self.is_searching:
            return
        self.is_searching = now
        if now:
            self._spinner.start("Searching")
            self._found, self._problem = None, ""
            self._show()
            self._into_view()
        else:
            self._spinner.stop()

    def show_found(self, found: tuple[AvailableNumber, ...]) -> None:
        """Show what a search has brought, and go there."""
        self.searching(now=False)
        self._found = found
        self._known.update((number.number, number) for number in found)
        self._filter.value = ""
        self._show()
        if self._offered:
            # Once they have their place, so that the page scrolls to it.
            self.call_after_refresh(self._to_numbers)
        else:
            self._into_view()

    def _to_numbers(self) -> None:
        self._picker.focus()
        self.call_after_refresh(self._picker.scroll_visible, animate=False)  # what stands above may have gone

    def show_picked(self, picked: tuple[str, ...], quantity: str) -> None:
        """Show what is picked and how many are wanted, where something else than picking has changed it."""
        if quantity != self._quantity:
            self._quantity = quantity
            self._tell()
        if picked != self._picked and not self._picker.has_focus:
            self._picked = picked
            if self._picker.has_all(picked):
                self._picker.mark(picked)
                self._tell()
            else:
                self._show()

    def show_whether_old(self, *, is_old: bool) -> None:
        """Show what was found only while the answers are those that it was found by."""
        if is_old != self._is_old:
            self._is_old = is_old
            self._filter.value = ""
            self._show()

    def forget_trouble(self) -> None:
        """Say no longer that nothing was found, or why."""
        if not self._found and not self.is_searching:
            self._found, self._problem = None, ""
            self._tell()

    def show_problem(self, told: str) -> None:
        """Say why there is nothing to show."""
        self.searching(now=False)
        self._problem = f"! {told}"
        self._tell()
        self._into_view()

    def _into_view(self) -> None:
        """Scroll the status into view, although something above has the focus."""
        shown = self._trouble if self._trouble.display else self._press
        self.call_after_refresh(shown.scroll_visible, animate=False)

    @on(LineButton.Pressed, "#search")
    def _pressed(self, event: LineButton.Pressed) -> None:
        event.stop()
        if not self.is_searching:
            self.post_message(self.Wanted())

    @on(Input.Changed)
    def _filtered(self, event: Input.Changed) -> None:
        event.stop()
        self._picker.filter(event.value)
        self._tell()

    @on(events.DescendantFocus)
    @on(events.DescendantBlur)
    def _point(self) -> None:
        """The pointer stays at the first match while one types in the filter."""
        self._picker.is_pointed_at = self._filter.has_focus
        self._picker.draw(self._picker.cursor)

    def on_key(self, event: events.Key) -> None:
        """Narrow the numbers by what is typed among them; the cursor stays there."""
        if not self._picker.has_focus:
            return
        if event.key == "backspace":
            self._filter.value = self._filter.value[:-1]
        elif event.is_printable and event.character and event.key != "space":
            self._filter.value += event.character
        else:
            return
        event.stop()

    @on(Input.Submitted)
    def _to_the_numbers(self, event: Input.Submitted) -> None:
        event.stop()
        self._picker.focus()

    @on(NumberPicker.Completed)
    def _picked_enough(self, event: NumberPicker.Completed) -> None:
        event.stop()
        self.screen.focus_next()

    @on(NumberPicker.Picked)
    def _picked_some(self, event: NumberPicker.Picked) -> None:
        event.stop()
        self._picked = event.numbers
        self._tell()
        self.post_message(self.Picked(self._picked))
