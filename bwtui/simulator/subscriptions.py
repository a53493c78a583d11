"""Subscriptions to the outcome of orders: kept and shown, but never served (bandwidth-api 7.9)."""

from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element

from bwtui.simulator.error_responses import ErrorResponse
from bwtui.simulator.http import ApiRequest, ApiResponse, created
from bwtui.simulator.xml import element, leaf, text

_PATHS: Final[Mapping[str, tuple[str, ...]]] = {
    "OrderType": ("OrderType", "EventType"),
    "OrderId": ("OrderId",),
    "URL": ("CallbackSubscription/URL",),
    "Expiry": ("CallbackSubscription/Expiry",),
    "Username": ("CallbackSubscription/CallbackCredentials/BasicAuthentication/Username",),
    "Email": ("EmailSubscription/Email",),
    "DigestRequested": ("EmailSubscription/DigestRequested",),
}
"""The values that are kept, and the paths at which they are submitted."""
_FILTERS: Final = ("OrderType", "OrderId")


def create(request: ApiRequest) -> ApiResponse:
    subscription = _read(request)
    if subscription in request.account.subscriptions.values():
        raise ErrorResponse(409, 16008, "Duplicate subscription already exists")
    key = request.account.new_uuid()
    request.account.subscriptions[key] = subscription
    request.account.note(f"subscription {key} created")
    return created(request.account_url(f"/subscriptions/{key}"))


def list_all(request: ApiRequest) -> ApiResponse:
    """List all subscriptions, or those with the given id, order type or order."""
    return _response(
        {
            key: kept
            for key, kept in request.account.subscriptions.items()
            if request.query.get("subscriptionid", key).lower() == key
            and all(
                request.query.get(name.lower(), kept.get(name, "")) == kept.get(name, "") for name in _FILTERS
            )
        }
    )


def get(request: ApiRequest) -> ApiResponse:
    """200 with a list of one, as the SDKs read it."""
    return _response({request.ids["subscription"]: _kept(request)})


def update(request: ApiRequest) -> ApiResponse:
    _kept(request)
    request.account.subscriptions[request.ids["subscription"]] = _read(request)
    request.account.note(f"subscription {request.ids['subscription']} changed")
    return ApiResponse()


def delete(request: ApiRequest) -> ApiResponse:
    _kept(request)
    del request.account.subscriptions[request.ids["subscription"]]
    return ApiResponse()


def _kept(request: ApiRequest) -> dict[str, str]:
    found = request.account.subscriptions.get(request.ids["subscription"])
    if found is None:
        raise ErrorResponse(404)
    return found


def _read(request: ApiRequest) -> dict[str, str]:
    submitted = request.document("Subscription")
    subscription = {name: text(submitted, *paths) or "" for name, paths in _PATHS.items()}
    if not subscription["OrderType"]:
        raise ErrorResponse(400, 1003, "OrderType is required")
    return subscription


def _response(found: Mapping[str, dict[str, str]]) -> ApiResponse:
    listed = (_described(key, kept) for key, kept in found.items())
    return ApiResponse(200, element("SubscriptionsResponse", element("Subscriptions", *listed)))


def _described(key: str, kept: dict[str, str]) -> Element:
    def told(name: str) -> Element | None:
        return leaf(name, kept.get(name) or None)

    user = told("Username")
    credentials = (
        element("CallbackCredentials", element("BasicAuthentication", user)) if user is not None else None
    )
    callback = element("CallbackSubscription", told("URL"), told("Expiry"), credentials)
    email = element("EmailSubscription", told("Email"), told("DigestRequested"))
    return element(
        "Subscription",
        leaf("SubscriptionId", key),
        told("OrderType"),
        told("OrderId"),
        callback if kept.get("URL") else None,
        email if kept.get("Email") else None,
    )
