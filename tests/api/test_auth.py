"""Tokens: fetched once, shared, replaced in time, never shown."""

import asyncio
import base64
import json
from datetime import date
from typing import Any

import httpx
import pytest

from bwtui.api.auth import Authenticator, Basic, OAuth, Token, read_token_document
from bwtui.api.client import ApiError, Clock
from bwtui.domain.remedies.remedies import sentences
from bwtui.domain.runs.problem import Kind, OwnCode
from bwtui.domain.values.documents import Exchange
from bwtui.domain.values.hosts import token_url_for
from bwtui.domain.values.secret import Secret
from support.days import BEFORE, LONG_AFTER, ON_THE_DAY, noon
from support.scripted_http import CANARY, OAUTH, ClientFactory, ScriptedTransport, ask

OK = httpx.Response(200, content=b"<R/>")


def token(text: str = "t", **more: object) -> httpx.Response:
    return httpx.Response(200, json={"access_token": text, "expires_in": 3600, **more})


@pytest.mark.parametrize(
    ("base", "url"),
    [
        ("https://api.bandwidth.com/api", "https://api.bandwidth.com/api/v1/oauth2/token"),
        ("https://dashboard.bandwidth.com/api", "https://api.bandwidth.com/api/v1/oauth2/token"),
        ("https://Dashboard.Bandwidth.com:443/v1.0", "https://api.bandwidth.com/api/v1/oauth2/token"),
        ("https://test.dashboard.bandwidth.com/api", "https://test.api.bandwidth.com/api/v1/oauth2/token"),
        ("https://test.api.bandwidth.com/api/v2", "https://test.api.bandwidth.com/api/v1/oauth2/token"),
        ("http://127.0.0.1:8080/api", "http://127.0.0.1:8080/api/v1/oauth2/token"),
        ("http://[::1]:8080/api", "http://[::1]:8080/api/v1/oauth2/token"),
    ],
)
def test_the_token_url_is_on_the_same_origin_but_for_the_dashboards(base: str, url: str) -> None:
    assert token_url_for(base) == url


async def test_basic_sends_user_and_password_in_utf_8(factory: ClientFactory) -> None:
    script = ScriptedTransport([OK])
    client = await factory.client(script, credentials=Basic("zoë", Secret("pä:ss")))
    await client.send(ask())
    scheme, _, given = script.asked[0].headers["authorization"].partition(" ")
    assert scheme == "Basic"
    assert base64.b64decode(given).decode() == "zoë:pä:ss"
    assert script.tokens == []
    assert await client.claims() is None


async def test_the_token_is_asked_for_as_the_reference_says(factory: ClientFactory) -> None:
    script = ScriptedTransport([OK])
    client = await factory.client(script, credentials=OAUTH)
    await client.send(ask())
    [asked] = script.tokens
    assert (asked.method, str(asked.url)) == ("POST", OAUTH.token_url)
    assert asked.content == b"grant_type=client_credentials"
    assert asked.headers["content-type"] == "application/x-www-form-urlencoded"
    assert (
        base64.b64decode(asked.headers["authorization"].removeprefix("Basic ")).decode() == f"CLI-1:{CANARY}"
    )
    assert script.asked[0].headers["authorization"] == "Bearer token-1"


async def test_many_requests_at_once_share_one_token(factory: ClientFactory) -> None:
    script = ScriptedTransport([OK])
    client = await factory.client(script, credentials=OAUTH)
    await asyncio.gather(*(client.send(ask()) for _ in range(50)))
    assert len(script.tokens) == 1
    assert len(script.asked) == 50


async def test_many_requests_at_once_share_one_refusal(factory: ClientFactory) -> None:
    script = ScriptedTransport([OK], token_answers=[httpx.Response(401)])
    client = await factory.client(script, credentials=OAUTH)
    outcomes = await asyncio.gather(*(client.send(ask()) for _ in range(20)), return_exceptions=True)
    assert all(isinstance(one, ApiError) and one.problem.kind is Kind.CREDENTIALS for one in outcomes)
    assert len(script.tokens) == 1
    with pytest.raises(ApiError):  # a later request asks for a token again
        await client.send(ask())
    assert len(script.tokens) == 2


async def test_a_caller_who_leaves_does_not_take_the_token_along(factory: ClientFactory) -> None:
    script = ScriptedTransport([OK])
    client = await factory.client(script, credentials=OAUTH)
    first = asyncio.create_task(client.send(ask()))
    second = asyncio.create_task(client.send(ask()))
    await script.token_wanted.wait()
    first.cancel()
    assert (await second).status == 200
    with pytest.raises(asyncio.CancelledError):
        await first


@pytest.mark.parametrize(("passed", "fetched"), [(3539, 1), (3540, 2), (4000, 2)])
async def test_a_token_is_replaced_when_a_minute_is_left(
    factory: ClientFactory, passed: int, fetched: int
) -> None:
    client = await factory.client(script := ScriptedTransport([OK]), credentials=OAUTH)
    await client.send(ask())
    factory.ticker.now += passed
    await client.send(ask())
    assert len(script.tokens) == fetched


@pytest.mark.parametrize("lifetime", [60, 10])
async def test_a_short_lived_token_still_serves_for_half_its_life(
    factory: ClientFactory, lifetime: int
) -> None:
    client = await factory.client(
        script := ScriptedTransport([OK], token_answers=[token(expires_in=lifetime)]), credentials=OAUTH
    )
    for passed, fetched in ((0, 1), (lifetime / 2 - 1, 1), (1, 2)):
        factory.ticker.now += passed
        await client.send(ask())
        assert len(script.tokens) == fetched


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "DELETE"])
async def test_after_a_401_the_token_is_refreshed_and_the_request_repeated_once(
    factory: ClientFactory, method: str
) -> None:
    script = ScriptedTransport([httpx.Response(401), OK])
    client = await factory.client(script, credentials=OAUTH)
    await client.send(ask(method))
    assert [one.headers["authorization"] for one in script.asked] == ["Bearer token-1", "Bearer token-2"]


async def test_a_second_401_is_final(factory: ClientFactory) -> None:
    script = ScriptedTransport([httpx.Response(401)])
    client = await factory.client(script, credentials=OAUTH)
    with pytest.raises(ApiError) as caught:
        await client.send(ask("POST"))
    assert caught.value.problem.kind is Kind.CREDENTIALS
    assert not caught.value.problem.unclear
    assert (len(script.asked), len(script.tokens)) == (2, 2)


async def test_many_401s_at_once_cause_one_refresh(factory: ClientFactory) -> None:
    everyone_asked = asyncio.Event()

    class Strict(ScriptedTransport):
        async def __call__(self, request: httpx.Request) -> httpx.Response:
            answer = await super().__call__(request)
            if request.headers["authorization"] != "Bearer token-1":
                return answer
            if len(self.asked) == 20:
                everyone_asked.set()
            await everyone_asked.wait()
            return httpx.Response(401)

    client = await factory.client(script := Strict([OK]), credentials=OAUTH)
    await asyncio.gather(*(client.send(ask()) for _ in range(20)))
    assert len(script.tokens) == 2
    assert len(script.asked) == 40


async def test_a_late_401_does_not_throw_away_the_new_token() -> None:
    made: list[str] = []

    async def fetch(_: OAuth) -> Token:
        made.append(f"t{len(made)}")
        return Token(text=Secret(made[-1]))

    authenticator = Authenticator(OAUTH, fetch, Clock())
    first = await authenticator.header()
    assert authenticator.invalidate(first)
    second = await authenticator.header()
    assert authenticator.invalidate(first)  # the newer token is used, and none is fetched
    assert await authenticator.header() == second
    assert made == ["t0", "t1"]


async def test_with_basic_a_401_is_final(factory: ClientFactory) -> None:
    client = await factory.client(script := ScriptedTransport([httpx.Response(401)]))
    with pytest.raises(ApiError) as caught:
        await client.send(ask())
    assert caught.value.problem.kind is Kind.CREDENTIALS
    assert len(script.asked) == 1


@pytest.mark.parametrize(
    ("today", "code"),
    [
        (BEFORE, OwnCode.BASIC_REFUSED),
        (ON_THE_DAY, OwnCode.BASIC_ENDED),
        (LONG_AFTER, OwnCode.BASIC_ENDED),
    ],
)
async def test_an_api_user_whom_bandwidth_refuses_is_told_by_the_day_that_basic_ends(
    factory: ClientFactory, today: date, code: OwnCode
) -> None:
    factory.ticker.now = noon(today)
    client = await factory.client(ScriptedTransport([httpx.Response(401)]))
    with pytest.raises(ApiError) as caught:
        await client.send(ask())
    assert (caught.value.problem.code, caught.value.problem.kind) == (code, Kind.CREDENTIALS)


@pytest.mark.parametrize(
    "options",
    [{"base_url": "https://bandwidth.example.com/api"}, {"credentials": OAUTH}],
    ids=["elsewhere", "OAuth2"],
)
async def test_nobody_else_who_is_refused_hears_of_basic(
    factory: ClientFactory, options: dict[str, Any]
) -> None:
    client = await factory.client(ScriptedTransport([httpx.Response(401)]), **options)
    with pytest.raises(ApiError) as caught:
        await client.send(ask())
    assert caught.value.problem.code == ""
    assert "HTTP Basic" not in sentences(caught.value.problem)


async def test_only_a_refused_sign_in_is_told_as_one(factory: ClientFactory) -> None:
    client = await factory.client(ScriptedTransport([httpx.Response(403)]))
    with pytest.raises(ApiError) as caught:
        await client.send(ask())
    assert caught.value.problem.code == ""


REFUSAL = {"error": "invalid_client", "error_description": f"who is {CANARY}?"}


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(401),
        httpx.Response(401, json=REFUSAL),
        httpx.Response(400, json=REFUSAL),
        httpx.Response(401, content=b"no"),
    ],
)
async def test_a_refused_client_is_told_as_such_without_a_word_of_the_answer(
    factory: ClientFactory, answer: httpx.Response
) -> None:
    exchanges: list[Exchange] = []
    script = ScriptedTransport([OK], token_answers=[answer])
    client = await factory.client(script, credentials=OAUTH, on_exchange=exchanges.append)
    with pytest.raises(ApiError) as caught:
        await client.send(ask("POST"))
    found = caught.value.problem
    assert (found.operation, found.kind, found.code) == ("token", Kind.CREDENTIALS, OwnCode.CLIENT_REFUSED)
    assert (caught.value.body, found.unclear, script.asked, len(script.tokens)) == ("", False, [], 1)
    assert "expire" in sentences(found)
    said = sentences(found) + str(found) + str(exchanges)
    assert "who is" not in said
    assert CANARY not in said


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(400),
        httpx.Response(400, json={"error": "invalid_request"}),
        httpx.Response(400, json=["invalid_client"]),
        httpx.Response(401, content=b"<html><title>Sign in to the guest network</title>"),
        httpx.Response(403, json=REFUSAL),
        httpx.Response(404),
        httpx.Response(500, json=REFUSAL),
        httpx.Response(503, content=b"<html>invalid_client"),
        httpx.Response(302, headers={"location": "https://elsewhere.example/"}),
        httpx.Response(200, content=b"<html>"),
        httpx.Response(200, content=b""),
        httpx.Response(200, content=b"[" * 100_000),
        httpx.Response(200, json=["x"]),
        httpx.Response(200, json={"access_token": 5}),
        httpx.Response(200, json={"access_token": ""}),
        httpx.Response(200, json={"access_token": "a\r\nX-Evil: 1"}),
        httpx.ConnectError("no"),
        httpx.ReadError("no"),
    ],
)
async def test_trouble_of_the_token_service_says_nothing_about_the_secret(
    factory: ClientFactory, answer: httpx.Response | Exception
) -> None:
    exchanges: list[Exchange] = []
    script = ScriptedTransport([OK], token_answers=[answer])
    client = await factory.client(script, credentials=OAUTH, on_exchange=exchanges.append)
    with pytest.raises(ApiError) as caught:
        await client.send(ask("POST"))
    found = caught.value.problem
    assert (found.operation, found.kind, found.unclear) == ("token", Kind.UNREACHABLE, False)
    assert (caught.value.body, script.asked) == ("", [])
    told = sentences(found)
    assert "try again" in told
    assert "secret" not in told
    said = told + str(found) + str(exchanges)
    assert "who is" not in said
    assert "guest network" not in said
    assert CANARY not in said


@pytest.mark.parametrize("headers", [{}, {"retry-after": "3600"}])
async def test_a_token_service_that_wants_a_pause_is_not_quoted_either(
    factory: ClientFactory, headers: dict[str, str]
) -> None:
    answer = httpx.Response(429, headers=headers, json=REFUSAL)
    client = await factory.client(ScriptedTransport([OK], token_answers=[answer]), credentials=OAUTH)
    with pytest.raises(ApiError) as caught:
        await client.send(ask())
    assert caught.value.problem.kind is Kind.RATE_LIMITED
    assert "who is" not in str(caught.value.problem) + caught.value.body


async def test_a_token_service_that_stumbles_is_asked_again(factory: ClientFactory) -> None:
    script = ScriptedTransport([OK], token_answers=[httpx.Response(503), httpx.ReadTimeout("x"), token()])
    client = await factory.client(script, credentials=OAUTH)
    await client.send(ask("POST"))
    assert (len(script.tokens), len(script.asked)) == (3, 1)


@pytest.mark.parametrize(
    ("expires_in", "lifetime"),
    [
        (3600, 3600),
        ("1800", 1800),
        (None, 3600),
        ("soon", 3600),
        (-5, 3600),
        (0, 3600),
        ([], 3600),
        (float("inf"), 3600),
    ],
)
def test_a_lifetime_that_is_none_is_taken_for_an_hour(expires_in: object, lifetime: float) -> None:
    found = read_token_document(json.dumps({"access_token": "t", "expires_in": expires_in}).encode())
    assert isinstance(found, Token)
    assert found.lifetime == lifetime


def test_credentials_do_not_print_their_secrets() -> None:
    assert CANARY not in repr(OAUTH) + repr(Basic("u", Secret(CANARY))) + repr(Token(text=Secret(CANARY)))
