"""The results of a search for numbers: filtered as one types, picked one by one."""

from textual import events, on
from textual.app import ComposeResult
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from bwtui.domain.account import AvailableNumber
from bwtui.domain.phone_numbers import listed
from bwtui.domain.walk_text import NOTHING_FOUND
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.controls import TextControl
from bwtui.tui.widgets.header_footer import TextLine
from bwtui.tui.widgets.number_picker import NumberPicker
from bwtui.tui.widgets.spinner import Spinner

_UNPICKED = "Space adds a number; if you add none, the first {} ordered"


class NumberSearch(Widget):
    """Search, wait, filter, pick."""

    class Wanted(Message):
        """A search is to be made."""

    class Cancelled(Message):
        """The search under way is no longer wanted."""

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
        self._picked = picked
        self._searching = False
        self._press = LineButton("Search", id="search")
        self._spinner = Spinner()
        self._status = TextLine(id="found")
        self._filter = TextControl("", placeholder="filter: type digits or a city")
        self._picker = NumberPicker()

    def compose(self) -> ComposeResult:
        yield self._press
        yield self._spinner
        yield self._status
        yield self._filter
        yield self._picker

    def on_mount(self) -> None:
        self._show()

    def _show(self) -> None:
        found = self._found or ()
        self._filter.display = len(found) > 1
        self._picker.display = bool(found)
        if found:
            self._picker.show(found, self._picked)
        self._tell()

    def _tell(self) -> None:
        if self._found is None:
            told = f"Added: {listed(self._picked)}." if self._picked else ""
        elif not self._found:
            told = NOTHING_FOUND
        else:
            first = f"{self._quantity} are" if self._quantity not in ("", "1") else "is"
            picked = f"Added: {listed(self._picked)}" if self._picked else _UNPICKED.format(first)
            told = f"{len(self._found)} found. {picked}."
        self._status.refresh_content(told)

    def searching(self, *, now: bool) -> None:
        """Show that a search is under way, or that it is over."""
        if now == self._searching:
            return
        self._searching = now
        self._press.relabel("Cancel" if now else "Search")
        if now:
            self._spinner.start("Searching")
            self._found = None
            self._show()
            self._status.refresh_content("")
            self._into_view()
        else:
            self._spinner.stop()

    def show_found(self, found: tuple[AvailableNumber, ...]) -> None:
        """Show what a search has brought, and go there."""
        self.searching(now=False)
        self._found = found
        self._filter.value = ""
        self._show()
        if found:
            self.call_after_refresh(
                self._picker.focus
            )  # once it has its place, so that the page scrolls to it
        else:
            self._into_view()

    def show_picked(self, picked: tuple[str, ...], quantity: str) -> None:
        """Show what is picked and how many are wanted, where something else than picking has changed it."""
        if quantity != self._quantity:
            self._quantity = quantity
            self._tell()
        if picked != self._picked and not self._picker.has_focus:
            self._picked = picked
            self._picker.mark(picked)
            self._tell()

    def show_problem(self, told: str) -> None:
        """Say why there is nothing to show."""
        self.searching(now=False)
        self._status.refresh_content(f"! {told}")
        self._into_view()

    def _into_view(self) -> None:
        """Scroll the status into view, although something above has the focus."""
        self.call_after_refresh(self._status.scroll_visible, animate=False)

    @on(LineButton.Pressed, "#search")
    def _pressed(self, event: LineButton.Pressed) -> None:
        event.stop()
        self.post_message(self.Cancelled() if self._searching else self.Wanted())

    @on(Input.Changed)
    def _filtered(self, event: Input.Changed) -> None:
        event.stop()
        self._picker.filter(event.value)

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
        here = {found.number for found in self._found or ()}
        elsewhere = (number for number in self._picked if number not in here)
        self._picked = (*elsewhere, *event.numbers)
        self._tell()
        self.post_message(self.Picked(self._picked))
