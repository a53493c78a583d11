"""The request as it is being composed, following every key; secrets masked."""

from collections.abc import Iterable

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.widgets import Static

from bwtui.domain.documents import Request, to_xml
from bwtui.tui.widgets.bars import styled_xml


def told(request: Request) -> str:
    """A request as text: method, path, query and document, secrets masked."""
    query = "&".join(f"{name}={value}" for name, value in request.query)
    head = f"{request.method} {request.path}{'?' if query else ''}{query}"
    return f"{head}\n\n{to_xml(request.body, indent=True)}" if request.body else head


class RequestPane(VerticalScroll, can_focus=False):
    """Shows what would be sent."""

    def __init__(self) -> None:
        super().__init__()
        self._text = Static(markup=False)
        self._told = ""

    def compose(self) -> ComposeResult:
        yield self._text

    def show_requests(self, requests: Iterable[Request]) -> None:
        """Show requests, drawing only where they are others."""
        text = "\n\n".join(map(told, requests)) or "Nothing is sent: what is there is used."
        if text != self._told:
            self._told = text
            self._text.update(styled_xml(text))
