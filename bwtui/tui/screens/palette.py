"""Every screen with how it stands, every field, every current problem, every command: filtered as one types, best match first."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input, Static

from bwtui.domain.answers.answers import uses_existing
from bwtui.domain.catalog import QUESTIONS, login_questions, step_of
from bwtui.domain.walk.draft import questions_due
from bwtui.tui.error_text import complaint_line
from bwtui.tui.highlight import keys
from bwtui.tui.places import CONNECT, TITLES, place_of, walk
from bwtui.tui.screens.base import Go
from bwtui.tui.screens.dialogs import Dialog
from bwtui.tui.widgets.controls import TextControl
from bwtui.tui.widgets.menu import Menu
from bwtui.tui.workflow import Workflow

_COMMANDS = (
    ("Help for what has the focus", "app.show_help"),
    ("Theme: dark, light, high contrast", "app.next_theme"),
    ("Leave; it asks first, and says what is kept", "app.leave"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the palette and where it leads: a message for the app, or an action."""

    text: str
    leads_to: Message | str
    status: str = ""
    """The words behind its name that say how it stands."""

    @property
    def line(self) -> str:
        """The line as it is shown."""
        return f"{self.text}{self.status}"

    @property
    def name(self) -> str:
        """The line without its sign and its status."""
        return self.text[1:].strip()

    def matches(self, words: list[str]) -> bool:
        """Return True if every word, in lower case, occurs in the line."""
        return all(word in self.line.casefold() for word in words)

    def distance(self, words: list[str]) -> int:
        """Return the place among those that match: 0 if it is called so, 1 if the words are in its name, else 2."""
        name = self.name.casefold()
        if name == " ".join(words):
            return 0
        return 1 if all(word in name for word in words) else 2


def entries(workflow: Workflow) -> Iterator[Entry]:
    """All that can be gone to or done."""
    draft = workflow.draft
    for place in walk(draft.answers):
        mark = workflow.mark(place)
        yield Entry(f"{mark.sign} {TITLES[place]:<24}", Go(place), mark.word)
    for complaint in draft.complaints:
        if complaint.blocks:
            yield Entry(complaint_line(complaint), Go(place_of(complaint.key), complaint.key))
    for text, action in _COMMANDS:
        yield Entry(f"  {text}", action)


def fields(workflow: Workflow) -> Iterator[Entry]:
    """The questions of all screens, by their labels: too many to list, found by typing."""
    draft = workflow.draft
    for key, question in login_questions(oauth=workflow.sign_in.oauth).items():
        yield Entry(f"  {TITLES[CONNECT]}: {question.label}", Go(CONNECT, key))
    for place in walk(draft.answers):
        step = step_of(place)
        if step is None:
            keys = [key for key in QUESTIONS if place_of(key) == place]
        elif uses_existing(step, draft.answers):
            keys = []
        else:
            keys = [key for key, _ in questions_due(step, draft.answers, draft.run)]
        for key in keys:
            yield Entry(f"  {TITLES[place]}: {QUESTIONS[key].label}", Go(place, key))


class Palette(Dialog[Entry]):
    """The list of screens and commands to choose from."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("down", "move(1)", show=False, priority=True),
        Binding("up", "move(-1)", show=False, priority=True),
        Binding("pagedown", "page(1)", show=False, priority=True),
        Binding("pageup", "page(-1)", show=False, priority=True),
        Binding("ctrl+g,ctrl+p", "cancel", show=False),
    ]

    def __init__(self, place: str, workflow: Workflow) -> None:
        super().__init__()
        self._entries = tuple(entries(workflow))
        self._fields = tuple(fields(workflow))
        self._shown = self._entries
        self._filter = TextControl("", placeholder="type to filter: a step, a field, a problem, a command")
        self._menu = Menu([entry.line for entry in self._entries])
        places = walk(workflow.draft.answers)
        self._box = Vertical(classes="box")
        self._start = places.index(place) if place in places else 0

    def compose(self) -> ComposeResult:
        with self._box:
            yield self._filter
            yield self._menu
            yield Static(keys("Enter go  ↑↓ choose  Esc close"), classes="hint")

    def begin(self) -> None:
        self._filter.focus()
        self._menu.always_shows_cursor = True
        self._menu.cursor = self._start

    @on(Input.Changed)
    def _narrow(self, event: Input.Changed) -> None:
        event.stop()
        words = event.value.casefold().split()
        every = (*self._entries, *self._fields) if words else self._entries
        matching = (entry for entry in every if entry.matches(words))
        self._shown = tuple(sorted(matching, key=lambda entry: entry.distance(words)))
        self._menu.show([entry.line for entry in self._shown])
        self._menu.cursor = 0
        self._box.border_subtitle = f"{len(self._shown) or 'none'} of {len(every)} match" if words else ""

    @on(Input.Submitted)
    def _choose(self, event: Input.Submitted) -> None:
        event.stop()
        self._menu.action_choose()

    @on(Menu.Chosen)
    def _chosen(self, event: Menu.Chosen) -> None:
        self.dismiss(self._shown[event.index])

    def action_move(self, step: int) -> None:
        self._menu.move_to(self._menu.cursor + step)

    def action_page(self, pages: int) -> None:
        self._menu.action_page(pages)
