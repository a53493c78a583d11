"""The terminal's cursor, which is hidden, rests at the focus: screen readers and magnifiers follow it."""

from textual.app import App
from textual.geometry import Offset


class CursorAtFocus(App[int]):
    """Puts the cursor where the focused widget says, or at its first cell. Textual's own does so for inputs alone."""

    @property
    def cursor_position(self) -> Offset:
        """The place of the cursor; it is asked for each time that something is drawn."""
        focused = self.focused if self.screen_stack else None
        if focused is None:
            return Offset(0, 0)
        offset: Offset = getattr(focused, "cursor_screen_offset", focused.content_region.offset)
        return offset

    @cursor_position.setter
    def cursor_position(self, _: Offset) -> None:
        """Textual's inputs tell theirs; they are asked for it anyway."""
