"""10DLC: brands, campaigns, and which local numbers are on a campaign, with the API's own quirks (universal-platform 5.1)."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from bwtui.simulator.http import ApiRequest, ApiResponse, whole
from bwtui.simulator.json_api import JsonErrorResponse
from bwtui.simulator.resources import Brand, Campaign, TelephoneNumber
from bwtui.simulator.simulated_account import SimulatedAccount, last_ten, stamp

REGISTERED: Final = "REGISTERED"
SUCCESS: Final = "SUCCESS"
LARGEST_LIMIT: Final = 250
USUAL_LIMIT: Final = 25

_REFUSALS: Final[Mapping[str, str]] = {
    "feature": "Account {} is not enabled for the Registration Center",
    "import": "The import customer is not enabled for account {}",
    "direct": "The direct customer is not enabled for account {}",
    "account": "Campaign management is not enabled on account {}",
    "role": "The user does not have access rights for account {}",
}
"""The texts of the refusals with 403, by what is missing; clients know them by these words (universal-platform 5.1)."""


def registered(account: SimulatedAccount, number: str) -> bool:
    """Return True if a local number may send to US phones: it is on a campaign, and that one is registered."""
    held = account.numbers.get(last_ten(number) or "")
    campaign = account.campaigns.get(held.campaign_id or "") if held and held.status == "Inservice" else None
    return bool(
        held and held.campaign_status == SUCCESS and campaign is not None and campaign.status == REGISTERED
    )


# --- Brands and campaigns --------------------------------------------------------------------------------------


def list_brands(request: ApiRequest) -> ApiResponse:
    _refuse(request)
    return _listed(request, [_brand(brand) for brand in request.account.brands.values()], exact=())


def get_brand(request: ApiRequest) -> ApiResponse:
    """Either of a brand's two ids names it."""
    _refuse(request)
    wanted = request.ids["brand"]
    for brand in request.account.brands.values():
        if wanted in {brand.id, brand.bandwidth_id}:
            return _one(_brand(brand))
    raise _not_found(f"Brand {wanted} was not found")


def list_campaigns(request: ApiRequest) -> ApiResponse:
    """`status[eq]` is one of the two exact filters that work (live)."""
    _refuse(request)
    rows = [_campaign(campaign) for campaign in request.account.campaigns.values()]
    return _listed(request, rows, exact=("status", "vettingStatus"))


def get_campaign(request: ApiRequest) -> ApiResponse:
    _refuse(request)
    return _one(_campaign(_found(request)))


def list_campaign_numbers(request: ApiRequest) -> ApiResponse:
    """List a campaign's numbers, those that failed too; a bare `phoneNumber` is ignored (live)."""
    _refuse(request)
    campaign = _found(request)
    rows = [
        {"phoneNumber": f"+1{number.tn}", "status": number.campaign_status}
        for number in _known_numbers(request.account)
        if number.campaign_id == campaign.id
    ]
    return _listed(request, rows, exact=())


# --- Numbers ---------------------------------------------------------------------------------------------------


def list_numbers(request: ApiRequest) -> ApiResponse:
    """List the numbers that ever were on a campaign; filters by status are accepted and ignored (live)."""
    _refuse(request)
    rows = [_number(request, number) for number in _known_numbers(request.account)]
    return _listed(request, rows, exact=())


def get_number(request: ApiRequest) -> ApiResponse:
    """Return one number; it may be 404 although the list shows it, so that 404 proves nothing (live)."""
    _refuse(request)
    tn = last_ten(request.ids["tn"])
    number = next((held for held in _known_numbers(request.account) if held.tn == tn), None)
    if number is None or not request.account.switches.campaign_number_reads:
        raise _not_found(f"Phone number {request.ids['tn']} was not found")
    return _one(_number(request, number))


def _known_numbers(account: SimulatedAccount) -> list[TelephoneNumber]:
    return [number for number in account.held() if number.campaign_status is not None]


def _number(request: ApiRequest, number: TelephoneNumber) -> dict[str, Any]:
    """Show a number; the ids are there only while it is on a campaign, SUCCESS may be there without (live)."""
    campaign = request.account.campaigns.get(number.campaign_id or "")
    brand = request.account.brands.get(campaign.brand_id) if campaign else None
    assigned = {
        "campaignId": number.campaign_id,
        "brandId": campaign.brand_id if campaign else None,
        "customerProfileId": brand.customer_profile_id if brand else None,
    }
    return {
        "phoneNumber": f"+1{number.tn}",
        "status": number.campaign_status,
        "nnid": "103410",
        "createdDate": stamp(number.since),
        "modifiedDate": stamp(number.campaign_since),
        **(assigned if number.campaign_id else {}),
    }


def _brand(brand: Brand) -> dict[str, Any]:
    return {
        "brandId": brand.id,
        "bandwidthId": brand.bandwidth_id,
        "customerProfileId": brand.customer_profile_id,
        "displayName": brand.name,
        "brandType": "MAIN",
        "brandIdentityStatus": brand.status,
    }


def _campaign(campaign: Campaign) -> dict[str, Any]:
    return {
        "campaignId": campaign.id,
        "brandId": campaign.brand_id,
        "status": campaign.status,
        "usecase": "MIXED",
        "description": campaign.description,
        "sharingStatus": None,
    }


def _found(request: ApiRequest) -> Campaign:
    campaign = request.account.campaigns.get(request.ids["campaign"])
    if campaign is None:
        raise _not_found(f"Campaign {request.ids['campaign']} was not found")
    return campaign


# --- Envelope, pages and filters -------------------------------------------------------------------------------


def _refuse(request: ApiRequest) -> None:
    missing = request.account.switches.campaign_access
    if missing != "allowed":
        raise _refused(403, "authorization", _REFUSALS[missing].format(request.ids["account"]))


def _not_found(description: str) -> JsonErrorResponse:
    return _refused(404, "not found", description)


def _refused(status: int, kind: str, description: str, pointer: str = "") -> JsonErrorResponse:
    """Return a refusal as this group words it: a type, no code, and the key of `source` in capitals (live)."""
    refusal = JsonErrorResponse(status, kind, description)
    error = {"type": kind, "description": description, "source": {"POINTER": pointer} if pointer else None}
    refusal.body = {"links": [], "data": None, "errors": [error]}
    return refusal


def _one(data: dict[str, Any]) -> ApiResponse:
    """Return one resource: an object, although the specification says an array (live)."""
    return ApiResponse(200, {"links": [], "data": data, "errors": []})


def _listed(request: ApiRequest, rows: Iterable[dict[str, Any]], exact: tuple[str, ...]) -> ApiResponse:
    """Return the page that `limit` and `offset` name, of the rows that pass the filters that work."""
    limit = whole(request.query.get("limit")) if "limit" in request.query else USUAL_LIMIT
    offset = whole(request.query.get("offset", "0"))
    if limit is None or not 1 <= limit <= LARGEST_LIMIT:
        raise _refused(400, "validation", f"limit must be between 1 and {LARGEST_LIMIT}", "/limit")
    if offset is None:
        raise _refused(400, "validation", "offset must be a whole number", "/offset")
    kept = [row for row in rows if _passes(row, request.query, exact)]
    if request.pages is not None:
        limit = min(limit, request.pages.size)
    page = {
        "pageNumber": offset // limit,
        "pageSize": limit,
        "totalElements": len(kept),
        "totalPages": -(-len(kept) // limit),
    }
    return ApiResponse(200, {"links": [], "data": kept[offset : offset + limit], "errors": [], "page": page})


def _passes(row: Mapping[str, Any], query: Mapping[str, str], exact: tuple[str, ...]) -> bool:
    """Return True unless a filter that works excludes the row; every other one is ignored, a bare name too (live)."""
    shown = {name.lower(): str(value or "") for name, value in row.items()}
    for parameter, wanted in query.items():
        name, _, kind = parameter.partition("[")
        value = shown.get(name, "")
        if kind == "contains]" and (not wanted or wanted not in value):
            return False
        if kind == "eq]" and name in map(str.lower, exact) and wanted != value:
            return False
    return True
