"""The callback check in plain questions: offered after an application's questions, and the password only after a yes."""

import ssl
from base64 import b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest
import trustme

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import CliRunner
from support.linear_talk import TO_REVIEW, Script, Talk, talk

AT_URL = [question for question, _ in TO_REVIEW].index("Callback URL:")
USER, WRONG, RIGHT = "bandwidth", "wrong-password", "right-password"


@dataclass(kw_only=True)
class Server:
    """A server of HTTPS that asks for credentials, and what it was shown of them."""

    url: str
    shown: list[str | None] = field(default_factory=list)


@contextmanager
def serving(certificate: trustme.LeafCert) -> Iterator[Server]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["content-length"]))
            running.shown.append(self.headers.get("authorization"))
            is_right = running.shown[-1] == "Basic " + b64encode(f"{USER}:{RIGHT}".encode()).decode()
            self.send_response(200 if is_right else 401)
            if not is_right:
                self.send_header("WWW-Authenticate", 'Basic realm=""')
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            pass

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    listening.socket = context.wrap_socket(listening.socket, server_side=True)
    running = Server(url=f"https://127.0.0.1:{listening.server_port}/callbacks")
    thread = Thread(target=listening.serve_forever, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        listening.shutdown()
        listening.server_close()
        thread.join(10)


@pytest.fixture
def server(runner: CliRunner, simulator: RunningSimulator, tmp_path: Path) -> Iterator[Server]:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(tmp_path / "authority.pem")
    runner.connect(simulator)
    runner.environ["SSL_CERT_FILE"] = str(tmp_path / "authority.pem")
    with serving(authority.issue_cert("127.0.0.1")) as running:
        yield running


def to_the_offer(shown: Talk, server: Server, password: str) -> None:
    script: Script = (
        *TO_REVIEW[:AT_URL],
        ("Callback URL:", server.url),
        ("Inbound callback URL:", ""),
        ("Outbound callback URL:", ""),
        ("Callback user:", USER),
        ("Callback password:", password),
    )
    shown.follow(script)


@pytest.mark.parametrize(
    ("password", "told"),
    [
        (
            RIGHT,
            "Fine: 127.0.0.1 can be reached and answers as Bandwidth needs it; it asks for the callback credentials",
        ),
        (
            WRONG,
            "Doubtful: 127.0.0.1 did not take a sample event: it refused the callback credentials (401).",
        ),
    ],
)
def test_the_password_is_tried_after_a_yes_to_its_host(
    runner: CliRunner, server: Server, password: str, told: str
) -> None:
    with talk(runner) as shown:
        to_the_offer(shown, server, password)
        shown.answer("Check the URLs now?", "yes")
        shown.wait_for("Send the callback password to 127.0.0.1:")
        assert "its answer to the password was not tried" in shown.news
        assert server.shown == [None]
        shown.answer("Send the callback password to 127.0.0.1:", "yes")
        shown.wait_for("Keep Callback URL as it is?" if password == WRONG else "Name:")
        assert told in shown.news
        assert [header is None for header in server.shown] == [True, True, False]
        shown.answer("", "!")


def test_a_doubtful_url_is_kept_or_asked_for_again(runner: CliRunner, server: Server) -> None:
    with talk(runner) as shown:
        to_the_offer(shown, server, WRONG)
        shown.answer("Check the URLs now?", "yes")
        shown.answer("Send the callback password", "yes")
        shown.answer("Keep Callback URL as it is? Yes or no [yes]", "no")
        shown.answer("Callback URL:", "")
        shown.answer("Check the URLs now?", "yes")
        shown.answer("Send the callback password", "yes")
        shown.answer("Keep Callback URL as it is?", "")
        shown.answer("Name:", "!")
        assert shown.end() == 130


def test_neither_is_done_unless_somebody_wants_it_and_review_says_what_was_not_checked(
    runner: CliRunner, server: Server
) -> None:
    with talk(runner) as shown:
        to_the_offer(shown, server, RIGHT)
        shown.answer("Check the URLs now?", "")
        shown.answer("Name:", "<")
        assert server.shown == []
        shown.answer("Check the URLs now?", "yes")
        shown.answer("Send the callback password", "")
        assert server.shown == [None]
        shown.follow(TO_REVIEW[AT_URL + 5 :])
        shown.wait_for("What next?")
        assert "Note: 2 callback URLs were not checked." in shown.news
        shown.answer("What next?", "!")
