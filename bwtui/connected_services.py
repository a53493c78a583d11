"""The composition root: a login and an account become the services that front ends use."""

import asyncio
from collections.abc import AsyncIterator, Callable, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeVar

from bwtui.api.cancellation import run_unless_stopped
from bwtui.api.client import Basic, Client, Credentials, OAuth, token_url_for
from bwtui.api.event_feed import EventFeed
from bwtui.api.rate_limit import RateLimit
from bwtui.credentials import Login
from bwtui.domain.account.account import Account, AvailableNumber, Candidate
from bwtui.domain.account.findings import Survey
from bwtui.domain.answers.answers import Answers
from bwtui.domain.arrival.arrival import Arrival, lost_by
from bwtui.domain.planning.actions import Plan
from bwtui.domain.platform import FoundPlatform, Platform
from bwtui.domain.runs.problem import SIGNED_IN_BY, SIGNED_IN_WITH, Kind, Problem, ProblemError
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Event, SaveEvents
from bwtui.domain.steps import Step
from bwtui.domain.values.base_urls import same_origin
from bwtui.domain.values.documents import OnExchange, OnWait
from bwtui.domain.values.secret import Secret
from bwtui.engine.account import account, candidates, search
from bwtui.engine.arrival import read_arrivals
from bwtui.engine.platform import find_platform
from bwtui.engine.provision import provision
from bwtui.engine.survey import survey
from bwtui.engine.verify import verify
from bwtui.engine.waiting import Pace
from bwtui.services import Services
from bwtui.store.listener_file import read_listener
from bwtui.store.open_setup import OpenSetup
from bwtui.store.redirect_file import redirection_of
from bwtui.store.setup_folder import redirect_path
from bwtui.store.state import StateFile
from bwtui.store.state_errors import StateError
from bwtui.store.trial_file import TrialFile

if TYPE_CHECKING:  # start-up time is budgeted
    from bwtui.domain.callbacks.callback_check import CallbackOutcome, CallbackUrl
    from bwtui.domain.teardown.teardown import RemovalLook, RemovalPlan
    from bwtui.engine.trials import ConnectedTrials, FindFeed


class ConnectedServices:
    """The engine over one client, as `Services` describes it; the client stops when the engine does."""

    def __init__(
        self,
        client: Client,
        pace: Pace,
        save_events: Callable[[Sequence[Event]], None],
        save_platform: Callable[[Platform], None] = lambda _: None,
        refuse_redirected: Callable[[], None] = lambda: None,
        *,
        journal: TrialFile | None = None,
        find_feed: "FindFeed | None" = None,
    ) -> None:
        client.stop_when(pace.stop)
        self._client = client
        self._pace = replace(pace, on_wait=pace.on_wait or client.on_wait)
        self._save_events = save_events
        self._save_platform = save_platform
        self._refuse_redirected = refuse_redirected
        self._journal = journal or TrialFile(None)
        self._find_feed = find_feed

    async def find_platform(self, answers: Answers) -> FoundPlatform:
        return await self._pace.look_until_stopped(find_platform(self._client, answers))

    async def survey(self, answers: Answers, run: RunState) -> Survey:
        return await survey(self._client, answers, run, self._pace)

    async def provision(
        self,
        answers: Answers,
        run: RunState,
        plan: Plan,
        candidates: Collection[str],
        save_events: SaveEvents,
    ) -> RunState:
        self._refuse_redirected()
        return await provision(
            self._client, answers, run,
            save_events=save_events, pace=self._pace, plan=plan, candidates=candidates,
        )  # fmt: skip

    async def verify(self, answers: Answers, run: RunState) -> Plan:
        return await verify(self._client, answers, run, self._pace)

    async def read_arrivals(
        self, answers: Answers, run: RunState, proof: Plan | None = None
    ) -> tuple[Arrival, ...]:
        lost = lost_by(proof) if proof is not None else None
        return await self._pace.look_until_stopped(read_arrivals(self._client, answers, run, lost))

    async def look_for_removal(self, answers: Answers, run: RunState) -> "RemovalLook":
        from bwtui.engine.teardown import look_for_removal  # noqa: PLC0415 - memory is budgeted, most runs need none

        return await look_for_removal(self._client, answers, run, self._pace)

    async def tear_down(
        self, answers: Answers, run: RunState, plan: "RemovalPlan", save_events: SaveEvents
    ) -> RunState:
        from bwtui.engine.teardown import tear_down  # noqa: PLC0415 - the same

        return await tear_down(
            self._client, answers, run, save_events=save_events, pace=self._pace, plan=plan
        )

    async def read_account(self, answers: Answers) -> Account:
        return await run_unless_stopped(self._pace.stop, account(self._client, answers))

    async def list_candidates(self, step: Step, answers: Answers) -> tuple[Candidate, ...]:
        return await run_unless_stopped(self._pace.stop, candidates(self._client, step, answers))

    async def search_numbers(self, answers: Answers, quantity: int) -> tuple[AvailableNumber, ...]:
        return await run_unless_stopped(self._pace.stop, search(self._client, answers, quantity))

    async def check_callback(self, callback: "CallbackUrl") -> "CallbackOutcome":
        from bwtui.api.callback_check import check_callback  # noqa: PLC0415 - start-up time is budgeted

        checking = check_callback(callback, may_be_private=self._client.is_on_this_machine)
        return await run_unless_stopped(self._pace.stop, checking)

    def save_events(self, events: Sequence[Event]) -> None:
        self._save_events(events)

    def save_platform(self, platform: Platform) -> None:
        self._save_platform(platform)

    @cached_property
    def trials(self) -> "ConnectedTrials":
        from bwtui.engine.trials import ConnectedTrials, no_feed  # noqa: PLC0415 - the same

        return ConnectedTrials(self._client, self._pace, self._journal, self._find_feed or no_feed)

    def stop(self) -> None:
        self._pace.stop.set()

    def seconds_under_way(self) -> float:
        return self._client.seconds_under_way


@asynccontextmanager
async def connected(
    login: Login,
    base_url: str,
    setup: OpenSetup,
    *,
    on_exchange: OnExchange | None = None,
    on_wait: OnWait | None = None,
    find_feed: "FindFeed | None" = None,
) -> AsyncIterator[Services]:
    """Open the services over an account, for the time of the block.

    `find_feed` finds a listener of its own, in place of the one that runs for the setup.

    Raises:
        ProblemError: the address, or a proxy that the environment names, cannot be used.
    """
    async with open_client(login, base_url, on_exchange, on_wait) as client:
        yield services_over(ConnectedServices, client, Pace(), setup, find_feed)


_Connected = TypeVar("_Connected", bound=ConnectedServices)


def services_over(
    make: Callable[..., _Connected],
    client: Client,
    pace: Pace,
    setup: OpenSetup,
    find_feed: "FindFeed | None" = None,
) -> _Connected:
    """The services of a setup over a client: `make` is `ConnectedServices`, or what stands in its place."""
    file = setup.file
    return make(
        client, pace, setup.save_events, setup.save_platform, lambda: _refuse_redirected(setup),
        journal=TrialFile(file.path.parent, file.name) if file else None,
        find_feed=find_feed or partial(_find_feed, file),
    )  # fmt: skip


async def _find_feed(file: StateFile | None) -> EventFeed | None:
    """Find the running listener of a setup."""
    found = await asyncio.to_thread(read_listener, file.path.parent, file.name) if file else None
    if found is None:
        return None
    try:
        redirected = redirection_of(file)
    except StateError:
        redirected = None  # the listener is of use all the same
    public_url = redirected.public_url if redirected else ""
    return EventFeed(found.url, Secret(found.token), public_url=public_url)


def _refuse_redirected(setup: OpenSetup) -> None:
    """Refuse to change an account whose callback URLs point at a listener for now.

    Raises:
        ProblemError: they do; to put them back is the listener's, or that of `bwtui listen --restore`.
    """
    if not setup.file or not redirect_path(setup.file.path.parent, setup.file.name).exists():
        return
    text = (
        "The callback URLs of this setup point at bwtui listen for now. Nothing was written: end bwtui listen, or run "
        "bwtui listen --restore, and then try again."
    )
    raise ProblemError(Problem(operation="listen.redirect", kind=Kind.CONFLICT, text=text))


async def accounts_of(
    login: Login, base_url: str, *, on_exchange: OnExchange | None = None, on_wait: OnWait | None = None
) -> tuple[str, ...]:
    """List the accounts that the token of a login names; none with Basic, or for a credential of the whole system.

    Raises:
        ProblemError: no token can be had, or the address, or a proxy, cannot be used.
    """
    async with open_client(login, base_url, on_exchange, on_wait) as client:
        claims = await client.claims()
    return claims.accounts if claims else ()


def open_client(
    login: Login,
    base_url: str,
    on_exchange: OnExchange | None,
    on_wait: OnWait | None,
    limit: RateLimit | None = None,
) -> Client:
    """Make a client, to be opened by `async with`. Raises `ProblemError` for an address or a proxy that cannot be used."""
    try:
        return make_client(login, base_url, on_exchange=on_exchange, on_wait=on_wait, limit=limit)
    except ValueError as error:
        text = f"Nothing was sent: {error}."
        raise ProblemError(Problem(operation="account.connect", kind=Kind.INVALID, text=text)) from error


def make_client(
    login: Login,
    base_url: str,
    *,
    on_exchange: OnExchange | None = None,
    on_wait: OnWait | None = None,
    limit: RateLimit | None = None,
) -> Client:
    """Make a client that signs in as the login. Raises `ValueError` for an address or a proxy that cannot be used."""
    if login.only_at and not same_origin(login.only_at, base_url):
        raise ValueError(f"this secret is for {login.only_at} alone, and {base_url} is another host")
    credentials: Credentials = (
        OAuth(login.user, login.secret, token_url_for(base_url))
        if login.oauth
        else Basic(login.user, login.secret)
    )
    origin = {SIGNED_IN_WITH: login.named, SIGNED_IN_BY: login.saved_as}
    return Client(
        base_url=base_url, credentials=credentials, on_wait=on_wait, on_exchange=on_exchange, limit=limit,
        origin={key: text for key, text in origin.items() if text},
    )  # fmt: skip
