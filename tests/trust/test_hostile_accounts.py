"""An account that lies about itself: what it says is text, its ids lead nowhere, and nothing that is printed can steer."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

import httpx
import pytest

from bwtui.engine.waiting import Pace
from bwtui.exits import MEANING
from support.in_process import ApplyOutcome, Harness
from trust.hostile import EVIL, EVIL_IDS, assert_harmless
from trust.sampling import Sample, Tried

PATIENCE: Final = 100
"""Requests after which the person leaves; a run has fewer than thirty, and an order is watched without end."""
A_FEW: Final = 40


@dataclass(kw_only=True)
class Beguiled(Harness):
    """A harness whose account says evil things, at one place of each reply, and who leaves where it has no end."""

    spoil: Callable[[httpx.Response, bytes], httpx.Response]
    asked: list[httpx.URL] = field(default_factory=list)
    pace: Pace = field(init=False)

    def line(self) -> httpx.AsyncBaseTransport:
        inner = httpx.ASGITransport(self.app)

        async def carry(request: httpx.Request) -> httpx.Response:
            self.asked.append(request.url)
            if len(self.asked) >= PATIENCE:
                self.pace.stop.set()
            reply = await inner.handle_async_request(request)
            body = await reply.aread()
            if request.url.path.endswith("/oauth2/token"):
                return httpx.Response(reply.status_code, content=body)
            return self.spoil(reply, body)

        return httpx.MockTransport(carry)

    async def beguile(self) -> ApplyOutcome:
        """One run, its waits short."""
        self.asked.clear()
        self.pace = Pace(
            settle=0, attempt=0, visible=0, look=0.01, first_poll=0.001, longest_poll=0.01, located=0.05
        )
        return await self.apply(pace=self.pace)


def replaced(tag: str, value: str) -> Callable[[httpx.Response, bytes], httpx.Response]:
    """Whatever an element says, it says something else; for `Location`, the header, which then stands alone."""
    escaped = value.replace("&", "&amp;").replace("<", "&lt;")

    def spoil(reply: httpx.Response, body: bytes) -> httpx.Response:
        headers = [(b"content-type", b"application/xml; charset=utf-8")]
        if location := reply.headers.get("location", ""):
            headers.append((b"location", (value if tag == "Location" else location).encode()))
        said = re.sub(rf"<{tag}>[^<]*</{tag}>", lambda _: f"<{tag}>{escaped}</{tag}>", body.decode())
        content = b"" if tag == "Location" else said.encode()
        return httpx.Response(reply.status_code, headers=headers, content=content)

    return spoil


TAGS: Final = (
    "Name", "Description", "OrderStatus", "PeerName", "AppName", "FullNumber", "TelephoneNumber", "ErrorCode", "City",
)  # fmt: skip
ID_TAGS: Final = ("Id", "id", "PeerId", "ApplicationId", "orderId", "SiteId", "OrderId")
LOCATIONS: Final = (
    "https://evil.example/api/accounts/9900000/sites/666", "//evil.example/x", "../../../x", "http://[", "/..", "", "\x7f", "a b",
    "javascript:alert(1)", "https://127.0.0.1:8080/%2e%2e/%2e%2e", "x" * 5000, "http://user:pw@127.0.0.1/1",
)  # fmt: skip


def lies() -> list[tuple[str, str]]:
    """Return the hostile texts by the places that they stand in."""
    return [
        *((tag, text) for tag in TAGS for text in EVIL),
        *((tag, id_) for tag in ID_TAGS for id_ in EVIL_IDS),
        *(("Location", location) for location in LOCATIONS),
    ]


def assert_stays(asked: httpx.URL) -> None:
    """Fail where a request left the account."""
    assert asked.host == "127.0.0.1"
    assert asked.raw_path.startswith(
        (
            b"/api/accounts/9900000",
            b"/api/tns?accountId=9900000&",
            b"/api/v2/accounts/9900000/",
            b"/v2/accounts/9900000/",
            b"/api/v1/oauth2/token",
        )
    )
    assert b".." not in asked.raw_path.split(b"?")[0].split(b"/")


@pytest.mark.timeout(1800)
async def test_whatever_an_account_says_of_itself_steers_nothing_and_leads_nowhere(
    tmp_path: Path, tried: Tried, sample: Sample
) -> None:
    for number, (tag, value) in enumerate(sample.of(lies(), A_FEW)):
        harness = Beguiled(folder=tmp_path / str(number), spoil=replaced(tag, value))
        try:
            for _ in range(2):
                outcome = await harness.beguile()
                assert outcome.exit in MEANING
                assert_harmless(outcome.said)
                assert_harmless(outcome.out)
                for asked in harness.asked:
                    assert_stays(asked)
        except Exception as failure:
            failure.add_note(f"{tag}: {value!r}")
            raise
        tried("hostile", 1)
