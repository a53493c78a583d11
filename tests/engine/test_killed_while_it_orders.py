"""The process dies right after an order was sent; tried again at once, the number is bought once and ordered once."""

import asyncio
from contextlib import suppress
from pathlib import Path

import httpx
import pytest

from bwtui.exits import Exit
from bwtui.simulator.settings import Settings
from support.guide import guide_answers
from support.simulated_clock import LateHarness, live
from support.write_faults import assert_finished, fault

ORDERS = "/accounts/*/orders"
POST = "POST /api/accounts/9900000/orders"


class MortalHarness(LateHarness):
    """A harness whose process can die; only what is on disk by then is left."""

    async def die(self, *, orders: int, after: float) -> None:
        """Run until so many orders have been sent and so many seconds have passed, and lose all but the file."""
        running = asyncio.ensure_future(self.waits())
        while (await self.writes()).count(POST) < orders:  # noqa: ASYNC110 - the account tells nobody
            await asyncio.sleep(0.05)
        await asyncio.sleep(after)
        on_disk = self.file.path.read_bytes()
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        self.file.path.write_bytes(on_disk)

    def line(self) -> httpx.AsyncBaseTransport:
        return _Silent(super().line())


class _Silent(httpx.AsyncBaseTransport):
    """Carries an order, and not what becomes of it: the process is gone before it hears of that."""

    def __init__(self, inner: httpx.AsyncBaseTransport) -> None:
        self._inner = inner

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        response = await self._inner.handle_async_request(request)
        if request.method == "POST" and request.url.path.endswith("/orders") and response.status_code < 300:
            await asyncio.sleep(5)
        return response


@pytest.mark.parametrize("seconds", [15, 70])
def test_killed_right_after_an_order_took_effect_the_next_run_finds_it_however_late_it_shows(
    tmp_path: Path, seconds: int
) -> None:
    async def main() -> None:
        harness = MortalHarness(folder=tmp_path)
        late = "".join(fault("lag", path=path, seconds=seconds) for path in (ORDERS, "**/sippeers/*/tns"))
        harness.fail(late + fault("shuffle", path="/accounts/*/availableNumbers"))
        await harness.die(orders=1, after=0.1)
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(harness)
        assert (await harness.writes()).count(POST) == 1, "it is waited for, and not ordered again"

    live(main())


def test_other_numbers_named_while_an_order_is_under_way_are_asked_about_before_they_are_ordered(
    tmp_path: Path,
) -> None:
    async def main() -> None:
        harness = MortalHarness(folder=tmp_path, settings=Settings(order_seconds=20))
        await harness.die(orders=1, after=0.1)
        harness.answers = guide_answers(number__area_code=None, number__numbers="9192130000")
        outcome = await harness.waits()
        assert outcome.exit is Exit.UNREACHABLE
        assert "1 more phone number to order, and none agreed to in this run." in outcome.said
        assert "What is on the account stays, and nothing more was ordered." in outcome.said
        outcome = await harness.waits(yes=False)
        assert "; that makes 2, and you ask for 1" in outcome.said
        assert (await harness.writes()).count(POST) == 1

    live(main())


def _busy(path: str, seconds: int, **which: int) -> str:
    return fault(
        "answer", method="POST", path=path, status=429, headers={"Retry-After": str(seconds)}, **which
    )


@pytest.mark.parametrize(
    "waits",
    [
        pytest.param(_busy(ORDERS, 12), id="for the rate limit"),
        pytest.param(
            fault("answer", method="POST", path=ORDERS, status=401) + _busy("**/oauth2/token", 100, nth=2),
            id="for a new token",
        ),
    ],
)
def test_killed_after_an_order_that_had_to_wait_its_late_effect_is_waited_for_from_when_it_was_sent(
    tmp_path: Path, waits: str
) -> None:
    async def main() -> None:
        harness = MortalHarness(folder=tmp_path)
        late = "".join(fault("lag", path=path, seconds=110) for path in (ORDERS, "**/sippeers/*/tns"))
        harness.fail(waits + late + fault("shuffle"))
        await harness.die(orders=2, after=0.3)
        outcome = await harness.waits()
        assert outcome.exit is Exit.DONE, outcome.said
        await assert_finished(harness)
        assert (await harness.writes()).count(POST) == 2, "the refused one and the one that took effect"

    live(main())
