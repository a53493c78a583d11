"""On a real socket: cuts are real cuts, signals end it cleanly, and it says when it is ready."""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from base64 import b64decode
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, Literal

import httpx
import pytest

from bwtui.simulator.fault_script import Fault, parse
from bwtui.simulator.server import RunningSimulator, announcement, is_loopback, serve
from bwtui.simulator.settings import Settings

SITE = (
    "<Site><Name>One</Name><Address><HouseNumber>900</HouseNumber><StreetName>Main Campus Dr</StreetName>"
    "<City>RALEIGH</City><StateCode>NC</StateCode><Zip>27606</Zip><AddressType>Billing</AddressType></Address></Site>"
)
SERVE = """
import sys
from bwtui.simulator.server import serve
from bwtui.simulator.settings import Settings
serve(Settings(), "127.0.0.1", int(sys.argv[1]), announce=lambda text, port: print(text, flush=True))
print("ended", flush=True)
"""


@pytest.fixture(scope="module")
def simulator() -> Iterator[RunningSimulator]:
    with RunningSimulator() as running:
        yield running


@pytest.fixture
def client(simulator: RunningSimulator) -> Iterator[httpx.Client]:
    base = f"{simulator.base_url}/accounts/9900000"
    with httpx.Client(base_url=base, auth=("demo", "demo-secret"), timeout=5) as opened:
        yield opened
    httpx.delete(f"{simulator.origin}/_simulator/faults")
    simulator.account.sites.clear()


def script(simulator: RunningSimulator, toml: str) -> None:
    assert httpx.put(f"{simulator.origin}/_simulator/faults", content=toml).status_code == 200


@pytest.mark.parametrize(("action", "sites"), [("cut-before", 0), ("cut-after", 1)])
def test_a_cut_connection_closes_without_a_byte(
    simulator: RunningSimulator, client: httpx.Client, action: str, sites: int
) -> None:
    script(simulator, f'[[fault]]\nmethod = "POST"\naction = "{action}"')
    with pytest.raises(httpx.RemoteProtocolError, match="without sending a response"):
        client.post("/sites", content=SITE)
    assert len(simulator.account.sites) == sites
    assert client.get("/sites").status_code == 200, "the next connection is fine"


def test_a_reply_that_is_cut_has_headers_and_half_a_body(
    simulator: RunningSimulator, client: httpx.Client
) -> None:
    script(simulator, '[[fault]]\naction = "cut-reply"')
    with pytest.raises(httpx.RemoteProtocolError, match=r"incomplete|complete message body"):
        client.get("/sites")


def test_a_request_that_hangs_is_never_answered(simulator: RunningSimulator, client: httpx.Client) -> None:
    script(simulator, '[[fault]]\naction = "hang"')
    with pytest.raises(httpx.ReadTimeout):
        client.get("/sites", timeout=0.1)
    entries = httpx.get(f"{simulator.origin}/_simulator/log").json()
    assert (entries[-1]["status"], entries[-1]["fault"]) == (None, "hang")


def test_a_simulator_closes_at_once_though_a_request_hangs() -> None:
    running = RunningSimulator(Settings(faults=tuple(parse('[[fault]]\naction = "hang"\ntimes = 0'))))
    with socket.create_connection(("127.0.0.1", httpx.URL(running.origin).port or 0)) as hanging:
        hanging.sendall(b"GET /api/ HTTP/1.1\r\nHost: x\r\n\r\n")
        while not httpx.get(f"{running.origin}/_simulator/log").json():
            pass
        begun = time.monotonic()
        running.close()
        assert time.monotonic() - begun < 3
        assert hanging.recv(100) == b""


def test_every_request_takes_the_latency_but_not_the_window() -> None:
    with RunningSimulator(Settings(latency_ms=60)) as slow:
        begun = time.monotonic()
        httpx.get(slow.base_url)
        assert time.monotonic() - begun >= 0.06
    with RunningSimulator(Settings(latency_ms=600_000)) as slow:
        assert httpx.get(f"{slow.origin}/_simulator/log").json() == []


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_it_announces_itself_when_ready_and_ends_by_a_signal(number: signal.Signals) -> None:
    with subprocess.Popen([sys.executable, "-c", SERVE, "0"], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        first = process.stdout.readline()
        base = first.split()[-1]
        assert httpx.get(f"{base}/accounts/9900000", auth=("demo", "demo-secret")).status_code == 200
        process.send_signal(number)
        rest = process.stdout.read()
    assert process.returncode == 0
    assert rest.endswith("ended\n")
    assert f"export BW_API_URL={base.removesuffix('/api')}\n" in rest


@pytest.mark.parametrize("action", ["hang", "cut-before"])
def test_a_client_that_gave_up_does_not_stop_the_effect(action: Literal["hang", "cut-before"]) -> None:
    late = Fault(action=action, method="POST", path="/accounts/*/subscriptions", effect_after=0.05)
    with (
        RunningSimulator(Settings(faults=(late,))) as simulator,
        httpx.Client(
            base_url=f"{simulator.base_url}/accounts/9900000", auth=("demo", "demo-secret")
        ) as client,
    ):
        body = "<Subscription><OrderType>orders</OrderType></Subscription>"
        with pytest.raises(httpx.TransportError):
            client.post("/subscriptions", content=body, timeout=0.02)
        deadline = time.monotonic() + 5
        while "<OrderType>orders" not in client.get("/subscriptions").text:
            assert time.monotonic() < deadline


def test_a_port_in_use_is_an_oserror() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(OSError, match="in use"):
            serve(Settings(), "127.0.0.1", port, announce=lambda *_: None)


def test_the_announcement_tells_what_to_paste_and_warns_off_loopback() -> None:
    text = announcement(Settings(), "127.0.0.1", 8080)
    assert "http://127.0.0.1:8080/api" in text
    for name in ("API", "VOICE", "MESSAGING"):
        assert f"export BW_{name}_URL=http://127.0.0.1:8080\n" in text, "the bare origin, as band takes it"
    for line in ("BW_ACCOUNT_ID=9900000", "BW_CLIENT_ID=demo", "BW_CLIENT_SECRET=demo-secret"):
        assert f"export {line}" in text
    assert "Warning" not in text
    assert "Warning: 0.0.0.0 is not loopback" in announcement(Settings(), "0.0.0.0", 8080)
    assert [is_loopback(host) for host in ("localhost", "::1", "127.0.0.9", "10.0.0.1", "example.net")] == [
        True, True, True, False, False,
    ]  # fmt: skip


def test_events_are_posted_to_a_callback_on_loopback_with_credentials_on_demand() -> None:
    received: list[tuple[str | None, Any]] = []

    class Listener(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            authorization = self.headers["Authorization"]
            received.append((authorization, body))
            self.send_response(401 if authorization is None else 200)
            if authorization is None:
                self.send_header("WWW-Authenticate", 'Basic realm=""')
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    with HTTPServer(("127.0.0.1", 0), Listener) as server, RunningSimulator() as running:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        _send_one_message(running, f"http://127.0.0.1:{server.server_port}/events?a=b")
        events: list[Any] = []
        deadline = time.monotonic() + 5
        while time.monotonic() < deadline:
            events = httpx.get(f"{running.origin}/_simulator/state").json()["events"]
            if events and events[0]["result"] != "waiting":
                break
        server.shutdown()
        thread.join()
    assert [event["result"] for event in events] == ["answered 200"]
    assert received[0][0] is None, "credentials only when they are asked for"
    assert b64decode((received[1][0] or "").removeprefix("Basic ")) == b"someone:hush-hush"
    assert received[1][1][0]["type"] == "message-failed"


def _send_one_message(running: RunningSimulator, url: str) -> None:
    auth = ("demo", "demo-secret")
    creds = "<CallbackCreds><UserId>someone</UserId><Password>hush-hush</Password></CallbackCreds>"
    inside = "<ServiceType>Messaging-V2</ServiceType><AppName>x</AppName><MsgCallbackUrl>https://a.example</MsgCallbackUrl>"
    made = httpx.post(
        f"{running.base_url}/accounts/9900000/applications",
        content=f"<Application>{inside}{creds}</Application>",
        auth=auth,
    )
    application = made.headers["location"].rpartition("/")[2]
    # The API takes credentials for https only; the callback itself is tried over plain http.
    running.account.applications[application].fields["OutboundCallbackUrl"] = url
    sent = httpx.post(
        f"{running.origin}/api/v2/users/9900000/messages",
        json={"from": "+19195551234", "to": "+19195550100", "text": "x", "applicationId": application},
        auth=auth,
    )
    assert sent.status_code == 202


def test_the_simulator_shares_nothing_with_the_client() -> None:
    program = (
        "import sys, bwtui.simulator.server\n"
        "ours = [name for name in sys.modules if name.startswith('bwtui.')"
        " and not name.startswith('bwtui.simulator')]\n"
        "print(ours + [name for name in ('httpx', 'xmltodict', 'platformdirs', 'textual') if name in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=os.environ
    )
    assert done.stdout.strip() == "[]"
