"""Claims are read from a token as far as they go, and a token without them is a token all the same."""

import httpx
import pytest

from bwtui.api.auth import Basic
from bwtui.api.token_claims import TokenClaims, read_claims
from bwtui.domain.values.secret import Secret
from support.claims import jwt
from support.scripted_http import OAUTH, ClientFactory, ScriptedTransport


@pytest.mark.parametrize(
    ("given", "found"),
    [
        ({"accounts": ["9900000", 5], "roles": ["Numbers"], "express": True},
         TokenClaims(accounts=("9900000", "5"), roles=("Numbers",), express=True)),
        ({"accounts": [], "express": False}, TokenClaims(express=False)),
        ({}, TokenClaims()),
        ({"accounts": "9900000", "roles": None, "express": "yes"}, TokenClaims()),
        ({"accounts": [True, None, {}], "roles": [["Numbers"]], "express": 1}, TokenClaims()),
        ([], TokenClaims()),
    ],
)  # fmt: skip
def test_claims_are_read_as_far_as_they_go(given: object, found: TokenClaims) -> None:
    assert read_claims(Secret(jwt(given))) == found


@pytest.mark.parametrize("role", ["a", "ab", "abc", "abcd", "Rôle ÿþ?>~"])
def test_base64url_is_read_without_its_padding(role: str) -> None:
    """Every length of padding, and the two characters in which base64url differs from base64."""
    assert read_claims(Secret(jwt({"roles": [role]}))).roles == (role,)


@pytest.mark.parametrize(
    "text", ["", "a", "a.b", "a.b.c", "a.!!!.c", "é.é.é", "..", "a.b.c.d", "a." + "W1tb" * 50_000 + ".c"]
)
def test_a_token_that_is_no_jwt_claims_nothing(text: str) -> None:
    assert read_claims(Secret(text)) == TokenClaims()


async def test_the_client_tells_the_claims_of_the_token_that_it_uses(factory: ClientFactory) -> None:
    made = jwt({"accounts": ["9900000"]})
    script = ScriptedTransport([], token_answers=[httpx.Response(200, json={"access_token": made})])
    client = await factory.client(script, credentials=OAUTH)
    assert await client.claims() == TokenClaims(accounts=("9900000",))
    assert await client.claims() == TokenClaims(accounts=("9900000",))
    assert len(script.tokens) == 1


async def test_a_user_of_basic_has_no_claims(factory: ClientFactory) -> None:
    client = await factory.client(script := ScriptedTransport([]), credentials=Basic("u", Secret("p")))
    assert await client.claims() is None
    assert script.tokens == []
