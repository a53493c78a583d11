"""A button of one line."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.content import Content
from textual.message import Message
from textual.widgets import Static

from bwtui.tui.widgets.focus_marker import FocusMarker


class LineButton(Static, FocusMarker, can_focus=True):
    """Something to press with Enter, Space or the mouse."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "press", "LineButton", show=False),
        Binding("down,right", "app.focus_next", show=False),
        Binding("up,left", "app.focus_previous", show=False),
    ]

    class Pressed(Message):
        """It was pressed."""

        def __init__(self, press: "LineButton") -> None:
            super().__init__()
            self.press = press

        @property
        def control(self) -> "LineButton":
            return self.press

    def __init__(self, label: str, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(id=id)
        self._label = label
        self.show_sign()

    def relabel(self, label: str) -> None:
        if label != self._label:
            self._label = label
            self.show_sign()
            self.refresh(layout=True)

    def show_sign(self) -> None:
        look = "bold reverse $primary" if self.has_focus else "bold $primary"
        self.update(
            Content.assemble((f"{self.sign} ", "$primary"), (f"[ {self._label} ]", look)), layout=False
        )

    def on_click(self) -> None:
        self.action_press()

    def action_press(self) -> None:
        self.post_message(self.Pressed(self))
