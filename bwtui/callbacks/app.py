"""The listener's HTTP: what arrives decides what is done, not the path, except below /.bwtui/."""

import asyncio
import hmac
import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qs, parse_qsl

from starlette.datastructures import Headers
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from bwtui.callbacks.bxml import NOTHING_TO_DO, speak
from bwtui.callbacks.inbox import Inbox, feed_line
from bwtui.callbacks.logins import CallbackLogins, may_enter
from bwtui.domain.callbacks.callback_events import (
    MOST_EVENTS,
    CallbackEvent,
    UnknownEvent,
    VoiceEvent,
    read_events,
)
from bwtui.domain.trials.trial import SAY
from bwtui.domain.values.hosts import is_loopback
from bwtui.domain.values.json_lines import JsonText
from bwtui.domain.values.secret import Secret
from bwtui.domain.values.text import is_digits

LARGEST_BODY: Final = 1024 * 1024
DEEPEST: Final = 100
"""Most levels of an event; Bandwidth's have four."""
PATIENCE: Final = 10.0
"""Seconds that a body may take to arrive; Bandwidth itself gives up then."""
FEED_WAIT: Final = 25.0
"""Seconds that the feed waits for an event."""

_MOST_PARAMETERS: Final = 200
"""Most parameters of a query that is read as an event."""
_OWN: Final = "/.bwtui/"
_CLOSE: Final = {"Connection": "close"}
_CHALLENGE: Final = {"WWW-Authenticate": 'Basic realm=""'}
"""Without it Bandwidth sends no second request, and the event is lost (bandwidth-api 9.2)."""
_BXML: Final = "application/xml"
_LINE_ENDS: Final = str.maketrans("\n\r\t", "   ")
_BETWEEN: Final = re.compile("[ ,]*")
"""The characters between two events of an array."""


class TooLargeError(Exception):
    """The body is larger than any that is taken, or holds more events."""


class ListenerApp:
    """Answers Bandwidth at once, and leaves the work to whoever reads the inbox."""

    def __init__(
        self, inbox: Inbox, logins: CallbackLogins, bxml: bytes, token: Secret, *, patience: float = PATIENCE
    ) -> None:
        """`bxml` answers calls; `token` opens the feed."""
        self._inbox = inbox
        self._logins = logins
        self._bxml = bxml
        self._token = token
        self._patience = patience
        self.checks: dict[str, str] = {}
        """Answers by path: a check of a public URL asks for one that nobody else can know."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            return
        try:
            async with asyncio.timeout(self._patience) as patience:
                response = await self._respond(scope, receive, patience)
        except TimeoutError:
            response = Response(status_code=408, headers=_CLOSE)
        except TooLargeError:
            response = Response(status_code=413, headers=_CLOSE)
        await response(scope, receive, send)

    async def _respond(self, scope: Scope, receive: Receive, patience: asyncio.Timeout) -> Response:
        headers = Headers(scope=scope)
        if scope["path"].startswith(_OWN):
            patience.reschedule(None)
            return await self._own(scope, headers)
        query: bytes = scope["query_string"]
        match scope["method"]:
            case "POST":
                body = await _body(receive, headers)
                events = _events(body)
            case "GET" if b"eventType=" in query:
                body = query
                events = _event_of(query.decode("latin-1"))
            case "GET" | "HEAD":
                return Response("bwtui listens here.\n", media_type="text/plain")
            case _:
                return Response(status_code=405, headers={"Allow": "GET, HEAD, POST"})
        return self._answer(events, len(body), headers, query)

    def _answer(
        self, events: tuple[CallbackEvent, ...], size: int, headers: Headers, query: bytes
    ) -> Response:
        shown = self._logins.shown(headers.get("authorization", "").encode("latin-1", "replace"))
        asked = [self._logins.asked_for(event) for event in events]
        if not all(may_enter(each, shown) for each in asked):
            return Response(status_code=401, headers=_CHALLENGE)
        if not self._inbox.has_room:
            return Response(status_code=503, headers={"Retry-After": "5"})
        share = size // max(1, len(events)) + 512
        for event, each in zip(events, asked, strict=True):
            self._inbox.take(event, share, authenticated=bool(each))
        calls = [event for event in events if isinstance(event, VoiceEvent)]
        if any(call.wants_bxml for call in calls):
            said = parse_qs(query.decode("latin-1")).get(SAY)
            return Response(speak(said[0]) if said else self._bxml, media_type=_BXML)
        if any(call.type != "disconnect" for call in calls):
            return Response(NOTHING_TO_DO, media_type=_BXML)
        return Response(status_code=204 if calls else 200)

    # --- below /.bwtui/ ---

    async def _own(self, scope: Scope, headers: Headers) -> Response:
        path = scope["path"]
        if scope["method"] not in ("GET", "HEAD"):
            return Response(status_code=405, headers={"Allow": "GET, HEAD"})
        if path == f"{_OWN}health":
            return Response("fine\n", media_type="text/plain")
        if answer := self.checks.get(path):
            return Response(answer, media_type="text/plain", headers={"Cache-Control": "no-store"})
        if path not in (f"{_OWN}alive", f"{_OWN}events") or not self._is_ours(scope, headers):
            return Response(status_code=404)
        if path == f"{_OWN}alive":
            return Response(status_code=204)
        after = parse_qs(scope["query_string"].decode("latin-1")).get("after", ["0"])[0]
        if not is_digits(after) or len(after) > 15:
            return Response(status_code=400)
        found = await self._inbox.after(int(after), FEED_WAIT)
        return Response("".join(map(feed_line, found)), media_type="application/x-ndjson")

    def _is_ours(self, scope: Scope, headers: Headers) -> bool:
        """Return True for a program on this machine with the token: one that came by a tunnel names another host."""
        client = scope.get("client") or ("", 0)
        host = headers.get("host", "").rpartition(":")[0].strip("[]")
        given = headers.get("authorization", "").encode("latin-1", "replace")
        is_known = hmac.compare_digest(given, b"Bearer " + self._token.reveal().encode())
        return is_known and is_loopback(client[0]) and is_loopback(host)


def _event_of(query: str) -> tuple[CallbackEvent, ...]:
    """Return the event of a query; one of too many parameters is an event of no known sort."""
    try:
        return read_events(dict(parse_qsl(query, keep_blank_values=True, max_num_fields=_MOST_PARAMETERS)))
    except ValueError:
        return (UnknownEvent(raw=query),)


def _events(body: bytes) -> tuple[CallbackEvent, ...]:
    """Return the events of a body; one that is no JSON is a single event of no known sort."""
    try:
        text = body.decode(json.detect_encoding(body))
        parsed = json.loads(text, parse_constant=_refuse, parse_float=_finite)
    except (ValueError, RecursionError):
        return (UnknownEvent(raw=body.decode("utf-8", "replace")),)
    if not _is_shallow(parsed):
        return (UnknownEvent(raw=body.decode("utf-8", "replace")),)
    if isinstance(parsed, list) and len(parsed) > MOST_EVENTS:
        raise TooLargeError
    each = zip(read_events(parsed), sources(text), strict=True)
    return tuple(replace(event, source=JsonText(source)) for event, source in each)


def sources(text: str) -> Iterator[str]:
    """Yield the text of each event of a body in JSON, unchanged but for the line ends between its tokens."""
    line = text.translate(_LINE_ENDS).strip()  # inside strings JSON has none
    if not line.startswith("["):
        yield line
        return
    decoder, at = json.JSONDecoder(), 1
    while (at := _start_of_next(line, at)) < len(line) - 1:
        _, end = decoder.raw_decode(line, at)
        yield line[at:end]
        at = end


def _start_of_next(line: str, at: int) -> int:
    found = _BETWEEN.match(line, at)
    return found.end() if found else at


def _is_shallow(value: object) -> bool:
    """Return True for a document that can be written again wherever it is shown."""
    level = [value]
    for _ in range(DEEPEST):
        level = [
            below
            for each in level
            if isinstance(each, dict | list)
            for below in (each.values() if isinstance(each, dict) else each)
        ]
        if not level:
            return True
    return False


def _refuse(constant: str) -> object:
    raise ValueError(f"{constant} is no JSON")


def _finite(text: str) -> float:
    number = float(text)
    if not math.isfinite(number):
        raise ValueError("no number that JSON could give again")
    return number


async def _body(receive: Receive, headers: Headers) -> bytes:
    """Return the body; raise `TooLargeError` as soon as it is known to have too many bytes."""
    length = headers.get("content-length", "")
    if is_digits(length) and (len(length) > 9 or int(length) > LARGEST_BODY):
        raise TooLargeError
    body = bytearray()
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise TimeoutError
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if len(body) > LARGEST_BODY:
            raise TooLargeError
    return bytes(body)
