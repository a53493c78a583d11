"""The events that have arrived: told once each, marked where they were seen before, and kept for the feed."""

import asyncio
import queue
import threading
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from bwtui.domain.callbacks.callback_events import (
    CallbackEvent,
    MessageEvent,
    UnknownEvent,
    VoiceEvent,
    seconds_since,
)
from bwtui.domain.values.json_lines import json_line

KEPT: Final = 1000
"""The events that the feed can still give."""
KEPT_BYTES: Final = 16 * 1024 * 1024
REMEMBERED: Final = 20_000
"""The identities by which repetitions are told."""
MOST_WAITING_BYTES: Final = 64 * 1024 * 1024
"""Most bytes of events that wait to be shown; whoever posts more is asked to come again."""


@dataclass(frozen=True, slots=True)
class Received:
    """An event with how it came."""

    seq: int
    event: CallbackEvent
    at: datetime
    authenticated: bool
    """True if it came with the credentials that are asked for; false where none are asked for."""
    duplicate: bool
    size: int
    """About the bytes that it takes."""

    @property
    def kind(self) -> str:
        """The sort of event, for machines."""
        match self.event:
            case MessageEvent():
                return "message"
            case VoiceEvent():
                return "voice"
            case UnknownEvent():
                return "unknown"

    @property
    def fields(self) -> dict[str, object]:
        """The event for machines: what came inside it unchanged."""
        return {
            "kind": self.kind,
            "type": self.event.type,
            "duplicate": self.duplicate,
            "received": self.at.isoformat(timespec="milliseconds"),
            "seconds_since": seconds_since(self.event, self.at),
            "authenticated": self.authenticated,
            "body": self.event.source or self.event.raw,
        }


def _now() -> datetime:
    return datetime.now(UTC)


class Inbox:
    """Takes events in the event loop and hands them to the thread that shows them, in order, none lost."""

    def __init__(self, clock: Callable[[], datetime] = _now) -> None:
        self._clock = clock
        self._count = 0
        self._seen: dict[tuple[str, ...], None] = {}
        self._recent: deque[Received] = deque()
        self._recent_bytes = 0
        self._arrived = asyncio.Event()
        self._is_closed = False
        self._to_show: queue.SimpleQueue[Received | None] = queue.SimpleQueue()
        self._waiting_bytes = 0
        self._lock = threading.Lock()

    @property
    def has_room(self) -> bool:
        """False while too much waits to be shown, such as behind a terminal that was stopped."""
        return self._waiting_bytes < MOST_WAITING_BYTES

    def take(self, event: CallbackEvent, size: int, *, authenticated: bool) -> Received:
        """Take an event: it is shown and can be fed from now on."""
        self._count += 1
        received = Received(self._count, event, self._clock(), authenticated, self._is_repeated(event), size)
        self._keep(received)
        with self._lock:
            self._waiting_bytes += size
        self._to_show.put(received)
        self._arrived.set()
        return received

    def next(self) -> Received | None:
        """Wait for the next event to show; `None` once the inbox is closed and empty. For another thread."""
        received = self._to_show.get()
        if received:
            with self._lock:
                self._waiting_bytes -= received.size
        return received

    async def after(self, seq: int, seconds: float) -> tuple[Received, ...]:
        """Return the events after a number; where there are none, wait so long for the next."""
        loop = asyncio.get_running_loop()
        end = loop.time() + seconds
        while self._count <= seq and not self._is_closed and (left := end - loop.time()) > 0:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), left)
            except TimeoutError:
                break
        return tuple(received for received in self._recent if received.seq > seq)

    def close(self) -> None:
        """Take nothing more: who waits is answered, and the thread that shows comes to an end."""
        self._is_closed = True
        self._arrived.set()
        self._to_show.put(None)

    def _is_repeated(self, event: CallbackEvent) -> bool:
        identity = event.identity
        if not identity:
            return False
        if identity in self._seen:
            return True
        self._seen[identity] = None
        if len(self._seen) > REMEMBERED:
            del self._seen[next(iter(self._seen))]
        return False

    def _keep(self, received: Received) -> None:
        self._recent.append(received)
        self._recent_bytes += received.size
        while len(self._recent) > KEPT or (self._recent_bytes > KEPT_BYTES and len(self._recent) > 1):
            self._recent_bytes -= self._recent.popleft().size


def feed_line(received: Received) -> str:
    """Return an event as the feed gives it: the object of `listen --json`, with its number."""
    return json_line({"v": 1, "event": "callback", "seq": received.seq, **received.fields}) + "\n"
