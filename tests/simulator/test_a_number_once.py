"""A number that was bought cannot be bought again, however the orders for it overlap."""

from typing import Any

import pytest


@pytest.fixture
async def site(desk: Any) -> str:
    made: str = await desk.site()
    await desk.peer(made)
    return made


async def end_of(desk: Any, order: str) -> tuple[str | None, list[str], list[str]]:
    """Status, completed numbers and error codes."""
    reply = await desk.get(f"/orders/{order}")
    completed = reply.values("CompletedNumbers/TelephoneNumber/FullNumber")
    return reply.value("OrderStatus"), completed, reply.values("Error/Code")


async def bought(desk: Any) -> list[str]:
    return [number["tn"] for number in (await desk.state())["numbers"]]


async def test_a_second_order_for_it_fails_at_no_cost(desk: Any, site: str) -> None:
    (number,) = await desk.buy(site)
    again = (await desk.order(site, number)).new_id
    desk.clock.advance(1)
    assert await end_of(desk, again) == ("FAILED", [], ["5005"])
    assert await bought(desk) == [number]


async def test_of_two_orders_under_way_the_first_gets_it(desk: Any, site: str) -> None:
    (number,) = await desk.numbers()
    orders = [(await desk.order(site, number)).new_id for _ in range(2)]
    desk.clock.advance(1)
    assert [await end_of(desk, order) for order in orders] == [
        ("COMPLETE", [number], []),
        ("FAILED", [], ["5005"]),
    ]
    assert await bought(desk) == [number]


async def test_an_order_with_others_beside_it_gets_only_those(desk: Any, site: str) -> None:
    first, second = await desk.numbers(quantity=2)
    await desk.order(site, first)
    both = (await desk.order(site, first, second)).new_id
    desk.clock.advance(1)
    assert await end_of(desk, both) == ("PARTIAL", [second], ["5005"])
    assert sorted(await bought(desk)) == sorted([first, second])


@pytest.mark.parametrize(("seconds", "late_one_gets_it"), [(2, True), (4, False)])
async def test_a_late_order_and_one_that_follows_do_not_both_get_it(
    desk: Any,
    site: str,
    seconds: int,
    late_one_gets_it: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """Whichever takes effect first."""
    (number,) = await desk.numbers()
    await desk.faults(
        '[[fault]]\nmethod = "POST"\npath = "/accounts/*/orders"\naction = "answer"\nstatus = 504\n'
        f"effect_after = {seconds}"
    )
    await desk.order(site, number, more="<CustomerOrderId>late</CustomerOrderId>")
    desk.clock.advance(3)
    second = (await desk.order(site, number)).new_id
    desk.clock.advance(10)
    status, completed, codes = await end_of(desk, second)
    late = next(order for order in (await desk.state())["orders"] if order["customer_order_id"] == "late")
    assert (late["status"] == "COMPLETE", status == "COMPLETE") == (late_one_gets_it, not late_one_gets_it)
    assert codes == (["5005"] if late_one_gets_it else [])
    assert [*late["completed"], *completed] == [number]
    assert await bought(desk) == [number]


async def test_an_order_that_searches_passes_it_over(desk: Any, site: str) -> None:
    (number,) = await desk.buy(site)
    kind = "<AreaCodeSearchAndOrderType><AreaCode>919</AreaCode><Quantity>1</Quantity></AreaCodeSearchAndOrderType>"
    orders = [
        (await desk.post("/orders", f"<Order><SiteId>{site}</SiteId>{kind}</Order>")).new_id for _ in range(2)
    ]
    desk.clock.advance(1)
    found = [(await end_of(desk, order))[1][0] for order in orders]
    assert len({number, *found}) == 3


async def test_an_order_that_searches_for_what_is_sold_out_fails(desk: Any, site: str) -> None:
    desk.account.sold_elsewhere |= {tn for tn, _ in desk.account.search({"areacode": "984"}, 5000)}
    kind = "<AreaCodeSearchAndOrderType><AreaCode>984</AreaCode><Quantity>1</Quantity></AreaCodeSearchAndOrderType>"
    order = (await desk.post("/orders", f"<Order><SiteId>{site}</SiteId>{kind}</Order>")).new_id
    desk.clock.advance(1)
    assert await end_of(desk, order) == ("FAILED", [], ["5018"])


async def test_a_number_that_was_given_back_is_not_for_sale_while_it_ages(desk: Any, site: str) -> None:
    (number,) = await desk.buy(site)
    listed = f"<TelephoneNumberList><TelephoneNumber>{number}</TelephoneNumber></TelephoneNumberList>"
    wrapped = f"<DisconnectTelephoneNumberOrderType>{listed}</DisconnectTelephoneNumberOrderType>"
    await desk.post(
        "/disconnects", f"<DisconnectTelephoneNumberOrder>{wrapped}</DisconnectTelephoneNumberOrder>"
    )
    desk.clock.advance(1)
    again = (await desk.order(site, number)).new_id
    desk.clock.advance(1)
    assert (await end_of(desk, again))[0] == "FAILED"
    assert number not in await desk.numbers(quantity=5000)
