"""A list of lines to choose from, drawn on demand: moving on draws two lines and nothing else."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.content import Content
from textual.geometry import Region, Size
from textual.message import Message
from textual.reactive import reactive
from textual.scroll_view import ScrollView
from textual.strip import Strip

from bwtui.tui.text import on_one_line


class Menu(ScrollView, can_focus=True):
    """Lines with a cursor. What they say is text, never markup."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "move(-1000000)", "First", show=False),
        Binding("end", "move(1000000)", "Last", show=False),
        Binding("enter", "choose", "Choose", show=False),
    ]
    COMPONENT_CLASSES: ClassVar[set[str]] = {"menu--cursor"}

    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    """The line that Enter chooses."""

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

    def __init__(self, lines: Sequence[str] = (), *, id: str | None = None) -> None:  # noqa: A002 - Textual's name for it
        super().__init__(id=id)
        self.always_shows_cursor = False
        """Whether the cursor is shown although something else has the focus and moves it."""
        self._lines = [on_one_line(line) for line in lines]

    @property
    def lines(self) -> tuple[str, ...]:
        return tuple(self._lines)

    def on_mount(self) -> None:
        self._measure()

    def on_resize(self) -> None:
        self._measure()

    def show(self, lines: Sequence[str]) -> None:
        """Show other lines, drawing only those that differ."""
        new = [on_one_line(line) for line in lines]
        old, self._lines = self._lines, new
        if len(old) != len(new):
            self._measure()
            self.cursor = max(0, min(self.cursor, len(new) - 1))
            self.refresh(layout=self.styles.is_auto_height)
            return
        for row, (before, now) in enumerate(zip(old, new, strict=True)):
            if before != now:
                self._draw(row)

    def _measure(self) -> None:
        self.virtual_size = Size(self.scrollable_content_region.width, len(self._lines))

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:  # noqa: ARG002 - Textual's interface
        return max(1, len(self._lines))

    def render_line(self, y: int) -> Strip:
        row, width = y + self.scroll_offset.y, self.size.width
        if row >= len(self._lines):
            return Strip.blank(width, self.rich_style)
        here = row == self.cursor and (self.has_focus or self.always_shows_cursor)
        text = f"{'▸' if here else ' '} {self._lines[row]}"
        content = Content.from_text(text, markup=False).truncate(width, ellipsis=True, pad=True)
        style = self.rich_style
        if here:
            style += self.get_component_rich_style("menu--cursor", partial=True)
        return Strip(content.render_segments(), width).apply_style(style)

    def watch_cursor(self, before: int, now: int) -> None:
        self._draw(before)
        self._draw(now)
        self.scroll_to_region(Region(0, now, 1, 1), animate=False, force=True)
        self.post_message(self.Moved(self, now))

    def _draw(self, row: int) -> None:
        self.refresh(Region(0, row - self.scroll_offset.y, self.size.width, 1))

    def on_focus(self) -> None:
        self._draw(self.cursor)

    def on_blur(self) -> None:
        self._draw(self.cursor)

    def on_click(self, event: events.Click) -> None:
        row = event.y + self.scroll_offset.y
        if row < len(self._lines):
            self.cursor = row
            self.action_choose()

    def action_move(self, step: int) -> None:
        """Move the cursor; beyond either end the focus goes on to what is next."""
        if not self._lines:
            return
        wanted = self.cursor + step
        if wanted < 0 and step == -1:
            self.screen.focus_previous()
        elif wanted >= len(self._lines) and step == 1:
            self.screen.focus_next()
        else:
            self.cursor = max(0, min(wanted, len(self._lines) - 1))

    def action_page(self, pages: int) -> None:
        height = max(1, self.size.height - 1)
        self.cursor = max(0, min(self.cursor + pages * height, len(self._lines) - 1))

    def action_choose(self) -> None:
        if self._lines:
            self.post_message(self.Chosen(self, self.cursor))
