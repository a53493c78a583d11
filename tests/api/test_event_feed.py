"""The feed of a running listener: every event once, the token shown, and an end when the listener goes."""

import asyncio
import json
from typing import Final

from bwtui.api.event_feed import EventFeed
from bwtui.domain.callbacks.callback_events import MessageEvent
from bwtui.domain.values.secret import Secret
from support.scripted_http import Serve

EVENT: Final = {
    "type": "message-delivered",
    "to": "+19195557777",
    "message": {"id": "m-1", "direction": "out"},
}


async def test_each_event_comes_once_until_the_listener_goes(serve: Serve) -> None:
    asked: list[str] = []
    answers = [
        "".join(json.dumps({"v": 1, "seq": seq, "body": EVENT}) + "\n" for seq in (1, 2)),
        "not JSON\n" + json.dumps({"v": 1, "seq": 7, "body": [EVENT]}) + "\n",
    ]

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while answers:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            assert "bearer canary" in head.lower()
            asked.append(head.split()[1])
            body = answers.pop(0)
            writer.write(f"HTTP/1.1 200 OK\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode())
            await writer.drain()

    url = (await serve(talk)).removesuffix("/api")
    feed = EventFeed(url, Secret("canary"))
    events = [event async for event in feed.events()]
    assert [event.message_id for event in events if isinstance(event, MessageEvent)] == ["m-1"] * 3
    assert asked == ["/.bwtui/events?after=0", "/.bwtui/events?after=2"]
    assert "canary" not in repr(vars(feed))
