"""Dialogs over a screen: questions, and texts to read. Escape leaves each of them, and then nothing happens."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input, Static

from bwtui.domain.planning.consent import Consent
from bwtui.domain.values.text import safe
from bwtui.domain.walk.walk_text import PRICES
from bwtui.tui.highlight import MONEY, keys, manual, with_sign
from bwtui.tui.screens.base import BegunScreen, TypeaheadGuard
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.widgets.controls import TextControl
from bwtui.tui.widgets.header_footer import KeyFooter, TextLine
from bwtui.tui.widgets.menu import Menu

_Result = TypeVar("_Result")


class Dialog(ModalScreen[_Result], BegunScreen[_Result]):
    """A dialog of any sort."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("escape", "cancel", "Back")]

    focused: reactive[Widget | None] = reactive(None, repaint=False)

    def on_mount(self) -> None:
        """Take the line of keys: those of the screen below do nothing now."""
        self.mount(KeyFooter(id="keys"))

    def action_cancel(self) -> None:
        self.dismiss(None)


class Question(Dialog[_Result]):
    """A question with a button for yes and one for no; each kind says what they mean."""

    HEADING: ClassVar[str] = ""

    def __init__(self, question: str, *, yes: str, no: str = "No", enter_agrees: bool = False) -> None:
        super().__init__()
        self._question = safe(question)
        self._labels = {"no": f"{no} (n)", "yes": f"{yes} (y)"}
        self._default = "#yes" if enter_agrees else "#no"

    def compose(self) -> ComposeResult:
        with Vertical(classes="box") as box:
            box.border_title = self.HEADING
            yield Static(Content.from_text(self._question, markup=False))
            with Horizontal(classes="presses"):
                for name, label in self._labels.items():
                    yield LineButton(label, id=name)

    def begin(self) -> None:
        self.query_one(self._default, LineButton).focus()


class ConfirmDialog(Question[bool]):
    """A question that is answered with yes, with no or, with Escape, not at all."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,Y", "agree", "Yes"),
        Binding("n,N", "decline", "No"),
    ]

    @on(LineButton.Pressed, "#yes")
    def action_agree(self) -> None:
        self.dismiss(True)  # noqa: FBT003 - the result

    @on(LineButton.Pressed, "#no")
    def action_decline(self) -> None:
        self.dismiss(False)  # noqa: FBT003


class ConfirmApply(ConfirmDialog, TypeaheadGuard[bool]):
    """Asks before anything is written; only keys typed after the question was painted answer it."""


class ConfirmCost(Question[Consent], TypeaheadGuard[Consent]):
    """Asks before money is spent. A no, as Enter says it, goes back: nothing happens."""

    # The buttons say what each letter does.
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("y,Y", "agree", "Yes", show=False),
        Binding("n,N", "cancel", "No", show=False),
        Binding("w,W", "do_without", "Without", show=False),
        Binding("f1", "help", "Help", tooltip="About what is ordered, and its price"),
    ]
    HEADING = f"$ {MONEY}"

    def __init__(
        self,
        question: str,
        *,
        yes: str,
        no: str = "No",
        without: str = "",
        enter_agrees: bool = False,
        about: str = "",
    ) -> None:
        """`without` labels the third button: everything but what costs money; `about` is help besides. Either may be empty."""
        super().__init__(question, yes=yes, no=no, enter_agrees=enter_agrees)
        self._about = about
        if without:
            self._labels["without"] = f"{without} (w)"

    @on(LineButton.Pressed, "#yes")
    def action_agree(self) -> None:
        self.dismiss(Consent.ALL)

    @on(LineButton.Pressed, "#no")
    def action_cancel(self) -> None:
        self.dismiss(Consent.NONE)

    @on(LineButton.Pressed, "#without")
    def action_do_without(self) -> None:
        """Do everything but what costs money, where that is offered."""
        if "without" in self._labels:
            self.dismiss(Consent.ALL_BUT_THE_NUMBERS)

    def action_help(self) -> None:
        """Tell about what is ordered, and where its price is."""
        text = "\n\n".join(filter(None, (self._question, self._about, PRICES)))
        self.app.push_screen(TextDialog("What costs money", text))


class LeaveDialog(ConfirmDialog):
    """Asks before leaving the wizard; asked to leave once more, it leaves at once."""


class ChoiceDialog(Dialog[int | None]):
    """One line of several to choose; what they say is text, never markup."""

    def __init__(self, question: str, lines: Sequence[str]) -> None:
        super().__init__()
        self._question = question
        self._menu = Menu(lines)

    def compose(self) -> ComposeResult:
        with Vertical(classes="box -tall"):
            yield Static(self._question, markup=False)
            yield self._menu
            yield Static(keys("Enter choose  ↑↓ move  Esc cancel"), classes="hint")

    def begin(self) -> None:
        self._menu.focus()

    @on(Menu.Chosen)
    def _chosen(self, event: Menu.Chosen) -> None:
        self.dismiss(event.index)


class TextDialog(Dialog[None]):
    """A text to read: help, a request, an export."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter,q,Q", "cancel", "Close", show=False)]

    def __init__(self, title: str, text: str | Content) -> None:
        super().__init__()
        self._heading = title
        self._text = manual(text) if isinstance(text, str) else text
        self._hint = Static(keys("↑↓ scroll  Esc close"), classes="hint")

    def compose(self) -> ComposeResult:
        with Vertical(classes="box -tall"):
            yield Static(self._heading, markup=False, classes="heading")
            with VerticalScroll(id="reading"):
                yield Static(self._text)
            yield self._hint

    def begin(self) -> None:
        self.query_one("#reading").focus()

    def tell(self, news: str) -> None:
        """Say in the last line what has happened below, with the way there."""
        self._hint.update(with_sign(news))


class ReleaseDialog(Dialog[bool], TypeaheadGuard[bool]):
    """Asks for the word that releases numbers; any other keeps them, and Escape calls everything off. Nothing typed before counts."""

    def __init__(self, warning: str, question: str, word: str) -> None:
        super().__init__()
        self._warning, self._asked, self._word = safe(warning), question, word
        self._typed = TextControl("")

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(self._warning, markup=False)
            yield Static(self._asked, markup=False)
            yield self._typed
            yield Static(keys("Enter go on  Esc cancel"), classes="hint")

    def begin(self) -> None:
        self._typed.focus()

    @on(Input.Submitted)
    def _given(self) -> None:
        self.dismiss(self._typed.value.strip() == self._word)


class PathDialog(Dialog[str]):
    """Asks for the path of a file to write."""

    def __init__(self, question: str, suggestion: str) -> None:
        super().__init__()
        self._question = question
        self._path = TextControl(suggestion, default=suggestion)
        self._wrong = TextLine(id="wrong")

    def compose(self) -> ComposeResult:
        with Vertical(classes="box"):
            yield Static(self._question, markup=False)
            yield self._path
            yield self._wrong
            yield Static(keys("Enter write  Esc cancel"), classes="hint")

    def begin(self) -> None:
        self._path.focus()

    @on(Input.Submitted)
    def _given(self) -> None:
        path = self._path.value.strip()
        if path:
            self.dismiss(path)
        else:
            self._wrong.refresh_content("! Type the name of a file, such as setup.toml.")
