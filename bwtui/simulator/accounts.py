"""The account itself, its products and the geocoder (bandwidth-api 1.6, 2.4)."""

from bwtui.simulator import addresses
from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, ApiResponse
from bwtui.simulator.xml import element, leaf, leaves

_PRODUCTS = {
    "Origination": ("OrigHttpVoice",),
    "Termination": ("TermHttpVoice",),
    "MESSAGING": ("SMS", "MMS", "HTTP", "HTTPV2", "TollFree", "ShortCode", "A2pLongCode"),
    "NumberManagement": ("ORDERING", "SEARCH"),
    "CallerName": (),
}
_VOICE_PRODUCTS = {name: _PRODUCTS[name] for name in ("Origination", "Termination")}


def get(request: ApiRequest) -> ApiResponse:
    address = {
        "HouseNumber": "900",
        "StreetName": "MAIN CAMPUS DR",
        "City": "RALEIGH",
        "StateCode": "NC",
        "Zip": "27606",
        "PlusFour": "5177",
        "Country": "United States",
        "AddressType": "Service",
    }
    contact = {"FirstName": "Demo", "LastName": "User", "Phone": "9195550100", "Email": "demo@example.com"}
    description = element(
        "Account",
        leaf("AccountId", request.account.settings.account_id),
        leaf("GlobalAccountNumber", "BW-7000000"),
        leaf("AssociatedCatapultAccount", request.account.settings.account_id),
        leaf("CompanyName", "Demo Company"),
        leaf("AccountType", "Business"),
        leaf("NenaId", ""),
        leaf("CustomerSegment", "Standard"),
        element("Tiers", *leaves("Tier", range(6))),
        addresses.elements(address),
        element("Contact", *(leaf(name, value) for name, value in contact.items())),
        leaf("SPID", "981F"),
        leaf("PortCarrierType", "WIRELINE"),
    )
    return ApiResponse(200, element("AccountResponse", description))


def products(request: ApiRequest) -> ApiResponse:
    """List the products that the account has; one without features has no Features element at all.

    A Build account has voice alone (universal-platform 1).
    """
    lacks = request.account.settings.lacks
    build = request.account.settings.platform == "build"
    listed = []
    for name, features in (_VOICE_PRODUCTS if build else _PRODUCTS).items():
        if lacks(name):
            continue
        present = [feature for feature in features if not lacks(feature)]
        held = element("Features", *leaves("Feature", present)) if present else None
        listed.append(element("Product", leaf("Name", name), held))
    return ApiResponse(200, element("AccountProductsResponse", element("Products", *listed)))


def activation_requirements(request: ApiRequest) -> ApiResponse:
    """200 on the Universal Platform, 404 with 4026 elsewhere; the body of 200 is inferred (universal-platform 1)."""
    if request.account.settings.platform != "universal":
        raise ErrorResponse(404, 4026, "Global Services are currently disabled")
    country = leaf("CountryCodeA3", request.query.get("countrycodea3"))
    return ApiResponse(
        200, element("ActivationRequirementsResponse", country, element("ActivationRequirements"))
    )


def geocode(request: ApiRequest) -> ApiResponse:
    """200 with the address in parts; 409 if they differ from the request, as Bandwidth's node client expects."""
    if not request.account.settings.geocoding:
        raise ErrorResponse(403)
    address = addresses.from_line(request.document("RequestAddress"))
    if "NOWHERE" in f"{address['StreetName']} {address['City']}".upper().split():
        words = "The provided street address could not be verified. Please submit a valid street address"
        raise ErrorResponse(400, 12113, words)
    better = addresses.recommended(address)
    shown = element("GeocodedAddress", *addresses.described(better or address))
    return ApiResponse(200 if better is None else 409, element("GeocodeRequestResponse", shown))
