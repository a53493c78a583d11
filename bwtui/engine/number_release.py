"""Release numbers by an order of its own: on disk before it is sent, found again, watched to its end.

Released numbers cannot be had back, so an order is sent only for numbers that are still on the location and that no
other order of ours may be releasing.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from http import HTTPStatus

from bwtui.api.client import Client, Reply
from bwtui.api.wire import find, many, new_id, text
from bwtui.domain.catalog import LOCATION
from bwtui.domain.planning.requests import Known
from bwtui.domain.runs.problem import Kind, OwnCode, Problem, ProblemError
from bwtui.domain.runs.run import Order, Removal, order_known
from bwtui.domain.runs.run_events import Event, RemovalStarted
from bwtui.domain.steps import ReleasedByOrder, Step
from bwtui.domain.teardown.teardown import has_ended
from bwtui.domain.teardown.undo_requests import (
    in_service_request,
    location_request,
    release_list_request,
    release_read_request,
    undo_request,
)
from bwtui.domain.values.comparison import is_same
from bwtui.engine.list_reader import read_list
from bwtui.engine.order_ids import new_customer_order_id
from bwtui.engine.order_look_up import OrderLookUp, next_page
from bwtui.engine.replies import numbers_in, or_nothing, root_of
from bwtui.engine.waiting import Pace


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRelease:
    """One run of releasing numbers."""

    client: Client
    step: Step
    release: ReleasedByOrder
    known: Known
    removal: Callable[[], Removal]
    """Returns the removal so far, with its orders."""
    note: Callable[[Event], None]
    settled: Callable[[], Awaitable[None]]
    """Waits until every noted event is on disk."""
    pace: Pace

    async def complete(self, numbers: tuple[str, ...]) -> None:
        """Release the numbers, and wait until none is in service on the account.

        Raises:
            ProblemError: it was refused, for all or some, or its outcome is not known yet.
            Stopped: the person wants to leave; the order goes on by itself and is found again.
        """
        for order in self.removal().releases:
            if not has_ended(order):
                await self._settle(order)
        released = {number for order in self.removal().releases for number in order.completed}
        if missing := tuple(each for each in await self._serving(numbers) if each not in released):
            await self._order(missing)
        await self._prove(numbers)

    # --- the order ---

    async def _order(self, numbers: tuple[str, ...]) -> None:
        self.pace.check()
        order = Order(new_customer_order_id(), numbers, started_at=self.pace.clock())
        self.note(
            RemovalStarted(
                self.step.key, order.started_at, customer_order_id=order.customer_order_id, numbers=numbers
            )
        )
        await self.settled()
        known = Known({**self.known, "numbers": numbers, "customer_order_id": order.customer_order_id})
        try:
            reply = await self.client.send(undo_request(self.step, known))
        except ProblemError as error:
            await self._after_failure(order, error.problem)
        else:
            id_ = new_id(reply, "id", "orderId")
            await (self._watch(order._replace(order_id=id_)) if id_ else self._settle(order))

    async def _after_failure(self, order: Order, problem: Problem) -> None:
        """Look for an order that was refused or got no answer; raise the problem if there is none."""
        if problem.unclear:
            await self._settle(order)
        elif id_ := await self._find(order):  # a gateway may deliver it twice, and tell of the copy
            await self._watch(order._replace(order_id=id_))
        else:
            self._update(order._replace(status="FAILED", error_code=problem.code, error_text=problem.text))
            raise ProblemError(problem)

    async def _settle(self, order: Order) -> None:
        """Find an order whose answer was lost, and watch it; one that can no longer arrive has failed."""
        since, seconds = self.pace.settling(order)
        over, tell = self.pace.over(since, seconds), self.pace.once()
        while not order.order_id:
            if id_ := await self._find(order):
                order = order._replace(order_id=id_)
            elif over():
                self._update(order._replace(status="FAILED", error_text="It never reached Bandwidth."))
                return
            else:
                reason = f"{self.step.title}: an order that was cut off may still be placed"
                tell(self.step.operation("list"), self.pace.left(since, seconds), reason)
                await self.pace.sleep(self.pace.look)
        await self._watch(order)

    async def _find(self, order: Order) -> str:
        """Return the id of the order with our CustomerOrderId; empty if the list has none."""
        listed = await read_list(
            self.client,
            release_list_request(self.step, self.release, self.known),
            root=self.release.listed_root,
            items=self.release.listed_as,
            next_page=next_page,
        )
        same = (
            each for each in listed if is_same(text(each, self.release.matched_by), order.customer_order_id)
        )
        return next((text(each, self.release.id) for each in same), "")

    async def _watch(self, order: Order) -> None:
        """Read an order until it ends; it has no time limit, and one may leave and come back.

        With a status that nobody knows, what the numbers show decides, for as long as the location may lag.
        """
        self._update(order)
        over = None
        for pause in self.pace.polls():
            order = self._read(order, await self._read_reply(order))
            self._update(order)
            if has_ended(order):
                return
            if order.is_final:
                over = over or self.pace.over(self.pace.clock(), self.pace.located)
                if not await self._serving(order.numbers):
                    return
                if over():
                    text = f"The order shows the status {order.status}, which bwtui does not know, and its numbers are still in service."
                    raise ProblemError(self._problem(Kind.UNREACHABLE, text, OwnCode.STILL_SHOWN))
            await self.pace.sleep(pause)

    async def _read_reply(self, order: Order) -> Reply | None:
        """Read the order; `None` if it is not visible yet."""
        return await or_nothing(
            self.client, release_read_request(self.step, self.release, order.order_id, self.known)
        )

    def _read(self, order: Order, reply: Reply | None) -> Order:
        if reply is None:
            return order._replace(status=order.status or "RECEIVED")
        root = root_of(reply)
        status = text(root, "OrderStatus").upper() or order.status
        errors = many(root, "ErrorList", "Error")
        failed = numbers_in({"": list(errors)})
        named = numbers_in({"": find(root, self.release.released)})
        whole = order.numbers if status == "COMPLETE" else ()
        return order._replace(
            status=status,
            completed=tuple(number for number in named or whole if number in order.numbers),
            failed=failed,
            error_code=text(errors[0], "Code") if errors else "",
            error_text=text(errors[0], "Description") if errors else "",
        )

    def _update(self, order: Order) -> None:
        known = next(
            each for each in self.removal().releases if each.customer_order_id == order.customer_order_id
        )
        if known._replace(started_at=0, ended_at=0) != order._replace(started_at=0, ended_at=0):
            self.note(order_known(self.step.key, order, self.pace.clock()))

    # --- the proof ---

    async def _prove(self, numbers: tuple[str, ...]) -> None:
        """Wait until none of the numbers is on the location, or in service at least: lists lag, and show ageing ones."""
        over = self.pace.over(self.pace.clock(), self.pace.located)
        while serving := await self._serving(numbers):
            if problem := self._refusal(serving):
                raise ProblemError(problem)
            if over():
                text = "Numbers that were released still show as in service. Run again later to look."
                raise ProblemError(self._problem(Kind.UNREACHABLE, text, OwnCode.STILL_SHOWN))
            await self.pace.sleep(self.pace.look)

    async def _serving(self, numbers: tuple[str, ...]) -> tuple[str, ...]:
        """Return those of the numbers that are in service on the location: its list shows ageing ones, too."""
        there = [number for number in await self._located() if number in numbers]
        return tuple([each for each in there if await self._is_in_service(each)])

    def _refusal(self, serving: tuple[str, ...]) -> Problem | None:
        """Return why numbers were not released, if the last order that names one of them says so."""
        last = {number: order for order in self.removal().releases for number in order.numbers}
        for number, order in last.items():
            if number in serving and has_ended(order) and number not in order.completed:
                text = order.error_text or f"The order ended as {order.status}, and these numbers stay."
                return self._problem(Kind.FAILED, text, order.error_code)
        return None

    def _problem(self, kind: Kind, told: str, code: str = "") -> Problem:
        return Problem(operation=self.step.operation("disconnect"), kind=kind, text=told, code=code)

    async def _is_in_service(self, number: str) -> bool:
        return await is_in_service(self.client, self.step, self.release, number, self.known)

    async def _located(self) -> tuple[str, ...]:
        located, refused = await OrderLookUp(self.client, self.known, self.pace, lambda: True).located()
        if located is None:
            assert refused, "there is a reason"
            raise ProblemError(refused)
        return located


async def is_in_service(
    client: Client, step: Step, release: ReleasedByOrder, number: str, known: Known
) -> bool:
    """Return True unless the account certainly does not have the number in service."""
    request = in_service_request(step, release, number, known)
    try:
        return await or_nothing(client, request) is not None
    except ProblemError as error:
        if error.problem.status == HTTPStatus.FORBIDDEN:
            return True
        raise


async def is_on_another_location(
    client: Client, step: Step, release: ReleasedByOrder, number: str, known: Known
) -> bool:
    """Return True if the number is certainly on another location than ours."""
    try:
        reply = await or_nothing(client, location_request(step, release, number, known))
    except ProblemError:
        return False
    there = text(root_of(reply), "Id") if reply else ""
    return bool(there) and not is_same(there, str(known[LOCATION.produces]))
