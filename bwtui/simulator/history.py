"""Past states of the account, for lists and reads that lag behind changes."""

import copy
from dataclasses import dataclass, field, replace
from typing import Any

from bwtui.simulator import order_fulfilment
from bwtui.simulator.http import ApiRequest
from bwtui.simulator.resources import SipPeer, Site
from bwtui.simulator.simulated_account import SimulatedAccount

_HELD = (
    "sites", "applications", "orders", "disconnects", "numbers", "reservations", "subscriptions", "moves",
    "packages", "activations", "brands", "campaigns", "tn_options", "calls", "messages", "sold_elsewhere",
)  # fmt: skip


@dataclass(slots=True)
class History:
    """Copies of the account's contents, one after each change; kept only while something lags."""

    account: SimulatedAccount
    _copies: list[tuple[float, dict[str, Any]]] = field(default_factory=list)

    def begin(self) -> None:
        """Prepare for a request. Contents that are there when a lag begins are never delayed."""
        if not self.account.script.longest_lag:
            self._copies.clear()
        elif not self._copies:
            self.record()

    def record(self) -> None:
        """Keep a copy after a change, and drop those that are no longer needed."""
        lag, now = self.account.script.longest_lag, self.account.clock()
        if not lag:
            return
        self._copies.append((now, _copied(self.account)))
        while len(self._copies) > 1 and self._copies[1][0] <= now - lag:
            self._copies.pop(0)

    def seen_by(self, request: ApiRequest, seconds: float) -> SimulatedAccount | None:
        """Return the account as it was `seconds` ago, with the parents that the request's path names.

        None if nothing lags any more.
        """
        if not self._copies:
            return None
        moment = self.account.clock() - seconds
        first = self._copies[0]
        since, held = next((item for item in reversed(self._copies) if item[0] <= moment), first)
        moment = max(moment, since)
        past = SimulatedAccount(self.account.settings, clock=lambda: moment)
        past.inventory = self.account.inventory
        past.switches = self.account.switches
        for name, value in copy.deepcopy(held).items():
            setattr(past, name, value)
        order_fulfilment.settle(past)
        _put_in_parents(past, request)
        return past


def _copied(account: SimulatedAccount) -> dict[str, Any]:
    return {name: copy.deepcopy(getattr(account, name)) for name in _HELD}


def _put_in_parents(past: SimulatedAccount, request: ApiRequest) -> None:
    """Add the parents that the path names, but empty: a new location exists, but its settings lag."""
    last = request.path.rstrip("/").rpartition("/")[2]
    order = request.account.orders.get(request.ids.get("order", ""))
    if order is not None and order.id not in past.orders and order.id != last.lower():
        past.orders[order.id] = replace(
            order, status="RECEIVED", finished=None, completed=[], failed=[], errors=[], notes=[]
        )
    package = request.account.packages.get(request.ids.get("package", ""))
    if package is not None and package.id != last.lower():
        past.packages.setdefault(package.id, package)
    site = request.account.sites.get(request.ids.get("site", ""))
    if site is None or site.id == last:
        return
    if site.id not in past.sites:
        past.sites[site.id] = Site(id=site.id, fields=dict(site.fields), address=site.address)
    peer = site.peers.get(request.ids.get("peer", ""))
    peers = past.sites[site.id].peers
    if peer is not None and peer.id not in peers and peer.id != last:
        peers[peer.id] = SipPeer(
            id=peer.id,
            site_id=site.id,
            name=peer.name,
            description=peer.description,
            is_default=peer.is_default,
        )
