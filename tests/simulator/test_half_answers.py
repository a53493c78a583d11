"""An account that pages, answers in half, in other shapes, or keeps values its own way."""

import re
from typing import Any

import pytest


@pytest.fixture
async def site(api: Any) -> str:
    made: str = await api.site()
    await api.peer(made)
    return made


def fault(action: str, path: str, more: str = "") -> str:
    return f'[[fault]]\naction = "{action}"\npath = "{path}"\n{more}\n'


def following(reply: Any) -> str | None:
    """Return the query string of the link to the next page."""
    link = reply.xml.findtext(".//Links/next")
    return None if link is None else "?" + re.search(r"<.*\?(.*)>", link)[1]  # type: ignore[index]


async def walk(api: Any, path: str, item: str) -> list[list[str]]:
    """The pages of a list, by their links."""
    pages: list[list[str]] = []
    bare, asked = path.partition("?")[0], path
    for _ in range(10):
        reply = await api.get(asked)
        assert reply.status == 200, reply.text
        pages.append(reply.values(item))
        if (query := following(reply)) is None:
            return pages
        asked = bare + query
    raise AssertionError(f"no end: {pages}")


async def test_each_list_comes_in_pages_that_say_which_is_the_next(api: Any, site: str) -> None:
    sites = [site, await api.site("Two"), await api.site("Three")]
    await api.peer(site, "Second")
    await api.peer(site, "Third")
    applications = [await api.messaging_app(name) for name in ("A", "B", "C")]
    orders = [(await api.order(site, number)).new_id for number in await api.numbers(quantity=3)]
    api.clock.advance(1)
    numbers = sorted(number["tn"] for number in (await api.state())["numbers"])
    await api.faults(fault("pages", "**", "size = 2"))

    assert await walk(api, "/sites", "Site/Id") == [sites[:2], sites[2:]]
    peers = await walk(api, f"/sites/{site}/sippeers", "PeerName")
    assert peers == [["Here", "Second"], ["Third"]]
    assert await walk(api, "/applications", "ApplicationId") == [applications[:2], applications[2:]]
    (first, second), (third,) = await walk(api, "/orders?page=1&size=10", "orderId")
    assert [first, second, third] == orders
    peer = (await api.get(f"/sites/{site}/sippeers?page=1")).values("PeerId")[0]
    pages = await walk(api, f"/sites/{site}/sippeers/{peer}/tns?page=1&size=500", "FullNumber")
    assert pages == [numbers[:2], numbers[2:]]
    pages = await walk(api, "/inserviceNumbers", "TelephoneNumber")
    assert pages == [numbers[:2], numbers[2:]]


async def test_pages_need_not_say_that_there_are_more(api: Any) -> None:
    for name in ("One", "Two", "Three"):
        await api.site(name)
    path = "/accounts/*/sites"
    await api.faults(fault("pages", path, "size = 2\nlinks = false"))
    silent = await api.get("/sites")
    assert (silent.values("Name"), following(silent)) == (["One", "Two"], None)
    assert silent.xml.find("TotalCount") is None
    await api.faults(fault("pages", path, "size = 2\nlinks = false\ntotal = true"))
    counted = await api.get("/sites")
    assert (counted.values("Name"), counted.value("TotalCount")) == (["One", "Two"], "3")
    assert (await api.get("/sites?page=2&size=2")).values("Name") == ["Three"]
    assert (await api.get("/sites?page=1&size=1")).values("Name") == ["One"], "shorter ones can be asked for"


async def test_orders_may_come_without_their_total(api: Any, site: str) -> None:
    await api.order(site, *await api.numbers())
    await api.faults(fault("pages", "/accounts/*/orders", "size = 5\ntotal = false"))
    reply = await api.get("/orders?page=1&size=10")
    assert (reply.value("TotalCount"), len(reply.values("orderId"))) == (None, 1)


async def test_a_filter_may_be_ignored(api: Any, site: str) -> None:
    for number, ours in zip(await api.numbers(quantity=2), ("theirs", "ours"), strict=True):
        await api.order(site, number, more=f"<CustomerOrderId>{ours}</CustomerOrderId>")
    await api.faults(
        fault("unfiltered", "/accounts/*/orders", 'filters = ["customerOrderId"]')
        + fault("pages", "/accounts/*/orders", "size = 1")
    )
    look_up = "/orders?page=1&size=10&customerOrderId=ours"
    assert await walk(api, look_up, "CustomerOrderId") == [["theirs"], ["ours"]]


async def test_an_empty_list_may_be_a_404_with_nothing_but_links(api: Any) -> None:
    await api.faults(fault("empty-links", "/accounts/*/sites"))
    empty = await api.get("/sites")
    assert (empty.status, empty.xml.tag, len(empty.xml)) == (404, "Links", 0)
    site = await api.site()
    assert (await api.get("/sites")).values("Id") == [site]


@pytest.mark.parametrize(
    ("more", "tags"),
    [
        ('leave_out = ["CompletedNumbers"]', []),
        ('empty = ["CompletedNumbers"]', ["CompletedNumbers"]),
        ('rename = { CompletedNumbers = "CompletedTns" }', ["CompletedTns"]),
    ],
)
async def test_completed_numbers_come_only_from_the_fourth_read_on(
    api: Any, site: str, more: str, tags: list[str]
) -> None:
    await api.faults(fault("rewrite", "/accounts/*/orders/*", f"{more}\ntimes = 3"))
    (number,) = await api.numbers()
    order = (await api.order(site, number)).new_id
    api.clock.advance(1)
    for _ in range(3):
        reply = await api.get(f"/orders/{order}")
        assert (reply.value("OrderStatus"), reply.value("CompletedQuantity")) == ("COMPLETE", "1")
        assert [
            child.tag for child in reply.xml if child.tag.startswith("CompletedN") or child.tag in tags
        ] == tags
        assert reply.xml.find(".//CompletedNumbers/TelephoneNumber") is None
    assert (await api.get(f"/orders/{order}")).value("CompletedNumbers/TelephoneNumber/FullNumber") == number


@pytest.mark.parametrize(("kept", "end"), [("none", None), ("collection", "sites")])
async def test_a_create_tells_no_id(api: Any, bodies: dict[str, str], kept: str, end: str | None) -> None:
    await api.faults(
        '[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "rewrite"\n'
        f'leave_out = ["Id"]\nlocation = "{kept}"'
    )
    made = await api.post("/sites", f"<Site><Name>One</Name>{bodies['address']}</Site>")
    assert (made.status, made.value("Name"), made.value("Id")) == (201, "One", None)
    assert (made.headers.get("location") or "/").rpartition("/")[2] == (end or "")
    assert (await api.get("/sites")).value("Site/Id") is not None, "only what was told is missing"


async def test_a_total_without_items_and_other_statuses(api: Any, site: str) -> None:
    await api.order(site, *await api.numbers())
    await api.faults(
        fault("rewrite", "/accounts/*/orders", 'leave_out = ["OrderIdUserIdDate"]\nstatus = 206')
    )
    reply = await api.get("/orders?page=1&size=10")
    assert (reply.status, reply.value("TotalCount"), reply.values("orderId")) == (206, "1", [])


async def test_what_is_left_out_of_a_reply_stays_in_the_account(api: Any, site: str) -> None:
    (number,) = await api.numbers()
    await api.faults(fault("rewrite", "**/orders", 'method = "POST"\nleave_out = ["TelephoneNumberList"]'))
    order = await api.order(site, number)
    assert order.value("TelephoneNumber") is None
    assert (await api.get(f"/orders/{order.new_id}")).value("TelephoneNumber") == number


@pytest.mark.parametrize(
    ("more", "status", "root"),
    [
        ('rename = { SitesResponse = "Maintenance" }', 200, "Maintenance"),
        ("status = 203", 203, "SitesResponse"),
    ],
)
async def test_a_list_may_be_none(api: Any, more: str, status: int, root: str) -> None:
    await api.site()
    await api.faults(fault("rewrite", "/accounts/*/sites", more))
    reply = await api.get("/sites")
    assert (reply.status, reply.xml.tag) == (status, root)


@pytest.mark.parametrize(
    "body",
    ["", "<SitesResponse><ResponseStatus><ErrorCode>1010</ErrorCode></ResponseStatus></SitesResponse>"],
)
async def test_a_200_may_hold_nothing_or_an_error(api: Any, body: str) -> None:
    await api.site()
    await api.faults(fault("answer", "/accounts/*/sites", f'status = 200\nbody = "{body}"\ntimes = 0'))
    reply = await api.get("/sites")
    assert (reply.status, reply.text) == (200, body)


async def test_the_numbers_of_a_location_may_be_forbidden(api: Any) -> None:
    path = await api.peer(await api.site())
    await api.faults(fault("answer", "**/sippeers/*/tns", "status = 403\ntimes = 0"))
    for _ in range(2):
        reply = await api.get(f"{path}/tns?page=1&size=500")
        assert (reply.status, reply.text) == (403, "")
    assert (await api.get(path)).status == 200


async def test_each_search_shows_other_numbers(api: Any, site: str) -> None:
    await api.faults(fault("shuffle", "**/availableNumbers"))
    searches = [await api.numbers(quantity=3) for _ in range(3)]
    assert len({number for found in searches for number in found}) == 9
    order = await api.order(site, *searches[0])
    api.clock.advance(1)
    assert (await api.get(f"/orders/{order.new_id}")).value("OrderStatus") == "COMPLETE"


@pytest.mark.parametrize(
    ("forms", "kept"),
    [
        ('"upper"', {"StreetName": "MAIN CAMPUS DR", "City": "RALEIGH", "AddressType": "Billing"}),
        ('"suffix"', {"StreetName": "Main Campus Drive"}),
        ('"upper", "suffix", "zip"', {"StreetName": "MAIN CAMPUS DRIVE", "Zip": "27606-5177"}),
        ('"split"', {"StreetName": "Main Campus", "StreetSuffix": "Dr"}),
        ('"suffix", "split", "upper"', {"StreetName": "MAIN CAMPUS", "StreetSuffix": "DRIVE"}),
    ],
)
async def test_an_address_is_kept_in_the_accounts_own_form(
    api: Any, bodies: dict[str, str], forms: str, kept: dict[str, str]
) -> None:
    await api.faults(fault("normalise", "**", f"forms = [{forms}]"))
    body = f"<Site><Name>One</Name>{bodies['address']}</Site>"
    site = (await api.post("/sites", body)).new_id
    for _ in range(2):
        read = await api.get(f"/sites/{site}")
        assert {name: read.value(f"Address/{name}") for name in kept} == kept
        assert (await api.put(f"/sites/{site}", body)).status == 200


@pytest.mark.parametrize(
    ("forms", "url", "kept"),
    [
        ('"host"', "https://YourSecureSite.COM/In", "https://yoursecuresite.com/In"),
        ('"slash"', "https://yoursecuresite.com", "https://yoursecuresite.com/"),
        ('"host", "slash"', "HTTPS://YourSecureSite.com:8443?a=B", "https://yoursecuresite.com:8443/?a=B"),
        ('"slash"', "https://yoursecuresite.com/in", "https://yoursecuresite.com/in"),
    ],
)
async def test_urls_are_kept_in_the_accounts_own_form(api: Any, forms: str, url: str, kept: str) -> None:
    await api.faults(fault("normalise", "**", f"forms = [{forms}]"))
    application = await api.messaging_app(url=url)
    assert (await api.get(f"/applications/{application}")).value("InboundCallbackUrl") == kept


async def test_names_are_kept_with_their_blanks_collapsed_and_their_accents_composed(api: Any) -> None:
    await api.faults(fault("normalise", "**", 'forms = ["blanks", "nfc"]'))
    application = await api.messaging_app(" Cafe\u0301  a\u00a0b ")
    assert (await api.get(f"/applications/{application}")).value("AppName") == "Caf\u00e9 a b"
    again = "<ServiceType>Messaging-V2</ServiceType><AppName>Caf\u00e9 a b</AppName><MsgCallbackUrl>https://x.net</MsgCallbackUrl>"
    refused = await api.ask("POST", "/applications", f"<Application>{again}</Application>".encode())
    assert refused.status == 409, "it is the name under which it is kept that is taken"


async def test_ids_are_shown_in_capitals_and_known_in_any_case(api: Any, bodies: dict[str, str]) -> None:
    site = await api.site()
    path = await api.peer(site)
    await api.faults(fault("normalise", "**", 'forms = ["ids"]'))
    order = await api.order(site, *await api.numbers(), more="<CustomerOrderId>ours-1a</CustomerOrderId>")
    listed = await api.get("/orders?page=1&size=10&customerOrderId=ours-1a")
    assert listed.value("CustomerOrderId") == "OURS-1A"
    assert listed.value("orderId") == order.value("id") == order.new_id.upper()
    assert (await api.get(f"/orders/{listed.value('orderId')}")).status == 200
    await api.messaging_app()
    application = (await api.get("/applications")).value("ApplicationId")
    await api.post(f"{path}/products/messaging/features/sms", bodies["sms"])
    linked = await api.link_messaging(path, application)
    assert (linked.status, linked.value("HttpMessagingV2AppId")) == (200, application)
    assert (await api.get(f"/applications/{application}")).status == 200


async def test_several_ways_apply_at_once_and_the_log_names_them(api: Any) -> None:
    for name in ("One", "Two"):
        await api.site(name)
    path = "/accounts/*/sites"
    await api.faults(
        fault("rewrite", path, 'rename = { SitesResponse = "Sites2" }')
        + fault("pages", path, "size = 1")
        + fault("slow", path, "seconds = 0")
    )
    reply = await api.get("/sites")
    assert (reply.xml.tag, reply.values("Name")) == ("Sites2", ["One"])
    assert (await api.log())[-1]["fault"] == "slow, rewrite, pages"
