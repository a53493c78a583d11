"""Replies that are always the same: the token, the account itself, its products."""

import json
from base64 import urlsafe_b64encode
from typing import Final

from worlds.documents import HEAD, WorldReply


def _jwt(*roles: str) -> str:
    claims = {"accounts": ["9900000"], "roles": ["Configuration", "Ordering", *roles], "express": False}
    head, payload = (
        urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=")
        for part in ({"alg": "none"}, claims)
    )
    return f"{head}.{payload}.c2ln"


def _token(*roles: str) -> WorldReply:
    body = {"access_token": _jwt(*roles), "expires_in": 3600, "token_type": "bearer"}
    return WorldReply(200, json.dumps(body), {"Content-Type": "application/json"})


TOKEN: Final = _token()
TOKEN_FOR_PACKAGES: Final = _token("VCP")
ACCOUNT: Final = WorldReply(
    200,
    f"{HEAD}<AccountResponse><Account><AccountId>9900000</AccountId><CompanyName>Trial Works</CompanyName></Account>"
    "</AccountResponse>",
)
_FEATURES: Final = {
    "MESSAGING": ("SMS", "MMS", "HTTP", "HTTPV2", "TollFree", "ShortCode"),
    "Origination": ("OrigHttpVoice",),
    "Termination": ("TermHttpVoice",),
    "NumberManagement": ("ORDERING",),
}
PRODUCTS: Final = WorldReply(
    200,
    f"{HEAD}<AccountProductsResponse><Products>"
    + "".join(
        f"<Product><Name>{name}</Name><Features>{''.join(f'<Feature>{f}</Feature>' for f in features)}</Features></Product>"
        for name, features in _FEATURES.items()
    )
    + "</Products></AccountProductsResponse>",
)
