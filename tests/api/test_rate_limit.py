"""The pace for a whole account: evenly, as fast as its limit allows, and a refusal of one request holds up all."""

import asyncio
import random
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from email.utils import formatdate
from itertools import pairwise
from math import floor
from typing import Final

import httpx
import pytest

from bwtui.api.client import Basic, Client, Clock
from bwtui.api.connections import AT_ONCE
from bwtui.api.rate_limit import RateLimit
from bwtui.domain.runs.problem import Kind, OwnCode, Problem, ProblemError
from bwtui.domain.values.secret import Secret
from support.scripted_http import BASE, ask
from support.simulated_clock import live, now, wall

CLOCK: Final = Clock(monotonic=now, wall=wall, jitter=lambda: 0.5)

OK: Final = httpx.Response(200, content=b"<R/>")


@dataclass(kw_only=True)
class Server:
    """Takes so many requests in a second, refuses the others, and answers after 30 to 90 ms."""

    per_second: int
    is_sliding: bool = False
    """True if any second counts, False if each whole second does."""
    tells_reset: bool = True
    is_slow_clock: bool = False
    """True if the reset that it tells has passed already."""
    taken: list[float] = field(default_factory=list)
    refused: list[float] = field(default_factory=list)
    under_way: int = 0
    most_under_way: int = 0
    chance: random.Random = field(default_factory=lambda: random.Random(1))

    async def __call__(self, _request: httpx.Request) -> httpx.Response:
        self.under_way += 1
        self.most_under_way = max(self.most_under_way, self.under_way)
        await asyncio.sleep(self.chance.uniform(0.01, 0.04))
        at = wall()
        begun = at - 1 if self.is_sliding else floor(at)
        is_taken = sum(each > begun for each in self.taken[-self.per_second :]) < self.per_second
        (self.taken if is_taken else self.refused).append(at)
        await asyncio.sleep(self.chance.uniform(0.02, 0.05))
        self.under_way -= 1
        if is_taken:
            return httpx.Response(200, content=b"<R/>")
        headers = {"Date": formatdate(floor(wall()), usegmt=True)}
        if self.is_slow_clock:
            headers["X-RateLimit-Reset"] = str(floor(at) - 5)
        elif self.tells_reset:
            headers["X-RateLimit-Reset"] = str(
                floor(self.taken[-self.per_second] + 1 if self.is_sliding else at) + 1
            )
        return httpx.Response(429, headers=headers)

    def client(self, limit: RateLimit) -> Client:
        return client_on(self, limit)

    @property
    def busiest(self) -> int:
        """The most requests that came within a second."""
        came = sorted((*self.taken, *self.refused))
        return max(sum(at <= each < at + 1 for each in came) for at in came)


def client_on(
    server: Callable[[httpx.Request], Coroutine[None, None, httpx.Response]], limit: RateLimit
) -> Client:
    return Client(
        base_url=BASE, credentials=Basic("user", Secret("password")), limit=limit, clock=CLOCK,
        transport=httpx.MockTransport(server),
    )  # fmt: skip


async def send_all(client: Client, requests: int) -> float:
    """Send requests from many tasks at once; return the seconds that it took."""
    left: Iterator[int] = iter(range(requests))

    async def some() -> None:
        for _ in left:
            assert (await client.send(ask())).status == 200

    started = now()
    async with client:
        await asyncio.gather(*(some() for _ in range(40)))
    return now() - started


@pytest.mark.parametrize("per_second", [5, 20, 80])
def test_an_unknown_limit_is_used_to_the_full_and_hardly_a_request_is_refused(per_second: int) -> None:
    async def main() -> None:
        server = Server(per_second=per_second)
        requests = 60 * per_second
        seconds = await send_all(server.client(RateLimit(clock=CLOCK)), requests)
        assert seconds <= 1.05 * requests / per_second
        assert len(server.refused) <= max(3 * AT_ONCE, 0.01 * requests)

    live(main())


@pytest.mark.parametrize(
    "server",
    [
        Server(per_second=20, is_sliding=True),
        Server(per_second=20, tells_reset=False),
        Server(per_second=20, is_slow_clock=True),
    ],
    ids=["any second counts", "no reset is told", "the reset has passed"],
)
def test_a_limit_of_another_kind_is_found_too(server: Server) -> None:
    async def main() -> None:
        assert await send_all(server.client(RateLimit(clock=CLOCK)), 4000) <= 1.25 * 4000 / 20
        assert len(server.refused) <= 0.03 * 4000

    live(main())


@pytest.mark.parametrize("behind", [0, 100], ids=["at once", "one after the other"])
def test_processes_share_the_limit_of_their_account_alike(behind: float) -> None:
    async def main() -> None:
        server = Server(per_second=20)
        clients = [server.client(RateLimit(clock=CLOCK)) for _ in range(2)]

        async def later(seconds: float, client: Client, requests: int) -> float:
            await asyncio.sleep(seconds)
            return await send_all(client, requests)

        first, second = await asyncio.gather(
            later(0, clients[0], 3000 + round(20 * behind)), later(behind, clients[1], 3000)
        )
        assert max(first, second + behind) <= 1.05 * len(server.taken) / 20
        assert 0.85 <= (first - behind) / second <= 1.15
        assert len(server.refused) <= 0.03 * len(server.taken)

    live(main())


def test_a_given_rate_is_never_exceeded_and_is_spaced_evenly() -> None:
    async def main() -> None:
        server = Server(per_second=1000)
        seconds = await send_all(server.client(RateLimit(per_second=10, clock=CLOCK)), 100)
        assert seconds == pytest.approx(10, abs=0.5)
        assert server.busiest <= 11

    live(main())


def test_no_more_are_under_way_than_there_are_connections() -> None:
    async def main() -> None:
        server = Server(per_second=100_000)
        await send_all(server.client(RateLimit(clock=CLOCK)), 500)
        assert server.most_under_way == AT_ONCE

    live(main())


def test_a_refusal_holds_up_all_until_the_reset_and_is_told_once() -> None:
    async def main() -> None:
        came, told = list[float](), list[float]()

        async def answer(_request: httpx.Request) -> httpx.Response:
            came.append(now())
            await asyncio.sleep(0.1)
            return OK if now() > 30 else httpx.Response(429, headers={"Retry-After": "30"})

        limit = RateLimit(clock=CLOCK, on_pause=told.append)
        await send_all(client_on(answer, limit), 40)
        assert len([at for at in came if at < 30]) == AT_ONCE
        assert told == [30]

    live(main())


@pytest.mark.parametrize(
    "headers",
    [{"Retry-After": "0"}, {"X-RateLimit-Reset": "1700000000"}, {"Retry-After": "0.01"}],
    ids=lambda headers: " ".join(headers.popitem()),
)
def test_a_refusal_that_says_now_pauses_all_the_same_and_longer_each_time(headers: dict[str, str]) -> None:
    async def main() -> None:
        came = list[float]()

        async def answer(_request: httpx.Request) -> httpx.Response:
            came.append(now())
            return OK if now() > 15 else httpx.Response(429, headers=headers)

        assert await send_all(client_on(answer, RateLimit(clock=CLOCK)), 40) < 40
        pauses = [later - at for at, later in pairwise(came) if later - at > 0.4]
        assert len(came) - 40 <= AT_ONCE * len(pauses)
        assert len(pauses) <= 6
        assert pauses[-1] >= 2 * pauses[-3]

    live(main())


def test_a_refusal_for_hours_fails_that_request_and_does_not_hold_up_the_others_for_so_long() -> None:
    async def main() -> None:
        async def answer(_request: httpx.Request) -> httpx.Response:
            return OK if now() else httpx.Response(429, headers={"Retry-After": "7200"})

        async with client_on(answer, RateLimit(clock=CLOCK)) as client:
            with pytest.raises(ProblemError) as refused:
                await client.send(ask())
            assert refused.value.problem.kind is Kind.RATE_LIMITED
            assert (await client.send(ask())).status == 200
        assert now() == 1

    live(main())


def test_a_write_overtakes_the_reads_that_wait_and_is_prepared_when_its_turn_has_come() -> None:
    async def main() -> None:
        order = list[str]()

        async def answer(request: httpx.Request) -> httpx.Response:
            order.append(request.method)
            return OK

        prepared = list[float]()

        async def before(_failed: Problem | None) -> None:
            prepared.append(now())

        async with client_on(answer, RateLimit(per_second=1, clock=CLOCK)) as client:
            reads = [asyncio.create_task(client.send(ask())) for _ in range(5)]
            await asyncio.sleep(0.5)
            await client.send(ask("POST"), before=before)
            await asyncio.gather(*reads)
        assert order == ["GET", "GET", "POST", "GET", "GET", "GET"]
        assert prepared == [2]

    live(main())


def test_writes_that_look_before_they_are_sent_never_wait_for_each_other() -> None:
    async def main() -> None:
        server = Server(per_second=100_000)

        async with server.client(RateLimit(clock=CLOCK)) as client, asyncio.timeout(60):

            async def look_first(_failed: Problem | None) -> None:
                await client.send(ask())

            writes = [client.send(ask("POST"), before=look_first) for _ in range(2 * AT_ONCE)]
            await asyncio.gather(*writes)
        assert len(server.taken) == 4 * AT_ONCE
        assert server.most_under_way <= AT_ONCE

    live(main())


def test_after_the_wish_to_stop_a_write_leaves_the_line() -> None:
    async def main() -> None:
        sent = list[str]()

        async def answer(request: httpx.Request) -> httpx.Response:
            sent.append(request.method)
            return OK

        stop = asyncio.Event()
        async with client_on(answer, RateLimit(per_second=0.01, clock=CLOCK)) as client:
            client.stop_when(stop)
            await client.send(ask())
            write = asyncio.create_task(client.send(ask("POST")))
            await asyncio.sleep(1)
            stop.set()
            with pytest.raises(ProblemError) as unsent:
                await write
            assert unsent.value.problem.code == OwnCode.UNSENT
        assert (sent, now()) == (["GET"], 1)

    live(main())
