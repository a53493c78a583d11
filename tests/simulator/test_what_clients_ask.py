"""The requests of Bandwidth's own clients: its CLI, and its SDKs for Node, Python, Ruby and PHP."""

import base64
import json
import re
from typing import Any

import pytest

from bwtui.simulator.persistence import AccountFile

JSON = {"content-type": "application/json"}
MESSAGES = "//users/9900000/messages"
SUBSCRIPTION = (
    "<Subscription><OrderType>orders</OrderType><OrderId>1a</OrderId><CallbackSubscription>"
    "<URL>https://example.net/{}</URL><Expiry>60</Expiry></CallbackSubscription></Subscription>"
)


@pytest.fixture
async def site(api: Any) -> str:
    made: str = await api.site()
    await api.peer(made)
    return made


@pytest.fixture
async def call(api: Any) -> str:
    return await called(api, "+19195550100")


async def called(api: Any, to: str) -> str:
    api.prefix = "/api"
    application = await api.voice_app()
    api.prefix = "/api/v2"
    fields = {
        "from": "+19195550101",
        "to": to,
        "applicationId": application,
        "answerUrl": "https://example.net/a",
    }
    made = await api.post("/calls", json.dumps(fields), headers=JSON)
    assert made.status == 201, made.text
    return str(json.loads(made.text)["callId"])


async def read(api: Any, path: str) -> Any:
    reply = await api.get(path)
    assert reply.status == 200, reply.text
    return json.loads(reply.text)


async def hang_up(api: Any, call: str, **fields: Any) -> Any:
    return await api.post(f"/calls/{call}", json.dumps(fields or {"state": "completed"}), headers=JSON)


async def test_a_call_is_hung_up_once(api: Any, call: str) -> None:
    api.clock.advance(1)
    assert (await read(api, f"/calls/{call}"))["state"] == "answered"
    ended = await hang_up(api, call)
    assert (ended.status, ended.text) == (200, "")
    api.clock.advance(0.5)
    state = await read(api, f"/calls/{call}")
    assert (state["state"], state["disconnectCause"]) == ("disconnected", "hangup")
    assert state["endTime"] < state["lastUpdate"]
    assert (await hang_up(api, call)).status == 409
    assert (await hang_up(api, "c-none")).status == 404


async def test_a_call_that_still_rings_is_cancelled_and_others_are_redirected(api: Any, call: str) -> None:
    assert (await hang_up(api, call, redirectUrl="https://example.net/b")).status == 200
    for wrong in (
        {"state": "active"},
        {"state": "over"},
        {"state": "completed", "redirectUrl": "https://x.net"},
    ):
        assert (await hang_up(api, call, **wrong)).status == 400
    assert (await read(api, f"/calls/{call}"))["state"] == "queued"
    await hang_up(api, call)
    assert (await read(api, f"/calls/{call}"))["disconnectCause"] == "cancel"


async def test_calls_are_listed_the_oldest_first_and_in_pages(api: Any) -> None:
    calls = [await called(api, f"+1919555010{n}") for n in range(3)]
    listed = await read(api, "/calls")
    assert [(item["callId"], item["to"]) for item in listed] == [
        (call, f"+1919555010{n}") for n, call in enumerate(calls)
    ]
    assert [item["callId"] for item in await read(api, "/calls?to=%2B19195550101")] == calls[1:2]
    first = await api.get("/calls?pageSize=2")
    assert [item["callId"] for item in json.loads(first.text)] == calls[:2]
    following = re.fullmatch(
        r'<http://simulator/api/v2/accounts/9900000(.*)>; rel="next"', first.headers["link"]
    )
    assert following is not None
    last = await api.get(following[1])
    assert [item["callId"] for item in json.loads(last.text)] == calls[2:]
    assert "link" not in last.headers


@pytest.mark.parametrize("to", ["sip:user@server.example", "sips:user@server.example:5061;transport=tls"])
async def test_a_sip_uri_can_be_called(api: Any, to: str) -> None:
    assert (await read(api, f"/calls/{await called(api, to)}"))["to"] == to


async def test_messages_are_listed_by_at_least_one_filter_and_without_their_text(
    api: Any, bodies: dict[str, str]
) -> None:
    site = await api.site()
    path = await api.peer(site)
    await api.post(f"{path}/products/messaging/features/sms", bodies["sms"])
    application = await api.messaging_app(url="https://callbacks.example/m")
    await api.link_messaging(path, application)
    (number,) = await api.buy(site)
    api.prefix = "/api/v2"
    sent = []
    for sender, to in ((f"+1{number}", ["+19195550100", "+19195550101"]), ("+19195559999", ["+19195550102"])):
        fields = {"from": sender, "to": to, "text": "Hello", "applicationId": application}
        reply = await api.post(MESSAGES, json.dumps(fields), headers=JSON)
        sent.append(json.loads(reply.text)["id"])

    assert (await api.get(MESSAGES)).status == 400
    found = await read(api, f"{MESSAGES}?messageId={sent[0]}")
    assert (found["totalCount"], found["pageInfo"]) == (2, {})
    first = found["messages"][0]
    assert (first["sourceTn"], first["destinationTn"], first["messageStatus"]) == (
        f"+1{number}",
        "+19195550100",
        "DELIVERED",
    )
    assert "Hello" not in json.dumps(found)
    failed = await read(api, f"{MESSAGES}?messageStatus=FAILED")
    assert [(item["messageId"], item["errorCode"]) for item in failed["messages"]] == [(sent[1], 4432)]
    assert (await read(api, f"{MESSAGES}?destinationTn=%2B1919555"))["totalCount"] == 3
    assert (await read(api, f"{MESSAGES}?fromDateTime=2999-01-01T00:00:00.000Z"))["totalCount"] == 0
    page = await read(api, f"{MESSAGES}?sourceTn=%2B1919,%2B1984&limit=2")
    token = page["pageInfo"]["nextPageToken"]
    rest = await read(api, f"{MESSAGES}?sourceTn=%2B1919,%2B1984&limit=2&pageToken={token}")
    assert (len(page["messages"]), len(rest["messages"]), rest["pageInfo"]) == (2, 1, {})


async def test_lists_of_numbers_say_which_page_is_next(api: Any, site: str) -> None:
    numbers = sorted(await api.buy(site, 3))
    for path, item in (
        ("//tns?status=Inservice&page={}&size=2", "FullNumber"),
        ("/inserviceNumbers?areaCode=919&page={}&size=2", "TelephoneNumber"),
        (f"/sites/{site}/inserviceNumbers?page={{}}&size=2", "TelephoneNumber"),
    ):
        first = await api.get(path.format(1))
        assert first.values(item) == numbers[:2] or first.values(f"TelephoneNumbers/{item}") == numbers[:2]
        link = first.value("Links/next") or ""
        assert link.startswith("Link=<http://simulator/api/")
        assert link.endswith('>;rel="next";')
        query = link.partition("?")[2].partition(">")[0]
        assert "page=2" in query.split("&")
        assert [part for part in path.lower().partition("?")[2].split("&") if "{" not in part] == [
            part for part in query.lower().split("&") if not part.startswith("page=")
        ], "the next page has the filters of this one"
        last = await api.get(path.format(2))
        assert last.value("Links/next") is None
        assert numbers[2] in last.text


async def test_several_statuses_are_found_at_once(api: Any, site: str) -> None:
    kept, released = await api.buy(site, 2)
    body = (
        "<DisconnectTelephoneNumberOrder><DisconnectTelephoneNumberOrderType><TelephoneNumberList>"
        f"<TelephoneNumber>{released}</TelephoneNumber></TelephoneNumberList></DisconnectTelephoneNumberOrderType>"
        "</DisconnectTelephoneNumberOrder>"
    )
    await api.post("/disconnects", body)
    api.clock.advance(1)
    for status, found in (
        ("Inservice,InAccount", {kept}),
        ("inservice, Aging", {kept, released}),
        ("InAccount", set()),
    ):
        listed = await api.get("//tns", params={"status": status, "page": "1", "size": "10"})
        assert set(listed.values("FullNumber")) == found


async def test_a_subscription_is_read_changed_and_found_by_its_id(api: Any) -> None:
    first = (await api.post("/subscriptions", SUBSCRIPTION.format("a"))).new_id
    second = (await api.post("/subscriptions", SUBSCRIPTION.format("b").replace("1a", "2b"))).new_id
    one = await api.get(f"/subscriptions/{first}")
    assert one.values("SubscriptionId") == [first]
    assert (one.value("OrderId"), one.value("URL"), one.value("Expiry")) == (
        "1a",
        "https://example.net/a",
        "60",
    )
    assert (await api.put(f"/subscriptions/{first}", SUBSCRIPTION.format("c"))).status == 200
    assert (await api.get(f"/subscriptions/{first}")).value("URL") == "https://example.net/c"
    for query, found in (
        ("subscriptionId=" + second, [second]),
        ("orderId=1a", [first]),
        ("orderType=portins", []),
    ):
        assert (await api.get(f"/subscriptions?{query}")).values("SubscriptionId") == found
    await api.delete(f"/subscriptions/{first}")
    assert (await api.get(f"/subscriptions/{first}")).status == 404
    assert (await api.put(f"/subscriptions/{first}", SUBSCRIPTION.format("c"))).status == 404


@pytest.mark.parametrize(
    "path",
    [
        "//ratecenters?state=NC",
        "//RateCenters?state=NC",
        "//Cities?state=NC",
        "/availablenumbers?areaCode=919",
    ],
)
async def test_paths_are_the_same_in_any_case(api: Any, path: str) -> None:
    assert (await api.get(path)).status == 200


async def test_a_location_remembers_its_hosts_and_what_else_it_was_told(api: Any) -> None:
    site = await api.site()
    hosts = "<VoiceHosts><Host><HostName>70.62.112.156</HostName><Port>5060</Port></Host></VoiceHosts>"
    more = (
        "<ShortMessagingProtocol>SMPP</ShortMessagingProtocol><FinalDestinationUri>sip:x@example.net</FinalDestinationUri>"
        "<TerminationHosts><TerminationHost><HostName>example.net</HostName></TerminationHost></TerminationHosts>"
    )
    made = await api.post(
        f"/sites/{site}/sippeers", f"<SipPeer><PeerName>Here</PeerName>{hosts}{more}</SipPeer>"
    )
    path = f"/sites/{site}/sippeers/{made.new_id}"
    for reply in (await api.get(path), await api.get(f"/sites/{site}/sippeers")):
        assert reply.value("ShortMessagingProtocol") == "SMPP"
        assert reply.value("FinalDestinationUri") == "sip:x@example.net"
        assert (reply.value("VoiceHosts/Host/HostName"), reply.value("VoiceHosts/Host/Port")) == (
            "70.62.112.156",
            "5060",
        )
        assert reply.value("TerminationHosts/TerminationHost/HostName") == "example.net"
    assert (await api.put(path, "<SipPeer><PeerName>Here</PeerName></SipPeer>")).status == 200
    bare = await api.get(path)
    assert (bare.value("ShortMessagingProtocol"), bare.value("VoiceHosts/Host/HostName")) == ("SIP", None)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ("<ShortMessagingProtocol>FAX</ShortMessagingProtocol>", "13567"),
        ("<FinalDestinationUri>nowhere</FinalDestinationUri>", "13510"),
        ("<VoiceHosts>" + "<Host><HostName>10.0.0.1</HostName></Host>" * 2 + "</VoiceHosts>", "13553"),
        ("<VoiceHosts>" + "<Host><HostName>10.0.0.1</HostName></Host>" * 11 + "</VoiceHosts>", "13506"),
        ("<SmsHosts><Host><HostName>no host</HostName></Host></SmsHosts>", "13509"),
    ],
)
async def test_wrong_hosts_of_a_location_are_refused(api: Any, more: str, code: str) -> None:
    site = await api.site()
    body = f"<SipPeer><PeerName>Here</PeerName>{more}</SipPeer>"
    assert (await api.post(f"/sites/{site}/sippeers", body)).code == (400, code)


async def test_the_location_of_everything_that_is_made_leads_to_it(api: Any, site: str) -> None:
    (number, spare) = await api.buy(site, 2)
    ordered = await api.order(site, *await api.numbers())
    listed = f"<TelephoneNumbers><TelephoneNumber>{number}</TelephoneNumber></TelephoneNumbers>"
    release = (
        "<DisconnectTelephoneNumberOrder><DisconnectTelephoneNumberOrderType><TelephoneNumberList>"
        f"<TelephoneNumber>{spare}</TelephoneNumber></TelephoneNumberList></DisconnectTelephoneNumberOrderType>"
        "</DisconnectTelephoneNumberOrder>"
    )
    (free,) = await api.numbers("areaCode=984")
    made = {
        ordered.headers["location"]: ordered.new_id,
        **{
            reply.headers["location"]: shown
            for reply, shown in (
                (
                    await api.post(
                        "/moveTns", f"<MoveTnsOrder><SiteId>{site}</SiteId>{listed}</MoveTnsOrder>"
                    ),
                    number,
                ),
                (
                    await api.post(
                        f"/orders/{ordered.new_id}/notes", "<Note><Description>Hi</Description></Note>"
                    ),
                    "Hi",
                ),
                (await api.post("/disconnects", release), spare),
                (await api.post("/subscriptions", SUBSCRIPTION.format("a")), "https://example.net/a"),
                (
                    await api.post(
                        "/tnreservation", f"<Reservation><ReservedTn>{free}</ReservedTn></Reservation>"
                    ),
                    free,
                ),
                (
                    await api.post(f"/sites/{site}/sippeers", "<SipPeer><PeerName>New</PeerName></SipPeer>"),
                    "New",
                ),
            )
        },
    }
    assert len(made) == 7
    for location, shown in made.items():
        reply = await api.client.get(location)
        assert reply.status_code == 200, location
        assert shown in reply.text or location.endswith(f"/orders/{shown}")
    moved = await api.client.get(next(location for location in made if "/moveTns/" in location))
    assert "<ProcessingStatus>COMPLETE</ProcessingStatus>" in moved.text
    assert (await api.get(f"/orders/{ordered.new_id}/notes/2")).status == 404
    assert (await api.get("/moveTns/none")).status == 404


@pytest.mark.parametrize("sought", ["httpvoice", "application management", "messag", "number"])
async def test_a_token_carries_the_roles_that_bandwidths_cli_looks_for(api: Any, sought: str) -> None:
    reply = await api.client.post("/api/v1/oauth2/token", data={"grant_type": "client_credentials"})
    claims = reply.json()["access_token"].split(".")[1]
    roles = json.loads(base64.urlsafe_b64decode(claims + "=" * (-len(claims) % 4)))["roles"]
    assert any(sought in role.lower() for role in roles)


async def test_where_a_number_is_from_is_told(api: Any, site: str) -> None:
    (number,) = await api.buy(site)
    assert (await api.get(f"//tns/{number}/ratecenter")).value("RateCenter") == "RALEIGH"
    assert (await api.get(f"//tns/{number}/lata")).value("Lata") == "426"


async def test_options_of_a_number_on_a_location_are_accepted(api: Any, site: str) -> None:
    (number,) = await api.buy(site)
    peer = next(iter(api.account.sites[site].peers))
    path = f"/sites/{site}/sippeers/{peer}/tns/{number}"
    changed = await api.put(
        path, "<SipPeerTelephoneNumber><CallForward>9195550100</CallForward></SipPeerTelephoneNumber>"
    )
    assert (changed.status, changed.value("FullNumber")) == (200, number)
    assert (await api.put(path[:-1] + "x", "<SipPeerTelephoneNumber/>")).code == (400, "13536")


async def test_calls_messages_and_moves_are_still_there_after_a_restart(
    api: Any, site: str, tmp_path: Any
) -> None:
    (number,) = await api.buy(site)
    body = (
        f"<MoveTnsOrder><SiteId>{site}</SiteId><TelephoneNumbers><TelephoneNumber>{number}</TelephoneNumber>"
    )
    await api.post("/moveTns", f"{body}</TelephoneNumbers></MoveTnsOrder>")
    call = await called(api, "+19195550100")
    await hang_up(api, call)
    AccountFile(tmp_path / "account.json").save(api.account)
    world = AccountFile(tmp_path / "account.json").load(api.settings)
    assert world.moves == api.account.moves
    assert world.calls == api.account.calls
