"""The events that a running `bwtui listen` has received, read from this machine as they come."""

import json
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import httpx

from bwtui.domain.callbacks.callback_events import CallbackEvent, read_events
from bwtui.domain.values.secret import Secret

_PATIENCE = 40.0
"""Seconds without an answer after which the listener counts as gone; it answers after 25 at most."""


class EventFeed:
    """The feed of one listener."""

    def __init__(self, url: str, token: Secret, *, public_url: str = "") -> None:
        """`public_url` is where the internet reaches the listener; empty if that is not known."""
        self._url = url
        self._token = token
        self._public_url = public_url

    @property
    def public_url(self) -> str:
        """The listener's URL on the internet; empty if it is not known."""
        return self._public_url

    async def events(self, since: float = 0) -> AsyncIterator[CallbackEvent]:
        """Yield the events that it still has, then each new one; ends when the listener does.

        What it received before `since`, in seconds since the epoch on this machine, is left out.
        """
        after, earliest = 0, datetime.fromtimestamp(since, UTC)
        headers = {"Authorization": f"Bearer {self._token.reveal()}"}
        async with httpx.AsyncClient(trust_env=False, timeout=_PATIENCE, headers=headers) as http:
            while True:
                try:
                    reply = await http.get(f"{self._url}/.bwtui/events", params={"after": after})
                except httpx.HTTPError:
                    return
                if reply.status_code != 200:
                    return
                for line in reply.text.splitlines():
                    match _object(line):
                        case {"seq": int(seq), "body": body, **rest}:
                            after = max(after, seq)
                            is_new = _moment(rest.get("received")) >= earliest
                            for event in read_events(body) if is_new else ():
                                yield event


def _object(line: str) -> object:
    try:
        return json.loads(line)
    except (ValueError, RecursionError):
        return None


def _moment(received: object) -> datetime:
    """Return when the listener received an event; now, if it does not tell."""
    try:
        return datetime.fromisoformat(str(received)).astimezone(UTC)
    except (ValueError, OverflowError):
        return datetime.now(UTC)
