"""Who is asking: HTTP Basic, or OAuth2 client credentials with a token that is fetched once and shared."""

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
from bwtui.domain.run import Problem
from bwtui.domain.secret import Secret

LIFETIME: Final = 3600.0
"""Seconds that a token is taken to live when the answer does not say (bandwidth-api 1.3)."""

MARGIN: Final = 60.0
"""A token with this many seconds left, or fewer, is replaced before it is used (bandwidth-api 1.3)."""

_TOKEN: Final = re.compile(r"[\x21-\x7e]+")


@dataclass(frozen=True, slots=True)
class Basic:
    """An API user; Bandwidth retires these on 2026-12-02 (bandwidth-api 1.2)."""

    username: str
    password: Secret


@dataclass(frozen=True, slots=True)
class OAuth:
    """A client id and its secret, and where they are exchanged for a token."""

    client_id: str
    client_secret: Secret
    token_url: str


Credentials = Basic | OAuth


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A bearer token and how many seconds it was given."""

    text: Secret
    lifetime: float = LIFETIME


@dataclass(frozen=True, slots=True, kw_only=True)
class Claims:
    """The claims of a token. They are not verified: good for explaining, not for deciding."""

    accounts: tuple[str, ...] = ()
    """Empty for a credential that is bound to no account in particular."""
    roles: tuple[str, ...] = ()
    express: bool = False
    """A trial account: voice only."""


def basic_header(username: str, password: Secret) -> Secret:
    """The value of an `Authorization` header."""
    pair = f"{username}:{password.reveal()}".encode()
    return Secret(f"Basic {base64.b64encode(pair).decode('ascii')}")


def read_token_document(body: bytes) -> Token | str:
    """The token in an answer, or what is wrong with the answer."""
    try:
        answer = json.loads(body)
    except (ValueError, RecursionError):
        return "The token service's answer is not JSON: the base URL may belong to something else."
    token = answer.get("access_token") if isinstance(answer, dict) else None
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        return "The token service's answer holds no usable access_token."
    return Token(text=Secret(token), lifetime=_lifetime(answer.get("expires_in")))


def claims(token: Secret) -> Claims | None:
    """Read the claims of a JWT; `None` when it is none."""
    try:
        _, payload, _ = token.reveal().split(".")
        said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        return None
    if not isinstance(said, dict):
        return None
    return Claims(
        accounts=_words(said.get("accounts")),
        roles=_words(said.get("roles")),
        express=said.get("express") is True,
    )


class Authenticator:
    """Gives the `Authorization` header; one fetch serves all who wait for a token, and so does one failure."""

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
        """The value of the `Authorization` header. Raises `ApiError` when no token is to be had."""
        match self._credentials:
            case Basic(username, password):
                return basic_header(username, password)
            case OAuth() as client:
                token = await self._current(client)
                return Secret(f"Bearer {token.text.reveal()}")

    async def claims(self) -> Claims | None:
        """Read the token's claims; `None` for Basic, or when the token is no JWT."""
        if isinstance(self._credentials, Basic):
            return None
        return claims((await self._current(self._credentials)).text)

    def invalidate(self, header: Secret) -> bool:
        """Forget the token that was refused, unless a newer one is here already; whether another try can help."""
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
                raise ApiError(
                    *self._refusal
                )  # the answer that came while this one waited is as good as its own
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
        # A token of less than two minutes would never be fresh by the margin alone.
        self._stale_at = asked_at + self._token.lifetime - min(MARGIN, self._token.lifetime / 2)
        return self._token


def _lifetime(given: Any) -> float:  # noqa: ANN401 - whatever the JSON held
    try:
        seconds = float(given)
    except (TypeError, ValueError, OverflowError):
        return LIFETIME
    return seconds if isfinite(seconds) and seconds > 0 else LIFETIME


def _words(given: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever the claims held
    return (
        tuple(str(word) for word in given if isinstance(word, str | int)) if isinstance(given, list) else ()
    )
