"""Activation of services on numbers: the checker, and orders that advance while they are polled (universal-platform 4)."""

from collections.abc import Mapping
from typing import Any

from bwtui.simulator import service_readiness
from bwtui.simulator.envelope import body_of, refused
from bwtui.simulator.http import ApiRequest, ApiResponse
from bwtui.simulator.package_numbers import numbers_in, tn_of
from bwtui.simulator.resources import ActivationOrder, TelephoneNumber

_KINDS: Mapping[str, tuple[str, ...]] = {
    "voice": ("INBOUND", "OUTBOUND_NATIONAL", "OUTBOUND_INTERNATIONAL"),
    "messaging": ("ALL",),
}


def check(request: ApiRequest) -> ApiResponse:
    """Report every service of each number, whatever is wanted; nothing changes."""
    given = numbers_in(body_of(request), 0)
    return ApiResponse(200, {"data": {"phoneNumbers": [_checked(request, number) for number in given]}})


def create(request: ApiRequest) -> ApiResponse:
    """2xx with the order's id and no more; numbers that are not ready are refused by the order's end, not here."""
    body = body_of(request)
    if body.get("action") not in {"ACTIVATE", "DEACTIVATE"}:
        raise refused(400, "SA-0001", "action must be ACTIVATE or DEACTIVATE")
    given = numbers_in(body, request.account.switches.largest_activation)
    tns = [tn for number in given if (tn := tn_of(number)) is not None]
    if len(tns) < len(given):
        raise refused(400, "SA-0001", "phoneNumbers must be in E.164")
    customer_order_id = body.get("customerOrderId")
    now = request.account.clock()
    order = ActivationOrder(
        id=request.account.new_uuid("activation"),
        action=body["action"],
        tns=tns,
        services=_services(body.get("services")),
        customer_order_id=None if customer_order_id is None else str(customer_order_id),
        created=now,
        due=now + request.account.switches.activation_seconds,
    )
    request.account.activations[order.id] = order
    request.account.note(f"activation order {order.id} received")
    return ApiResponse(201, {"data": {"orderId": order.id}})


def get(request: ApiRequest) -> ApiResponse:
    """The order's status: RECEIVED, then PROCESSING, and its end after so many reads (universal-platform 4)."""
    order = request.account.activations.get(request.ids["activation"])
    if order is None:
        raise refused(404, "SA-0004", f"Service activation order {request.ids['activation']} was not found")
    if order.finished is None:
        if order.polls >= request.account.switches.activation_polls:
            service_readiness.finish(request.account, order)
        else:
            order.status = "PROCESSING" if order.polls else "RECEIVED"
        order.polls += 1
    shown = {"orderId": order.id, "orderStatus": order.status}
    if order.customer_order_id is not None:
        shown["customerOrderId"] = order.customer_order_id
    return ApiResponse(200, {"data": shown})


def _services(given: object) -> list[str]:
    """Return the services of an order, such as voice/INBOUND; at least one is needed."""
    kinds = given if isinstance(given, dict) else {}
    wanted = [
        (kind, name)
        for kind, names in kinds.items()
        for name in (names if isinstance(names, list) else [None])
    ]
    for kind, name in wanted:
        if name not in _KINDS.get(kind, ()):
            raise refused(400, "SA-0001", f"{kind} service {name!r} is not valid")
    if not wanted:
        raise refused(400, "SA-0001", "services must name at least one service")
    return [f"{kind}/{name}" for kind, name in wanted]


def _checked(request: ApiRequest, number: str) -> dict[str, Any]:
    tn = tn_of(number)
    held = None if tn is None else service_readiness.held_number(request.account, tn)
    kinds = {kind: _status(request, held, kind) for kind in ("voice", "messaging", "emergency")}
    return {"phoneNumber": number, "serviceTypes": kinds}


def _status(request: ApiRequest, number: TelephoneNumber | None, kind: str) -> dict[str, Any]:
    """IN_SERVICE, READY_TO_ACTIVATE, or the third status with its reasons, whose real names no source tells."""
    active = {"voice": "voice/INBOUND", "messaging": "messaging/ALL"}.get(kind)
    if number is not None and active in number.services:
        return {"status": "IN_SERVICE"}
    account = request.account
    missing = service_readiness.reasons(account, number, kind)
    if not missing:
        return {"status": "READY_TO_ACTIVATE"}
    codes = account.switches.reason_codes or [reason.code for reason in missing]
    shown = [{"code": code, "description": missing[0].description} for code in codes]
    return {"status": account.switches.not_ready, "reasons": shown}
