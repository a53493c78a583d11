"""SMS, MMS and the links to applications: what needs what."""

from collections.abc import Callable
from typing import Any

import pytest


async def test_mms_needs_sms_first(api: Any, bodies: dict[str, str]) -> None:
    features = f"{await api.peer(await api.site())}/products/messaging/features"
    assert (await api.post(f"{features}/mms", bodies["mms"])).code == (400, "13623")
    assert (await api.post(f"{features}/sms", bodies["sms"])).status == 201
    assert (await api.post(f"{features}/mms", bodies["mms"])).status == 201


async def test_what_was_never_enabled_is_not_found(api: Any, bodies: dict[str, str]) -> None:
    features = f"{await api.peer(await api.site())}/products/messaging/features"
    for feature in ("sms", "mms"):
        assert (await api.get(f"{features}/{feature}")).status == 404
        assert (await api.put(f"{features}/{feature}", bodies[feature])).status in {404, 400}
        assert (await api.delete(f"{features}/{feature}")).status == 404


async def test_a_second_post_is_refused_and_a_put_changes(api: Any, bodies: dict[str, str]) -> None:
    sms = f"{await api.peer(await api.site())}/products/messaging/features/sms"
    await api.post(sms, bodies["sms"])
    assert (await api.post(sms, bodies["sms"])).code == (400, "12769")
    changed = await api.put(sms, bodies["sms"].replace("<TollFree>true", "<TollFree>false"))
    assert (changed.status, changed.value("TollFree")) == (200, "false")
    assert (await api.get(sms)).value("TollFree") == "false"


async def test_mms_is_read_back_in_lower_case(api: Any, bodies: dict[str, str]) -> None:
    features = f"{await api.peer(await api.site())}/products/messaging/features"
    await api.post(f"{features}/sms", bodies["sms"])
    await api.post(f"{features}/mms", bodies["mms"])
    read = await api.get(f"{features}/mms")
    assert (read.value("protocol"), read.value("proxyPeerId")) == ("HTTP", "569238")
    assert (await api.get(f"{features}/mms/settings")).value("Protocol") == "HTTP"
    assert (await api.put(f"{features}/mms", bodies["mms"])).text == ""


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (("HTTP", "FAX"), "13567"),
        (("<Protocol>HTTP</Protocol>", ""), "1003"),
        (("<TollFree>true", "<TollFree>perhaps"), "12751"),
        (("<Zone1>", "<A2pLongCode>maybe</A2pLongCode><Zone1>"), "13636"),
    ],
)
async def test_wrong_sms_settings_are_refused(
    api: Any, bodies: dict[str, str], change: tuple[str, str], code: str
) -> None:
    sms = f"{await api.peer(await api.site())}/products/messaging/features/sms"
    assert (await api.post(sms, bodies["sms"].replace(*change))).code == (400, code)


async def test_a_missing_short_code_an_extra_setting_and_lower_case_are_tolerated(api: Any) -> None:
    sms = f"{await api.peer(await api.site())}/products/messaging/features/sms"
    body = (
        "<SipPeerSmsFeature><HttpSettings><V2Messaging>true</V2Messaging></HttpSettings>"
        "<SipPeerSmsFeatureSettings><Zone1>true</Zone1><Protocol>http</Protocol></SipPeerSmsFeatureSettings>"
        "</SipPeerSmsFeature>"
    )
    made = await api.post(sms, body)
    assert (made.status, made.value("Protocol")) == (201, "HTTP")
    assert made.xml.find(".//ShortCode") is None


async def test_mms_must_have_one_protocol_that_agrees(api: Any, bodies: dict[str, str]) -> None:
    features = f"{await api.peer(await api.site())}/products/messaging/features"
    await api.post(f"{features}/sms", bodies["sms"])
    both = bodies["mms"].replace("</Protocols>", "<MM4/></Protocols>")
    assert (await api.post(f"{features}/mms", both)).code == (400, "13606")
    other = bodies["mms"].replace("<Protocol>HTTP", "<Protocol>MM4")
    assert (await api.post(f"{features}/mms", other)).code == (400, "13608")


@pytest.mark.parametrize(
    ("missing", "code"), [("SMS", "13607"), ("MESSAGING", "13607"), ("HTTP", "13609"), ("MMS", "13576")]
)
async def test_a_missing_product_is_refused_at_its_step(
    open_client: Callable[..., Any], bodies: dict[str, str], missing: str, code: str
) -> None:
    api = open_client(missing_products={missing})
    features = f"{await api.peer(await api.site())}/products/messaging/features"
    reply = await api.post(f"{features}/sms", bodies["sms"])
    if missing == "MMS":
        assert reply.status == 201
        reply = await api.post(f"{features}/mms", bodies["mms"])
    assert reply.code == (400, code)


async def test_a_messaging_application_is_linked_after_sms_and_unlinked(
    api: Any, bodies: dict[str, str]
) -> None:
    path = await api.peer(await api.site())
    settings = f"{path}/products/messaging/applicationSettings"
    application, voice = await api.messaging_app(), await api.voice_app()
    assert (await api.get(settings)).xml.find("ApplicationsSettings/HttpMessagingV2AppId") is None
    assert (await api.link_messaging(path, application)).code == (400, "13645")
    await api.post(f"{path}/products/messaging/features/sms", bodies["sms"])
    assert (await api.link_messaging(path, "none")).code == (400, "13629")
    assert (await api.link_messaging(path, voice)).code == (400, "13648")
    assert (await api.put(settings, "<ApplicationsSettings/>")).code == (400, "13628")
    assert (await api.link_messaging(path, application)).value("HttpMessagingV2AppId") == application
    assert (await api.get(settings)).value("HttpMessagingV2AppId") == application

    associated = await api.get(f"/applications/{application}/associatedsippeers")
    assert associated.values("PeerName") == ["Here"]
    await api.put(settings, "<ApplicationsSettings>REMOVE</ApplicationsSettings>")
    assert (await api.get(settings)).xml.find("ApplicationsSettings/HttpMessagingV2AppId") is None
    associated = await api.get(f"/applications/{application}/associatedsippeers")
    assert associated.xml.find("AssociatedSipPeers") is not None
    assert associated.values("PeerId") == []


async def test_sms_stays_while_numbers_send_through_it(api: Any, bodies: dict[str, str]) -> None:
    site = await api.site()
    path = await api.peer(site)
    sms = f"{path}/products/messaging/features/sms"
    await api.post(sms, bodies["sms"])
    await api.link_messaging(path, await api.messaging_app())
    await api.buy(site)
    assert (await api.delete(sms)).code == (400, "13673")


async def test_a_voice_application_is_linked(api: Any) -> None:
    path = await api.peer(await api.site())
    settings = f"{path}/products/origination/settings"
    assert (await api.get(settings)).value("VoiceProtocol") == "SIP"
    messaging = await api.messaging_app()
    assert (await api.link_voice(path, messaging)).code == (400, "13650")
    voice = await api.voice_app()
    assert (await api.link_voice(path, "none")).code == (400, "13629")
    assert (await api.link_voice(path, messaging)).code == (400, "13648")
    assert (await api.link_voice(path, voice)).value("HttpVoiceV2AppId") == voice
    assert (await api.get(settings)).value("HttpVoiceV2AppId") == voice


@pytest.mark.parametrize(
    ("inside", "code"),
    [
        ("<VoiceProtocol>FAX</VoiceProtocol>", "13647"),
        (
            "<VoiceProtocol>SIP</VoiceProtocol><HttpSettings><HttpVoiceV2AppId>x</HttpVoiceV2AppId></HttpSettings>",
            "13649",
        ),
        ("", "1003"),
    ],
)
async def test_wrong_voice_settings_are_refused(api: Any, inside: str, code: str) -> None:
    await api.voice_app()
    settings = f"{await api.peer(await api.site())}/products/origination/settings"
    body = f"<SipPeerOriginationSettings>{inside}</SipPeerOriginationSettings>"
    assert (await api.post(settings, body)).code == (400, code)


async def test_the_voice_link_answers_as_guide_or_openapi_say(open_client: Callable[..., Any]) -> None:
    api = open_client(voice_link_status=201)
    path = await api.peer(await api.site())
    assert (await api.link_voice(path, await api.voice_app())).status == 201


@pytest.mark.parametrize("missing", ["OrigHttpVoice", "Origination"])
async def test_an_account_without_http_voice_is_refused_at_both_steps(
    open_client: Callable[..., Any], missing: str
) -> None:
    api = open_client(missing_products={missing})
    body = (
        "<Application><ServiceType>Voice-V2</ServiceType><AppName>x</AppName>"
        "<CallInitiatedCallbackUrl>https://example.net</CallInitiatedCallbackUrl></Application>"
    )
    assert (await api.post("/applications", body)).code == (409, "12150")
    path = await api.peer(await api.site())
    assert (await api.link_voice(path, "any")).code == (400, "13651")


async def test_termination_is_switched_without_an_application(open_client: Callable[..., Any]) -> None:
    body = "<SipPeerTerminationSettings><VoiceProtocol>HTTP</VoiceProtocol></SipPeerTerminationSettings>"
    api = open_client()
    settings = f"{await api.peer(await api.site())}/products/termination/settings"
    assert (await api.get(settings)).value("VoiceProtocol") == "SIP"
    assert (await api.put(settings, body)).value("VoiceProtocol") == "HTTP"
    poor = open_client(missing_products={"TermHttpVoice"})
    settings = f"{await poor.peer(await poor.site())}/products/termination/settings"
    assert (await poor.put(settings, body)).code == (400, "13651")
