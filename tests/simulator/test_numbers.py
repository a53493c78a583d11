"""Numbers in place: looked at from the location, the site, the account and one by one; moved and released."""

from typing import Any

import pytest


@pytest.fixture
async def site(api: Any) -> str:
    made: str = await api.site()
    await api.peer(made)
    return made


def disconnect(*numbers: str, mode: str = "normal") -> str:
    listed = "".join(f"<TelephoneNumber>{number}</TelephoneNumber>" for number in numbers)
    kind = f"<TelephoneNumberList>{listed}</TelephoneNumberList><DisconnectMode>{mode}</DisconnectMode>"
    kind = f"<DisconnectTelephoneNumberOrderType>{kind}</DisconnectTelephoneNumberOrderType>"
    return f"<DisconnectTelephoneNumberOrder><name>bye</name>{kind}</DisconnectTelephoneNumberOrder>"


async def test_a_list_without_page_and_size_is_redirected_to_one_with_them(api: Any, site: str) -> None:
    (number,) = await api.buy(site)
    (peer,) = api.account.sites[site].peers
    path = f"/sites/{site}/sippeers/{peer}/tns"
    redirected = await api.get(path)
    assert redirected.status == 303
    followed = await api.client.get(redirected.headers["location"])
    assert number in followed.text
    assert (await api.get(f"{path}?page=1&size=5")).values("FullNumber") == [number]
    assert (await api.get(f"{path}/{number}")).value("FullNumber") == number
    assert (await api.get(f"{path}/9195551234")).code == (400, "13536")


async def test_numbers_in_service_are_nothing_then_listed(api: Any, site: str) -> None:
    none = await api.get("/inserviceNumbers?page=1&size=10")
    assert (none.status, none.text) == (204, "")
    numbers = await api.buy(site, 3)
    listed = await api.get("/inserviceNumbers?page=1&size=10")
    assert (listed.value("TotalCount"), listed.values("TelephoneNumber")) == ("3", numbers)
    assert (await api.get("/inserviceNumbers?page=2&size=2")).values("TelephoneNumber") == numbers[2:]
    assert (await api.get("/inserviceNumbers/totals")).value("Count") == "3"
    assert (await api.get(f"/sites/{site}/inserviceNumbers?page=1&size=10")).value("TotalCount") == "3"
    one = await api.get(f"/inserviceNumbers/{numbers[0]}")
    assert (one.status, one.text) == (200, "")
    assert (await api.get("/inserviceNumbers/9195551234")).status == 404


async def test_one_number_is_described(api: Any, site: str) -> None:
    (number,) = await api.buy(site)
    described = await api.get(f"//tns/{number}")
    assert (described.value("Status"), described.value("SiteId")) == ("Inservice", site)
    details = await api.get(f"//tns/{number}/tndetails")
    assert (details.value("Site/Name"), details.value("SipPeer/PeerName")) == ("Office", "Here")
    assert details.value("SipPeer/PeerId") in api.account.sites[site].peers
    assert (await api.get(f"//tns/{number}/sites")).xml.tag == "Site"
    assert (await api.get(f"//tns/{number}/sippeers")).value("Name") == "Here"
    assert (await api.get("//tns/12")).code == (400, "12512")
    assert (await api.get("//tns/9195551234")).status == 404


async def test_the_global_list_is_filtered_by_status_and_bounded(api: Any, site: str) -> None:
    numbers = await api.buy(site, 2)
    listed = await api.get("//tns?accountId=9900000&status=Inservice&page=1&size=2500")
    assert listed.values("FullNumber") == numbers
    assert (await api.get("//tns?status=Aging&page=1&size=10")).value("TelephoneNumberCount") == "0"
    assert (await api.get("//tns?page=1&size=2501")).code == (400, "1006")


async def test_a_released_number_ages_and_a_purged_one_is_for_sale_again(api: Any, site: str) -> None:
    aged, purged = await api.buy(site, 2)
    order = await api.post("/disconnects", disconnect(aged))
    assert (order.xml.find("orderRequest/id") is not None, order.value("OrderStatus")) == (True, "RECEIVED")
    await api.post("/disconnects", disconnect(purged, mode="purge"))
    api.clock.advance(1)
    done = await api.get(f"/disconnects/{order.new_id}")
    assert done.value("OrderStatus") == "COMPLETE"
    assert done.values("DisconnectedTelephoneNumberList/TelephoneNumber") == [aged]
    assert (await api.get("//tns?status=Aging&page=1&size=10")).values("FullNumber") == [aged]
    assert (await api.numbers())[0] == purged
    assert (await api.get("/disconnects?page=1&size=10")).value("TotalCount") == "2"


async def test_a_released_number_may_still_show_in_its_location_and_hold_its_sms(api: Any, site: str) -> None:
    """Whether a list shows it, and what it keeps from being removed, no source settles (bandwidth-api 7.8)."""
    await api.faults("[switches]\nageing_is_listed = true\nageing_blocks_sms = true")
    (id_,) = api.account.sites[site].peers
    peer = f"/sites/{site}/sippeers/{id_}"
    sms = f"{peer}/products/messaging/features/sms"
    settings = "<TollFree>true</TollFree><Protocol>HTTP</Protocol><Zone1>true</Zone1>"
    body = f"<SipPeerSmsFeatureSettings>{settings}</SipPeerSmsFeatureSettings>"
    await api.post(sms, f"<SipPeerSmsFeature>{body}<HttpSettings/></SipPeerSmsFeature>")
    (number,) = await api.buy(site)
    await api.post("/disconnects", disconnect(number))
    api.clock.advance(1)
    assert (await api.get(f"{peer}/tns?page=1&size=10")).values("FullNumber") == [number]
    assert (await api.delete(sms)).code == (400, "13673")
    await api.faults("[switches]\nageing_is_listed = false")
    assert (await api.get(f"{peer}/tns?page=1&size=10")).values("FullNumber") == []
    assert (await api.delete(sms)).status == 200


async def test_a_number_that_is_not_ours_cannot_be_released(api: Any, site: str) -> None:
    (number,) = await api.buy(site)
    order = await api.post("/disconnects", disconnect(number, "9195551234"))
    api.clock.advance(1)
    done = await api.get(f"/disconnects/{order.new_id}")
    assert (done.value("OrderStatus"), done.values("Error/Code")) == ("PARTIAL", ["5006"])


async def test_a_release_without_its_wrapper_is_refused(api: Any) -> None:
    body = "<DisconnectTelephoneNumberOrder><Name>x</Name></DisconnectTelephoneNumberOrder>"
    assert (await api.post("/disconnects", body)).code == (400, "5001")
    none = await api.get("/disconnects?page=1&size=10")
    assert (none.status, none.xml.tag, len(none.xml)) == (404, "Links", 0)


async def test_numbers_move_between_locations(api: Any, site: str) -> None:
    (number,) = await api.buy(site)
    other = await api.peer(site, "Other")
    listed = f"<SipPeerTelephoneNumbers><FullNumber>{number}</FullNumber></SipPeerTelephoneNumbers>"
    assert (await api.post(f"{other}/movetns", listed)).status == 200
    assert (await api.get(f"{other}/totaltns")).value("SipPeerTelephoneNumbersCount") == "1"
    stranger = listed.replace(number, "9195551234")
    assert (await api.post(f"{other}/movetns", stranger)).code == (400, "13520")


async def test_numbers_move_between_sites_by_an_order(api: Any, site: str) -> None:
    (number,) = await api.buy(site)
    target = await api.site("Target")
    await api.peer(target)
    body = (
        f"<MoveTnsOrder><SiteId>{target}</SiteId><TelephoneNumbers><TelephoneNumber>{number}</TelephoneNumber>"
        "</TelephoneNumbers></MoveTnsOrder>"
    )
    assert (await api.post("/moveTns", body)).value("ProcessingStatus") == "RECEIVED"
    assert (await api.get(f"/sites/{target}/totaltns")).value("TotalCount") == "1"
    assert (await api.post("/moveTns", body.replace(target, "1"))).code == (400, "7309")
