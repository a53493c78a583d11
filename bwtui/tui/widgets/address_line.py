"""The account's own address in one line, in place of its fields until they are wanted."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.widgets import Static

from bwtui.domain.answers.answers import Source
from bwtui.domain.answers.validation import Complaint
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Question
from bwtui.domain.steps import Step
from bwtui.domain.walk.draft import ADDRESS
from bwtui.domain.walk.walk_text import address_text
from bwtui.tui.draft import Draft
from bwtui.tui.line_filters import on_one_line
from bwtui.tui.widgets.controls import BAR
from bwtui.tui.widgets.field import Field
from bwtui.tui.widgets.focus_marker import FocusMarker

_ASKED = frozenset(key for key in ADDRESS if QUESTIONS[key].required)


def is_the_accounts_own(draft: Draft) -> bool:
    """Return True if the account gave all of the address that has to be answered."""
    given = draft.answers.given
    return all(key in given and given[key].source is Source.ACCOUNT for key in _ASKED)


class AddressField(Field):
    """A part of the address, hidden as long as the line stands for it."""

    def __init__(self, line: "AddressLine", key: str, question: Question, value: str) -> None:
        super().__init__(key, question, value)
        self._line = line
        self.display = line.is_open

    def reveal(self) -> None:
        self._line.open()

    def refresh_content(self, complaint: Complaint | None) -> None:
        if complaint and not complaint.is_note:
            self._line.open()
        super().refresh_content(complaint)


class AddressLine(Static, FocusMarker, can_focus=True):
    """`Address  900 MAIN CAMPUS DR, RALEIGH NC 27606  from your account`."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space,right", "change", "Change", tooltip="Show the fields of the address")
    ]

    def __init__(self, step: Step, draft: Draft) -> None:
        super().__init__(markup=False)
        self._address = address_text(step, draft.answers)
        self._fields: list[AddressField] = []
        self.is_open = False

    def field(self, key: str, question: Question, value: str) -> Field:
        """Make the field for a question of the step."""
        if key not in _ASKED:
            return Field(key, question, value)
        self._fields.append(AddressField(self, key, question, value))
        return self._fields[-1]

    @property
    def sign(self) -> str:
        return BAR if self.has_focus else " "

    def on_mount(self) -> None:
        self.show_sign()

    def on_resize(self) -> None:
        self.show_sign()

    def show_sign(self) -> None:
        lead, source, change = f"{self.sign} ", "  from your account", "[ Change ]"
        room = (self.size.width or 78) - len(f"{lead}Address    {change}")
        if len(self._address) + len(source) > room:
            source = ""
        look = "bold reverse $primary" if self.has_focus else "bold $primary"
        address = Content(on_one_line(self._address)).truncate(room - len(source), ellipsis=True)
        text = Content.assemble(
            (lead, "$primary"), ("Address  ", "bold"), address, (source, "$hint"), "  ", (change, look)
        )
        self.update(text, layout=False)

    def on_click(self) -> None:
        self.action_change()

    def action_change(self) -> None:
        """Show the fields, and go to the first."""
        self.open()
        self._fields[0].control.focus()

    def open(self) -> None:
        """Show the fields."""
        self.is_open, self.display = True, False
        for field in self._fields:
            field.display = True
