"""Look for what a setup has on the account, step by step. Only GET: looking is free and changes nothing."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from typing import Final, assert_never

from bwtui.api.client import Client, Reply
from bwtui.api.wire import Node, find, has, many, text
from bwtui.domain.answers import Answers, uses_existing, wanted_steps
from bwtui.domain.catalog import SIPPEER, STEPS
from bwtui.domain.documents import Request
from bwtui.domain.documents import leaves as leaves_of
from bwtui.domain.findings import (
    Absent,
    Finding,
    Found,
    Gone,
    How,
    Leaves,
    Numbers,
    Several,
    differences,
    differences_of_values,
)
from bwtui.domain.plan import begun_anew, known_so_far
from bwtui.domain.requests import (
    body,
    list_request,
    located_request,
    order_look_up,
    order_numbers_request,
    order_request,
    read_request,
)
from bwtui.domain.run import Kind, Order, Problem, ProblemError, Record, RunState, Status
from bwtui.domain.secret import Secret
from bwtui.domain.steps import Listed, Ordered, Setting, Step
from bwtui.domain.stored import is_same
from bwtui.engine.graph import dependencies, first_of
from bwtui.engine.lists import read_list
from bwtui.engine.pace import Pace
from bwtui.engine.replies import flatten, numbers_in, root_of

_LOCATED: Final = "SipPeerTelephoneNumbersResponse"
_LOCATED_ITEMS: Final = "SipPeerTelephoneNumbers/SipPeerTelephoneNumber"


class Looker:
    """Looks for one step after the other, each as soon as the ids that its path needs are known."""

    def __init__(self, client: Client, answers: Answers, run: RunState, pace: Pace) -> None:
        self._client = client
        self._answers = answers
        self._run = begun_anew(answers, run)
        self._pace = pace
        self._known = known_so_far(answers, self._run)
        for step in wanted_steps(answers):
            if used := uses_existing(step, answers):
                self._known[step.produces] = used
        self._lists: dict[str, asyncio.Task[list[Node]]] = {}

    async def look_everywhere(self, *, proving: bool = False) -> dict[str, Finding]:
        """A finding for each wanted step.

        With `proving`, what was just written and is not read back as it should be is looked at again for a while.
        """
        steps = {step.key: step for step in wanted_steps(self._answers)}
        tasks: dict[str, asyncio.Task[Finding]] = {}
        try:
            async with asyncio.TaskGroup() as group:
                for key in dependencies(steps.values()):
                    before = [tasks[other] for other in self._makers(steps[key], steps.values())]
                    look = self._after(before, steps[key], proving=proving)
                    tasks[key] = group.create_task(look)
        except BaseExceptionGroup as failures:
            raise first_of(failures) from None
        return {key: task.result() for key, task in tasks.items()}

    def _makers(self, step: Step, steps: Iterable[Step]) -> list[str]:
        """The steps whose ids this one's path needs and nobody knows yet."""
        unknown = {name for name in step.needs if f"{{{name}}}" in step.path and name not in self._known}
        located = {"sippeer_id"} - set(self._known) if isinstance(step.found_by, Ordered) else set()
        return [other.key for other in steps if other.produces in unknown | located]

    async def _after(self, before: list[asyncio.Task[Finding]], step: Step, *, proving: bool) -> Finding:
        if before:
            await asyncio.wait(before)
        return await self.look(step, proving=proving)

    def _parent(self, step: Step) -> Step | None:
        """The step whose object this one's path goes through last: of a location its sub-account."""
        named = [other for other in STEPS if other.produces and f"{{{other.produces}}}" in step.path]
        return named[-1] if named else None

    async def look(self, step: Step, *, pending: bool | None = None, proving: bool = False) -> Finding:
        """Look for one step; as long as what was sent may still take effect or become visible, look again.

        `pending` says whether a request of it may be on its way; without it the run is asked.
        """
        if any(f"{{{name}}}" in step.path and name not in self._known for name in step.needs):
            return Absent()
        record = self._run.record(step.key)
        pending = record.pending if pending is None else pending
        finding = await self._look_once(step, pending=pending)
        over = self._wait(step, record, finding, pending=pending, proving=proving)
        while over and not over() and self._is_early(step, finding, pending=pending, proving=proving):
            await self._pace.sleep(self._pace.look)
            self._lists.clear()
            finding = await self._look_once(step, pending=pending)
        if isinstance(finding, Gone):
            return finding._replace(is_new=bool(over) and not self._is_of_the_future(record))
        if isinstance(finding, Found) and finding.id:
            self._known[step.produces] = finding.id
        return finding

    def _wait(
        self, step: Step, record: Record, finding: Finding, *, pending: bool, proving: bool
    ) -> Callable[[], bool] | None:
        """Ask for whether the wait for something that is not there yet is over; `None` where nothing is to be waited for."""
        if not self._is_early(step, finding, pending=pending, proving=proving):
            return None
        pace, operation = self._pace, f"{step.key}.look"
        if pending:
            since, seconds = pace.settling(record)
            reason = f"{step.title}: a request that was cut off may still take effect"
        elif isinstance(finding, Gone) and finding.of and self._is_new(self._record_of(self._parent(step))):
            since, seconds = self._record_of(self._parent(step)).ended_at, pace.visible
            reason = f"{finding.of}: what was just made may take a moment to show"
        elif self._is_new(record):
            since, seconds = record.ended_at, pace.visible
            reason = f"{step.title}: what was just set may take a moment to show"
        else:
            return None
        pace.tell(operation, pace.left(since, seconds), reason)
        return pace.over(since, seconds)

    def _is_early(self, step: Step, finding: Finding, *, pending: bool, proving: bool) -> bool:
        """Whether a finding may be of a moment too early: something that was made is not there, or not as it was sent."""
        match finding:
            case Absent():
                return pending or self._run.record(step.key).made
            case Gone():
                return True
            case Found(leaves=shown, how=How.OURS) if proving:
                return bool(differences(step, body(step, self._answers, self._known), shown))
            case _:
                return False

    def _is_of_the_future(self, record: Record) -> bool:
        """Whether the clock was set back since: how old something is cannot be told then, and it was waited for."""
        return record.ended_at > self._pace.clock() + 1

    def _record_of(self, step: Step | None) -> Record:
        return self._run.record(step.key) if step else Record()

    def _is_new(self, record: Record) -> bool:
        """Whether something was made or changed so lately that it need not show yet."""
        is_ours = record.made and record.status is Status.DONE
        return is_ours and self._pace.left(record.ended_at, self._pace.visible) > 0

    async def _look_once(self, step: Step, *, pending: bool) -> Finding:
        match step.found_by:
            case Listed():
                ours, used = self._run.outputs.get(step.produces), uses_existing(step, self._answers)
                made = self._run.record(step.key).made
                if made and ours and used and not is_same(ours, used):
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

    async def _by_id(self, step: Step, id_: str, how: How) -> Found | Gone:
        reply = await self._or_nothing(read_request(step, id_, self._known))
        if reply is None:
            return Gone(id_)
        unsent = () if how is How.USED else self._unsent(step)
        return Found(_object(reply, step), how, id_, unsent)

    def marks(self, step: Step) -> dict[str, str]:
        """The marks of the secrets that the step sends: they tell later whether another one is given."""
        table = f"{step.key}."
        sent = dict(leaves_of(body(step, self._answers, self._known)))
        given = (secret for secret in self._answers.secrets.items() if secret[0].startswith(table))
        return {key: self._client.mark(secret) for key, secret in given if secret in sent.values()}

    def _unsent(self, step: Step) -> tuple[str, ...]:
        """The secrets that were given and that this is not known to have been sent."""
        sent = self._run.record(step.key).marks
        return tuple(key for key, mark in self.marks(step).items() if sent.get(key) != mark)

    async def _by_name(self, step: Step, listed: Listed, *, pending: bool) -> Finding:
        try:
            items = await self._list(step, listed)
        except ProblemError as error:
            parent = self._parent(step)
            if error.problem.kind is Kind.NOT_FOUND and parent:
                return Gone(self._known[parent.produces], of=parent.title)
            raise
        desired = dict(leaves_of(body(step, self._answers, self._known)))
        named = _ids(items, listed, desired)
        if not pending:
            return Found({}, How.SAME_NAME, named[0]) if named else Absent(alone=not items)
        attempts = self._run.record(step.key).sent
        ids = dict.fromkeys((*named, *(id_ for sent in attempts for id_ in _ids(items, listed, sent))))
        read = [await self._by_id(step, id_, How.RECOVERED) for id_ in ids]
        found = [each for each in read if isinstance(each, Found)]
        # What is just as an attempt had sent it is ours, whatever the answers are by now; of the others, the namesakes
        # may be ours too.
        ours = [each._replace(how=How.OURS) for each in found if _is_as_sent(step, attempts, each)]
        likely = ours or [each for each in found if each.id in named]
        if len(likely) > 1:
            return Several(tuple(each.id for each in likely))
        unread = (each for each in read if isinstance(each, Gone))
        return likely[0] if likely else next(unread, Absent(alone=not items))

    async def _list(self, step: Step, listed: Listed) -> list[Node]:
        """The list that a step is found in; the two applications share one."""
        request = list_request(step, self._known)
        if request.path not in self._lists:
            reading = read_list(self._client, request, root=listed.root, items=listed.items)
            self._lists[request.path] = asyncio.ensure_future(reading)
        return await self._lists[request.path]

    async def _setting(self, step: Step, present: str, *, pending: bool) -> Finding:
        reply = await self._or_nothing(read_request(step, "", self._known))
        leaves = _object(reply, step) if reply else {}
        if not any(leaves.get(present.casefold(), ())):
            return Absent()
        if self._run.record(step.key).made:
            return Found(leaves, How.OURS)
        return Found(leaves, How.RECOVERED if pending else How.USED)

    # --- orders ---

    async def _orders(self, step: Step, ordered: Ordered) -> Numbers:
        orders = self._run.record(step.key).orders
        known = await asyncio.gather(*(self.order(ordered, order) for order in orders))
        located, refused = await self.located()
        return Numbers(tuple(known), located, refused)

    async def order(self, ordered: Ordered, order: Order) -> Order:
        """The order as the API knows it now; as it was where it knows none, once it can have no effect any more.

        Raises:
            ProblemError: the order, or the list of orders, could not be read.
        """
        if order.is_settled:
            return order
        since, seconds = self._pace.settling(order)
        over = self._pace.over(since, seconds)
        is_told = False
        while not order.order_id:
            if id_ := await self._order_id(ordered, order.customer_order_id):
                order = order._replace(order_id=id_)
                break
            if over():
                return order
            if not is_told:
                reason = "Phone number: an order that was cut off may still be placed"
                self._pace.tell("number.list", self._pace.left(since, seconds), reason)
                is_told = True
            await self._pace.sleep(self._pace.look)
        return await self._latest(order)

    async def _latest(self, order: Order) -> Order:
        """The order as it is now; where it cannot be read yet, as it was, and under way."""
        try:
            return await self.read_order(order)
        except ProblemError as error:
            if error.problem.kind is Kind.NOT_FOUND:
                return order._replace(status=order.status or "RECEIVED")
            raise

    async def _order_id(self, ordered: Ordered, customer_order_id: str) -> str:
        # Another order would be placed on the word of this list, so that it has to be one (7.7).
        container, _ = ordered.listed_as.split("/")
        listed = await read_list(
            self._client,
            order_look_up(ordered, customer_order_id, self._known),
            root=ordered.root,
            items=ordered.listed_as,
            container=container,
            next_page=lambda _, shown: text(shown[-1], ordered.id),
        )
        return next(
            (
                text(item, ordered.id)
                for item in listed
                if is_same(text(item, ordered.matched_by), customer_order_id)
            ),
            "",
        )

    async def read_order(self, order: Order) -> Order:
        """The order's status and what it has brought so far; where it does not name all, its numbers are read too."""
        reply = await self._client.send(order_request(order.order_id, self._known))
        root = root_of(reply)
        status = text(root, "OrderStatus").upper()
        if not status:
            told = "Bandwidth's answer about the order does not say how it stands."
            raise ProblemError(
                Problem(operation="number.read", kind=Kind.FAILED, status=reply.status, text=told)
            )
        errors = many(root, "ErrorList", "Error")
        order = order._replace(
            status=status,
            completed=numbers_in({"": find(root, "CompletedNumbers")}),
            failed=_failed(root, order),
            error_code=text(errors[0], "Code") if errors else "",
            error_text=text(errors[0], "Description") if errors else "",
        )
        if order.unaccounted:
            tns = await self._or_nothing(order_numbers_request(order.order_id, self._known))
            brought = (
                number for number in numbers_in(tns.document if tns else {}) if number in order.numbers
            )
            order = order._replace(completed=tuple(dict.fromkeys((*order.completed, *brought))))
        return order

    async def located(self) -> tuple[tuple[str, ...] | None, Problem | None]:
        """The numbers on the location; `None`, and why, where the credentials may not read them."""
        if "sippeer_id" not in self._known or "site_id" not in self._known:
            return (), None
        request = located_request(self._known)
        try:
            items = await read_list(
                self._client, request, root=_LOCATED, items=_LOCATED_ITEMS, next_page=_next_number
            )
        except ProblemError as error:
            if error.problem.kind is Kind.NOT_FOUND:
                if not self._is_new(self._record_of(SIPPEER)):
                    return (), None
                await self._pace.sleep(
                    self._pace.look
                )  # a location of this moment may not be known there yet
                return await self.located()
            if error.problem.status == 403:
                return None, error.problem
            raise
        return numbers_in({"": items}), None

    async def _or_nothing(self, request: Request) -> Reply | None:
        """The reply, or `None` where the API says that there is no such thing."""
        try:
            reply = await self._client.send(request)
        except ProblemError as error:
            if error.problem.kind is Kind.NOT_FOUND:
                return None
            raise
        return None if reply.status == 404 else reply


def _ids(items: list[Node], listed: Listed, values: Mapping[str, str | Secret]) -> tuple[str, ...]:
    """The ids of the items that are named as these values are."""
    return tuple(
        text(item, listed.id)
        for item in items
        if all(is_same(text(item, name), str(values.get(name, ""))) for name in listed.matched_by)
    )


def _is_as_sent(step: Step, attempts: tuple[Mapping[str, str], ...], found: Found) -> bool:
    return any(not differences_of_values(step, sent, found.leaves) for sent in attempts)


def _next_number(request: Request, _shown: list[Node]) -> str:
    return str(int(dict(request.query)["page"]) + 1)


def _failed(root: Node, order: Order) -> tuple[str, ...]:
    """The numbers that an order says it did not get: one by one, or by their count."""
    told = numbers_in({"": [find(root, "FailedNumbers"), *many(root, "ErrorList", "Error")]})
    completed = numbers_in({"": find(root, "CompletedNumbers")})
    count = text(root, "FailedQuantity")
    if completed and count.isdigit() and len(completed) + int(count) >= len(order.numbers):
        return tuple(number for number in order.numbers if number not in completed)
    return told


def _object(reply: Reply, step: Step) -> Leaves:
    """The texts of the step's own object in a reply.

    Raises:
        ProblemError: the answer holds no such object: it says nothing, not even that there is none.
    """
    if not has(reply.document, step.root):
        told = f"Bandwidth's answer holds no {step.api_word}; it says nothing about it."
        raise ProblemError(
            Problem(operation=f"{step.key}.read", kind=Kind.FAILED, status=reply.status, text=told)
        )
    return flatten(find(root_of(reply), step.root) or _own_root(reply, step))


def _own_root(reply: Reply, step: Step) -> Node:
    """The object where it is the document's root itself."""
    return find(reply.document, step.root)
