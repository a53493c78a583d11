"""The demo that walks by itself and says what it does: it can be paused and taken over."""

import asyncio
from typing import Final

from textual import events

from bwtui.tui.demo.caption import remove_captions, show_caption
from bwtui.tui.demo.tour import Toured, TourKey, tour

TICK: Final = 0.05
"""Seconds from one look at the pause to the next."""

PLAYING: Final = "DEMO autoplay: Space pauses, any key takes over"
PAUSED: Final = "DEMO paused: Space continues, any other key takes over"


class Autoplay:
    """The tour, for somebody who watches. A person's Space pauses it; any other key ends it, and counts."""

    def __init__(self, app: Toured, speed: float) -> None:
        """`speed` is 1 for reading; above that it goes faster."""
        self._app = app
        self._speed = speed
        # A row for it is there from the start, so that nothing moves when the stop is reached.
        app.screen_change_signal.subscribe(app.screen_stack[0], lambda _: self._caption(""))
        self.is_over = False
        self.is_paused = False
        self._worker = app.run_worker(self._play(), group="autoplay")
        self._tell()

    async def _play(self) -> None:
        async for stop in tour(self._app, self._rest):
            self._caption(stop.caption)
        self._end()

    def _caption(self, text: str) -> None:
        if not self.is_over:
            show_caption(self._app.screen, text)

    async def _rest(self, seconds: float) -> None:
        """Let the person read; a pause does not count."""
        left = seconds / self._speed
        while left > 0 or self.is_paused:
            nap = TICK if self.is_paused else min(left, TICK)
            await asyncio.sleep(nap)
            if not self.is_paused:
                left -= nap

    def takes(self, event: events.Event) -> bool:
        """Handle a key of the autoplay, such as Space for a pause; return True if it goes no further."""
        if isinstance(event, TourKey):
            return self.is_over
        if self.is_over:
            return False
        match event:
            case events.Key(key="space"):
                self.is_paused = not self.is_paused
                self._tell()
                return True
            case events.Key() | events.Paste() | events.MouseDown():
                self._worker.cancel()
                self._end()
                remove_captions(self._app.screen_stack)
        return False

    def _end(self) -> None:
        self.is_over = True
        self._tell()

    def _tell(self) -> None:
        workflow = self._app.workflow
        workflow.playing = "" if self.is_over else PAUSED if self.is_paused else PLAYING
        workflow.on_change()
