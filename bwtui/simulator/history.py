"""What the account was like a while ago, for lists and reads that lag behind what was made."""

import copy
from dataclasses import dataclass, field, replace
from typing import Any

from bwtui.simulator import order_fulfilment
from bwtui.simulator.http import Call
from bwtui.simulator.resources import SipPeer, Site
from bwtui.simulator.simulated_account import World

_HELD = (
    "sites", "applications", "orders", "disconnects", "numbers", "reservations", "subscriptions", "moves",
    "calls", "messages", "sold_elsewhere",
)  # fmt: skip


@dataclass(slots=True)
class History:
    """Copies of what a world held, each from the moment after a change on; kept only while something lags."""

    world: World
    _copies: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    def begin(self) -> None:
        """Before a request: what is there when something begins to lag has always been there."""
        if not self.world.script.longest_lag:
            self._copies.clear()
        elif not self._copies:
            self.record()

    def record(self) -> None:
        """After a change."""
        lag, now = self.world.script.longest_lag, self.world.clock()
        if not lag:
            return
        self._copies.append((now, _copied(self.world)))
        while len(self._copies) > 1 and self._copies[1][0] <= now - lag:
            self._copies.pop(0)

    def seen_by(self, call: Call, seconds: float) -> World | None:
        """The world as it was so long ago, for one request; what its path names before the last part is there.

        None when nothing lags any more.
        """
        if not self._copies:
            return None
        moment = self.world.clock() - seconds
        first = self._copies[0]
        since, held = next((item for item in reversed(self._copies) if item[0] <= moment), first)
        moment = max(moment, since)
        past = World(self.world.settings, clock=lambda: moment)
        past.inventory = self.world.inventory
        for name, value in copy.deepcopy(held).items():
            setattr(past, name, value)
        order_fulfilment.settle(past)
        _put_in_parents(past, call)
        return past


def _copied(world: World) -> dict[str, Any]:
    return {name: copy.deepcopy(getattr(world, name)) for name in _HELD}


def _put_in_parents(past: World, call: Call) -> None:
    """Without what they hold: a new location whose settings lag is known, and has no settings yet."""
    last = call.path.rstrip("/").rpartition("/")[2]
    order = call.world.orders.get(call.ids.get("order", ""))
    if order is not None and order.id not in past.orders and order.id != last.lower():
        past.orders[order.id] = replace(
            order, status="RECEIVED", finished=None, completed=[], failed=[], errors=[], notes=[]
        )
    site = call.world.sites.get(call.ids.get("site", ""))
    if site is None or site.id == last:
        return
    if site.id not in past.sites:
        past.sites[site.id] = Site(id=site.id, fields=dict(site.fields), address=site.address)
    peer = site.peers.get(call.ids.get("peer", ""))
    peers = past.sites[site.id].peers
    if peer is not None and peer.id not in peers and peer.id != last:
        peers[peer.id] = SipPeer(
            id=peer.id,
            site_id=site.id,
            name=peer.name,
            description=peer.description,
            is_default=peer.is_default,
        )
