"""A plain Textual form of eighteen inputs, and a second screen: what the driver is measured and compared with.

Run it in a terminal: `python form.py`, with `FORM_DRIVER=stock` for Textual's own driver.
"""

from typing import Any, ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, VerticalScroll
from textual.screen import ModalScreen, Screen
from textual.widgets import Button, DataTable, Footer, Header, Input, Label, Static

from bwtui.frugal import driver_class

WORDS = "漢字 かな · e\u0301a\u0308 · 👩\u200d👩\u200d👧 ❤\ufe0f 🎉 · \u200bäöü … ─│┌┐ ▌█ · [not markup]"


class Question(ModalScreen[None]):
    """A small window over the screen below."""

    app: "SampleApp"

    DEFAULT_CSS = """
    Question { align: center middle; }
    Question Static { width: 31; height: 5; border: thick $accent; background: $surface; text-style: underline; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [("f3", "app.pop_screen", "Back")]

    def compose(self) -> ComposeResult:
        """One text, half of it wide."""
        yield Static(f"Really? {self.app.words}", markup=False)


class Second(Screen[None]):
    """A table, a text with a link, and buttons."""

    app: "SampleApp"

    BINDINGS: ClassVar[list[BindingType]] = [("f2", "app.pop_screen", "First"), ("f3", "question", "Ask")]

    def compose(self) -> ComposeResult:
        """As many kinds of style as there are."""
        yield Label(
            "[bold]Second[/] [italic]screen[/] [link='https://example.org/a;b']a link[/link] [strike]no[/]"
        )
        yield Static(self.app.words, markup=False)
        yield DataTable()
        yield Button("Go on", variant="primary")
        yield Button("Back", variant="error")
        yield Footer()

    def on_mount(self) -> None:
        """Fill the table."""
        table = self.query_one(DataTable)
        table.add_columns("Number", "City", "字")
        table.add_rows((f"+1 919 555 {n:04}", f"City {n * 7919}", "漢" * (n % 4)) for n in range(60))

    def action_question(self) -> None:
        """Ask."""
        self.app.action_question()


class Rows(Screen[None]):
    """Another form of eighteen inputs, a row each."""

    def compose(self) -> ComposeResult:
        """The same as the first."""
        yield from rows("Second")


class SampleApp(App[None]):
    """A form of eighteen inputs, a row each, and further screens."""

    CSS = ".row { height: 1; } .row Label { width: 24; }"
    BINDINGS: ClassVar[list[BindingType]] = [
        ("f2", "second", "Second"),
        ("f3", "question", "Ask"),
        ("f4", "theme", "Theme"),
        ("f5", "rows", "Rows"),
        ("f6", "strange", "Strange"),
    ]
    THEMES: ClassVar[tuple[str, ...]] = ("textual-dark", "nord", "textual-light", "ansi-dark", "ansi-light")

    def __init__(self, words: str = "", **options: Any) -> None:
        """`words` are shown here and there."""
        self.words = words
        super().__init__(**options)

    def compose(self) -> ComposeResult:
        """The form."""
        yield from rows("Field", self.words)

    def action_second(self) -> None:
        """Go to the second screen."""
        self._go(Second())

    def action_rows(self) -> None:
        """Go to another form."""
        self._go(Rows())

    def action_question(self) -> None:
        """Ask."""
        self._go(Question())

    def _go(self, screen: Screen[None]) -> None:
        """Push a screen; of many, the last goes."""
        if len(self.screen_stack) > 3:
            self.pop_screen()
        else:
            self.push_screen(screen)

    def action_strange(self) -> None:
        """Write to the terminal what no driver expects: it erases a line, which is then drawn anew."""
        assert self._driver is not None
        self._driver.write("\x1b[24;1H\x1b[2K")
        self.refresh()

    def action_theme(self) -> None:
        """Change all colours."""
        themes = self.THEMES
        self.theme = themes[(themes.index(self.theme) + 1) % len(themes)]


def rows(word: str, words: str = "") -> ComposeResult:
    """Eighteen labelled inputs between a header and a footer; if there are words, also in boxes that scroll."""
    yield Header()
    with VerticalScroll():
        for number in range(18):
            with Horizontal(classes="row"):
                yield Label(f"{word} {number} {words[number:] if number in {4, 11} else ''}", markup=False)
                yield _input(f"{word} {number}", compact=True)
        for number in range(6 if words else 0):
            yield _input(f"box {number}", compact=False)
    yield Footer()


def _input(placeholder: str, *, compact: bool) -> Input:
    field = Input(placeholder=placeholder, compact=compact)
    field.cursor_blink = False
    return field


if __name__ == "__main__":
    SampleApp(driver_class=driver_class("FORM_DRIVER")).run()
