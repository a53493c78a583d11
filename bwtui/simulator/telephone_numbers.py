"""Numbers in place: of a location, of the account, one by one (sheet 8), and held for later (6.3)."""

from xml.etree.ElementTree import Element

from bwtui.simulator import paging
from bwtui.simulator.error_responses import Refusal
from bwtui.simulator.http import Call, Reply, created, whole
from bwtui.simulator.resources import Move, Reservation, TelephoneNumber
from bwtui.simulator.simulated_account import last_ten, stamp
from bwtui.simulator.xml import element, leaf, leaves, text, texts

_HOLD_SECONDS = 4 * 3600


def of_peer(call: Call) -> Reply:
    """303 to a paged URL unless page and size are given: a client must follow with its credentials (sheet 8)."""
    peer = call.peer()
    page = call.page()
    if page is None:
        return Reply(303, None, {"Location": f"{call.base}{call.path}?page=1&size=500"})
    numbers = _slice(call.world.held(peer.site_id, peer.id), page)
    listed = (element("SipPeerTelephoneNumber", leaf("FullNumber", call.number(n.tn))) for n in numbers)
    body = element("SipPeerTelephoneNumbersResponse", element("SipPeerTelephoneNumbers", *listed))
    return Reply(200, body)


def one_of_peer(call: Call) -> Reply:
    peer = call.peer()
    tn = last_ten(call.ids["tn"])
    if tn not in {number.tn for number in call.world.held(peer.site_id, peer.id)}:
        words = (
            f"Telephone number {call.ids['tn']} does not exist on Account {call.ids['account']}, Site {peer.site_id},"
            f" and Sip Peer {peer.id}"
        )
        raise Refusal(400, 13536, words)
    shown = element("SipPeerTelephoneNumber", leaf("FullNumber", call.number(tn or "")))
    return Reply(200, element("SipPeerTelephoneNumberResponse", shown))


def change_one_of_peer(call: Call) -> Reply:
    """Its options are accepted, and nothing here depends on them."""
    call.document("SipPeerTelephoneNumber")
    return one_of_peer(call)


def move_to_peer(call: Call) -> Reply:
    """Numbers of the same site move to this location."""
    peer = call.peer()
    submitted = call.document("SipPeerTelephoneNumbers")
    tns = [last_ten(given) or given for given in texts(submitted, "FullNumber")]
    if not tns:
        raise Refusal(400, 13505, "Full number is required")
    held = {number.tn: number for number in call.world.held()}
    for tn in tns:
        if tn not in held:
            raise Refusal(400, 13520, f"Telephone number '{tn}' is not on account")
        if held[tn].site_id != peer.site_id:
            raise Refusal(400, 13521, f"Telephone number '{tn}' is not on this site")
    for tn in tns:
        held[tn].peer_id = peer.id
    call.world.note(f"{len(tns)} number(s) moved to location {peer.id}")
    return Reply()


def move(call: Call) -> Reply:
    """The account-level order, which may cross sites."""
    submitted = call.document("MoveTnsOrder")
    site = call.world.sites.get(text(submitted, "SiteId") or "")
    if site is None:
        raise Refusal(400, 7309, "The site id was not supplied or is invalid.")
    peer_id = text(submitted, "SipPeerId")
    default = next((peer.id for peer in site.peers.values() if peer.is_default), None)
    if peer_id is not None and peer_id not in site.peers:
        raise Refusal(400, 7312, "The sippeer id is invalid.")
    target = peer_id or default
    if target is None:
        words = "The site id submitted does not have a default SIP peer associated to it."
        raise Refusal(400, 7310, words)
    held = {number.tn: number for number in call.world.held()}
    tns = [last_ten(given) or given for given in texts(submitted, "TelephoneNumbers/TelephoneNumber")]
    for tn in tns:
        if tn in held:
            held[tn].site_id, held[tn].peer_id = site.id, target
    order = Move(
        id=call.world.new_uuid(),
        tns=[tn for tn in tns if tn in held],
        site_id=site.id,
        peer_id=target,
        customer_order_id=text(submitted, "CustomerOrderId"),
        user=call.user,
        created=call.world.clock(),
    )
    call.world.moves[order.id] = order
    call.world.note(f"{len(order.tns)} number(s) moved to location {target}")
    return created(call.account_url(f"/moveTns/{order.id}"), _move_response(call, order, "RECEIVED"))


def get_move(call: Call) -> Reply:
    order = call.world.moves.get(call.ids["order"])
    if order is None:
        raise Refusal(404)
    return Reply(200, _move_response(call, order, "COMPLETE"))


def _move_response(call: Call, order: Move, status: str) -> Element:
    shown = element(
        "MoveTnsOrder",
        leaf("CustomerOrderId", order.customer_order_id),
        leaf("CreatedByUser", order.user),
        leaf("OrderCreateDate", stamp(order.created)),
        leaf("OrderId", order.id),
        element("TelephoneNumbers", *leaves("TelephoneNumber", map(call.number, order.tns))),
        leaf("SiteId", order.site_id),
        leaf("SipPeerId", order.peer_id),
        leaf("ProcessingStatus", status),
    )
    return element("MoveTnsOrderResponse", shown)


def in_service(call: Call) -> Reply:
    """204 when there are none."""
    site_id = call.site().id if "site" in call.ids else None
    held = [
        number
        for number in call.world.held(site_id)
        if call.query.get("areacode", number.tn[:3]) == number.tn[:3]
        and call.query.get("npanxx", number.tn[:6]) == number.tn[:6]
        and call.query.get("state", number.place.state).upper() == number.place.state
    ]
    if not held:
        return Reply(204)
    page, size = call.page() or (1, 500)
    shown = [call.number(number.tn) for number in _slice(held, (page, size))]
    numbers = element("TelephoneNumbers", leaf("Count", len(shown)), *leaves("TelephoneNumber", shown))
    links = paging.links(call, page, size, len(held))
    return Reply(200, element("TNs", leaf("TotalCount", len(held)), links, numbers))


def is_in_service(call: Call) -> Reply:
    """200 without a body is yes, 404 is no."""
    tn = last_ten(call.ids["tn"])
    if tn not in {number.tn for number in call.world.held()}:
        raise Refusal(404)
    return Reply()


def in_service_totals(call: Call) -> Reply:
    return Reply(200, element("Quantity", leaf("Count", len(call.world.held()))))


def list_all(call: Call) -> Reply:
    """GET /tns: size beyond 2,500 is refused; another account's numbers are not shown (sheet 8)."""
    size = whole(call.query.get("size", "500"))
    if size is None or not 1 <= size <= 2500:
        raise Refusal(400, 1006, "size must be between 1 and 2500 (bounds are included)")
    if call.query.get("accountid", call.world.settings.account_id) != call.world.settings.account_id:
        raise Refusal(403)
    wanted = {status.strip().lower() for status in call.query.get("status", "").split(",") if status.strip()}
    matching = [
        number
        for number in sorted(call.world.numbers.values(), key=lambda number: number.tn)
        if not wanted or number.status.lower() in wanted
    ]
    page = whole(call.query.get("page")) or 1
    shown = _slice(matching, (page, size))
    body = element(
        "TelephoneNumbersResponse",
        leaf("TelephoneNumberCount", len(matching)),
        paging.links(call, page, size, len(matching)),
        element("TelephoneNumbers", *(_listed(call, number) for number in shown)),
    )
    return Reply(200, body)


def get(call: Call) -> Reply:
    number = _number(call)
    body = element(
        "TelephoneNumberResponse",
        leaf("TelephoneNumber", call.number(number.tn)),
        leaf("Status", number.status),
        leaf("LastModifiedDate", stamp(number.since)),
        leaf("OrderCreateDate", stamp(number.since)),
        leaf("OrderId", number.order_id),
        leaf("OrderType", "NEW_NUMBER_ORDER"),
        leaf("SiteId", number.site_id),
        leaf("AccountId", call.world.settings.account_id),
    )
    return Reply(200, body)


def details(call: Call) -> Reply:
    number = _number(call)
    peer = call.world.sites[number.site_id].peers.get(number.peer_id)
    # Unlike in /tns/{tn}/sippeers, the location has the names that it has as a resource: an SDK reads these.
    shown = element(
        "TelephoneNumberDetails",
        leaf("City", number.place.city),
        leaf("Lata", number.place.lata),
        leaf("State", number.place.state),
        leaf("FullNumber", call.number(number.tn)),
        leaf("Tier", 0),
        leaf("VendorId", 49),
        leaf("VendorName", "Bandwidth CLEC"),
        leaf("RateCenter", number.place.rate_center.ljust(10)),
        leaf("Status", number.status),
        leaf("AccountId", call.world.settings.account_id),
        leaf("LastModified", stamp(number.since)),
        element("Site", leaf("Id", number.site_id), leaf("Name", call.world.sites[number.site_id].name)),
        None if peer is None else element("SipPeer", leaf("PeerId", peer.id), leaf("PeerName", peer.name)),
    )
    return Reply(200, element("TelephoneNumberResponse", shown))


def rate_center_of(call: Call) -> Reply:
    place = _number(call).place
    shown = element(
        "TelephoneNumberDetails", leaf("State", place.state), leaf("RateCenter", place.rate_center)
    )
    return Reply(200, element("TelephoneNumberResponse", shown))


def lata_of(call: Call) -> Reply:
    shown = element("TelephoneNumberDetails", leaf("Lata", _number(call).place.lata))
    return Reply(200, element("TelephoneNumberResponse", shown))


def site_of(call: Call) -> Reply:
    number = _number(call)
    site = call.world.sites[number.site_id]
    return Reply(200, element("Site", leaf("Id", site.id), leaf("Name", site.name)))


def peer_of(call: Call) -> Reply:
    number = _number(call)
    peer = call.world.peer(number.site_id, number.peer_id)
    return Reply(200, element("SipPeer", leaf("Id", peer.id), leaf("Name", peer.name)))


def reserve(call: Call) -> Reply:
    given = text(call.document("Reservation"), "ReservedTn") or ""
    tn = last_ten(given)
    if tn is None or not call.world.for_sale(tn) or call.world.inventory.place_of(tn) is None:
        raise Refusal(400, 5041, f"Reservation failed: telephone number {given} is not available.")
    expires = call.world.clock() + _HOLD_SECONDS
    reservation = Reservation(id=call.world.new_uuid(), tn=tn, expires=expires)
    call.world.reservations[reservation.id] = reservation
    call.world.note(f"number {tn} reserved")
    return created(call.account_url(f"/tnreservation/{reservation.id}"))


def get_reservation(call: Call) -> Reply:
    reservation = _reservation(call)
    shown = element(
        "Reservation",
        leaf("ReservationId", reservation.id),
        leaf("AccountId", call.world.settings.account_id),
        leaf("ReservationExpires", int(reservation.expires - call.world.clock())),
        leaf("ReservedTn", call.number(reservation.tn)),
    )
    return Reply(200, element("ReservationResponse", shown))


def release_reservation(call: Call) -> Reply:
    reservation = _reservation(call)
    del call.world.reservations[reservation.id]
    call.world.note(f"number {reservation.tn} no longer reserved")
    return Reply()


def _reservation(call: Call) -> Reservation:
    reservation = call.world.reservations.get(call.ids["reservation"])
    if reservation is None or reservation.expires <= call.world.clock():
        raise Refusal(404, 5043, f"Reservation {call.ids['reservation']} not found.")
    return reservation


def _number(call: Call) -> TelephoneNumber:
    tn = last_ten(call.ids["tn"])
    if tn is None:
        raise Refusal(400, 12512, f"Telephone number '{call.ids['tn']}' is not valid")
    if tn not in call.world.numbers:
        raise Refusal(404, 4017, f"The telephone number '{call.ids['tn']}' does not exist")
    return call.world.numbers[tn]


def _listed(call: Call, number: TelephoneNumber) -> Element:
    return element(
        "TelephoneNumber",
        leaf("City", number.place.city.ljust(10)),
        leaf("Lata", number.place.lata),
        leaf("State", number.place.state),
        leaf("FullNumber", call.number(number.tn)),
        leaf("Tier", 0),
        leaf("VendorId", 49),
        leaf("VendorName", "Bandwidth CLEC"),
        leaf("RateCenter", number.place.rate_center.ljust(10)),
        leaf("Status", number.status),
        leaf("AccountId", call.world.settings.account_id),
        leaf("LastModified", stamp(number.since)),
    )


def _slice(numbers: list[TelephoneNumber], page: tuple[int, int]) -> list[TelephoneNumber]:
    start = (max(page[0], 1) - 1) * page[1]
    return numbers[start : start + page[1]]
