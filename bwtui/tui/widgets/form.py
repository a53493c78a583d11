"""The questions of one table: what is required first, the rest folded away under one line until it is wanted."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import ClassVar, Protocol

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input, Static

from bwtui.domain.answers.validation import Complaint
from bwtui.domain.fields import Question, Text, is_asked_first
from bwtui.tui.widgets.controls import PickControl, TextControl, sample_in
from bwtui.tui.widgets.field import Field
from bwtui.tui.widgets.focus_marker import FocusMarker


class FormData(Protocol):
    """The data that a form reads and writes."""

    def text(self, key: str) -> str:
        """Return the answer, as it would be typed."""

    def write(self, key: str, question: Question, value: str) -> None:
        """Take an answer."""

    def complaint(self, key: str) -> Complaint | None:
        """Return the complaint to show about the answer now."""

    def left(self, key: str) -> None:
        """The field was left: what is missing may be said from now on."""


class Fold(Static, FocusMarker, can_focus=True):
    """The one line that optional fields are folded under."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space,right,left", "turn", "Fold", show=False),
    ]

    class Toggled(Message):
        """The fields below are to be shown, or hidden again."""

    def __init__(self, count: int, names: str) -> None:
        super().__init__(markup=False)
        self._count = count
        self._names = names
        self._open = False

    def refresh_content(self, *, is_open: bool) -> None:
        self._open = is_open
        self.show_sign()

    def show_sign(self) -> None:
        fold = "-" if self._open else "+"
        look = "bold reverse $primary" if self.has_focus else "bold $primary"
        text = Content.assemble(
            (f"{self.sign} ", "$primary"),
            (f"{fold} {self._count} optional", look),
            (f": {self._names}", "$hint"),
        )
        self.update(text.truncate(max(20, self.size.width or 78), ellipsis=True), layout=False)

    def on_resize(self) -> None:
        self.show_sign()

    def on_click(self) -> None:
        self.action_turn()

    def action_turn(self) -> None:
        self.post_message(self.Toggled())


class Form(Widget):
    """A form over a sheet. What is typed goes to the sheet at every key."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+o", "fold", "Optional", tooltip="Show or hide the optional fields"),
    ]

    class Asked(Message):
        """Another question has the focus."""

        def __init__(self, key: str, question: Question) -> None:
            super().__init__()
            self.key = key
            self.question = question

    class Completed(Message):
        """Enter was pressed in the last field."""

    def __init__(
        self,
        sheet: FormData,
        questions: Sequence[tuple[str, Question]],
        *,
        first: frozenset[str] = frozenset(),
        start: str | None = None,
        make: Callable[[str, Question, str], Field] = Field,
        heads: Mapping[str, Widget] = MappingProxyType({}),
    ) -> None:
        """`first` names optional questions that are shown with the required ones, `start` the one to begin with.

        An empty `start` is the first that is missing or wrong, else the first of all; `None` leaves the focus where it is.
        `make` makes the field for a question and its answer, by the question's full name; `heads` stand above fields.
        """
        super().__init__()
        self._start = start
        self._sheet = sheet
        self._make = make
        self._heads = heads
        self._shown = [(key, q) for key, q in questions if is_asked_first(q) or key in first]
        self._folded = [(key, q) for key, q in questions if (key, q) not in self._shown]
        self._fold = Fold(len(self._folded), ", ".join(q.label for _, q in self._folded))
        self._rest = Vertical(id="rest")
        self._is_open = False

    def compose(self) -> ComposeResult:
        yield from self._fields(self._shown)
        if self._folded:
            yield self._fold
            yield self._rest

    def _fields(self, questions: Iterable[tuple[str, Question]]) -> Iterator[Widget]:
        for key, question in questions:
            if head := self._heads.get(key):
                yield head
            yield self._make(key, question, self._sheet.text(key))

    async def on_mount(self) -> None:
        self._rest.display = False
        self._fold.refresh_content(is_open=False)
        if any(self._sheet.complaint(key) for key, _ in self._folded):
            await self.unfold()
        self.refresh_content()
        if self._start is not None:
            await self.focus_on(self._start or self._first_to_do)

    @property
    def fields(self) -> Iterator[Field]:
        """The fields that are there, in their order."""
        return iter(self.query(Field).results(Field))

    def refresh_content(self) -> None:
        """Show what is to be said about every answer."""
        for field in self.fields:
            field.refresh_content(self._sheet.complaint(field.key))

    def on_resize(self) -> None:
        """Scroll the focused field back into view: complaints at the fields above move it."""
        field = field_of(self.screen.focused)
        if field and not self.screen.can_view_entire(field):
            self.call_after_refresh(field.scroll_visible, animate=False)

    def renew(self, *, but: Field | None = None) -> None:
        """Show the answers as the sheet has them: something else than typing changed them."""
        with self.prevent(Input.Changed, PickControl.Changed):
            for field in self.fields:
                if field is not but and field.control.value != (text := self._sheet.text(field.key)):
                    field.control.rewrite(text)
        self.refresh_content()

    async def focus_on(self, key: str) -> None:
        """Go to a question, wherever it is; to the first one where it is not here."""
        if any(folded == key for folded, _ in self._folded):
            await self.unfold()
        fields = list(self.fields)
        field = next((field for field in fields if field.key == key), fields[0] if fields else None)
        if field:
            field.reveal()
            # The control alone is not enough to see: its label belongs to it, and what is said at it.
            field.control.focus(scroll_visible=False)
            self.call_after_refresh(field.scroll_visible, animate=False)

    async def unfold(self) -> None:
        """Show the optional fields; they are made when they are first wanted."""
        if self._folded and not self._is_open:
            await self.action_fold()

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:  # noqa: ARG002 - Textual's interface
        return action != "fold" or bool(self._folded)

    async def action_fold(self) -> None:
        self._is_open = not self._is_open
        if self._is_open and not self._rest.children:
            await self._rest.mount(*self._fields(self._folded))
            self.refresh_content()
        if not self._is_open and self._rest.has_focus_within:
            self._fold.focus()
        self._rest.display = self._is_open
        self._fold.refresh_content(is_open=self._is_open)

    @on(Fold.Toggled)
    async def turn(self) -> None:
        """Show the optional fields and go there, or hide them again."""
        await self.action_fold()
        if self._is_open:
            first = next(iter(self._rest.query(Field).results(Field)))
            first.control.focus()

    @on(Input.Changed)
    @on(PickControl.Changed)
    def _take(self, event: Input.Changed | PickControl.Changed) -> None:
        event.stop()
        field = field_of(event.control)
        if field:
            self._sheet.write(field.key, field.question, event.value)
            self.renew(but=field)

    @on(Input.Submitted)
    @on(PickControl.Submitted)
    def _go_on(self, event: Input.Submitted | PickControl.Submitted) -> None:
        event.stop()
        order = [
            field.control
            for field in self.fields
            if field.display and (self._is_open or self._rest not in field.ancestors)
        ]
        here = event.control
        if (field := field_of(here)) and self._is_missing(field):
            return
        if here in order and order.index(here) + 1 < len(order):
            order[order.index(here) + 1].focus()
        else:
            self.post_message(self.Completed())

    def _is_missing(self, field: Field) -> bool:
        """True if what has to be answered is not; that is said beside it from now on."""
        self._sheet.left(field.key)
        self.renew()
        return field.blocks and field.question.required and not field.control.value

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        field = field_of(event.widget)
        if field:
            field.show_label()
            self.post_message(self.Asked(field.key, field.question))

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        field = field_of(event.widget)
        if field:
            self._sheet.left(field.key)
            self.renew()  # as the answer is meant, however it was typed

    @property
    def _first_to_do(self) -> str:
        """The first question that is to be answered, or answered otherwise; empty where there is none."""
        return next(
            (
                field.key
                for field in self.fields
                if field.blocks or (field.question.required and not field.control.value)
            ),
            "",
        )


def field_of(control: object) -> Field | None:
    """Return the field that a control belongs to; `None` if it is of no form."""
    parent = control.parent if isinstance(control, TextControl | PickControl) else None
    return parent if isinstance(parent, Field) else None


def explanation_of(question: Question) -> str:
    """Return what a question is for and its limit, with an example where the empty field shows none."""
    if not isinstance(question, Text):
        return question.help
    sample = "" if question.is_secret or sample_in(question) else question.example or question.guide
    example = f"Example: {sample}." if sample else ""
    return " ".join(filter(None, (question.help, question.limit_told, example)))
