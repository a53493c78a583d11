"""The journal writes events to disk in their order: a request waits until its intent is on disk, and nothing else waits."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence

from bwtui.domain.run import Event

Recorder = Callable[[Sequence[Event]], Awaitable[None]]
"""Writes events to disk, then shows them. What it raises ends the run before anything more is sent."""


class Journal:
    """Events on their way to disk. Those of one moment are written together: one write for all that waits."""

    def __init__(self, record: Recorder) -> None:
        self._record = record
        self._waiting: list[Event] = []
        self._writing: asyncio.Task[None] | None = None

    def note(self, event: Event) -> None:
        """Have an event written down in its turn. Raises what writing an earlier one has raised."""
        if self._writing and self._writing.done():
            self._writing.result()
        self._waiting.append(event)
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write())

    async def settled(self) -> None:
        """Wait until everything that was noted is on disk. Raises what `record` raises."""
        if self._writing:
            await asyncio.shield(self._writing)

    async def _write(self) -> None:
        await asyncio.sleep(0)  # what else happens in this moment goes along
        while self._waiting:
            together, self._waiting = self._waiting, []
            await self._record(together)
