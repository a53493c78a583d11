"""Answers incoming messages with their own text, which costs money: once each, and only what nobody can have forged."""

from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Final

from bwtui.callbacks.inbox import Received
from bwtui.domain.callbacks.callback_events import MessageEvent, sent_before

MOST_ECHOES: Final = 50
"""Most messages that one listener sends."""
PREFIX: Final = "You wrote: "
LONGEST: Final = 300
"""Most characters of a message that are sent back: two or three segments are paid for, not twenty."""

SendText = Callable[[MessageEvent, str], Awaitable[str]]
"""Sends a text back to the sender of a message, once; returns the id of what was sent. Raises `ProblemError`."""


class Echo:
    """Decides what is answered, and answers it. Nothing is ever sent twice, not even after an unclear failure."""

    def __init__(self, send: SendText, since: datetime) -> None:
        """Messages from before `since` stay unanswered: an earlier listener may have answered them."""
        self._send = send
        self._since = since
        self._answered: set[str] = set()

    def claim(self, received: Received) -> str:
        """Take an incoming message to be answered, by `answer`; return the reason why it is not, or nothing.

        It counts as answered from now on: whatever becomes of it, it is never sent again.
        """
        event = received.event
        if not isinstance(event, MessageEvent) or not event.is_inbound:
            return "it is no incoming message"
        why = self._why_not(event, received)
        if not why:
            self._answered.add(event.message_id)
        return why

    async def answer(self, event: MessageEvent) -> str:
        """Send the text of a message that was claimed back; return the id of what was sent. Raises `ProblemError`."""
        return await self._send(event, f"{PREFIX}{event.text[:LONGEST]}")

    def _why_not(self, event: MessageEvent, received: Received) -> str:
        if event.message_id in self._answered:
            return "it was answered before"
        if not received.authenticated:
            return "it came without callback credentials, so that anybody may have sent it"
        if sent_before(event, self._since):
            return "it is older than this listener"
        if event.text.startswith(PREFIX.strip()):
            return "it is an echo itself"
        if len(self._answered) >= MOST_ECHOES:
            return f"{MOST_ECHOES} were answered, which is the most"
        return "" if event.text.strip() else "it has no text"
