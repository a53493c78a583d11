"""The log of requests and their effects, never with a secret."""

import contextlib
import json
import re
from collections import deque
from dataclasses import asdict, dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bwtui.simulator.access import replayed, whole
from bwtui.simulator.settings import Settings
from bwtui.simulator.simulated_account import SimulatedAccount, stamp

_LONGEST_BODY = 100_000
_MOST_ENTRIES = 10_000
_SECRET_ELEMENT = re.compile(
    r"<((?:\w+:)?\w*(?:Password|Secret|Token))\b([^>]*)>.*?</\1>", re.IGNORECASE | re.DOTALL
)
_SECRET_NAME = re.compile(r"password|secret|token", re.IGNORECASE)
_MASK = "***"
_SHOWN_HEADERS = frozenset({"accept", "content-type", "host", "user-agent"})


@dataclass(slots=True)
class Entry:
    """One request. `status` stays None if no reply was begun."""

    n: int
    time: str
    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: str
    status: int | None = None
    effect: list[str] = field(default_factory=list)
    fault: str | None = None

    def effect_later(self, words: str) -> None:
        """Add what the request has brought about after its reply."""
        self.effect.append(words)


@dataclass(slots=True)
class RequestLog:
    """Entries in the order of arrival; only the latest are kept."""

    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=_MOST_ENTRIES))
    seen: int = 0

    def shown(self) -> list[dict[str, Any]]:
        return [asdict(entry) for entry in self.entries]


class RequestLogger:
    """Logs each request before anything else handles it, so that one that never gets a reply is logged too."""

    def __init__(self, app: ASGIApp, account: SimulatedAccount, log: RequestLog) -> None:
        self.app = app
        self.account = account
        self.log = log

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith("/_simulator"):
            await self.app(scope, receive, send)
            return
        body = await whole(receive)
        entry = self._enter(scope, body)
        scope.setdefault("state", {})["entry"] = entry

        async def watch(message: Message) -> None:
            if message["type"] == "http.response.start":
                entry.status = message["status"]
            await send(message)

        await self.app(scope, replayed(body, receive), watch)

    def _enter(self, scope: Scope, body: bytes) -> Entry:
        settings = self.account.settings
        self.log.seen += 1
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]
        }
        entry = Entry(
            n=self.log.seen,
            time=stamp(self.account.clock()),
            method=scope["method"],
            path=_without_known(scope["path"], settings),
            query=_without_known(scope["query_string"].decode("latin-1"), settings),
            headers=_masked_headers(headers),
            body=masked(body.decode("utf-8", "replace"), headers.get("content-type", ""), settings),
        )
        self.log.entries.append(entry)
        return entry


def masked(body: str, content_type: str, settings: Settings) -> str:
    """Return a body with every password, secret and token masked, by name and by value."""
    if "json" in content_type:
        with contextlib.suppress(ValueError, RecursionError):
            body = json.dumps(_mask_json(json.loads(body)))
    elif "x-www-form-urlencoded" in content_type:
        pairs = parse_qsl(body, keep_blank_values=True)
        body = "&".join(f"{name}={_MASK if _SECRET_NAME.search(name) else value}" for name, value in pairs)
    else:
        body = _SECRET_ELEMENT.sub(rf"<\1\2>{_MASK}</\1>", body)
    return _without_known(body, settings)[:_LONGEST_BODY]


def _mask_json(value: Any) -> Any:  # noqa: ANN401 - JSON is anything
    if isinstance(value, dict):
        return {
            name: _MASK if _SECRET_NAME.search(name) else _mask_json(inner) for name, inner in value.items()
        }
    return [_mask_json(inner) for inner in value] if isinstance(value, list) else value


def _without_known(text: str, settings: Settings) -> str:
    for secret in {settings.client_secret, settings.password} - {""}:
        text = text.replace(secret, _MASK)
    return text


def _masked_headers(headers: dict[str, str]) -> dict[str, str]:
    shown = {name: value for name, value in headers.items() if name in _SHOWN_HEADERS}
    if "authorization" in headers:
        shown["authorization"] = f"{headers['authorization'].partition(' ')[0]} {_MASK}"
    return shown
