"""The sign that shows where one is, on what has no label to show it."""

from textual.geometry import Offset
from textual.widget import Widget


class FocusMarker(Widget):
    """Bears the sign while it has the focus. It comes last among the bases: Textual takes styles from the first."""

    @property
    def sign(self) -> str:
        """One cell: the sign, or a blank."""
        return "▸" if self.has_focus else " "

    @property
    def cursor_screen_offset(self) -> Offset:
        """The place of the terminal's cursor: behind the sign."""
        return self.content_region.offset + Offset(len("▸ "), 0)

    def show_sign(self) -> None:
        """Draw it as it is now."""
        self.refresh()

    def watch_has_focus(self, has_focus: bool) -> None:  # noqa: FBT001 - Textual calls it so
        """The focus came or went: `on_focus` would come before there is one."""
        super().watch_has_focus(has_focus)
        self.show_sign()
