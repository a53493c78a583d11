"""Credentials go to the origin that was named, over TLS or on loopback, past no proxy that reads them, and nowhere else."""

import socket
import sys
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Final, Self

import pytest

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import NO_NETWORK, OAUTH, CliRunner, Completed, fault, log
from support.waiting import wait_until
from trust.canaries import CLIENT, found_in
from trust.sampling import Tried

APPLY: Final = ("apply", "setup.toml", "--yes", "--json")
REDIRECTED: Final = ("**/oauth2/token", "/accounts/*/sites", "/accounts/*/orders")
FORBIDDEN: Final = (
    "http://api.bandwidth.com/api",
    "http://127.0.0.1.evil.example/api",
    "http://localhost.evil.example/api",
    "http://0.0.0.0:8080/api",
    "http://2130706433/api",
    "http://[::ffff:10.0.0.1]/api",
    "http://10.0.0.1/api",
    "HTTP://EXAMPLE.COM/api",
    "https://user:pass@api.bandwidth.com/api",
    "http://127.0.0.1@evil.example/api",
    "https://evil.example\\@api.bandwidth.com/api",
    "ftp://127.0.0.1/api",
    "file:///etc/passwd",
    "//127.0.0.1/api",
    "https://api.bandwidth.com/api?x=",
    "https://api.bandwidth.com/api#x",
    "https://api.bandwidth.com\n.evil.example/api",
)


@dataclass
class Stranger:
    """A listener that nobody should talk to, and all that it was sent; what `says` is its answer."""

    says: bytes = b""
    heard: list[bytes] = field(default_factory=list)

    def __enter__(self) -> Self:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._listening.getsockname()[1]
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                connection, _ = self._listening.accept()
                with connection:
                    connection.settimeout(5)
                    self.heard.append(connection.recv(65536))
                    connection.sendall(self.says)

    def __exit__(self, *_: object) -> None:
        self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()


@pytest.fixture
def stranger() -> Iterator[Stranger]:
    with Stranger() as listening:
        yield listening


@pytest.mark.parametrize(
    ("url", "way"),
    [*product(FORBIDDEN, ["flag"]), *product(FORBIDDEN[:3], ["environment", "answers"])],
)
def test_an_address_that_would_show_them_is_refused_before_anything_is_looked_up(
    runner: CliRunner, tried: Tried, url: str, way: str
) -> None:
    tried("addresses", 1)
    runner.environ |= {"BW_ACCOUNT_ID": "9900000", **OAUTH}
    runner.example()
    arguments: tuple[str, ...] = APPLY
    if way == "flag":
        arguments += ("--base-url", url)
    elif way == "environment":
        runner.environ["BW_API_URL"] = url
    else:
        toml = url.replace("\\", "\\\\").replace("\n", "\\n")
        (runner.home / "setup.toml").write_text(
            (runner.home / "setup.toml")
            .read_text("utf-8")
            .replace("[account]", f'[account]\nbase_url = "{toml}"', 1)
        )
    ended = runner.run(*arguments, launcher=(sys.executable, "-c", NO_NETWORK)).told()
    assert ended.exit == 6, ended.err


@pytest.mark.parametrize("redirect", [*product((301, 302, 303, 307, 308), REDIRECTED)], ids=str)
def test_no_redirect_leads_them_elsewhere(
    connected: CliRunner,
    simulator: RunningSimulator,
    stranger: Stranger,
    redirect: tuple[int, str],
    tried: Tried,
) -> None:
    """Another port is another origin."""
    status, path = redirect
    tried("addresses", 1)
    target = f"http://127.0.0.1:{stranger.port}/api"
    fault(
        simulator,
        f'[[fault]]\npath = "{path}"\naction = "answer"\nstatus = {status}\ntimes = 0\nheaders = {{ Location = "{target}" }}',
    )
    ended = connected.run(*APPLY).told()
    assert ended.exit == (5 if path.endswith("token") else 1), ended.err
    assert "credentials are not sent on" in ended.err or "which is not followed" in ended.err
    assert stranger.heard == []


def _run(runner: CliRunner, environ: dict[str, str]) -> Completed:
    runner.environ |= environ
    return runner.run(*APPLY)


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"])
def test_requests_to_loopback_bypass_the_proxy(
    connected: CliRunner, simulator: RunningSimulator, stranger: Stranger, name: str
) -> None:
    ended = _run(connected, {name: f"http://127.0.0.1:{stranger.port}"})
    assert ended.told().exit == 0, ended.err
    assert stranger.heard == []
    assert len(log(simulator.origin)) > 20


def test_a_proxy_for_https_is_asked_for_a_tunnel_and_told_nothing_else(
    runner: CliRunner, stranger: Stranger
) -> None:
    stranger.says = b"HTTP/1.1 200 Connection established\r\n\r\nno TLS here"
    runner.example()
    runner.environ |= {"BW_ACCOUNT_ID": "9900000", "BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": CLIENT}
    ended = runner.run(
        *APPLY,
        "--base-url",
        "https://api.example.invalid/api",
        HTTPS_PROXY=f"http://127.0.0.1:{stranger.port}",
    ).told()
    assert ended.exit == 5, ended.err
    assert stranger.heard
    for heard in stranger.heard:
        assert heard.startswith(b"CONNECT api.example.invalid:443 ")
        assert not found_in(heard)
        assert b"uthorization" not in heard


def test_a_server_that_does_not_speak_tls_is_told_nothing(runner: CliRunner, stranger: Stranger) -> None:
    runner.example()
    runner.environ |= {"BW_ACCOUNT_ID": "9900000", "BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": CLIENT}
    stranger.says = b"HTTP/1.1 400 Bad Request\r\n\r\n"
    ended = runner.run(*APPLY, "--base-url", f"https://127.0.0.1:{stranger.port}/api").told()
    assert ended.exit == 5, ended.err
    assert "speaks http, not https." in ended.err
    assert not [heard for heard in stranger.heard if heard[:1] != b"\x16"], "nothing but a TLS hello"


def test_credentials_of_a_netrc_file_are_not_used(connected: CliRunner, simulator: RunningSimulator) -> None:
    netrc = connected.home / ".netrc"
    netrc.write_text("default login somebody password else\n")
    netrc.chmod(0o600)
    ended = connected.run(*APPLY, NETRC=str(netrc))
    assert ended.told().exit == 0, ended.err
    assert not [entry for entry in log(simulator.origin) if entry["status"] == 401]


def test_a_certificate_that_nobody_signed_is_not_trusted(runner: CliRunner, tmp_path: Path) -> None:
    import ssl  # noqa: PLC0415
    import subprocess  # noqa: PLC0415

    made = subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
         "-keyout", "key.pem", "-out", "cert.pem", "-subj", "/CN=localhost"],
        cwd=tmp_path, capture_output=True, check=False,
    )  # fmt: skip
    if made.returncode:
        pytest.skip("openssl makes no certificate here")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")
    heard: list[bytes] = []
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]

        def listen() -> None:
            with suppress(OSError):
                while True:
                    connection, _ = listening.accept()
                    with suppress(OSError), context.wrap_socket(connection, server_side=True) as spoken:
                        heard.append(spoken.recv(65536))

        threading.Thread(target=listen, daemon=True).start()
        runner.example()
        runner.environ |= {"BW_ACCOUNT_ID": "9900000", **OAUTH}
        ended = runner.run(*APPLY, "--base-url", f"https://localhost:{port}/api").told()
        listening.shutdown(socket.SHUT_RDWR)
    assert ended.exit == 5, ended.err
    assert "certificate" in ended.err
    wait_until(lambda: not any(heard))
