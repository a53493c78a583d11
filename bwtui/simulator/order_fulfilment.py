"""How orders end: what is worked on when their time has come (sheet 7.4, 7.8)."""

from collections.abc import Callable
from functools import partial

from bwtui.simulator.resources import Disconnect, Order, OrderError, TelephoneNumber
from bwtui.simulator.simulated_account import Postponed, World

_UNAVAILABLE = "The telephone number is unavailable for ordering"
"""The text on the wire; the table of errors words it differently (sheet 7.3)."""
_NONE = "The entire quantity of telephone numbers ordered is unavailable"
_SOME = "Only a partial quantity of the total telephone numbers ordered could be fulfilled"
_BACK_ORDERED = "Order backordered - awaiting additional numbers"

STAYS = frozenset({"RECEIVED", "PROCESSING"})
"""States that a fault can make an order keep for ever."""


def settle(world: World) -> None:
    """Let everything happen whose time has come, each at its moment, the earliest first.

    So of two orders for one number the first gets it, also where one of them was a request that took effect late. Nothing
    is noted for the log of the request at hand: time did this.
    """
    now = world.clock()
    while due := _due(world, now):
        moment, act = min(due, key=lambda item: item[0])
        with world.at(moment):
            act()


def _due(world: World, now: float) -> list[tuple[float, Callable[[], None]]]:
    """What waits for its moment and does not have to wait any longer."""
    orders: list[Order | Disconnect] = [*world.orders.values(), *world.disconnects.values()]
    waiting = (order for order in orders if order.status == "RECEIVED" and order.due <= now)
    finishing = [(order.due, partial(_finish, world, order)) for order in waiting if not _stays(order)]
    late = (item for item in world.postponed if item.moment <= now)
    return [*finishing, *((item.moment, partial(_carry_out, world, item)) for item in late)]


def _stays(order: Order | Disconnect) -> bool:
    return isinstance(order, Order) and order.forced == "RECEIVED"


def _finish(world: World, order: Order | Disconnect) -> None:
    if isinstance(order, Disconnect):
        _release(world, order)
    else:
        _work_on(world, order)


def _carry_out(world: World, item: Postponed) -> None:
    world.postponed.remove(item)
    item.act()


def close(world: World, order: Order) -> None:
    """A backordered order that is closed keeps what it has (sheet 7.4)."""
    order.finished = world.clock()
    order.status = "PARTIAL" if order.completed else "FAILED"
    world.note(f"order {order.id} {order.status}")


def _work_on(world: World, order: Order) -> None:
    world.sold_elsewhere |= set(order.lost)
    if order.forced in STAYS:
        order.status = order.forced
        return
    available, missing = _available(world, order)
    if order.forced == "FAILED":
        available, missing = [], [*available, *missing]
    elif order.forced == "PARTIAL" and not missing:
        keep = len(available) - max(1, len(available) // 2)
        available, missing = available[:keep], available[keep:]
    _decide(world, order, available, missing)


def _available(world: World, order: Order) -> tuple[list[str], list[str]]:
    """Numbers that can be had and, for an order of specific numbers, those that cannot."""
    if order.tns is None:
        return [tn for tn, _ in world.search(order.criteria, order.quantity)], []
    ours = world.reserved()
    can = [
        tn
        for tn in order.tns
        if tn not in world.numbers
        and tn not in world.sold_elsewhere
        and (tn in ours or world.inventory.place_of(tn) is not None)
    ]
    had = set(can)
    return can, [tn for tn in order.tns if tn not in had]


def _decide(world: World, order: Order, available: list[str], missing: list[str]) -> None:
    """Availability, PartialAllowed and BackOrderRequested decide together (sheet 7.4)."""
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
        _assign(world, order, tn)
    order.completed = taken
    if order.status in {"PARTIAL", "FAILED"}:
        _explain(order, missing)
    if order.status != "BACKORDERED":
        order.finished = world.clock()


def _explain(order: Order, missing: list[str]) -> None:
    """One 5005 for each number asked for by name; a single error for an order that searched."""
    if order.tns is None:
        order.errors = [OrderError(5017, _SOME) if order.completed else OrderError(5018, _NONE)]
        return
    completed, lost = set(order.completed), set(missing)
    order.failed = [tn for tn in order.tns if tn not in completed]
    order.errors = [OrderError(5005, _UNAVAILABLE, tn) for tn in order.failed if tn in lost]


def _assign(world: World, order: Order, tn: str) -> None:
    place = world.inventory.place_of(tn)
    if place is None:
        raise LookupError(tn)
    world.numbers[tn] = TelephoneNumber(
        tn=tn,
        place=place,
        status="Inservice",
        site_id=order.site_id,
        peer_id=order.peer_id,
        order_id=order.id,
        since=world.clock(),
    )
    for held in [held.id for held in world.reservations.values() if held.tn == tn]:
        del world.reservations[held]


def _release(world: World, order: Disconnect) -> None:
    for tn in order.tns:
        number = world.numbers.get(tn)
        if number is None or number.status != "Inservice":
            text = f"The telephone number {tn} could not be disconnected since it is not associated with your account"
            order.errors.append(OrderError(5006, text, tn))
            continue
        order.released.append(tn)
        if order.mode == "purge":
            del world.numbers[tn]
        else:
            # A released number ages for about thirty days before it can be bought again.
            number.status = "Aging"
            number.since = world.clock()
    if not order.released:
        order.status = "FAILED"
    else:
        order.status = "PARTIAL" if order.errors else "COMPLETE"
    order.finished = world.clock()
