"""Bandwidth's own Python SDK for numbers, as published, against the simulator."""

import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings

# The SDK is built on `future`, which imports modules that newer Pythons announce the end of, and it relies on
# ElementTree's truth value; neither is ours to change.
pytestmark = [
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
    pytest.mark.filterwarnings("ignore::PendingDeprecationWarning"),
]


@pytest.fixture(scope="module")
def simulator() -> Iterator[RunningSimulator]:
    with RunningSimulator(Settings(order_seconds=0.05)) as running:
        yield running


@pytest.fixture
def account(simulator: RunningSimulator) -> Any:
    # The SDK has no types, and it warns while it is imported.
    from bandwidth_numbers import Account, Client  # type: ignore[import-untyped]  # noqa: PLC0415

    client = Client(simulator.base_url, "9900000", "demo", "demo-secret")
    return Account(client=client)


@pytest.fixture
def site(account: Any) -> Any:
    return account.sites.create(_site(f"Sdk {time.monotonic_ns()}"))


@pytest.fixture
def peer(site: Any) -> Any:
    return site.sip_peers.create({"peer_name": "Sdk location", "is_default_peer": "true"})


def _site(name: str) -> dict[str, Any]:
    return {
        "name": name,
        "description": "made by the SDK",
        "address": {
            "house_number": "900",
            "street_name": "Main Campus Dr",
            "city": "RALEIGH",
            "state_code": "NC",
            "zip": "27606",
            "address_type": "Billing",
        },
    }


def _until(fact: Callable[[], Any]) -> Any:
    """Ask until the answer is true."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if answer := fact():
            return answer
    raise AssertionError("it did not become true in time")


def test_the_account_is_read(account: Any) -> None:
    account.get("9900000")
    assert account.company_name == "Demo Company"
    assert account.address.city == "RALEIGH"
    assert len(account.tiers.tier.items) == 6


def test_a_site_is_created_read_listed_and_deleted(account: Any, simulator: RunningSimulator) -> None:
    made = account.sites.create(_site("Sdk one"))
    assert made.id in simulator.account.sites
    assert account.sites.get(made.id).address.street_name == "Main Campus Dr"
    assert "Sdk one" in [listed.name for listed in account.sites.list().items]
    assert made.delete()
    assert made.id not in simulator.account.sites


def test_a_location_is_created_read_and_listed(site: Any, peer: Any, simulator: RunningSimulator) -> None:
    assert peer.id in simulator.account.sites[site.id].peers
    assert site.sip_peers.get(peer.id).peer_name == "Sdk location"
    assert [listed.peer_id for listed in site.sip_peers.list().items] == [peer.id]


def test_numbers_are_searched_plainly_and_in_detail(account: Any) -> None:
    plain = account.available_numbers.list({"areaCode": "919", "quantity": "4"}).items
    assert len(plain) == 4
    assert all(number.startswith("919") for number in plain)
    detail = account.available_numbers.list({"areaCode": "919", "quantity": "2", "enableTNDetail": "true"})
    assert [item.city for item in detail.items] == ["RALEIGH", "RALEIGH"]


def test_an_order_is_placed_and_ends_complete(account: Any, site: Any, peer: Any) -> None:
    number = account.available_numbers.list({"areaCode": "919", "quantity": "1"}).items[0]
    order = account.orders.create({"name": "Sdk order", "site_id": site.id}, save=False)
    order.add_tn(number)
    order.save()
    assert order.order_status == "RECEIVED"
    order_id = order.id

    done = _until(lambda: _complete(account, order_id))
    assert done.completed_numbers.items == [number]
    assert [item.full_number for item in peer.tns.list().items] == [number]
    assert account.in_service_numbers.list({"page": "1", "size": "500"}) is not None


def test_an_order_by_area_code_is_filled_from_the_inventory(account: Any, site: Any, peer: Any) -> None:
    assert peer.id
    order = account.orders.create({"name": "By code", "site_id": site.id}, save=False)
    order.area_code_search_and_order_type.area_code = "984"
    order.area_code_search_and_order_type.quantity = "2"
    order.save()
    order_id = order.id
    assert _until(lambda: _complete(account, order_id)).completed_quantity == "2"


def test_a_number_is_read_with_its_details_and_its_location(account: Any, site: Any, peer: Any) -> None:
    number = _bought(account, site)
    from bandwidth_numbers.models.tns import Tns  # type: ignore[import-untyped]  # noqa: PLC0415

    details = Tns(client=account.client).get(number).tndetails.get()
    assert (details.full_number, details.status) == (number, "Inservice")
    assert (details.sip_peer.peer_id, details.sip_peer.peer_name) == (peer.id, "Sdk location")
    assert details.site.id == site.id


def test_lists_of_numbers_name_their_next_page(account: Any, site: Any, peer: Any) -> None:
    numbers = {_bought(account, site) for _ in range(2)}
    assert peer.id
    from bandwidth_numbers.models.tns import Tns  # noqa: PLC0415

    tns = Tns(client=account.client)
    assert len(tns.list({"page": "1", "size": "1", "status": "Inservice,InAccount"}).items) == 1
    assert tns.links.next == ["2"]
    account.in_service_numbers.list({"page": "1", "size": "1"})
    assert account.in_service_numbers.links.next == ["2"]
    every = Tns(client=account.client).list({"page": "1", "size": "500", "status": "Inservice,InAccount"})
    assert numbers <= {item.full_number for item in every.items}


def test_rate_centers_are_listed_by_a_path_in_lower_case(account: Any) -> None:
    from bandwidth_numbers.models.rate_centers import RateCenters  # type: ignore[import-untyped]  # noqa: PLC0415

    listed = RateCenters(client=account.client).list({"state": "NC"})
    assert "RALEIGH" in [center.abbreviation for center in listed.items]


def test_a_location_remembers_its_hosts(site: Any) -> None:
    made = site.sip_peers.create(
        {
            "peer_name": "Hosts",
            "is_default_peer": "true",
            "short_messaging_protocol": "SMPP",
            "final_destination_uri": "sip:x@example.net",
            "voice_hosts": {"host": [{"host_name": "70.62.112.156"}]},
        }
    )
    read = site.sip_peers.get(made.id)
    assert (read.short_messaging_protocol, read.final_destination_uri) == ("SMPP", "sip:x@example.net")
    assert [host.host_name for host in read.voice_hosts.host.items] == ["70.62.112.156"]


def test_a_subscription_is_created_read_and_deleted(account: Any) -> None:
    made = account.subscriptions.create(
        {
            "order_type": "orders",
            "callback_subscription": {"url": "https://example.net/orders", "expiry": "3600"},
        },
        save=False,
    )
    made.save()
    listed = {item.id for item in account.subscriptions.list().items}
    assert made.id in listed
    only = account.subscriptions.list({"subscriptionId": made.id})
    assert [item.order_type for item in only.items] == ["orders"]
    assert made.delete()


def test_a_refusal_reaches_the_caller_as_its_own_error(account: Any) -> None:
    from bandwidth_numbers.utils.rest import RestError  # type: ignore[import-untyped]  # noqa: PLC0415

    order = account.orders.create({"name": "No such site", "site_id": "1"}, save=False)
    order.add_tn("9195551234")
    with pytest.raises(RestError, match="5016"):
        order.save()


def _bought(account: Any, site: Any) -> str:
    number: str = account.available_numbers.list({"areaCode": "919", "quantity": "1"}).items[0]
    order = account.orders.create({"name": "Sdk order", "site_id": site.id}, save=False)
    order.add_tn(number)
    order.save()
    order_id = order.id
    _until(lambda: _complete(account, order_id))
    return number


def _complete(account: Any, order_id: str) -> Any:
    response = account.orders.get(order_id)
    return response if response.order_status == "COMPLETE" else None
