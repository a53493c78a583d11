"""The details below a list, as far as there is room; a key of the screen shows the rest."""

from textual.containers import VerticalScroll


class Details(VerticalScroll, can_focus=False):
    """A text that is read and not moved in: it never has the focus."""

    @property
    def has_more(self) -> bool:
        """True if there is more than is seen."""
        return self.show_vertical_scrollbar

    def watch_show_vertical_scrollbar(self) -> None:
        """Offer the key for the rest where there is one. Another text may show the bar without any resize."""
        self.screen.refresh_bindings()

    def show_more(self) -> None:
        """Show what follows; at the end, the beginning again."""
        if self.scroll_offset.y >= self.max_scroll_y:
            self.scroll_home(animate=False)
        else:
            self.scroll_page_down(animate=False)
