"""Look for the wanted setup on the account. Only GET: a look-up is free and changes nothing."""

import asyncio
from collections.abc import Coroutine, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

from bwtui.api.client import Client, Reply
from bwtui.api.wire import Node, find, many
from bwtui.domain.account.findings import Numbers, Survey
from bwtui.domain.answers.answers import Answers, wanted_steps
from bwtui.domain.catalog import PAID_STEP, STEPS
from bwtui.domain.planning.actions import known_so_far
from bwtui.domain.planning.given_up import begun_anew
from bwtui.domain.planning.number_tally import tally
from bwtui.domain.planning.order_plan import number_search
from bwtui.domain.planning.requests import account_request, products_request
from bwtui.domain.runs.problem import OWN_ADDRESS, Kind, ProblemError
from bwtui.domain.runs.run import RunState
from bwtui.engine.exception_groups import first_of
from bwtui.engine.look_up import LookUp
from bwtui.engine.platform import not_on_platform
from bwtui.engine.replies import flatten, numbers_in
from bwtui.engine.waiting import Pace

_T = TypeVar("_T")


async def survey(client: Client, answers: Answers, run: RunState, pace: Pace, *, besides: int = 0) -> Survey:
    """Look for every wanted step, search for numbers and read the account's products, all at once.

    The search finds as many numbers more as `besides` says: others may take so many.

    Raises:
        ProblemError: a look-up failed; nothing may be created on a guess then.
        Stopped: the person wants to leave.
    """
    return await pace.look_until_stopped(_survey(client, answers, run, pace, besides))


async def _survey(client: Client, answers: Answers, run: RunState, pace: Pace, besides: int) -> Survey:
    looker = LookUp(client, answers, run, pace)
    try:
        async with asyncio.TaskGroup() as group:
            account = group.create_task(read_account(client, answers))
            findings = group.create_task(beside(account, looker.look_everywhere()))
            numbers = group.create_task(beside(account, _search(client, answers, run, besides)))
            elsewhere = group.create_task(not_on_platform(client, answers, run))
    except BaseExceptionGroup as failures:
        raise first_of(failures) from None
    candidates, orders = numbers.result(), findings.result().get(PAID_STEP.key)
    if isinstance(orders, Numbers) and run.orders:
        candidates = await _search(client, answers, run, besides, orders)
    wanted = {step.key for step in wanted_steps(answers)}
    lacking = {step: name for step, name in account.result().lacking.items() if step in wanted}
    return Survey(findings=findings.result() | elsewhere.result(), candidates=candidates, lacking=lacking)


@dataclass(frozen=True, slots=True)
class AccountRead:
    """The account and its products, as they were read."""

    document: Node
    """The reply that describes the account; empty if it may not be read."""
    lacking: Mapping[str, str]
    """The feature that the account seems to lack, by the key of the step that needs it."""
    refused: ProblemError | None
    """The error if the account may not be read; no reason to stop as long as everything else may be."""


async def beside(account: asyncio.Task[AccountRead], look: Coroutine[Any, Any, _T]) -> _T:
    """Run a look-up; if it fails because the account cannot be read, raise that error instead."""
    try:
        return await look
    except ProblemError as error:
        refused = (await account).refused
        if refused and error.problem.status == refused.problem.status:
            raise refused from error
        raise


async def read_account(client: Client, answers: Answers) -> AccountRead:
    """Read the account and its products. A missing role is no error: the user may still set everything up."""
    known = known_so_far(answers, RunState())
    reading = (client.send(account_request(known)), client.send(products_request(known)))
    account, products = await asyncio.gather(*reading, return_exceptions=True)
    if isinstance(account, ProblemError) and _stops_everything(account):
        raise _at_own_address(account, answers)
    for reply in (account, products):
        if isinstance(reply, BaseException) and not isinstance(reply, ProblemError):
            raise reply
    return AccountRead(
        document=account.document if isinstance(account, Reply) else {},
        lacking=_lacking(products) if isinstance(products, Reply) else {},
        refused=account if isinstance(account, ProblemError) else None,
    )


def _at_own_address(error: ProblemError, answers: Answers) -> ProblemError:
    """Return a refusal that finds no account with the base URL, if that is of one's own; any other as it is."""
    if error.problem.status == 404 and answers.has_own_address:
        details = {**error.problem.details, OWN_ADDRESS: answers.base_url}
        error.problem = error.problem._replace(details=details)
    return error


def _stops_everything(error: ProblemError) -> bool:
    problem = error.problem
    return problem.status in (401, 404) or problem.kind in (Kind.UNREACHABLE, Kind.RATE_LIMITED)


def _lacking(products: Reply) -> dict[str, str]:
    """Steps whose feature no product has, by step key; empty if the account lists no features at all."""
    features = {
        value.casefold()
        for product in many(products.document, "Products", "Product")
        for values in flatten(find(product, "Features")).values()
        for value in values
    }
    return {
        step.key: step.feature
        for step in STEPS
        if step.feature and features and step.feature.casefold() not in features
    }


async def _search(
    client: Client, answers: Answers, run: RunState, besides: int, found: Numbers | None = None
) -> tuple[str, ...]:
    """Search for the missing numbers; empty if none are missing.

    Without orders the run alone shows how many are missing, so that the search need not wait. With orders, the
    look-up of the orders shows it: pass it as `found`.
    """
    if run.orders and found is None:
        return ()
    count = tally(answers, found.orders, found.located) if found else None
    request = number_search(answers, begun_anew(answers, run), count, besides=besides)
    return numbers_in((await client.send(request)).document) if request else ()
