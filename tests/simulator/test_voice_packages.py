"""Voice Configuration Packages and the numbers on them (universal-platform 3)."""

from typing import Any
from urllib.parse import quote

import pytest

PACKAGES = "/voiceConfigurationPackages"
VOICE = "/phoneNumbers/voice"
NOBODY = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def site(universal: Any) -> str:
    made: str = await universal.site()
    await universal.peer(made)
    return made


async def switch(api: Any, **switches: Any) -> None:
    lines = "\n".join(f"{name} = {value}" for name, value in switches.items())
    await api.faults(f"[switches]\n{lines}")


async def test_a_package_is_made_and_read_in_the_documented_shape(universal: Any) -> None:
    """The shapes of universal-platform 3.1: nulls are kept, and only lists and single reads count numbers."""
    application = await universal.voice_app()
    made = await universal.json("POST", PACKAGES, {"name": "Main", "httpVoiceV2ApplicationId": application})
    assert made.status == 201
    package = made.data["voiceConfigurationPackageId"]
    url = f"http://simulator/v2/accounts/9900000{PACKAGES}/{package}"
    assert made.body["links"] == [{"href": url, "rel": "self", "method": "GET"}]
    assert made.body["errors"] == []
    assert made.data == {
        "voiceConfigurationPackageId": package,
        "accountId": 9900000,
        "name": "Main",
        "description": None,
        "cnam": {"enabled": False},
        "pindropIntegration": {"enabled": False},
        "callVerification": {"enabled": False},
        "originationRoutePlan": None,
        "httpVoiceV2ApplicationId": application,
    }
    counted = {**made.data, "phoneNumberCount": 0}
    assert (await universal.json("GET", f"{PACKAGES}/{package}")).data == counted
    assert (await universal.json("GET", f"{PACKAGES}/{package.upper()}")).data == counted
    listed = await universal.json("GET", PACKAGES)
    assert listed.data == [counted]
    assert listed.body["page"] == {"pageNumber": 0, "pageSize": 25, "totalElements": 1, "totalPages": 1}


async def test_an_account_without_packages_lists_none(universal: Any) -> None:
    """An empty list is `"data": []`, never null (universal-platform 0)."""
    listed = await universal.json("GET", PACKAGES)
    assert (listed.status, listed.data, listed.body["page"]["totalElements"]) == (200, [], 0)


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"name": ""},
        {"name": " "},
        {"name": 7},
        {"name": "x" * 51},
        {"name": "x", "description": 7},
        {"name": "x", "cnam": True},
        {"name": "x", "originationRoutePlan": {"route": []}},
        {
            "name": "x",
            "originationRoutePlan": {"routes": [{"endpoints": [{"type": "FAX", "endpoint": "1"}]}]},
        },
        {"name": "x", "httpVoiceV2ApplicationId": NOBODY},
    ],
)
async def test_a_package_that_is_not_valid_is_refused_and_not_made(universal: Any, body: Any) -> None:
    """Name of at most 50 characters, known application (universal-platform 10.2), `routes` (3.1)."""
    refused = await universal.json("POST", PACKAGES, body)
    assert refused.status == 400
    assert set(refused.body["errors"][0]) == {"code", "type", "description"}
    assert (await universal.json("GET", PACKAGES)).data == []


async def test_a_messaging_application_answers_no_calls(universal: Any) -> None:
    application = await universal.messaging_app()
    refused = await universal.json("POST", PACKAGES, {"name": "x", "httpVoiceV2ApplicationId": application})
    assert refused.status == 400


@pytest.mark.parametrize(
    ("content", "kind", "status"),
    [("[]", "application/json", 400), ("{", "application/json", 400), ("{}", "text/xml", 415)],
)
async def test_a_body_that_is_no_json_object_is_refused_in_the_envelope(
    universal: Any, content: str, kind: str, status: int
) -> None:
    path = f"///v2/accounts/9900000{PACKAGES}"
    refused = await universal.post(path, content, headers={"content-type": kind})
    assert refused.status == status
    assert refused.body["errors"]


async def test_two_packages_may_have_one_name_unless_that_is_switched_off(universal: Any) -> None:
    """Uniqueness is not enforced (universal-platform 3.2); 409 by a switch (10.2)."""
    assert await universal.package("Main") != await universal.package("Main")
    await switch(universal, unique_packages="true")
    assert (await universal.json("POST", PACKAGES, {"name": "Main"})).status == 409
    other = await universal.package("Other")
    assert (await universal.json("PATCH", f"{PACKAGES}/{other}", {"name": "Main"})).status == 409
    assert (await universal.json("PATCH", f"{PACKAGES}/{other}", {"name": "Other"})).status == 200


async def test_a_patch_changes_what_it_names_and_replaces_the_whole_plan(universal: Any) -> None:
    """Omitted fields stay; a route plan is replaced as a whole (universal-platform 3.2)."""
    endpoint = {"endpoint": "+19195550100", "type": "TN", "weight": 100}
    first = {"routes": [{"priority": 1, "name": "a", "type": "WEIGHTED", "endpoints": [endpoint]}]}
    package = await universal.package("Main", description="First", originationRoutePlan=first)
    changed = await universal.json("PATCH", f"{PACKAGES}/{package}", {"description": "Second"})
    assert (changed.status, changed.data["name"], changed.data["description"]) == (200, "Main", "Second")
    assert changed.data["originationRoutePlan"] == first
    second = {"routes": [{"priority": 2, "name": "b", "endpoints": []}]}
    await universal.json("PATCH", f"{PACKAGES}/{package}", {"originationRoutePlan": second})
    read = await universal.json("GET", f"{PACKAGES}/{package}")
    assert read.data["originationRoutePlan"] == second
    assert (await universal.json("PATCH", f"{PACKAGES}/{package}", {"name": "x" * 51})).status == 400


async def test_a_package_that_is_not_there_is_404(universal: Any) -> None:
    path = f"{PACKAGES}/{NOBODY}"
    assert (await universal.json("GET", path)).status == 404
    assert (await universal.json("PATCH", path, {"name": "x"})).status == 404
    assert (await universal.json("DELETE", path)).status == 404
    assert (await universal.bulk(NOBODY, "+19195550100")).status == 404


async def test_a_package_with_numbers_is_not_deleted(universal: Any, site: str) -> None:
    """Deletion fails while numbers are on it (universal-platform 3.2); the status is 409 (10.4)."""
    package = await universal.package()
    (number,) = await universal.buy(site)
    await universal.bulk(package, number)
    refused = await universal.json("DELETE", f"{PACKAGES}/{package}")
    assert refused.status == 409
    assert refused.body["errors"]
    await universal.bulk(package, number, action="REMOVE")
    gone = await universal.json("DELETE", f"{PACKAGES}/{package}")
    assert (gone.status, gone.text) == (204, "")
    assert (await universal.json("GET", f"{PACKAGES}/{package}")).status == 404


async def test_packages_come_in_pages_that_next_links_lead_through(universal: Any) -> None:
    """25 rows (universal-platform 10.5), a link with rel "next", and the count of all in `page` (3.2)."""
    made = [await universal.package(f"Package {number}") for number in range(27)]
    first = await universal.json("GET", PACKAGES)
    assert (len(first.data), first.body["page"]["totalElements"], first.body["page"]["totalPages"]) == (
        25,
        27,
        2,
    )
    (following,) = [link["href"] for link in first.body["links"] if link["rel"] == "next"]
    last = await universal.client.get(following)
    assert [row["voiceConfigurationPackageId"] for row in [*first.data, *last.json()["data"]]] == made
    assert [link["rel"] for link in last.json()["links"]] == ["self"]


async def test_the_pages_of_packages_may_be_smaller_and_lead_nowhere(universal: Any) -> None:
    for number in range(3):
        await universal.package(f"Package {number}")
    await switch(universal, package_page=2, next_links="false")
    first = await universal.json("GET", PACKAGES)
    assert (len(first.data), first.body["page"]["totalElements"]) == (2, 3)
    assert [link["rel"] for link in first.body["links"]] == ["self"]


async def test_a_full_last_page_leads_nowhere(universal: Any) -> None:
    await switch(universal, package_page=2)
    for number in range(2):
        await universal.package(f"Package {number}")
    page = await universal.json("GET", PACKAGES)
    assert (len(page.data), [link["rel"] for link in page.body["links"]]) == (2, ["self"])


async def test_a_number_is_put_on_a_package_and_read_back(universal: Any, site: str) -> None:
    """The bulk reply has no body (universal-platform 3.2); the proof is the read-back (3.4)."""
    package, (number, other) = await universal.package(), await universal.buy(site, 2)
    added = await universal.bulk(package, number)
    assert (added.status, added.text) == (200, "")
    read = await universal.json("GET", f"{VOICE}?voiceConfigurationPackageId={package}")
    assert read.body == {
        "links": [],
        "errors": [],
        "data": [
            {
                "phoneNumber": number,
                "voiceConfigurationPackageId": package,
                "inboundActivated": False,
                "outboundNationalActivated": False,
                "outboundInternationalActivated": False,
            }
        ],
        "page": {"afterCursor": None},
    }
    everything = await universal.json("GET", VOICE)
    assert {row["phoneNumber"]: row["voiceConfigurationPackageId"] for row in everything.data} == {
        number: package,
        other: None,
    }
    assert (await universal.json("GET", f"{PACKAGES}/{package}")).data["phoneNumberCount"] == 1
    assert (await universal.bulk(package, number)).status == 200, "the same again is no mistake"


async def test_voice_numbers_have_no_filter_by_number(universal: Any, site: str) -> None:
    number, _ = await universal.buy(site, 2)
    assert len((await universal.json("GET", f"{VOICE}?phoneNumber={quote(number)}")).data) == 2


async def test_a_number_of_another_package_is_moved_and_not_doubled(universal: Any, site: str) -> None:
    """ADD is an upsert (universal-platform 3.2)."""
    first, second = await universal.package("One"), await universal.package("Two")
    (number,) = await universal.buy(site)
    await universal.bulk(first, number)
    assert (await universal.bulk(second, number)).status == 200
    listed = await universal.json("GET", PACKAGES)
    assert [row["phoneNumberCount"] for row in listed.data] == [0, 1]
    await universal.bulk(first, number, action="REMOVE")
    assert (await universal.json("GET", VOICE)).data[0]["voiceConfigurationPackageId"] == second


async def test_the_action_that_removes_may_have_another_name(universal: Any, site: str) -> None:
    """Only ADD was seen (universal-platform 10.3)."""
    package, (number,) = await universal.package(), await universal.buy(site)
    await switch(universal, remove_action='"DELETE"')
    await universal.bulk(package, number)
    assert (await universal.bulk(package, number, action="REMOVE")).status == 400
    assert (await universal.bulk(package, number, action="DELETE")).status == 200
    assert (await universal.json("GET", VOICE)).data[0]["voiceConfigurationPackageId"] is None


async def test_a_bulk_change_may_be_too_large(universal: Any, site: str) -> None:
    package, numbers = await universal.package(), await universal.buy(site, 3)
    await switch(universal, largest_bulk=2)
    assert (await universal.bulk(package, *numbers)).status == 400
    assert (await universal.bulk(package, *numbers[:2])).status == 200


async def test_a_number_whose_order_is_not_done_is_not_provisioned(universal: Any, site: str) -> None:
    """400 with VCS-0044 until the number is provisioned, as a CLI meets it that does not wait (universal-platform 3.3)."""
    package, (number,) = await universal.package(), await universal.numbers()
    await universal.order(site, number)
    assert (await universal.bulk(package, number)).refusals == (400, ["VCS-0044"])
    universal.clock.advance(1)
    assert (await universal.bulk(package, number)).status == 200


@pytest.mark.parametrize(("tries", "refused"), [("2", 2), ("'never'", 5)])
async def test_a_new_number_is_refused_for_some_tries(
    universal: Any, site: str, tries: str, refused: int
) -> None:
    await switch(universal, ready_after_tries=tries)
    package, (number,) = await universal.package(), await universal.buy(site)
    replies = [await universal.bulk(package, number) for _ in range(5)]
    assert [reply.status for reply in replies] == [400] * refused + [200] * (5 - refused)
    assert {tuple(reply.refusals[1]) for reply in replies if reply.status == 400} == {("VCS-0044",)}


async def test_a_new_number_is_refused_for_some_seconds(universal: Any, site: str) -> None:
    await switch(universal, ready_after_seconds=30)
    package, (number,) = await universal.package(), await universal.buy(site)
    assert (await universal.bulk(package, number)).refusals == (400, ["VCS-0044"])
    universal.clock.advance(31)
    assert (await universal.bulk(package, number)).status == 200


async def test_of_several_numbers_some_may_be_refused(universal: Any, site: str) -> None:
    """Partial success is 207 with `errors` (universal-platform 10.3)."""
    package, (number,) = await universal.package(), await universal.buy(site)
    mixed = await universal.bulk(package, number, "+19195550100", number[2:])
    assert mixed.status == 207
    assert [error["description"].partition(" is")[0] for error in mixed.body["errors"]] == [
        "Phone number +19195550100",
        number[2:],
    ]
    assert (await universal.json("GET", VOICE)).data[0]["voiceConfigurationPackageId"] == package
    assert (await universal.bulk(package, "+19195550100")).status == 400


@pytest.mark.parametrize(
    "body", [{"action": "ADD"}, {"action": "ADD", "phoneNumbers": []}, {"phoneNumbers": ["+19195550100"]}]
)
async def test_a_bulk_change_needs_an_action_and_numbers(universal: Any, body: Any) -> None:
    package = await universal.package()
    assert (await universal.json("POST", f"{PACKAGES}/{package}/phoneNumbers/bulk", body)).status == 400


async def test_voice_numbers_come_in_pages_behind_a_cursor(universal: Any, site: str) -> None:
    """`limit` of at most 1,000, and `page.afterCursor`, which a URL needs encoded (universal-platform 3.4)."""
    numbers = sorted(await universal.buy(site, 5))
    seen: list[str] = []
    cursor: str | None = ""
    while cursor is not None:
        page = await universal.json("GET", f"{VOICE}?limit=2&afterCursor={quote(cursor)}")
        seen += [row["phoneNumber"] for row in page.data]
        cursor = page.body["page"]["afterCursor"]
    assert seen == numbers
    assert (await universal.json("GET", f"{VOICE}?limit=1001")).status == 400
    assert (await universal.json("GET", f"{VOICE}?limit=2&afterCursor=+19195550100")).status == 400
    await switch(universal, voice_page=3)
    assert len((await universal.json("GET", VOICE)).data) == 3


async def test_a_released_number_leaves_its_package(universal: Any, site: str) -> None:
    package, (number,) = await universal.package(), await universal.buy(site)
    await universal.bulk(package, number)
    kind = f"<TelephoneNumberList><TelephoneNumber>{number}</TelephoneNumber></TelephoneNumberList>"
    kind = f"<DisconnectTelephoneNumberOrderType>{kind}</DisconnectTelephoneNumberOrderType>"
    released = await universal.post(
        "/disconnects", f"<DisconnectTelephoneNumberOrder>{kind}</DisconnectTelephoneNumberOrder>"
    )
    assert released.status == 201
    universal.clock.advance(1)
    assert (await universal.json("GET", VOICE)).data == []
    assert (await universal.json("DELETE", f"{PACKAGES}/{package}")).status == 204
    (released_number,) = (await universal.state())["numbers"]
    assert released_number["voice_package_id"] is None


async def test_an_application_that_a_package_uses_is_kept_unless_switched(universal: Any) -> None:
    """What its deletion answers is unknown (universal-platform 9): refused as for locations, or allowed by a switch."""
    application = await universal.voice_app()
    package = await universal.package(httpVoiceV2ApplicationId=application)
    assert (await universal.delete(f"/applications/{application}")).code == (400, "12107")
    await switch(universal, referred_application='"allowed"')
    assert (await universal.delete(f"/applications/{application}")).status == 200
    assert (await universal.json("GET", f"{PACKAGES}/{package}")).data["httpVoiceV2ApplicationId"] is None
