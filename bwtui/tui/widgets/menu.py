"""A list of lines to choose from."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Size
from textual.message import Message
from textual.strip import Strip

from bwtui.tui.highlight import with_sign
from bwtui.tui.line_filters import on_one_line
from bwtui.tui.widgets.line_list import LineList

Line = str | Content
"""A line: its text, of which the sign is coloured, or all of it with its colours."""


def _content(line: Line) -> Content:
    return with_sign(on_one_line(line)) if isinstance(line, str) else line


class Menu(LineList):
    """Lines with a cursor. What they say is text, never markup."""

    BINDINGS: ClassVar[list[BindingType]] = [Binding("enter", "choose", "Choose", show=False)]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"menu--cursor"}

    class Moved(Message):
        """The cursor is on another line."""

        def __init__(self, menu: "Menu", index: int) -> None:
            super().__init__()
            self.menu = menu
            self.index = index

        @property
        def control(self) -> "Menu":
            return self.menu

    class Chosen(Moved):
        """Enter was pressed on a line."""

    def __init__(self, lines: Sequence[Line] = (), *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.always_shows_cursor = False
        """True if the cursor is shown while another widget has the focus and moves it."""
        self._lines = list(map(_content, lines))

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(line.plain for line in self._lines)

    @property
    def count(self) -> int:
        return len(self._lines)

    def show(self, lines: Sequence[Line]) -> None:
        """Show other lines, drawing only those that differ."""
        new = list(map(_content, lines))
        old, self._lines = self._lines, new
        if len(old) != len(new):
            self.measure()
            self.move_to(self.cursor)
            self.refresh(layout=self.styles.is_auto_height)
            return
        for row, (before, now) in enumerate(zip(old, new, strict=True)):
            if not before.is_same(now):
                self.draw(row)

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's interface
        return max(1, len(self._lines))

    def render_line(self, y: int) -> Strip:
        row, width = self.row_at(y), self.scrollable_content_region.width
        if row is None:
            return Strip.blank(width, self.rich_style)
        here = row == self.cursor and (self.has_focus or self.always_shows_cursor)
        text = Content.assemble("▸ " if here else "  ", self._lines[row].rstrip())
        content = text.truncate(width, ellipsis=True, pad=True)
        style = self.rich_style
        if here:
            style += self.get_component_rich_style("menu--cursor", partial=True)
        return Strip(content.render_segments(), width).apply_style(style)

    def watch_cursor(self, before: int, now: int) -> None:
        super().watch_cursor(before, now)
        self.post_message(self.Moved(self, now))

    def on_click(self, event: events.Click) -> None:
        row = self.row_at(event.y)
        if row is not None:
            self.cursor = row
            self.action_choose()

    def action_choose(self) -> None:
        if self._lines:
            self.post_message(self.Chosen(self, self.cursor))
