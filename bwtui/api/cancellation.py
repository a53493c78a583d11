"""Leaving: once the person has asked to stop, no request that changes the account leaves any more.

A request that has left is waited for, since it may have its effect; one that waits (for a token, a connection, a rate
limit, or after a failure) never leaves.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, Final, TypeVar

from bwtui.domain.run import Kind, Problem, Stopped

UNSENT: Final = "UNSENT"
"""The code of a problem that says so; none of Bandwidth's."""

_T = TypeVar("_T")


class Cancellation:
    """One request on its way out, as httpcore's `trace` extension tells of it."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self.is_connecting = False
        """True while the connection is being opened: nothing of the request has left yet."""

    def check(self) -> None:
        """Raise `Stopped` after the wish to stop: nothing may leave now."""
        if self._stop.is_set():
            raise Stopped

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Follow the request, and keep it from leaving after the wish to stop.

        Raises:
            Stopped: it was about to leave.
        """
        if event.endswith("connect_tcp.started"):
            self.is_connecting = True
        elif event.endswith("send_request_headers.started"):
            self.check()
            # A tunnel through a proxy is still a part of connecting.
            self.is_connecting = info["request"].method == b"CONNECT"


async def run_unless_stopped(
    stop: asyncio.Event, work: Coroutine[Any, Any, _T], can_break_off: Callable[[], bool] = lambda: True
) -> _T:
    """The result of the work; broken off at the wish to stop if it can be then, otherwise waited for.

    Raises:
        Stopped: it was broken off.
    """
    working = asyncio.ensure_future(work)
    stopping = asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((working, stopping), return_when=asyncio.FIRST_COMPLETED)
        if not working.done() and can_break_off():
            raise Stopped
        return await working
    finally:
        working.cancel()
        stopping.cancel()
        await asyncio.gather(working, stopping, return_exceptions=True)


def not_sent_problem(operation: str) -> Problem:
    """The problem of a request that never left because the person had asked to stop."""
    return Problem(
        operation=operation, kind=Kind.FAILED, code=UNSENT, text="Not sent: you had asked to stop."
    )
