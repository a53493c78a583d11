"""A callback URL over real TLS: a certificate that is not valid is told as such, and its server gets nothing."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
import trustme

from bwtui.api.callback_check import check_callback
from bwtui.domain.callbacks.callback_check import CallbackOutcome, CallbackUrl, Fine
from bwtui.domain.values.secret import Secret

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


class Server:
    """Answers every request with 200, and keeps the heads of those that came."""

    def __init__(self) -> None:
        self.heads: list[bytes] = []

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heads.append(await reader.readuntil(b"\r\n\r\n"))
        is_known = b"Authorization: Basic" in self.heads[-1]
        status = b"200 OK" if is_known else b'401 No\r\nWWW-Authenticate: Basic realm=""'
        writer.write(b"HTTP/1.1 " + status + b"\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await writer.drain()
        writer.close()


@asynccontextmanager
async def serving(certificate: trustme.LeafCert) -> AsyncIterator[tuple[Server, CallbackUrl]]:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    certificate.configure_cert(context)
    server = Server()
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
    port = listening.sockets[0].getsockname()[1]
    try:
        yield (
            server,
            CallbackUrl(
                f"https://127.0.0.1:{port}/callbacks", "message events",
                user="bandwidth", password=Secret("password-of-theirs"),
            ),
        )  # fmt: skip
    finally:
        listening.close()


@pytest.fixture
def authority(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> trustme.CA:
    """A certificate authority that this machine trusts."""
    authority, file = trustme.CA(), tmp_path / "authority.pem"
    authority.cert_pem.write_to_path(file)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    return authority


async def outcome_of(certificate: trustme.LeafCert) -> tuple[CallbackOutcome, list[bytes]]:
    async with serving(certificate) as (server, callback):
        return await check_callback(callback, may_be_private=True), server.heads


async def test_with_a_valid_certificate_the_password_is_tried(authority: trustme.CA) -> None:
    outcome, heads = await outcome_of(authority.issue_cert("127.0.0.1"))
    assert outcome == Fine("127.0.0.1", accepted=True)
    assert [b"Authorization" in head for head in heads] == [False, True]


@pytest.mark.parametrize(
    ("wrong", "because"),
    [
        ("nobody's", "unable to get local issuer certificate"),
        ("expired", "certificate has expired"),
        ("another's", "IP address mismatch"),
    ],
)
async def test_a_certificate_that_is_not_valid_is_told_and_its_server_gets_no_event(
    authority: trustme.CA, wrong: str, because: str
) -> None:
    certificate = {
        "nobody's": lambda: trustme.CA().issue_cert("127.0.0.1"),
        "expired": lambda: authority.issue_cert(
            "127.0.0.1", not_before=LONG_AGO, not_after=LONG_AGO.replace(year=2021)
        ),
        "another's": lambda: authority.issue_cert("server.example.dev"),
    }[wrong]()
    outcome, heads = await outcome_of(certificate)
    assert outcome.name == "callback.tls"
    assert because in outcome.sentence
    assert heads == []
