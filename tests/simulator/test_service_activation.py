"""Which services of a number can be activated, and the orders that do it (universal-platform 4)."""

from typing import Any

import pytest

CHECKER = "///api/v2/accounts/9900000/serviceActivationChecker"
ORDERS = "///api/v2/accounts/9900000/serviceActivation"
VOICE = "/phoneNumbers/voice"


@pytest.fixture
async def site(universal: Any) -> str:
    made: str = await universal.site()
    await universal.peer(made)
    return made


@pytest.fixture
async def number(universal: Any, site: str) -> str:
    """A number on a package."""
    (bought,) = await universal.buy(site)
    await universal.bulk(await universal.package(), bought)
    return str(bought)


async def checked(api: Any, number: str) -> dict[str, Any]:
    reply = await api.json("POST", CHECKER, {"phoneNumbers": [number]})
    assert reply.status == 200
    (found,) = reply.data["phoneNumbers"]
    assert found["phoneNumber"] == number
    services: dict[str, Any] = found["serviceTypes"]
    return services


async def order(api: Any, *numbers: str, action: str = "ACTIVATE", **services: list[str]) -> Any:
    body = {"action": action, "phoneNumbers": list(numbers), "services": services or {"voice": ["INBOUND"]}}
    return await api.json("POST", ORDERS, body)


async def statuses(api: Any, placed: Any) -> list[str]:
    """The order's statuses, read until it is final."""
    seen: list[str] = []
    while not seen or seen[-1] in {"RECEIVED", "PROCESSING"}:
        reply = await api.json("GET", f"{ORDERS}/{placed.data['orderId']}")
        seen.append(reply.data["orderStatus"])
    return seen


async def read_back(api: Any) -> dict[str, bool]:
    (row,) = (await api.json("GET", VOICE)).data
    return {name: value for name, value in row.items() if name.endswith("Activated")}


async def test_voice_is_ready_only_while_the_number_is_on_a_package(universal: Any, site: str) -> None:
    (number,) = await universal.buy(site)
    before = (await checked(universal, number))["voice"]
    assert before["status"] == "NOT_READY"
    assert [set(reason) for reason in before["reasons"]] == [{"code", "description"}]
    package = await universal.package()
    await universal.bulk(package, number)
    assert (await checked(universal, number))["voice"] == {"status": "READY_TO_ACTIVATE"}
    await universal.bulk(package, number, action="REMOVE")
    assert (await checked(universal, number))["voice"]["status"] == "NOT_READY"


async def test_messaging_is_ready_once_the_location_has_sms_and_an_application(
    universal: Any, bodies: dict[str, str]
) -> None:
    site = await universal.site()
    peer = await universal.peer(site)
    (number,) = await universal.buy(site)
    assert (await checked(universal, number))["messaging"]["status"] == "NOT_READY"
    await universal.post(f"{peer}/products/messaging/features/sms", bodies["sms"])
    assert (await checked(universal, number))["messaging"]["status"] == "NOT_READY"
    await universal.link_messaging(peer, await universal.messaging_app())
    assert (await checked(universal, number))["messaging"] == {"status": "READY_TO_ACTIVATE"}
    await statuses(universal, await order(universal, number, messaging=["ALL"]))
    assert (await checked(universal, number))["messaging"] == {"status": "IN_SERVICE"}


async def test_what_is_ready_when_a_number_is_ordered_is_activated_by_itself(
    universal: Any, bodies: dict[str, str]
) -> None:
    """Orders activate what has every requirement at ordering time; later nothing is activated by itself."""
    site = await universal.site()
    peer = await universal.peer(site)
    await universal.post(f"{peer}/products/messaging/features/sms", bodies["sms"])
    await universal.link_messaging(peer, await universal.messaging_app())
    (number,) = await universal.buy(site)
    assert (await checked(universal, number))["messaging"] == {"status": "IN_SERVICE"}
    await universal.bulk(await universal.package(), number)
    assert not (await read_back(universal))["inboundActivated"]


async def test_emergency_is_reported_and_never_activated(universal: Any, number: str) -> None:
    assert (await checked(universal, number))["emergency"]["status"] == "NOT_READY"
    assert (await order(universal, number, emergency=["ALL"])).status == 400


async def test_the_third_status_and_its_codes_can_be_chosen(universal: Any) -> None:
    """Its name and the codes were cut off in the source (universal-platform 4, 10.6)."""
    await universal.faults("[switches]\nnot_ready = 'UNAVAILABLE'\nreason_codes = ['A-1', 'A-2']")
    services = await checked(universal, "+19195550100")
    assert services["voice"]["status"] == "UNAVAILABLE"
    assert [reason["code"] for reason in services["voice"]["reasons"]] == ["A-1", "A-2"]


async def test_an_order_passes_through_its_statuses_and_the_number_answers(
    universal: Any, number: str
) -> None:
    """RECEIVED, PROCESSING, then COMPLETE; the proof is the read-back (universal-platform 3.4, 4)."""
    placed = await order(universal, number)
    assert placed.status == 201
    assert set(placed.body) == {"data"}
    assert set(placed.data) == {"orderId"}
    assert not (await read_back(universal))["inboundActivated"]
    assert await statuses(universal, placed) == ["RECEIVED", "PROCESSING", "COMPLETE"]
    assert await read_back(universal) == {
        "inboundActivated": True,
        "outboundNationalActivated": False,
        "outboundInternationalActivated": False,
    }
    assert (await checked(universal, number))["voice"] == {"status": "IN_SERVICE"}


async def test_an_order_that_nobody_reads_ends_too(universal: Any, number: str) -> None:
    await order(universal, number, voice=["OUTBOUND_NATIONAL", "OUTBOUND_INTERNATIONAL"])
    universal.clock.advance(6)
    assert await read_back(universal) == {
        "inboundActivated": False,
        "outboundNationalActivated": True,
        "outboundInternationalActivated": True,
    }


async def test_an_order_is_repeated_and_undone(universal: Any, number: str) -> None:
    """A repeat is idempotent; the undo is the same call with DEACTIVATE (universal-platform 4)."""
    for action, active in (
        ("ACTIVATE", True),
        ("ACTIVATE", True),
        ("DEACTIVATE", False),
        ("DEACTIVATE", False),
    ):
        placed = await order(universal, number, action=action)
        assert (await statuses(universal, placed))[-1] == "COMPLETE"
        assert (await read_back(universal))["inboundActivated"] is active
        (held,) = (await universal.state())["numbers"]
        assert held["services"] == (["voice/INBOUND"] if active else [])


async def test_an_order_keeps_the_callers_id(universal: Any, number: str) -> None:
    body = {
        "action": "ACTIVATE",
        "phoneNumbers": [number],
        "services": {"voice": ["INBOUND"]},
        "customerOrderId": "mine-1",
    }
    placed = await universal.json("POST", ORDERS, body)
    read = await universal.json("GET", f"{ORDERS}/{placed.data['orderId'].upper()}")
    assert read.data == {
        "orderId": placed.data["orderId"],
        "orderStatus": "RECEIVED",
        "customerOrderId": "mine-1",
    }


async def test_an_order_for_numbers_that_are_not_ready_fails_for_them(
    universal: Any, number: str, site: str
) -> None:
    (bare,) = await universal.buy(site)
    assert (await statuses(universal, await order(universal, bare)))[-1] == "FAILED"
    assert (await statuses(universal, await order(universal, bare, number)))[-1] == "PARTIAL"
    rows = {row["phoneNumber"]: row for row in (await universal.json("GET", VOICE)).data}
    assert rows[number]["inboundActivated"]
    assert not rows[bare]["inboundActivated"]


@pytest.mark.parametrize("outcome", ["COMPLETE", "PARTIAL", "FAILED"])
async def test_the_end_of_an_order_can_be_chosen(universal: Any, number: str, outcome: str) -> None:
    await universal.faults(f"[switches]\nactivation_outcome = '{outcome}'\nactivation_polls = 0")
    assert await statuses(universal, await order(universal, number)) == [outcome]
    assert (await read_back(universal))["inboundActivated"] is (outcome == "COMPLETE")


@pytest.mark.parametrize(
    "body",
    [
        {"action": "TOGGLE", "phoneNumbers": ["+19195550100"], "services": {"voice": ["INBOUND"]}},
        {"action": "ACTIVATE", "phoneNumbers": [], "services": {"voice": ["INBOUND"]}},
        {"action": "ACTIVATE", "phoneNumbers": ["9195550100"], "services": {"voice": ["INBOUND"]}},
        {"action": "ACTIVATE", "phoneNumbers": ["+19195550100"], "services": {}},
        {"action": "ACTIVATE", "phoneNumbers": ["+19195550100"], "services": {"voice": []}},
        {"action": "ACTIVATE", "phoneNumbers": ["+19195550100"], "services": {"voice": ["ALL"]}},
        {"action": "ACTIVATE", "phoneNumbers": ["+19195550100"]},
    ],
)
async def test_an_order_that_is_not_valid_is_refused(universal: Any, body: Any) -> None:
    refused = await universal.json("POST", ORDERS, body)
    assert refused.status == 400
    assert refused.body["errors"]
    assert (await universal.state())["activations"] == []


async def test_an_order_may_be_too_large_or_unknown(universal: Any, number: str) -> None:
    await universal.faults("[switches]\nlargest_activation = 1")
    assert (await order(universal, number, "+19195550100")).status == 400
    assert (await universal.json("GET", f"{ORDERS}/nobody")).status == 404


async def test_activation_needs_a_role_that_can_be_taken_away(universal: Any, number: str) -> None:
    """Which role it is, no source tells (universal-platform 10.18)."""
    await universal.faults("[switches]\nactivation_role = false")
    assert (await order(universal, number)).status == 403
    assert (await universal.json("POST", CHECKER, {"phoneNumbers": [number]})).status == 403
    assert (await universal.json("GET", VOICE)).status == 200


async def test_a_number_that_leaves_its_package_loses_its_voice(universal: Any, number: str) -> None:
    await statuses(universal, await order(universal, number))
    package = (await universal.json("GET", VOICE)).data[0]["voiceConfigurationPackageId"]
    await universal.bulk(package, number, action="REMOVE")
    assert not (await read_back(universal))["inboundActivated"]
