"""Giving numbers back (sheet 7.8)."""

from xml.etree.ElementTree import Element

from bwtui.simulator import paging
from bwtui.simulator.error_responses import Refusal
from bwtui.simulator.http import Call, Reply, created
from bwtui.simulator.resources import Disconnect
from bwtui.simulator.simulated_account import last_ten, stamp
from bwtui.simulator.xml import element, leaf, leaves, text, texts

_WRAPPER = "DisconnectTelephoneNumberOrderType"


def create(call: Call) -> Reply:
    submitted = call.document("DisconnectTelephoneNumberOrder")
    given = texts(submitted, f"{_WRAPPER}/TelephoneNumberList/TelephoneNumber")
    tns = [tn for number in given if (tn := last_ten(number)) is not None]
    if not given or len(tns) < len(given):
        raise Refusal(400, 5001, "Invalid input telephone number list")
    mode = (text(submitted, f"{_WRAPPER}/DisconnectMode", "DisconnectMode") or "normal").lower()
    if mode not in {"normal", "soft-remove", "purge"}:
        words = f"DisconnectMode '{mode}' is invalid. Valid values are: normal, soft-remove, purge"
        raise Refusal(400, 5084, words)
    now = call.world.clock()
    order = Disconnect(
        id=call.world.new_uuid(),
        name=text(submitted, "Name", "name"),
        customer_order_id=text(submitted, "CustomerOrderId"),
        tns=tns,
        mode=mode,
        created=now,
        due=now + call.world.settings.order_seconds,
        user=call.user,
    )
    call.world.disconnects[order.id] = order
    call.world.note(f"disconnect {order.id} received")
    return created(call.account_url(f"/disconnects/{order.id}"), _response(call, order))


def get(call: Call) -> Reply:
    order = call.world.disconnects.get(call.ids["order"])
    if order is None:
        raise Refusal(404)
    return Reply(200, _response(call, order))


def list_all(call: Call) -> Reply:
    """404 with a Links-only body when there are none."""
    if not call.world.disconnects or call.page() is None:
        return paging.nothing(call)
    listed = (
        element(
            "OrderIdUserIdDate",
            leaf("CountOfTNs", len(order.released)),
            leaf("CustomerOrderId", order.customer_order_id),
            leaf("userId", order.user),
            leaf("lastModifiedDate", stamp(order.finished or order.created)),
            leaf("OrderDate", stamp(order.created)),
            leaf("OrderType", "disconnect"),
            leaf("orderId", order.id),
            leaf("OrderStatus", order.status),
        )
        for order in call.world.disconnects.values()
    )
    count = leaf("TotalCount", len(call.world.disconnects))
    wrapper = element("ListOrderIdUserIdDate", count, element("Links"), *listed)
    return Reply(200, element("ResponseSelectWrapper", wrapper))


def _response(call: Call, order: Disconnect) -> Element:
    """Note orderRequest, in lower case."""
    numbers = element("TelephoneNumberList", *leaves("TelephoneNumber", map(call.number, order.tns)))
    request = element(
        "orderRequest",
        leaf("Name", order.name),
        leaf("CustomerOrderId", order.customer_order_id),
        leaf("OrderCreateDate", stamp(order.created)),
        leaf("id", order.id),
        element(_WRAPPER, numbers, leaf("DisconnectMode", order.mode)),
    )
    errors = (
        element(
            "Error",
            leaf("Code", error.code),
            leaf("Description", error.description),
            leaf("TelephoneNumber", None if error.tn is None else call.number(error.tn)),
        )
        for error in order.errors
    )
    released = element(
        "DisconnectedTelephoneNumberList", *leaves("TelephoneNumber", map(call.number, order.released))
    )
    return element(
        "DisconnectTelephoneNumberOrderResponse",
        element("ErrorList", *errors) if order.errors else None,
        released if order.finished else None,
        request,
        leaf("OrderStatus", order.status),
    )
