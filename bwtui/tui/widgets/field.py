"""One question on a form: its label with the count, its control, and below them what is wrong or doubtful."""

from typing import Final

from textual.app import ComposeResult
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from bwtui.domain.answers.validation import Complaint
from bwtui.domain.fields import Question, Text, is_asked_first
from bwtui.domain.values.text import safe
from bwtui.tui.widgets.controls import BAR, Control, TextControl, control_for, placeholder_of

NEEDED: Final = "! needed"
"""Said beside the label where nothing is answered: below the field it would move all that follows, at every Tab."""


class FieldLabel(Static):
    """`▌ Name *  7/10`: the bar shows where one is, the star what is needed, the count, while one is there, what is used of the limit."""

    def __init__(self, question: Question) -> None:
        super().__init__(markup=False)
        self._question = question
        self._told = Content()

    def ask(self, question: Question) -> None:
        """Take the label of another question; it shows with the next `refresh_content`."""
        self._question = question

    def refresh_content(self, length: int, *, focused: bool, is_missing: bool) -> None:
        """Show the label, drawing only where it changes."""
        question = self._question
        limit = question.limit if isinstance(question, Text) and not question.is_secret else None
        count = f"{length}/{limit}" if limit else ""
        aside = NEEDED if is_missing else count if focused else ""
        star = " *" if is_asked_first(question) else ""
        width = max(8, (self.size.width or 33) - 1)
        room = width - len(star) - len(NEEDED if is_missing else count) - 3
        label = question.label if len(question.label) <= room else f"{question.label[: room - 1]}…"
        text = Content.assemble(
            (BAR if focused else " ", "$primary"),
            (f" {label}", "bold"),
            star,
            " " * (width - len(label) - len(star) - len(aside) - 2),
            (aside, "bold $error" if is_missing else ""),
        )
        if not text.is_same(self._told):
            self._told = text
            self.update(text, layout=False)


class Problem(Static):
    """The line below a field: what is wrong (`!`) or doubtful (`?`), or how it was taken (`→`); no room if nothing is."""

    def __init__(self) -> None:
        super().__init__(markup=False)
        self.display = False
        self._complaint: Complaint | None = None

    @property
    def blocks(self) -> bool:
        return bool(self._complaint and self._complaint.blocks)

    def refresh_content(self, complaint: Complaint | None) -> None:
        """Show a complaint, or nothing."""
        if complaint == self._complaint:
            return
        self._complaint = complaint
        self.display = complaint is not None
        if complaint:
            self.set_class(not complaint.blocks and not complaint.is_note, "-doubt")
            self.set_class(complaint.is_note, "-note")
            sign = "→" if complaint.is_note else "!" if complaint.blocks else "?"
            self.update(f"{sign} {safe(complaint.text)}")


class Field(Widget):
    """One question, asked."""

    value: reactive[str] = reactive("", init=False)

    def __init__(self, key: str, question: Question, value: str, control: Control | None = None) -> None:
        """`control` is one that says itself what it is about, in place of the usual one."""
        super().__init__()
        self.key = key
        """The question's full name: `site.name`."""
        self.question = question
        self.label = FieldLabel(question)
        self.control = control or control_for(question, value)
        self.label.display = control is None
        self.set_class(control is not None, "-tick")
        self.problem = Problem()
        self.is_missing = False

    def ask(self, question: Question) -> None:
        """Ask the same in other words."""
        if question != self.question:
            self.question = question
            self.label.ask(question)
            if isinstance(self.control, TextControl):
                self.control.placeholder = placeholder_of(question)
            self.show_label()

    @property
    def blocks(self) -> bool:
        """True if the answer is missing or refused."""
        return self.is_missing or self.problem.blocks

    def compose(self) -> ComposeResult:
        yield self.label
        yield self.control
        yield self.problem

    def refresh_content(self, complaint: Complaint | None) -> None:
        """Show what is to be said about the answer as it stands."""
        self.is_missing = bool(complaint and complaint.is_missing)
        self.problem.refresh_content(None if self.is_missing else complaint)
        self.show_label()

    def show_label(self) -> None:
        control = self.control
        self.label.refresh_content(len(control.value), focused=control.has_focus, is_missing=self.is_missing)

    def reveal(self) -> None:
        """Be there to be seen; it is, unless something else is asked in its place."""

    def on_resize(self) -> None:
        self.show_label()
