"""Accounts of each platform: what tells them apart, and what v2 has on the Universal Platform (universal-platform 1, 2, 8)."""

import base64
import json
from collections.abc import Callable
from typing import Any

import pytest

from bwtui.simulator.app import create_app
from bwtui.simulator.switches import Switches

PACKAGES = "///v2/accounts/9900000/voiceConfigurationPackages"
REQUIREMENTS = "/activationRequirements?countryCodeA3=USA"
MAY = 1_777_593_600.0
"""The first of May 2026."""


async def claims(api: Any) -> dict[str, Any]:
    reply = await api.client.post("/api/v1/oauth2/token", data={"grant_type": "client_credentials"})
    part = reply.json()["access_token"].split(".")[1]
    decoded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(part + "=" * (-len(part) % 4)))
    return decoded


async def on(open_client: Callable[..., Any], platform: str, switches: str = "") -> Any:
    api = open_client(platform=platform)
    api.prefix = "/api/v2"
    if switches:
        await api.faults(f"[switches]\n{switches}")
    return api


@pytest.mark.parametrize(("platform", "status"), [("legacy", 403), ("universal", 200), ("build", 403)])
async def test_the_list_of_packages_tells_the_platform(
    open_client: Callable[..., Any], platform: str, status: int
) -> None:
    """200 is the Universal Platform, 403 legacy, Build, or no role (universal-platform 1)."""
    api = await on(open_client, platform)
    reply = await api.get(PACKAGES)
    assert reply.status == status
    if status == 403:
        assert reply.text == ""
        assert (await api.json("POST", PACKAGES, {"name": "x"})).status == 403


async def test_the_refusal_of_packages_may_say_more(open_client: Callable[..., Any]) -> None:
    api = await on(open_client, "legacy", 'refusal = "errors"')
    refused = await api.get(PACKAGES)
    assert (refused.status, len(refused.body["errors"])) == (403, 1)
    assert (await api.client.get(PACKAGES[2:], auth=None)).status_code == 401


async def test_a_credential_without_the_role_sees_no_packages(open_client: Callable[..., Any]) -> None:
    """The role is in the token, and the refusal is that of a legacy account (universal-platform 1)."""
    api = await on(open_client, "universal")
    assert any("vcp" in role.lower() for role in (await claims(api))["roles"])
    await api.faults("[switches]\nvcp_role = false")
    assert not any("vcp" in role.lower() for role in (await claims(api))["roles"])
    for path in (PACKAGES, "///v2/accounts/9900000/phoneNumbers/voice"):
        refused = await api.get(path)
        assert (refused.status, refused.text) == (403, "")
    legacy = await on(open_client, "legacy", "vcp_role = true")
    assert any("vcp" in role.lower() for role in (await claims(legacy))["roles"])
    assert (await legacy.get(PACKAGES)).status == 403


async def test_only_a_build_account_is_express(open_client: Callable[..., Any]) -> None:
    """`express` is true for Build, absent or false elsewhere (universal-platform 1)."""
    for platform, express in (("legacy", False), ("universal", False), ("build", True)):
        found = await claims(await on(open_client, platform))
        assert found.get("express", False) is express
        assert found["accounts"] == ["9900000"]


async def test_a_token_may_name_no_account(open_client: Callable[..., Any]) -> None:
    """Empty for a credential of the whole system, which must be told the account (universal-platform 1)."""
    api = await on(open_client, "universal", "system_wide = true")
    assert (await claims(api))["accounts"] == []
    assert (await api.get("/sites")).status == 200


async def test_activation_requirements_are_there_on_the_universal_platform_alone(
    open_client: Callable[..., Any],
) -> None:
    """404 with 4026 on a legacy account (universal-platform 1)."""
    assert (await (await on(open_client, "universal")).get(REQUIREMENTS)).status == 200
    legacy = await on(open_client, "legacy")
    assert (await legacy.get(REQUIREMENTS)).code == (404, "4026")
    legacy.prefix = "/api"
    assert (await legacy.get(REQUIREMENTS)).text == ""


async def test_activation_of_services_is_unknown_to_a_legacy_account(open_client: Callable[..., Any]) -> None:
    api = await on(open_client, "legacy")
    assert (await api.json("POST", "///api/v2/accounts/9900000/serviceActivation", {})).status == 404


async def test_a_universal_account_begins_empty_or_with_one_location(open_client: Callable[..., Any]) -> None:
    """One sub-account with one location is usual on a fresh account (universal-platform 1)."""
    assert (await (await on(open_client, "universal")).get("/sites")).values("Site/Id") == []
    api = open_client(platform="universal", switches=Switches(fresh=True))
    (site,) = (await api.get("/sites")).values("Site/Id")
    assert len((await api.get(f"/sites/{site}/sippeers")).values("PeerId")) == 1
    assert (await api.get("/applications")).values("ApplicationId") == []
    create_app(api.settings, api.account)
    assert (await api.get("/sites")).values("Site/Id") == [site], "an account begins once"


async def test_a_build_account_has_voice_and_little_else(open_client: Callable[..., Any]) -> None:
    """One voice application and one number; no messaging, ordering, sub-accounts, packages; /tns is 403 and empty."""
    api = await on(open_client, "build")
    (application,) = (await api.get("/applications")).values("ApplicationId")
    (number,) = (await api.state())["numbers"]
    assert (await api.get("/products")).values("Product/Name") == ["Origination", "Termination"]
    for path in (
        "/sites",
        "/orders?page=1&size=10",
        "/availableNumbers?areaCode=919",
        "//tns?page=1&size=10",
    ):
        refused = await api.get(path)
        assert (refused.status, refused.text) == (403, ""), path
    sent = await api.json("POST", "///api/v2/users/9900000/messages", {})
    assert sent.status == 403
    call = {
        "from": f"+1{number['tn']}",
        "to": "+19195550100",
        "applicationId": application,
        "answerUrl": "https://example.net/a",
    }
    await api.faults('[switches]\nverified_numbers = ["+19195550199"]')
    assert (await api.json("POST", "///api/v2/accounts/9900000/calls", call)).status == 403
    await api.faults("[switches]\nbuild_credits = 1")
    assert (await api.json("POST", "///api/v2/accounts/9900000/calls", call)).status == 201
    unpaid = await api.json("POST", "///api/v2/accounts/9900000/calls", call)
    assert (unpaid.status, unpaid.body["description"]) == (402, "Insufficient credits")


@pytest.mark.parametrize(
    ("switch", "code"), [("13651", (400, "13651")), ("403", (403, None)), ("409", (409, "12150"))]
)
async def test_origination_settings_are_refused_on_the_universal_platform(
    open_client: Callable[..., Any], switch: str, code: Any
) -> None:
    """Inbound settings moved to packages; what a write of the old ones answers is unknown (universal-platform 10.1)."""
    api = await on(open_client, "universal", f'origination = "{switch}"')
    peer, application = await api.peer(await api.site()), await api.voice_app()
    for prefix in ("/api", "/api/v2"):
        api.prefix = prefix
        refused = await api.link_voice(peer, application)
        assert (refused.status, refused.code[1] if refused.text else None) == code
    settings = await api.get(f"{peer}/products/origination/settings")
    assert (settings.status, settings.value("VoiceProtocol")) == (200, "SIP")


async def test_origination_settings_may_be_accepted_without_effect(open_client: Callable[..., Any]) -> None:
    api = await on(open_client, "universal", 'origination = "ignored"')
    peer, application = await api.peer(await api.site()), await api.voice_app()
    assert (await api.link_voice(peer, application)).status == 200
    assert (await api.get(f"{peer}/products/origination/settings")).value("VoiceProtocol") == "SIP"


async def test_v2_has_dropped_some_paths(open_client: Callable[..., Any]) -> None:
    """`sites/{s}/orders` and `sippeers/{p}/movetns` are gone, moves are by account (universal-platform 2)."""
    api = await on(open_client, "universal")
    site = await api.site()
    first, second = await api.peer(site), await api.peer(site, "There")
    (number,) = await api.buy(site)
    gone = await api.get(f"/sites/{site}/orders?page=1&size=10")
    assert (gone.status, gone.text) == (404, "")
    listed = f"<SipPeerTelephoneNumber><FullNumber>{number}</FullNumber></SipPeerTelephoneNumber>"
    old = f"<SipPeerTelephoneNumbers>{listed}</SipPeerTelephoneNumbers>"
    assert (await api.post(f"{second}/movetns", old)).status == 404
    assert (await api.get(f"{first}/tns?page=1&size=10")).values("FullNumber") == [number]
    where = f"<SiteId>{site}</SiteId><SipPeerId>{second.rpartition('/')[2]}</SipPeerId>"
    numbers = f"<TelephoneNumbers><TelephoneNumber>{number}</TelephoneNumber></TelephoneNumbers>"
    moved = await api.post("/moveTns", f"<MoveTnsOrder>{where}{numbers}</MoveTnsOrder>")
    assert (moved.status, moved.value("TelephoneNumber")) == (201, number)
    assert (await api.get(f"{second}/tns?page=1&size=10")).values("FullNumber") == [number]
    api.prefix = "/api"
    assert (await api.get(f"/sites/{site}/orders?page=1&size=10")).status == 200, "v1 still has it"


async def test_a_search_on_v2_is_by_country(open_client: Callable[..., Any]) -> None:
    """Numbers with +1, details with country and kind (universal-platform 2)."""
    api = await on(open_client, "universal")
    found = await api.get("/availableNumbers?countryCodeA3=USA&areaCode=919&quantity=2&enableTNDetail=true")
    assert [number[:5] for number in found.values("FullNumber")] == ["+1919", "+1919"]
    assert found.values("CountryCodeA3") == ["USA", "USA"]
    assert found.values("PhoneNumberType") == ["GEOGRAPHIC", "GEOGRAPHIC"]
    toll_free = await api.get("/availableNumbers?countryCodeA3=USA&phoneNumberType=TOLL_FREE&quantity=1")
    assert toll_free.values("TelephoneNumber")[0].startswith("+18")
    one = await api.get(
        "/availableNumbers?countryCodeA3=USA&phoneNumberType=TOLL_FREE&areaCode=833&quantity=1"
    )
    assert one.values("TelephoneNumber")[0].startswith("+1833")
    for nowhere in ("countryCodeA3=GBR&areaCode=20", "countryCodeA3=USA&areaCode=919&phoneNumberType=MOBILE"):
        nothing = await api.get(f"/availableNumbers?{nowhere}")
        assert (nothing.status, nothing.values("TelephoneNumber")) == (200, [])


@pytest.mark.parametrize("query", ["areaCode=919", "city=Raleigh&state=NC", "phoneNumberType=TOLL_FREE"])
async def test_a_search_may_need_its_country(open_client: Callable[..., Any], query: str) -> None:
    """Documented as required, while a client of Bandwidth's sends none (universal-platform 10.9)."""
    api = await on(open_client, "universal")
    assert (await api.get(f"/availableNumbers?{query}&quantity=1")).status == 200
    await api.faults("[switches]\nstrict_search = true")
    assert (await api.get(f"/availableNumbers?{query}&quantity=1")).code == (400, "4010")
    assert (await api.get(f"/availableNumbers?{query}&quantity=1&countryCodeA3=USA")).status == 200
    assert (await api.get("/availableNumbers?zip=27606&quantity=1")).status == 200


async def test_a_search_answers_in_json_if_that_is_accepted_alone(open_client: Callable[..., Any]) -> None:
    api = await on(open_client, "universal")
    only = {"accept": "application/json"}
    found = await api.get("/availableNumbers?areaCode=919&countryCodeA3=USA&quantity=2", headers=only)
    assert found.body["resultCount"] == len(found.body["telephoneNumberList"]) == 2
    refused = await api.get("/availableNumbers?state=XX", headers=only)
    assert (refused.status, set(refused.body["error"])) == (400, {"code", "description"})


@pytest.mark.parametrize(
    ("numbers", "code"), [(["+442071234567"], "5257"), (["+442071234567", "+19195550100"], "5165")]
)
async def test_numbers_outside_north_america_are_not_ordered(
    open_client: Callable[..., Any], numbers: list[str], code: str
) -> None:
    api = await on(open_client, "universal")
    site = await api.site()
    await api.peer(site)
    assert (await api.order(site, *numbers)).code == (400, code)


async def test_an_order_ignores_what_it_does_not_know(open_client: Callable[..., Any]) -> None:
    """Whether an order can name a package is unknown; elements that are unknown have no effect (universal-platform 10.17)."""
    api = await on(open_client, "universal")
    site = await api.site()
    await api.peer(site)
    unknown = "<VoiceConfigurationPackageId>x</VoiceConfigurationPackageId>"
    order = await api.order(site, *await api.numbers(), more=unknown)
    assert (order.status, order.value("OrderStatus")) == (201, "RECEIVED")
    api.clock.advance(1)
    done = await api.get(f"/orders/{order.new_id}")
    assert done.value("OrderStatus") == "COMPLETE"
    assert (done.value("CompletedNumbers/TelephoneNumber/FullNumber") or "").startswith("+1919")


async def test_the_list_of_numbers_may_have_ten_digits(open_client: Callable[..., Any]) -> None:
    """`/tns` may still answer ten digits on v2 (universal-platform 2)."""
    api = await on(open_client, "universal")
    site = await api.site()
    await api.peer(site)
    (number,) = await api.buy(site)
    assert (await api.get("//tns?page=1&size=10")).values("FullNumber") == [number]
    await api.faults("[switches]\nten_digits = true")
    assert (await api.get("//tns?page=1&size=10")).values("FullNumber") == [number.removeprefix("+1")]


async def test_calls_out_may_need_an_active_service(open_client: Callable[..., Any]) -> None:
    """Whether they do is unknown (universal-platform 10.8)."""
    api = await on(open_client, "universal")
    site = await api.site()
    await api.peer(site)
    (number,) = await api.buy(site)
    call = {
        "from": number,
        "to": "+19195550100",
        "applicationId": await api.voice_app(),
        "answerUrl": "https://example.net/a",
    }
    calls = "///api/v2/accounts/9900000/calls"
    assert (await api.json("POST", calls, call)).status == 201
    await api.faults("[switches]\noutbound_needs_activation = true\nactivation_polls = 0")
    assert (await api.json("POST", calls, call)).status == 403
    await api.bulk(await api.package(), number)
    body = {"action": "ACTIVATE", "phoneNumbers": [number], "services": {"voice": ["OUTBOUND_NATIONAL"]}}
    await api.json("POST", "///api/v2/accounts/9900000/serviceActivation", body)
    api.clock.advance(6)
    assert (await api.json("POST", calls, call)).status == 201


async def test_released_numbers_may_keep_their_location(open_client: Callable[..., Any]) -> None:
    """Whether an ageing number blocks the deletion of its location is unknown (universal-platform 9)."""
    api = await on(open_client, "universal", "ageing_blocks_location = true")
    site = await api.site()
    peer = await api.peer(site)
    (number,) = await api.buy(site)
    kind = f"<TelephoneNumberList><TelephoneNumber>{number}</TelephoneNumber></TelephoneNumberList>"
    kind = f"<DisconnectTelephoneNumberOrderType>{kind}</DisconnectTelephoneNumberOrderType>"
    await api.post("/disconnects", f"<DisconnectTelephoneNumberOrder>{kind}</DisconnectTelephoneNumberOrder>")
    api.clock.advance(1)
    assert (await api.delete(peer)).code == (400, "13555")
    await api.faults("[switches]\nageing_blocks_location = false")
    assert (await api.delete(peer)).status == 200


@pytest.mark.parametrize("path", ["/sites", "///api/v2/users/9900000/messages", PACKAGES])
async def test_basic_ends_on_a_day(open_client: Callable[..., Any], path: str) -> None:
    """401 with an empty body (universal-platform 8, 10.10); tokens go on."""
    api = await on(open_client, "universal", "basic_ends = 2026-05-01")
    api.clock.now = MAY - 1
    assert (await api.get(path)).status != 401
    bearer = {"authorization": f"Bearer {await _token(api)}"}
    api.clock.now = MAY
    ended = await api.get(path)
    assert (ended.status, ended.text) == (401, "")
    assert (await api.get(path, auth=None, headers=bearer)).status != 401


async def _token(api: Any) -> str:
    form = {"grant_type": "client_credentials", "client_id": "demo", "client_secret": "demo-secret"}
    reply = await api.client.post("/api/v1/oauth2/token", data=form, auth=None)
    token: str = reply.json()["access_token"]
    return token


async def test_basic_inside_the_token_request_goes_on(open_client: Callable[..., Any]) -> None:
    """Basic inside the token request is another thing and stays (universal-platform 8)."""
    api = await on(open_client, "universal", "basic_ends = 2000-01-01")
    assert (await claims(api))["accounts"] == ["9900000"]


@pytest.mark.parametrize("status", [401, 400])
async def test_a_refused_token_request_is_401_or_400(open_client: Callable[..., Any], status: int) -> None:
    """401, or 400, with `invalid_client` (universal-platform 8)."""
    api = await on(open_client, "legacy", f"invalid_client_status = {status}")
    refused = await api.client.post(
        "/api/v1/oauth2/token", data={"grant_type": "client_credentials"}, auth=("demo", "wrong")
    )
    assert (refused.status_code, refused.json()["error"]) == (status, "invalid_client")


async def test_a_token_may_live_shorter(open_client: Callable[..., Any]) -> None:
    """The real lifetime is not documented (universal-platform 8)."""
    api = await on(open_client, "universal", "token_seconds = 60")
    reply = await api.client.post("/api/v1/oauth2/token", data={"grant_type": "client_credentials"})
    assert reply.json()["expires_in"] == 60
    bearer = {"authorization": f"Bearer {reply.json()['access_token']}"}
    api.clock.advance(61)
    assert (await api.get("/sites", auth=None, headers=bearer)).status == 401
