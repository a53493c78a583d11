"""Orders that release numbers (bandwidth-api 7.8)."""

from xml.etree.ElementTree import Element

from bwtui.simulator import paging
from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, ApiResponse, created
from bwtui.simulator.resources import Disconnect
from bwtui.simulator.simulated_account import last_ten, stamp
from bwtui.simulator.xml import element, leaf, leaves, text, texts

_WRAPPER = "DisconnectTelephoneNumberOrderType"


def create(request: ApiRequest) -> ApiResponse:
    submitted = request.document("DisconnectTelephoneNumberOrder")
    given = texts(submitted, f"{_WRAPPER}/TelephoneNumberList/TelephoneNumber")
    tns = [tn for number in given if (tn := last_ten(number)) is not None]
    if not given or len(tns) < len(given):
        raise ErrorResponse(400, 5001, "Invalid input telephone number list")
    mode = (text(submitted, f"{_WRAPPER}/DisconnectMode", "DisconnectMode") or "normal").lower()
    if mode not in {"normal", "soft-remove", "purge"}:
        words = f"DisconnectMode '{mode}' is invalid. Valid values are: normal, soft-remove, purge"
        raise ErrorResponse(400, 5084, words)
    now = request.account.clock()
    order = Disconnect(
        id=request.account.new_uuid(),
        name=text(submitted, "Name", "name"),
        customer_order_id=text(submitted, "CustomerOrderId"),
        tns=tns,
        mode=mode,
        created=now,
        due=now + request.account.settings.order_seconds,
        user=request.user,
    )
    request.account.disconnects[order.id] = order
    request.account.note(f"disconnect {order.id} received")
    return created(request.account_url(f"/disconnects/{order.id}"), _response(request, order))


def get(request: ApiRequest) -> ApiResponse:
    order = request.account.disconnects.get(request.ids["order"])
    if order is None:
        raise ErrorResponse(404)
    return ApiResponse(200, _response(request, order))


def list_all(request: ApiRequest) -> ApiResponse:
    """404 with a body of only `<Links/>` if there are none."""
    if not request.account.disconnects or request.page() is None:
        return paging.nothing(request)
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
            leaf("OrderStatus", request.account.switches.release_status or order.status),
        )
        for order in request.account.disconnects.values()
    )
    count = leaf("TotalCount", len(request.account.disconnects))
    wrapper = element("ListOrderIdUserIdDate", count, element("Links"), *listed)
    return ApiResponse(200, element("ResponseSelectWrapper", wrapper))


def _response(request: ApiRequest, order: Disconnect) -> Element:
    """Return the reply to POST and GET; `orderRequest` begins in lower case."""
    numbers = element("TelephoneNumberList", *leaves("TelephoneNumber", map(request.number, order.tns)))
    order_request = element(
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
            leaf("TelephoneNumber", None if error.tn is None else request.number(error.tn)),
        )
        for error in order.errors
    )
    released = element(
        "DisconnectedTelephoneNumberList", *leaves("TelephoneNumber", map(request.number, order.released))
    )
    return element(
        "DisconnectTelephoneNumberOrderResponse",
        element("ErrorList", *errors) if order.errors else None,
        released if order.finished else None,
        order_request,
        leaf("OrderStatus", request.account.switches.release_status or order.status),
    )
