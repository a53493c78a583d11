"""Proxy and certificate settings of the environment: taken as meant, or refused with the variable's name."""

import asyncio
from pathlib import Path

import httpx
import pytest
import trustme

from bwtui.api.client import Basic, Client
from bwtui.domain.values.secret import Secret
from bwtui.simulator.server import RunningSimulator
from support.begun_setup import Begun
from support.cli_runner import CliRunner

BASE = "https://api.bandwidth.com/api"
FAR = "https://api.example.invalid/api"
PROXIES = ("HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy")
PORT = "its port is not a number from 1 to 65535"
INVISIBLE = "there is a blank, a line end or another invisible character in it"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names neither proxies nor certificates."""
    for name in (*PROXIES, "NO_PROXY", "no_proxy", "SSL_CERT_FILE", "SSL_CERT_DIR", "SSLKEYLOGFILE"):
        monkeypatch.delenv(name, raising=False)


def _client(base_url: str = BASE) -> Client:
    return Client(base_url=base_url, credentials=Basic("user", Secret("password")))


def _is_proxied(client: Client, url: str) -> bool:
    http = client._http
    return http._transport_for_url(httpx.URL(url)) is not http._transport


@pytest.mark.parametrize("name", PROXIES)
def test_a_proxy_is_found_under_each_of_its_names(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setenv(name, "http://127.0.0.1:9")
    assert _is_proxied(_client(), BASE)


def test_an_empty_name_in_lower_case_means_no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("https_proxy", "")
    assert not _is_proxied(_client(), BASE)


@pytest.mark.parametrize("name", ["NO_PROXY", "no_proxy"])
@pytest.mark.parametrize(
    ("exceptions", "base_url", "proxied"),
    [
        ("localhost,127.0.0.1,[::1]", BASE, True),
        ("localhost,127.0.0.1,[::1]", "https://[::1]:8443/api", False),
        ("localhost, 127.0.0.1 ,::1\r", "https://[::1]:8443/api", False),
        ("[::1]:8443", "https://[::1]:8443/api", False),
        ("[::1]:8444", "https://[::1]:8443/api", True),
        ("*", BASE, False),
        ("bandwidth.com", BASE, False),
        (".bandwidth.com", BASE, False),
        ("*.bandwidth.com", BASE, False),
        ("API.Bandwidth.com:443", BASE, False),
        ("width.com", BASE, True),
        ("https://api.bandwidth.com", BASE, False),
        ("10.0.0.0/8,fe80::/10,[", BASE, True),
    ],
)
def test_no_proxy_is_taken_in_every_way_that_it_is_written(
    monkeypatch: pytest.MonkeyPatch, name: str, exceptions: str, base_url: str, *, proxied: bool
) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv(name, exceptions)
    assert _is_proxied(_client(base_url), base_url) is proxied


@pytest.mark.parametrize("name", PROXIES)
@pytest.mark.parametrize(
    ("address", "wrong"),
    [
        ("http://127.0.0.1:80800", PORT),
        ("http://127.0.0.1:0", PORT),
        ("http://user:canary", PORT),
        ("127.0.0.1:80800", PORT),
        ("http://127.0.0.1:8080\r", INVISIBLE),
        ("http://127.0.0.1:8080 ", INVISIBLE),
        ("\ufeffhttp://127.0.0.1:8080", INVISIBLE),
        ("http://", "its host is not valid"),
        ("gopher://user:canary@proxy", "it has to begin with http:// or https://"),
        ("http://[::1", "it is not an address"),
        ("http://user:canary@pro..xy:1", "its host is not valid"),
    ],
)
def test_a_proxy_that_cannot_be_used_is_named_by_its_variable_and_never_repeated(
    monkeypatch: pytest.MonkeyPatch, name: str, address: str, wrong: str
) -> None:
    monkeypatch.setenv(name, address)
    with pytest.raises(ValueError, match=r".") as caught:
        _client()
    assert str(caught.value) == f"{name} names a proxy that cannot be used: {wrong}"
    assert caught.value.__cause__ is None


def test_requests_that_bypass_the_proxy_ignore_its_setting(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:80800")
    assert not _is_proxied(_client("http://127.0.0.1:1/api"), "http://127.0.0.1:1/api")
    monkeypatch.setenv("NO_PROXY", "*")
    assert not _is_proxied(_client(), BASE)


# --- Certificates ----------------------------------------------------------------------------------------------


def test_certificates_that_are_missing_or_none_are_named_by_their_variable(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    text, missing, empty = tmp_path / "no.pem", tmp_path / "missing", tmp_path / "empty"
    text.write_text("not a certificate\n")
    empty.mkdir()
    for name, value, words in (
        ("SSL_CERT_FILE", str(missing), "cannot be read: No such file or directory"),
        ("SSL_CERT_FILE", f"{text}\r", "cannot be read: No such file or directory"),
        ("SSL_CERT_FILE", str(empty), "cannot be read: Is a directory"),
        ("SSL_CERT_FILE", str(text), "holds no certificates in PEM"),
        ("SSL_CERT_DIR", str(missing), "holds no certificates that OpenSSL would find"),
        ("SSL_CERT_DIR", str(empty), "holds no certificates that OpenSSL would find"),
        ("SSLKEYLOGFILE", str(missing / "keys"), "cannot be written: No such file or directory"),
    ):
        with monkeypatch.context() as context:
            context.setenv(name, value)
            with pytest.raises(ValueError, match=words) as caught:
                _client()
            assert str(caught.value).startswith(f"{name} names ")
            assert "\n" not in str(caught.value)
            _client("http://127.0.0.1:1/api")


def test_certificates_in_a_folder_are_taken(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    trustme.CA().cert_pem.write_to_path(tmp_path / "5ed36f99.0")
    monkeypatch.setenv("SSL_CERT_DIR", f"{tmp_path / 'missing'}:{tmp_path}")
    _client()


# --- On the command line and on screen -------------------------------------------------------------------------

SETTINGS = [
    ("HTTPS_PROXY", "http://127.0.0.1:80800"),
    ("HTTPS_PROXY", "http://127.0.0.1:8080\r"),
    ("all_proxy", "http://127.0.0.1:80800\r"),
    ("SSL_CERT_FILE", "/nowhere/authority.pem"),
    ("SSL_CERT_FILE", "setup.toml"),
    ("SSL_CERT_DIR", "/nowhere"),
]


@pytest.mark.parametrize(("name", "value"), SETTINGS)
def test_apply_and_verify_tell_such_a_setting_in_one_line(
    connected: CliRunner, simulator: RunningSimulator, name: str, value: str
) -> None:
    assert connected.run("plan", "setup.toml").exit == 0, simulator.base_url
    connected.environ[name] = value
    for command in (("apply", "setup.toml", "--yes"), ("verify",)):
        ended = connected.run(*command, "--base-url", FAR).told()
        assert ended.exit == 6, ended.err
        assert ended.err.startswith(f"Nothing was sent: {name} names ")
        assert ended.err.count("\n") == 1


def test_ipv6_loopback_in_no_proxy_reaches_the_proxy(connected: CliRunner) -> None:
    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.close()

    async def through() -> int:
        server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        async with server:
            proxy = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
            ended = await asyncio.to_thread(
                connected.run, "apply", "setup.toml", "--yes", "--base-url", FAR,
                HTTPS_PROXY=proxy, NO_PROXY="localhost,127.0.0.1,[::1]",
            )  # fmt: skip
        return ended.told().exit

    assert asyncio.run(through()) == 5


@pytest.mark.parametrize(("name", "value"), SETTINGS[:4])
def test_the_wizard_tells_such_a_setting_on_connect_and_goes_on(
    runner: CliRunner, name: str, value: str
) -> None:
    from support.pty_screen import screen  # noqa: PLC0415 - no terminals on other systems

    begun = Begun(home=runner.home).at("connect")
    begun.environ |= {
        "BW_ACCOUNT_ID": "9900000", "BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": "demo-secret", "BW_API_URL": FAR,
    }  # fmt: skip
    with screen(begun, environ={name: value}) as displayed_body:
        displayed_body.expect("▸ [ Test connection ]").type("\r").expect(f"Nothing was sent: {name} names")
        displayed_body.type("\x03").expect("Leave?").type("\x03")
        assert displayed_body.end() == 130
