"""Locations: default or not, names, and what must be gone before they can be."""

from collections.abc import Callable
from typing import Any

import pytest

TO_SIP = "<SipPeerOriginationSettings><VoiceProtocol>SIP</VoiceProtocol></SipPeerOriginationSettings>"
UNLINK = "<ApplicationsSettings>REMOVE</ApplicationsSettings>"


def peer(name: str = "Here", default: str | None = None, more: str = "") -> str:
    flag = "" if default is None else f"<IsDefaultPeer>{default}</IsDefaultPeer>"
    return f"<SipPeer><PeerName>{name}</PeerName>{flag}{more}</SipPeer>"


async def test_a_new_location_is_told_in_the_header_and_in_the_body(desk: Any) -> None:
    site = await desk.site()
    made = await desk.post(f"/sites/{site}/sippeers", peer())
    assert made.value("PeerId") == made.new_id


async def test_a_location_can_be_announced_as_the_guide_prints_it_without_a_body(
    open_desk: Callable[..., Any],
) -> None:
    desk = open_desk(location_body=False)
    made = await desk.post(f"/sites/{await desk.site()}/sippeers", peer())
    assert (made.text, made.new_id.isdigit()) == ("", True)


async def test_the_list_has_a_root_of_its_own(desk: Any) -> None:
    site = await desk.site()
    empty = await desk.get(f"/sites/{site}/sippeers")
    assert (empty.xml.tag, len(empty.xml.findall("SipPeers/SipPeer"))) == ("TNSipPeersResponse", 0)
    await desk.peer(site, "One")
    await desk.peer(site, "Two")
    assert (await desk.get(f"/sites/{site}/sippeers")).values("PeerName") == ["One", "Two"]


async def test_the_first_location_is_the_default_and_a_later_one_takes_over(desk: Any) -> None:
    site = await desk.site()
    assert (await desk.post(f"/sites/{site}/sippeers", peer(default="false"))).code == (400, "13522")
    await desk.peer(site, "One")
    await desk.peer(site, "Two")
    assert (await desk.get(f"/sites/{site}/sippeers")).values("IsDefaultPeer") == ["true", "false"]
    await desk.peer(site, "Three", default=True)
    listed = await desk.get(f"/sites/{site}/sippeers")
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
async def test_a_wrong_field_is_refused_with_its_own_code(desk: Any, body: str, code: str) -> None:
    site = await desk.site()
    assert (await desk.post(f"/sites/{site}/sippeers", body)).code == (400, code)


async def test_a_name_is_unique_within_its_site_only(desk: Any) -> None:
    one, two = await desk.site("One"), await desk.site("Two")
    await desk.peer(one, "Same")
    assert (await desk.post(f"/sites/{one}/sippeers", peer("Same"))).code == (409, "13524")
    assert (await desk.post(f"/sites/{two}/sippeers", peer("Same"))).status == 201


async def test_an_unknown_location_is_a_bad_request_and_an_unknown_site_is_not_found(desk: Any) -> None:
    site = await desk.site()
    assert (await desk.get(f"/sites/{site}/sippeers/1")).code == (400, "13563")
    assert (await desk.get("/sites/1/sippeers")).code == (404, "12016")
    assert (await desk.delete(f"/sites/{site}/sippeers/1")).code == (404, "13557")


async def test_a_location_is_changed(desk: Any) -> None:
    path = await desk.peer(await desk.site())
    assert (await desk.put(path, peer("Renamed", "true"))).text == ""
    assert (await desk.get(path)).value("PeerName") == "Renamed"
    assert (await desk.put(path, peer("Renamed", "false"))).code == (400, "13522")


async def test_an_account_without_products_gets_no_location(open_desk: Callable[..., Any]) -> None:
    desk = open_desk(missing_products={"MESSAGING", "Origination", "Termination"})
    site = await desk.site()
    assert (await desk.post(f"/sites/{site}/sippeers", peer())).code == (400, "13547")


async def test_teardown_works_only_in_the_documented_order(desk: Any, bodies: dict[str, str]) -> None:
    site = await desk.site()
    path = await desk.peer(site)
    messaging, origination = f"{path}/products/messaging", f"{path}/products/origination/settings"
    await desk.post(f"{messaging}/features/sms", bodies["sms"])
    await desk.post(f"{messaging}/features/mms", bodies["mms"])
    await desk.link_messaging(path, application := await desk.messaging_app())
    await desk.link_voice(path, voice := await desk.voice_app())
    (number,) = await desk.buy(site)

    assert (await desk.delete(path)).code == (400, "13555")
    await desk.post(
        "/disconnects",
        "<DisconnectTelephoneNumberOrder><DisconnectTelephoneNumberOrderType><TelephoneNumberList><TelephoneNumber>"
        f"{number}</TelephoneNumber></TelephoneNumberList></DisconnectTelephoneNumberOrderType>"
        "</DisconnectTelephoneNumberOrder>",
    )
    assert (await desk.delete(path)).code == (400, "13555"), "a disconnect takes its time"
    desk.clock.advance(1)

    assert (await desk.delete(f"/applications/{application}")).code == (400, "12107")
    assert (await desk.put(f"{messaging}/applicationSettings", UNLINK)).status == 200
    assert (await desk.delete(f"/applications/{application}")).status == 200

    assert (await desk.delete(path)).code == (400, "13622")
    assert (await desk.delete(f"{messaging}/features/sms")).code == (400, "13624")
    assert (await desk.delete(f"{messaging}/features/mms")).status == 200
    assert (await desk.delete(f"{messaging}/features/mms")).status == 404

    assert (await desk.delete(path)).code == (400, "13613")
    assert (await desk.delete(f"{messaging}/features/sms")).status == 200
    assert (await desk.delete(f"{messaging}/features/sms")).status == 404

    assert (await desk.delete(path)).code == (400, "13652")
    assert (await desk.delete(f"/applications/{voice}")).code == (400, "13653")
    assert (await desk.put(origination, TO_SIP)).text == ""
    assert (await desk.delete(f"/applications/{voice}")).status == 200

    assert (await desk.delete(path)).status == 200
    assert (await desk.delete(f"/sites/{site}")).status == 200
    state = await desk.state()
    assert (state["sites"], state["sippeers"], state["applications"]) == ([], [], [])
    assert [held["status"] for held in state["numbers"]] == ["Aging"]


async def test_the_default_location_goes_last(desk: Any) -> None:
    site = await desk.site()
    first, second = await desk.peer(site, "One"), await desk.peer(site, "Two")
    assert (await desk.delete(first)).code == (400, "13558")
    assert (await desk.delete(second)).status == 200
    assert (await desk.delete(first)).status == 200
