"""Rows with a cursor, drawn on demand: moving on draws two of them and nothing else."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.geometry import Offset, Region, Size
from textual.reactive import reactive
from textual.scroll_view import ScrollView


class LineList(ScrollView, can_focus=True):
    """A list whose cursor moves and stays in sight; a subclass counts the rows and draws them."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("up", "move(-1)", "Up", show=False),
        Binding("down", "move(1)", "Down", show=False),
        Binding("pageup", "page(-1)", "Page up", show=False),
        Binding("pagedown", "page(1)", "Page down", show=False),
        Binding("home", "move(-1000000)", "First", show=False),
        Binding("end", "move(1000000)", "Last", show=False),
    ]
    HEADING: ClassVar[int] = 0
    """Lines above the rows that do not scroll."""

    cursor: reactive[int] = reactive(0, init=False, repaint=False)
    """The row that Enter or Space is about."""

    @property
    def count(self) -> int:
        """Return the count of rows."""
        raise NotImplementedError

    def measure(self) -> None:
        """Say how high all rows are together; to be called when their number changes."""
        self.virtual_size = Size(self.scrollable_content_region.width, self.count + self.HEADING)

    def draw(self, *rows: int) -> None:
        """Draw some rows again."""
        top = self.scroll_offset.y - self.HEADING
        self.refresh(*(Region(0, row - top, self.size.width, 1) for row in rows))

    def row_at(self, y: int) -> int | None:
        """The row that is seen at a line of this widget."""
        row = y - self.HEADING + self.scroll_offset.y
        return row if y >= self.HEADING and row < self.count else None

    @property
    def cursor_screen_offset(self) -> Offset:
        """The place of the terminal's cursor: behind the sign of the row."""
        row = self.cursor - self.scroll_offset.y + self.HEADING
        return self.content_region.offset + Offset(len("▸ "), row)

    @property
    def cursor_region(self) -> Region:
        """The line of the row under the cursor, in the widget that this one scrolls with."""
        row = self.cursor - self.scroll_offset.y + self.HEADING
        return self.virtual_region._replace(y=self.virtual_region.y + row, height=1)

    @property
    def _height(self) -> int:
        """Return the count of rows in sight: the heading covers the first row that scrolls."""
        return max(1, self.scrollable_content_region.height - self.HEADING)

    def on_mount(self) -> None:
        self.measure()

    def on_resize(self) -> None:
        self.measure()

    def on_focus(self) -> None:
        self.draw(self.cursor)

    def on_blur(self) -> None:
        self.draw(self.cursor)

    def watch_cursor(self, before: int, now: int) -> None:
        self.draw(before, now)
        self.bring_in_sight(now)

    def bring_in_sight(self, row: int) -> None:
        """Scroll as little as shows a row."""
        top, height = self.scroll_offset.y, self._height
        if not top <= row < top + height:
            self.scroll_to(y=row if row < top else row - height + 1, animate=False, force=True)

    def action_move(self, step: int) -> None:
        """Move the cursor; beyond either end the focus goes on to what is next."""
        wanted = self.cursor + step
        if wanted < 0 and step == -1:
            self.screen.focus_previous()
        elif wanted >= self.count and step == 1:
            self.screen.focus_next()
        else:
            self.move_to(wanted)

    def action_page(self, pages: int) -> None:
        """Move by as much as is in sight, less a row."""
        self.move_to(self.cursor + pages * max(1, self._height - 1))

    def move_to(self, row: int) -> None:
        """Put the cursor on a row, or on the nearest that is there."""
        self.cursor = max(0, min(row, self.count - 1))
