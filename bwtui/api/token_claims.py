"""Read what an OAuth2 token says about itself. Its signature is not checked: use it for hints, not for decisions."""

import base64
import json
from dataclasses import dataclass
from typing import Any

from bwtui.domain.values.secret import Secret


@dataclass(frozen=True, slots=True, kw_only=True)
class TokenClaims:
    """The claims that Bandwidth puts into a token (bandwidth-api 1.3)."""

    accounts: tuple[str, ...] = ()
    """Account ids; empty for a credential of the whole system, which is not bound to particular accounts."""
    roles: tuple[str, ...] = ()
    express: bool | None = None
    """True for a Build (trial) account, which has voice only; `None` where the token does not say."""


def read_claims(token: Secret) -> TokenClaims:
    """Read the claims of a JWT; there are none in a token that is not a JWT."""
    try:
        _, payload, _ = token.reveal().split(".")
        # A JWT leaves out the padding of its base64url.
        said = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
    except (ValueError, RecursionError):
        return TokenClaims()
    if not isinstance(said, dict):
        return TokenClaims()
    express = said.get("express")
    return TokenClaims(
        accounts=_words(said.get("accounts")),
        roles=_words(said.get("roles")),
        express=express if isinstance(express, bool) else None,
    )


def _words(given: Any) -> tuple[str, ...]:  # noqa: ANN401 - whatever the claims held
    if not isinstance(given, list):
        return ()
    return tuple(str(word) for word in given if isinstance(word, str | int) and not isinstance(word, bool))
