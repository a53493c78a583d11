"""The connection to the account: never two at a time, none left open, and no look goes on after the wish to stop."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from typing import cast

import pytest

from bwtui.account_connection import AccountConnection
from bwtui.credentials import Login
from bwtui.domain.account.account import Account
from bwtui.domain.answers.answers import Answers
from bwtui.domain.runs.problem import Kind, Problem, ProblemError, Stopped
from bwtui.domain.values.documents import OnExchange, OnWait
from bwtui.domain.values.secret import Secret
from bwtui.services import Services, WizardHost
from support.guide import guide_answers

LOGIN = Login(oauth=True, user="demo", secret=Secret("demo-secret"))
OTHER = LOGIN._replace(user="other")
ANSWERS = guide_answers()
REFUSED = ProblemError(Problem(operation="account.read", kind=Kind.CREDENTIALS, text="No."))


class Host:
    """A host whose connections are counted, and whose account is read as the test says."""

    def __init__(self, read: Callable[[], Awaitable[Account]]) -> None:
        self.happened: list[str] = []
        self.is_read = asyncio.Event()
        self._read = read

    @asynccontextmanager
    async def connect(
        self, _login: Login, _answers: Answers, _on_exchange: OnExchange, _on_wait: OnWait
    ) -> AsyncIterator[Services]:
        self.happened.append("opened")
        try:
            yield cast("Services", self)
        finally:
            self.happened.append("closed")

    async def read_account(self, _answers: Answers) -> Account:
        self.happened.append("read")
        self.is_read.set()
        return await self._read()

    def stop(self) -> None:
        self.happened.append("stopped")

    def seconds_under_way(self) -> float:
        return 7.0


def connection_over(read: Callable[[], Awaitable[Account]]) -> tuple[AccountConnection, Host]:
    host = Host(read)
    connection = AccountConnection(
        cast("WizardHost", host), on_event=lambda _: None, on_exchange=lambda _: None, on_wait=lambda *_: None
    )
    return connection, host


async def found() -> Account:
    return Account(company="Demo Company")


async def refused() -> Account:
    raise REFUSED


async def never() -> Account:
    await asyncio.get_running_loop().create_future()
    raise AssertionError


async def test_it_is_open_for_who_opened_it_until_it_is_closed() -> None:
    connection, host = connection_over(found)
    assert await connection.open(LOGIN, ANSWERS) == connection.account == Account(company="Demo Company")
    assert connection.is_open
    assert connection.is_for(LOGIN, ANSWERS)
    assert not connection.is_for(OTHER, ANSWERS)
    assert not connection.is_for(LOGIN, guide_answers("9900001"))
    assert connection.seconds_under_way == 7
    await connection.close()
    assert not connection.is_open
    assert not connection.account
    assert connection.seconds_under_way == 0
    assert host.happened == ["opened", "read", "closed"]


async def test_another_one_is_opened_when_the_earlier_one_is_closed() -> None:
    connection, host = connection_over(found)
    await connection.open(LOGIN, ANSWERS)
    await connection.open(OTHER, ANSWERS)
    assert host.happened == ["opened", "read", "closed", "opened", "read"]


async def test_one_whose_account_cannot_be_read_is_closed() -> None:
    connection, host = connection_over(refused)
    with pytest.raises(ProblemError):
        await connection.open(LOGIN, ANSWERS)
    assert not connection.is_open
    assert host.happened == ["opened", "read", "closed"]


async def test_one_that_is_given_up_while_it_is_opened_is_closed() -> None:
    connection, host = connection_over(never)
    opening = asyncio.create_task(connection.open(LOGIN, ANSWERS))
    await host.is_read.wait()
    opening.cancel()
    with pytest.raises(asyncio.CancelledError):
        await opening
    assert not connection.is_open
    assert host.happened == ["opened", "read", "closed"]


async def test_a_wish_to_stop_reaches_it_while_it_is_opened() -> None:
    connection, host = connection_over(never)
    opening = asyncio.create_task(connection.open(LOGIN, ANSWERS))
    await host.is_read.wait()
    connection.stop()
    assert host.happened == ["opened", "read", "stopped"]
    opening.cancel()


async def test_after_the_wish_to_stop_nothing_is_asked_of_any_account() -> None:
    connection, host = connection_over(found)
    connection.stop()
    with pytest.raises(Stopped):
        await connection.open(LOGIN, ANSWERS)
    assert not connection.is_open
    assert host.happened == ["opened", "closed"]
