"""Callbacks as lines on the terminal: what arrived, from whom, and what it means."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Final, assert_never

from bwtui.cli.style import Line, Mark, Span, Tone
from bwtui.domain.callbacks.callback_events import (
    CallbackEvent,
    MessageEvent,
    UnknownEvent,
    VoiceEvent,
    explain,
    seconds_since,
)
from bwtui.domain.values.phone_numbers import readable, ten_digits
from bwtui.domain.values.text import single_line

MARGIN: Final = len("12:00:00 ✓ ")
"""The column at which the words of an event begin."""
_TYPE_WIDTH: Final = 18
_LONGEST: Final = 500
"""Most characters of a text from outside that are shown."""


def callback_lines(event: CallbackEvent, at: datetime, *, duplicate: bool) -> Iterator[Line]:
    """Yield the lines of an event: the first says what happened, the others, below its words, the rest."""
    mark = Mark.SKIPPED if duplicate else _mark(event)
    yield (
        Span(f"{at.astimezone():%H:%M:%S} ", Tone.DIM),
        Span(f"{mark.sign} ", mark.tone),
        Span(f"{_shown(event.type) or 'unknown event':<{_TYPE_WIDTH}}", mark.tone),
        Span(f" {_who(event)}"),
        Span(_ago(event, at), Tone.DIM),
    )
    if duplicate:
        yield _below("the same event as before: Bandwidth repeats what was not answered in time")
    yield from map(_below, filter(None, _more(event)))
    if isinstance(event, MessageEvent) and event.error_code is not None:
        yield (Span(" " * MARGIN), Span(f"error {event.error_code}: ", Tone.BAD), Span(_meaning(event)))


def _mark(event: CallbackEvent) -> Mark:
    match event:
        case MessageEvent(type="message-failed"):
            return Mark.FAILED
        case MessageEvent(type="message-delivered" | "message-received" | "message-sent"):
            return Mark.DONE
        case MessageEvent(type="message-sending"):
            return Mark.RUNNING
        case VoiceEvent(type="initiate" | "answer"):
            return Mark.DONE
        case VoiceEvent(type="disconnect"):
            return Mark.DONE if event.cause == "hangup" else Mark.OPEN
        case _:
            return Mark.OPEN


def _who(event: CallbackEvent) -> str:
    match event:
        case MessageEvent() | VoiceEvent():
            return f"{_number(event.sender)} → {_number(event.to)}"
        case UnknownEvent():
            return ""
        case _:
            assert_never(event)


def _more(event: CallbackEvent) -> tuple[str, ...]:
    match event:
        case MessageEvent():
            return (f"“{_shown(event.text)}”" if event.text else "", f"message {_shown(event.message_id)}")
        case VoiceEvent():
            text = ": ".join(filter(None, (_shown(event.cause), _shown(event.error))))
            return (text, f"call {_shown(event.call_id)}")
        case UnknownEvent():
            return (_shown(event.raw if isinstance(event.raw, str) else _json(event.raw)),)
        case _:
            assert_never(event)


def _json(raw: object) -> str:
    try:
        return json.dumps(raw, ensure_ascii=False)
    except RecursionError:
        return "an event that is too deep to be shown"


def _meaning(event: MessageEvent) -> str:
    return explain(event.error_code) or _shown(event.description) or "Bandwidth does not say why."


def _ago(event: CallbackEvent, at: datetime) -> str:
    seconds = seconds_since(event, at)
    return f"  {seconds:.1f} s" if seconds is not None and 0 <= seconds < 86_400 else ""


def _number(text: str) -> str:
    return readable(text) if ten_digits(text) else _shown(text) or "?"


def _shown(text: str) -> str:
    """Return text from outside on one line, and not all of a long one."""
    line = single_line(text[: 4 * _LONGEST])
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"


def _below(text: str) -> Line:
    return (Span(" " * MARGIN), Span(text, Tone.DIM))
