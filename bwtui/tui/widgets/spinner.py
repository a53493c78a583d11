"""A small text spinner: it sends two characters once a second, and nothing while nothing waits."""

from time import monotonic
from typing import Final

from textual.timer import Timer

from bwtui.tui.widgets.header_footer import TextLine

FRAMES: Final = "-\\|/"
FRAME_SECONDS: Final = 1.0
"""From one frame to the next: each sends the terminal's cursor there and back to the focus."""

PATIENCE: Final = 0.1
"""Seconds: what is over sooner shows no spinner at all."""

LEAST: Final = 1.0
"""Seconds that a spinner stays once it was shown: one that only flashes says nothing."""

_SOON: Final = 0.01


class Spinner(TextLine):
    """`- 3 s  Searching`, for as long as something is waited for."""

    def __init__(self) -> None:
        super().__init__()
        self.display = False
        self._text = ""
        self._frame = 0
        self._started = 0.0
        self._shown = 0.0
        self._timer: Timer | None = None
        self._is_wanted = False

    def start(self, text: str) -> None:
        """Wait for something; called again, it says what is waited for now."""
        self._text = text
        if self._is_wanted:
            return
        self._is_wanted = True
        if self._timer is None:
            self._started = monotonic()
            self._timer = self.set_interval(FRAME_SECONDS, self._turn)
            self.set_timer(PATIENCE, self._turn)

    def stop(self, *, at_once: bool = False) -> None:
        """Nothing is waited for any more; what is shown stays for the rest of its second.

        `at_once` is for a result that is shown in the same moment and needs the room: it says that the wait is over.
        """
        self._is_wanted = False
        if self.display and not at_once:
            self.set_timer(max(_SOON, self._shown + LEAST - monotonic()), self._end)
        else:
            self._end()

    def _turn(self) -> None:
        if not (self._is_wanted or self.display):
            return
        now = monotonic()
        if not self.display:
            self.display = True
            self._shown = now
        self._frame = (self._frame + 1) % len(FRAMES)
        seconds = int(now - self._started)
        # What changes stands together, so that no move is sent between its two parts.
        self.refresh_content(f"{FRAMES[self._frame]} {seconds} s  {self._text}")

    def _end(self) -> None:
        if self._is_wanted:  # once more, before its second was over
            return
        if self._timer:
            self._timer.stop()
            self._timer = None
        self.display = False
