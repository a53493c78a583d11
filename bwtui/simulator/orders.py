"""Number orders: placed, polled, listed, closed (bandwidth-api 7.1 to 7.7)."""

from xml.etree.ElementTree import Element

from bwtui.simulator import order_fulfilment, order_validation, paging
from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, ApiResponse, created, whole
from bwtui.simulator.resources import Order
from bwtui.simulator.simulated_account import stamp
from bwtui.simulator.xml import element, flag, leaf, leaves, text


def create(request: ApiRequest) -> ApiResponse:
    submitted = request.document("Order")
    if submitted.find("TelephoneNumberList") is not None:
        # Seen live: the list without its wrapper breaks the server (bandwidth-api 7.1).
        raise ErrorResponse(500, 1000, "Internal Server Error. Please try again.")
    try:
        order = order_validation.read(request, submitted)
    except ErrorResponse as refusal:
        echo = _echo(submitted, leaf("OrderCreateDate", stamp(request.account.clock())))
        raise ErrorResponse(refusal.status, refusal.code, refusal.text, echo) from None
    order_validation.apply_script(request, order)
    request.account.orders[order.id] = order
    request.account.note(f"order {order.id} received")
    body = element("OrderResponse", _created(order, submitted), element("OrderStatus", order.status))
    return created(request.account_url(f"/orders/{order.id}"), body)


def get(request: ApiRequest) -> ApiResponse:
    """200, for FAILED and PARTIAL orders too, as recorded (bandwidth-api 7.3). The nested Order has no id."""
    order = _order(request)
    done = order.status in {"COMPLETE", "PARTIAL"}
    completed = [element("TelephoneNumber", leaf("FullNumber", request.number(tn))) for tn in order.completed]
    bare_failure = order.status == "FAILED" and order.tns is not None
    finished = order.status not in order_fulfilment.STAYS
    body = element(
        "OrderResponse",
        leaf("CompletedQuantity", len(order.completed)) if finished else None,
        leaf("CreatedByUser", order.user),
        _error_list(request, order),
        element("FailedNumbers", *leaves("FullNumber", map(request.number, order.failed)))
        if order.failed
        else None,
        leaf("LastModifiedDate", stamp(order.finished or order.created)),
        leaf("OrderCompleteDate", stamp(order.finished)) if order.finished else None,
        _described(request, order, emptied=bare_failure),
        leaf("OrderStatus", order.status),
        element("CompletedNumbers", *completed) if finished and not bare_failure else None,
        leaf("Summary", _summary(order)) if finished and not bare_failure else None,
        leaf("FailedQuantity", order.quantity - len(order.completed)) if finished else None,
        leaf("PendingQuantity", order.quantity) if not done and not order.finished else None,
    )
    return ApiResponse(200, body)


def update(request: ApiRequest) -> ApiResponse:
    """Change Name or CustomerOrderId, or close the order (CloseOrder), if it is backordered."""
    order = _order(request)
    submitted = request.document("Order")
    if flag(submitted, "CloseOrder"):
        if order.status != "BACKORDERED":
            raise ErrorResponse(400, 5060, "Only Backordered order can be closed.")
        order_fulfilment.close(request.account, order)
    order.name = text(submitted, "Name") or order.name
    order.customer_order_id = order_validation.read_customer_order_id(submitted) or order.customer_order_id
    return ApiResponse(200, element("OrderResponse"))


def list_all(request: ApiRequest) -> ApiResponse:
    """404 without page and size. Each page after the first is named by its first order's id (bandwidth-api 7.7)."""
    size = whole(request.query.get("size"))
    if size is None or not request.query.get("page"):
        raise ErrorResponse(404)
    matching = [order for order in request.account.orders.values() if _matches(request, order)]
    start = next(
        (index for index, order in enumerate(matching) if order.id == request.query["page"].lower()), 0
    )
    shown = matching[start : start + min(size, 1000)]
    links = element("Links", paging.link(request, 1, size, "first"))
    after = start + len(shown)
    if after < len(matching):
        links.append(paging.link(request, matching[after].id, size, "next"))
    listed = element(
        "ListOrderIdUserIdDate",
        leaf("TotalCount", len(matching)),
        links,
        *(_listed(order) for order in shown),
    )
    return ApiResponse(200, element("ResponseSelectWrapper", listed))


def numbers(request: ApiRequest) -> ApiResponse:
    tns = [request.number(tn) for tn in _order(request).completed]
    return ApiResponse(
        200, element("TelephoneNumbers", leaf("Count", len(tns)), *leaves("TelephoneNumber", tns))
    )


def history(request: ApiRequest) -> ApiResponse:
    """200 with the order's history, which is empty while the order is RECEIVED; clients poll for the first entry."""
    order = request.account.orders.get(request.ids["order"])
    if order is None:
        # As documented, without a code (bandwidth-api 11.1 f).
        raise ErrorResponse(404, None, "The resource does not exist")
    wrapper = element("OrderHistoryWrapper")
    if order.status != "RECEIVED":
        wrapper.append(
            element(
                "OrderHistory",
                leaf("OrderDate", stamp(order.finished or order.due)),
                leaf("Note", _summary(order)),
                leaf("Author", order.user),
                leaf("Status", order.status),
            )
        )
    return ApiResponse(200, wrapper)


def area_codes(request: ApiRequest) -> ApiResponse:
    return _report(request, "AreaCode", 3)


def npa_nxx(request: ApiRequest) -> ApiResponse:
    return _report(request, "NPA-NXX", 6)


def totals(request: ApiRequest) -> ApiResponse:
    count = element("TelephoneDetailsReport", leaf("Count", len(_order(request).completed)))
    return ApiResponse(200, element("TelephoneDetailsReports", count))


def notes(request: ApiRequest) -> ApiResponse:
    order = _order(request)
    if not order.notes:
        return ApiResponse(204)
    return ApiResponse(
        200, element("Notes", *(_note(order, number) for number in range(1, len(order.notes) + 1)))
    )


def note(request: ApiRequest) -> ApiResponse:
    order, number = _order(request), whole(request.ids["note"]) or 0
    if not 1 <= number <= len(order.notes):
        raise ErrorResponse(404)
    return ApiResponse(200, _note(order, number))


def _note(order: Order, number: int) -> Element:
    user, words, moment = order.notes[number - 1]
    return element(
        "Note",
        leaf("Id", number),
        leaf("UserId", user),
        leaf("Description", words),
        leaf("LastDateModifier", stamp(moment)),
    )


def add_note(request: ApiRequest) -> ApiResponse:
    order = _order(request)
    submitted = request.document("Note")
    words = text(submitted, "Description") or ""
    order.notes.append((text(submitted, "UserId") or request.user, words, request.account.clock()))
    return created(request.account_url(f"/orders/{order.id}/notes/{len(order.notes)}"))


def _order(request: ApiRequest) -> Order:
    order = request.account.orders.get(request.ids["order"])
    if order is None:
        raise ErrorResponse(404)
    return order


def _echo(submitted: Element, *added: Element | None) -> Element:
    """Return the submitted order with the elements that the server adds."""
    return element("Order", *submitted, *added)


def _created(order: Order, submitted: Element) -> Element:
    """The `<Order>` in the reply to a POST.

    Elements in the sequence recorded; `id` in lower case comes before the order type (bandwidth-api 7.2).
    """
    return element(
        "Order",
        leaf("CustomerOrderId", order.customer_order_id),
        leaf("Name", order.name),
        leaf("OrderCreateDate", stamp(order.created)),
        leaf("PeerId", order.peer_id) if order.peer_given else None,
        leaf("BackOrderRequested", order.back_order),
        leaf("id", order.id),
        order.submitted,
        submitted.find("TnAttributes"),
        leaf("PartialAllowed", order.partial_allowed),
        leaf("SiteId", order.site_id),
    )


def _described(request: ApiRequest, order: Order, *, emptied: bool) -> Element:
    """The `<Order>` in the reply to a GET: without the id, always with the location.

    `emptied` leaves the order type without content, as in a reply whose specific numbers all failed.
    """
    kind = element(order.submitted.tag) if emptied else order.submitted
    if order.tns is not None and not emptied:
        tns = order.completed if order.finished else order.tns
        listed = element("TelephoneNumberList", *leaves("TelephoneNumber", map(request.number, tns)))
        kind = element(order.submitted.tag, listed)
    return element(
        "Order",
        leaf("CustomerOrderId", order.customer_order_id),
        leaf("Name", order.name),
        leaf("OrderCreateDate", stamp(order.created)),
        leaf("PeerId", order.peer_id),
        leaf("BackOrderRequested", order.back_order),
        kind,
        leaf("PartialAllowed", order.partial_allowed),
        leaf("SiteId", order.site_id),
    )


def _error_list(request: ApiRequest, order: Order) -> Element | None:
    if not order.errors:
        return None
    listed = (
        element(
            "Error",
            leaf("Code", error.code),
            leaf("Description", error.description),
            leaf("TelephoneNumber", None if error.tn is None else request.number(error.tn)),
        )
        for error in order.errors
    )
    return element("ErrorList", *listed)


def _summary(order: Order) -> str:
    """`1 number ordered in (919)`, `1 out of 2 numbers ordered in (833)`, `1 number requested` (bandwidth-api 7.3)."""
    wanted = f"{order.quantity} number{'' if order.quantity == 1 else 's'}"
    if not order.completed:
        return f"{wanted} requested"
    codes = ", ".join(sorted({tn[:3] for tn in order.completed}))
    part = "" if len(order.completed) == order.quantity else f"{len(order.completed)} out of "
    return f"{part}{wanted} ordered in ({codes})"


def _report(request: ApiRequest, tag: str, length: int) -> ApiResponse:
    counts: dict[str, int] = {}
    for tn in _order(request).completed:
        counts[tn[:length]] = counts.get(tn[:length], 0) + 1
    listed = (
        element("TelephoneDetailsReport", leaf(tag, prefix), leaf("Count", count))
        for prefix, count in counts.items()
    )
    return ApiResponse(200, element("TelephoneDetailsReports", *listed))


def _matches(request: ApiRequest, order: Order) -> bool:
    query = request.query
    day = stamp(order.created)[:10]
    start, end = (_date(query.get(name)) for name in ("startdate", "enddate"))
    return (
        query.get("customerorderid", order.customer_order_id) == order.customer_order_id
        and query.get("status", order.status).upper() == order.status
        and query.get("userid", order.user) == order.user
        and (start is None or day >= start)
        and (end is None or day <= end)
        and request.ids.get("site", order.site_id) == order.site_id
    )


def _date(given: str | None) -> str | None:
    """Return a date as yyyy-mm-dd; yy-mm-dd is accepted too (bandwidth-api 1.4)."""
    if not given:
        return None
    return f"20{given}" if len(given) == 8 else given


def _listed(order: Order) -> Element:
    return element(
        "OrderIdUserIdDate",
        leaf("CountOfTNs", len(order.completed)),
        leaf("CustomerOrderId", order.customer_order_id),
        leaf("userId", order.user),
        leaf("lastModifiedDate", stamp(order.finished or order.created)),
        leaf("OrderDate", stamp(order.created)),
        leaf("OrderType", "new_number"),
        leaf("orderId", order.id),
        leaf("OrderStatus", order.status),
    )


def list_of_site(request: ApiRequest) -> ApiResponse:
    """List a site's orders; 404 with a body of only `<Links/>` if there are none (bandwidth-api 2)."""
    site = request.site()
    if not any(order.site_id == site.id for order in request.account.orders.values()):
        return paging.nothing(request)
    return list_all(request)
