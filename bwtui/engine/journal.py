"""Write events to disk in their order. A request waits until its intent is on disk; nothing else waits."""

import asyncio

from bwtui.domain.runs.run_events import Event, SaveEvents


class Journal:
    """A queue of events to be written to disk; all that are waiting go into one write."""

    def __init__(self, save_events: SaveEvents) -> None:
        self._save_events = save_events
        self._waiting: list[Event] = []
        self._writing: asyncio.Task[None] | None = None

    def note(self, event: Event) -> None:
        """Queue an event for writing. Raises the error of an earlier write, if it failed."""
        if self._writing and self._writing.done():
            self._writing.result()
        self._waiting.append(event)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def settled(self) -> None:
        """Wait until every queued event is on disk. Raises what saving them raises."""
        if self._writing:
            await asyncio.shield(self._writing)

    async def _write(self) -> None:
        await asyncio.sleep(0)  # let other tasks add their events to this write
        while self._waiting:
            together, self._waiting = self._waiting, []
            await self._save_events(together)
