"""The rate limit: what comes beyond the requests of a second is answered 429, with the time of the reset (bandwidth-api 1.7)."""

from math import floor

from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from bwtui.simulator.simulated_account import SimulatedAccount


class RateLimit:
    """Counts the requests of each whole second, and refuses those above the switch `requests_a_second`."""

    def __init__(self, app: ASGIApp, account: SimulatedAccount) -> None:
        self.app = app
        self.account = account
        self.second = 0
        self.count = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        most = self.account.switches.requests_a_second
        if not most or scope["type"] != "http" or scope["path"].startswith("/_simulator"):
            await self.app(scope, receive, send)
            return
        second = floor(self.account.clock())
        if second != self.second:
            self.second, self.count = second, 0
        self.count += 1
        if self.count <= most:
            await self.app(scope, receive, send)
            return
        headers = {"X-RateLimit-Reset": str(second + 1), "Connection": "close"}
        await Response(status_code=429, headers=headers)(scope, receive, send)
