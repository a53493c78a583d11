"""Orders: received, then finished; the recorded shapes of every end; found again by CustomerOrderId."""

from collections.abc import Callable
from typing import Any

import pytest


def area_code(site: str, quantity: str = "2", code: str = "919", more: str = "") -> str:
    kind = f"<AreaCode>{code}</AreaCode><Quantity>{quantity}</Quantity>"
    kind = f"<AreaCodeSearchAndOrderType>{kind}</AreaCodeSearchAndOrderType>"
    return f"<Order><SiteId>{site}</SiteId>{kind}{more}</Order>"


@pytest.fixture
async def site(api: Any) -> str:
    made: str = await api.site()
    await api.peer(made)
    return made


async def polled(api: Any, order: Any, seconds: float = 1) -> Any:
    api.clock.advance(seconds)
    return await api.get(f"/orders/{order.new_id}")


async def test_an_order_is_received_and_later_complete(api: Any, site: str) -> None:
    (number,) = await api.numbers()
    more = "<Name>First</Name><CustomerOrderId>abc-1</CustomerOrderId>"
    order = await api.order(site, number, more=more)
    assert order.value("OrderStatus") == "RECEIVED"
    assert order.value("Order/id") == order.new_id
    assert order.value("PartialAllowed") == "true"
    early = await polled(api, order, 0.1)
    assert (early.value("OrderStatus"), early.value("CompletedQuantity")) == ("RECEIVED", None)
    assert early.values("TelephoneNumberList/TelephoneNumber") == [number]

    done = await polled(api, order)
    assert done.status == 200
    assert done.value("OrderStatus") == "COMPLETE"
    assert done.values("CompletedNumbers/TelephoneNumber/FullNumber") == [number]
    assert done.value("Summary") == "1 number ordered in (919)"
    assert (done.value("CompletedQuantity"), done.value("FailedQuantity")) == ("1", "0")
    assert done.xml.find("ErrorList") is None
    assert done.xml.find("Order/id") is None, "the nested order has no id"
    assert done.value("Order/PeerId"), "the default location is named though it was not submitted"
    assert (done.value("Name"), done.value("CustomerOrderId")) == ("First", "abc-1")


async def test_a_bought_number_is_in_service_and_no_longer_for_sale(api: Any, site: str) -> None:
    (number,) = await api.buy(site)
    assert number not in await api.numbers(quantity=5)
    (held,) = (await api.state())["numbers"]
    assert (held["tn"], held["status"], held["site_id"]) == (number, "Inservice", site)


async def test_numbers_that_nobody_can_sell_fail_in_the_recorded_shape(api: Any, site: str) -> None:
    order = await api.order(site, "9195551234", "9195551235", "9195551236")
    failed = await polled(api, order)
    assert (failed.status, failed.value("OrderStatus")) == (200, "FAILED")
    assert failed.values("Error/Code") == ["5005"] * 3
    assert failed.values("Error/TelephoneNumber") == failed.values("FailedNumbers/FullNumber")
    assert set(failed.values("Error/Description")) == {"The telephone number is unavailable for ordering"}
    emptied = failed.xml.find("Order/ExistingTelephoneNumberOrderType")
    assert emptied is not None
    assert len(emptied) == 0
    assert (failed.value("CompletedQuantity"), failed.value("FailedQuantity")) == ("0", "3")
    assert failed.xml.find("Summary") is None
    assert failed.xml.find("CompletedNumbers") is None


async def test_some_of_the_numbers_make_a_partial_order(api: Any, site: str) -> None:
    (number,) = await api.numbers()
    partial = await polled(api, await api.order(site, number, "9195551234"))
    assert partial.value("OrderStatus") == "PARTIAL"
    assert partial.values("CompletedNumbers/TelephoneNumber/FullNumber") == [number]
    assert partial.values("FailedNumbers/FullNumber") == ["9195551234"]
    assert partial.values("Error/Code") == ["5005"]
    assert partial.value("Summary") == "1 out of 2 numbers ordered in (919)"


async def test_without_partial_orders_too_few_numbers_are_none(api: Any, site: str) -> None:
    (number,) = await api.numbers()
    more = "<PartialAllowed>false</PartialAllowed>"
    failed = await polled(api, await api.order(site, number, "9195551234", more=more))
    assert failed.value("OrderStatus") == "FAILED"
    assert (await api.state())["numbers"] == []


async def test_of_two_orders_for_one_number_the_first_gets_it(api: Any, site: str) -> None:
    (number,) = await api.numbers()
    first, second = await api.order(site, number), await api.order(site, number)
    assert (await polled(api, second)).value("OrderStatus") == "FAILED"
    assert (await polled(api, first)).value("OrderStatus") == "COMPLETE"


@pytest.mark.parametrize(
    ("kind", "inside", "begins"),
    [
        ("AreaCodeSearchAndOrderType", "<AreaCode>984</AreaCode>", "984"),
        ("RateCenterSearchAndOrderType", "<RateCenter>AUSTIN</RateCenter><State>TX</State>", "512"),
        ("CitySearchAndOrderType", "<City>DURHAM</City><State>NC</State>", "919"),
        ("StateSearchAndOrderType", "<State>VT</State>", "802"),
        ("ZIPSearchAndOrderType", "<Zip>78701</Zip>", "512"),
        ("LATASearchAndOrderType", "<Lata>558</Lata>", "512"),
        ("LATASearchAndOrderType", "<LATA>558</LATA>", "512"),
        (
            "TollFreeWildCharSearchAndOrderType",
            "<TollFreeWildCardPattern>80*</TollFreeWildCardPattern>",
            "800",
        ),
        ("CombinedSearchAndOrderType", "<AreaCode>919</AreaCode><City>CARY</City><State>NC</State>", "919"),
    ],
)
async def test_an_order_can_search_by_itself(
    api: Any, site: str, kind: str, inside: str, begins: str
) -> None:
    body = f"<Order><SiteId>{site}</SiteId><{kind}>{inside}<Quantity>3</Quantity></{kind}></Order>"
    done = await polled(api, await api.post("/orders", body))
    assert done.value("OrderStatus") == "COMPLETE"
    numbers = done.values("CompletedNumbers/TelephoneNumber/FullNumber")
    assert len(numbers) == 3
    assert all(number.startswith(begins) for number in numbers)
    assert (done.value("Summary") or "").startswith("3 numbers ordered in (")


async def test_a_search_that_finds_nothing_fails_with_a_single_error(api: Any, site: str) -> None:
    failed = await polled(api, await api.post("/orders", area_code(site, "1", "999")))
    assert (failed.value("OrderStatus"), failed.values("Error/Code")) == ("FAILED", ["5018"])
    assert failed.xml.find(".//Error/TelephoneNumber") is None
    assert failed.xml.find("CompletedNumbers") is not None
    assert (failed.value("Summary"), failed.value("FailedQuantity")) == ("1 number requested", "1")


async def test_a_backorder_waits_until_it_is_closed(api: Any, site: str) -> None:
    more = "<BackOrderRequested>true</BackOrderRequested>"
    order = await api.post("/orders", area_code(site, "1", "999", more))
    assert (await polled(api, order, 1000)).value("OrderStatus") == "BACKORDERED"
    path = f"/orders/{order.new_id}"
    assert (await api.put(path, "<Order><CloseOrder>true</CloseOrder></Order>")).status == 200
    assert (await api.get(path)).value("OrderStatus") == "FAILED"
    assert (await api.put(path, "<Order><CloseOrder>true</CloseOrder></Order>")).code == (400, "5060")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("<SiteId>{site}</SiteId>", ""), "5022"),
        (("<SiteId>{site}</SiteId>", "<SiteId>1</SiteId>"), "5016"),
        (("</SiteId>", "</SiteId><PeerId>1</PeerId>"), "5023"),
        (("</SiteId>", "</SiteId><CustomerOrderId>a_b</CustomerOrderId>"), "5052"),
        (("</SiteId>", "</SiteId><CustomerOrderId>" + "x" * 41 + "</CustomerOrderId>"), "5052"),
        (("</SiteId>", "</SiteId><Name>" + "x" * 51 + "</Name>"), "1011"),
        (("</SiteId>", "</SiteId><PartialAllowed>perhaps</PartialAllowed>"), "5217"),
        (("<Quantity>2", "<Quantity>0"), "5009"),
        (("<Quantity>2", "<Quantity>some"), "5009"),
        (("<Quantity>2", "<Quantity>5001"), "5215"),
        (("<AreaCode>919</AreaCode>", ""), "5224"),
        (("AreaCodeSearchAndOrderType", "Wish"), "5087"),
    ],
)
async def test_an_order_that_cannot_be_accepted_is_refused_with_an_echo(
    api: Any, site: str, change: tuple[str, str], code: str
) -> None:
    before, after = change
    body = area_code(site).replace(before.replace("{site}", site), after)
    refused = await api.post("/orders", body)
    assert (refused.status, refused.xml.findtext("ErrorList/Error/Code")) == (400, code)
    assert refused.xml.find("Order/OrderCreateDate") is not None
    assert refused.xml.find("Order/id") is None
    assert api.account.orders == {}


@pytest.mark.parametrize(
    ("numbers", "code"),
    [
        ([], "5212"),
        (["12"], "5008"),
        (["9195551234", "12"], "5213"),
        (["9195551234", "9195551234"], "5093"),
        (["9195551234", "+19195551234"], "5093"),
    ],
)
async def test_a_wrong_list_of_numbers_is_refused(api: Any, site: str, numbers: list[str], code: str) -> None:
    assert (await api.order(site, *numbers)).code == (400, code)


async def test_a_list_without_its_wrapper_breaks_the_server(api: Any, site: str) -> None:
    body = f"<Order><SiteId>{site}</SiteId><TelephoneNumberList><TelephoneNumber>1</TelephoneNumber></TelephoneNumberList></Order>"
    assert (await api.post("/orders", body)).status == 500


async def test_an_order_without_a_default_location_is_refused(api: Any) -> None:
    assert (await api.post("/orders", area_code(await api.site()))).code == (400, "5020")


async def test_specific_numbers_cannot_be_backordered(api: Any, site: str) -> None:
    more = "<BackOrderRequested>true</BackOrderRequested>"
    assert (await api.order(site, "9195551234", more=more)).code == (400, "5522")


async def test_an_account_without_ordering_buys_nothing(open_client: Callable[..., Any]) -> None:
    api = open_client(missing_products={"ORDERING"})
    assert (await api.post("/orders", area_code("1"))).code == (400, "5183")


async def test_orders_are_found_again_by_an_id_that_need_not_be_unique(api: Any, site: str) -> None:
    for _ in range(2):
        await api.post("/orders", area_code(site, more="<CustomerOrderId>same</CustomerOrderId>"))
    await api.post("/orders", area_code(site, more="<CustomerOrderId>other</CustomerOrderId>"))
    found = await api.get("/orders?page=1&size=10&customerOrderId=same")
    assert (found.value("TotalCount"), len(found.values("orderId"))) == ("2", 2)
    none = await api.get("/orders?page=1&size=10&customerOrderId=never")
    assert (none.value("TotalCount"), none.values("orderId")) == ("0", [])
    assert (none.value("Links/first") or "").startswith("Link=<http://simulator/api/accounts/9900000/orders")


async def test_the_list_needs_page_and_size_and_goes_on_at_an_order_id(api: Any, site: str) -> None:
    made = [(await api.post("/orders", area_code(site, "1"))).new_id for _ in range(5)]
    for query in ("", "?page=1", "?size=10"):
        assert (await api.get(f"/orders{query}")).status == 404
    first = await api.get("/orders?page=1&size=3")
    assert first.values("orderId") == made[:3]
    assert f"page={made[3]}&" in (first.value("Links/next") or "")
    rest = await api.get(f"/orders?page={made[3]}&size=3")
    assert rest.values("orderId") == made[3:]
    assert rest.value("Links/next") is None


async def test_a_site_without_orders_is_answered_with_404_and_links_alone_or_wrapped(
    api: Any, site: str, open_client: Callable[..., Any]
) -> None:
    none = await api.get(f"/sites/{site}/orders?page=1&size=10")
    assert (none.status, none.xml.tag, len(none.xml)) == (404, "Links", 0)
    wrapping = open_client(bare_links=False)
    wrapped = await wrapping.get(f"/sites/{await wrapping.site()}/orders?page=1&size=10")
    assert (wrapped.status, [child.tag for child in wrapped.xml]) == (404, ["Links"])
    await api.post("/orders", area_code(site))
    assert (await api.get(f"/sites/{site}/orders?page=1&size=10")).value("TotalCount") == "1"


async def test_history_is_empty_until_something_happened(api: Any, site: str) -> None:
    order = await api.post("/orders", area_code(site))
    history = f"/orders/{order.new_id}/history"
    assert len((await api.get(history)).xml) == 0
    api.clock.advance(1)
    assert (await api.get(history)).values("Status") == ["COMPLETE"]
    unknown = await api.get("/orders/none/history")
    assert (unknown.code, unknown.value("Description")) == ((404, None), "The resource does not exist")


async def test_the_parts_of_an_order_are_reported(api: Any, site: str) -> None:
    order = f"/orders/{(await api.post('/orders', area_code(site))).new_id}"
    api.clock.advance(1)
    numbers = (await api.get(f"{order}/tns")).values("TelephoneNumber")
    assert len(numbers) == 2
    codes = await api.get(f"{order}/areaCodes")
    assert (codes.value("AreaCode"), codes.value("Count")) == ("919", "2")
    assert (await api.get(f"{order}/npaNxx")).value("NPA-NXX") == numbers[0][:6]
    assert (await api.get(f"{order}/totals")).value("Count") == "2"
    assert (await api.get(f"{order}/notes")).status == 204
    await api.post(f"{order}/notes", "<Note><UserId>me</UserId><Description>paid</Description></Note>")
    assert (await api.get(f"{order}/notes")).value("Description") == "paid"


async def test_an_unknown_order_is_not_found(api: Any) -> None:
    unknown = await api.get("/orders/none")
    assert (unknown.status, unknown.text) == (404, "")


async def test_version_two_takes_and_writes_numbers_in_full(api: Any, site: str) -> None:
    api.prefix = "/api/v2"
    (number,) = await api.numbers()
    done = await polled(api, await api.order(site, number))
    assert done.values("FullNumber") == [number]
    assert number.startswith("+1")


async def test_a_reserved_number_is_ordered_by_its_reservation(api: Any, site: str) -> None:
    (number,) = await api.numbers()
    held = await api.post("/tnreservation", f"<Reservation><ReservedTn>{number}</ReservedTn></Reservation>")
    listed = f"<ReservationIdList><ReservationId>{held.new_id}</ReservationId></ReservationIdList>"
    kind = f"<ExistingTelephoneNumberOrderType>{listed}</ExistingTelephoneNumberOrderType>"
    order = await api.post("/orders", f"<Order><SiteId>{site}</SiteId>{kind}</Order>")
    assert (await polled(api, order)).values("FullNumber") == [number]


async def test_five_thousand_numbers_are_ordered_at_once(api: Any, site: str) -> None:
    numbers = await api.numbers(quantity=5000)
    done = await polled(api, await api.order(site, *numbers))
    assert (done.value("OrderStatus"), done.value("CompletedQuantity")) == ("COMPLETE", "5000")
    assert (await api.order(site, *numbers, "9195551234")).code == (400, "5095")


async def test_an_order_that_finishes_later_is_no_effect_of_the_poll(api: Any, site: str) -> None:
    await polled(api, await api.order(site, *await api.numbers()))
    assert (await api.log())[-1]["effect"] == []
