"""Saving the answers in the background: a key never waits for the disk."""

import asyncio
from collections.abc import Callable

from bwtui.domain.runs.setup import SaveError


class AnswerSaver:
    """Saves as often as it is asked to; while the disk is busy, only the latest answers wait."""

    def __init__(self, write: Callable[[], None], on_error: Callable[[str], None]) -> None:
        """`write` writes the answers of now, in a thread; `on_error` is told why they could not be written."""
        self._write = write
        self._on_error = on_error
        self._saving: asyncio.Task[None] | None = None
        self._unsaved = False

    def save(self) -> None:
        """Save the answers as they are now."""
        self._unsaved = True
        if not self.is_saving:
            self._saving = asyncio.create_task(self._save_while_unsaved())

    @property
    def is_saving(self) -> bool:
        """True until everything is on disk, or cannot be."""
        return self._saving is not None and not self._saving.done()

    async def finish(self) -> None:
        """Wait until everything is on disk, or cannot be."""
        if self._saving:
            await self._saving

    async def _save_while_unsaved(self) -> None:
        while self._unsaved:
            self._unsaved = False
            try:
                await asyncio.to_thread(self._write)
            except SaveError as error:
                self._on_error(str(error))
