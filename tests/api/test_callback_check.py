"""A callback URL is tried as Bandwidth would: whatever is wrong has its own outcome, name and sentence."""

import json
from base64 import b64encode
from dataclasses import replace
from typing import Any

import httpx
import pytest

import bwtui.api.callback_check
from bwtui.api.callback_check import check_callback
from bwtui.domain.callbacks.callback_check import CallbackUrl, Fine
from bwtui.domain.values.secret import Secret

MESSAGES = CallbackUrl("https://server.example.dev/callbacks", "message events")
CALLS = CallbackUrl("https://server.example.dev/init", "calls", answers_calls=True, is_voice=True)
GUARDED = replace(MESSAGES, user="bandwidth", password=Secret("password-of-theirs"))
CHALLENGE = {"WWW-Authenticate": 'Basic realm=""'}


class Server(httpx.AsyncBaseTransport):
    """Answers one after another, and keeps what it was sent."""

    def __init__(self, *answers: httpx.Response | Exception) -> None:
        self._answers = iter(answers)
        self.seen: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.seen.append(request)
        answer = next(self._answers)
        if isinstance(answer, Exception):
            raise answer
        return answer


def answer(status: int, body: str = "", headers: dict[str, str] | None = None) -> httpx.Response:
    return httpx.Response(status, content=body.encode(), headers=headers)


@pytest.mark.parametrize(
    ("callback", "answers", "name", "words"),
    [
        (MESSAGES, [answer(200)], "callback.fine", "can be reached"),
        (MESSAGES, [answer(500)], "callback.answers", "it answered 500"),
        (MESSAGES, [answer(301, headers={"Location": "https://other.example.dev"})], "callback.answers", "(301)"),
        (MESSAGES, [answer(401, headers=CHALLENGE)], "callback.answers", "the application has none"),
        (MESSAGES, [httpx.ConnectError("refused")], "callback.answers", "the connection failed"),
        (CALLS, [answer(200, "<Response/>")], "callback.fine", "answers as Bandwidth needs it"),
        (CALLS, [answer(200)], "callback.bxml", "the answer is empty"),
        (CALLS, [answer(200, "<html></html>")], "callback.bxml", "its root is <html>"),
        (CALLS, [answer(200, "<Response><SpeakSentence>")], "callback.bxml", "no well-formed XML"),
        (CALLS, [answer(200, "<Response>" + " " * 70_000 + "</Response>")], "callback.bxml", "longer than 64 KB"),
        (GUARDED, [answer(200)], "callback.asks", "takes events without the callback credentials"),
        (GUARDED, [answer(401)], "callback.asks", "each event is lost"),
        (GUARDED, [answer(401, headers=CHALLENGE), answer(200)], "callback.fine", "asks for the callback credentials and accepts them"),
        (GUARDED, [answer(401, headers=CHALLENGE), answer(401, headers=CHALLENGE)], "callback.answers", "refused the"),
        (GUARDED, [answer(503)], "callback.answers", "it answered 503"),
    ],
)  # fmt: skip
async def test_each_answer_has_its_outcome(
    callback: CallbackUrl, answers: list[Any], name: str, words: str
) -> None:
    outcome = await check_callback(callback, transport=Server(*answers))
    assert outcome.name == name
    assert words in outcome.sentence


async def test_the_credentials_go_to_no_server_that_did_not_ask_and_never_without_the_persons_yes() -> None:
    server = Server(answer(401, headers=CHALLENGE))
    outcome = await check_callback(replace(GUARDED, password=None), transport=server)
    assert outcome == Fine("server.example.dev", untried=True)
    assert "authorization" not in server.seen[0].headers
    asked = Server(
        answer(401, headers=CHALLENGE), answer(302, headers={"Location": "https://thief.example.dev"})
    )
    await check_callback(GUARDED, transport=asked)
    expected = f"Basic {b64encode(b'bandwidth:password-of-theirs').decode()}"
    assert [request.headers.get("authorization") for request in asked.seen] == [None, expected]
    assert {request.url.host for request in asked.seen} == {"server.example.dev"}


async def test_what_is_posted_looks_like_bandwidths_own_and_is_of_nobody() -> None:
    server = Server(answer(200))
    await check_callback(MESSAGES, transport=server)
    (event,) = json.loads(server.seen[0].content)
    assert event["message"]["id"] == "bwtui-check"


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/x", "https://[::1]/x", "https://192.168.1.7/x"])
async def test_a_host_on_a_network_of_its_own_is_told_before_anything_is_sent(url: str) -> None:
    assert (await check_callback(replace(MESSAGES, url=url))).name == "callback.public"


async def test_a_host_that_no_name_server_knows_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    async def unknown(_url: str) -> tuple[str, ...]:
        return ()

    monkeypatch.setattr(bwtui.api.callback_check, "addresses_of", unknown)
    outcome = await check_callback(MESSAGES)
    assert outcome.name == "callback.resolves"
    assert "No name server knows server.example.dev." in outcome.sentence
