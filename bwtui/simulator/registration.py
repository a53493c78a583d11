"""The registration of numbers that send messages to US phones, and the verification of toll-free numbers (universal-platform 6)."""

import uuid
from typing import Any

from bwtui.simulator import campaigns
from bwtui.simulator.http import ApiRequest, ApiResponse
from bwtui.simulator.json_api import JsonErrorResponse
from bwtui.simulator.rate_centers import TOLL_FREE_NPAS
from bwtui.simulator.resources import TelephoneNumber
from bwtui.simulator.service_readiness import held_number
from bwtui.simulator.simulated_account import SimulatedAccount, last_ten, stamp

_REFUSED = 511
"""A denialStatusCode of a verification that was refused."""
_USE_CASES = ["2FA", "Appointments"]
"""Of the list that the API has, those that a source shows."""


def is_toll_free(number: str) -> bool:
    return (last_ten(number) or "").startswith(TOLL_FREE_NPAS)


def registered(account: SimulatedAccount, number: str) -> bool:
    """Return True if a number may send to US phones; by a switch, any number may."""
    if not account.switches.registration:
        return True
    if is_toll_free(number):
        return account.switches.toll_free == "VERIFIED"
    return campaigns.registered(account, number)


def get(request: ApiRequest) -> ApiResponse:
    """Show the verification of a toll-free number: 404 if none was ever submitted, 403 without the role."""
    _check_role(request)
    number = held_number(request.account, last_ten(request.ids["tn"]) or "")
    if number is None or not is_toll_free(number.tn) or request.account.switches.toll_free == "none":
        words = f"No toll-free verification was found for {request.ids['tn']}"
        raise JsonErrorResponse(404, "not-found", words, {"errors": {}})
    return ApiResponse(200, _shown(request.account, number))


def use_cases(request: ApiRequest) -> ApiResponse:
    _check_role(request)
    return ApiResponse(200, _USE_CASES)


def _check_role(request: ApiRequest) -> None:
    if not request.account.switches.toll_free_role:
        raise JsonErrorResponse(403, "forbidden", "Access is denied", {"errors": {}})


def _shown(account: SimulatedAccount, number: TelephoneNumber) -> dict[str, Any]:
    chosen = account.switches.toll_free
    refused, blocked = chosen == "UNVERIFIED", chosen == "BLOCKED"
    reason = "The opt-in of the recipients could not be verified" if refused else None
    return {
        "phoneNumber": f"+1{number.tn}",
        "status": "VERIFIED" if blocked else chosen,
        "internalTicketNumber": str(uuid.uuid5(uuid.NAMESPACE_URL, number.tn)),
        "declineReasonDescription": reason,
        "denialStatusCode": _REFUSED if refused else None,
        "additionalDenialReasons": [],
        "resubmitAllowed": refused,
        "createdDateTime": stamp(number.since),
        "modifiedDateTime": stamp(number.since),
        "submission": _submission(number),
        "blocked": blocked,
        "blockedReason": "Reports of unwanted messages" if blocked else None,
        "cvToken": None,
    }


def _submission(number: TelephoneNumber) -> dict[str, Any]:
    """Return a submission of an invented business, with the fields that the API requires."""
    return {
        "phoneNumbers": [f"+1{number.tn}"],
        "businessAddress": {
            "name": "Example Company",
            "addr1": "900 Main Campus Dr",
            "city": "Raleigh",
            "state": "NC",
            "zip": "27606",
            "url": "https://example.com",
        },
        "businessContact": {
            "firstName": "Jo",
            "lastName": "Example",
            "email": "jo@example.com",
            "phoneNumber": "+19195550100",
        },
        "messageVolume": 10000,
        "useCase": _USE_CASES[0],
        "useCaseSummary": "Codes for signing in",
        "productionMessageContent": "Your code is 123456.",
        "optInWorkflow": {
            "description": "A box to tick on the sign-up page",
            "imageUrls": ["https://example.com/opt-in.png"],
        },
        "businessEntityType": "SOLE_PROPRIETOR",
    }
