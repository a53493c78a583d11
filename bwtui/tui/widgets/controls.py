"""The controls that answer a question: a line of text, or one of a few words. Each is one row high."""

from collections.abc import Iterator
from typing import ClassVar, Final, assert_never

import rich.text
from rich.segment import Segment
from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Offset, Region
from textual.message import Message
from textual.reactive import reactive
from textual.strip import Strip
from textual.widget import Widget
from textual.widgets import Input

from bwtui.domain.fields import Choice, Flag, Question, Text
from bwtui.domain.values.text import visible
from bwtui.tui.line_filters import on_one_line

BAR: Final = "▌"
"""The mark of the field that has the focus."""

NOTHING = "not set"
"""The text of an optional choice without an answer."""


class TextControl(Input):
    """A line of text. It takes whatever is typed: what is wrong with it is said, not swallowed."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+u", "delete_all", "Clear", show=False, tooltip="Clear the field"),
    ]

    class NotTaken(Message):
        """Posted if a pasted text was not taken, or not all of it."""

        def __init__(self, control: "TextControl | PickControl", told: str) -> None:
            super().__init__()
            self._control = control
            self.told = told
            """The message for the person."""

        @property
        def control(self) -> "TextControl | PickControl":
            return self._control

    def __init__(
        self,
        value: str,
        *,
        placeholder: str = "",
        secret: bool = False,
        many: bool = False,
        default: str = "",
    ) -> None:
        """`many` takes a list: each pasted line is one of it. What is typed replaces a `default` that stands there."""
        super().__init__(value, placeholder=placeholder, password=secret, compact=True, select_on_focus=False)
        self._many = many
        self._default = default
        self.cursor_blink = False  # a blinking cursor sends 350 bytes a second while nobody types

    @property
    def _value(self) -> rich.text.Text:
        """Return the value as it is shown: each unprintable character is a blank."""
        shown = super()._value
        shown.plain = on_one_line(shown.plain)
        return shown

    def render_line(self, y: int) -> Strip:
        """Draw the line; without the focus, a value that is too long from its beginning, with an ellipsis."""
        width = self.scrollable_content_region.width
        if y or self.has_focus or self._value.cell_len <= width:
            return super().render_line(y)
        shown = Content.from_text(self._value.plain, markup=False).truncate(width, ellipsis=True, pad=True)
        return Strip([Segment(shown.plain)], width).apply_style(self.rich_style)

    def rewrite(self, value: str) -> None:
        """Show a value that was not typed here: one goes on behind it."""
        self.value = value
        self.action_end()

    def _on_focus(self, event: events.Focus) -> None:
        """Begin at the end, or with the default selected; a click puts the cursor elsewhere afterwards."""
        super()._on_focus(event)
        if event.from_app_focus:
            return
        if self._default and self.value == self._default:
            self.action_select_all()
        else:
            self.action_end()
            # Textual scrolls only when the cursor moves, and it may have been there.
            self.scroll_to_region(Region(self._cursor_offset, 0, 1, 1), force=True, animate=False)

    def action_delete_all(self) -> None:
        """Delete everything, wherever the cursor is."""
        self.delete(0, len(self.value))

    def _on_paste(self, event: events.Paste) -> None:
        """Take what is pasted, without empty lines; Textual's own takes the first line, whatever is in it."""
        event.stop()
        event.prevent_default()
        lines = [line for line in event.text.splitlines() if visible(line)]
        is_list = self._many and len(lines) > 1
        taken = ", ".join(map(visible, lines)) if is_list else next(iter(lines), "")
        start, end = sorted(self.selection)
        if is_list and (before := self.value[:start].rstrip()) and not before.endswith(","):
            taken = f", {taken}"
        if lines:
            self.replace(taken, start, end)
        if not lines:
            self.post_message(self.NotTaken(self, "Nothing was pasted: it holds nothing that can be seen."))
        elif len(lines) > 1 and not is_list:
            text = f"Only the first of {len(lines)} lines was pasted: there is room for one."
            self.post_message(self.NotTaken(self, text))


class PickControl(Widget, can_focus=True):
    """One of a few words, all shown where there is room: left and right change it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "pick(-1)", "Previous", show=False),
        Binding("right,space", "pick(1)", "Next", show=False),
        Binding("enter", "submit", "Next field", show=False),
    ]
    value: reactive[str] = reactive("")
    """The chosen option; empty if there is none."""

    class Changed(Message):
        """Another word was chosen."""

        def __init__(self, control: "PickControl", value: str) -> None:
            super().__init__()
            self._control = control
            self.value = value

        @property
        def control(self) -> "PickControl":
            return self._control

    class Submitted(Message):
        """Enter was pressed: on to what comes next."""

        def __init__(self, control: "PickControl") -> None:
            super().__init__()
            self._control = control

        @property
        def control(self) -> "PickControl":
            return self._control

    def __init__(self, options: tuple[tuple[str, str], ...], value: str) -> None:
        """`options` are values and how each is shown."""
        super().__init__()
        self._options = options
        self.set_reactive(PickControl.value, value)

    def rewrite(self, value: str) -> None:
        """Show a value that was not chosen here."""
        self.value = value

    @property
    def _lead(self) -> str:
        """Return the text before the options."""
        return ""

    @property
    def _is_folded(self) -> bool:
        """True where there is room for the chosen option alone."""
        return len(self._lead) + sum(part.cell_length for part in self._parts()) > self.size.width > 0

    @property
    def cursor_screen_offset(self) -> Offset:
        """The place of the terminal's cursor: at the chosen option."""
        left = len(self._lead)
        for (value, _), part in zip(self._options, self._parts(), strict=False):
            if self._is_folded or value == self.value:
                break
            left += part.cell_length
        return self.content_region.offset + Offset(left, 0)

    def render(self) -> Content:
        if self._is_folded:
            shown = dict(self._options).get(self.value, on_one_line(self.value))
            return Content.from_text(f"{self._lead}‹ {shown} ›", markup=False)
        return Content("").join([Content.styled(self._lead, "$primary"), *self._parts()])

    def _parts(self) -> Iterator[Content]:
        for value, shown in self._options:
            chosen = value == self.value
            text = f"{'(•)' if chosen else '( )'} {shown}  "
            yield Content.styled(text, "" if chosen else "$hint")
        if self.value not in dict(self._options):  # what a file or an earlier version says
            yield Content.from_text(f"(•) {on_one_line(self.value)}", markup=False)

    def action_pick(self, step: int) -> None:
        values = [value for value, _ in self._options]
        here = values.index(self.value) if self.value in values else -step
        self._choose(values[(here + step) % len(values)])

    def action_submit(self) -> None:
        self.post_message(self.Submitted(self))

    def on_key(self, event: events.Key) -> None:
        """The first letter of a word chooses it."""
        letter = (event.character or "").casefold()
        for value, shown in self._options:
            if letter.isalnum() and shown.casefold().startswith(letter) and value != self.value:
                event.stop()
                self._choose(value)
                return

    def on_paste(self, event: events.Paste) -> None:
        """A pasted word chooses it."""
        event.stop()
        word = visible(event.text).casefold()
        chosen = next((value for value, shown in self._options if shown.casefold() == word), None)
        if chosen is None:
            text = "Nothing was pasted: choose with the arrows, or with the first letter of a word."
            self.post_message(TextControl.NotTaken(self, text))
        else:
            self._choose(chosen)

    def on_click(self, event: events.Click) -> None:
        """A click on a word chooses it."""
        left = len(self._lead)
        for (value, _), part in zip(self._options, self._parts(), strict=False):
            left += part.cell_length
            if event.x < left:
                self._choose(value)
                return

    def _choose(self, value: str) -> None:
        if value != self.value:
            self.value = value
            self.post_message(self.Changed(self, value))


class TickControl(PickControl):
    """Yes or no as a box with a cross, and beside it what it is about."""

    def __init__(self, question: Flag, value: str, aside: Content) -> None:
        super().__init__((("true", "yes"), ("false", "no")), value)
        self._label = question.label
        self._aside = aside

    @property
    def _lead(self) -> str:
        return f"{BAR if self.has_focus else ' '} "

    @property
    def cursor_screen_offset(self) -> Offset:
        """The place of the terminal's cursor: in the box."""
        return self.content_region.offset + Offset(len(f"{self._lead}["), 0)

    def render(self) -> Content:
        cross = "x" if self.value == "true" else " "
        return Content.assemble(
            (self._lead, "$primary"), f"[{cross}] ", (f"{self._label:<15}", "bold"), self._aside
        ).truncate(self.size.width or 78, ellipsis=True)

    def watch_has_focus(self, has_focus: bool) -> None:  # noqa: FBT001 - Textual calls it so
        """Draw the bar, or take it away."""
        super().watch_has_focus(has_focus)
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        event.stop()
        self.action_pick(1)


Control = TextControl | PickControl


def sample_in(question: Text) -> str:
    """Return the example that an empty field shows; empty if there is none, or no room for it."""
    return question.example if not question.is_secret and len(question.example) < 35 else ""


def placeholder_of(question: Question) -> str:
    """Return what an empty field shows."""
    sample = sample_in(question) if isinstance(question, Text) else ""
    return f"e.g. {sample}" if sample else ""


def control_for(question: Question, value: str) -> Control:
    """The control that a question is answered with."""
    match question:
        case Text(secret_from=variable):
            return TextControl(
                value,
                placeholder=placeholder_of(question),
                secret=bool(variable),
                many=question.many,
                default=question.default or "",
            )
        case Choice():
            words = tuple(zip(question.options, question.told, strict=True))
            return PickControl(words if question.default else (("", NOTHING), *words), value)
        case Flag():
            words = (("true", "yes"), ("false", "no"))
            return PickControl(words if question.default is not None else (("", NOTHING), *words), value)
        case _:
            assert_never(question)
