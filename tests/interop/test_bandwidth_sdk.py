"""Bandwidth's own Python SDK for messages and calls, as published, against the simulator."""

import json
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import httpx
import pytest

from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings

bandwidth = pytest.importorskip("bandwidth")


@pytest.fixture(scope="module")
def simulator() -> Iterator[RunningSimulator]:
    with RunningSimulator(Settings(order_seconds=0)) as running:
        yield running


@pytest.fixture(scope="module", params=["OAuth2", "Basic"])
def client(simulator: RunningSimulator, request: pytest.FixtureRequest) -> Any:
    who = (
        {
            "client_id": "demo",
            "client_secret": "demo-secret",
            "access_token_url": f"{simulator.origin}/api/v1/oauth2/token",
        }
        if request.param == "OAuth2"
        else {"username": "demo", "password": "demo-secret"}
    )
    host = f"{simulator.origin}/api/v2"
    return bandwidth.ApiClient(bandwidth.Configuration(host=host, ignore_operation_servers=True, **who))


class _Listener(BaseHTTPRequestHandler):
    """An application's callback URL."""

    received: list[Any]
    arrived: threading.Event

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.received.extend(json.loads(self.rfile.read(length)))
        self.send_response(200)
        self.end_headers()
        self.arrived.set()

    def log_message(self, *_: object) -> None:
        pass


@pytest.fixture
def listener() -> Iterator[type[_Listener]]:
    class Listener(_Listener):
        received: list[Any] = []  # noqa: RUF012 - each test has a class of its own
        arrived = threading.Event()
        url: str

    with HTTPServer(("127.0.0.1", 0), Listener) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        Listener.url = f"http://127.0.0.1:{server.server_port}/events"
        yield Listener
        server.shutdown()
        thread.join()


def _number_with(simulator: RunningSimulator, callback: str, name: str) -> tuple[str, str]:
    """A number in service whose location is linked to a messaging application."""
    api = httpx.Client(base_url=f"{simulator.base_url}/accounts/9900000", auth=("demo", "demo-secret"))
    with api:
        address = (
            "<Address><HouseNumber>900</HouseNumber><StreetName>Main Campus Dr</StreetName><City>RALEIGH</City>"
            "<StateCode>NC</StateCode><Zip>27606</Zip><AddressType>Billing</AddressType></Address>"
        )
        site = _id(api.post("/sites", content=f"<Site><Name>{name}</Name>{address}</Site>"))
        peers = f"/sites/{site}/sippeers"
        peer = _id(api.post(peers, content="<SipPeer><PeerName>Here</PeerName></SipPeer>"))
        products = f"{peers}/{peer}/products/messaging"
        settings = "<SipPeerSmsFeatureSettings><Protocol>HTTP</Protocol></SipPeerSmsFeatureSettings>"
        api.post(f"{products}/features/sms", content=f"<SipPeerSmsFeature>{settings}</SipPeerSmsFeature>")
        made = api.post(
            "/applications",
            content=f"<Application><ServiceType>Messaging-V2</ServiceType><AppName>{name}</AppName>"
            f"<MsgCallbackUrl>{callback}</MsgCallbackUrl></Application>",
        )
        application = made.text.partition("<ApplicationId>")[2].partition("<")[0]
        link = f"<HttpMessagingV2AppId>{application}</HttpMessagingV2AppId>"
        api.put(
            f"{products}/applicationSettings", content=f"<ApplicationsSettings>{link}</ApplicationsSettings>"
        )
        search = "<AreaCodeSearchAndOrderType><AreaCode>919</AreaCode><Quantity>1</Quantity></AreaCodeSearchAndOrderType>"
        order = api.post("/orders", content=f"<Order><SiteId>{site}</SiteId>{search}</Order>")
        polled = api.get(f"/orders/{_id(order)}")
        assert "<OrderStatus>COMPLETE</OrderStatus>" in polled.text
        return polled.text.partition("<FullNumber>")[2].partition("<")[0], application


def _id(reply: httpx.Response) -> str:
    assert reply.status_code == 201, reply.text
    return reply.headers["location"].rpartition("/")[2]


def test_a_message_is_accepted_and_its_delivery_reported(
    simulator: RunningSimulator, client: Any, listener: Any, request: pytest.FixtureRequest
) -> None:
    name = f"Sdk {request.node.callspec.id}"
    number, application = _number_with(simulator, listener.url, name)
    message = bandwidth.MessageRequest(
        applicationId=application, to=["+19195550100"], text="Hello", **{"from": f"+1{number}"}
    )
    sent = bandwidth.MessagesApi(client).create_message("9900000", message)
    assert sent.direction == "out"
    assert sent.segment_count == 1
    assert listener.arrived.wait(5)
    event = listener.received[0]
    assert (event["type"], event["to"]) == ("message-delivered", "+19195550100")
    assert event["message"]["id"] == sent.id


def test_messages_are_listed_without_their_text(
    simulator: RunningSimulator, client: Any, listener: Any, request: pytest.FixtureRequest
) -> None:
    name = f"List {request.node.callspec.id}"
    number, application = _number_with(simulator, listener.url, name)
    message = bandwidth.MessageRequest(
        applicationId=application, to=["+19195550100"], text="Hello", **{"from": f"+1{number}"}
    )
    messages = bandwidth.MessagesApi(client)
    sent = messages.create_message("9900000", message)
    listed = messages.list_messages("9900000", message_id=sent.id)
    assert listed.total_count == 1
    (item,) = listed.messages
    assert (item.source_tn, item.destination_tn, item.message_status) == (
        f"+1{number}",
        "+19195550100",
        "DELIVERED",
    )


@pytest.fixture
def call(simulator: RunningSimulator, client: Any) -> Any:
    """A call that was just created, to a SIP URI."""
    api = httpx.Client(base_url=f"{simulator.base_url}/accounts/9900000", auth=("demo", "demo-secret"))
    with api:
        made = api.post(
            "/applications",
            content="<Application><ServiceType>Voice-V2</ServiceType><AppName>Voice</AppName>"
            "<CallInitiatedCallbackUrl>https://example.net/voice</CallInitiatedCallbackUrl></Application>",
        )
    application = made.text.partition("<ApplicationId>")[2].partition("<")[0]
    request = bandwidth.CreateCall(
        applicationId=application,
        to="sip:somebody@example.net",
        answerUrl="https://example.net/answer",
        **{"from": "+19195550101"},
    )
    created = bandwidth.CallsApi(client).create_call("9900000", request)
    assert created.call_id.startswith("c-")
    return created


def test_a_call_is_created_and_its_state_read(client: Any, call: Any) -> None:
    state = bandwidth.CallsApi(client).get_call_state("9900000", call.call_id)
    assert (state.call_id, state.to) == (call.call_id, "sip:somebody@example.net")
    assert state.state in {"queued", "initiated", "answered", "disconnected"}


def test_a_call_is_listed_and_hung_up(client: Any, call: Any) -> None:
    calls = bandwidth.CallsApi(client)
    assert call.call_id in [item.call_id for item in calls.list_calls("9900000")]
    calls.update_call("9900000", call.call_id, bandwidth.UpdateCall(state="completed"))
    assert calls.get_call_state("9900000", call.call_id).state == "disconnected"


def test_a_wrong_message_is_refused_with_its_fields(client: Any) -> None:
    message = bandwidth.MessageRequest(applicationId="none", to=["12"], text="x", **{"from": "34"})
    with pytest.raises(bandwidth.exceptions.BadRequestException) as caught:
        bandwidth.MessagesApi(client).create_message("9900000", message)
    refused = json.loads(caught.value.body)
    assert refused["type"] == "request-validation"
    assert {item["fieldName"] for item in refused["fieldErrors"]} == {"applicationId", "from", "to"}
