"""The request as it is being composed, following every key; secrets masked."""

from collections.abc import Iterable
from itertools import zip_longest

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from bwtui.domain.values.documents import Request, request_text
from bwtui.tui.highlight import request as highlighted


class RequestPane(VerticalScroll, can_focus=False):
    """Shows what would be sent."""

    BORDER_TITLE = "Request"

    def __init__(self) -> None:
        super().__init__()
        self._text = Static(markup=False)
        self._told = ""

    def compose(self) -> ComposeResult:
        yield self._text

    def show_requests(self, requests: Iterable[Request]) -> None:
        """Show requests, drawing only where they are others."""
        text = "\n\n".join(map(request_text, requests)) or "Nothing is sent: what is there is used."
        if text != self._told:
            before, self._told = self._told, text
            self._text.update(highlighted(text))
            if before and self.is_on_screen:
                self.call_after_refresh(self._show_line, _first_difference(before, text))

    def _show_line(self, row: int) -> None:
        """Scroll so that the changed part is in the middle, if there is no room for the whole request."""
        self.scroll_to(y=row - self.size.height // 2, animate=False)


def _first_difference(before: str, now: str) -> int:
    """The number of the first line that is another than before."""
    pairs = zip_longest(before.splitlines(), now.splitlines())
    return next((row for row, (old, new) in enumerate(pairs) if old != new), 0)
