"""Read whether carriers take the messages of phone numbers: 10DLC campaigns, toll-free verifications. Only GET."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final
from urllib.parse import quote

from bwtui.api.client import Client
from bwtui.api.errors import ORDERS_OF_NUMBER
from bwtui.api.wire import Node, find, many, text
from bwtui.domain.arrival.arrival import (
    CampaignOrder,
    Registration,
    Unread,
    Verification,
    campaigns_refused,
    verification_refused,
)
from bwtui.domain.planning.requests import REGISTERED, Known
from bwtui.domain.values.documents import Request
from bwtui.domain.values.phone_numbers import e164, ten_digits
from bwtui.engine.list_reader import offset_items
from bwtui.engine.replies import numbers_in, or_nothing
from bwtui.engine.unread import nothing_read, or_unread

_PAGE: Final = 100
MOST_PAGES: Final = 50
"""Most pages of one list: an account may have a hundred thousand numbers, and a verdict is not worth minutes."""

_MOST_CAMPAIGNS: Final = 20
"""Most campaigns whose own numbers are looked through for those that the list of numbers has without a campaign."""

_UNDER_WAY: Final = frozenset({"RECEIVED", "PROCESSING"})
_REMOVES: Final = frozenset({"delete", "systemdefault", "off"})

_TOLD: Final = "10DLC campaigns cannot be read"


class RegistrationReader:
    """Reads the campaigns of local numbers and the verifications of toll-free ones."""

    def __init__(self, client: Client, known: Known) -> None:
        self._client = client
        self._account = f"/v2/accounts/{quote(known.id('account_id'), safe='')}"

    async def campaigns(self, numbers: tuple[str, ...]) -> dict[str, Registration | Unread]:
        """Return the campaign of each local number, with the status of that campaign."""
        if not numbers:
            return {}
        listed = await or_unread(self._listed(numbers), _TOLD, campaigns_refused)
        if isinstance(listed, Unread):
            return dict.fromkeys(numbers, listed)
        found = await asyncio.gather(*(self._joined(number, listed) for number in numbers))
        statuses = await self._statuses(
            {each.campaign_id for each in found if isinstance(each, Registration)}
        )
        return {
            number: each._replace(campaign_status=statuses.get(each.campaign_id, ""))
            if isinstance(each, Registration)
            else each
            for number, each in zip(numbers, found, strict=True)
        }

    async def verification(self, number: str) -> Verification | Unread:
        """Return the verification of a toll-free number."""
        path = f"{self._account}/phoneNumbers/{e164(number)}/tollFreeVerification"
        reading = self._verification(Request("registration.verification", "GET", path, is_json=True))
        return await or_unread(reading, "Its toll-free verification cannot be read", verification_refused)

    async def _verification(self, request: Request) -> Verification:
        reply = await or_nothing(self._client, request)
        if reply is None:  # never submitted
            return Verification("")
        shown = find(reply.document, "data") or reply.document
        status, is_blocked = text(shown, "status").upper(), text(shown, "blocked") == "true"
        if not status and not is_blocked:
            raise nothing_read(request, "Bandwidth's answer holds no verification.")
        reasons = (
            text(shown, "denialStatusCode"),
            text(shown, "declineReasonDescription")
            or "; ".join(text(each, "reason") for each in many(shown, "additionalDenialReasons")),
        )
        return Verification(status, " ".join(filter(None, reasons)), is_blocked, text(shown, "blockedReason"))

    # --- local numbers ---

    async def _listed(self, numbers: tuple[str, ...]) -> dict[str, Node]:
        """Return the rows of the numbers in the list of all; one that is missing is certainly not in it.

        A single number may be 404 although the list has it, so it is not asked for.
        """
        wanted, rows = set(numbers), {}
        async for row in self._rows(f"{self._account}/tendlc/phoneNumbers", "registration.numbers"):
            number = ten_digits(text(row, "phoneNumber"))
            if number in wanted:
                rows[number] = row
            if rows.keys() == wanted:
                break
        return rows

    async def _joined(self, number: str, listed: dict[str, Node]) -> Registration | Unread:
        """Return the registration of a number; of one without a campaign also what could still bring it on one."""
        row = listed.get(number, {})
        status, campaign_id = text(row, "status").upper(), text(row, "campaignId")
        if status == "PROCESSING" or (status == "SUCCESS" and campaign_id):
            return Registration(status, campaign_id)
        order = await or_unread(self._order(number), "The orders of number options cannot be read")
        found = Registration(status, campaign_id, order=order)
        if status == "FAILURE" or (isinstance(order, CampaignOrder) and order.is_under_way):
            return found
        return await or_unread(self._looked_for(number, found), _TOLD, campaigns_refused)

    async def _looked_for(self, number: str, found: Registration) -> Registration:
        """Look through the registered campaigns for a number that the list of numbers has without a campaign.

        Where none has it, `found` is returned with the campaigns that it could join.
        """
        path = f"{self._account}/tendlc/campaigns"
        campaigns = [
            id_
            async for row in self._rows(path, "registration.list", (("status[eq]", REGISTERED),))
            # The server may ignore the filter.
            if text(row, "status").upper() == REGISTERED and (id_ := text(row, "campaignId"))
        ]
        if len(campaigns) > _MOST_CAMPAIGNS:
            raise nothing_read(
                Request("registration.list", "GET", path), "There are too many campaigns to look through."
            )
        for id_ in campaigns:
            numbers = f"{path}/{quote(id_, safe='')}/phoneNumbers"
            async for row in self._rows(numbers, "registration.numbers"):
                if ten_digits(text(row, "phoneNumber")) == number:
                    return Registration(text(row, "status").upper(), id_)
        return found._replace(joinable=tuple(campaigns))

    async def _statuses(self, campaigns: set[str]) -> dict[str, str | Unread]:
        ids = sorted(campaigns - {""})
        read = (
            or_unread(self._status(id_), f"Campaign {id_} cannot be read", campaigns_refused) for id_ in ids
        )
        return dict(zip(ids, await asyncio.gather(*read), strict=True))

    async def _status(self, campaign_id: str) -> str:
        path = f"{self._account}/tendlc/campaigns/{quote(campaign_id, safe='')}"
        reply = await self._client.send(Request("registration.read", "GET", path, is_json=True))
        return text(find(reply.document, "data"), "status")

    async def _order(self, number: str) -> CampaignOrder:
        """Return the last order of number options for a number; it may be listed under either form of the number."""
        for form in (number, e164(number)):
            query = (("tn", form), ("orderDetails", "true"))
            reply = await or_nothing(
                self._client, Request(ORDERS_OF_NUMBER, "GET", f"{self._account}/tnoptions", query)
            )
            orders = many(reply.document, "TnOptionOrders", "TnOptionOrder") if reply else []
            # The server may ignore the filter.
            ours = [order for order in orders if number in numbers_in(order) and not _removes(order)]
            if ours:
                return _last_order(ours, number)
        return CampaignOrder()

    # --- pages ---

    def _rows(
        self, path: str, operation: str, query: tuple[tuple[str, str], ...] = ()
    ) -> AsyncIterator[Node]:
        request = Request(operation, "GET", path, (*query, ("limit", str(_PAGE))), is_json=True)
        return offset_items(self._client, request, most_pages=MOST_PAGES, refuse=nothing_read)


def _removes(order: Node) -> bool:
    """Return True for an order that takes numbers off their campaign."""
    actions = {
        text(find(group, "A2pSettings"), "Action").lower()
        for group in many(order, "TnOptionGroups", "TnOptionGroup")
    }
    return bool(actions) and actions <= _REMOVES


def _last_order(orders: list[Node], number: str) -> CampaignOrder:
    last = max(orders, key=lambda order: text(order, "OrderCreateDate", "LastModifiedDate"))
    if any(text(order, "ProcessingStatus", "OrderStatus").upper() in _UNDER_WAY for order in orders):
        return CampaignOrder(is_under_way=True)
    errors = [error for error in many(last, "ErrorList", "Error") if number in (*numbers_in(error), "")]
    sentences = (
        " ".join(filter(None, (text(error, "Code"), text(error, "Description")))) for error in errors
    )
    return CampaignOrder(error=next(filter(None, sentences), ""))
