"""The ways to search for numbers: a row of radios, and beside it, with a mark of its own, the field of the chosen one."""

from collections.abc import Iterator
from typing import Final

from textual import events, on
from textual.app import ComposeResult
from textual.content import Content

from bwtui.domain.fields import Question
from bwtui.domain.steps import Step
from bwtui.domain.walk.walk_text import SEARCH_WAYS
from bwtui.tui.form_data import DraftFormData
from bwtui.tui.widgets.controls import BAR, PickControl, TextControl
from bwtui.tui.widgets.field import Field

_ASKED: Final = "Search by  "


class WaySwitch(PickControl):
    """The radios, in place of the label of the chosen way's field."""

    @property
    def _lead(self) -> str:
        is_here = self.has_focus or (self._is_above and self._answers)
        return f"{BAR if is_here else ' '} {_ASKED}"

    @property
    def _is_above(self) -> bool:
        """True where the answer stands below, for lack of room: one mark is for both."""
        return self.screen.has_class("-tiny")

    @property
    def _answers(self) -> bool:
        """True while the answer has the focus."""
        return isinstance(self.parent, Field) and self.parent.control.has_focus

    def on_key(self, event: events.Key) -> None:
        """A digit is typed where it belongs: in the answer."""
        field, digit = self.parent, event.character or ""
        if digit.isdigit() and isinstance(field, Field) and isinstance(field.control, TextControl):
            event.stop()
            field.control.focus()
            field.control.insert_text_at_cursor(digit)
        else:
            super().on_key(event)

    def render(self) -> Content:
        radios = super().render().stylize("bold $foreground", len(self._lead) - len(_ASKED), len(self._lead))
        room = self.size.width - len(f"{BAR} ") - radios.cell_length
        if self._is_above or room < 0:
            return radios
        return Content.assemble(radios, " " * room, (f"{BAR if self._answers else ' '} ", "$primary"))


class SearchField(Field):
    """The answer that a search is made by."""

    def __init__(self, ways: "SearchWays", key: str, question: Question, value: str) -> None:
        super().__init__(key, question, value)
        self._ways = ways
        self.switch = WaySwitch(tuple((way, way) for way in SEARCH_WAYS), ways.way_of(key))

    def compose(self) -> ComposeResult:
        yield self.switch
        yield from super().compose()

    def on_mount(self) -> None:
        self._ways.show(self)

    def show_label(self) -> None:
        super().show_label()
        self.switch.refresh()

    def reveal(self) -> None:
        self._ways.reveal(self.key)

    @on(PickControl.Changed)
    def _choose(self, event: PickControl.Changed) -> None:
        if event.control is self.switch:
            event.stop()
            self._ways.choose(event.value)

    @on(PickControl.Submitted)
    def _to_the_answer(self, event: PickControl.Submitted) -> None:
        if event.control is self.switch:
            event.stop()
            self.control.focus()


class SearchWays:
    """The ways of one step: a search is made by one of them, unless a file has answered more."""

    def __init__(self, step: Step, sheet: DraftFormData) -> None:
        self._step = step
        self._sheet = sheet
        self._fields: dict[str, SearchField] = {}
        self._before: dict[str, str] = {}
        """The answers of the ways that were left, for when one comes back."""
        self._last: dict[str, str] = {}
        """Those that were left last."""
        answered = (way for way in SEARCH_WAYS if any(map(sheet.text, self._keys(way))))
        self.chosen = next(answered, next(iter(SEARCH_WAYS)))

    def _keys(self, way: str) -> tuple[str, ...]:
        return tuple(map(self._step.key_of, SEARCH_WAYS[way]))

    def way_of(self, key: str) -> str:
        """Return the way that a question belongs to; empty if it belongs to none."""
        return next((way for way in SEARCH_WAYS if key in self._keys(way)), "")

    def field(self, key: str, question: Question, value: str) -> Field:
        """Make the field for a question of the step."""
        if not self.way_of(key):
            return Field(key, question, value)
        self._fields[key] = SearchField(self, key, question, value)
        return self._fields[key]

    def show(self, field: SearchField) -> None:
        """Show a field if it is searched by, and the radios beside the first of the chosen way."""
        way = self.way_of(field.key)
        field.display = way == self.chosen or bool(self._sheet.text(field.key))
        has_switch = field.key == self._keys(self.chosen)[0]
        field.set_class(has_switch, "-way")
        field.switch.display, field.label.display = has_switch, not has_switch

    def reveal(self, key: str) -> None:
        """Show the field of a question, whatever else is searched by."""
        if not self._fields[key].display:
            self._turn_to(self.way_of(key))

    def choose(self, way: str) -> None:
        """Search by another way, and no longer by those before."""
        given_up = {key: self._sheet.text(key) for key in self._given_up(way)}
        self._last = given_up or self._last
        self._before.update(given_up)
        for key in given_up:
            self._sheet.draft.answer(key, "")
        for key in self._keys(way):
            if not self._sheet.text(key) and (before := self._before.get(key)):
                self._sheet.draft.answer(key, before)
        for field in self._fields.values():
            field.control.rewrite(self._sheet.text(field.key))
        self._turn_to(way)
        self._fields[self._keys(way)[0]].switch.focus()

    def give_back(self) -> None:
        """Answer again what was left for another way, if that one has only been looked at."""
        if not any(map(self._sheet.text, self._keys(self.chosen))):
            for key, answer in self._last.items():
                self._sheet.draft.answer(key, answer)

    def _given_up(self, way: str) -> Iterator[str]:
        """Yield the questions that are answered and belong to other ways."""
        return (key for key in self._fields if self.way_of(key) != way and self._sheet.text(key))

    def _turn_to(self, way: str) -> None:
        self.chosen = way
        for field in self._fields.values():
            field.switch.value = self.way_of(field.key)
            self.show(field)
