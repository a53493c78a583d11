"""Post message events to an application's URL, as Bandwidth does (bandwidth-api 9.2)."""

import asyncio
import base64
import json
from http.client import HTTPConnection, HTTPException, HTTPResponse, HTTPSConnection
from urllib.parse import urlsplit

from bwtui.simulator.resources import MessageEvent
from bwtui.simulator.simulated_account import SimulatedAccount

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_SECONDS = 10
"""Seconds within which a callback must be answered."""


async def deliver(account: SimulatedAccount, event: MessageEvent) -> None:
    """Post an event once, and record the result; the API itself would repeat it for 24 hours."""
    if event.url is None:
        event.result = "no callback URL"
        return
    host = urlsplit(event.url).hostname
    if host not in _LOOPBACK and not account.settings.callbacks_anywhere:
        event.result = "not sent: the host is not loopback"
        return
    creds = _creds(account, event)
    try:
        event.result = await asyncio.to_thread(_post, event.url, json.dumps([event.body]).encode(), creds)
    except (OSError, HTTPException) as problem:
        event.result = f"failed: {problem}"


def _creds(account: SimulatedAccount, event: MessageEvent) -> tuple[str, str] | None:
    application = account.applications.get(event.body["message"]["applicationId"].lower())
    if application is None:
        return None
    return application.creds.get("OutboundCallbackCreds") or application.creds.get("CallbackCreds")


def _post(url: str, body: bytes, creds: tuple[str, str] | None) -> str:
    """Post without credentials first; send them only if a 401 challenges for them."""
    status, challenge = _send(url, body, {})
    if status == 401 and challenge.lower().startswith("basic") and creds is not None:
        value = base64.b64encode(":".join(creds).encode()).decode()
        status, _ = _send(url, body, {"Authorization": f"Basic {value}"})
    return f"answered {status}"


def _send(url: str, body: bytes, extra: dict[str, str]) -> tuple[int, str]:
    parts = urlsplit(url)
    kind = HTTPSConnection if parts.scheme == "https" else HTTPConnection
    connection = kind(parts.hostname or "", parts.port, timeout=_SECONDS)
    headers = {"Content-Type": "application/json; charset=utf-8", "User-Agent": "BandwidthAPI/v2", **extra}
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    try:
        connection.request("POST", target, body, headers)
        reply: HTTPResponse = connection.getresponse()
        reply.read()
        return reply.status, reply.getheader("WWW-Authenticate") or ""
    finally:
        connection.close()
