"""As parallel as the graph allows, and no more than the API is asked to bear."""

from dataclasses import dataclass, field, replace

from starlette.types import ASGIApp, Receive, Scope, Send

from bwtui.exits import Exit
from support.in_process import Harness
from support.write_faults import assert_finished

MOST_AT_ONCE = 4
"""Requests that change something."""


@dataclass
class Gate:
    """In front of the simulator: counts the writes that are under way."""

    app: ASGIApp
    under_way: list[str] = field(default_factory=list)
    seen: list[tuple[str, ...]] = field(default_factory=list)
    """All writes under way, for each time that one arrived, including that one."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] == "GET" or scope["path"].endswith("/token"):
            await self.app(scope, receive, send)
            return
        name = scope["path"].rpartition("/")[2]
        self.under_way.append(name)
        self.seen.append(tuple(self.under_way))
        try:
            await self.app(scope, receive, send)
        finally:
            self.under_way.remove(name)


async def gated(harness: Harness) -> Gate:
    """A run over a server that takes a moment for every request."""
    harness.account.settings = replace(harness.settings, latency_ms=30)
    gate = Gate(harness.app)
    harness.app = gate  # type: ignore[assignment]
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(harness)
    return gate


async def test_applications_do_not_wait_for_the_sub_account(harness: Harness) -> None:
    gate = await gated(harness)
    assert gate.seen[2] == ("sites", "applications", "applications")


async def test_the_links_and_the_number_do_not_wait_for_each_other(harness: Harness) -> None:
    gate = await gated(harness)
    assert {"sms", "orders", "settings"} in map(set, gate.seen)


async def test_never_too_many_writes_are_under_way(harness: Harness) -> None:
    gate = await gated(harness)
    assert max(map(len, gate.seen)) <= MOST_AT_ONCE


async def test_each_write_comes_after_what_it_needs(harness: Harness) -> None:
    gate = await gated(harness)
    order = [under_way[-1] for under_way in gate.seen]
    assert order.index("sites") < order.index("sippeers") < order.index("sms") < order.index("mms")
    assert order.index("sms") < order.index("applicationSettings")
    assert order.index("sippeers") < order.index("orders")
    assert order.index("sippeers") < order.index("settings")
