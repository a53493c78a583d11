"""A client of a simulator: in-process, with a clock that moves only when it is told to."""

import asyncio
import json
import xml.etree.ElementTree as ET
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from bwtui.simulator.app import create_app
from bwtui.simulator.fault_script import parse
from bwtui.simulator.settings import Settings
from bwtui.simulator.simulated_account import SimulatedAccount
from simulator.receiver import Receiver, receiving

ADDRESS = (
    "<Address><HouseNumber>900</HouseNumber><StreetName>Main Campus Dr</StreetName><City>RALEIGH</City>"
    "<StateCode>NC</StateCode><Zip>27606</Zip><AddressType>Billing</AddressType></Address>"
)
SMS = (
    "<SipPeerSmsFeature><SipPeerSmsFeatureSettings><TollFree>true</TollFree><ShortCode>true</ShortCode>"
    "<Protocol>HTTP</Protocol><Zone1>true</Zone1></SipPeerSmsFeatureSettings><HttpSettings/></SipPeerSmsFeature>"
)
MMS = (
    "<MmsFeature><MmsSettings><Protocol>HTTP</Protocol></MmsSettings>"
    "<Protocols><HTTP><HttpSettings/></HTTP></Protocols></MmsFeature>"
)

JSON = {"content-type": "application/json"}
PACKAGES = "/voiceConfigurationPackages"


class Clock:
    """A clock that tests set."""

    def __init__(self) -> None:
        self.now = 1_795_000_000.0

    def __call__(self) -> float:
        return self.now

    def advance(self, seconds: float) -> None:
        self.now += seconds


@dataclass(frozen=True, slots=True)
class Answer:
    """A reply, read."""

    status: int
    text: str
    headers: httpx.Headers

    @property
    def xml(self) -> ET.Element:
        return ET.fromstring(self.text)

    def value(self, path: str) -> str | None:
        """Text of the first element of that name, anywhere."""
        return self.xml.findtext(f".//{path}")

    def values(self, path: str) -> list[str]:
        return [found.text or "" for found in self.xml.iterfind(f".//{path}")]

    @property
    def code(self) -> tuple[int, str | None]:
        """Status and error code, in whatever envelope."""
        return self.status, self.value("ErrorCode") or self.value("Error/Code")

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def data(self) -> Any:
        """The data of an envelope."""
        return self.body["data"]

    @property
    def refusals(self) -> tuple[int, list[str]]:
        """Status and error codes of an envelope."""
        return self.status, [error["code"] for error in self.body["errors"]]

    @property
    def new_id(self) -> str:
        assert self.status == 201, self.text
        return self.headers["location"].rpartition("/")[2]


class SimulatorClient:
    """Asks the simulator, and knows how to get to a usual state in few words."""

    def __init__(self, settings: Settings) -> None:
        self.clock = Clock()
        self.account = SimulatedAccount(settings, clock=self.clock)
        self.settings = settings
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(create_app(settings, self.account)),
            base_url="http://simulator",
            auth=(settings.username, settings.password),
        )
        self.prefix = "/api"

    async def ask(self, method: str, path: str, body: str | None = None, **more: Any) -> Answer:
        """`/sites` is below the account; `//tns` and `///_simulator` leave out account and prefix."""
        if path.startswith("///"):
            url = path[2:]
        elif path.startswith("//"):
            url = self.prefix + path[1:]
        else:
            url = f"{self.prefix}/accounts/{self.settings.account_id}{path}"
        reply = await self.client.request(method, url, content=body, **more)
        return Answer(reply.status_code, reply.text, reply.headers)

    async def get(self, path: str, **more: Any) -> Answer:
        return await self.ask("GET", path, **more)

    async def post(self, path: str, body: str, **more: Any) -> Answer:
        return await self.ask("POST", path, body, **more)

    async def put(self, path: str, body: str, **more: Any) -> Answer:
        return await self.ask("PUT", path, body, **more)

    async def delete(self, path: str) -> Answer:
        return await self.ask("DELETE", path)

    async def site(self, name: str = "Office") -> str:
        return (await self.post("/sites", f"<Site><Name>{name}</Name>{ADDRESS}</Site>")).new_id

    async def peer(self, site: str, name: str = "Here", *, default: bool | None = None) -> str:
        """The path of a new location."""
        flag = "" if default is None else f"<IsDefaultPeer>{str(default).lower()}</IsDefaultPeer>"
        body = f"<SipPeer><PeerName>{name}</PeerName>{flag}</SipPeer>"
        made = await self.post(f"/sites/{site}/sippeers", body)
        return f"/sites/{site}/sippeers/{made.new_id}"

    async def messaging_app(self, name: str = "Messages", url: str = "https://example.net/m") -> str:
        return await self._app("Messaging-V2", name, f"<MsgCallbackUrl>{url}</MsgCallbackUrl>")

    async def voice_app(self, name: str = "Calls") -> str:
        url = "<CallInitiatedCallbackUrl>https://example.net/v</CallInitiatedCallbackUrl>"
        return await self._app("Voice-V2", name, url)

    async def _app(self, service: str, name: str, rest: str) -> str:
        body = f"<ServiceType>{service}</ServiceType><AppName>{name}</AppName>{rest}"
        return (await self.post("/applications", f"<Application>{body}</Application>")).new_id

    async def link_messaging(self, peer: str, application: str) -> Answer:
        link = f"<HttpMessagingV2AppId>{application}</HttpMessagingV2AppId>"
        path = f"{peer}/products/messaging/applicationSettings"
        return await self.put(path, f"<ApplicationsSettings>{link}</ApplicationsSettings>")

    async def link_voice(self, peer: str, application: str) -> Answer:
        link = f"<HttpSettings><HttpVoiceV2AppId>{application}</HttpVoiceV2AppId></HttpSettings>"
        body = f"<VoiceProtocol>HTTP</VoiceProtocol>{link}"
        path = f"{peer}/products/origination/settings"
        return await self.post(path, f"<SipPeerOriginationSettings>{body}</SipPeerOriginationSettings>")

    async def json(self, method: str, path: str, body: Any = None, **more: Any) -> Answer:
        """Ask one of the newer groups, in JSON: `/voiceConfigurationPackages` is below the account on /v2."""
        content = None if body is None else json.dumps(body)
        url = path if path.startswith("///") else f"///v2/accounts/{self.settings.account_id}{path}"
        return await self.ask(method, url, content, **{"headers": JSON, **more})

    async def package(self, name: str = "Main", **settings: Any) -> str:
        """The id of a new Voice Configuration Package."""
        made = await self.json("POST", PACKAGES, {"name": name, **settings})
        assert made.status == 201, made.text
        return str(made.data["voiceConfigurationPackageId"])

    async def bulk(self, package: str, *numbers: str, action: str = "ADD") -> Answer:
        body = {"action": action, "phoneNumbers": list(numbers)}
        return await self.json("POST", f"{PACKAGES}/{package}/phoneNumbers/bulk", body)

    async def numbers(self, query: str = "areaCode=919", quantity: int = 1) -> list[str]:
        found = await self.get(f"/availableNumbers?{query}&quantity={quantity}")
        return found.values("TelephoneNumber")

    async def order(self, site: str, *numbers: str, more: str = "") -> Answer:
        listed = "".join(f"<TelephoneNumber>{number}</TelephoneNumber>" for number in numbers)
        kind = f"<TelephoneNumberList>{listed}</TelephoneNumberList>"
        kind = f"<ExistingTelephoneNumberOrderType>{kind}</ExistingTelephoneNumberOrderType>"
        return await self.post("/orders", f"<Order><SiteId>{site}</SiteId>{kind}{more}</Order>")

    async def buy(self, site: str, count: int = 1) -> list[str]:
        """Numbers in service on the default location of a site."""
        numbers = await self.numbers(quantity=count)
        await self.order(site, *numbers)
        self.clock.advance(1)
        return numbers

    async def number_for(self, application: str) -> tuple[str, str]:
        """A number in E.164 whose location has SMS and is linked to a messaging application, and that location."""
        site = await self.site(f"Site {len(self.account.sites)}")
        path = await self.peer(site)
        await self.post(f"{path}/products/messaging/features/sms", SMS)
        assert (await self.link_messaging(path, application)).status == 200
        (number,) = await self.buy(site)
        return f"+1{number}", path

    async def message(self, sender: str, application: str, to: str = "+19195550100", **more: Any) -> Any:
        """The reply to a message that is sent."""
        fields = {"from": sender, "to": to, "text": "Hello", "applicationId": application, **more}
        url = f"///api/v2/users/{self.settings.account_id}/messages"
        sent = await self.json("POST", url, fields)
        assert sent.status == 202, sent.text
        return sent.body

    async def settled(self) -> None:
        """Wait until everything that the simulator does by itself has been done."""
        while self.account.errands:
            await asyncio.wait(self.account.errands)

    async def faults(self, toml: str) -> None:
        parse(toml)
        assert (await self.put("///_simulator/faults", toml)).status == 200

    async def state(self) -> dict[str, Any]:
        reply = await self.client.get("/_simulator/state")
        state: dict[str, Any] = reply.json()
        return state

    async def log(self) -> list[dict[str, Any]]:
        reply = await self.client.get("/_simulator/log")
        entries: list[dict[str, Any]] = reply.json()
        return entries


@pytest.fixture
async def open_client() -> AsyncIterator[Callable[..., SimulatorClient]]:
    """Makes desks with settings of one's own."""
    clients: list[SimulatorClient] = []

    def open_one(**settings: Any) -> SimulatorClient:
        clients.append(SimulatorClient(Settings(**settings)))
        return clients[-1]

    yield open_one
    for api in clients:
        await api.client.aclose()


@pytest.fixture
def api(open_client: Callable[..., SimulatorClient]) -> SimulatorClient:
    return open_client()


@pytest.fixture
def universal(open_client: Callable[..., SimulatorClient]) -> SimulatorClient:
    """An account on the Universal Platform, asked on v2."""
    api = open_client(platform="universal")
    api.prefix = "/api/v2"
    return api


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """A server on loopback that receives callbacks."""
    with receiving() as opened:
        yield opened


@pytest.fixture
def bodies() -> dict[str, str]:
    """Bodies that several tests send."""
    return {"address": ADDRESS, "sms": SMS, "mms": MMS}
