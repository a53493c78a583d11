"""The search for numbers on v2 of the Universal Platform: by country and kind, as XML or JSON (universal-platform 2)."""

from dataclasses import replace
from xml.etree.ElementTree import Element

from bwtui.simulator import number_search
from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, ApiResponse
from bwtui.simulator.xml import element

_KINDS = frozenset({"GEOGRAPHIC", "NATIONAL", "MOBILE", "TOLL_FREE", "SHARED_COST"})
_OF_A_COUNTRY = ("areacode", "city", "phonenumbertype")
_NPA_LENGTH = 3
_NEEDS_COUNTRY = "The countryCodeA3 parameter is required with areaCode, city and phoneNumberType"


def available_numbers(request: ApiRequest) -> ApiResponse:
    """Search by country there, and as on v1 everywhere else; refusals in JSON too if the caller accepts that alone."""
    if not request.universal_v2:
        return number_search.available_numbers(request)
    wants_json = "json" in request.accept and "xml" not in request.accept
    try:
        reply = _search(request)
    except ErrorResponse as refusal:
        if not wants_json:
            raise
        return ApiResponse(refusal.status, {"error": {"code": refusal.code, "description": refusal.text}})
    return _as_json(reply) if wants_json else reply


def _search(request: ApiRequest) -> ApiResponse:
    """Return numbers of the one country that this inventory has, the USA; none of any other."""
    query = request.query
    country, kind = query.get("countrycodea3", "").upper(), query.get("phonenumbertype", "").upper()
    if kind and kind not in _KINDS:
        raise ErrorResponse(400, 4010, f"The phoneNumberType value {kind} is invalid.")
    given = any(query.get(name) for name in _OF_A_COUNTRY)
    if given and not country and request.account.switches.strict_search:
        raise ErrorResponse(400, 4010, _NEEDS_COUNTRY)
    if country not in {"", "USA"} or kind not in {"", "GEOGRAPHIC", "TOLL_FREE"}:
        return ApiResponse(200, element("SearchResult"))
    if len(query.get("areacode", "")) not in {0, _NPA_LENGTH}:
        return ApiResponse(200, element("SearchResult"))
    if kind == "TOLL_FREE":
        kept = {name: value for name, value in query.items() if name not in _OF_A_COUNTRY}
        pattern = query.get("areacode") or "8**"
        request = replace(request, query={"tollfreewildcardpattern": pattern, **kept})
    reply = number_search.available_numbers(request)
    if isinstance(reply.body, Element):
        _tell_country(reply.body)
    return reply


def _tell_country(result: Element) -> None:
    for detail in result.iter("TelephoneNumberDetail"):
        detail.append(element("CountryCodeA3", "USA"))
        detail.append(element("PhoneNumberType", "GEOGRAPHIC"))


def _as_json(reply: ApiResponse) -> ApiResponse:
    if not isinstance(reply.body, Element):
        return reply
    numbers = [found.text for tag in ("TelephoneNumber", "FullNumber") for found in reply.body.iter(tag)]
    return ApiResponse(200, {"resultCount": len(numbers), "telephoneNumberList": numbers})
