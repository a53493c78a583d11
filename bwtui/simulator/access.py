"""Who gets in at all: anybody from this machine; from others, only who shows the secret, whatever is asked for.

And how much of it: bodies, connections and the time that a request may take to arrive have their limits.
"""

import asyncio

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bwtui.simulator import auth
from bwtui.simulator.prefixes import below
from bwtui.simulator.simulated_account import SimulatedAccount

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes. An order of 5,000 numbers is a tenth of that."""
MOST_CONNECTIONS = 200
PATIENCE = 30
"""Seconds that a request may take to arrive."""

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="bwtui simulator"'}
_CLOSE = {"Connection": "close"}


class TooLargeError(Exception):
    """The body is larger than any that the API takes."""


class AccessControl:
    """Refuses whoever shows no credentials where it is guarded, and what is too large or too slow for it everywhere.

    The window with its log and faults is for the same people as the API, and has the same limits.
    """

    def __init__(self, app: ASGIApp, account: SimulatedAccount) -> None:
        self.app = app
        self.account = account

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        if self.account.settings.guarded and not self._may_enter(scope):
            await Response(status_code=401, headers=_CHALLENGE)(scope, receive, send)
            return
        try:
            async with asyncio.timeout(PATIENCE):
                body = await whole(receive, LARGEST_BODY)
        except TimeoutError:
            await Response(status_code=408, headers=_CLOSE)(scope, receive, send)
        except TooLargeError:
            await Response(status_code=413, headers=_CLOSE)(scope, receive, send)
        else:
            await self.app(scope, replayed(body, receive), send)

    def _may_enter(self, scope: Scope) -> bool:
        if below(scope["path"]) == "/oauth2/token":
            return True  # it asks for the secret itself, which may stand in the body
        shown = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        return auth.user_of(self.account, shown.decode("latin-1")) is not None


async def whole(receive: Receive, most: int | None = None) -> bytes:
    """The body of a request; `TooLargeError` as soon as it has more than so many bytes."""
    body = bytearray()
    more = True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message.get("more_body", False)
        if most is not None and len(body) > most:
            raise TooLargeError
    return bytes(body)


def replayed(body: bytes, receive: Receive) -> Receive:
    """What gives a body that was read once more, and then whatever comes."""
    held: bytes | None = body

    async def replay() -> Message:
        nonlocal held
        if held is None:
            return await receive()
        whole_body, held = held, None
        return {"type": "http.request", "body": whole_body, "more_body": False}

    return replay
