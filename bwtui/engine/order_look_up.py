"""Look up orders and the numbers that they bought. Only GET."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Final

from bwtui.api.client import Client
from bwtui.api.wire import Node, find, many, text
from bwtui.domain.catalog import LOCATION, PAID_STEP, SITE
from bwtui.domain.planning.requests import (
    Known,
    ageing_request,
    located_request,
    order_look_up,
    order_numbers_request,
    order_request,
)
from bwtui.domain.runs.problem import Kind, Problem, ProblemError
from bwtui.domain.runs.run import Order
from bwtui.domain.steps import FoundAsOrder
from bwtui.domain.values.comparison import is_same
from bwtui.domain.values.documents import Request
from bwtui.engine.list_reader import read_list
from bwtui.engine.replies import numbers_in, or_nothing, root_of
from bwtui.engine.waiting import Pace

_LOCATED: Final = "SipPeerTelephoneNumbersResponse"
_LOCATED_ITEMS: Final = "SipPeerTelephoneNumbers/SipPeerTelephoneNumber"
_STATUSES: Final = "TelephoneNumbersResponse"
_STATUS_ITEMS: Final = "TelephoneNumbers/TelephoneNumber"
_AGEING: Final = "Aging"


class OrderNotShownError(Exception):
    """Raised if a list of orders does not show one that is known to exist: it lags."""


class OrderLookUp:
    """Looks up orders and the numbers on the location; `known` holds the ids known so far, by name."""

    def __init__(
        self, client: Client, known: Known, pace: Pace, location_is_known: Callable[[], bool]
    ) -> None:
        self._client = client
        self._known = known
        self._pace = pace
        self._location_is_known = location_is_known

    async def order(self, ordered: FoundAsOrder, order: Order) -> Order:
        """Return the order as the API shows it now; unchanged if the API knows none and it can no longer take effect.

        For an order that was refused, it is a copy of it that was not, if there is one.

        Raises:
            ProblemError: the order, or the list of orders, could not be read.
        """
        if order.is_settled:
            with suppress(OrderNotShownError):  # who orders asks again
                return await self.copy(ordered, order, wait=True) or order if order.is_refused else order
            return order
        since, seconds = self._pace.settling(order)
        over, tell = self._pace.over(since, seconds), self._pace.once()
        while not order.order_id:
            if id_ := await self._order_id(ordered, order.customer_order_id):
                order = order._replace(order_id=id_)
                break
            if over():
                return order
            reason = "Phone number: an order that was cut off may still be placed"
            tell(PAID_STEP.operation("list"), self._pace.left(since, seconds), reason)
            await self._pace.sleep(self._pace.look)
        return await self._latest(order)

    async def _latest(self, order: Order) -> Order:
        """Read the order; if the API does not find it yet, return it as under way."""
        try:
            return await self.read_order(order)
        except ProblemError as error:
            if error.problem.kind is Kind.NOT_FOUND:
                return order._replace(status=order.status or "RECEIVED")
            raise

    async def copy(self, ordered: FoundAsOrder, refused: Order, *, wait: bool) -> Order | None:
        """Find another order of a refused one's CustomerOrderId, under way or filled.

        A gateway may deliver an order twice: the copy that bwtui is told of is refused since the other has the numbers.
        Where the list does not even show the refused one, it may lag: with `wait` it is read again for a while.

        Raises:
            OrderNotShownError: it still does not show an order that it has to show, so it says nothing of any other.
        """
        since, seconds = refused.ended_at or refused.started_at, self._pace.visible if wait else 0.0
        over, tell = self._pace.over(since, seconds), self._pace.once()
        while not (ids := await self._order_ids(ordered, refused.customer_order_id)) and not over():
            reason = "Phone number: another copy of the order that was refused may have got it"
            tell(PAID_STEP.operation("list"), self._pace.left(since, seconds), reason)
            await self._pace.sleep(self._pace.look)
        if wait and refused.order_id and not ids:
            raise OrderNotShownError
        for id_ in ids:
            if not is_same(id_, refused.order_id):
                other = await self._latest(_copy_of(refused, id_))
                if not other.is_refused:
                    return other
        return None

    async def _order_id(self, ordered: FoundAsOrder, customer_order_id: str) -> str:
        return next(iter(await self._order_ids(ordered, customer_order_id)), "")

    async def _order_ids(self, ordered: FoundAsOrder, customer_order_id: str) -> tuple[str, ...]:
        # If this list lacks the order, another one is placed: the reply must really be a list (7.7).
        container, _ = ordered.listed_as.split("/")
        listed = await read_list(
            self._client,
            order_look_up(ordered, customer_order_id, self._known),
            root=ordered.root,
            items=ordered.listed_as,
            container=container,
            next_page=lambda _, shown: text(shown[-1], ordered.id),
        )
        return tuple(
            text(item, ordered.id)
            for item in listed
            if is_same(text(item, ordered.matched_by), customer_order_id)
        )

    async def read_order(self, order: Order) -> Order:
        """Read the order's status and numbers; if the order does not name all of them, read its list of numbers too."""
        reply = await self._client.send(order_request(order.order_id, self._known))
        root = root_of(reply)
        status = text(root, "OrderStatus").upper()
        if not status:
            sentence = "Bandwidth's answer about the order does not say how it stands."
            raise ProblemError(
                Problem(
                    operation=PAID_STEP.operation("read"),
                    kind=Kind.FAILED,
                    status=reply.status,
                    text=sentence,
                )
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
            tns = await or_nothing(self._client, order_numbers_request(order.order_id, self._known))
            brought = (
                number for number in numbers_in(tns.document if tns else {}) if number in order.numbers
            )
            order = order._replace(completed=tuple(dict.fromkeys((*order.completed, *brought))))
        return order

    async def located(self) -> tuple[tuple[str, ...] | None, Problem | None]:
        """Read the numbers on the location; `None` and the reason if the credentials may not read them."""
        if LOCATION.produces not in self._known or SITE.produces not in self._known:
            return (), None
        request = located_request(self._known)
        try:
            items = await read_list(
                self._client, request, root=_LOCATED, items=_LOCATED_ITEMS, next_page=next_page
            )
        except ProblemError as error:
            if error.problem.kind is Kind.NOT_FOUND:
                if self._location_is_known():
                    return (), None
                # A location that was just made may not be known there yet.
                await self._pace.sleep(self._pace.look)
                return await self.located()
            if error.problem.status == 403:
                return None, error.problem
            raise
        return numbers_in({"": items}), None

    async def ageing(self, orders: Iterable[Order]) -> tuple[frozenset[str], Problem | None]:
        """Read the account's numbers that are being released; none and the reason if they cannot be read.

        A number of one of the `orders` that was just sent is none: the list may still show what it was before.
        """
        request = ageing_request(self._known)
        try:
            items = await read_list(
                self._client, request, root=_STATUSES, items=_STATUS_ITEMS, next_page=next_page
            )
        except ProblemError as error:
            return frozenset(), error.problem
        ageing = [item for item in items if self._is_ageing(item)]
        recent = (order for order in orders if self._pace.left(order.started_at, self._pace.restored) > 0)
        just_ordered = {number for order in recent for number in order.numbers}
        return frozenset(numbers_in({"": ageing})) - just_ordered, None

    def _is_ageing(self, item: Node) -> bool:
        """Return True for a number of this account that says so itself: the API may not know the filter."""
        is_ours = text(item, "AccountId") in ("", self._known.id("account_id"))
        return is_ours and is_same(text(item, "Status"), _AGEING)


def _copy_of(refused: Order, order_id: str) -> Order:
    return Order(
        refused.customer_order_id, refused.numbers, refused.started_at, refused.chosen_by,
        order_id=order_id, status="RECEIVED",
    )  # fmt: skip


def next_page(request: Request, _shown: list[Node]) -> str:
    """Return the `page` of the next page, where pages are counted."""
    return str(int(dict(request.query)["page"]) + 1)


def _failed(root: Node, order: Order) -> tuple[str, ...]:
    """Return the numbers that the order says it did not get, by its list or its count of them."""
    numbers = numbers_in({"": [find(root, "FailedNumbers"), *many(root, "ErrorList", "Error")]})
    completed = numbers_in({"": find(root, "CompletedNumbers")})
    count = text(root, "FailedQuantity")
    if completed and count.isdigit() and len(completed) + int(count) >= len(order.numbers):
        return tuple(number for number in order.numbers if number not in completed)
    return numbers
