"""An account that is late: requests that take effect after their answer, and lists and reads that lag behind."""

import asyncio
import re
import textwrap
from dataclasses import fields
from typing import Any, get_args

import pytest

from bwtui.simulator import fault_script


def _keys() -> list[str]:
    return [field.name for field in fields(fault_script.Fault)]


ORDERS = "/accounts/*/orders"
SMS_PATH = "products/messaging/features/sms"


@pytest.fixture
async def site(api: Any) -> str:
    made: str = await api.site()
    await api.peer(made)
    return made


def late(method: str, path: str, action: str, more: str) -> str:
    return f'[[fault]]\nmethod = "{method}"\npath = "{path}"\naction = "{action}"\n{more}\n'


async def test_a_request_that_was_answered_with_an_error_takes_effect_later(
    api: Any, bodies: dict[str, str]
) -> None:
    await api.faults(late("POST", "/accounts/*/sites", "answer", "status = 504\neffect_after = 40"))
    site = f"<Site><Name>One</Name>{bodies['address']}</Site>"
    assert (await api.post("/sites", site)).status == 504
    api.clock.advance(39.9)
    assert (await api.get("/sites")).values("Site/Name") == []
    api.clock.advance(0.1)
    assert (await api.get("/sites")).values("Site/Name") == ["One"]
    assert [held["name"] for held in (await api.state())["sites"]] == ["One"]


async def test_the_answer_may_come_late_too_and_the_effect_later_still(api: Any, site: str) -> None:
    """A gateway gives up after 12 seconds; the order arrives 4 seconds after that."""
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)
        api.clock.advance(seconds)

    api.account.sleep = sleep
    await api.faults(late("POST", ORDERS, "answer", "status = 504\nseconds = 12\neffect_after = 16"))
    (number,) = await api.numbers()
    assert (await api.order(site, number)).status == 504
    assert slept == [12]
    api.clock.advance(3.9)
    assert (await api.state())["orders"] == []
    api.clock.advance(0.5)
    (order,) = (await api.state())["orders"]
    assert (order["status"], order["completed"]) == ("COMPLETE", [number])


async def test_nothing_is_said_until_the_client_gives_up_and_the_effect_comes_all_the_same(
    api: Any, site: str
) -> None:
    await api.faults(late("POST", ORDERS, "hang", "effect_after = 40"))
    (number,) = await api.numbers()
    asking = asyncio.create_task(api.order(site, number))
    async with asyncio.timeout(5):
        while not api.account.postponed:  # noqa: ASYNC110 - the simulator tells nobody
            await asyncio.sleep(0)
    asking.cancel()
    assert (await api.state())["orders"] == []
    api.clock.advance(41)
    assert [held["tn"] for held in (await api.state())["numbers"]] == [number]
    (effect,) = next(entry["effect"] for entry in await api.log() if entry["fault"])
    assert effect.startswith("order "), "the log says what the request did in the end"


async def test_a_late_request_is_refused_as_any_other(api: Any) -> None:
    await api.faults(late("POST", "/accounts/*/sites", "answer", "status = 504\neffect_after = 5"))
    assert (await api.post("/sites", "<Site/>")).status == 504
    api.clock.advance(6)
    assert (await api.state())["sites"] == []


async def test_a_late_order_has_the_times_of_its_effect(api: Any, site: str) -> None:
    await api.faults(late("POST", ORDERS, "answer", "status = 504\neffect_after = 10"))
    begun = api.clock.now
    await api.order(site, *await api.numbers())
    api.clock.advance(1000)
    await api.state()
    (order,) = api.account.orders.values()
    assert (order.created, order.finished) == (begun + 10, begun + 10.3)


async def test_a_list_shows_what_was_made_only_after_a_while(api: Any) -> None:
    before = await api.site("Before")
    await api.faults('[[fault]]\npath = "/accounts/*/sites"\naction = "lag"\nseconds = 30')
    assert (await api.get("/sites")).values("Site/Id") == [before], "what was there has always been there"
    after = await api.site("After")
    for seconds, shown in ((0, [before]), (29.9, [before]), (0.1, [before, after])):
        api.clock.advance(seconds)
        assert (await api.get("/sites")).values("Site/Id") == shown
    assert (await api.get(f"/sites/{after}")).status == 200, "another path does not lag"


async def test_what_was_made_is_not_found_by_its_id_for_a_while(api: Any) -> None:
    await api.faults('[[fault]]\npath = "/accounts/*/sites/*/sippeers/*"\naction = "lag"\nseconds = 2')
    path = await api.peer(await api.site())
    assert (await api.get(path)).code == (400, "13563")
    api.clock.advance(2)
    assert (await api.get(path)).value("PeerName") == "Here"


async def test_a_setting_reads_as_it_was_before(api: Any, bodies: dict[str, str]) -> None:
    await api.faults('[[fault]]\npath = "**/features/sms"\naction = "lag"\nseconds = 10')
    sms = f"{await api.peer(await api.site())}/{SMS_PATH}"
    assert (await api.post(sms, bodies["sms"])).status == 201
    assert (await api.get(sms)).status == 404
    api.clock.advance(10)
    assert (await api.get(sms)).value("TollFree") == "true"
    await api.put(sms, bodies["sms"].replace("<TollFree>true", "<TollFree>false"))
    assert (await api.get(sms)).value("TollFree") == "true"
    api.clock.advance(10)
    assert (await api.get(sms)).value("TollFree") == "false"


async def test_what_was_deleted_is_still_shown_for_a_while(api: Any) -> None:
    site = await api.site()
    await api.faults('[[fault]]\npath = "/accounts/*/sites"\naction = "lag"\nseconds = 5')
    await api.delete(f"/sites/{site}")
    assert (await api.get("/sites")).values("Site/Id") == [site]
    api.clock.advance(5)
    assert (await api.get("/sites")).values("Site/Id") == []


async def test_what_a_write_needs_may_not_be_known_yet(api: Any, bodies: dict[str, str]) -> None:
    """Not HTTP yet, right after SMS was switched on."""
    application = await api.messaging_app()
    path = await api.peer(await api.site())
    await api.faults(
        '[[fault]]\nmethod = "PUT"\npath = "**/applicationSettings"\naction = "lag"\nseconds = 15'
    )
    await api.get("/sites")
    await api.post(f"{path}/{SMS_PATH}", bodies["sms"])
    assert (await api.link_messaging(path, application)).code == (400, "13645")
    assert (await api.state())["links"] == []
    api.clock.advance(15)
    assert (await api.link_messaging(path, application)).status == 200
    assert [link["application_id"] for link in (await api.state())["links"]] == [application]


async def test_the_list_of_orders_lags_and_the_order_itself_does_not(api: Any, site: str) -> None:
    await api.faults(f'[[fault]]\npath = "{ORDERS}"\naction = "lag"\nseconds = 15')
    order = await api.order(site, *await api.numbers(), more="<CustomerOrderId>ours</CustomerOrderId>")
    look_up = "/orders?page=1&size=10&customerOrderId=ours"
    api.clock.advance(14)
    assert (await api.get(look_up)).value("TotalCount") == "0"
    assert (await api.get(f"/orders/{order.new_id}")).value("OrderStatus") == "COMPLETE"
    api.clock.advance(1)
    assert (await api.get(look_up)).value("orderId") == order.new_id
    assert (await api.get(look_up)).value("OrderStatus") == "RECEIVED", "its status lags, too"
    api.clock.advance(1)
    assert (await api.get(look_up)).value("OrderStatus") == "COMPLETE"


async def test_numbers_show_on_their_location_and_in_their_order_only_after_a_while(api: Any) -> None:
    site = await api.site()
    path = await api.peer(site)
    await api.faults('[[fault]]\npath = "**/tns"\naction = "lag"\nseconds = 20')
    (number,) = await api.numbers()
    order = await api.order(site, number)
    api.clock.advance(10)
    location, ordered = f"{path}/tns?page=1&size=10", f"/orders/{order.new_id}/tns"
    assert (await api.get(location)).values("FullNumber") == []
    assert (await api.get(ordered)).values("TelephoneNumber") == []
    api.clock.advance(11)
    assert (await api.get(location)).values("FullNumber") == [number]
    assert (await api.get(ordered)).values("TelephoneNumber") == [number]


async def test_a_late_effect_lags_from_its_own_moment_on(api: Any, bodies: dict[str, str]) -> None:
    await api.faults(
        late("POST", "/accounts/*/sites", "answer", "status = 504\neffect_after = 10")
        + '[[fault]]\npath = "/accounts/*/sites"\naction = "lag"\nseconds = 10'
    )
    await api.post("/sites", f"<Site><Name>One</Name>{bodies['address']}</Site>")
    api.clock.advance(19.9)
    assert (await api.get("/sites")).values("Name") == []
    api.clock.advance(0.1)
    assert (await api.get("/sites")).values("Name") == ["One"]


async def test_a_lag_of_zero_is_no_lag_and_a_late_effect_outlives_the_faults(
    api: Any, bodies: dict[str, str]
) -> None:
    await api.faults('[[fault]]\naction = "lag"\nseconds = 0')
    site = await api.site()
    assert (await api.get("/sites")).values("Site/Id") == [site]
    await api.faults(
        late("POST", "/accounts/*/sites", "answer", "status = 504\neffect_after = 10")
        + '[[fault]]\nmethod = "POST"\naction = "lag"\nseconds = 5'
    )
    await api.post("/sites", f"<Site><Name>One</Name>{bodies['address']}</Site>")
    await api.delete("///_simulator/faults")
    await api.get("/sites")
    api.clock.advance(10)
    assert [held["name"] for held in (await api.state())["sites"]] == ["Office", "One"]


async def test_the_example_in_the_documentation_of_faults_can_be_used() -> None:
    example = textwrap.dedent((fault_script.__doc__ or "").partition("may not list:\n")[2])
    assert [fault.action for fault in fault_script.parse(example)] == ["answer", "lag", "answer"]


@pytest.mark.parametrize("name", [*get_args(fault_script.Action), *get_args(fault_script.Form), *_keys()])
async def test_whatever_a_file_of_faults_may_say_is_documented(name: str) -> None:
    assert re.search(rf"(?<![\w-]){name}(?![\w-])", fault_script.__doc__ or "")


async def test_after_faults_are_lifted_nothing_lags(api: Any) -> None:
    await api.faults('[[fault]]\naction = "lag"\nseconds = 1000')
    site = await api.site()
    assert (await api.get("/sites")).values("Site/Id") == []
    await api.delete("///_simulator/faults")
    assert (await api.get("/sites")).values("Site/Id") == [site]
