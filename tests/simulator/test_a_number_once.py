"""A number that was bought cannot be bought again, however the orders for it overlap."""

from typing import Any

import pytest


@pytest.fixture
async def site(api: Any) -> str:
    made: str = await api.site()
    await api.peer(made)
    return made


async def end_of(api: Any, order: str) -> tuple[str | None, list[str], list[str]]:
    """Status, completed numbers and error codes."""
    reply = await api.get(f"/orders/{order}")
    completed = reply.values("CompletedNumbers/TelephoneNumber/FullNumber")
    return reply.value("OrderStatus"), completed, reply.values("Error/Code")


async def bought(api: Any) -> list[str]:
    return [number["tn"] for number in (await api.state())["numbers"]]


async def test_a_second_order_for_it_fails_at_no_cost(api: Any, site: str) -> None:
    (number,) = await api.buy(site)
    again = (await api.order(site, number)).new_id
    api.clock.advance(1)
    assert await end_of(api, again) == ("FAILED", [], ["5005"])
    assert await bought(api) == [number]


async def test_of_two_orders_under_way_the_first_gets_it(api: Any, site: str) -> None:
    (number,) = await api.numbers()
    orders = [(await api.order(site, number)).new_id for _ in range(2)]
    api.clock.advance(1)
    assert [await end_of(api, order) for order in orders] == [
        ("COMPLETE", [number], []),
        ("FAILED", [], ["5005"]),
    ]
    assert await bought(api) == [number]


async def test_an_order_with_others_beside_it_gets_only_those(api: Any, site: str) -> None:
    first, second = await api.numbers(quantity=2)
    await api.order(site, first)
    both = (await api.order(site, first, second)).new_id
    api.clock.advance(1)
    assert await end_of(api, both) == ("PARTIAL", [second], ["5005"])
    assert sorted(await bought(api)) == sorted([first, second])


@pytest.mark.parametrize(("seconds", "late_one_gets_it"), [(2, True), (4, False)])
async def test_a_late_order_and_one_that_follows_do_not_both_get_it(
    api: Any,
    site: str,
    seconds: int,
    late_one_gets_it: bool,  # noqa: FBT001 - a case of the table
) -> None:
    """Whichever takes effect first."""
    (number,) = await api.numbers()
    await api.faults(
        '[[fault]]\nmethod = "POST"\npath = "/accounts/*/orders"\naction = "answer"\nstatus = 504\n'
        f"effect_after = {seconds}"
    )
    await api.order(site, number, more="<CustomerOrderId>late</CustomerOrderId>")
    api.clock.advance(3)
    second = (await api.order(site, number)).new_id
    api.clock.advance(10)
    status, completed, codes = await end_of(api, second)
    late = next(order for order in (await api.state())["orders"] if order["customer_order_id"] == "late")
    assert (late["status"] == "COMPLETE", status == "COMPLETE") == (late_one_gets_it, not late_one_gets_it)
    assert codes == (["5005"] if late_one_gets_it else [])
    assert [*late["completed"], *completed] == [number]
    assert await bought(api) == [number]


async def test_an_order_that_searches_passes_it_over(api: Any, site: str) -> None:
    (number,) = await api.buy(site)
    kind = "<AreaCodeSearchAndOrderType><AreaCode>919</AreaCode><Quantity>1</Quantity></AreaCodeSearchAndOrderType>"
    orders = [
        (await api.post("/orders", f"<Order><SiteId>{site}</SiteId>{kind}</Order>")).new_id for _ in range(2)
    ]
    api.clock.advance(1)
    found = [(await end_of(api, order))[1][0] for order in orders]
    assert len({number, *found}) == 3


async def test_an_order_that_searches_for_what_is_sold_out_fails(api: Any, site: str) -> None:
    api.account.sold_elsewhere |= {tn for tn, _ in api.account.search({"areacode": "984"}, 5000)}
    kind = "<AreaCodeSearchAndOrderType><AreaCode>984</AreaCode><Quantity>1</Quantity></AreaCodeSearchAndOrderType>"
    order = (await api.post("/orders", f"<Order><SiteId>{site}</SiteId>{kind}</Order>")).new_id
    api.clock.advance(1)
    assert await end_of(api, order) == ("FAILED", [], ["5018"])


async def test_a_number_that_was_given_back_is_not_for_sale_while_it_ages(api: Any, site: str) -> None:
    (number,) = await api.buy(site)
    listed = f"<TelephoneNumberList><TelephoneNumber>{number}</TelephoneNumber></TelephoneNumberList>"
    wrapped = f"<DisconnectTelephoneNumberOrderType>{listed}</DisconnectTelephoneNumberOrderType>"
    await api.post(
        "/disconnects", f"<DisconnectTelephoneNumberOrder>{wrapped}</DisconnectTelephoneNumberOrder>"
    )
    api.clock.advance(1)
    again = (await api.order(site, number)).new_id
    api.clock.advance(1)
    assert (await end_of(api, again))[0] == "FAILED"
    assert number not in await api.numbers(quantity=5000)
