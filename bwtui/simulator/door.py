"""Who gets in at all: anybody from this machine; from others, only who shows the secret, whatever is asked for.

And how much of it: bodies, connections and the time that a request may take to arrive have their limits.
"""

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bwtui.simulator import credentials
from bwtui.simulator.prefixes import below
from bwtui.simulator.world import World

LARGEST_BODY = 2 * 1024 * 1024
"""Bytes. An order of 5,000 numbers is a tenth of that."""
MOST_CONNECTIONS = 200
PATIENCE = 30
"""Seconds that a request may take to arrive."""

_CHALLENGE = {"WWW-Authenticate": 'Basic realm="bwtui simulator"'}


class Door:
    """Refuses whoever shows no credentials: the window with its log and faults is for the same people as the API."""

    def __init__(self, app: ASGIApp, world: World) -> None:
        self.app = app
        self.world = world

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or self._may_enter(scope):
            await self.app(scope, receive, send)
        else:
            await Response(status_code=401, headers=_CHALLENGE)(scope, receive, send)

    def _may_enter(self, scope: Scope) -> bool:
        if below(scope["path"]) == "/oauth2/token":
            return True  # it asks for the secret itself, which may stand in the body
        shown = next((value for name, value in scope["headers"] if name == b"authorization"), b"")
        return credentials.user_of(self.world, shown.decode("latin-1")) is not None
