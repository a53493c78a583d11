"""Searching the inventory: every parameter, every refusal, and the same numbers for the same seed."""

from collections.abc import Callable
from typing import Any

import pytest

from bwtui.simulator.inventory import Inventory
from bwtui.simulator.rate_centers import PLACES


async def search(api: Any, query: str) -> Any:
    return await api.get(f"/availableNumbers?{query}")


async def test_lists_of_none_one_and_many_have_three_shapes(api: Any) -> None:
    none = await search(api, "areaCode=999")
    assert (none.status, none.xml.tag, len(none.xml)) == (200, "SearchResult", 0)
    one = await search(api, "areaCode=919&quantity=1")
    assert (one.value("ResultCount"), len(one.values("TelephoneNumber"))) == ("1", 1)
    many = await search(api, "areaCode=919&quantity=12")
    assert (many.value("ResultCount"), len(many.values("TelephoneNumber"))) == ("12", 12)


async def test_one_search_may_return_five_thousand_and_no_more(api: Any) -> None:
    assert len((await search(api, "areaCode=919")).values("TelephoneNumber")) == 5000


async def test_a_place_with_fewer_numbers_gives_what_it_has(api: Any) -> None:
    found = await search(api, "city=APEX&state=NC&quantity=4000")
    assert found.value("ResultCount") == "120"


@pytest.mark.parametrize(
    ("query", "begins"),
    [
        ("areaCode=919", "919"),
        ("AREACODE=919", "919"),
        ("zip=27606", "9"),
        ("zip=27606-5177", "9"),
        ("city=Durham&state=nc", "919"),
        ("state=VT", "802"),
        ("lata=426&areaCode=984", "984"),
        ("rateCenter=AUSTIN&state=TX&LCA=false", "512"),
        ("tollFreeWildCardPattern=8**", "8"),
        ("tollFreeWildCardPattern=87*", "877"),
        ("areaCode=919&city=CARY&state=NC", "919"),
        ("areaCode=919&unknownParameter=1", "919"),
    ],
)
async def test_every_place_can_be_searched_by(api: Any, query: str, begins: str) -> None:
    numbers = (await search(api, f"{query}&quantity=50")).values("TelephoneNumber")
    assert numbers
    assert all(number.startswith(begins) for number in numbers)


async def test_a_prefix_is_widened_to_its_local_calling_area_unless_told_not_to(api: Any) -> None:
    (number,) = await api.numbers()
    wide = (await search(api, f"npaNxx={number[:6]}&quantity=1000")).values("TelephoneNumber")
    exact = (await search(api, f"npaNxx={number[:6]}&LCA=false&quantity=1000")).values("TelephoneNumber")
    assert all(found.startswith(number[:6]) for found in exact)
    assert wide[: len(exact)] == exact
    assert len(wide) > len(exact)
    seven = (await search(api, f"npaNxxx={number[:7]}&LCA=false")).values("TelephoneNumber")
    assert number in seven
    assert all(found.startswith(number[:7]) for found in seven)


async def test_words_are_searched_on_the_keypad(api: Any) -> None:
    anywhere = (await search(api, "areaCode=919&localVanity=CAT")).values("TelephoneNumber")
    at_end = (await search(api, "areaCode=919&localVanity=CAT&endsIn=true")).values("TelephoneNumber")
    assert anywhere
    assert all("228" in number[3:] for number in anywhere)
    assert at_end == [number for number in anywhere if number.endswith("228")]
    (free,) = (await search(api, "tollFreeWildCardPattern=800&quantity=1")).values("TelephoneNumber")
    found = (await search(api, f"tollFreeVanity={free[3:]}")).values("TelephoneNumber")
    assert free in found


async def test_details_name_the_place_and_toll_free_numbers_have_none(api: Any) -> None:
    detailed = await search(api, "areaCode=919&quantity=1&enableTNDetail=true")
    assert detailed.value("TelephoneNumberDetail/FullNumber") == (await api.numbers())[0]
    assert (detailed.value("City"), detailed.value("LATA"), detailed.value("State")) == (
        "RALEIGH",
        "426",
        "NC",
    )
    assert (detailed.value("RateCenter") or "").strip() == "RALEIGH"
    free = await search(api, "tollFreeWildCardPattern=88*&quantity=1&enableTNDetail=true")
    assert free.value("TelephoneNumberList/TelephoneNumber")


async def test_version_two_writes_numbers_in_full(api: Any) -> None:
    api.prefix = "/api/v2"
    assert (await api.numbers())[0].startswith("+1919")


async def test_results_can_be_ordered(api: Any) -> None:
    found = (await search(api, "state=NC&orderBy=fullNumber&quantity=5000")).values("TelephoneNumber")
    assert found == sorted(found)


@pytest.mark.parametrize(
    ("query", "code"),
    [
        ("", "4010"),
        ("quantity=5", "4010"),
        ("areaCode=", "4010"),
        ("areaCode=091", "4000"),
        ("areaCode=91", "4000"),
        ("npaNxx=919", "4002"),
        ("npaNxx=919155", "4002"),
        ("npaNxxx=919255", "4002"),
        ("rateCenter=RALEIGH", "4010"),
        ("rateCenter=%3C%3E&state=NC", "4001"),
        ("city=RALEIGH", "4010"),
        ("city=R4&state=NC", "4005"),
        ("state=N", "4010"),
        ("zip=2760", "4007"),
        ("lata=x", "4008"),
        ("areaCode=919&localVanity=AB", "4010"),
        ("areaCode=919&localVanity=A-B-C", "4010"),
        ("areaCode=919&endsIn=true", "4010"),
        ("tollFreeVanity=ABC", "4003"),
        ("tollFreeWildCardPattern=9**", "4004"),
        ("tollFreeWildCardPattern=8**&areaCode=919", "4010"),
        ("areaCode=919&npaNxx=919255", "4010"),
        ("areaCode=907", "4023"),
        ("areaCode=919&quantity=0", "1006"),
        ("areaCode=919&quantity=5001", "1006"),
        ("areaCode=919&quantity=many", "1006"),
        ("areaCode=919&orderBy=colour", "4020"),
        ("areaCode=919&protected=YES", "4022"),
    ],
)
async def test_wrong_searches_are_refused_in_the_envelope_of_searches(
    api: Any, query: str, code: str
) -> None:
    reply = await search(api, query)
    assert (reply.status, reply.xml.findtext("Error/Code")) == (400, code)
    assert reply.xml.findtext("Error/Description")


async def test_a_wrong_state_is_told_in_the_recorded_words(api: Any) -> None:
    assert (await search(api, "state=N")).value("Description") == "The state abbreviation N is not valid."


async def test_the_same_seed_sells_the_same_numbers(open_client: Callable[..., Any]) -> None:
    one, same, other = open_client(seed=7), open_client(seed=7), open_client(seed=8)
    numbers = await one.numbers(quantity=20)
    assert await same.numbers(quantity=20) == numbers
    assert await other.numbers(quantity=20) != numbers


def test_every_number_is_a_possible_one_and_is_sold_once() -> None:
    inventory = Inventory(1)
    numbers = [number for place in PLACES for number in inventory.numbers(place)]
    assert len(numbers) == len(set(numbers)) == sum(place.stock for place in PLACES)
    assert len(numbers) > 10_000
    for number in numbers:
        assert len(number) == 10
        assert number[3] in "23456789"
        assert number[4:6] != "11"
        assert number[3:6] != "555"


async def test_prefixes_cities_and_rate_centres_are_listed(api: Any) -> None:
    prefixes = await api.get("/availableNpaNxx?areaCode=919&state=NC&quantity=3")
    assert prefixes.values("Npa") == ["919"] * 3
    assert all(int(quantity) > 0 for quantity in prefixes.values("Quantity"))
    refused = await api.get("/availableNpaNxx?areaCode=1")
    assert (refused.xml.tag, refused.value("Error/Code")) == ("SearchResultForAvailableNpaNxx", "4000")

    cities = await api.get("//cities?state=NC&available=true")
    assert "RALEIGH" in cities.values("City/Name")
    assert cities.value("AvailableTelephoneNumberCount")
    assert (await api.get("//cities")).code == (400, "4006")
    centres = await api.get("//rateCenters?state=NC")
    assert "CHAPELHILL" in centres.values("Abbreviation")
    assert centres.value("AvailableTelephoneNumberCount") is None


async def test_a_reserved_number_is_held_for_four_hours(api: Any) -> None:
    (number,) = await api.numbers()
    body = f"<Reservation><ReservedTn>{number}</ReservedTn></Reservation>"
    path = f"/tnreservation/{(await api.post('/tnreservation', body)).new_id}"
    assert (await api.numbers())[0] != number
    assert (await api.post("/tnreservation", body)).code == (400, "5041")
    assert (await api.get(path)).value("ReservationExpires") == "14400"
    api.clock.advance(4 * 3600 + 1)
    assert (await api.get(path)).status == 404
    assert (await api.numbers())[0] == number
