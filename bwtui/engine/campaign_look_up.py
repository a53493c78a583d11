"""Look up a 10DLC campaign, the numbers on it, and the orders that put them there. Only GET."""

from bwtui.api.client import Client
from bwtui.api.wire import Node, find, many, text
from bwtui.domain.account.findings import OnCampaign
from bwtui.domain.planning.campaign_plan import BEING_SET, local_numbers
from bwtui.domain.planning.requests import (
    REGISTERED,
    Known,
    campaign_numbers_request,
    campaign_order_look_up,
    campaign_order_request,
    campaign_request,
    campaigns_request,
)
from bwtui.domain.runs.problem import Kind, Problem, ProblemError
from bwtui.domain.runs.run import Order
from bwtui.domain.steps import FoundOnCampaign, Step
from bwtui.domain.values.comparison import is_same
from bwtui.domain.values.documents import Request
from bwtui.domain.values.phone_numbers import readable, ten_digits
from bwtui.engine.list_reader import read_list, read_offset_list
from bwtui.engine.replies import numbers_in, or_nothing, root_of
from bwtui.engine.waiting import Pace

_REPORT, _ORDERS = "TnOptionOrderReportResponse", "TnOptionOrders"
"""The roots of the list of orders: the specification has one around the other, published examples the inner one alone."""
_ORDER, _SUMMARY = "TnOptionOrder", "TnOptionOrderSummary"


class CampaignLookUp:
    """Looks up a campaign with its numbers and orders; `known` holds the ids known so far, by name."""

    def __init__(self, client: Client, step: Step, known: Known, pace: Pace) -> None:
        assert isinstance(step.found_by, FoundOnCampaign), "only these are on a campaign"
        self._client = client
        self._step = step
        self._found_by = step.found_by
        self._known = known
        self._pace = pace

    async def look(
        self, campaign_id: str, orders: tuple[Order, ...], removals: tuple[Order, ...] = ()
    ) -> OnCampaign:
        """Return how the campaign stands, which of the setup's local numbers are on which, and the orders as they are now.

        Numbers that a removal may still take off count as being set, whatever they show.

        Raises:
            ProblemError: something could not be read; an incomplete list proves nothing.
        """
        known = tuple([await self.order(order) for order in orders])
        leaving = [await self.order(order) for order in removals]
        numbers = local_numbers(self._known.numbers)
        put = (number for order in known for number in order.completed)
        rows = await self._rows(tuple(dict.fromkeys((*numbers, *put))))
        for order in leaving:
            if order.order_id and not order.is_settled:
                rows |= {number: (BEING_SET, rows.get(number, ("", ""))[1]) for number in order.numbers}
        return OnCampaign(numbers, campaign_id, await self._status(campaign_id), rows, known)

    async def _status(self, campaign_id: str) -> str:
        """Return the status of a campaign; empty if the account has none with this id."""
        if not campaign_id:
            return ""
        request = campaign_request(self._step, self._found_by, campaign_id, self._known)
        reply = await or_nothing(self._client, request)
        return text(find(reply.document, "data"), "status").upper() if reply else ""

    async def _rows(self, numbers: tuple[str, ...]) -> dict[str, tuple[str, str]]:
        """Read the whole list, since no filter by number is known to work and 404 for one number proves nothing."""
        if not numbers:
            return {}
        request = campaign_numbers_request(self._step, self._found_by, self._known)
        items = await read_offset_list(self._client, request)
        rows = {
            ten_digits(text(item, "phoneNumber")): (text(item, "status").upper(), text(item, "campaignId"))
            for item in items
        }
        return {number: rows[number] for number in numbers if number in rows}

    async def campaigns(self) -> list[Node]:
        """List the campaigns that numbers can join; the status is compared here, since filters may be ignored."""
        request = campaigns_request(self._step, self._found_by, self._known)
        items = await read_offset_list(self._client, request)
        return [item for item in items if is_same(text(item, "status"), REGISTERED)]

    # --- orders ---

    async def order(self, order: Order) -> Order:
        """Return an order as the API shows it now; unchanged if the API knows none and it can no longer take effect.

        Raises:
            ProblemError: the order, or the list of orders, could not be read.
        """
        if order.is_settled:
            return order
        since, seconds = self._pace.settling(order)
        over, tell = self._pace.over(since, seconds), self._pace.once()
        while not order.order_id:
            if found := await self.found(order):
                return found
            if over():
                return order
            reason = f"{self._step.title}: an order that was cut off may still be placed"
            tell(self._step.operation("list"), self._pace.left(since, seconds), reason)
            await self._pace.sleep(self._pace.look)
        return await self.read(order)

    async def found(self, order: Order) -> Order | None:
        """Find an order in the list by its CustomerOrderId; of two copies of one request, one that is under way."""
        copies = [
            _as_shown(order, item)
            for item in await self._listed(order.customer_order_id)
            if is_same(text(item, "CustomerOrderId"), order.customer_order_id) and text(item, "OrderId")
        ]
        return min(copies, key=lambda copy: (copy.is_settled, -len(copy.completed))) if copies else None

    async def _listed(self, customer_order_id: str) -> list[Node]:
        """List whole orders; summaries do not say whose they are, so each of their orders is read."""
        listed = await read_list(
            self._client,
            campaign_order_look_up(self._step, customer_order_id, self._known),
            root=_REPORT,
            bare=_ORDERS,
            items=f"{_ORDER}|{_SUMMARY}",
        )
        return [item if text(item, "CustomerOrderId") else await self._whole(item) for item in listed]

    async def _whole(self, summary: Node) -> Node:
        """Read the order of a summary; an order that nobody finds any more is nobody's."""
        order_id = text(summary, "OrderId")
        return (order_id and await self._read(order_id)) or summary

    async def read(self, order: Order) -> Order:
        """Read an order by its id; one that the API does not find yet is returned as under way."""
        item = await self._read(order.order_id)
        return _as_shown(order, item) if item else order._replace(status=order.status or "RECEIVED")

    async def _read(self, order_id: str) -> Node:
        """Read an order; return `{}` if the API does not find it."""
        request = campaign_order_request(self._step, order_id, self._known)
        reply = await or_nothing(self._client, request)
        if not reply:
            return {}
        root = root_of(reply)
        item = find(root, _ORDER) or root
        if not text(item, "ProcessingStatus"):
            raise ProblemError(_no_status(request, reply.status))
        return item


def _no_status(request: Request, status: int) -> Problem:
    text = "Bandwidth's answer about the order does not say how it stands."
    return Problem(operation=request.operation, kind=Kind.FAILED, status=status, text=text)


def _as_shown(order: Order, item: Node) -> Order:
    """Return an order with what the API shows of it: its status, and what became of each number."""
    order = order._replace(
        order_id=text(item, "OrderId") or order.order_id,
        status=text(item, "ProcessingStatus").upper() or "RECEIVED",
    )
    errors = many(item, "ErrorList", "Error") if order.is_final else []
    named = [(error, numbers_in({"": error})) for error in errors]
    failed = tuple(number for _, numbers in named for number in numbers if number in order.numbers)
    if order.is_final and order.status != "COMPLETE" and not failed:
        failed = order.numbers
    completed = tuple(number for number in order.numbers if order.is_final and number not in failed)
    return order._replace(
        completed=completed,
        failed=failed,
        error_code=text(errors[0], "Code", "ErrorCode") if errors else "",
        error_text="; ".join(_told(error, numbers) for error, numbers in named),
    )


def _told(error: Node, numbers: tuple[str, ...]) -> str:
    whom = f"{', '.join(map(readable, numbers))}: " if numbers else ""
    return f"{whom}{text(error, 'Description')} ({text(error, 'Code', 'ErrorCode')})"
