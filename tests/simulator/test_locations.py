"""Locations: default or not, names, and what must be gone before they can be."""

from collections.abc import Callable
from typing import Any

import pytest

TO_SIP = "<SipPeerOriginationSettings><VoiceProtocol>SIP</VoiceProtocol></SipPeerOriginationSettings>"
UNLINK = "<ApplicationsSettings>REMOVE</ApplicationsSettings>"


def peer(name: str = "Here", default: str | None = None, more: str = "") -> str:
    flag = "" if default is None else f"<IsDefaultPeer>{default}</IsDefaultPeer>"
    return f"<SipPeer><PeerName>{name}</PeerName>{flag}{more}</SipPeer>"


async def test_a_new_location_is_told_in_the_header_and_in_the_body(api: Any) -> None:
    site = await api.site()
    made = await api.post(f"/sites/{site}/sippeers", peer())
    assert made.value("PeerId") == made.new_id


async def test_a_location_can_be_announced_as_the_guide_prints_it_without_a_body(
    open_client: Callable[..., Any],
) -> None:
    api = open_client(location_body=False)
    made = await api.post(f"/sites/{await api.site()}/sippeers", peer())
    assert (made.text, made.new_id.isdigit()) == ("", True)


async def test_the_list_has_a_root_of_its_own(api: Any) -> None:
    site = await api.site()
    empty = await api.get(f"/sites/{site}/sippeers")
    assert (empty.xml.tag, len(empty.xml.findall("SipPeers/SipPeer"))) == ("TNSipPeersResponse", 0)
    await api.peer(site, "One")
    await api.peer(site, "Two")
    assert (await api.get(f"/sites/{site}/sippeers")).values("PeerName") == ["One", "Two"]


async def test_the_first_location_is_the_default_and_a_later_one_takes_over(api: Any) -> None:
    site = await api.site()
    assert (await api.post(f"/sites/{site}/sippeers", peer(default="false"))).code == (400, "13522")
    await api.peer(site, "One")
    await api.peer(site, "Two")
    assert (await api.get(f"/sites/{site}/sippeers")).values("IsDefaultPeer") == ["true", "false"]
    await api.peer(site, "Three", default=True)
    listed = await api.get(f"/sites/{site}/sippeers")
    assert listed.values("IsDefaultPeer") == ["false", "false", "true"]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (peer(""), "13500"),
        (peer("x" * 51), "13501"),
        (peer("a_b"), "13502"),
        (peer(more=f"<Description>{'x' * 51}</Description>"), "13503"),
    ],
)
async def test_a_wrong_field_is_refused_with_its_own_code(api: Any, body: str, code: str) -> None:
    site = await api.site()
    assert (await api.post(f"/sites/{site}/sippeers", body)).code == (400, code)


async def test_a_name_is_unique_within_its_site_only(api: Any) -> None:
    one, two = await api.site("One"), await api.site("Two")
    await api.peer(one, "Same")
    assert (await api.post(f"/sites/{one}/sippeers", peer("Same"))).code == (409, "13524")
    assert (await api.post(f"/sites/{two}/sippeers", peer("Same"))).status == 201


async def test_an_unknown_location_is_a_bad_request_and_an_unknown_site_is_not_found(api: Any) -> None:
    site = await api.site()
    assert (await api.get(f"/sites/{site}/sippeers/1")).code == (400, "13563")
    assert (await api.get("/sites/1/sippeers")).code == (404, "12016")
    assert (await api.delete(f"/sites/{site}/sippeers/1")).code == (404, "13557")


async def test_a_location_is_changed(api: Any) -> None:
    path = await api.peer(await api.site())
    assert (await api.put(path, peer("Renamed", "true"))).text == ""
    assert (await api.get(path)).value("PeerName") == "Renamed"
    assert (await api.put(path, peer("Renamed", "false"))).code == (400, "13522")


async def test_an_account_without_products_gets_no_location(open_client: Callable[..., Any]) -> None:
    api = open_client(missing_products={"MESSAGING", "Origination", "Termination"})
    site = await api.site()
    assert (await api.post(f"/sites/{site}/sippeers", peer())).code == (400, "13547")


async def test_teardown_works_only_in_the_documented_order(api: Any, bodies: dict[str, str]) -> None:
    site = await api.site()
    path = await api.peer(site)
    messaging, origination = f"{path}/products/messaging", f"{path}/products/origination/settings"
    await api.post(f"{messaging}/features/sms", bodies["sms"])
    await api.post(f"{messaging}/features/mms", bodies["mms"])
    await api.link_messaging(path, application := await api.messaging_app())
    await api.link_voice(path, voice := await api.voice_app())
    (number,) = await api.buy(site)

    assert (await api.delete(path)).code == (400, "13555")
    await api.post(
        "/disconnects",
        "<DisconnectTelephoneNumberOrder><DisconnectTelephoneNumberOrderType><TelephoneNumberList><TelephoneNumber>"
        f"{number}</TelephoneNumber></TelephoneNumberList></DisconnectTelephoneNumberOrderType>"
        "</DisconnectTelephoneNumberOrder>",
    )
    assert (await api.delete(path)).code == (400, "13555"), "a disconnect takes its time"
    api.clock.advance(1)

    assert (await api.delete(f"/applications/{application}")).code == (400, "12107")
    assert (await api.put(f"{messaging}/applicationSettings", UNLINK)).status == 200
    assert (await api.delete(f"/applications/{application}")).status == 200

    assert (await api.delete(path)).code == (400, "13622")
    assert (await api.delete(f"{messaging}/features/sms")).code == (400, "13624")
    assert (await api.delete(f"{messaging}/features/mms")).status == 200
    assert (await api.delete(f"{messaging}/features/mms")).status == 404

    assert (await api.delete(path)).code == (400, "13613")
    assert (await api.delete(f"{messaging}/features/sms")).status == 200
    assert (await api.delete(f"{messaging}/features/sms")).status == 404

    assert (await api.delete(path)).code == (400, "13652")
    assert (await api.delete(f"/applications/{voice}")).code == (400, "13653")
    assert (await api.put(origination, TO_SIP)).text == ""
    assert (await api.delete(f"/applications/{voice}")).status == 200

    assert (await api.delete(path)).status == 200
    assert (await api.delete(f"/sites/{site}")).status == 200
    state = await api.state()
    assert (state["sites"], state["sippeers"], state["applications"]) == ([], [], [])
    assert [held["status"] for held in state["numbers"]] == ["Aging"]


async def test_the_default_location_goes_last(api: Any) -> None:
    site = await api.site()
    first, second = await api.peer(site, "One"), await api.peer(site, "Two")
    assert (await api.delete(first)).code == (400, "13558")
    assert (await api.delete(second)).status == 200
    assert (await api.delete(first)).status == 200
