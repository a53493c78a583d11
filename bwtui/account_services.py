"""Many setups of one account over one client: what one of them finds out for all, and the pace that all keep."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import asynccontextmanager
from functools import partial
from math import inf
from typing import Any, Final

from bwtui.api.client import Client
from bwtui.api.rate_limit import RateLimit
from bwtui.connected_services import ConnectedServices, open_client, services_over
from bwtui.credentials import Login
from bwtui.domain.account.findings import Survey
from bwtui.domain.answers.answers import Answers
from bwtui.domain.planning.actions import Plan
from bwtui.domain.planning.number_claims import NumberClaims
from bwtui.domain.platform import FoundPlatform
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import SaveEvents
from bwtui.domain.values.documents import OnExchange, OnWait
from bwtui.engine.survey import survey
from bwtui.engine.waiting import Pace
from bwtui.store.open_setup import OpenSetup

ELSEWHERE: Final = 200
"""Extra numbers to search for, so that lists in other processes rarely pick the same one.

Each setup begins at another place of what is found. Where two order the same number, the one that is refused waits as long
as an effect may be late."""


class _Shared:
    """What all setups of an account share."""

    def __init__(self) -> None:
        self.claims = NumberClaims()
        self.platforms: dict[str, asyncio.Task[FoundPlatform]] = {}
        """The look for the platform, by account id: under way, or with what it has found."""


class RowServices(ConnectedServices):
    """The services of one of many setups."""

    def __init__(self, shared: _Shared, name: str, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - those of its base
        """`name` is the setup's; the rest is for `ConnectedServices`."""
        super().__init__(*args, **kwargs)
        self._shared = shared
        self._name = name

    async def find_platform(self, answers: Answers) -> FoundPlatform:
        """Find the platform of the account, once for all setups; if that fails, it fails for each that waits."""
        account, platforms = answers.account_id, self._shared.platforms
        if account not in platforms:
            platforms[account] = asyncio.create_task(super().find_platform(answers))
        look = platforms[account]
        try:
            found = await asyncio.shield(look)
        except BaseException:
            if look.done() and platforms.get(account) is look:
                del platforms[account]
            raise
        if not found.platform.is_settled:
            platforms.pop(account, None)
        return found

    async def survey(self, answers: Answers, run: RunState) -> Survey:
        """Look at the account, and find numbers that no other setup has ordered or is about to order."""
        claims = self._shared.claims
        besides = claims.of_others(self._name) + ELSEWHERE
        found = await survey(self._client, answers, run, self._pace, besides=besides)
        return claims.apart(self._name, found, answers, run)

    async def provision(
        self,
        answers: Answers,
        run: RunState,
        plan: Plan,
        candidates: Collection[str],
        save_events: SaveEvents,
    ) -> RunState:
        """Carry out a plan; in place of numbers that are gone, only those are ordered that are no other setup's."""
        free = self._shared.claims.free(self._name, tuple(candidates))
        return await super().provision(answers, run, plan, free, save_events)


class AccountServices:
    """Gives each setup its services over one client; all of them stop together."""

    def __init__(self, client: Client) -> None:
        self._client = client
        self._stop = asyncio.Event()
        self._shared = _Shared()

    def services_for(self, setup: OpenSetup, on_wait: OnWait, *, may_order: int = 0) -> RowServices:
        """The services of a setup that may order so many numbers; `on_wait` is told its waits, but for those of the rate limit."""
        pace = Pace(stop=self._stop, on_wait=on_wait)
        name = _name_of(setup)
        if may_order:
            self._shared.claims.begin(name, may_order)
        return services_over(partial(RowServices, self._shared, name), self._client, pace, setup)

    def claim(self, name: str, numbers: tuple[str, ...]) -> None:
        """Keep numbers for the setup of this name, whose order for them may still be placed or have to be repeated."""
        self._shared.claims.claim(name, numbers)

    def leave(self, setup: OpenSetup, run: RunState) -> None:
        """Say that the work on a setup has ended, with this run."""
        self._shared.claims.end(_name_of(setup), run)

    @property
    def is_stopping(self) -> bool:
        """True after `stop`."""
        return self._stop.is_set()

    def stop(self) -> None:
        """Start nothing new, and let what is under way come to its end."""
        self._stop.set()

    def seconds_under_way(self) -> float:
        """Say how long what is under way may still take at most; 0 where nothing is."""
        return self._client.seconds_under_way


def _name_of(setup: OpenSetup) -> str:
    return setup.file.name if setup.file else ""


@asynccontextmanager
async def connected_to_account(
    login: Login,
    base_url: str,
    *,
    per_second: float | None = None,
    on_exchange: OnExchange | None = None,
    on_wait: OnWait | None = None,
    on_pause: Callable[[float], None] | None = None,
) -> AsyncIterator[AccountServices]:
    """Open the services over an account for many setups, for the time of the block.

    `per_second` is the most requests in a second, `on_pause` is told the seconds for which the account has asked all to
    wait.

    Raises:
        ProblemError: the address, or a proxy that the environment names, cannot be used.
    """
    limit = RateLimit(per_second=per_second or inf, on_pause=on_pause)
    async with open_client(login, base_url, on_exchange, on_wait, limit) as client:
        yield AccountServices(client)
