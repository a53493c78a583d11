"""Sub-accounts: their fields, their addresses, their names and their end."""

from collections.abc import Callable
from typing import Any

import pytest


def site(name: str = "Office", **address: str | None) -> str:
    fields: dict[str, str | None] = {
        "HouseNumber": "900",
        "StreetName": "Main Campus Dr",
        "City": "RALEIGH",
        "StateCode": "NC",
        "Zip": "27606",
        "AddressType": "Billing",
        **address,
    }
    inside = "".join(f"<{tag}>{value}</{tag}>" for tag, value in fields.items() if value is not None)
    return f"<Site><Name>{name}</Name><Address>{inside}</Address></Site>"


async def test_a_new_site_is_told_in_the_header_and_in_the_body(api: Any) -> None:
    made = await api.post("/sites", site())
    assert made.value("Site/Id") == made.new_id
    assert (await api.get(f"/sites/{made.new_id}")).text == made.text


async def test_no_site_one_site_and_many_are_listed(api: Any) -> None:
    assert (await api.get("/sites")).xml.find("Sites") is not None
    for count, name in enumerate(["One", "Two", "Three"], start=1):
        await api.site(name)
        assert len((await api.get("/sites")).values("Site/Id")) == count
    assert (await api.get("/sites")).xml.find(".//Description") is None


async def test_a_list_with_details_counts_locations_and_numbers(api: Any) -> None:
    made = await api.site()
    await api.peer(made)
    await api.buy(made)
    listed = await api.get("/sites?tnCounts=true&sipPeerDetails=true")
    assert (listed.value("TelephoneNumberCount"), listed.value("SipPeerCount")) == ("1", "1")
    assert (await api.get(f"/sites/{made}/totaltns")).value("TotalCount") == "1"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ("<Site><Name>x</Name></Site>", "1003"),
        (site(""), "12533"),
        (site("x" * 51), "12529"),
        (site("a&lt;b"), "12526"),
        (site(HouseNumber=None), "12536"),
        (site(HouseNumber="9" * 46), "12537"),
        (site(StreetName=None), "12538"),
        (site(StreetName="x" * 201), "12539"),
        (site(City=None), "12540"),
        (site(City="x" * 101), "12541"),
        (site(StateCode=None), "12542"),
        (site(StateCode="North"), "12543"),
        (site(StateCode="XX"), "12535"),
        (site(Zip=None), "12644"),
        (site(Zip="276066"), "12551"),
        (site(Zip="2760"), "13103"),
        (site(Zip="2760a"), "13103"),
        (site(Zip="27606-5177", PlusFour="1234"), "13052"),
        (site(PlusFour="12345"), "12552"),
        (site(HousePrefix="1234567"), "13044"),
        (site(HouseSuffix="x" * 46), "12547"),
        (site(StreetSuffix="x" * 46), "13045"),
        (site(AddressLine2="x" * 201), "12550"),
        (site(County="x" * 46), "12553"),
        (site(PreDirectional="NNE"), "12548"),
        (site(PostDirectional="XX"), "12605"),
        (site(AddressType=None), "12554"),
        (site(AddressType="Home"), "12579"),
        (site().replace("<Name>", "<Id>5</Id><Name>"), "12534"),
        (site().replace("</Name>", f"</Name><Description>{'x' * 251}</Description>"), "4016"),
        (site().replace("</Name>", "</Name><CustomerProvidedID>12345678901</CustomerProvidedID>"), "12606"),
        (site(StreetName="Nowhere"), "12113"),
    ],
)
async def test_a_wrong_field_is_refused_with_its_own_code(api: Any, body: str, code: str) -> None:
    assert (await api.post("/sites", body)).code == (400, code)
    assert api.account.sites == {}


async def test_names_end_at_fifty_or_strictly_at_ten(api: Any, open_client: Callable[..., Any]) -> None:
    assert (await api.post("/sites", site("x" * 50))).status == 201
    strict = open_client(strict_names=True)
    assert (await strict.post("/sites", site("x" * 10))).status == 201
    refused = await strict.post("/sites", site("x" * 11))
    assert refused.code == (400, "12529")
    assert "Max length 10" in (refused.value("Description") or "")


async def test_a_misspelt_street_is_answered_with_a_recommendation_that_then_passes(api: Any) -> None:
    refused = await api.post("/sites", site(StreetName="Mian Campus Drv"))
    assert refused.code == (409, "12112")
    better = refused.xml.find("AddressErrorDescription/RecommendedAddress")
    assert better is not None
    assert better.findtext("AddressLine1") == "900 MAIN CAMPUS DR"
    assert refused.value("AddressInconsistencies")
    assert refused.value("Site/Name") == "Office"
    parts = {found.tag: found.text or "" for found in better if found.tag != "AddressLine1"}
    made = await api.post("/sites", site(**parts))
    assert (made.status, made.value("StreetSuffix")) == (201, "DR")


async def test_what_working_clients_send_is_tolerated(api: Any) -> None:
    body = (
        "<Site><Address><Zip>27606</Zip><AddressType>billing</AddressType><AddressLine1>900 MAIN CAMPUS DR</AddressLine1>"
        "<StateCode>NC</StateCode><City>RALEIGH</City><StreetSuffix>DR</StreetSuffix><StreetName>MAIN CAMPUS</StreetName>"
        "<HouseNumber>900</HouseNumber><PlusFour>5177</PlusFour><Country>US</Country></Address>"
        "<CustomerProvidedId>7</CustomerProvidedId><Unknown/><Name>My Site</Name></Site>"
    )
    made = await api.post("/sites", body)
    assert made.status == 201
    assert (made.value("AddressType"), made.value("Country")) == ("Billing", "US")
    assert made.value("CustomerProvidedID") == "7"
    assert made.xml.find(".//AddressLine1") is None


async def test_only_the_v2_mount_takes_a_site_without_an_address(api: Any) -> None:
    assert (await api.post("/sites", "<Site><Name>Bare</Name></Site>")).code == (400, "1003")
    api.prefix = "/api/v2"
    assert (await api.post("/sites", "<Site><Name>Bare</Name></Site>")).status == 201


async def test_a_second_site_of_the_same_name_is_a_conflict_unless_allowed(
    api: Any, open_client: Callable[..., Any]
) -> None:
    await api.site("Twin")
    assert (await api.post("/sites", site("Twin"))).code == (409, "1015")
    assert len((await api.state())["sites"]) == 1
    lax = open_client(unique_names=False)
    await lax.site("Twin")
    assert (await lax.post("/sites", site("Twin"))).status == 201


async def test_a_site_is_changed_and_deleted_with_empty_answers(api: Any) -> None:
    made = await api.site()
    changed = await api.put(f"/sites/{made}", site("Other"))
    assert (changed.status, changed.text) == (200, "")
    assert (await api.get(f"/sites/{made}")).value("Name") == "Other"
    gone = await api.delete(f"/sites/{made}")
    assert (gone.status, gone.text) == (200, "")
    assert (await api.get(f"/sites/{made}")).code == (404, "12016")
    assert (await api.delete(f"/sites/{made}")).code == (404, "12016")


async def test_a_site_with_locations_is_not_deleted(api: Any) -> None:
    made = await api.site()
    await api.peer(made)
    assert (await api.delete(f"/sites/{made}")).code == (400, "12031")


async def test_the_geocoder_splits_a_line_and_corrects_it(api: Any, open_client: Callable[..., Any]) -> None:
    def request(line: str) -> str:
        rest = "<City>Raleigh</City><StateCode>NC</StateCode><Zip>27606</Zip>"
        return f"<RequestAddress><AddressLine1>{line}</AddressLine1>{rest}</RequestAddress>"

    found = await api.post("/geocodeRequest", request("900 Main Campus Dr"))
    parts = [found.value(tag) for tag in ("HouseNumber", "StreetName", "StreetSuffix")]
    assert (found.status, parts) == (200, ["900", "MAIN CAMPUS", "DR"])
    corrected = await api.post("/geocodeRequest", request("900 Mian Campus Dr"))
    assert (corrected.status, corrected.value("StreetName")) == (409, "MAIN CAMPUS")
    assert (await open_client(geocoding=False).post("/geocodeRequest", request("900 Main St"))).status == 403
