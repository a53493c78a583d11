"""The demo's listener: in this process, in a thread of its own."""

import asyncio
import threading
from secrets import token_urlsafe

from bwtui.api.event_feed import EventFeed
from bwtui.callbacks.app import ListenerApp
from bwtui.callbacks.bxml import DEFAULT_SENTENCE, speak
from bwtui.callbacks.inbox import Inbox
from bwtui.callbacks.logins import CallbackLogins
from bwtui.callbacks.server import ListenerServer
from bwtui.domain.values.secret import Secret


class DemoListener:
    """Takes callbacks on a free port of loopback until it is closed."""

    def __init__(self, public_url: str) -> None:
        """`public_url` is where it is reached by a tunnel."""
        self._token = Secret(token_urlsafe(32))
        self._public_url = public_url
        self._ready = threading.Event()
        self._thread = threading.Thread(
            target=asyncio.run, args=(self._serve(),), name="listener", daemon=True
        )
        self._thread.start()
        self._ready.wait(10)

    async def _serve(self) -> None:
        self._loop, self._ending, inbox = asyncio.get_running_loop(), asyncio.Event(), Inbox()
        app = ListenerApp(inbox, CallbackLogins(), speak(DEFAULT_SENTENCE), self._token)
        server = ListenerServer(app, "127.0.0.1", 0)
        await server.start()
        self.url = f"http://127.0.0.1:{server.port}"
        self._ready.set()
        await self._ending.wait()
        inbox.close()
        await server.stop()

    @property
    def feed(self) -> EventFeed:
        """The events that it receives."""
        return EventFeed(self.url, self._token, public_url=self._public_url)

    def close(self) -> None:
        """Answer what is under way, and stop."""
        self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(5)
