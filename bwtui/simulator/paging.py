"""Lists in pages: the links as the API writes them, and pages that a fault makes shorter than requested."""

from collections.abc import Callable
from dataclasses import replace
from typing import Final
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from bwtui.simulator.fault_script import Fault
from bwtui.simulator.http import ApiRequest, ApiResponse, whole
from bwtui.simulator.xml import element, leaf

_ITEMS: Final = {
    "Sites": "Site",
    "SipPeers": "SipPeer",
    "ApplicationList": "Application",
    "AssociatedSipPeers": "AssociatedSipPeer",
    "ListOrderIdUserIdDate": "OrderIdUserIdDate",
    "SipPeerTelephoneNumbers": "SipPeerTelephoneNumber",
    "Subscriptions": "Subscription",
    "TelephoneNumbers": "TelephoneNumber",
}
"""The elements that contain a list, with the name of their items."""
_TOTALS: Final = ("TotalCount", "TelephoneNumberCount")


def link(request: ApiRequest, page: str | int, size: int, rel: str) -> Element:
    """One paging link.

    As recorded, its text is `Link=<url>;rel=…`, not a bare URL, and keeps the request's filters (bandwidth-api 7.7).
    """
    query = {**request.query, "page": str(page), "size": str(size)}
    return element(rel, f'Link=<{request.base}{request.path}?{urlencode(query)}>;rel="{rel}";')


def links(request: ApiRequest, page: int, size: int, total: int) -> Element:
    """Return the links of a list whose pages are numbered."""
    made = element("Links", link(request, 1, size, "first"))
    if page * size < total:
        made.append(link(request, page + 1, size, "next"))
    return made


def nothing(request: ApiRequest) -> ApiResponse:
    """Return the reply for an empty list of orders: 404 with `<Links/>`, bare or wrapped (bandwidth-api 11.2)."""
    empty = element("Links")
    bare = request.account.settings.bare_links
    return ApiResponse(404, empty if bare else element("ResponseSelectWrapper", empty))


def is_empty(reply: ApiResponse) -> bool:
    """Return True if the reply is a list without items."""
    if not isinstance(reply.body, Element) or reply.status != 200:
        return False
    found = _list_in(reply.body)
    return found is not None and not found.findall(_ITEMS[found.tag])


def paged(rule: Callable[[ApiRequest], ApiResponse], request: ApiRequest, fault: Fault) -> ApiResponse:
    """Return the requested page, with at most as many items as the fault allows.

    A list in JSON makes its own pages, as `ApiRequest.pages` tells it to.
    """
    reply = rule(replace(request, query={**request.query, "page": "1", "size": "1000"}, pages=fault))
    found = _list_in(reply.body) if isinstance(reply.body, Element) else None
    if found is None or not isinstance(reply.body, Element):
        return reply
    items = found.findall(_ITEMS[found.tag])
    size = min(fault.size, whole(request.query.get("size")) or fault.size)
    start = _start(request.query.get("page", "1"), items, size)
    for item in [*items[:start], *items[start + size :]]:
        found.remove(item)
    _tell_total(reply.body, found, len(items), told=fault.total)
    _tell_links(request, reply.body, items, start, size, told=fault.links)
    return reply


def _list_in(root: Element) -> Element | None:
    return next((found for found in root.iter() if found.tag in _ITEMS), None)


def _start(page: str, items: list[Element], size: int) -> int:
    """Return the index of a page's first item; the page is named by its number or, for orders, by its first order."""
    named = next((index for index, item in enumerate(items) if item.findtext("orderId") == page), None)
    return named if named is not None else (max(whole(page) or 1, 1) - 1) * size


def _tell_total(root: Element, found: Element, total: int, *, told: bool | None) -> None:
    for parent in (root, found):
        for name in _TOTALS:
            count = parent.find(name)
            if told is False and count is not None:
                parent.remove(count)
            elif count is not None:
                count.text = str(total)
    if told and not any(root.find(f".//{name}") is not None for name in _TOTALS):
        count = leaf("TotalCount", total)
        if count is not None:
            root.insert(0, count)
    count = found.find("Count")
    if count is not None:
        count.text = str(len(found.findall(_ITEMS[found.tag])))


def _tell_links(
    request: ApiRequest, root: Element, items: list[Element], start: int, size: int, *, told: bool
) -> None:
    """Replace the list's links, or insert them before the list."""
    parent = next((parent for parent in root.iter() if parent.find("Links") is not None), root)
    old = parent.find("Links")
    if old is not None:
        parent.remove(old)
    made = element("Links", link(request, 1, size, "first"))
    if told and start + size < len(items):
        name = items[start + size].findtext("orderId") or start // size + 2
        made.append(link(request, name, size, "next"))
    before = next((index for index, child in enumerate(parent) if child.tag not in _TOTALS), len(parent))
    parent.insert(before, made)
