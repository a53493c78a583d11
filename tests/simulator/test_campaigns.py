"""10DLC: brands, campaigns and the numbers on them; the orders that put numbers there (universal-platform 5.1, 5.2)."""

from pathlib import Path
from typing import Any

import pytest

from bwtui.simulator.campaigns import registered
from bwtui.simulator.persistence import AccountFile
from bwtui.simulator.switches import Switches

CAMPAIGN = "CDEMO01"


@pytest.fixture
def api(open_client: Any) -> Any:
    made = open_client(platform="universal")
    made.prefix = "/api/v2"
    return made


async def texting_number(api: Any, a2p: str = "DefaultOff", count: int = 1) -> list[str]:
    """Numbers on a location that has SMS; `a2p` is its A2pLongCode, empty for none."""
    site = await api.site()
    peer = await api.peer(site)
    settings = f"<Protocol>HTTP</Protocol>{f'<A2pLongCode>{a2p}</A2pLongCode>' if a2p else ''}"
    body = f"<SipPeerSmsFeature><SipPeerSmsFeatureSettings>{settings}</SipPeerSmsFeatureSettings></SipPeerSmsFeature>"
    assert (await api.post(f"{peer}/products/messaging/features/sms", body)).status == 201
    bought: list[str] = await api.buy(site, count)
    return bought


def order(*numbers: str, campaign: str = CAMPAIGN, action: str = "asSpecified", own_id: str = "mine") -> str:
    listed = "".join(f"<TelephoneNumber>{number}</TelephoneNumber>" for number in numbers)
    settings = f"<Action>{action}</Action>" + (f"<CampaignId>{campaign}</CampaignId>" if campaign else "")
    group = f"<Sms>on</Sms><A2pSettings>{settings}</A2pSettings><TelephoneNumbers>{listed}</TelephoneNumbers>"
    group = f"<TnOptionGroups><TnOptionGroup>{group}</TnOptionGroup></TnOptionGroups>"
    return f"<TnOptionOrder><CustomerOrderId>{own_id}</CustomerOrderId>{group}</TnOptionOrder>"


async def rows(api: Any, path: str) -> list[dict[str, Any]]:
    reply = await api.get(f"/tendlc/{path}")
    assert reply.status == 200, reply.text
    found: list[dict[str, Any]] = reply.data
    return found


async def test_an_account_starts_with_a_registered_campaign_of_a_verified_brand(api: Any) -> None:
    (campaign,) = await rows(api, "campaigns?status[eq]=REGISTERED")
    (brand,) = await rows(api, "brands?limit=1")
    assert (campaign["campaignId"], campaign["brandId"]) == (CAMPAIGN, brand["brandId"])
    assert brand["brandIdentityStatus"] == "VERIFIED"
    for id_ in (brand["brandId"], brand["bandwidthId"]):
        assert (await api.get(f"/tendlc/brands/{id_}")).data == brand
    assert (await api.get(f"/tendlc/campaigns/{CAMPAIGN}")).data == campaign
    assert (await api.get("/tendlc/campaigns/CNONE")).status == 404


async def test_a_switch_leaves_the_campaign_out_or_gives_it_another_status(open_client: Any) -> None:
    cases: list[tuple[Any, list[str]]] = [("none", []), ("EXPIRED", ["EXPIRED"])]
    for status, expected in cases:
        api = open_client(switches=Switches(campaign=status))
        api.prefix = "/api/v2"
        assert [row["status"] for row in await rows(api, "campaigns")] == expected
        assert await rows(api, "campaigns?status[eq]=REGISTERED") == []


async def test_an_order_goes_from_received_over_processing_to_complete_and_registers_the_number(
    api: Any,
) -> None:
    (number,) = await texting_number(api)
    placed = await api.post("/tnoptions", order(number))
    assert placed.status == 201
    assert (placed.xml.tag, placed.value("ProcessingStatus")) == ("TnOptionOrderResponse", "RECEIVED")
    assert not registered(api.account, number)
    seen = []
    for _ in range(3):
        read = await api.get(f"/tnoptions/{placed.value('OrderId')}")
        assert read.xml.tag == "TnOptionOrder"
        seen.append(read.value("ProcessingStatus"))
        (row,) = await rows(api, "phoneNumbers")
        assert row["status"] == ("SUCCESS" if seen[-1] == "COMPLETE" else "PROCESSING")
        api.clock.advance(1)
    assert seen == ["RECEIVED", "PROCESSING", "COMPLETE"]
    assert (row["phoneNumber"], row["campaignId"]) == (number, CAMPAIGN)
    assert await rows(api, f"campaigns/{CAMPAIGN}/phoneNumbers") == [
        {"phoneNumber": number, "status": "SUCCESS"}
    ]
    assert registered(api.account, number)


async def test_an_order_is_found_in_the_list_by_the_clients_own_id(api: Any) -> None:
    (number,) = await texting_number(api)
    placed = await api.post("/tnoptions", order(number, own_id="mine-1"))
    await api.post("/tnoptions", order(number, own_id="mine-2"))
    found = await api.get("/tnoptions?customerOrderId=mine-1&orderDetails=true&surprise=1")
    assert found.values("OrderId") == [placed.value("OrderId")]
    assert (found.value("TotalCount"), found.value("CustomerOrderId")) == ("1", "mine-1")
    short = await api.get("/tnoptions?customerOrderId=mine-1")
    assert (short.value("OrderType"), short.value("CountOfTNs")) == ("tn_option", "1")
    assert (await api.get("/tnoptions?customerOrderId=other")).value("TotalCount") == "0"


async def test_delete_takes_the_number_off_and_leaves_success_without_a_campaign(api: Any) -> None:
    (number,) = await texting_number(api)
    await api.post("/tnoptions", order(number))
    api.clock.advance(5)
    await api.post("/tnoptions", order(number, campaign="", action="delete"))
    api.clock.advance(5)
    (row,) = await rows(api, "phoneNumbers")
    assert row["status"] == "SUCCESS"
    assert "campaignId" not in row
    assert not registered(api.account, number)


@pytest.mark.parametrize(
    ("switches", "campaign", "code"),
    [
        ({}, "CNONE", "12189"),
        ({}, "not an id", "12822"),
        ({"campaign": "EXPIRED"}, CAMPAIGN, "12192"),
        ({"tn_option_refusal": 12128}, CAMPAIGN, "12128"),
    ],
)
async def test_a_campaign_that_cannot_be_used_is_refused_at_once(
    open_client: Any, switches: dict[str, Any], campaign: str, code: str
) -> None:
    api = open_client(switches=Switches(**switches))
    api.prefix = "/api/v2"
    (number,) = await texting_number(api)
    assert (await api.post("/tnoptions", order(number, campaign=campaign))).code == (400, code)
    assert (await api.state())["tn_options"] == []


async def test_the_location_decides_whether_a_number_may_join(api: Any) -> None:
    (number,) = await texting_number(api, a2p="")
    assert (await api.post("/tnoptions", order(number))).code == (400, "5133")
    other = await api.site("Bare")
    await api.peer(other)
    (without_sms,) = await api.buy(other)
    assert (await api.post("/tnoptions", order(without_sms))).code == (400, "5145")


async def test_an_account_without_a2p_is_refused(open_client: Any) -> None:
    api = open_client(missing_products={"A2pLongCode"})
    api.prefix = "/api/v2"
    (number,) = await texting_number(api)
    assert (await api.post("/tnoptions", order(number))).code == (400, "5139")


@pytest.mark.parametrize("strict", [True, False])
async def test_ten_digits_are_taken_unless_a_switch_refuses_them(open_client: Any, *, strict: bool) -> None:
    api = open_client(switches=Switches(tn_option_strict=strict))
    api.prefix = "/api/v2"
    (number,) = await texting_number(api)
    reply = await api.post("/tnoptions", order(number.removeprefix("+1")))
    assert (reply.code if strict else reply.status) == ((400, "1022") if strict else 201)


@pytest.mark.parametrize(("outcome", "failed"), [("PARTIAL", 1), ("FAILED", 2)])
async def test_an_order_may_fail_for_some_numbers_and_names_them(
    open_client: Any, outcome: Any, failed: int
) -> None:
    api = open_client(switches=Switches(tn_option_outcome=outcome, tn_option_failure=12220))
    api.prefix = "/api/v2"
    numbers = await texting_number(api, count=2)
    placed = await api.post("/tnoptions", order(*numbers))
    api.clock.advance(5)
    read = await api.get(f"/tnoptions/{placed.value('OrderId')}")
    assert read.value("ProcessingStatus") == outcome
    assert read.values("Error/Code") == ["12220"] * failed
    assert [registered(api.account, number) for number in numbers] == [failed == 1, False]


async def test_filters_that_do_not_work_are_accepted_and_ignored(api: Any) -> None:
    (number,) = await texting_number(api)
    await api.post("/tnoptions", order(number))
    for ignored in ("status[eq]=FAILURE", "campaignId[eq]=CNONE", "phoneNumber=none", "status=FAILURE"):
        assert len(await rows(api, f"phoneNumbers?{ignored}")) == 1, ignored
    assert await rows(api, "phoneNumbers?campaignId[contains]=CNONE") == []
    assert await rows(api, "phoneNumbers?phoneNumber[contains]=") == []
    assert len(await rows(api, "brands?brandIdentityStatus[contains]=VERIFIED")) == 1
    assert len(await rows(api, f"campaigns/{CAMPAIGN}/phoneNumbers?phoneNumber=none")) == 0


async def test_a_list_comes_in_pages_and_says_how_many_there_are(api: Any) -> None:
    numbers = await texting_number(api, count=3)
    await api.post("/tnoptions", order(*numbers))
    first = await api.get("/tendlc/phoneNumbers?limit=2")
    second = await api.get("/tendlc/phoneNumbers?limit=2&offset=2")
    assert [row["phoneNumber"] for row in (*first.data, *second.data)] == sorted(numbers)
    assert first.body["page"]["totalElements"] == second.body["page"]["totalElements"] == 3
    assert (await api.get("/tendlc/phoneNumbers?limit=251")).status == 400


async def test_a_number_may_be_404_although_the_list_shows_it(open_client: Any) -> None:
    api = open_client(switches=Switches(campaign_number_reads=False))
    api.prefix = "/api/v2"
    (number,) = await texting_number(api)
    await api.post("/tnoptions", order(number))
    assert len(await rows(api, "phoneNumbers")) == 1
    assert (await api.get(f"/tendlc/phoneNumbers/{number}")).status == 404
    api.account.switches = Switches()
    assert (await api.get(f"/tendlc/phoneNumbers/{number}")).data["phoneNumber"] == number


@pytest.mark.parametrize(
    ("access", "words"),
    [
        ("feature", "not enabled for the Registration Center"),
        ("import", "import customer is not enabled"),
        ("direct", "direct customer is not enabled"),
        ("account", "is not enabled on account"),
        ("role", "does not have access rights"),
    ],
)
async def test_a_refusal_says_what_is_missing(open_client: Any, access: Any, words: str) -> None:
    api = open_client(switches=Switches(campaign_access=access))
    api.prefix = "/api/v2"
    for path in ("brands", "campaigns", "phoneNumbers", f"campaigns/{CAMPAIGN}"):
        reply = await api.get(f"/tendlc/{path}")
        assert reply.status == 403
        assert words in reply.body["errors"][0]["description"]


async def test_orders_and_campaigns_are_in_the_accounts_file(api: Any, tmp_path: Path) -> None:
    (number,) = await texting_number(api)
    placed = await api.post("/tnoptions", order(number))
    api.clock.advance(5)
    await api.get(f"/tnoptions/{placed.value('OrderId')}")
    file = AccountFile(tmp_path / "account.json")
    file.save(api.account)
    read = file.load(api.settings)
    assert read.tn_options == api.account.tn_options
    assert (read.campaigns, read.brands) == (api.account.campaigns, api.account.brands)
    assert registered(read, number)
