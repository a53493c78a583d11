"""The connection of a wizard to an account: opened, stopped and closed in the same way by all that ask as they go."""

from __future__ import annotations

import asyncio
from contextlib import AsyncExitStack
from typing import TYPE_CHECKING

from bwtui.domain.runs.problem import Stopped

if TYPE_CHECKING:  # start-up time is budgeted
    from collections.abc import Callable

    from bwtui.credentials import Login
    from bwtui.domain.account.account import Account
    from bwtui.domain.answers.answers import Answers
    from bwtui.domain.runs.run_events import Event
    from bwtui.domain.values.documents import OnExchange, OnWait
    from bwtui.services import Services, WizardHost
    from bwtui.setup_run import SetupRun


class AccountConnection:
    """At most one connection at a time, and what was read when it was opened."""

    def __init__(
        self,
        host: WizardHost,
        *,
        on_event: Callable[[Event], None],
        on_exchange: OnExchange,
        on_wait: OnWait,
    ) -> None:
        """`on_event` is told each event of the work, once it is on disk; for the others see `WizardHost.connect`."""
        self._host = host
        self._on_event = on_event
        self._on_exchange = on_exchange
        self._on_wait = on_wait
        self._opened = AsyncExitStack()
        self._seen_as: tuple[str, str, str, Login | None] = ("", "", "", None)
        self._services: Services | None = None
        self._setup: SetupRun | None = None
        self._asking: asyncio.Future[tuple[str, ...]] | None = None
        self._is_stopping = False
        self.account: Account | None = None
        """The account as it was read when connecting; `None` while not connected."""

    async def open(self, login: Login, answers: Answers) -> Account:
        """Connect and read the account, which changes nothing. An earlier connection is closed first.

        Raises:
            ProblemError: the account cannot be read as answered.
            SaveError: the setup on disk belongs to another account or platform.
            Stopped: after `stop`, even if the account does not answer. Nothing stays open, whatever is raised.
        """
        from bwtui.setup_run import SetupRun  # noqa: PLC0415 - not needed before there is an account

        await self.close()
        self._seen_as = _seen_as(login, answers)
        try:
            async with AsyncExitStack() as opening:
                services = await opening.enter_async_context(
                    self._host.connect(login, answers, self._on_exchange, self._on_wait)
                )
                if self._is_stopping:
                    raise Stopped
                self._services = services  # a wish to stop reaches it from now on
                setup = SetupRun(services, self._on_event)
                account = await setup.read_account(answers)
                self._setup, self.account = setup, account
                self._opened = opening.pop_all()
        finally:
            if not self.is_open:
                self._services = None
        return account

    async def list_accounts(self, login: Login, answers: Answers) -> tuple[str, ...]:
        """List the accounts that the credentials' token names; no account has to be answered.

        Raises:
            ProblemError: no token can be had.
            Stopped: after `stop`.
        """
        if self._is_stopping:
            raise Stopped
        self._seen_as = _seen_as(login, answers)
        self._asking = asyncio.ensure_future(
            self._host.list_accounts(login, answers, self._on_exchange, self._on_wait)
        )
        try:
            return await self._asking
        except asyncio.CancelledError:
            if self._is_stopping:
                raise Stopped from None
            raise
        finally:
            self._asking = None

    async def close(self) -> None:
        """Close the connection, and forget what was read."""
        self.account, self._services, self._setup = None, None, None
        await self._opened.aclose()

    @property
    def is_open(self) -> bool:
        """True once the account was read, until it is closed."""
        return self._setup is not None

    def is_for(self, login: Login | None, answers: Answers) -> bool:
        """True if the last account that was opened is the one that is answered now, seen by the same person."""
        return self._seen_as == _seen_as(login, answers)

    @property
    def services(self) -> Services:
        """The services over the account, while it is open."""
        assert self._services, "connected before"
        return self._services

    @property
    def setup(self) -> SetupRun:
        """The work on the setup, while it is open."""
        assert self._setup, "connected before"
        return self._setup

    def stop(self) -> None:
        """Change nothing more on the account, and ask nothing more of it; what is being changed comes to its end.

        That holds for good, also while the connection is being opened, or before.
        """
        self._is_stopping = True
        if self._asking:
            self._asking.cancel()  # it changes nothing, so nothing has to come to its end
        if self._services:
            self._services.stop()

    @property
    def seconds_under_way(self) -> float:
        """The seconds that requests under way may still take at most; 0 if there are none."""
        return self._services.seconds_under_way() if self._services else 0.0


def _seen_as(login: Login | None, answers: Answers) -> tuple[str, str, str, Login | None]:
    return answers.account_id, answers.base_url, answers.chosen_platform, login
