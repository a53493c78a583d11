"""The catalogue against what Bandwidth's guide prints: the witness that it did not write."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Final
from xml.etree import ElementTree as ET

import httpx
import pytest

from bwtui.api.client import Basic, Client, Reply
from bwtui.api.wire import find, new_id
from bwtui.domain.account.findings import Difference, differences
from bwtui.domain.catalog import STEPS
from bwtui.domain.fields import Choice, Const, Flag, Part, Ref, Text
from bwtui.domain.planning.requests import Known, body, create_request
from bwtui.domain.platform import Platform
from bwtui.domain.steps import FoundInList, Step
from bwtui.domain.values.secret import Secret
from bwtui.engine.replies import flatten
from support.guide import DOCUMENTED, guide_answers

HOST: Final = "https://dashboard.bandwidth.com/api"
KNOWN: Final = Known(
    account_id="9900000",
    site_id="12345",
    sippeer_id="500709",
    messaging_app_id="590cde45-c05d-44e3-a77a-59fd10f17c26",
    voice_app_id="0fff897a-3ee3-4e7e-94d7-89a067cdfe6b",
)
"""Ids as the guide's replies have them; only the location's is nowhere printed."""
PRINTED: Final = {
    "{accountId}": KNOWN.id("account_id"),
    "{siteId}": KNOWN.id("site_id"),
    "{sippeerId}": KNOWN.id("sippeer_id"),
    "{voice-applicationId}": KNOWN.id("voice_app_id"),
    "{basePath}": "dashboard.bandwidth.com/api",
}
DESCRIBED: Final = {
    step.key: step
    for step in STEPS
    if step.key not in ("number", "campaign") and step.platform is not Platform.UNIVERSAL
}
"""The steps that the guide describes itself; for numbers it only points elsewhere, and it knows legacy accounts alone, without campaigns."""


@dataclass(frozen=True)
class Sample:
    """One message as printed, its placeholders filled in."""

    start: str
    headers: dict[str, str]
    xml: str


@cache
def sample(name: str) -> Sample:
    text = (DOCUMENTED / name).read_text()
    for placeholder, value in PRINTED.items():
        text = text.replace(placeholder, value)
    head, _, xml = text.partition("\n\n")
    start, *headers = head.splitlines()
    return Sample(start, dict(line.split(": ", 1) for line in headers), xml.strip())


async def exchange(step: Step) -> tuple[httpx.Request, Reply]:
    """Send the step's request for the guide's answers; the reply is the one that the guide prints."""
    printed = sample(f"{step.key}.response.http")
    asked: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request)
        status = int(printed.start.split()[1])
        return httpx.Response(status, headers=printed.headers, content=printed.xml.encode())

    credentials = Basic("username", Secret("password"))
    async with Client(
        base_url=HOST, credentials=credentials, transport=httpx.MockTransport(answer)
    ) as client:
        reply = await client.send(create_request(step, guide_answers(), KNOWN))
    (request,) = asked
    return request, reply


def outline(element: ET.Element) -> tuple[str, str, list[object]]:
    return element.tag, (element.text or "").strip(), [outline(child) for child in element]


def test_every_printed_message_is_one_of_a_step_that_the_guide_describes() -> None:
    files = {path.name for path in DOCUMENTED.iterdir()} - {"README.md"}
    assert files == {f"{key}.{half}.http" for key in DESCRIBED for half in ("request", "response")}


@pytest.mark.parametrize("key", DESCRIBED)
async def test_the_request_is_the_printed_one_element_by_element(key: str) -> None:
    printed = sample(f"{key}.request.http")
    request, _ = await exchange(DESCRIBED[key])
    assert request.method == printed.start.split()[0]
    assert request.headers["Content-Type"] == printed.headers["Content-Type"]
    assert request.headers["Authorization"] == printed.headers["Authorization"]
    assert outline(ET.fromstring(request.content)) == outline(ET.fromstring(printed.xml))


@pytest.mark.parametrize("key", [key for key in DESCRIBED if key != "messaging_link"])
async def test_the_request_goes_to_the_printed_address(key: str) -> None:
    request, _ = await exchange(DESCRIBED[key])
    assert str(request.url) == sample(f"{key}.request.http").start.split()[1]


async def test_assigning_messaging_goes_to_the_described_address_and_not_to_the_one_of_its_sample() -> None:
    """The sample prints the URL of another call; the section's own "Request URL" line is right."""
    request, _ = await exchange(DESCRIBED["messaging_link"])
    location = f"{HOST}/accounts/9900000/sites/12345/sippeers/500709"
    assert str(request.url) == f"{location}/products/messaging/applicationSettings"
    printed = sample("messaging_link.request.http").start.split()[1]
    assert printed == f"{HOST}/accounts/9900000/applications"


@pytest.mark.parametrize(
    "key", [key for key, step in DESCRIBED.items() if isinstance(step.found_by, FoundInList)]
)
async def test_the_printed_reply_names_the_new_id(key: str) -> None:
    step = DESCRIBED[key]
    assert isinstance(step.found_by, FoundInList)
    _, reply = await exchange(step)
    assert new_id(reply, step.found_by.id) == KNOWN[step.produces]


SLIPS: Final = {"messaging_app": (Difference("AppName", "Production Server", "Setup Test"),)}
"""Replies of the guide that do not show the values of their own requests."""


@pytest.mark.parametrize("key", [key for key in DESCRIBED if key != "sippeer"])  # its reply has no body
async def test_the_printed_reply_shows_what_was_sent(key: str) -> None:
    step = DESCRIBED[key]
    _, reply = await exchange(step)
    shown = flatten(find(reply.document, step.root))
    assert shown
    assert differences(step, body(step, guide_answers(), KNOWN), shown) == SLIPS.get(key, ())


@pytest.mark.parametrize("key", [key for key in DESCRIBED if key != "sippeer"])
async def test_a_printed_reply_with_any_text_changed_is_seen_as_different(key: str) -> None:
    step = DESCRIBED[key]
    _, reply = await exchange(step)
    shown = {
        path: tuple(f"{text}-other" for text in texts)
        for path, texts in flatten(find(reply.document, step.root)).items()
    }
    wanted = body(step, guide_answers(), KNOWN)
    assert {each.path for each in differences(step, wanted, shown)} == set(sent_paths(step)) - {
        "CallbackCreds/Password"
    }


def sent_paths(step: Step) -> Iterator[str]:
    """The elements with a text that the guide's request has, from the printed sample."""

    def walk(element: ET.Element, path: str) -> Iterator[str]:
        for child in element:
            yield from walk(child, f"{path}/{child.tag}" if path else child.tag)
        if not len(element) and (element.text or "").strip():
            yield path

    return walk(ET.fromstring(sample(f"{step.key}.request.http").xml), "")


# --- The tables of fields ------------------------------------------------------------------------------------------

TABLES: Final[dict[str, dict[str, bool]]] = {
    "site": {
        "Name": True,
        "Description": False,
        "CustomerProvidedID": False,
        "CustomerName": False,
        "Address": True,
        "Address.HouseNumber": True,
        "Address.HousePrefix": False,
        "Address.HouseSuffix": False,
        "Address.StreetName": True,
        "Address.StreetSuffix": False,
        "Address.AddressLine2": False,
        "Address.City": True,
        "Address.StateCode": True,
        "Address.Zip": True,
        "Address.PlusFour": False,
        "Address.County": False,
        "Address.Country": False,
        "Address.AddressType": True,
    },
    "sippeer": {"PeerName": True, "IsDefaultPeer": False},
    "sms": {
        "TollFree": True,
        "ShortCode": True,
        "Protocol": True,
        "Zone1": True,
        "Zone2": True,
        "Zone3": True,
        "Zone4": True,
        "Zone5": True,
    },
    "mms": {"Protocol": True},
    "messaging_app": {
        "ServiceType": True,
        "AppName": True,
        "MsgCallbackUrl": True,
        "CallbackCreds": False,
        "CallbackCreds.UserId": False,
        "CallbackCreds.Password": False,
    },
    "messaging_link": {"HttpMessagingV2AppId": True},
    "voice_app": {
        "ServiceType": True,
        "AppName": True,
        "CallInitiatedCallbackUrl": True,
        "CallStatusCallbackUrl": False,
        "CallbackCreds": False,
        "CallbackCreds.UserId": False,
        "CallbackCreds.Password": False,
    },
    "voice_link": {"VoiceProtocol": True, "HttpSettings": True, "HttpVoiceV2AppId": True},
}
"""Each table of the guide: the field as it is printed there, and whether it is required."""

WITHIN: Final = {
    "sms": ("SipPeerSmsFeatureSettings",),
    "mms": ("MmsSettings",),
    "voice_link": ("HttpSettings",),
}
"""The elements that the guide's tables leave out of a field's name and its samples put around it."""

BEYOND: Final = {
    "site": {
        "Address/PreDirectional": "Bandwidth's own corrections of an address carry it",
        "Address/PostDirectional": "Bandwidth's own corrections of an address carry it",
    },
    "sms": {
        "SipPeerSmsFeatureSettings/A2pLongCode": "a 10DLC campaign asks for it",
        "HttpSettings": "the sample has it empty, the table does not name it",
    },
    "mms": {"Protocols/HTTP/HttpSettings": "the sample has it empty, the table does not name it"},
    "messaging_app": {
        "InboundCallbackUrl": "newer documents split MsgCallbackUrl in two",
        "OutboundCallbackUrl": "newer documents split MsgCallbackUrl in two",
    },
}
"""Elements that are sent and stand in no table, each with the reason."""


def must_be_sent(part: Part) -> bool:
    match part:
        case Const() | Ref():
            return True
        case Text() | Choice() | Flag():
            return part.required


def test_every_section_of_the_guide_has_its_table_here() -> None:
    assert TABLES.keys() == DESCRIBED.keys()


@pytest.mark.parametrize("key", TABLES)
def test_every_field_of_the_guide_is_in_the_catalogue_and_nothing_else(key: str) -> None:
    parts = {part.wire: part for part in DESCRIBED[key].body}
    parents = {wire.rpartition("/")[0] for wire in parts}
    expected = set()
    for field, required in TABLES[key].items():
        bare = field.replace(".", "/")
        names = [bare, *(f"{around}/{bare}" for around in WITHIN.get(key, ()))]
        if bare in parents and bare not in parts:
            below = [part for wire, part in parts.items() if wire.startswith(f"{bare}/")]
            assert any(map(must_be_sent, below)) is required, field
            continue
        (wire,) = (name for name in names if name in parts)
        assert must_be_sent(parts[wire]) is required, field
        expected.add(wire)
    assert parts.keys() - expected == BEYOND.get(key, {}).keys()


@pytest.mark.parametrize(
    ("key", "wire", "value"),
    [
        ("sms", "SipPeerSmsFeatureSettings/Protocol", "HTTP"),
        ("sms", "SipPeerSmsFeatureSettings/Zone1", "true"),
        ("mms", "MmsSettings/Protocol", "HTTP"),
        ("messaging_app", "ServiceType", "Messaging-V2"),
        ("voice_app", "ServiceType", "Voice-V2"),
        ("voice_link", "VoiceProtocol", "HTTP"),
    ],
)
def test_values_that_the_guide_prescribes_are_not_asked(key: str, wire: str, value: str) -> None:
    (part,) = (part for part in DESCRIBED[key].body if part.wire == wire)
    assert isinstance(part, Const)
    assert part.value == value


@pytest.mark.parametrize(
    ("key", "wire"),
    [
        ("sippeer", "IsDefaultPeer"),
        *(
            ("sms", f"SipPeerSmsFeatureSettings/{name}")
            for name in ("TollFree", "ShortCode", "Zone2", "Zone3", "Zone4", "Zone5")
        ),
    ],
)
def test_what_the_guide_calls_boolean_is_a_yes_or_no(key: str, wire: str) -> None:
    (part,) = (part for part in DESCRIBED[key].body if part.wire == wire)
    assert isinstance(part, Flag)


@pytest.mark.parametrize(
    ("key", "wire", "limit"),
    [
        ("site", "Name", 10),
        ("site", "CustomerProvidedID", 10),
        ("site", "CustomerName", 50),
        ("site", "Address/StateCode", 2),
        ("site", "Address/PlusFour", 4),
    ],
)
def test_the_guides_limit_blocks_and_is_named_as_its_own(key: str, wire: str, limit: int) -> None:
    (part,) = (part for part in DESCRIBED[key].body if part.wire == wire)
    assert isinstance(part, Text)
    assert part.limit == limit
    assert part.check
    assert part.check("1" * (limit + 1))
    assert part.source.startswith("guide")
