"""Messages and calls: accepted or refused in JSON, and the events that follow or do not."""

import asyncio
import json
import time
from collections.abc import Callable
from typing import Any

import pytest

JSON = {"content-type": "application/json"}
MESSAGES = "//users/9900000/messages"


async def until(fact: Callable[[], Any]) -> Any:
    """Let the loop run until something is true."""
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        if answer := fact():
            return answer
        await asyncio.sleep(0)
    raise AssertionError("it did not become true in time")


@pytest.fixture
async def linked(api: Any, bodies: dict[str, str]) -> tuple[str, str]:
    """A number whose location is linked to a messaging application."""
    site = await api.site()
    path = await api.peer(site)
    await api.post(f"{path}/products/messaging/features/sms", bodies["sms"])
    application = await api.messaging_app(url="https://callbacks.example/m")
    await api.link_messaging(path, application)
    (number,) = await api.buy(site)
    api.prefix = "/api/v2"
    return f"+1{number}", application


async def send(api: Any, **fields: Any) -> Any:
    return await api.post(MESSAGES, json.dumps(fields), headers=JSON)


async def test_a_message_is_accepted_and_its_event_kept_from_strangers(
    api: Any, linked: tuple[str, str]
) -> None:
    number, application = linked
    sent = await send(
        api, **{"from": number}, to="+19195550100", text="Hello", applicationId=application, tag="t"
    )
    message = json.loads(sent.text)
    assert (sent.status, message["direction"], message["to"], message["tag"]) == (
        202,
        "out",
        ["+19195550100"],
        "t",
    )
    (event,) = await until(lambda: api.account.events)
    assert (event.body["type"], event.body["message"]["text"]) == ("message-delivered", "")
    await until(lambda: event.result != "waiting")
    assert event.result == "not sent: the host is not loopback"


async def test_without_the_link_nothing_follows(api: Any, linked: tuple[str, str]) -> None:
    number, _ = linked
    api.prefix = "/api"
    unlinked = await api.messaging_app("Unlinked")
    sent = await send(api, **{"from": number}, to="+19195550100", text="Hello", applicationId=unlinked)
    assert sent.status == 202
    assert (await api.state())["events"] == []


async def test_a_number_that_is_not_ours_fails_later(api: Any, linked: tuple[str, str]) -> None:
    _, application = linked
    sent = await send(
        api, **{"from": "+19195559999"}, to=["+19195550100"], text="x", applicationId=application
    )
    assert sent.status == 202
    (event,) = await until(lambda: api.account.events)
    assert (event.body["type"], event.body["errorCode"]) == ("message-failed", 4432)


async def test_each_recipient_of_a_group_has_an_event(api: Any, linked: tuple[str, str]) -> None:
    number, application = linked
    to = ["+19195550100", "+19195550101"]
    await send(api, **{"from": number}, to=to, text="x", applicationId=application)
    events = await until(lambda: api.account.events)
    assert [event.body["to"] for event in events] == to


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"applicationId", "from", "to", "text"}),
        ({"from": "9195551234", "to": "x", "text": "x"}, {"applicationId", "from", "to"}),
        (
            {"from": "+19195551234", "to": ["+19195550100"] * 11, "text": "x" * 2049},
            {"applicationId", "to", "text"},
        ),
    ],
)
async def test_a_wrong_message_is_refused_field_by_field(
    api: Any, fields: dict[str, Any], wrong: set[str]
) -> None:
    refused = await send(api, **fields)
    body = json.loads(refused.text)
    assert (refused.status, body["type"]) == (400, "request-validation")
    assert {item["fieldName"] for item in body["fieldErrors"]} == wrong


async def test_anything_but_json_is_an_unsupported_type(api: Any) -> None:
    refused = await api.post(MESSAGES, "<x/>", headers={"content-type": "application/xml"})
    assert (refused.status, json.loads(refused.text)["type"]) == (415, "unsupported-content-type")
    assert (await api.post(MESSAGES, "[1]", headers=JSON)).status == 400


@pytest.mark.parametrize(
    ("path", "kind"),
    [("users/9900000/messages", "unauthorized"), ("accounts/9900000/calls", "authentication-error")],
)
async def test_each_host_refuses_bad_credentials_in_its_own_words(api: Any, path: str, kind: str) -> None:
    reply = await api.client.post(f"/api/v2/{path}", json={}, auth=("demo", "wrong"))
    assert (reply.status_code, reply.json()["type"]) == (401, kind)


async def test_a_call_is_created_and_goes_through_its_states(api: Any) -> None:
    application = await api.voice_app()
    api.prefix = "/api/v2"
    fields = {
        "from": "+19195550101",
        "to": "+19195550100",
        "applicationId": application,
        "answerUrl": "https://example.net/answer",
        "username": "someone",
        "password": "hush-hush",
    }
    made = await api.post("/calls", json.dumps(fields), headers=JSON)
    call = json.loads(made.text)
    assert (made.status, call["callTimeout"], call["password"]) == (201, 30, "*****")
    assert made.headers["location"].endswith(f"/accounts/9900000/calls/{call['callId']}")
    states = []
    for seconds in (0, 0.2, 0.2, 5):
        api.clock.advance(seconds)
        states.append(json.loads((await api.get(f"/calls/{call['callId']}")).text)["state"])
    assert states == ["queued", "initiated", "answered", "disconnected"]
    assert (await api.get("/calls/c-none")).status == 404


@pytest.mark.parametrize(
    ("change", "complaint"),
    [
        ({"to": "12"}, "Invalid to: must be an E164 telephone number"),
        ({"applicationId": "none"}, "Invalid applicationId"),
        ({"answerUrl": "ftp://x"}, "Invalid answerUrl"),
        ({"disconnectUrl": "http:// x"}, "Invalid disconnectUrl"),
        ({"answerUrl": "http://example.net", "username": "a", "password": "b"}, "must be an https URL"),
        ({"answerMethod": "PUT"}, "Invalid answerMethod"),
        ({"callTimeout": 301}, "Invalid callTimeout"),
        ({"priority": 0}, "Invalid priority"),
    ],
)
async def test_a_wrong_call_is_refused(api: Any, change: dict[str, Any], complaint: str) -> None:
    application = await api.voice_app()
    fields = {
        "from": "+19195550101",
        "to": "+19195550100",
        "applicationId": application,
        "answerUrl": "https://example.net/answer",
        **change,
    }
    refused = await api.post("/calls", json.dumps(fields), headers=JSON)
    body = json.loads(refused.text)
    assert (refused.status, body["type"]) == (400, "validation")
    assert complaint in body["description"]
