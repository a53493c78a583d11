"""Subscriptions to what becomes of orders: kept and shown, and never served (sheet 7.9)."""

from collections.abc import Mapping
from typing import Final
from xml.etree.ElementTree import Element

from bwtui.simulator.error_responses import Refusal
from bwtui.simulator.http import Call, Reply, created
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
"""What is kept, and where it is sent."""
_FILTERS: Final = ("OrderType", "OrderId")


def create(call: Call) -> Reply:
    subscription = _read(call)
    if subscription in call.world.subscriptions.values():
        raise Refusal(409, 16008, "Duplicate subscription already exists")
    key = call.world.new_uuid()
    call.world.subscriptions[key] = subscription
    call.world.note(f"subscription {key} created")
    return created(call.account_url(f"/subscriptions/{key}"))


def list_all(call: Call) -> Reply:
    """All, or those with the id, order type or order that is asked for."""
    return _response(
        {
            key: kept
            for key, kept in call.world.subscriptions.items()
            if call.query.get("subscriptionid", key).lower() == key
            and all(
                call.query.get(name.lower(), kept.get(name, "")) == kept.get(name, "") for name in _FILTERS
            )
        }
    )


def get(call: Call) -> Reply:
    """A list of one, as the SDKs read it."""
    return _response({call.ids["subscription"]: _kept(call)})


def update(call: Call) -> Reply:
    _kept(call)
    call.world.subscriptions[call.ids["subscription"]] = _read(call)
    call.world.note(f"subscription {call.ids['subscription']} changed")
    return Reply()


def delete(call: Call) -> Reply:
    _kept(call)
    del call.world.subscriptions[call.ids["subscription"]]
    return Reply()


def _kept(call: Call) -> dict[str, str]:
    found = call.world.subscriptions.get(call.ids["subscription"])
    if found is None:
        raise Refusal(404)
    return found


def _read(call: Call) -> dict[str, str]:
    submitted = call.document("Subscription")
    subscription = {name: text(submitted, *paths) or "" for name, paths in _PATHS.items()}
    if not subscription["OrderType"]:
        raise Refusal(400, 1003, "OrderType is required")
    return subscription


def _response(found: Mapping[str, dict[str, str]]) -> Reply:
    listed = (_described(key, kept) for key, kept in found.items())
    return Reply(200, element("SubscriptionsResponse", element("Subscriptions", *listed)))


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
