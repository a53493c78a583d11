"""The details below a list, as far as there is room; a key of the screen shows the rest."""

from textual.containers import VerticalScroll


class Details(VerticalScroll, can_focus=False):
    """A text that is read and not moved in: it never has the focus."""

    @property
    def has_more(self) -> bool:
        """True if there is more than is seen."""
        return self.max_scroll_y > 0

    def on_resize(self) -> None:
        """Offer the key for the rest where there is one: this comes when the text is another, too."""
        self.screen.refresh_bindings()

    def show_more(self) -> None:
        """Show what follows; at the end, the beginning again."""
        if self.scroll_offset.y >= self.max_scroll_y:
            self.scroll_home(animate=False)
        else:
            self.scroll_page_down(animate=False)
