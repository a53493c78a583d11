"""The form in Textual with its stock widgets: `textual_form.py LABEL … -- LABEL …`, a screen on each side of `--`."""

import sys
from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import Screen
from textual.widgets import Footer, Header, Input, Label


class FormScreen(Screen[None]):
    """Labelled inputs between a head and a foot."""

    AUTO_FOCUS = "Input"

    def __init__(self, labels: list[str]) -> None:
        super().__init__()
        self._labels = labels

    def compose(self) -> ComposeResult:
        yield Header()
        with VerticalScroll():
            for label in self._labels:
                yield Horizontal(Label(label), Input(compact=True))
        yield Footer()


class FormApp(App[None]):
    """Two forms, one after the other."""

    TITLE = "Form"
    CSS = """
    Horizontal { height: 1; }
    Label { width: 33; }
    Input { width: 1fr; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+n", "next_screen", "Next")]

    def __init__(self, first: list[str], second: list[str]) -> None:
        super().__init__()
        self._first, self._second = first, second

    def get_default_screen(self) -> FormScreen:
        return FormScreen(self._first)

    def action_next_screen(self) -> None:
        self.push_screen(FormScreen(self._second))


border = sys.argv.index("--")
FormApp(sys.argv[1:border], sys.argv[border + 1 :]).run()
