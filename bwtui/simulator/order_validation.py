"""Validate an order's body before any numbers are looked for (bandwidth-api 7.1)."""

import re
from xml.etree.ElementTree import Element

from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, whole
from bwtui.simulator.resources import Order, SipPeer
from bwtui.simulator.simulated_account import last_ten
from bwtui.simulator.xml import flag, text, texts

_EXISTING = "ExistingTelephoneNumberOrderType"
_SEARCHES = {
    "AreaCodeSearchAndOrderType": ("AreaCode",),
    "RateCenterSearchAndOrderType": ("RateCenter", "State"),
    "NPANXXSearchAndOrderType": ("NpaNxx",),
    "CitySearchAndOrderType": ("City", "State"),
    "StateSearchAndOrderType": ("State",),
    "ZIPSearchAndOrderType": ("Zip",),
    "LATASearchAndOrderType": ("Lata",),
    "TollFreeVanitySearchAndOrderType": ("TollFreeVanity",),
    "TollFreeWildCharSearchAndOrderType": ("TollFreeWildCardPattern",),
    "CombinedSearchAndOrderType": (
        "AreaCode", "RateCenter", "State", "NpaNxx", "NpaNxxX", "Lata", "City", "Zip", "LocalVanity", "EndsIn",
    ),
}  # fmt: skip


def read(request: ApiRequest, submitted: Element) -> Order:
    """Return the order, or refuse it; the availability of its numbers is checked later."""
    account, now = request.account, request.account.clock()
    if account.settings.lacks("ORDERING") or account.settings.lacks("NumberManagement"):
        raise ErrorResponse(400, 5183, "Ordering is not enabled on the specified account")
    name = text(submitted, "Name")
    if name is not None and len(name) > 50:
        raise ErrorResponse(400, 1011, "Name is too long. Max length 50 characters")
    customer_order_id = read_customer_order_id(submitted)
    peer = _peer(request, submitted)
    kind = next((child for child in submitted if child.tag in {_EXISTING, *_SEARCHES}), None)
    if kind is None:
        raise ErrorResponse(400, 5087, "The input order type is not a valid entry.")
    tns = _tns(request, kind) if kind.tag == _EXISTING else None
    partial = text(submitted, "PartialAllowed")
    if partial is not None and partial.lower() not in {"true", "false"}:
        raise ErrorResponse(400, 5217, "The PartialAllowed value submitted is invalid.")
    back_order = flag(submitted, "BackOrderRequested")
    if back_order and (tns is not None or kind.tag.startswith(("NPANXX", "TollFreeVanity"))):
        words = "Backorders are not compatible with Specific TN, NPANXX, NPANXXX, TollFree Vanity or Local Vanity orders"
        raise ErrorResponse(400, 5522, words)
    return Order(
        id=account.new_uuid("order"),
        submitted=kind,
        name=name,
        customer_order_id=customer_order_id,
        site_id=peer.site_id,
        peer_id=peer.id,
        peer_given=text(submitted, "PeerId") is not None,
        tns=tns,
        criteria={} if tns is not None else _criteria(kind),
        quantity=len(tns) if tns is not None else _quantity(kind),
        # If it is left out, the echo says true, unlike the guide's table (bandwidth-api 10.9).
        partial_allowed=flag(submitted, "PartialAllowed", default=True),
        back_order=back_order,
        created=now,
        due=now + account.settings.order_seconds,
        user=request.user,
    )


def _peer(request: ApiRequest, submitted: Element) -> SipPeer:
    site_id, peer_id = text(submitted, "SiteId"), text(submitted, "PeerId")
    if site_id is None:
        raise ErrorResponse(400, 5022, "SiteId is a required field.")
    site = request.account.sites.get(site_id)
    if site is None:
        raise ErrorResponse(400, 5016, "The SiteId submitted is invalid.")
    if peer_id is not None:
        if peer_id not in site.peers:
            raise ErrorResponse(400, 5023, "SIP peer submitted is invalid.")
        return site.peers[peer_id]
    default = next((peer for peer in site.peers.values() if peer.is_default), None)
    if default is None:
        words = "No default SIP peer is set on the account and site. Please create one then resubmit your request."
        raise ErrorResponse(400, 5020, words)
    return default


def read_customer_order_id(submitted: Element) -> str | None:
    given = text(submitted, "CustomerOrderId")
    if given is not None and not re.fullmatch(r"[A-Za-z0-9\- ]{1,40}", given):
        words = (
            "Customer order ID is invalid. Only alphanumeric values, dashes and spaces are allowed. Max length is 40"
            " characters."
        )
        raise ErrorResponse(400, 5052, words)
    return given


def _tns(request: ApiRequest, kind: Element) -> list[str]:
    given = texts(kind, "TelephoneNumberList/TelephoneNumber")
    held = texts(kind, "ReservationIdList/ReservationId")
    given += [request.account.reservations[key].tn for key in held if key in request.account.reservations]
    if not given:
        raise ErrorResponse(400, 5212, "The input list of telephone numbers is null or empty.")
    if len(given) > 5000:
        words = "The count of telephone numbers in order exceeds the maximum size of 5000"
        raise ErrorResponse(400, 5095, words)
    if request.universal_v2:
        _refuse_other_countries(given)
    tns = [tn for number in given if (tn := last_ten(number)) is not None]
    if not tns:
        raise ErrorResponse(400, 5008, "All telephone numbers specified are invalid")
    if len(tns) < len(given):
        raise ErrorResponse(400, 5213, "The telephone number is not valid for ordering.")
    if len(set(tns)) < len(tns):
        raise ErrorResponse(400, 5093, "Order cannot contain duplicate telephone numbers")
    return tns


def _refuse_other_countries(given: list[str]) -> None:
    """Refuse numbers outside +1, alone or mixed with others (universal-platform 2)."""
    foreign = [number for number in given if number.startswith("+") and not number.startswith("+1")]
    if foreign and len(foreign) < len(given):
        raise ErrorResponse(400, 5165, "North American and international numbers cannot be in one order.")
    if foreign:
        raise ErrorResponse(400, 5257, "Ordering numbers outside +1 is not allowed for this account.")


def _criteria(kind: Element) -> dict[str, str]:
    names = _SEARCHES[kind.tag]
    found = {name.lower(): value for name in names if (value := text(kind, name, name.upper())) is not None}
    if "endsin" in found:
        found["endsin"] = found["endsin"].lower()
    required = () if kind.tag.startswith("Combined") else names
    for name in required:
        if name.lower() not in found:
            raise ErrorResponse(400, 5224, f"The search criteria '{name}' cannot be empty")
    if not found:
        raise ErrorResponse(400, 5002, "Unable to perform search. Please, provide some search criteria")
    if flag(kind, "EnableLCA", default=True) and found.keys() & {"npanxx", "npanxxx", "ratecenter"}:
        found["lca"] = "true"
    return found


def _quantity(kind: Element) -> int:
    given = text(kind, "Quantity")
    quantity = whole(given)
    if not quantity:
        raise ErrorResponse(400, 5009, f"The quantity specified {given or ''} is invalid.")
    if quantity > 5000:
        words = "The quantity specified in the order is not valid or exceeds the maximum value of 5000"
        raise ErrorResponse(400, 5215, words)
    return quantity


def apply_script(request: ApiRequest, order: Order) -> None:
    """Apply the request's "order" fault: the forced outcome and the numbers lost to others."""
    fault = request.order_script
    if fault is None:
        return
    order.forced = fault.outcome
    if isinstance(fault.taken, int):
        tns = (
            order.tns
            if order.tns is not None
            else [tn for tn, _ in request.account.search(order.criteria, 5000)]
        )
        order.lost = tuple(tns[: fault.taken])
    else:
        order.lost = tuple(tn for number in fault.taken if (tn := last_ten(number)) is not None)
    if order.forced == "RECEIVED":
        # This order is never worked on, so its lost numbers are sold here.
        request.account.sold_elsewhere |= set(order.lost)
