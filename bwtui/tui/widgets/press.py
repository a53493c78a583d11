"""A button of one line."""

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message
from textual.widgets import Static


class Press(Static, can_focus=True):
    """Something to press with Enter, Space or the mouse."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter,space", "press", "Press", show=False),
        Binding("down,right", "app.focus_next", show=False),
        Binding("up,left", "app.focus_previous", show=False),
    ]

    class Pressed(Message):
        """It was pressed."""

        def __init__(self, press: "Press") -> None:
            super().__init__()
            self.press = press

        @property
        def control(self) -> "Press":
            return self.press

    def __init__(self, label: str, *, id: str) -> None:  # noqa: A002 - Textual's own name for it
        super().__init__(f"  [ {label} ]", markup=False, id=id)
        self._label = label

    def relabel(self, label: str) -> None:
        if label != self._label:
            self._label = label
            self._draw()
            self.refresh(layout=True)

    def _draw(self) -> None:
        self.update(f"{'▸' if self.has_focus else ' '} [ {self._label} ]", layout=False)

    def watch_has_focus(self, has_focus: bool) -> None:  # noqa: FBT001 - Textual calls it so
        """The sign that shows where one is: `on_focus` would come before there is a focus."""
        super().watch_has_focus(has_focus)
        self._draw()

    def on_click(self) -> None:
        self.action_press()

    def action_press(self) -> None:
        self.post_message(self.Pressed(self))
