"""Secrets reach the server and nothing else."""

import asyncio
import base64
import json
import traceback
from collections.abc import Iterator
from html import escape
from pathlib import Path
from types import TracebackType

import httpx
import pytest

import bwtui
from bwtui.api.auth import Basic
from bwtui.api.client import ApiError, Exchange, Timeouts
from bwtui.api.masking import mask_beginning, mask_bytes, mask_text
from bwtui.domain.values.documents import Element, Request
from bwtui.domain.values.secret import MASK, Secret
from support.scripted_http import CANARY, OAUTH, ClientFactory, ScriptedTransport, Serve, ask

TOKEN = "canary-token.abcdef.ghijkl"
CALLBACK = "canary-callback-password"
LOOKED_AT = (Path(bwtui.__file__).parent, Path(httpx.__file__).parents[1])
"""The product, and the libraries that it uses; not the tests, wherever they are."""
OURS = {
    "oauth": (OAUTH, base64.b64encode(f"CLI-1:{CANARY}".encode()).decode()),
    "basic": (Basic("user", Secret(CANARY)), base64.b64encode(f"user:{CANARY}".encode()).decode()),
}


def known(kind: str = "oauth") -> set[str]:
    """Everything that must not be seen, in every spelling."""
    spelt = {CANARY, escape(CANARY, quote=False), escape(CANARY), CALLBACK, OURS[kind][1]}
    return spelt | ({TOKEN} if kind == "oauth" else set())  # with Basic there is no token to look for


def echo(kind: str) -> str:
    """A document that sends it all back."""
    return "".join(f"<E>{word}</E>" for word in known(kind) - {CANARY})


def creating() -> Request:
    creds = Element("CallbackCreds", (Element("UserId", "me"), Element("Password", Secret(CALLBACK))))
    return ask("POST", operation="messaging_app.create", body=Element("Application", (creds,)))


def assert_clean(text: str, kind: str = "oauth") -> None:
    for word in known(kind):
        assert word not in text


def frames(trace: TracebackType | None) -> Iterator[object]:
    while trace is not None:
        file = Path(trace.tb_frame.f_code.co_filename)
        if any(file.is_relative_to(folder) for folder in LOOKED_AT):
            yield from trace.tb_frame.f_locals.items()
        trace = trace.tb_next


def chain(error: BaseException) -> Iterator[BaseException]:
    seen: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop()
        if link is not None and link not in seen:
            seen.append(link)
            yield link
            waiting += [link.__cause__, link.__context__]


def assert_error_clean(error: ApiError, kind: str = "oauth") -> None:
    """Not in the words, not in the traceback, and not in any local variable that a traceback might print."""
    assert_clean("".join(traceback.format_exception(error)), kind)
    assert_clean(repr(error.problem) + error.body + repr(error), kind)
    for link in chain(error):
        assert_clean(repr(link) + str(link) + repr(vars(link)), kind)
        assert_clean(repr(list(frames(link.__traceback__))), kind)


def answers(kind: str) -> list[httpx.Response | Exception]:
    """Every way of failing, with the secrets wherever there is room for one."""
    everything = echo(kind)
    said = f"{escape(CANARY)} {CALLBACK}" + (f" {TOKEN}" if kind == "oauth" else "")
    bodies = {
        400: f"<R><ErrorCode>1</ErrorCode><Description>{said}</Description>{everything}</R>",
        401: f"bad header {said}",
        402: f"<R><ErrorCode>1</ErrorCode><Description>{'x ' * 298}{CALLBACK}</Description></R>",
        403: f"<R>{'x' * (8192 - 10)}{CALLBACK}</R>",
        409: f"<R><ErrorCode>12112</ErrorCode><RecommendedAddress><City>{said}</City></RecommendedAddress></R>",
        500: f"<html><title>{said}</title>",
        503: json.dumps({"message": f"{CANARY} {CALLBACK}"}),
        201: f"<R>{everything}",
        200: f"<R><ErrorCode>1</ErrorCode>{everything}</R>",
    }
    return [
        *(httpx.Response(status, content=body.encode()) for status, body in bodies.items()),
        httpx.Response(302, headers={"Location": f"https://user:{CALLBACK}@evil.example/{CALLBACK}"}),
        httpx.ReadError(f"Illegal header value {said}"),
        httpx.ConnectError(CANARY),
    ]


@pytest.mark.parametrize(("kind", "number"), [(kind, n) for kind in OURS for n in range(len(answers(kind)))])
async def test_no_failure_shows_a_secret(factory: ClientFactory, kind: str, number: int) -> None:
    exchanges: list[Exchange] = []
    waits: list[object] = []
    script = ScriptedTransport(
        [answers(kind)[number]], token_answers=[httpx.Response(200, json={"access_token": TOKEN})]
    )
    client = await factory.client(
        script,
        credentials=OURS[kind][0],
        on_exchange=exchanges.append,
        on_wait=lambda *told: waits.append(told),
    )
    with pytest.raises(ApiError) as caught:
        await client.send(creating())
    assert_error_clean(caught.value, kind)
    assert_clean(repr(exchanges) + repr(waits) + repr(vars(client)), kind)
    assert CALLBACK.encode() in script.asked[0].content  # the secret did reach the server


async def test_no_success_shows_a_secret(factory: ClientFactory) -> None:
    exchanges: list[Exchange] = []
    answer = httpx.Response(201, content=f"<R><Password>other</Password>{echo('oauth')}</R>".encode())
    script = ScriptedTransport([answer], token_answers=[httpx.Response(200, json={"access_token": TOKEN})])
    client = await factory.client(script, credentials=OAUTH, on_exchange=exchanges.append)
    await client.send(creating())
    assert [one.operation for one in exchanges] == ["token", "messaging_app.create"]
    assert exchanges[0].reply == ""
    assert f"<Password>{MASK}</Password>" in exchanges[1].request
    assert f"<Password>{MASK}</Password>" in exchanges[1].reply
    assert_clean(repr(exchanges))


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(400, content=f"who is CLI-1 {CANARY}".encode()),
        httpx.Response(200, content=f'{{"token": "{TOKEN}"}}'.encode()),
        httpx.Response(200, content=f"<html>{CANARY}</html>".encode()),
        httpx.ReadError(CANARY),
    ],
)
async def test_no_failure_of_the_token_service_shows_a_secret(
    factory: ClientFactory, answer: httpx.Response | Exception
) -> None:
    exchanges: list[Exchange] = []
    client = await factory.client(
        ScriptedTransport([answer], token_answers=[answer]), credentials=OAUTH, on_exchange=exchanges.append
    )
    with pytest.raises(ApiError) as caught:
        await client.send(ask())
    assert_error_clean(caught.value)
    assert_clean(repr(exchanges))


async def test_no_failure_of_a_real_connection_shows_a_secret(factory: ClientFactory, serve: Serve) -> None:
    async def hang_up(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    base = await serve(hang_up)
    client = await factory.client(base_url=base, timing=Timeouts(attempts=1))
    with pytest.raises(ApiError) as caught:
        await client.send(creating())
    assert caught.value.problem.unclear
    assert_error_clean(caught.value)


async def test_text_that_cannot_be_encoded_does_not_bring_its_document_along(factory: ClientFactory) -> None:
    body = Element("A", (Element("Name", "\udc80"), Element("Password", Secret(CALLBACK))))
    client = await factory.client(ScriptedTransport([httpx.Response(200)]))
    with pytest.raises(ApiError) as caught:
        await client.send(ask("POST", body=body))
    assert_error_clean(caught.value)


def test_two_secrets_that_begin_alike_are_both_masked_whole() -> None:
    assert mask_text("abcdef abcdefgh", [Secret("abcdef"), Secret("abcdefgh")]) == f"{MASK} {MASK}"


def test_passwords_are_masked_whatever_their_prefix_and_case() -> None:
    assert (
        mask_bytes(b"<n:password a='b'>x&amp;y</n:password>", [])
        == f"<n:password a='b'>{MASK}</n:password>".encode()
    )


def test_a_secret_is_masked_in_every_spelling_but_not_when_it_is_ordinary_text() -> None:
    secret = Secret('a"b<c&d')
    for written in ('a"b<c&d', 'a"b&lt;c&amp;d', "a&quot;b&lt;c&amp;d", 'a\\"b<c&d'):
        assert mask_text(f"x {written} y", [secret]) == f"x {MASK} y"
    assert mask_text("a site", [Secret("a"), Secret("")]) == "a site"


def test_half_a_secret_where_a_long_body_is_cut_is_not_shown() -> None:
    token = Secret("t0k3n" * 800)
    body = f"<Echo>{f'{token.reveal()} ' * 40}</Echo>".encode()
    assert b"t0k3n" not in mask_beginning(body, 64 * 1024, [token])
    assert mask_beginning(b"short", 64 * 1024, [token]) == b"short"
