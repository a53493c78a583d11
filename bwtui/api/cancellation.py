"""Cancellation: once the person has asked to stop, no request that changes the account is sent any more.

A request that was sent is waited for, since it may have its effect; one that still waits (for a token, a connection, a
rate limit, or after a failure) is never sent.
"""

import asyncio
from collections.abc import Callable, Coroutine, Mapping
from typing import Any, TypeVar

from bwtui.domain.runs.problem import Kind, OwnCode, Problem, Stopped

_T = TypeVar("_T")


class Cancellation:
    """Follows the sending of one request, as a callback for httpcore's `trace` extension."""

    def __init__(self, stop: asyncio.Event) -> None:
        self._stop = stop
        self.is_connecting = False
        """True while the connection is being opened: nothing of the request has been sent yet."""

    def check(self) -> None:
        """Raise `Stopped` if the person has asked to stop."""
        if self._stop.is_set():
            raise Stopped

    async def __call__(self, event: str, info: Mapping[str, Any]) -> None:
        """Follow the request, and do not let it be sent once the person has asked to stop.

        Raises:
            Stopped: the request was about to be sent.
        """
        if event.endswith("connect_tcp.started"):
            self.is_connecting = True
        elif event.endswith("send_request_headers.started"):
            self.check()
            # Opening a tunnel through a proxy is still part of connecting.
            self.is_connecting = info["request"].method == b"CONNECT"


async def run_unless_stopped(
    stop: asyncio.Event, work: Coroutine[Any, Any, _T], can_break_off: Callable[[], bool] = lambda: True
) -> _T:
    """Return the result of the work; after the wish to stop, cancel it if `can_break_off()`, else wait for it.

    Raises:
        Stopped: the work was cancelled.
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
    """Return the problem of a request that was not sent because the person had asked to stop."""
    return Problem(
        operation=operation, kind=Kind.FAILED, code=OwnCode.UNSENT, text="Not sent: you had asked to stop."
    )
