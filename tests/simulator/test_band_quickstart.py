"""`band quickstart` of Bandwidth's CLI, its default way by a package: the requests that it sent, sent again.

Recorded from the CLI (cmd/quickstart/quickstart.go) at work on this simulator; its run ended with `"status": "complete"`.
"""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import httpx
import pytest

from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings

ACCOUNT = "/api/v2/accounts/9900000"
PACKAGES = "/v2/accounts/9900000/voiceConfigurationPackages"
VOICE = "/v2/accounts/9900000/phoneNumbers/voice?voiceConfigurationPackageId="
XML = {"content-type": "application/xml"}
JSON = {"content-type": "application/json"}
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n'
APPLICATION = (
    "<Application><AppName>Quickstart App</AppName><CallInitiatedCallbackUrl>https://example.com/voice"
    "</CallInitiatedCallbackUrl><ServiceType>Voice-V2</ServiceType></Application>"
)
SITE = "<Site><Name>Quickstart Sub-account</Name></Site>"
PEER = "<SipPeer><IsDefaultPeer>true</IsDefaultPeer><PeerName>Quickstart Sub-account Location</PeerName></SipPeer>"
ORDER = (
    "<Order><ExistingTelephoneNumberOrderType><TelephoneNumberList><TelephoneNumber>{number}</TelephoneNumber>"
    "</TelephoneNumberList></ExistingTelephoneNumberOrderType><SiteId>{site}</SiteId></Order>"
)


class Band:
    """Sends requests as `band` does, with a token, and reads ids from bodies alone."""

    def __init__(self, origin: str) -> None:
        self.http = httpx.Client(base_url=origin)
        reply = self.http.post(
            "/api/v1/oauth2/token",
            content="grant_type=client_credentials",
            headers={"content-type": "application/x-www-form-urlencoded"},
            auth=("demo", "demo-secret"),
        )
        self.http.headers["authorization"] = f"Bearer {reply.json()['access_token']}"

    def close(self) -> None:
        self.http.close()

    def dashboard(self, method: str, path: str, body: str | None = None) -> str:
        content = None if body is None else DECLARATION + body
        reply = self.http.request(method, ACCOUNT + path, content=content, headers=XML if body else None)
        assert reply.is_success, reply.text
        return reply.text

    def platform(self, method: str, path: str, body: Any = None) -> httpx.Response:
        content = None if body is None else json.dumps(body)
        return self.http.request(method, path, content=content, headers=JSON if body else None)


def text_of(document: str, tag: str) -> str:
    return document.partition(f"<{tag}>")[2].partition(f"</{tag}>")[0]


@pytest.fixture
def simulator() -> Iterator[RunningSimulator]:
    with RunningSimulator(Settings(platform="universal", order_seconds=0.05)) as running:
        yield running


def until(met: Callable[[], bool]) -> None:
    """Ask again until it is so; each question is a request, and the test's timeout is the limit."""
    while not met():
        pass


def quickstart(band: Band) -> str:
    """The first run, step by step; returns the number."""
    assert "Quickstart App" not in band.dashboard("GET", "/applications")
    application = text_of(band.dashboard("POST", "/applications", APPLICATION), "ApplicationId")

    assert band.platform("GET", PACKAGES).json()["data"] == []
    made = band.platform(
        "POST", PACKAGES, {"httpVoiceV2ApplicationId": application, "name": "Quickstart VCP"}
    )
    assert made.is_success
    package = made.json()["data"]["voiceConfigurationPackageId"]

    assert band.platform("GET", VOICE + package).json()["data"] == []

    assert "Quickstart" not in band.dashboard("GET", "/sites")
    site = text_of(band.dashboard("POST", "/sites", SITE), "Id")
    assert "Quickstart" not in band.dashboard("GET", f"/sites/{site}/sippeers")
    assert text_of(band.dashboard("POST", f"/sites/{site}/sippeers", PEER), "PeerId")

    number = text_of(band.dashboard("GET", "/availableNumbers?areaCode=919&quantity=1"), "TelephoneNumber")
    assert number.startswith("+1919")
    band.dashboard("POST", "/orders", ORDER.format(number=number, site=site))

    def assigned() -> bool:
        body = {"action": "ADD", "phoneNumbers": [number]}
        reply = band.platform("POST", f"{PACKAGES}/{package}/phoneNumbers/bulk", body)
        assert reply.is_success or (reply.status_code == 400 and "VCS-0044" in reply.text)
        return reply.is_success

    until(assigned)
    assert [row["phoneNumber"] for row in band.platform("GET", VOICE + package).json()["data"]] == [number]
    return number


def test_quickstart_completes_and_its_second_run_finds_everything(simulator: RunningSimulator) -> None:
    with closing(Band(simulator.origin)) as band:
        number = quickstart(band)
        applications = band.dashboard("GET", "/applications")
        assert applications.count("<AppName>Quickstart App</AppName>") == 1
        (package,) = band.platform("GET", PACKAGES).json()["data"]
        assert package["name"] == "Quickstart VCP"
        assert (
            band.platform("GET", VOICE + package["voiceConfigurationPackageId"]).json()["data"][0][
                "phoneNumber"
            ]
            == number
        )
        assert len(simulator.account.orders) == 1


def test_quickstart_is_refused_its_package_on_a_legacy_account() -> None:
    """403 with an empty body; the CLI then names its --legacy way."""
    with RunningSimulator(Settings()) as simulator, closing(Band(simulator.origin)) as band:
        band.dashboard("POST", "/applications", APPLICATION)
        refused = band.platform("GET", PACKAGES)
        assert (refused.status_code, refused.content) == (403, b"")
