"""Authentication: HTTP Basic, or OAuth2 client credentials with a token that is fetched once and shared."""

import asyncio
import base64
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from math import isfinite
from typing import Any, Final

from bwtui.api.clock import Clock
from bwtui.api.errors import ApiError
from bwtui.api.token_claims import TokenClaims, read_claims
from bwtui.domain.runs.problem import Problem
from bwtui.domain.values.secret import Secret

LIFETIME: Final = 3600.0
"""Assumed lifetime of a token in seconds, if the answer has none (bandwidth-api 1.3)."""

MARGIN: Final = 60.0
"""A token with this many seconds left, or fewer, is replaced before it is used (bandwidth-api 1.3)."""

_TOKEN: Final = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Basic:
    """A user and a password for HTTP Basic, which ends at Bandwidth (`domain.values.basic_auth`)."""

    username: str
    password: Secret


@dataclass(frozen=True, slots=True)
class OAuth:
    """A client id, its secret, and the URL at which they are exchanged for a token."""

    client_id: str
    client_secret: Secret
    token_url: str


Credentials = Basic | OAuth


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A bearer token and its lifetime in seconds."""

    text: Secret
    lifetime: float = LIFETIME


def basic_header(username: str, password: Secret) -> Secret:
    """Return the value of an `Authorization` header for HTTP Basic."""
    pair = f"{username}:{password.reveal()}".encode()
    return Secret(f"Basic {base64.b64encode(pair).decode('ascii')}")


def read_token_document(body: bytes) -> Token | str:
    """Return the token in an answer, or a sentence on what is wrong with the answer."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return "The token service's answer is not JSON: the base URL may belong to something else."
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        return "The token service's answer holds no usable access_token."
    return Token(text=Secret(token), lifetime=_lifetime(answer.get("expires_in")))


def oauth_error(body: bytes) -> str:
    """Return the error code in a refusal of the token service, such as `invalid_client`; empty if it has none."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    code = answer.get("error") if isinstance(answer, dict) else None
    return code if isinstance(code, str) else ""


class Authenticator:
    """Makes the `Authorization` header; all requests that wait for a token share one fetch, or its failure."""

    def __init__(
        self, credentials: Credentials, fetch: Callable[[OAuth], Awaitable[Token]], clock: Clock
    ) -> None:
        self._credentials = credentials
        self._fetch = fetch
        self._clock = clock
        self._lock = asyncio.Lock()
        self._token: Token | None = None
        self._stale_at = 0.0
        self._fetches = 0
        self._refusal: tuple[Problem, str] | None = None

    async def header(self) -> Secret:
        """Return the value of the `Authorization` header. Raises `ApiError` if no token can be had."""
        match self._credentials:
            case Basic(username, password):
                return basic_header(username, password)
            case OAuth() as client:
                token = await self._current(client)
                return Secret(f"Bearer {token.text.reveal()}")

    async def claims(self) -> TokenClaims | None:
        """Read the token's claims; `None` for Basic, which has no token. Raises `ApiError` if no token can be had."""
        if isinstance(self._credentials, Basic):
            return None
        return read_claims((await self._current(self._credentials)).text)

    def invalidate(self, header: Secret) -> bool:
        """Forget the refused token, unless there is a newer one already; return True if another try can help."""
        if isinstance(self._credentials, Basic):
            return False
        if self._token is not None and header == Secret(f"Bearer {self._token.text.reveal()}"):
            self._token = None
        return True

    async def _current(self, client: OAuth) -> Token:
        seen = self._fetches
        async with self._lock:
            if self._token is not None and self._clock.monotonic() < self._stale_at:
                return self._token
            if self._fetches != seen and self._refusal is not None:
                raise ApiError(*self._refusal)  # that of the fetch that this one has waited for
            return await self._renew(client)

    async def _renew(self, client: OAuth) -> Token:
        self._refusal = None
        asked_at = self._clock.monotonic()
        try:
            self._token = await self._fetch(client)
        except ApiError as error:
            self._token, self._refusal = None, (error.problem, error.body)
            raise
        finally:
            self._fetches += 1
        # With the margin alone, a token of a minute or less would never be fresh.
        self._stale_at = asked_at + self._token.lifetime - min(MARGIN, self._token.lifetime / 2)
        return self._token


def _lifetime(given: Any) -> float:  # noqa: ANN401 - whatever the JSON held
    try:
        seconds = float(given)
    except (TypeError, ValueError, OverflowError):
        return LIFETIME
    return seconds if isfinite(seconds) and seconds > 0 else LIFETIME
