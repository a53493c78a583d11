"""A small text spinner: it sends two characters once a second, and nothing while nothing waits."""

from time import monotonic
from typing import Final

from textual.timer import Timer

from bwtui.tui.widgets.header_footer import TextLine

FRAMES: Final = "-\\|/"
FRAME_SECONDS: Final = 1.0
"""From one frame to the next: each sends the terminal's cursor there and back to the focus."""

PATIENCE: Final = 0.3
"""Seconds: what is over sooner shows no spinner at all, since one that only flashes says nothing."""


class Spinner(TextLine):
    """`- 3 s  Searching`, for as long as something is waited for: it never stands beside what has come of it."""

    def __init__(self) -> None:
        super().__init__()
        self.display = False
        self._text = ""
        self._frame = 0
        self._started = 0.0
        self._turning: tuple[Timer, ...] = ()

    def start(self, text: str) -> None:
        """Wait for something; called again, it says what is waited for now."""
        self._text = text
        if self._turning:
            return
        self._started = monotonic()
        self._turning = (self.set_timer(PATIENCE, self._turn), self.set_interval(FRAME_SECONDS, self._turn))

    def stop(self) -> None:
        """Nothing is waited for any more."""
        for timer in self._turning:
            timer.stop()
        self._turning = ()
        self.display = False

    def _turn(self) -> None:
        if not self._turning:  # a turn that was due as it was stopped
            return
        self.display = True
        self._frame = (self._frame + 1) % len(FRAMES)
        seconds = int(monotonic() - self._started)
        # What changes stands together, so that no move is sent between its two parts.
        self.refresh_content(f"{FRAMES[self._frame]} {seconds} s  {self._text}")
