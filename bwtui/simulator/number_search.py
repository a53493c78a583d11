"""Searches for numbers that can be bought, and lists of cities, rate centres and exchanges (bandwidth-api 6)."""

import re
from collections.abc import Mapping
from xml.etree.ElementTree import Element

from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, ApiResponse, whole
from bwtui.simulator.inventory import digits
from bwtui.simulator.rate_centers import PLACES, STATES, UNSUPPORTED_NPAS, Place
from bwtui.simulator.xml import element, leaf, leaves

_AREA = ("areacode", "npanxx", "npanxxx")
_LOCAL = (*_AREA, "ratecenter", "city", "state", "zip", "lata", "localvanity")
_TOLL_FREE = ("tollfreevanity", "tollfreewildcardpattern")
_NOTHING_GIVEN = (
    "One of more required search parameters are null or empty, please refer to the api documentation"
)

_FORMATS = {
    "areacode": (r"[2-9][0-9]{2}", 4000, "Area Code"),
    "npanxx": (r"[2-9][0-9]{2}[2-9][0-9]{2}", 4002, "NPA, NPA-NXX, or NPA-NXX-X"),
    "npanxxx": (r"[2-9][0-9]{2}[2-9][0-9]{3}", 4002, "NPA, NPA-NXX, or NPA-NXX-X"),
    "zip": (r"[0-9]{5}(-[0-9]{4})?", 4007, "Zip Code"),
    "lata": (r"[0-9]{1,5}", 4008, "LATA"),
    "tollfreevanity": (r"[A-Za-z0-9]{4,10}", 4003, "Toll Free Vanity"),
    "tollfreewildcardpattern": (r"8[0-9*][0-9*]", 4004, "Toll Free Wild Card"),
    "ratecenter": (r"[A-Za-z0-9 .\-]+", 4001, "Rate Center"),
    "city": (r"[A-Za-z .'\-]+", 4005, "City"),
}


def available_numbers(request: ApiRequest) -> ApiResponse:
    criteria = read(request.query)
    quantity = _quantity(request.query)
    found = request.account.search(criteria, quantity, request.shuffled)
    if not found:
        return ApiResponse(200, element("SearchResult"))
    _order(found, request.query.get("orderby"))
    # Toll-free numbers come as the plain list even when details are asked for (bandwidth-api 6.2).
    toll_free = any(name in criteria for name in _TOLL_FREE)
    if request.flag("enableTNDetail") and not toll_free:
        listed = element("TelephoneNumberDetailList", *(_detail(request, tn, place) for tn, place in found))
    else:
        listed = element(
            "TelephoneNumberList", *leaves("TelephoneNumber", (request.number(tn) for tn, _ in found))
        )
    return ApiResponse(200, element("SearchResult", leaf("ResultCount", len(found)), listed))


def available_npa_nxx(request: ApiRequest) -> ApiResponse:
    wanted = {name: request.query[name] for name in ("areacode", "state") if request.query.get(name)}
    for name, value in wanted.items():
        _check(name, value)
    counts: dict[tuple[str, str, Place], int] = {}
    for tn, place in request.account.search(wanted, 100_000):
        counts[tn[:3], tn[3:6], place] = counts.get((tn[:3], tn[3:6], place), 0) + 1
    listed = [
        element(
            "AvailableNpaNxx",
            leaf("City", place.city),
            leaf("Npa", npa),
            leaf("Nxx", nxx),
            leaf("Quantity", count),
            leaf("State", place.state),
        )
        for (npa, nxx, place), count in sorted(counts.items())
    ][: _quantity(request.query)]
    body = element("SearchResultForAvailableNpaNxx", element("AvailableNpaNxxList", *listed))
    return ApiResponse(200, body)


def cities(request: ApiRequest) -> ApiResponse:
    state = _state_of(request)
    names = sorted({place.city for place in PLACES if place.state == state})
    counted = request.flag("available")
    listed = (
        element(
            "City",
            leaf("RcAbbreviation", _rate_center(name, state)),
            leaf("Name", name),
            leaf("AvailableTelephoneNumberCount", _count(request, {"city": name, "state": state}))
            if counted
            else None,
        )
        for name in names
    )
    body = element("CityResponse", leaf("ResultCount", len(names)), element("Cities", *listed))
    return ApiResponse(200, body)


def rate_centers(request: ApiRequest) -> ApiResponse:
    state = _state_of(request)
    names = sorted({(place.rate_center, place.city) for place in PLACES if place.state == state})
    counted = request.flag("available")
    listed = (
        element(
            "RateCenter",
            leaf("Abbreviation", center),
            leaf("Name", city),
            leaf("AvailableTelephoneNumberCount", _count(request, {"ratecenter": center, "state": state}))
            if counted
            else None,
        )
        for center, city in names
    )
    body = element("RateCenterResponse", leaf("ResultCount", len(names)), element("RateCenters", *listed))
    return ApiResponse(200, body)


def read(query: Mapping[str, str]) -> dict[str, str]:
    """Return the checked criteria of a search, names in lower case; unknown ones are ignored (bandwidth-api 6.1)."""
    given = {name: query[name].strip() for name in (*_LOCAL, *_TOLL_FREE) if query.get(name, "").strip()}
    if not given:
        raise ErrorResponse(400, 4010, _NOTHING_GIVEN)
    _check_combination(given, query)
    for name, value in given.items():
        _check(name, value)
    if given.get("areacode") in UNSUPPORTED_NPAS:
        words = "Bandwidth does not support ordering of new numbers in this area. Try searching in a different area."
        raise ErrorResponse(400, 4023, words)
    if query.get("endsin", "").lower() == "true":
        given["endsin"] = "true"
    if query.get("lca", "true").lower() == "true" and given.keys() & {"npanxx", "npanxxx", "ratecenter"}:
        given["lca"] = "true"
    if query.get("protected", "NONE").upper() not in {"NONE", "ONLY", "MIXED"}:
        words = "Please verify that your protected search query parameter is correct. Valid values are: NONE, ONLY, MIXED"
        raise ErrorResponse(400, 4022, words)
    return given


def _check_combination(given: Mapping[str, str], query: Mapping[str, str]) -> None:
    toll_free = [name for name in _TOLL_FREE if name in given]
    if len([name for name in _AREA if name in given]) > 1 or (toll_free and len(given) > 1):
        raise ErrorResponse(400, 4010, "Provided search criteria are unsupported or are not valid")
    for name in ("ratecenter", "city"):
        if name in given and "state" not in given:
            raise ErrorResponse(400, 4010, _NOTHING_GIVEN)
    if query.get("endsin", "").lower() == "true" and "localvanity" not in given:
        raise ErrorResponse(400, 4010, "Ends In is meaningless without Local Vanity")


def _check(name: str, value: str) -> None:
    if name == "state" and value.upper() not in STATES:
        # As recorded: 4010 and not 4006 (bandwidth-api 6.2).
        raise ErrorResponse(400, 4010, f"The state abbreviation {value} is not valid.")
    if name == "localvanity":
        if not re.fullmatch(r"[A-Za-z0-9]+", value):
            raise ErrorResponse(400, 4010, f"The localVanity value {value} is invalid.")
        if len(digits(value)) < 3:
            raise ErrorResponse(400, 4010, "The localVanity value should contain 3 or more digits")
    if name in _FORMATS:
        pattern, code, label = _FORMATS[name]
        if not re.fullmatch(pattern, value):
            words = f"Please verify that your {label} search input parameters are correct."
            raise ErrorResponse(400, code, words)


def _quantity(query: Mapping[str, str]) -> int:
    quantity = whole(query.get("quantity", "").strip() or "5000")
    if quantity is None or not 1 <= quantity <= 5000:
        raise ErrorResponse(400, 1006, "Quantity must be between 1 and 5000 (bounds are included)")
    return quantity


def _order(found: list[tuple[str, Place]], by: str | None) -> None:
    """Sort all results by `orderBy`; without it they stay sorted within each place."""
    lengths = {"fullnumber": 10, "npanxxx": 7, "npanxx": 6, "areacode": 3}
    if by is None:
        return
    if by.lower() not in lengths:
        words = (
            "Please verify that your orderBy search query parameter is correct. Valid values are:"
            " fullNumber,npaNxxx,npaNxx,areaCode"
        )
        raise ErrorResponse(400, 4020, words)
    length = lengths[by.lower()]
    found.sort(key=lambda item: item[0][:length])


def _detail(request: ApiRequest, tn: str, place: Place) -> Element:
    return element(
        "TelephoneNumberDetail",
        leaf("City", place.city),
        leaf("LATA", place.lata),
        # Rate centres come padded with blanks, as recorded (bandwidth-api 11.4).
        leaf("RateCenter", place.rate_center.ljust(10)),
        leaf("State", place.state),
        leaf("FullNumber", request.number(tn)),
        leaf("Tier", 0),
        leaf("VendorId", 49),
        leaf("VendorName", "Bandwidth CLEC"),
    )


def _state_of(request: ApiRequest) -> str:
    state = request.query.get("state", "").upper()
    if state not in STATES:
        raise ErrorResponse(400, 4006, "Please verify that your State search input parameters are correct.")
    return state


def _rate_center(city: str, state: str) -> str:
    return next(place.rate_center for place in PLACES if (place.city, place.state) == (city, state))


def _count(request: ApiRequest, criteria: dict[str, str]) -> int:
    return len(request.account.search(criteria, 100_000))
