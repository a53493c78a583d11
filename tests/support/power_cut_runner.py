"""Runs `bwtui` again and again, each time in a process of its own that dies by SIGKILL where it is told to.

A line of JSON on stdin is a job; a line on stdout is what became of it. Everything is imported once and each job is
forked off, so that hundreds of power cuts take seconds. `power_cuts.py` gives it the jobs.
"""

import errno
import functools
import io
import json
import os
import signal
import sys
from collections.abc import Callable
from typing import Any

import httpx

import bwtui.connected_services
from bwtui.api.client import Client, Timeouts
from bwtui.cli.main import run
from bwtui.domain.account.findings import Absent
from bwtui.domain.runs.run import Order
from bwtui.engine.look_up import LookUp
from bwtui.engine.order_look_up import OrderLookUp
from bwtui.engine.waiting import Pace
from bwtui.store import atomic_write

DISK = ("write", "fsync", "replace")
"""The calls that make a file last; a cut comes before each, and in the middle of each write."""


class PowerCut:
    """Counts the points at which the power may fail, and lets it fail at one of them."""

    def __init__(self, at: int) -> None:
        self.at = at
        self.passed = 0

    def point(self) -> None:
        self.passed += 1
        if self.passed == self.at:
            os.kill(os.getpid(), signal.SIGKILL)


class Trouble(PowerCut):
    """From some point on every call fails, as on a disk that is full or has become read-only."""

    def __init__(self, at: int, number: int) -> None:
        super().__init__(at)
        self._number = number

    def point(self) -> None:
        self.passed += 1
        if 0 < self.at <= self.passed:
            raise OSError(self._number, os.strerror(self._number))


class FailingDisk:
    """The `os` module as what writes files sees it, on a machine whose power may fail."""

    def __init__(self, cut: PowerCut) -> None:
        self._cut = cut

    def __getattr__(self, name: str) -> Any:
        real = getattr(os, name)
        return functools.partial(self._call, name, real) if name in DISK else real

    def _call(self, name: str, real: Callable[..., Any], *arguments: Any) -> Any:
        self._cut.point()
        if name == "write" and self._cut.passed + 1 == self._cut.at:
            descriptor, data = arguments
            os.write(descriptor, data[: len(data) // 2])
        if name == "write":
            self._cut.point()
        return real(*arguments)


def fail_at_disk(cut: PowerCut) -> None:
    vars(atomic_write)["os"] = FailingDisk(cut)


def fail_before_request(cut: PowerCut) -> None:
    real = httpx.AsyncHTTPTransport.handle_async_request

    async def send(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        cut.point()
        return await real(self, request)

    httpx.AsyncHTTPTransport.handle_async_request = send  # type: ignore[method-assign]


def fail_after_reply(cut: PowerCut) -> None:
    real = httpx.AsyncHTTPTransport.handle_async_request

    async def send(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        response = await real(self, request)
        await response.aread()
        cut.point()
        return response

    httpx.AsyncHTTPTransport.handle_async_request = send  # type: ignore[method-assign]


def fail_with_the_connection(_cut: PowerCut) -> None:
    """Die when the server cuts a connection: it decides whether that is before or after the effect."""
    real = httpx.AsyncHTTPTransport.handle_async_request

    async def send(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        try:
            return await real(self, request)
        except httpx.TransportError:
            os.kill(os.getpid(), signal.SIGKILL)
            raise

    httpx.AsyncHTTPTransport.handle_async_request = send  # type: ignore[method-assign]


def fail_in_reply(cut: PowerCut) -> None:
    """Die with the head of a reply in hand and its body on the way."""
    real = httpx.AsyncHTTPTransport.handle_async_request

    async def send(self: httpx.AsyncHTTPTransport, request: httpx.Request) -> httpx.Response:
        response = await real(self, request)
        cut.point()
        return response

    httpx.AsyncHTTPTransport.handle_async_request = send  # type: ignore[method-assign]


FAILURES: dict[str, Callable[[PowerCut], None]] = {
    "disk": fail_at_disk,
    "before request": fail_before_request,
    "in reply": fail_in_reply,
    "after reply": fail_after_reply,
    "with the connection": fail_with_the_connection,
    "full": lambda cut: fail_at_disk(Trouble(cut.at, errno.ENOSPC)),
    "read-only": lambda cut: fail_at_disk(Trouble(cut.at, errno.EROFS)),
    "broken": lambda cut: fail_at_disk(Trouble(cut.at, errno.EIO)),
    "never": lambda _cut: None,
}


def without_looking_first() -> None:
    """Make bwtui careless: it takes it for granted that nothing is there."""

    async def blind(*_: object, **__: object) -> Absent:
        return Absent()

    async def lost(_self: OrderLookUp, _ordered: object, order: Order) -> Order:
        return order

    LookUp._by_name = blind  # type: ignore[method-assign]
    OrderLookUp.order = lost  # type: ignore[method-assign, assignment]


def hurry() -> None:
    """Nothing takes effect late here, so that there is nothing to wait for; and what is tried again is so at once."""
    vars(bwtui.connected_services)["Pace"] = functools.partial(
        Pace, settle=0.0, attempt=0.0, visible=0.0, look=0.01, first_poll=0.01
    )
    vars(bwtui.connected_services)["Client"] = functools.partial(Client, timing=Timeouts(backoff=0.01))


def leave_when_ready() -> None:
    """Let `bwtui listen` be told to end as soon as it says that it listens."""
    from bwtui.cli.commands.listen import Listening  # noqa: PLC0415 - it has a server, which apply needs not

    real = Listening._tell_ready

    def ready(self: Listening, base: str, port: int) -> None:
        real(self, base, port)
        os.kill(os.getpid(), signal.SIGINT)

    Listening._tell_ready = ready  # type: ignore[method-assign]


def child(job: dict[str, Any], report: int) -> int:
    """Run the command once and report how many points were passed."""
    cut = PowerCut(job.get("at", 0))
    FAILURES[job["failure"]](cut)
    if job.get("careless"):
        without_looking_first()
    hurry()
    sys.stdout = sys.stderr = narration = io.StringIO()
    if job.get("leaves_when_ready"):
        leave_when_ready()
    code = run([*job["command"], "--state-dir", job["folder"], "--base-url", job["base_url"]], job["environ"])
    os.write(
        report,
        json.dumps({"exit": code, "points": cut.passed, "said": narration.getvalue()[-4000:]}).encode(),
    )
    return 0


def carry_out(job: dict[str, Any]) -> dict[str, Any]:
    """Fork a child for the job and give its report, or how it died."""
    reading, writing = os.pipe()
    pid = os.fork()
    if not pid:
        os.close(reading)
        os._exit(child(job, writing))
    os.close(writing)
    with open(reading, "rb") as pipe:  # noqa: PTH123 - a descriptor has no path
        told = pipe.read()
    _, status = os.waitpid(pid, 0)
    killed = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
    return {"killed": killed, **(json.loads(told) if told else {})}


def main() -> None:
    for line in sys.stdin:
        sys.stdout.write(json.dumps(carry_out(json.loads(line))) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
