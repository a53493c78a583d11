"""Reading whether messages and calls arrive, against scripted replies in the words of the reference."""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx
import pytest

from bwtui.domain.arrival.arrival import Arrival, ArrivalVerdict, Service
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Finished
from bwtui.engine.arrival import read_arrivals
from support.guide import guide_answers
from support.scripted_http import OAUTH, ClientFactory
from support.scripted_http import factory as factory  # noqa: PLC0414 - a fixture

NUMBER, OTHER, TOLL_FREE = "9195550100", "9195550101", "8335550100"
IDS: Final = {
    "site": {"site_id": "1"}, "sippeer": {"sippeer_id": "2"}, "messaging_app": {"messaging_app_id": "m-1"},
    "voice_app": {"voice_app_id": "v-1"}, "voice_package": {"voice_package_id": "p-1"},
}  # fmt: skip

Replies = Mapping[str, Any]


def a_run(*numbers: str) -> RunState:
    """A run that has made everything, with these numbers."""
    run = RunState()
    for step, outputs in IDS.items():
        run = run.apply(Finished(step=step, at=1.0, outputs=outputs))
    return run.apply(Finished(step="number", at=1.0, outputs={"order_id": "o-1"}, numbers=numbers))


def rows(*items: Mapping[str, Any], total: int | None = None) -> dict[str, Any]:
    """A list in JSON that says how many it has."""
    return {
        "data": list(items),
        "errors": [],
        "page": {"totalElements": len(items) if total is None else total},
    }


SMS_ON = (
    "<SipPeerSmsFeatureResponse><SipPeerSmsFeature><SipPeerSmsFeatureSettings><TollFree>true</TollFree>"
    "<Protocol>HTTP</Protocol><A2pLongCode>DefaultOn</A2pLongCode></SipPeerSmsFeatureSettings></SipPeerSmsFeature></SipPeerSmsFeatureResponse>"
)
LINK = "<ApplicationsSettingsResponse><ApplicationsSettings><HttpMessagingV2AppId>m-1</HttpMessagingV2AppId></ApplicationsSettings></ApplicationsSettingsResponse>"
ORIGINATION = (
    "<SipPeerOriginationSettingsResponse><SipPeerOriginationSettings><VoiceProtocol>HTTP</VoiceProtocol>"
    "<HttpSettings><HttpVoiceV2AppId>v-1</HttpVoiceV2AppId></HttpSettings></SipPeerOriginationSettings></SipPeerOriginationSettingsResponse>"
)
APPLICATION = "<ApplicationProvisioningResponse><Application><ApplicationId>v-1</ApplicationId><CallInitiatedCallbackUrl>https://a.example/in</CallInitiatedCallbackUrl></Application></ApplicationProvisioningResponse>"
NO_ORDERS = "<TnOptionOrderReportResponse><TnOptionOrders><TotalCount>0</TotalCount></TnOptionOrders></TnOptionOrderReportResponse>"
ASSIGNED: Final = {"phoneNumber": f"+1{NUMBER}", "status": "SUCCESS", "campaignId": "CABC"}

LOCATED = "".join(
    f"<SipPeerTelephoneNumber><FullNumber>{each}</FullNumber></SipPeerTelephoneNumber>"
    for each in (NUMBER, OTHER, TOLL_FREE)
)
NO_AGEING = (
    "<TelephoneNumbersResponse><TelephoneNumberCount>0</TelephoneNumberCount></TelephoneNumbersResponse>"
)

GOOD: Final[Replies] = {
    "/sippeers/2/tns": f"<SipPeerTelephoneNumbersResponse><SipPeerTelephoneNumbers>{LOCATED}</SipPeerTelephoneNumbers></SipPeerTelephoneNumbersResponse>",
    "/tns": NO_AGEING,
    "/features/sms": SMS_ON,
    "/applicationSettings": LINK,
    "/origination/settings": ORIGINATION,
    "/applications/v-1": APPLICATION,
    "/tendlc/phoneNumbers": rows(ASSIGNED),
    "/tendlc/campaigns/CABC": {"data": {"campaignId": "CABC", "status": "REGISTERED"}},
    "/tendlc/campaigns": rows({"campaignId": "CABC", "status": "REGISTERED"}),
    "/tendlc/campaigns/CABC/phoneNumbers": rows(),
    "/tnoptions": NO_ORDERS,
    "/tollFreeVerification": {"status": "VERIFIED"},
    "/phoneNumbers/voice": {
        "data": [{"phoneNumber": f"+1{NUMBER}", "voiceConfigurationPackageId": "p-1", "inboundActivated": True}],
        "page": {"afterCursor": None},
    },
    "/voiceConfigurationPackages/p-1": {"data": {"voiceConfigurationPackageId": "p-1", "httpVoiceV2ApplicationId": "v-1"}},
}  # fmt: skip
"""The end of a path and its reply: XML as text, JSON as a value, or a function of the request."""


class Account:
    """Answers each path as told, and remembers what was asked."""

    def __init__(self, replies: Replies) -> None:
        self.replies = replies
        self.asked: list[httpx.Request] = []

    async def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path.endswith("/oauth2/token"):
            return httpx.Response(200, json={"access_token": "t", "expires_in": 3600})
        self.asked.append(request)
        ending = max((end for end in self.replies if request.url.path.endswith(end)), key=len, default="")
        assert ending, f"nothing is scripted for {request.url.path}"
        reply = self.replies[ending]
        if callable(reply):
            reply = reply(request)
        if isinstance(reply, httpx.Response):
            return httpx.Response(reply.status_code, headers=reply.headers, content=reply.content)
        return httpx.Response(200, json=reply) if isinstance(reply, dict) else httpx.Response(200, text=reply)


Read = Callable[..., Any]


@pytest.fixture
async def read(factory: ClientFactory) -> Read:
    """Reads the arrivals of numbers against replies that differ from the good ones as told."""

    async def reading(
        changes: Replies | None = None, *numbers: str, platform: str = "legacy"
    ) -> tuple[list[Arrival], Account]:
        account = Account({**GOOD, **(changes or {})})
        client = await factory.client(
            transport=httpx.MockTransport(account), credentials=OAUTH, clock=factory.ticker.clock()
        )
        answers = guide_answers(account__platform=platform)
        return list(await read_arrivals(client, answers, a_run(*(numbers or (NUMBER,))))), account

    return reading


def of(arrivals: list[Arrival], service: Service, number: str = NUMBER) -> Arrival:
    [found] = [each for each in arrivals if each.service is service and each.number == number]
    return found


@pytest.mark.parametrize("platform", ["legacy", "universal"])
async def test_everything_as_it_should_be_arrives(read: Read, platform: str) -> None:
    arrivals, _ = await read(platform=platform)
    assert [(each.service, each.verdict) for each in arrivals] == [
        (Service.MESSAGES, ArrivalVerdict.YES),
        (Service.CALLS, ArrivalVerdict.YES),
    ]


@pytest.mark.parametrize("platform", ["legacy", "universal"])
async def test_only_gets_are_sent(read: Read, platform: str) -> None:
    _, account = await read({"/tendlc/phoneNumbers": rows()}, NUMBER, TOLL_FREE, platform=platform)
    assert {request.method for request in account.asked} == {"GET"}


async def test_a_run_without_numbers_asks_nothing(factory: ClientFactory) -> None:
    account = Account(GOOD)
    client = await factory.client(transport=httpx.MockTransport(account), clock=factory.ticker.clock())
    assert await read_arrivals(client, guide_answers(), RunState()) == ()
    assert account.asked == []


async def test_each_number_has_a_verdict_of_its_own(read: Read) -> None:
    arrivals, _ = await read({"/tollFreeVerification": {"status": "PENDING"}}, NUMBER, OTHER, TOLL_FREE)
    assert [(each.number, each.verdict) for each in arrivals if each.service is Service.MESSAGES] == [
        (NUMBER, ArrivalVerdict.YES),
        (OTHER, ArrivalVerdict.NO),
        (TOLL_FREE, ArrivalVerdict.NOT_YET),
    ]


# --- 10DLC ---------------------------------------------------------------------------------------------------------


async def test_success_without_a_campaign_is_not_registered(read: Read) -> None:
    arrivals, _ = await read(
        {"/tendlc/phoneNumbers": rows({"phoneNumber": f"+1{NUMBER}", "status": "SUCCESS"})}
    )
    assert of(arrivals, Service.MESSAGES).verdict is ArrivalVerdict.NO


async def test_a_number_of_a_campaigns_own_list_counts_as_on_it(read: Read) -> None:
    arrivals, _ = await read({
        "/tendlc/phoneNumbers": rows(),
        "/tendlc/campaigns/CABC/phoneNumbers": rows({"phoneNumber": f"+1{NUMBER}", "status": "SUCCESS"}),
    })  # fmt: skip
    assert of(arrivals, Service.MESSAGES).verdict is ArrivalVerdict.YES


async def test_campaigns_are_filtered_again_here_since_the_server_may_ignore_a_filter(read: Read) -> None:
    arrivals, account = await read({
        "/tendlc/phoneNumbers": rows(),
        "/tendlc/campaigns": rows({"campaignId": "CDEAD", "status": "EXPIRED"}),
    })  # fmt: skip
    assert of(arrivals, Service.MESSAGES).verdict is ArrivalVerdict.NO
    assert not any("CDEAD" in request.url.path for request in account.asked)


async def test_the_campaigns_that_a_number_could_join_are_named_at_no_further_request(read: Read) -> None:
    arrivals, account = await read({"/tendlc/phoneNumbers": rows()})
    assert of(arrivals, Service.MESSAGES).campaigns == ("CABC",)
    asked = [
        request.url.path.rpartition("/tendlc/")[2]
        for request in account.asked
        if "/tendlc/" in request.url.path
    ]
    assert sorted(asked) == ["campaigns", "campaigns/CABC/phoneNumbers", "phoneNumbers"]


async def test_another_number_that_contains_ours_is_not_ours(read: Read) -> None:
    arrivals, _ = await read({"/tendlc/phoneNumbers": rows({**ASSIGNED, "phoneNumber": f"+1{OTHER}"})})
    assert of(arrivals, Service.MESSAGES).verdict is ArrivalVerdict.NO


def paged(request: httpx.Request) -> dict[str, Any]:
    """Two pages; ours is on the second."""
    others = [{"phoneNumber": f"+1919444{each:04}", "status": "SUCCESS"} for each in range(100)]
    every = [*others, ASSIGNED]
    offset, limit = int(request.url.params["offset"]), int(request.url.params["limit"])
    return rows(*every[offset : offset + limit], total=len(every))


async def test_all_pages_are_read(read: Read) -> None:
    arrivals, account = await read({"/tendlc/phoneNumbers": paged})
    assert of(arrivals, Service.MESSAGES).verdict is ArrivalVerdict.YES
    assert [
        dict(request.url.params)["offset"]
        for request in account.asked
        if request.url.path.endswith("/tendlc/phoneNumbers")
    ] == ["0", "100"]


@pytest.mark.parametrize(
    "listed",
    [
        {"data": [], "errors": []},
        {"data": None, "errors": [], "page": {"totalElements": 0}},
        {"errors": [], "page": {"totalElements": 0}},
        rows(total=7),
        lambda request: rows(total=7) if request.url.params["offset"] != "0" else rows(*[{"phoneNumber": f"+1{OTHER}"}] * 5, total=7),
        lambda _: rows(*[{"phoneNumber": f"+1{OTHER}"}] * 100, total=10_000_000),
        httpx.Response(429, headers={"Retry-After": "9999"}),
        httpx.Response(500),
        httpx.Response(502, text="<html><title>Bad gateway</title></html>"),
        httpx.Response(401),
        "<Something/>",
    ],
    ids=["no page block", "null data", "no data", "empty page that claims more", "cut short", "endless", "429", "500", "502", "401", "no JSON"],
)  # fmt: skip
async def test_a_list_that_is_not_certainly_whole_is_unknown_and_never_a_no(read: Read, listed: Any) -> None:
    arrivals, _ = await read({"/tendlc/phoneNumbers": listed})
    told = of(arrivals, Service.MESSAGES)
    assert told.verdict is ArrivalVerdict.UNKNOWN
    assert told.because.startswith("10DLC campaigns cannot be read")
    assert told.next
    assert of(arrivals, Service.CALLS).verdict is ArrivalVerdict.YES


async def test_a_missing_role_is_told_by_its_name(read: Read) -> None:
    body = {
        "data": None,
        "errors": [
            {"type": "authorization", "description": "The user does not have access rights", "source": {}}
        ],
    }
    arrivals, _ = await read({"/tendlc/phoneNumbers": httpx.Response(403, json=body)})
    told = of(arrivals, Service.MESSAGES)
    assert told.verdict is ArrivalVerdict.UNKNOWN
    assert "role Campaign Management" in told.because


def order(status: str, number: str = NUMBER, action: str = "asSpecified", error: str = "") -> str:
    errors = (
        f"<Error><Code>{error}</Code><Description>refused</Description><TelephoneNumber>+1{number}</TelephoneNumber></Error>"
        if error
        else ""
    )
    return (
        "<TnOptionOrderReportResponse><TnOptionOrders><TotalCount>1</TotalCount><TnOptionOrder>"
        f"<OrderCreateDate>2026-11-29T10:00:00Z</OrderCreateDate><ProcessingStatus>{status}</ProcessingStatus>"
        f"<TnOptionGroups><TnOptionGroup><A2pSettings><Action>{action}</Action></A2pSettings><TelephoneNumbers>"
        f"<TelephoneNumber>+1{number}</TelephoneNumber></TelephoneNumbers></TnOptionGroup></TnOptionGroups>"
        f"<ErrorList>{errors}</ErrorList></TnOptionOrder></TnOptionOrders></TnOptionOrderReportResponse>"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("orders", "verdict"),
    [
        (order("RECEIVED"), ArrivalVerdict.NOT_YET),
        (order("PROCESSING"), ArrivalVerdict.NOT_YET),
        (order("COMPLETE"), ArrivalVerdict.NO),
        (order("PROCESSING", OTHER), ArrivalVerdict.NO),
        (order("PROCESSING", action="delete"), ArrivalVerdict.NO),
        (httpx.Response(404), ArrivalVerdict.NO),
        (httpx.Response(403), ArrivalVerdict.UNKNOWN),
        (httpx.Response(500), ArrivalVerdict.UNKNOWN),
    ],
    ids=["received", "processing", "complete", "another number's", "takes it off", "no orders", "403", "500"],
)
async def test_an_order_under_way_makes_it_not_yet(read: Read, orders: Any, verdict: ArrivalVerdict) -> None:
    arrivals, _ = await read({"/tendlc/phoneNumbers": rows(), "/tnoptions": orders})
    assert of(arrivals, Service.MESSAGES).verdict is verdict


async def test_both_forms_of_the_number_are_tried(read: Read) -> None:
    def by_e164(request: httpx.Request) -> str:
        return order("PROCESSING") if request.url.params["tn"] == f"+1{NUMBER}" else NO_ORDERS

    arrivals, _ = await read({"/tendlc/phoneNumbers": rows(), "/tnoptions": by_e164})
    assert of(arrivals, Service.MESSAGES).verdict is ArrivalVerdict.NOT_YET


async def test_a_failure_is_told_with_its_code(read: Read) -> None:
    arrivals, _ = await read({
        "/tendlc/phoneNumbers": rows({"phoneNumber": f"+1{NUMBER}", "status": "FAILURE"}),
        "/tnoptions": order("FAILED", error="12220"),
    })  # fmt: skip
    told = of(arrivals, Service.MESSAGES)
    assert told.verdict is ArrivalVerdict.NO
    assert "failed: 12220 refused." in told.because


@pytest.mark.parametrize(
    ("campaign", "verdict"),
    [
        ({"data": {"status": "SUSPENDED"}}, ArrivalVerdict.NO),
        ({"data": {}}, ArrivalVerdict.UNKNOWN),
        (httpx.Response(404), ArrivalVerdict.UNKNOWN),
        (httpx.Response(403), ArrivalVerdict.UNKNOWN),
    ],
)
async def test_the_campaign_itself_has_to_be_registered(
    read: Read, campaign: Any, verdict: ArrivalVerdict
) -> None:
    arrivals, _ = await read({"/tendlc/campaigns/CABC": campaign})
    assert of(arrivals, Service.MESSAGES).verdict is verdict


# --- Toll-free -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("reply", "verdict", "because"),
    [
        ({"status": "VERIFIED"}, ArrivalVerdict.YES, ""),
        ({"status": "VERIFIED", "blocked": True, "blockedReason": "Spam"}, ArrivalVerdict.NO, "blocked"),
        ({"status": "UNVERIFIED", "denialStatusCode": 547, "declineReasonDescription": "Wrong contact"}, ArrivalVerdict.NO, "547 Wrong contact"),
        ({"status": "UNVERIFIED", "denialStatusCode": 511, "additionalDenialReasons": [{"statusCode": 1, "reason": "No website"}]}, ArrivalVerdict.NO, "511 No website"),
        (httpx.Response(404, json={"type": "not found", "description": "none"}), ArrivalVerdict.NO, "never submitted"),
        (httpx.Response(403), ArrivalVerdict.UNKNOWN, "cannot be read"),
        (httpx.Response(503), ArrivalVerdict.UNKNOWN, "cannot be read"),
        ({}, ArrivalVerdict.UNKNOWN, "holds no verification"),
    ],
)  # fmt: skip
async def test_a_toll_free_number_is_judged_by_its_verification(
    read: Read, reply: Any, verdict: ArrivalVerdict, because: str
) -> None:
    arrivals, account = await read({"/tollFreeVerification": reply}, TOLL_FREE)
    told = of(arrivals, Service.MESSAGES, TOLL_FREE)
    assert (told.verdict, because in told.because) == (verdict, True)
    assert not any("tendlc" in request.url.path for request in account.asked)


# --- The location, and calls ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changes", "service", "verdict"),
    [
        ({"/features/sms": httpx.Response(404)}, Service.MESSAGES, ArrivalVerdict.NO),
        ({"/features/sms": "<Something/>"}, Service.MESSAGES, ArrivalVerdict.UNKNOWN),
        ({"/features/sms": httpx.Response(403)}, Service.MESSAGES, ArrivalVerdict.UNKNOWN),
        ({"/applicationSettings": re.sub("m-1", "", LINK)}, Service.MESSAGES, ArrivalVerdict.NO),
        ({"/applicationSettings": "<Something/>"}, Service.MESSAGES, ArrivalVerdict.UNKNOWN),
        ({"/origination/settings": httpx.Response(404)}, Service.CALLS, ArrivalVerdict.NO),
        ({"/origination/settings": re.sub(">HTTP<", ">SIP<", ORIGINATION)}, Service.CALLS, ArrivalVerdict.NO),
        ({"/origination/settings": httpx.Response(500)}, Service.CALLS, ArrivalVerdict.UNKNOWN),
        (
            {"/applications/v-1": re.sub("https://a.example/in", "", APPLICATION)},
            Service.CALLS,
            ArrivalVerdict.NO,
        ),
        ({"/applications/v-1": httpx.Response(403)}, Service.CALLS, ArrivalVerdict.UNKNOWN),
        ({"/applications/v-1": "<Something/>"}, Service.CALLS, ArrivalVerdict.UNKNOWN),
    ],
)
async def test_the_location_is_read_and_what_it_does_not_say_is_unknown(
    read: Read, changes: Replies, service: Service, verdict: ArrivalVerdict
) -> None:
    arrivals, _ = await read(changes)
    assert of(arrivals, service).verdict is verdict


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"/phoneNumbers/voice": {"data": [], "page": {"afterCursor": None}}}, ArrivalVerdict.NO),
        ({"/phoneNumbers/voice": {"data": [{"phoneNumber": f"+1{NUMBER}", "voiceConfigurationPackageId": "p-1", "inboundActivated": False}]}}, ArrivalVerdict.NO),
        ({"/phoneNumbers/voice": {"data": [{"phoneNumber": f"+1{NUMBER}", "voiceConfigurationPackageId": "p-1"}]}}, ArrivalVerdict.UNKNOWN),
        ({"/phoneNumbers/voice": httpx.Response(403)}, ArrivalVerdict.UNKNOWN),
        ({"/phoneNumbers/voice": {"data": None}}, ArrivalVerdict.UNKNOWN),
        ({"/voiceConfigurationPackages/p-1": {"data": {"httpVoiceV2ApplicationId": None, "name": "V"}}}, ArrivalVerdict.NO),
        ({"/voiceConfigurationPackages/p-1": {"data": None}}, ArrivalVerdict.UNKNOWN),
        ({"/voiceConfigurationPackages/p-1": httpx.Response(404)}, ArrivalVerdict.UNKNOWN),
    ],
)  # fmt: skip
async def test_on_the_universal_platform_the_package_carries_the_calls(
    read: Read, changes: Replies, verdict: ArrivalVerdict
) -> None:
    arrivals, _ = await read(changes, platform="universal")
    assert of(arrivals, Service.CALLS).verdict is verdict


async def test_calls_are_unknown_while_the_platform_is(read: Read) -> None:
    arrivals, _ = await read(platform="unknown")
    assert of(arrivals, Service.CALLS).verdict is ArrivalVerdict.UNKNOWN
