"""Tokens that claim what a test wants, of a simulator that takes only those that it has issued."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import httpx


def jwt(claims: object) -> str:
    """Return a JWT with these claims, unsigned."""

    def part(value: object) -> str:
        return base64.urlsafe_b64encode(json.dumps(value, ensure_ascii=False).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none'})}.{part(claims)}.c2ln"


class ClaimingTransport(httpx.AsyncBaseTransport):
    """Hands out tokens with other claims, and puts the simulator's own back where one is used."""

    def __init__(self, wire: httpx.AsyncBaseTransport, claims: Mapping[str, Any]) -> None:
        self._wire = wire
        self._claims = claims
        self._issued: dict[str, str] = {}

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        bearer = request.headers["authorization"].removeprefix("Bearer ")
        if bearer in self._issued:
            request.headers["authorization"] = f"Bearer {self._issued[bearer]}"
        response = await self._wire.handle_async_request(request)
        if not request.url.path.endswith("/oauth2/token") or response.status_code != 200:
            return response
        answer = json.loads(await response.aread())
        claimed = jwt(self._claims)
        self._issued[claimed] = answer["access_token"]
        return httpx.Response(200, json={**answer, "access_token": claimed})
