"""Access to the simulator: free from this machine; from others, every request needs the credentials.

Bodies, connections and the time that a request may take to arrive are limited.
"""

import asyncio

from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bwtui.simulator import auth
from bwtui.simulator.prefixes import below
from bwtui.simulator.simulated_account import SimulatedAccount

LARGEST_BODY = 2 * 1024 * 1024
"""Most bytes of a request's body. An order of 5,000 numbers has a tenth of that."""
MOST_CONNECTIONS = 200
PATIENCE = 30
"""Seconds that a request may take to arrive."""

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="bwtui simulator"'}
_CLOSE = {"Connection": "close"}


class TooLargeError(Exception):
    """The body is larger than any that the API takes."""


class AccessControl:
    """Refuses requests that are too large or too slow and, if the simulator is guarded, those without credentials.

    The paths under /_simulator (log, state, faults) have the same rules and limits as the API.
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
            return True  # it checks the secret itself, which may be in the body
        shown = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        return auth.user_of(self.account, shown.decode("latin-1")) is not None


async def whole(receive: Receive, most: int | None = None) -> bytes:
    """Return the body of a request; raise `TooLargeError` as soon as it has more than `most` bytes."""
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
    """Return a `receive` that gives an already read body again, and then whatever comes."""
    held: bytes | None = body

    async def replay() -> Message:
        nonlocal held
        if held is None:
            return await receive()
        whole_body, held = held, None
        return {"type": "http.request", "body": whole_body, "more_body": False}

    return replay
