"""The line at the foot of a screen that says what the demo does there, and why."""

from collections.abc import Iterable
from typing import Any

from textual.screen import Screen
from textual.widgets import Static


class Caption(Static):
    """A row of its own: what is above it moves up and is not covered, be it a form or a dialog."""

    DEFAULT_CSS = """
    Caption {
        split: bottom; height: auto; min-height: 1; max-height: 2; padding: 0 1;
        background: $primary; color: $background; text-style: bold;
    }
    """


def show_caption(screen: Screen[Any], text: str) -> None:
    """Show a caption on a screen, in place of the one that it has."""
    if captions := screen.query(Caption):
        captions.first().update(text)
    elif screen.is_attached:
        screen.mount(Caption(text, markup=False))


def remove_captions(screens: Iterable[Screen[Any]]) -> None:
    """Give the rows back."""
    for screen in screens:
        screen.query(Caption).remove()
