"""SIP peers, which the App calls locations (bandwidth-api 3)."""

import re
from xml.etree.ElementTree import Element, tostring

from bwtui.simulator import origination
from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, ApiResponse, created
from bwtui.simulator.resources import SipPeer, Site
from bwtui.simulator.xml import element, leaf, parse, text


def create(request: ApiRequest) -> ApiResponse:
    """201 with Location and a body, which Bandwidth's newer CLI needs and a setting can remove (bandwidth-api 3.1)."""
    site = request.site()
    submitted = request.document("SipPeer")
    lacks = request.account.settings.lacks
    if lacks("MESSAGING") and lacks("Origination") and lacks("Termination"):
        words = "Account cannot have SipPeers because it does not have the required products"
        raise ErrorResponse(400, 13547, words)
    name, description = _name(text(submitted, "PeerName")), _description(text(submitted, "Description"))
    _refuse_duplicate(request, site, name)
    peer = SipPeer(
        id=request.account.new_number_id(6),
        site_id=site.id,
        name=name,
        description=description,
        is_default=_default(site, text(submitted, "IsDefaultPeer")),
        kept=_kept(submitted),
    )
    site.peers[peer.id] = peer
    _one_default(site, peer)
    request.account.note(f"location {peer.id} created")
    body = element("SipPeerResponse", described(peer)) if request.account.settings.location_body else None
    return created(request.account_url(f"/sites/{site.id}/sippeers/{peer.id}"), body)


def list_all(request: ApiRequest) -> ApiResponse:
    """200 with the list, whose root is TNSipPeersResponse, unlike in other families (bandwidth-api 3.2)."""
    peers = (described(peer) for peer in request.site().peers.values())
    return ApiResponse(200, element("TNSipPeersResponse", element("SipPeers", *peers)))


def get(request: ApiRequest) -> ApiResponse:
    return ApiResponse(200, element("SipPeerResponse", described(request.peer())))


def update(request: ApiRequest) -> ApiResponse:
    peer = request.peer()
    site = request.site()
    submitted = request.document("SipPeer")
    name = _name(text(submitted, "PeerName"))
    if name != peer.name:
        _refuse_duplicate(request, site, name)
    wanted = text(submitted, "IsDefaultPeer")
    if peer.is_default and wanted == "false":
        raise ErrorResponse(400, 13522, _NEEDS_DEFAULT)
    peer.kept = _kept(submitted)
    peer.name, peer.description = name, _description(text(submitted, "Description"))
    peer.is_default = peer.is_default or wanted == "true"
    _one_default(site, peer)
    request.account.note(f"location {peer.id} changed")
    return ApiResponse()


def delete(request: ApiRequest) -> ApiResponse:
    """Delete the location; refuse while anything depends on it, in the order of teardown (bandwidth-api 3.4, 3.5)."""
    site = request.site()
    peer = site.peers.get(request.ids["peer"])
    if peer is None:
        raise ErrorResponse(404, 13557, "Delete not allowed for non-existent SIP Peer")
    if request.account.held(site.id, peer.id) or _has_ageing(request, peer):
        words = (
            "All Telephone Number porting activity affecting this Location must be completed, and all Telephone"
            " Numbers must be removed from this Location, before the Location can be deleted."
        )
        raise ErrorResponse(400, 13555, words)
    if any(order.peer_id == peer.id and order.finished is None for order in request.account.orders.values()):
        words = (
            "All Telephone Number backorder activity affecting this Location must be completed or canceled before the"
            " Location can be deleted."
        )
        raise ErrorResponse(400, 13681, words)
    if peer.mms is not None:
        raise ErrorResponse(400, 13622, "Delete not allowed while a SIP Peer has MMS feature")
    if peer.sms is not None:
        raise ErrorResponse(400, 13613, "Delete not allowed while a SIP Peer has SMS feature")
    if origination.is_http(peer):
        words = "Can not remove location which has HTTP voice configured. Please switch it to SIP first."
        raise ErrorResponse(400, 13652, words)
    if peer.is_default and len(site.peers) > 1:
        words = "Delete not allowed for default SIP Peer unless it is the only SIP Peer"
        raise ErrorResponse(400, 13558, words)
    del site.peers[peer.id]
    request.account.note(f"location {peer.id} deleted")
    return ApiResponse()


def _has_ageing(request: ApiRequest, peer: SipPeer) -> bool:
    """Return True if released numbers keep the location from being deleted, by a switch (universal-platform 9)."""
    return request.account.switches.ageing_blocks_location and bool(request.account.ageing(peer.id))


def total_tns(request: ApiRequest) -> ApiResponse:
    peer = request.peer()
    count = leaf("SipPeerTelephoneNumbersCount", len(request.account.held(peer.site_id, peer.id)))
    return ApiResponse(
        200,
        element("SipPeerTelephoneNumbersCountResponse", element("SipPeerTelephoneNumbersCounts", count)),
    )


def products(request: ApiRequest) -> ApiResponse:
    peer = request.peer()
    names = ["Origination", "Termination", *(["Messaging"] if peer.sms is not None else [])]
    listed = (element("Product", element("Name", name)) for name in names)
    return ApiResponse(200, element("SipPeerProductResponse", element("Products", *listed)))


def described(peer: SipPeer) -> Element:
    shown = element(
        "SipPeer",
        leaf("PeerId", peer.id),
        leaf("PeerName", peer.name),
        leaf("Description", peer.description),
        leaf("IsDefaultPeer", peer.is_default),
        _protocol(peer),
        *(_shown(peer, name, default) for name, default in _HOSTS_AND_MORE.items()),
    )
    # As recorded; the attribute has no meaning for a reader (bandwidth-api 3.2).
    shown.set("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance")
    shown.set("xsi:type", "SipPeer")
    return shown


_HOSTS_AND_MORE = {
    "VoiceHosts": "<VoiceHosts/>",
    "VoiceHostGroups": "<VoiceHostGroups/>",
    "SmsHosts": "<SmsHosts/>",
    "TerminationHosts": "<TerminationHosts/>",
    "OriginationRoutePlan": None,
    "FinalDestinationUri": None,
    "BillingIdentifier": None,
    "CallingName": "<CallingName><Display>true</Display><Enforced>false</Enforced></CallingName>",
}
"""Elements that are only kept and shown, in the order of the replies, with the default of each."""
_MOST_HOSTS = 10
_HOST = re.compile(
    r"(\[[0-9A-Fa-f:]+\]|[0-9A-Fa-f:]+:[0-9A-Fa-f:]+|[A-Za-z0-9]([A-Za-z0-9.\-]*[A-Za-z0-9])?)(/\d{1,2})?"
)
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.\-]*:\S+")


def _shown(peer: SipPeer, name: str, default: str | None) -> Element | None:
    kept = peer.kept.get(name, default)
    return None if kept is None else parse(kept.encode())


def _protocol(peer: SipPeer) -> Element:
    """Return the protocol of SMS if it is on, else the submitted one, else SIP."""
    protocol = peer.kept.get("ShortMessagingProtocol")
    if peer.sms is None and protocol is not None:
        return parse(protocol.encode())
    return element("ShortMessagingProtocol", peer.sms["Protocol"] if peer.sms else "SIP")


def _kept(submitted: Element) -> dict[str, str]:
    """Check the elements that are only kept, and return them as they were sent (bandwidth-api 3.1)."""
    found = {
        name: child
        for name in (*_HOSTS_AND_MORE, "ShortMessagingProtocol")
        if (child := submitted.find(name)) is not None and (len(child) or (child.text or "").strip())
    }
    protocol = text(submitted, "ShortMessagingProtocol")
    if protocol is not None and protocol not in {"SIP", "SMPP", "HTTP"}:
        words = f"Messaging protocol '{protocol}' does not exist. Valid values: SIP, SMPP, HTTP"
        raise ErrorResponse(400, 13567, words)
    uri = text(submitted, "FinalDestinationUri")
    if uri is not None and not _URI.fullmatch(uri):
        raise ErrorResponse(400, 13510, f"Final Destination URI '{uri}' is not valid")
    if "VoiceHosts" in found and "VoiceHostGroups" in found:
        raise ErrorResponse(
            400, 13504, "Voice Hosts and Voice Host Groups cannot be present at the same time"
        )
    for name in ("VoiceHosts", "SmsHosts", "TerminationHosts"):
        _check_hosts(found.get(name))
    return {name: tostring(child, encoding="unicode").strip() for name, child in found.items()}


def _check_hosts(hosts: Element | None) -> None:
    if hosts is None:
        return
    named = [(text(host, "HostName") or "", text(host, "Port") or "") for host in hosts]
    if len(named) > _MOST_HOSTS:
        raise ErrorResponse(400, 13506, f"At most {_MOST_HOSTS} hosts are allowed")
    for host, _ in named:
        if not _HOST.fullmatch(host):
            raise ErrorResponse(400, 13509, f"Host '{host}' is not a valid IP address or domain name")
    if len(set(named)) < len(named):
        raise ErrorResponse(400, 13553, "Duplicate hosts are not allowed")


_NEEDS_DEFAULT = "IsDefaultPeer cannot be false right now. The account requires at least one Default Sip Peer"


def _default(site: Site, wanted: str | None) -> bool:
    """Return True if the new location is the default; the first must be, or it is refused (bandwidth-api 3.3)."""
    if not site.peers and wanted == "false":
        raise ErrorResponse(400, 13522, _NEEDS_DEFAULT)
    return wanted == "true" or not site.peers


def _one_default(site: Site, chosen: SipPeer) -> None:
    """If `chosen` is the default, take the flag from all others (inferred, bandwidth-api 3.3 and 12.9)."""
    if chosen.is_default:
        for peer in site.peers.values():
            peer.is_default = peer is chosen


def _name(name: str | None) -> str:
    """Refuse any name but 1 to 50 letters, digits, dashes and blanks; the guide's has blanks (bandwidth-api 10.3)."""
    if name is None:
        raise ErrorResponse(400, 13500, "Peer Name is required")
    if len(name) > 50:
        raise ErrorResponse(400, 13501, f"Peer Name '{name}' is too long. Max length 50 characters")
    if not re.fullmatch(r"[a-zA-Z0-9\- ]+", name):
        words = f"'{name}' is not a valid Peer Name. Peer Name can only contain alphanumerics (a-z, A-Z, 0-9)"
        raise ErrorResponse(400, 13502, words)
    return name


def _description(description: str | None) -> str | None:
    if description is not None and len(description) > 50:
        raise ErrorResponse(400, 13503, f"Description '{description}' is too long. Max length 50 characters")
    return description


def _refuse_duplicate(request: ApiRequest, site: Site, name: str) -> None:
    if any(peer.name == name for peer in site.peers.values()):
        account_id = request.ids["account"]
        words = f"SipPeer name '{name}' already exists for Account '{account_id}' and Site '{site.id}'"
        raise ErrorResponse(409, 13524, words)
