"""Fulfil orders, disconnects and postponed requests when they are due (bandwidth-api 7.4, 7.8)."""

from collections.abc import Callable
from functools import partial

from bwtui.simulator import service_readiness, tn_options
from bwtui.simulator.resources import Disconnect, Order, OrderError, TelephoneNumber
from bwtui.simulator.simulated_account import Postponed, SimulatedAccount

_UNAVAILABLE = "The telephone number is unavailable for ordering"
"""The text as recorded; the table of errors words it differently (bandwidth-api 7.3)."""
_NONE = "The entire quantity of telephone numbers ordered is unavailable"
_SOME = "Only a partial quantity of the total telephone numbers ordered could be fulfilled"
_BACK_ORDERED = "Order backordered - awaiting additional numbers"

STAYS = frozenset({"RECEIVED", "PROCESSING"})
"""Statuses that a fault can make an order keep for ever."""


def settle(account: SimulatedAccount) -> None:
    """Carry out everything that is due, each at its own time, the earliest first.

    So of two orders for one number the first gets it, even if one of them is a postponed request. None of this is logged
    as an effect of the current request.
    """
    now = account.clock()
    while due := _due(account, now):
        moment, act = min(due, key=lambda item: item[0])
        with account.at(moment):
            act()


def _due(account: SimulatedAccount, now: float) -> list[tuple[float, Callable[[], None]]]:
    """Return the orders and postponed requests that are due: time and action of each."""
    orders: list[Order | Disconnect] = [*account.orders.values(), *account.disconnects.values()]
    waiting = (order for order in orders if order.status == "RECEIVED" and order.due <= now)
    finishing = [(order.due, partial(_finish, account, order)) for order in waiting if not _stays(order)]
    activating = [
        (order.due, partial(service_readiness.finish, account, order))
        for order in account.activations.values()
        if order.finished is None and order.due <= now
    ]
    changing = [
        (order.due, partial(tn_options.finish, account, order))
        for order in account.tn_options.values()
        if order.finished is None and order.due <= now
    ]
    late = (item for item in account.postponed if item.moment <= now)
    return [
        *finishing,
        *activating,
        *changing,
        *((item.moment, partial(_carry_out, account, item)) for item in late),
    ]


def _stays(order: Order | Disconnect) -> bool:
    return isinstance(order, Order) and order.forced == "RECEIVED"


def _finish(account: SimulatedAccount, order: Order | Disconnect) -> None:
    if isinstance(order, Disconnect):
        _release(account, order)
    else:
        _work_on(account, order)


def _carry_out(account: SimulatedAccount, item: Postponed) -> None:
    account.postponed.remove(item)
    item.act()


def close(account: SimulatedAccount, order: Order) -> None:
    """Close a backordered order; it keeps the numbers that it has (bandwidth-api 7.4)."""
    order.finished = account.clock()
    order.status = "PARTIAL" if order.completed else "FAILED"
    account.note(f"order {order.id} {order.status}")


def _work_on(account: SimulatedAccount, order: Order) -> None:
    account.sold_elsewhere |= set(order.lost)
    if order.forced in STAYS:
        order.status = order.forced
        return
    available, missing = _available(account, order)
    if order.forced == "FAILED":
        available, missing = [], [*available, *missing]
    elif order.forced == "PARTIAL" and not missing:
        keep = len(available) - max(1, len(available) // 2)
        available, missing = available[:keep], available[keep:]
    _decide(account, order, available, missing)


def _available(account: SimulatedAccount, order: Order) -> tuple[list[str], list[str]]:
    """Return the numbers that can be had and, for an order of specific numbers, those that cannot."""
    if order.tns is None:
        return [tn for tn, _ in account.search(order.criteria, order.quantity)], []
    ours = account.reserved()
    can = [
        tn
        for tn in order.tns
        if tn not in account.numbers
        and tn not in account.sold_elsewhere
        and (tn in ours or account.inventory.place_of(tn) is not None)
    ]
    had = set(can)
    return can, [tn for tn in order.tns if tn not in had]


def _decide(account: SimulatedAccount, order: Order, available: list[str], missing: list[str]) -> None:
    """Decide the status, from availability, PartialAllowed and BackOrderRequested (bandwidth-api 7.4)."""
    short = len(available) < order.quantity
    partial = order.partial_allowed or order.forced == "PARTIAL"
    if order.forced == "BACKORDERED" or (short and order.back_order and order.tns is None):
        order.status = "BACKORDERED"
        order.errors = [OrderError(5520, _BACK_ORDERED)]
    elif not short:
        order.status = "COMPLETE"
    elif available and partial:
        order.status = "PARTIAL"
    else:
        order.status = "FAILED"
    taken = available if order.status in {"COMPLETE", "PARTIAL"} else []
    for tn in taken:
        _assign(account, order, tn)
    order.completed = taken
    if order.status in {"PARTIAL", "FAILED"}:
        _explain(order, missing)
    if order.status != "BACKORDERED":
        order.finished = account.clock()


def _explain(order: Order, missing: list[str]) -> None:
    """Add the errors: 5005 for each specific number, a single one for an order that searched."""
    if order.tns is None:
        order.errors = [OrderError(5017, _SOME) if order.completed else OrderError(5018, _NONE)]
        return
    completed, lost = set(order.completed), set(missing)
    order.failed = [tn for tn in order.tns if tn not in completed]
    order.errors = [OrderError(5005, _UNAVAILABLE, tn) for tn in order.failed if tn in lost]


def _assign(account: SimulatedAccount, order: Order, tn: str) -> None:
    place = account.inventory.place_of(tn)
    if place is None:
        raise LookupError(tn)
    account.numbers[tn] = TelephoneNumber(
        tn=tn,
        place=place,
        status="Inservice",
        site_id=order.site_id,
        peer_id=order.peer_id,
        order_id=order.id,
        since=account.clock(),
    )
    service_readiness.activate_at_ordering(account, account.numbers[tn])
    for held in [held.id for held in account.reservations.values() if held.tn == tn]:
        del account.reservations[held]


def _release(account: SimulatedAccount, order: Disconnect) -> None:
    for tn in order.tns:
        number = account.numbers.get(tn)
        if account.switches.release == "failed":
            order.errors.append(OrderError(5013, "The telephone number is part of an order under way", tn))
            continue
        if number is None or number.status != "Inservice":
            text = f"The telephone number {tn} could not be disconnected since it is not associated with your account"
            order.errors.append(OrderError(5006, text, tn))
            continue
        order.released.append(tn)
        if account.switches.release == "claimed":
            continue
        number.package_id, number.services = None, []
        number.campaign_id = number.campaign_status = None
        if order.mode == "purge":
            del account.numbers[tn]
        else:
            # A released number ages for about thirty days before it can be bought again.
            number.status = "Aging"
            number.since = account.clock()
    if not order.released:
        order.status = "FAILED"
    else:
        order.status = "PARTIAL" if order.errors else "COMPLETE"
    order.finished = account.clock()
