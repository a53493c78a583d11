"""Authorization: HTTP Basic, OAuth2 client credentials, accounts and roles (bandwidth-api 1.2, 1.3, 1.5)."""

import base64
import hmac
import json
import re
import secrets
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qs

from bwtui.simulator.http import ApiResponse
from bwtui.simulator.simulated_account import SimulatedAccount

ROLES = (
    "HTTP Application Management", "HttpVoice", "Messaging", "Numbers", "Sub-accounts", "Orders", "Campaign Management",
)  # fmt: skip
"""The roles for the simulated parts of the API, as Bandwidth's CLI names them."""

VCP_ROLE = "VCP"
"""The role for Voice Configuration Packages; clients look for "vcp" in its name (universal-platform 1)."""
BUILD_ROLES = ("HTTP Application Management", "HttpVoice")

_WITHOUT_ROLES = re.compile(
    r"/accounts/[^/]+/(orders(/[^/]+)?|sites/[^/]+/sippeers|products/edgemanagement/settings|subscriptions)",
    re.IGNORECASE,
)
"""The paths that a user without any role may still read."""


def user_of(account: SimulatedAccount, authorization: str) -> str | None:
    """Return the user whose credentials the Authorization header holds, or None."""
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() == "bearer":
        alive = account.tokens.get(value.strip(), 0.0) > account.clock()
        return account.settings.client_id if alive else None
    pair = _pair(authorization)
    if pair is None:
        return None
    settings = account.settings
    if is_retired(account, authorization):
        return None
    return settings.username if _same(pair, (settings.username, settings.password)) else None


def is_retired(account: SimulatedAccount, authorization: str) -> bool:
    """Return True for Basic from the day on which it is refused, if one is set (universal-platform 8)."""
    ends = account.switches.basic_ends
    if ends is None or authorization.partition(" ")[0].lower() != "basic":
        return False
    return datetime.fromtimestamp(account.clock(), UTC).date() >= ends


def refuses_account(account: SimulatedAccount, account_id: str) -> int | None:
    """Return 403 for somebody else's account, 404 for one that does not exist, None for ours (bandwidth-api 1.5)."""
    if account_id == account.settings.account_id:
        return None
    return 403 if account_id in account.settings.foreign_accounts else 404


def lacks_role(account: SimulatedAccount, method: str, path: str) -> bool:
    return not account.settings.has_roles and not (method == "GET" and _WITHOUT_ROLES.fullmatch(path))


def issue_token(account: SimulatedAccount, authorization: str, form: bytes) -> ApiResponse:
    """Answer with a JWT, from which Bandwidth's CLI reads accounts and roles (bandwidth-api 1.3)."""
    fields = parse_qs(form.decode("utf-8", "replace"))
    pair = _pair(authorization)
    if pair is None and "client_id" in fields:
        pair = fields["client_id"][0], fields.get("client_secret", [""])[0]
    settings = account.settings
    if pair is None or not _same(pair, (settings.client_id, settings.client_secret)):
        status = account.switches.invalid_client_status
        return ApiResponse(
            status, {"error": "invalid_client", "error_description": "Client authentication failed"}
        )
    if fields.get("grant_type") != ["client_credentials"]:
        return ApiResponse(400, {"error": "unsupported_grant_type"})
    now = int(account.clock())
    seconds = account.switches.token_seconds or settings.token_seconds
    claims = {
        "sub": settings.client_id,
        "client_id": settings.client_id,
        "accounts": [] if account.switches.system_wide else [settings.account_id],
        "roles": list(roles(account)) if settings.has_roles else [],
        **({"express": True} if settings.platform == "build" else {}),
        "iat": now,
        "exp": now + seconds,
        "jti": secrets.token_hex(8),
    }
    token = _jwt(claims)
    account.tokens = {issued: end for issued, end in account.tokens.items() if end > now}
    account.tokens[token] = account.clock() + seconds
    account.note("token issued")
    return ApiResponse(200, {"access_token": token, "expires_in": seconds, "token_type": "bearer"})


def roles(account: SimulatedAccount) -> tuple[str, ...]:
    """Return the roles in a token; a legacy account has one for packages too, which is of no use (universal-platform 1)."""
    if account.settings.platform == "build":
        return BUILD_ROLES
    return ROLES if account.switches.vcp_role is False else (*ROLES, VCP_ROLE)


def _pair(authorization: str) -> tuple[str, str] | None:
    scheme, _, value = authorization.partition(" ")
    if scheme.lower() != "basic":
        return None
    try:
        decoded = base64.b64decode(value, validate=True).decode("utf-8")
    except ValueError:  # of base64, of UTF-8, or of a header that is not even ASCII
        return None
    user, _, password = decoded.partition(":")
    return user, password


def _same(given: tuple[str, str], wanted: tuple[str, str]) -> bool:
    return all(hmac.compare_digest(a.encode(), b.encode()) for a, b in zip(given, wanted, strict=True))


def _jwt(claims: Mapping[str, object]) -> str:
    """Return the three base64url parts. The signature is never checked: a token is valid if it was issued here."""
    parts = (json.dumps({"alg": "HS256", "typ": "JWT"}), json.dumps(claims), secrets.token_hex(32))
    return ".".join(base64.urlsafe_b64encode(part.encode()).decode().rstrip("=") for part in parts)
