"""Numbers of a location and of the account, single numbers, moves and reservations (bandwidth-api 8, 6.3)."""

from xml.etree.ElementTree import Element

from bwtui.simulator import paging
from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, ApiResponse, created, whole
from bwtui.simulator.resources import Move, Reservation, TelephoneNumber
from bwtui.simulator.simulated_account import last_ten, stamp
from bwtui.simulator.xml import element, leaf, leaves, text, texts

_HOLD_SECONDS = 4 * 3600


def of_peer(request: ApiRequest) -> ApiResponse:
    """List a location's numbers; without page and size, 303 to a paged URL (bandwidth-api 8)."""
    peer = request.peer()
    page = request.page()
    if page is None:
        return ApiResponse(303, None, {"Location": f"{request.base}{request.path}?page=1&size=500"})
    held = request.account.held(peer.site_id, peer.id)
    if request.account.switches.ageing_is_listed:
        held = sorted([*held, *request.account.ageing(peer.id)], key=lambda number: number.tn)
    numbers = _slice(held, page)
    listed = (element("SipPeerTelephoneNumber", leaf("FullNumber", request.number(n.tn))) for n in numbers)
    body = element("SipPeerTelephoneNumbersResponse", element("SipPeerTelephoneNumbers", *listed))
    return ApiResponse(200, body)


def one_of_peer(request: ApiRequest) -> ApiResponse:
    peer = request.peer()
    tn = last_ten(request.ids["tn"])
    if tn not in {number.tn for number in request.account.held(peer.site_id, peer.id)}:
        words = (
            f"Telephone number {request.ids['tn']} does not exist on Account {request.ids['account']}, Site {peer.site_id},"
            f" and Sip Peer {peer.id}"
        )
        raise ErrorResponse(400, 13536, words)
    shown = element("SipPeerTelephoneNumber", leaf("FullNumber", request.number(tn or "")))
    return ApiResponse(200, element("SipPeerTelephoneNumberResponse", shown))


def change_one_of_peer(request: ApiRequest) -> ApiResponse:
    """Accept a number's options, which have no effect here."""
    request.document("SipPeerTelephoneNumber")
    return one_of_peer(request)


def move_to_peer(request: ApiRequest) -> ApiResponse:
    """Move numbers of the same site to this location."""
    peer = request.peer()
    submitted = request.document("SipPeerTelephoneNumbers")
    tns = [last_ten(given) or given for given in texts(submitted, "FullNumber")]
    if not tns:
        raise ErrorResponse(400, 13505, "Full number is required")
    held = {number.tn: number for number in request.account.held()}
    for tn in tns:
        if tn not in held:
            raise ErrorResponse(400, 13520, f"Telephone number '{tn}' is not on account")
        if held[tn].site_id != peer.site_id:
            raise ErrorResponse(400, 13521, f"Telephone number '{tn}' is not on this site")
    for tn in tns:
        held[tn].peer_id = peer.id
    request.account.note(f"{len(tns)} number(s) moved to location {peer.id}")
    return ApiResponse()


def move(request: ApiRequest) -> ApiResponse:
    """Move numbers by an order of the account, also between sites."""
    submitted = request.document("MoveTnsOrder")
    site = request.account.sites.get(text(submitted, "SiteId") or "")
    if site is None:
        raise ErrorResponse(400, 7309, "The site id was not supplied or is invalid.")
    peer_id = text(submitted, "SipPeerId")
    default = next((peer.id for peer in site.peers.values() if peer.is_default), None)
    if peer_id is not None and peer_id not in site.peers:
        raise ErrorResponse(400, 7312, "The sippeer id is invalid.")
    target = peer_id or default
    if target is None:
        words = "The site id submitted does not have a default SIP peer associated to it."
        raise ErrorResponse(400, 7310, words)
    held = {number.tn: number for number in request.account.held()}
    tns = [last_ten(given) or given for given in texts(submitted, "TelephoneNumbers/TelephoneNumber")]
    for tn in tns:
        if tn in held:
            held[tn].site_id, held[tn].peer_id = site.id, target
    order = Move(
        id=request.account.new_uuid(),
        tns=[tn for tn in tns if tn in held],
        site_id=site.id,
        peer_id=target,
        customer_order_id=text(submitted, "CustomerOrderId"),
        user=request.user,
        created=request.account.clock(),
    )
    request.account.moves[order.id] = order
    request.account.note(f"{len(order.tns)} number(s) moved to location {target}")
    return created(request.account_url(f"/moveTns/{order.id}"), _move_response(request, order, "RECEIVED"))


def get_move(request: ApiRequest) -> ApiResponse:
    order = request.account.moves.get(request.ids["order"])
    if order is None:
        raise ErrorResponse(404)
    return ApiResponse(200, _move_response(request, order, "COMPLETE"))


def _move_response(request: ApiRequest, order: Move, status: str) -> Element:
    shown = element(
        "MoveTnsOrder",
        leaf("CustomerOrderId", order.customer_order_id),
        leaf("CreatedByUser", order.user),
        leaf("OrderCreateDate", stamp(order.created)),
        leaf("OrderId", order.id),
        element("TelephoneNumbers", *leaves("TelephoneNumber", map(request.number, order.tns))),
        leaf("SiteId", order.site_id),
        leaf("SipPeerId", order.peer_id),
        leaf("ProcessingStatus", status),
    )
    return element("MoveTnsOrderResponse", shown)


def in_service(request: ApiRequest) -> ApiResponse:
    """List the numbers in service, of the account or a site; 204 if there are none."""
    site_id = request.site().id if "site" in request.ids else None
    held = [
        number
        for number in request.account.held(site_id)
        if request.query.get("areacode", number.tn[:3]) == number.tn[:3]
        and request.query.get("npanxx", number.tn[:6]) == number.tn[:6]
        and request.query.get("state", number.place.state).upper() == number.place.state
    ]
    if not held:
        return ApiResponse(204)
    page, size = request.page() or (1, 500)
    shown = [request.number(number.tn) for number in _slice(held, (page, size))]
    numbers = element("TelephoneNumbers", leaf("Count", len(shown)), *leaves("TelephoneNumber", shown))
    links = paging.links(request, page, size, len(held))
    return ApiResponse(200, element("TNs", leaf("TotalCount", len(held)), links, numbers))


def is_in_service(request: ApiRequest) -> ApiResponse:
    """200 without a body if the number is in service, else 404."""
    tn = last_ten(request.ids["tn"])
    if tn not in {number.tn for number in request.account.held()}:
        raise ErrorResponse(404)
    return ApiResponse()


def in_service_totals(request: ApiRequest) -> ApiResponse:
    return ApiResponse(200, element("Quantity", leaf("Count", len(request.account.held()))))


def list_all(request: ApiRequest) -> ApiResponse:
    """List numbers (GET /tns); refuse a size above 2,500 and another account (bandwidth-api 8)."""
    size = whole(request.query.get("size", "500"))
    if size is None or not 1 <= size <= 2500:
        raise ErrorResponse(400, 1006, "size must be between 1 and 2500 (bounds are included)")
    if (
        request.query.get("accountid", request.account.settings.account_id)
        != request.account.settings.account_id
    ):
        raise ErrorResponse(403)
    wanted = {
        status.strip().lower() for status in request.query.get("status", "").split(",") if status.strip()
    }
    matching = [
        number
        for number in sorted(request.account.numbers.values(), key=lambda number: number.tn)
        if not wanted or number.status.lower() in wanted
    ]
    page = whole(request.query.get("page")) or 1
    shown = _slice(matching, (page, size))
    body = element(
        "TelephoneNumbersResponse",
        leaf("TelephoneNumberCount", len(matching)),
        paging.links(request, page, size, len(matching)),
        element("TelephoneNumbers", *(_listed(request, number) for number in shown)),
    )
    return ApiResponse(200, body)


def get(request: ApiRequest) -> ApiResponse:
    number = _number(request)
    body = element(
        "TelephoneNumberResponse",
        leaf("TelephoneNumber", request.number(number.tn)),
        leaf("Status", number.status),
        leaf("LastModifiedDate", stamp(number.since)),
        leaf("OrderCreateDate", stamp(number.since)),
        leaf("OrderId", number.order_id),
        leaf("OrderType", "NEW_NUMBER_ORDER"),
        leaf("SiteId", number.site_id),
        leaf("AccountId", request.account.settings.account_id),
    )
    return ApiResponse(200, body)


def details(request: ApiRequest) -> ApiResponse:
    number = _number(request)
    peer = request.account.sites[number.site_id].peers.get(number.peer_id)
    # Unlike in /tns/{tn}/sippeers, the elements are PeerId and PeerName, as in a location itself: an SDK reads these.
    shown = element(
        "TelephoneNumberDetails",
        leaf("City", number.place.city),
        leaf("Lata", number.place.lata),
        leaf("State", number.place.state),
        leaf("FullNumber", request.number(number.tn)),
        leaf("Tier", 0),
        leaf("VendorId", 49),
        leaf("VendorName", "Bandwidth CLEC"),
        leaf("RateCenter", number.place.rate_center.ljust(10)),
        leaf("Status", number.status),
        leaf("AccountId", request.account.settings.account_id),
        leaf("LastModified", stamp(number.since)),
        element("Site", leaf("Id", number.site_id), leaf("Name", request.account.sites[number.site_id].name)),
        None if peer is None else element("SipPeer", leaf("PeerId", peer.id), leaf("PeerName", peer.name)),
    )
    return ApiResponse(200, element("TelephoneNumberResponse", shown))


def rate_center_of(request: ApiRequest) -> ApiResponse:
    place = _number(request).place
    shown = element(
        "TelephoneNumberDetails", leaf("State", place.state), leaf("RateCenter", place.rate_center)
    )
    return ApiResponse(200, element("TelephoneNumberResponse", shown))


def lata_of(request: ApiRequest) -> ApiResponse:
    shown = element("TelephoneNumberDetails", leaf("Lata", _number(request).place.lata))
    return ApiResponse(200, element("TelephoneNumberResponse", shown))


def site_of(request: ApiRequest) -> ApiResponse:
    number = _number(request)
    site = request.account.sites[number.site_id]
    return ApiResponse(200, element("Site", leaf("Id", site.id), leaf("Name", site.name)))


def peer_of(request: ApiRequest) -> ApiResponse:
    number = _number(request)
    peer = request.account.peer(number.site_id, number.peer_id)
    return ApiResponse(200, element("SipPeer", leaf("Id", peer.id), leaf("Name", peer.name)))


def reserve(request: ApiRequest) -> ApiResponse:
    given = text(request.document("Reservation"), "ReservedTn") or ""
    tn = last_ten(given)
    if tn is None or not request.account.for_sale(tn) or request.account.inventory.place_of(tn) is None:
        raise ErrorResponse(400, 5041, f"Reservation failed: telephone number {given} is not available.")
    expires = request.account.clock() + _HOLD_SECONDS
    reservation = Reservation(id=request.account.new_uuid(), tn=tn, expires=expires)
    request.account.reservations[reservation.id] = reservation
    request.account.note(f"number {tn} reserved")
    return created(request.account_url(f"/tnreservation/{reservation.id}"))


def get_reservation(request: ApiRequest) -> ApiResponse:
    reservation = _reservation(request)
    shown = element(
        "Reservation",
        leaf("ReservationId", reservation.id),
        leaf("AccountId", request.account.settings.account_id),
        leaf("ReservationExpires", int(reservation.expires - request.account.clock())),
        leaf("ReservedTn", request.number(reservation.tn)),
    )
    return ApiResponse(200, element("ReservationResponse", shown))


def release_reservation(request: ApiRequest) -> ApiResponse:
    reservation = _reservation(request)
    del request.account.reservations[reservation.id]
    request.account.note(f"number {reservation.tn} no longer reserved")
    return ApiResponse()


def _reservation(request: ApiRequest) -> Reservation:
    reservation = request.account.reservations.get(request.ids["reservation"])
    if reservation is None or reservation.expires <= request.account.clock():
        raise ErrorResponse(404, 5043, f"Reservation {request.ids['reservation']} not found.")
    return reservation


def _number(request: ApiRequest) -> TelephoneNumber:
    tn = last_ten(request.ids["tn"])
    if tn is None:
        raise ErrorResponse(400, 12512, f"Telephone number '{request.ids['tn']}' is not valid")
    if tn not in request.account.numbers:
        raise ErrorResponse(404, 4017, f"The telephone number '{request.ids['tn']}' does not exist")
    return request.account.numbers[tn]


def _listed(request: ApiRequest, number: TelephoneNumber) -> Element:
    """One row of /tns, which may have ten digits on v2 too (universal-platform 2)."""
    plain = request.universal_v2 and request.account.switches.ten_digits
    return element(
        "TelephoneNumber",
        leaf("City", number.place.city.ljust(10)),
        leaf("Lata", number.place.lata),
        leaf("State", number.place.state),
        leaf("FullNumber", number.tn if plain else request.number(number.tn)),
        leaf("Tier", 0),
        leaf("VendorId", 49),
        leaf("VendorName", "Bandwidth CLEC"),
        leaf("RateCenter", number.place.rate_center.ljust(10)),
        leaf("Status", number.status),
        leaf("AccountId", request.account.settings.account_id),
        leaf("LastModified", stamp(number.since)),
    )


def _slice(numbers: list[TelephoneNumber], page: tuple[int, int]) -> list[TelephoneNumber]:
    start = (max(page[0], 1) - 1) * page[1]
    return numbers[start : start + page[1]]
