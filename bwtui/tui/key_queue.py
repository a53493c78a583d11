"""Keys one after the other: what was typed ahead reaches the field that the keys before it have led to.

On a slow line several keys arrive in one piece. Textual hands all of them to whatever has the focus at that moment, so
that the letters behind a Tab would end in the field that the Tab leaves.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from time import monotonic
from typing import Final

from textual import events
from textual.app import App
from textual.widgets import Input

from bwtui.tui.screens.base import PlaceScreen

QUIET_ROUNDS: Final = 4
"""Rounds of the event loop without a waiting message that count as settled."""

LONGEST: Final = 1.0
"""Seconds that one key may hold up the next: a handler that takes longer waits for something else."""

ROUND: Final = 0.005
"""The most seconds that a round of the event loop counts: on a slow machine to draw a screen takes long, and loses no key."""

Typed = events.Key | events.Paste
Handle = Callable[[Typed], Awaitable[None]]


class KeyQueue:
    """Hands keys and pasted text on, each when the one before it has had its effect."""

    def __init__(self, app: App[int], handle: Handle) -> None:
        self._app = app
        self._handle = handle
        self._waiting: deque[Typed] = deque()
        self._task: asyncio.Task[None] | None = None
        self._is_handling = False

    @property
    def is_quiet(self) -> bool:
        """True if every key that arrived has had its effect."""
        is_going_on = self._task is not None and not self._task.done()
        return not (self._is_handling or is_going_on or self._app.message_queue_size)

    async def take(self, event: Typed) -> None:
        """Handle an event now, or in its turn."""
        if self._task and not self._task.done():
            self._waiting.append(event)
            return
        self._is_handling = True
        await self._handle(event)
        self._is_handling = False
        if self._may_lead_elsewhere(event):
            self._task = asyncio.create_task(self._go_on())

    async def _go_on(self) -> None:
        await self._settled()
        while self._waiting:
            event = self._waiting.popleft()
            await self._handle(event)
            if self._may_lead_elsewhere(event):
                await self._settled()

    def _may_lead_elsewhere(self, event: Typed) -> bool:
        """True if a key may move the focus; a letter typed into a text field does not."""
        types = isinstance(event, events.Paste) or event.is_printable
        return not (types and isinstance(self._app.focused, Input))

    async def _settled(self) -> None:
        """Wait until nothing is on its way between the widgets that a key can reach, and there is a focus."""
        waited, quiet = 0.0, 0
        while quiet < QUIET_ROUNDS and waited < LONGEST:
            begun = monotonic()
            await asyncio.sleep(0 if self._is_ready else ROUND)
            waited += min(monotonic() - begun, ROUND)
            quiet = quiet + 1 if self._is_ready and not self._is_busy else 0

    @property
    def _is_ready(self) -> bool:
        screen = self._app.screen
        return screen.is_mounted and (screen.is_ready if isinstance(screen, PlaceScreen) else True)

    @property
    def _is_busy(self) -> bool:
        focused = self._app.focused or self._app.screen
        return any(pump.message_queue_size for pump in focused.ancestors_with_self)
