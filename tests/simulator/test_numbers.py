"""Numbers in place: looked at from the location, the site, the account and one by one; moved and released."""

from typing import Any

import pytest


@pytest.fixture
async def site(desk: Any) -> str:
    made: str = await desk.site()
    await desk.peer(made)
    return made


def disconnect(*numbers: str, mode: str = "normal") -> str:
    listed = "".join(f"<TelephoneNumber>{number}</TelephoneNumber>" for number in numbers)
    kind = f"<TelephoneNumberList>{listed}</TelephoneNumberList><DisconnectMode>{mode}</DisconnectMode>"
    kind = f"<DisconnectTelephoneNumberOrderType>{kind}</DisconnectTelephoneNumberOrderType>"
    return f"<DisconnectTelephoneNumberOrder><name>bye</name>{kind}</DisconnectTelephoneNumberOrder>"


async def test_a_list_without_page_and_size_is_redirected_to_one_with_them(desk: Any, site: str) -> None:
    (number,) = await desk.buy(site)
    (peer,) = desk.account.sites[site].peers
    path = f"/sites/{site}/sippeers/{peer}/tns"
    redirected = await desk.get(path)
    assert redirected.status == 303
    followed = await desk.client.get(redirected.headers["location"])
    assert number in followed.text
    assert (await desk.get(f"{path}?page=1&size=5")).values("FullNumber") == [number]
    assert (await desk.get(f"{path}/{number}")).value("FullNumber") == number
    assert (await desk.get(f"{path}/9195551234")).code == (400, "13536")


async def test_numbers_in_service_are_nothing_then_listed(desk: Any, site: str) -> None:
    none = await desk.get("/inserviceNumbers?page=1&size=10")
    assert (none.status, none.text) == (204, "")
    numbers = await desk.buy(site, 3)
    listed = await desk.get("/inserviceNumbers?page=1&size=10")
    assert (listed.value("TotalCount"), listed.values("TelephoneNumber")) == ("3", numbers)
    assert (await desk.get("/inserviceNumbers?page=2&size=2")).values("TelephoneNumber") == numbers[2:]
    assert (await desk.get("/inserviceNumbers/totals")).value("Count") == "3"
    assert (await desk.get(f"/sites/{site}/inserviceNumbers?page=1&size=10")).value("TotalCount") == "3"
    one = await desk.get(f"/inserviceNumbers/{numbers[0]}")
    assert (one.status, one.text) == (200, "")
    assert (await desk.get("/inserviceNumbers/9195551234")).status == 404


async def test_one_number_is_described(desk: Any, site: str) -> None:
    (number,) = await desk.buy(site)
    described = await desk.get(f"//tns/{number}")
    assert (described.value("Status"), described.value("SiteId")) == ("Inservice", site)
    details = await desk.get(f"//tns/{number}/tndetails")
    assert (details.value("Site/Name"), details.value("SipPeer/PeerName")) == ("Office", "Here")
    assert details.value("SipPeer/PeerId") in desk.account.sites[site].peers
    assert (await desk.get(f"//tns/{number}/sites")).xml.tag == "Site"
    assert (await desk.get(f"//tns/{number}/sippeers")).value("Name") == "Here"
    assert (await desk.get("//tns/12")).code == (400, "12512")
    assert (await desk.get("//tns/9195551234")).status == 404


async def test_the_global_list_is_filtered_by_status_and_bounded(desk: Any, site: str) -> None:
    numbers = await desk.buy(site, 2)
    listed = await desk.get("//tns?accountId=9900000&status=Inservice&page=1&size=2500")
    assert listed.values("FullNumber") == numbers
    assert (await desk.get("//tns?status=Aging&page=1&size=10")).value("TelephoneNumberCount") == "0"
    assert (await desk.get("//tns?page=1&size=2501")).code == (400, "1006")


async def test_a_released_number_ages_and_a_purged_one_is_for_sale_again(desk: Any, site: str) -> None:
    aged, purged = await desk.buy(site, 2)
    order = await desk.post("/disconnects", disconnect(aged))
    assert (order.xml.find("orderRequest/id") is not None, order.value("OrderStatus")) == (True, "RECEIVED")
    await desk.post("/disconnects", disconnect(purged, mode="purge"))
    desk.clock.advance(1)
    done = await desk.get(f"/disconnects/{order.new_id}")
    assert done.value("OrderStatus") == "COMPLETE"
    assert done.values("DisconnectedTelephoneNumberList/TelephoneNumber") == [aged]
    assert (await desk.get("//tns?status=Aging&page=1&size=10")).values("FullNumber") == [aged]
    assert (await desk.numbers())[0] == purged
    assert (await desk.get("/disconnects?page=1&size=10")).value("TotalCount") == "2"


async def test_a_number_that_is_not_ours_cannot_be_released(desk: Any, site: str) -> None:
    (number,) = await desk.buy(site)
    order = await desk.post("/disconnects", disconnect(number, "9195551234"))
    desk.clock.advance(1)
    done = await desk.get(f"/disconnects/{order.new_id}")
    assert (done.value("OrderStatus"), done.values("Error/Code")) == ("PARTIAL", ["5006"])


async def test_a_release_without_its_wrapper_is_refused(desk: Any) -> None:
    body = "<DisconnectTelephoneNumberOrder><Name>x</Name></DisconnectTelephoneNumberOrder>"
    assert (await desk.post("/disconnects", body)).code == (400, "5001")
    none = await desk.get("/disconnects?page=1&size=10")
    assert (none.status, none.xml.tag, len(none.xml)) == (404, "Links", 0)


async def test_numbers_move_between_locations(desk: Any, site: str) -> None:
    (number,) = await desk.buy(site)
    other = await desk.peer(site, "Other")
    listed = f"<SipPeerTelephoneNumbers><FullNumber>{number}</FullNumber></SipPeerTelephoneNumbers>"
    assert (await desk.post(f"{other}/movetns", listed)).status == 200
    assert (await desk.get(f"{other}/totaltns")).value("SipPeerTelephoneNumbersCount") == "1"
    stranger = listed.replace(number, "9195551234")
    assert (await desk.post(f"{other}/movetns", stranger)).code == (400, "13520")


async def test_numbers_move_between_sites_by_an_order(desk: Any, site: str) -> None:
    (number,) = await desk.buy(site)
    target = await desk.site("Target")
    await desk.peer(target)
    body = (
        f"<MoveTnsOrder><SiteId>{target}</SiteId><TelephoneNumbers><TelephoneNumber>{number}</TelephoneNumber>"
        "</TelephoneNumbers></MoveTnsOrder>"
    )
    assert (await desk.post("/moveTns", body)).value("ProcessingStatus") == "RECEIVED"
    assert (await desk.get(f"/sites/{target}/totaltns")).value("TotalCount") == "1"
    assert (await desk.post("/moveTns", body.replace(target, "1"))).code == (400, "7309")
