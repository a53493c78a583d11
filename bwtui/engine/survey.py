"""Look at what the account holds of the wanted setup. Only GET: looking is free and changes nothing."""

import asyncio
from collections import deque
from collections.abc import Coroutine, Iterable, Mapping
from dataclasses import dataclass
from graphlib import TopologicalSorter
from typing import Any, Final, TypeVar, assert_never

from bwtui.api.client import Client, Reply
from bwtui.api.wire import Node, find, many, text
from bwtui.domain.answers import Answers, uses_existing, wanted_steps
from bwtui.domain.checks import ten_digits
from bwtui.domain.documents import Request
from bwtui.domain.documents import leaves as leaves_of
from bwtui.domain.findings import Absent, Finding, Found, Gone, How, Leaves, Numbers, Several, Survey
from bwtui.domain.plan import FINAL_STATUSES, known_so_far, missing_numbers, number_search
from bwtui.domain.requests import (
    account_request,
    body,
    list_request,
    located_request,
    order_look_up,
    order_request,
    products_request,
    read_request,
)
from bwtui.domain.run import Kind, Order, Problem, ProblemError, RunState
from bwtui.domain.steps import Listed, Ordered, Setting, Step
from bwtui.engine.pace import Pace

FEATURES: Final = {
    "sms": "SMS",
    "mms": "MMS",
    "messaging_app": "HTTPV2",
    "voice_app": "OrigHttpVoice",
    "number": "ORDERING",
}
"""The account feature that a step needs [errors 13607, 12130, 12150, 5183]."""

_T = TypeVar("_T")


async def survey(client: Client, answers: Answers, run: RunState, pace: Pace) -> Survey:
    """Look for every wanted step, search for numbers and read the account's products, all at once.

    Raises:
        ProblemError: a look-up failed; nothing may be created on a guess then.
        Stopped: the person wants to leave.
    """
    return await pace.look_until_stopped(_survey(client, answers, run, pace))


async def _survey(client: Client, answers: Answers, run: RunState, pace: Pace) -> Survey:
    looker = Looker(client, answers, run, pace)
    try:
        async with asyncio.TaskGroup() as group:
            account = group.create_task(read_account(client, answers))
            findings = group.create_task(beside(account, looker.look_everywhere()))
            numbers = group.create_task(beside(account, _search(client, answers, run)))
    except BaseExceptionGroup as failures:
        raise first_of(failures) from None
    wanted = {step.key for step in wanted_steps(answers)}
    lacking = {step: name for step, name in account.result().lacking.items() if step in wanted}
    return Survey(findings=findings.result(), candidates=numbers.result(), lacking=lacking)


@dataclass(frozen=True, slots=True)
class AccountRead:
    """What reading the account itself has brought."""

    document: Node
    """Empty where it may not be read."""
    lacking: Mapping[str, str]
    """Every feature that it seems to lack, by the key of the step that would need it."""
    refused: ProblemError | None
    """That it may not be read: no reason to stop as long as everything else may be."""


async def beside(account: asyncio.Task[AccountRead], look: Coroutine[Any, Any, _T]) -> _T:
    """A look whose failure waits for what the account says: an account that is not there explains all the rest."""
    try:
        return await look
    except ProblemError as error:
        refused = (await account).refused
        if refused and error.problem.status == refused.problem.status:
            raise refused from error
        raise


def first_of(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The first plain exception in a group: the others are of work that was cancelled for it, or follow from it."""
    first = group.exceptions[0]
    return first_of(first) if isinstance(first, BaseExceptionGroup) else first


def dependencies(steps: Iterable[Step]) -> dict[str, set[str]]:
    """The keys of the steps that each step waits for, among these; a step stands behind all of its own."""
    steps = tuple(steps)
    made_by = {step.produces: step.key for step in steps if step.produces}
    graph = {
        step.key: {made_by[name] for name in step.needs if name in made_by}
        | {key for key in step.after if any(other.key == key for other in steps)}
        for step in steps
    }
    return {key: graph[key] for key in TopologicalSorter(graph).static_order()}


async def read_account(client: Client, answers: Answers) -> AccountRead:
    """Read the account and its products. A user without the role for this may still set everything up."""
    known = known_so_far(answers, RunState())
    reading = (client.send(account_request(known)), client.send(products_request(known)))
    account, products = await asyncio.gather(*reading, return_exceptions=True)
    if isinstance(account, ProblemError) and _stops_everything(account):
        raise account
    for reply in (account, products):
        if isinstance(reply, BaseException) and not isinstance(reply, ProblemError):
            raise reply
    return AccountRead(
        document=account.document if isinstance(account, Reply) else {},
        lacking=_lacking(products) if isinstance(products, Reply) else {},
        refused=account if isinstance(account, ProblemError) else None,
    )


def _stops_everything(error: ProblemError) -> bool:
    problem = error.problem
    return problem.status in (401, 404) or problem.kind in (Kind.UNREACHABLE, Kind.RATE_LIMITED)


def _lacking(products: Reply) -> dict[str, str]:
    """What none of the products has; nothing is known to be lacking where no feature is told."""
    features = {
        value.casefold()
        for product in many(products.document, "Products", "Product")
        for values in flatten(find(product, "Features")).values()
        for value in values
    }
    return {step: name for step, name in FEATURES.items() if features and name.casefold() not in features}


async def _search(client: Client, answers: Answers, run: RunState) -> tuple[str, ...]:
    """Numbers to order: as named, then as found by the search."""
    if "number" not in {step.key for step in wanted_steps(answers)} or run.outputs.get("numbers"):
        return ()
    _, named = missing_numbers(answers, run.record("number").orders)
    request = number_search(answers, run)
    found = numbers_in((await client.send(request)).document) if request else ()
    return named + tuple(number for number in found if number not in named)


def numbers_in(document: Node) -> tuple[str, ...]:
    """Every phone number of a search, ten digits each: plain and detailed results name them differently."""
    leaves = flatten(document)
    return tuple(
        number
        for path, values in leaves.items()
        if path.rpartition("/")[2] in ("telephonenumber", "fullnumber")
        for number in map(ten_digits, values)
        if number
    )


class Looker:
    """Looks for one step after the other, each as soon as the ids that its path needs are known."""

    def __init__(self, client: Client, answers: Answers, run: RunState, pace: Pace) -> None:
        self._client = client
        self._answers = answers
        self._run = run
        self._pace = pace
        self._known = known_so_far(answers, run)
        for step in wanted_steps(answers):
            if used := uses_existing(step, answers):
                self._known[step.produces] = used
        self._lists: dict[str, asyncio.Task[Reply]] = {}

    async def look_everywhere(self) -> dict[str, Finding]:
        """A finding for each wanted step."""
        steps = {step.key: step for step in wanted_steps(self._answers)}
        tasks: dict[str, asyncio.Task[Finding]] = {}
        try:
            async with asyncio.TaskGroup() as group:
                for key in dependencies(steps.values()):
                    before = [tasks[other] for other in self._makers(steps[key], steps.values())]
                    tasks[key] = group.create_task(self._after(before, steps[key]))
        except BaseExceptionGroup as failures:
            raise first_of(failures) from None
        return {key: task.result() for key, task in tasks.items()}

    def _makers(self, step: Step, steps: Iterable[Step]) -> list[str]:
        """The steps whose ids this one's path needs and nobody knows yet."""
        unknown = {name for name in step.needs if f"{{{name}}}" in step.path and name not in self._known}
        located = {"sippeer_id"} - set(self._known) if isinstance(step.found_by, Ordered) else set()
        return [other.key for other in steps if other.produces in unknown | located]

    async def _after(self, before: list[asyncio.Task[Finding]], step: Step) -> Finding:
        if before:
            await asyncio.wait(before)
        return await self.look(step)

    async def look(self, step: Step, *, pending: bool | None = None) -> Finding:
        """Look for one step; while a request of it may still take effect, go on looking until that has settled.

        `pending` says whether a request of it may be on its way; without it the run is asked.
        """
        if any(f"{{{name}}}" in step.path and name not in self._known for name in step.needs):
            return Absent()
        record = self._run.record(step.key)
        pending = record.pending if pending is None else pending
        settled = self._pace.settled(record.started_at)
        finding = await self._look_once(step, pending=pending)
        while pending and isinstance(finding, Absent) and not settled():
            await self._pace.sleep(self._pace.look)
            self._lists.clear()
            finding = await self._look_once(step, pending=pending)
        if isinstance(finding, Found) and finding.id:
            self._known[step.produces] = finding.id
        return finding

    async def _look_once(self, step: Step, *, pending: bool) -> Finding:
        match step.found_by:
            case Listed():
                ours, used = self._run.outputs.get(step.produces), uses_existing(step, self._answers)
                made = self._run.record(step.key).made
                if made and ours and used and ours != used:
                    return Several((ours, used))
                if id_ := used or ours:
                    return await self._by_id(step, id_, How.OURS if made else How.USED)
                return await self._by_name(step, step.found_by, pending=pending)
            case Setting(present=present):
                return await self._setting(step, present, pending=pending)
            case Ordered():
                return await self._orders(step, step.found_by)
            case _:
                assert_never(step.found_by)

    async def _by_id(self, step: Step, id_: str, how: How) -> Finding:
        reply = await self._or_nothing(read_request(step, id_, self._known))
        return Found(_object(reply, step), how, id_) if reply else Gone(id_)

    async def _by_name(self, step: Step, listed: Listed, *, pending: bool) -> Finding:
        items = many((await self._list(step)).document, *listed.items.split("/"))
        desired = {
            path: value
            for path, value in leaves_of(body(step, self._answers, self._known))
            if path in listed.matched_by
        }
        ids = tuple(
            text(item, listed.id)
            for item in items
            if all(
                text(item, name).casefold() == str(desired[name]).strip().casefold()
                for name in listed.matched_by
            )
        )
        if not ids:
            return Absent(alone=not items)
        if not pending:
            return Found({}, How.SAME_NAME, ids[0])
        if len(ids) > 1:
            return Several(ids)
        return await self._by_id(step, ids[0], How.RECOVERED)

    async def _list(self, step: Step) -> Reply:
        """The list that a step is found in; the two applications share one."""
        request = list_request(step, self._known)
        if request.path not in self._lists:
            self._lists[request.path] = asyncio.ensure_future(self._client.send(request))
        reply = await self._lists[request.path]
        _insist(reply, request.operation)
        return reply

    async def _setting(self, step: Step, present: str, *, pending: bool) -> Finding:
        reply = await self._or_nothing(read_request(step, "", self._known))
        leaves = _object(reply, step) if reply else {}
        if not any(leaves.get(present.casefold(), ())):
            return Absent()
        if self._run.record(step.key).made:
            return Found(leaves, How.OURS)
        return Found(leaves, How.RECOVERED if pending else How.USED)

    async def _orders(self, step: Step, ordered: Ordered) -> Numbers:
        orders = self._run.record(step.key).orders
        known = await asyncio.gather(*(self.order(ordered, order) for order in orders))
        return Numbers(tuple(order for order in known if order), await self._located())

    async def order(self, ordered: Ordered, order: Order) -> Order | None:
        """The order as the API knows it now; `None` where it never got there, which is certain once it has settled."""
        if order.status in FINAL_STATUSES:
            return order
        settled = self._pace.settled(order.started_at)
        while not order.order_id:
            if id_ := await self._order_id(ordered, order.customer_order_id):
                order = order._replace(order_id=id_)
            elif settled():
                return None
            else:
                await self._pace.sleep(self._pace.look)
        return await self.read_order(order)

    async def _order_id(self, ordered: Ordered, customer_order_id: str) -> str:
        reply = await self._client.send(order_look_up(ordered, customer_order_id, self._known))
        container, item = ordered.listed_as.split("/")
        # Another order would be placed on the word of this list, so that it has to be one (7.7).
        _insist(reply, "number.list", container)
        return next(
            (
                text(listed, ordered.id)
                for listed in many(reply.document, container, item)
                if text(listed, ordered.matched_by) == customer_order_id
            ),
            "",
        )

    async def read_order(self, order: Order) -> Order:
        """The order's status and what it has brought so far."""
        reply = await self._client.send(order_request(order.order_id, self._known))
        root = _root(reply)
        errors = many(root, "ErrorList", "Error")
        return order._replace(
            status=text(root, "OrderStatus").upper() or order.status or "RECEIVED",
            completed=numbers_in({"": find(root, "CompletedNumbers")}),
            error_code=text(errors[0], "Code") if errors else "",
            error_text=text(errors[0], "Description") if errors else "",
        )

    async def _located(self) -> tuple[str, ...]:
        if "sippeer_id" not in self._known or "site_id" not in self._known:
            return ()
        reply = await self._or_nothing(located_request(self._known))
        return numbers_in(reply.document) if reply else ()

    async def _or_nothing(self, request: Request) -> Reply | None:
        """The reply, or `None` where the API says that there is no such thing."""
        try:
            return await self._client.send(request)
        except ProblemError as error:
            if error.problem.kind is Kind.NOT_FOUND:
                return None
            raise


def _insist(reply: Reply, operation: str, container: str = "") -> None:
    """Refuse an answer that is no list: creating something because of it would be a guess.

    None are told by a list with nothing in it, by 204, or by a 404 that is one (reference 11.2); not by an empty 200.
    """
    told = find(reply.document, container) if container else reply.document
    if reply.status == 200 and not told:
        text = "Bandwidth answered with nothing where a list was due."
        raise ProblemError(Problem(operation=operation, kind=Kind.FAILED, status=reply.status, text=text))


def _root(reply: Reply) -> Node:
    """What stands below the document's root element, whatever that is called (11.1)."""
    root = next(iter(reply.document.values()), "")
    return root if isinstance(root, Mapping) else {}


def _object(reply: Reply, step: Step) -> Leaves:
    """The texts of the step's own object in a reply."""
    return flatten(find(_root(reply), step.root))


def flatten(node: object, path: str = "") -> dict[str, tuple[str, ...]]:
    """Every text below a node by its case-folded path."""
    found: dict[str, list[str]] = {}
    waiting: deque[tuple[str, object]] = deque([(path, node)])
    while waiting:
        place, here = waiting.popleft()
        if isinstance(here, Mapping):
            waiting += [
                (f"{place}/{name.casefold()}" if place else str(name).casefold(), below)
                for name, below in here.items()
            ]
        elif isinstance(here, list):
            waiting += [(place, below) for below in here]
        elif isinstance(here, str):
            found.setdefault(place, []).append(here.strip())
    return {place: tuple(texts) for place, texts in found.items()}
