"""Requests to an application's callback URL, with credentials only when they are asked for (universal-platform 7.4).

Message events are repeated until they are answered 2xx (universal-platform 7.2).
"""

import base64
import json
from dataclasses import dataclass
from urllib.parse import urlsplit

from bwtui.simulator.callback_client import Outgoing, Reply, UnreachableError, exchange
from bwtui.simulator.resources import MessageEvent
from bwtui.simulator.simulated_account import SimulatedAccount

Creds = tuple[str, str]

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_HEADERS = {"User-Agent": "BandwidthAPI/v2"}
_JSON = {"Content-Type": "application/json; charset=utf-8"}


class LostError(Exception):
    """The callback was lost: 401 came without a challenge, so that no second request follows."""


@dataclass(frozen=True, slots=True)
class Callback:
    """A request to an application: POST with a body of JSON, or GET without one."""

    url: str
    seconds: float
    """Seconds within which it must be answered."""
    creds: Creds | None
    method: str = "POST"
    body: bytes = b""


def unreached(account: SimulatedAccount, url: str | None) -> str | None:
    """Return why the simulator sends nothing to a URL; None if it does."""
    if url is None:
        return "no callback URL"
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return "not sent: the URL is not valid"
    if host in _LOOPBACK or account.settings.callbacks_anywhere or account.settings.tunnel:
        return None
    return "not sent: the host is not loopback"


async def send(account: SimulatedAccount, callback: Callback) -> Reply:
    """Send without credentials first; send them only if a 401 challenges for them, in a second request.

    Raises:
        UnreachableError: no reply came in time.
        LostError: the reply was 401 without a challenge.
    """
    empty = callback.creds is not None and account.switches.empty_first_request
    reply = await _request(account, callback, b"" if empty else callback.body, {})
    if reply.status != 401:
        return reply
    if not reply.challenge.lower().startswith("basic"):
        raise LostError("answered 401 without WWW-Authenticate: lost")
    if callback.creds is None:
        return reply
    value = base64.b64encode(":".join(callback.creds).encode()).decode()
    return await _request(account, callback, callback.body, {"Authorization": f"Basic {value}"})


async def deliver(account: SimulatedAccount, event: MessageEvent) -> None:
    """Post an event when it is due, again and again until it is answered 2xx, and record the latest result."""
    event.result = unreached(account, event.url) or event.result
    if event.url is None or event.result != "waiting":
        return
    if event.after:
        await account.sleep(event.after)
    switches = account.switches
    pause = switches.repeat_seconds
    for left in range(switches.repeats, -1, -1):
        if await _is_done(account, event, event.url) or not left:
            break
        await account.sleep(pause)
        pause *= 2
    if switches.duplicates and event.accepted:
        await _is_done(account, event, event.url)


async def _is_done(account: SimulatedAccount, event: MessageEvent, url: str) -> bool:
    """Post an event once; return True if it was accepted or is lost."""
    callback = Callback(
        url, account.switches.message_timeout, _creds(account, event), body=json.dumps([event.body]).encode()
    )
    event.tries += 1
    try:
        reply = await send(account, callback)
    except UnreachableError as problem:
        event.result = f"failed: {problem}"
        return False
    except LostError as problem:
        event.result = str(problem)
        return True
    event.result = f"answered {reply.status}"
    event.accepted = event.accepted or 200 <= reply.status < 300
    return event.accepted


def _creds(account: SimulatedAccount, event: MessageEvent) -> Creds | None:
    message = event.body["message"]
    application = account.applications.get(message["applicationId"].lower())
    if application is None:
        return None
    own = "InboundCallbackCreds" if message["direction"] == "in" else "OutboundCallbackCreds"
    return application.creds.get(own) or application.creds.get("CallbackCreds")


async def _request(
    account: SimulatedAccount, callback: Callback, body: bytes, extra: dict[str, str]
) -> Reply:
    kind = _JSON if callback.method == "POST" else {}
    request = Outgoing(callback.method, callback.url, {**_HEADERS, **kind, **extra}, body)
    return await exchange(request, tunnel=account.settings.tunnel, seconds=callback.seconds)
