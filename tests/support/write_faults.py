"""Helpers for the tests of failures: the writes of a run, faults for them, and the checks at the end."""

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import httpx

from bwtui.api.client import Client, OAuth, token_url_for
from bwtui.cli.commands.verify import verify
from bwtui.cli.output import Output
from bwtui.connected_services import ConnectedServices
from bwtui.domain.answers.answers import Answers
from bwtui.domain.runs.run import Status
from bwtui.domain.values.secret import Secret
from bwtui.engine.waiting import Pace
from bwtui.exits import Exit
from support.in_process import BASE_URL, QUICK, ApplyOutcome, Harness

ACCOUNT: Final = "/accounts/9900000"


@dataclass(frozen=True, slots=True)
class Write:
    """One of the requests by which the guide's example changes the account."""

    method: str
    path: str
    nth: int = 1
    """The two applications are made at the same place, messaging first."""


WRITES: Final[Mapping[str, Write]] = {
    "site": Write("POST", "/accounts/*/sites"),
    "sippeer": Write("POST", "/accounts/*/sites/*/sippeers"),
    "sms": Write("POST", "**/features/sms"),
    "mms": Write("POST", "**/features/mms"),
    "number": Write("POST", "/accounts/*/orders"),
    "messaging_app": Write("POST", "/accounts/*/applications"),
    "messaging_link": Write("PUT", "**/messaging/applicationSettings"),
    "voice_app": Write("POST", "/accounts/*/applications", nth=2),
    "voice_link": Write("POST", "**/origination/settings"),
}
"""By step."""

UNIVERSAL: Final = ("voice_package", "voice_numbers", "activation")
"""The steps that take the place of the voice link on the Universal Platform."""


def fault(action: str, **fields: object) -> str:
    """One table of a faults file."""
    lines = [f"{name} = {_toml(value)}" for name, value in {"action": action, **fields}.items()]
    return "\n".join(["[[fault]]", *lines, ""])


def fault_at(step: str, action: str, **fields: object) -> str:
    """A fault that meets the write of a step."""
    write = WRITES[step]
    return fault(action, method=write.method, path=write.path, **{"nth": write.nth, **fields})


def _toml(value: object) -> str:
    if isinstance(value, Mapping):
        return (
            "{ " + ", ".join(f"{json.dumps(name)} = {_toml(inner)}" for name, inner in value.items()) + " }"
        )
    return json.dumps(value)


def error(code: str, text: str = "No.") -> str:
    """A refusal as the XML API words it."""
    return (
        f"<ErrorResponse><ResponseStatus><ErrorCode>{code}</ErrorCode><Description>{text}</Description>"
        "</ResponseStatus></ErrorResponse>"
    )


# --- What a run has said -----------------------------------------------------------------------------------------


def problems(outcome: ApplyOutcome) -> dict[str, dict[str, Any]]:
    """Return the problems of a run, by operation."""
    told = (event["problem"] for event in outcome.events if event["event"] in ("failed", "problem"))
    return {problem["operation"]: problem for problem in told}


def assert_explained(outcome: ApplyOutcome) -> None:
    """Whatever went wrong is told with what happened, what was not changed and what to do now."""
    assert outcome.result["event"] == "result"
    assert outcome.result["exit"] == outcome.exit
    if outcome.exit is Exit.DONE:
        assert outcome.result["status"] == "done"
        return
    assert outcome.result["status"] != "done"
    for problem in problems(outcome).values():
        for part in ("happened", "unchanged", "todo"):
            assert problem[part]
            assert problem[part] in outcome.said


# --- What must be true in the end --------------------------------------------------------------------------------


def what_is_wrong(state: dict[str, Any], platform: str = "legacy") -> list[str]:
    """Everything about an account that is not exactly what the guide's example makes, once."""
    is_universal = platform == "universal"
    kinds = sorted(application["service_type"] for application in state["applications"])
    found = {
        "sites": [site["name"] for site in state["sites"]],
        "locations": [peer["name"] for peer in state["sippeers"]],
        "applications": kinds,
        "orders": [order["status"] for order in state["orders"]],
        "numbers": [number["status"] for number in state["numbers"]],
        "links": sorted(link["kind"] for link in state["links"]),
        "packages": [package["name"] for package in state["voice_packages"]],
        "in a package": sum(len(package["numbers"]) for package in state["voice_packages"]),
        "services": [sorted(number["services"]) for number in state["numbers"] if number["services"]],
        "messaging": [
            (peer["sms"]["Protocol"] if peer["sms"] else None, peer["mms"]) for peer in state["sippeers"]
        ],
    }
    wanted = {
        "sites": ["SetupTest"],
        "locations": ["Setup Test SIP Peer"],
        "applications": ["Messaging-V2", "Voice-V2"],
        "orders": ["COMPLETE"],
        "numbers": ["Inservice"],
        "links": ["messaging"] if is_universal else ["messaging", "voice"],
        "packages": ["Setup Test Voice"] if is_universal else [],
        "in a package": int(is_universal),
        "services": [["messaging/ALL", "voice/INBOUND", "voice/OUTBOUND_NATIONAL"]] if is_universal else [],
        "messaging": [("HTTP", "HTTP")],
    }
    return [f"{name}: {found[name]}" for name in wanted if found[name] != wanted[name]]


async def assert_finished(harness: Harness, *, quantity: int = 1, orders: int = 1) -> None:
    """Exactly one of each, linked, with as many numbers as wanted, and all of it as the state file says."""
    state, outputs = await harness.state(), harness.run.outputs
    is_universal = harness.settings.platform == "universal"
    steps = [*filter(lambda step: step != "voice_link", WRITES), *UNIVERSAL] if is_universal else [*WRITES]
    assert all(harness.run.step(step).made for step in steps)
    assert [site["id"] for site in state["sites"]] == [outputs["site_id"]]
    [location] = state["sippeers"]
    assert (location["id"], location["site_id"]) == (outputs["sippeer_id"], outputs["site_id"])
    kinds = {application["service_type"]: application["id"] for application in state["applications"]}
    assert kinds == {"Messaging-V2": outputs["messaging_app_id"], "Voice-V2": outputs["voice_app_id"]}
    assert len(state["applications"]) == 2
    assert location["messaging_app_id"] == outputs["messaging_app_id"]
    assert (location["sms"]["Protocol"], location["mms"]) == ("HTTP", "HTTP")
    if is_universal:
        assert_voice_package(state, outputs)
    else:
        assert (location["voice_app_id"], location["voice_protocol"]) == (outputs["voice_app_id"], "HTTP")
    assert len(state["orders"]) == orders
    bought = [number for order in state["orders"] for number in order["completed"]]
    assert len(bought) == len(set(bought)) == quantity
    assert sorted(bought) == sorted(location["numbers"]) == sorted(harness.run.numbers)
    assert outputs["order_id"] in {order["id"] for order in state["orders"] if order["completed"]}


def assert_voice_package(state: dict[str, Any], outputs: Mapping[str, str]) -> None:
    """One package, ours, with the voice application and every number; its services are active, and no others."""
    [package] = state["voice_packages"]
    assert package["id"] == outputs["voice_package_id"].lower()
    assert package["httpVoiceV2ApplicationId"] == outputs["voice_app_id"].lower()
    assert sorted(package["numbers"]) == sorted(number["tn"] for number in state["numbers"])
    for number in state["numbers"]:
        assert sorted(number["services"]) == ["messaging/ALL", "voice/INBOUND", "voice/OUTBOUND_NATIONAL"]


async def assert_one_more_run_finishes(
    harness: Harness, *, quantity: int = 1, orders: int = 1
) -> ApplyOutcome:
    """Lift all faults and run once more: done, and nothing is there twice; what was done before is left alone."""
    harness.fail("")
    done_before, before = set(WRITES) <= _done(harness), await harness.writes()
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(harness, quantity=quantity, orders=orders)
    if done_before:
        assert await harness.writes() == before
    return outcome


def _done(harness: Harness) -> set[str]:
    return {key for key, record in harness.run.steps.items() if record.status is Status.DONE}


async def reads(harness: Harness) -> list[str]:
    """The paths of all GET requests."""
    return [entry["path"] for entry in await harness.log() if entry["method"] == "GET"]


# --- Other hands on the same account -----------------------------------------------------------------------------

SITE: Final = (
    "<Site><Name>SetupTest</Name><Description>{}</Description><CustomerName>BW</CustomerName><Address>"
    "<HouseNumber>900</HouseNumber><StreetName>Main Campus Dr</StreetName><City>RALEIGH</City>"
    "<StateCode>NC</StateCode><Zip>27606</Zip><AddressType>Billing</AddressType></Address></Site>"
)
MESSAGING: Final = (
    "<Application><ServiceType>Messaging-V2</ServiceType><AppName>Production Server</AppName>"
    "<MsgCallbackUrl>https://example.com/callbacks</MsgCallbackUrl></Application>"
)
VOICE: Final = (
    "<Application><ServiceType>Voice-V2</ServiceType><AppName>Setup Test Voice</AppName>"
    "<CallInitiatedCallbackUrl>https://example.com/init</CallInitiatedCallbackUrl></Application>"
)


async def elsewhere(harness: Harness, method: str, path: str, body: str = "") -> httpx.Response:
    """Change the account as somebody else does; `path` is below it: `/sites`."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(harness.app), auth=("demo", "demo-secret")
    ) as client:
        headers = {"Content-Type": "application/xml"} if body else {}
        url = f"{BASE_URL}{ACCOUNT}{path}"
        response = await client.request(method, url, content=body, headers=headers)
        assert response.is_success, response.text
        return response


async def package_elsewhere(harness: Harness, name: str) -> str:
    """Make a voice package as somebody else does; give its id."""
    async with httpx.AsyncClient(
        transport=httpx.ASGITransport(harness.app), auth=("demo", "demo-secret")
    ) as client:
        url = f"{BASE_URL.removesuffix('/api')}/v2{ACCOUNT}/voiceConfigurationPackages"
        made = (await client.post(url, json={"name": name})).json()
        id_: str = made["data"]["voiceConfigurationPackageId"]
        return id_


async def read_back(harness: Harness, answers: Answers | None = None) -> ApplyOutcome:
    """Run `verify`, as the command line does."""
    out, err = io.StringIO(), io.StringIO()
    async with Client(
        base_url=BASE_URL,
        credentials=OAuth("demo", Secret("demo-secret"), token_url_for(BASE_URL)),
        timing=QUICK,
        transport=httpx.ASGITransport(harness.app),
    ) as client:
        services = ConnectedServices(
            client,
            Pace(settle=0, attempt=0, visible=0, first_poll=0.01, longest_poll=0.05, located=0.1),
            lambda _: None,
        )
        output = Output(as_json=True, stdout=out, stderr=err)
        code = await verify(services, answers or harness.answers, harness.run, output)
    events = [json.loads(line) for line in out.getvalue().splitlines()]
    return ApplyOutcome(exit=code, events=events, out=out.getvalue(), said=err.getvalue())


async def made_elsewhere(harness: Harness, path: str, body: str) -> str:
    """Make something in the App, as it were; give its id."""
    return (await elsewhere(harness, "POST", path, body)).headers["Location"].rpartition("/")[2]


async def location_elsewhere(harness: Harness) -> tuple[str, str]:
    """A sub-account and its only location, made by somebody else; gives their ids."""
    site_id = await made_elsewhere(harness, "/sites", SITE.format("Not ours"))
    body = "<SipPeer><PeerName>Main</PeerName><IsDefaultPeer>true</IsDefaultPeer></SipPeer>"
    return site_id, await made_elsewhere(harness, f"/sites/{site_id}/sippeers", body)
