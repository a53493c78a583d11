"""Sites, which the App calls sub-accounts (bandwidth-api 2)."""

import re
from xml.etree.ElementTree import Element

from bwtui.simulator import addresses
from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, ApiResponse, created
from bwtui.simulator.resources import Site
from bwtui.simulator.xml import element, leaf, text


def create(request: ApiRequest) -> ApiResponse:
    """201 with body and Location: the guide shows only the body, five SDKs read only Location (bandwidth-api 10.8)."""
    submitted = request.document("Site")
    if (given := text(submitted, "Id")) is not None:
        raise ErrorResponse(400, 12534, f"SiteId '{given}' is unnecessary. It is generated automatically.")
    fields, address = _read(request, submitted)
    _refuse_duplicate(request, fields["Name"])
    site = Site(id=request.account.new_number_id(5), fields=fields, address=address)
    request.account.sites[site.id] = site
    request.account.note(f"site {site.id} created")
    return created(request.account_url(f"/sites/{site.id}"), element("SiteResponse", described(site)))


def list_all(request: ApiRequest) -> ApiResponse:
    """List all sites, without pages: id, name and description, and details on request (bandwidth-api 2.3)."""
    sites = (_listed(request, site) for site in request.account.sites.values())
    return ApiResponse(200, element("SitesResponse", element("Sites", *sites)))


def get(request: ApiRequest) -> ApiResponse:
    return ApiResponse(200, element("SiteResponse", described(request.site())))


def update(request: ApiRequest) -> ApiResponse:
    """200 with an empty body, as the SDKs' tests have it."""
    site = request.site()
    submitted = request.document("Site")
    if text(submitted, "Id") not in {None, site.id}:
        raise ErrorResponse(400, 12521, "Site id in request body must match site id in URL or be left empty")
    fields, address = _read(request, submitted)
    if fields["Name"] != site.name:
        _refuse_duplicate(request, fields["Name"])
    site.fields, site.address = fields, address
    request.account.note(f"site {site.id} changed")
    return ApiResponse()


def delete(request: ApiRequest) -> ApiResponse:
    site = request.site()
    if site.peers:
        raise ErrorResponse(400, 12031, "Please remove all locations before proceeding with this remove.")
    del request.account.sites[site.id]
    request.account.note(f"site {site.id} deleted")
    return ApiResponse()


def total_tns(request: ApiRequest) -> ApiResponse:
    count = len(request.account.held(request.site().id))
    return ApiResponse(200, element("SiteTNsResponse", element("SiteTNs", leaf("TotalCount", count))))


def described(site: Site) -> Element:
    fields = site.fields
    return element(
        "Site",
        leaf("Id", site.id),
        leaf("Name", fields["Name"]),
        leaf("Description", fields.get("Description")),
        leaf("CustomerProvidedID", fields.get("CustomerProvidedID")),
        leaf("CustomerName", fields.get("CustomerName")),
        None if site.address is None else addresses.elements(site.address),
    )


def _listed(request: ApiRequest, site: Site) -> Element:
    listed = element(
        "Site",
        leaf("Id", site.id),
        leaf("Name", site.name),
        leaf("Description", site.fields.get("Description")),
        leaf("TelephoneNumberCount", len(request.account.held(site.id)))
        if request.flag("tnCounts")
        else None,
    )
    if request.flag("sipPeerDetails") or request.flag("summary"):
        peers = (
            element("SipPeer", leaf("PeerId", peer.id), leaf("PeerName", peer.name))
            for peer in site.peers.values()
        )
        listed.append(element("SipPeerCount", str(len(site.peers))))
        listed.append(element("SipPeers", *peers))
    return listed


def _read(request: ApiRequest, submitted: Element) -> tuple[dict[str, str], dict[str, str] | None]:
    """Return the checked fields and the verified address of a submitted site."""
    fields = {
        "Name": _name(request, text(submitted, "Name")),
        "Description": text(submitted, "Description"),
        "CustomerProvidedID": text(submitted, "CustomerProvidedID", "CustomerProvidedId"),
        "CustomerName": text(submitted, "CustomerName"),
    }
    present = {name: value for name, value in fields.items() if value is not None}
    if len(present.get("Description", "")) > 250:
        words = (
            "A site description can have max length of 250 chars and can only contain chars from the set"
            " [a-zA-Z0-9.-] and empty space"
        )
        raise ErrorResponse(400, 4016, words)
    provided = present.get("CustomerProvidedID", "")
    if len(provided) > 10:
        raise ErrorResponse(
            400, 12606, f"Customer provided ID '{provided}' is too long. Max length 10 characters"
        )
    if len(present.get("CustomerName", "")) > 50:
        raise ErrorResponse(400, 1011, "CustomerName is too long. Max length 50 characters")
    # The v2 mount takes a site without an address: Bandwidth's own CLI sends none there (bandwidth-api 10.17).
    if request.v2 and submitted.find("Address") is None:
        return present, None
    address = addresses.read(submitted)
    addresses.verify(address, submitted)
    return present, address


def _name(request: ApiRequest, name: str | None) -> str:
    """Refuse a name of more than 50 characters, or 10 with `strict_names` (bandwidth-api 10.1)."""
    if name is None:
        raise ErrorResponse(400, 12533, "Site name is required")
    longest = 10 if request.account.settings.strict_names else 50
    if len(name) > longest:
        raise ErrorResponse(400, 12529, f"Site name '{name}' is too long. Max length {longest} characters")
    if not re.fullmatch(r"[a-zA-Z0-9.\- ]+", name):
        raise ErrorResponse(400, 12526, f"Site name '{name}' is not valid")
    return name


def _refuse_duplicate(request: ApiRequest, name: str) -> None:
    """Refuse a name that exists; the reply is not documented, so 409 with 1015 is assumed (bandwidth-api 2.5, 12.1)."""
    if request.account.settings.unique_names and any(
        site.name == name for site in request.account.sites.values()
    ):
        raise ErrorResponse(409, 1015, f"Entry for {name} already exists")
