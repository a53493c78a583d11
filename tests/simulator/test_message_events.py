"""Message events, as a server receives them: with credentials on demand, again until accepted, for each outcome."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bwtui.simulator.persistence import AccountFile
from bwtui.simulator.switches import Switches
from simulator.receiver import Answer, Receiver, challenging

USER = "<UserId>someone</UserId><Password>hush-hush</Password>"
LOG = "///api/v2/users/9900000/messages"

Open = Callable[..., Any]


async def application(api: Any, inside: str) -> str:
    body = f"<ServiceType>Messaging-V2</ServiceType><AppName>Events</AppName>{inside}"
    return str((await api.post("/applications", f"<Application>{body}</Application>")).new_id)


async def plain(api: Any, receiver: Receiver) -> tuple[str, str]:
    """A number, and its application, which has one URL and no credentials."""
    made = await application(api, f"<MsgCallbackUrl>{receiver.url}/m?a=b</MsgCallbackUrl>")
    number, _ = await api.number_for(made)
    return number, made


async def log(api: Any, query: str = "messageDirection=OUTBOUND") -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = (await api.get(f"{LOG}?{query}")).body["messages"]
    return found


def quick(open_client: Open, **switches: Any) -> Any:
    return open_client(switches=Switches(**{"repeat_seconds": 0.01, **switches}))


async def test_an_event_is_an_array_posted_as_bandwidth_posts_it(api: Any, receiver: Receiver) -> None:
    number, made = await plain(api, receiver)
    sent = await api.message(number, made, tag="t")
    await api.settled()
    (request,) = receiver.requests
    assert (request.method, request.path) == ("POST", "/m?a=b")
    assert request.headers["content-type"] == "application/json; charset=utf-8"
    assert request.headers["user-agent"] == "BandwidthAPI/v2"
    (event,) = request.body
    assert (event["type"], event["to"], event["description"]) == ("message-delivered", "+19195550100", "ok")
    told = event["message"]
    assert (told["id"], told["text"], told["direction"], told["tag"]) == (sent["id"], "", "out", "t")
    assert (told["owner"], told["from"], told["segmentCount"]) == (number, number, 1)


async def test_credentials_come_only_after_a_challenge_and_those_of_the_direction(
    open_client: Open, receiver: Receiver
) -> None:
    api = open_client(tunnel=receiver.url, switches=Switches(repeat_seconds=0.01))
    inbound, outbound = (
        "<InboundCallbackCreds>{}</InboundCallbackCreds>",
        "<OutboundCallbackCreds>{}</OutboundCallbackCreds>",
    )
    urls = (
        "<InboundCallbackUrl>https://in.example/i</InboundCallbackUrl>"
        "<OutboundCallbackUrl>https://out.example/o</OutboundCallbackUrl>"
    )
    other = USER.replace("someone", "somebody")
    made = await application(api, urls + inbound.format(other) + outbound.format(USER))
    number, _ = await api.number_for(made)
    receiver.script = challenging("someone", "hush-hush")
    await api.message(number, made)
    await api.settled()
    first, second = receiver.requests
    assert (first.authorization, first.body) == (None, second.body)
    assert [request.path for request in receiver.requests] == ["/o", "/o"]
    assert first.headers["host"] == "out.example"
    assert api.account.events[0].result == "answered 200"

    receiver.script = challenging("somebody", "hush-hush")
    await phone_writes(api, number, "Hi")
    await api.settled()
    assert [request.path for request in receiver.requests[2:]] == ["/i", "/i"]
    assert api.account.events[1].result == "answered 200"


async def test_a_401_without_a_challenge_loses_the_event(open_client: Open, receiver: Receiver) -> None:
    api = open_client(tunnel=receiver.url)
    made = await application(
        api, f"<MsgCallbackUrl>https://a.example</MsgCallbackUrl><CallbackCreds>{USER}</CallbackCreds>"
    )
    number, _ = await api.number_for(made)
    receiver.script = lambda _: Answer(401)
    await api.message(number, made)
    await api.settled()
    assert len(receiver.requests) == 1
    assert api.account.events[0].result == "answered 401 without WWW-Authenticate: lost"


async def test_wrong_credentials_are_refused_again_and_the_event_is_repeated(
    open_client: Open, receiver: Receiver
) -> None:
    api = open_client(
        tunnel=receiver.url, switches=Switches(repeat_seconds=0.01, repeats=1, empty_first_request=True)
    )
    made = await application(
        api, f"<MsgCallbackUrl>https://a.example</MsgCallbackUrl><CallbackCreds>{USER}</CallbackCreds>"
    )
    number, _ = await api.number_for(made)
    receiver.script = challenging("someone", "another one")
    await api.message(number, made)
    await api.settled()
    assert [bool(request.authorization) for request in receiver.requests] == [False, True] * 2
    assert [bool(request.raw) for request in receiver.requests] == [False, True] * 2
    assert api.account.events[0].result == "answered 401"


async def test_an_event_is_repeated_until_it_is_accepted(open_client: Open, receiver: Receiver) -> None:
    api = quick(open_client)
    number, made = await plain(api, receiver)
    receiver.script = lambda _: Answer(500 if len(receiver.requests) < 3 else 204)
    await api.message(number, made)
    await api.settled()
    assert len({request.raw for request in receiver.requests}) == 1
    (event,) = (await api.state())["events"]
    assert (event["result"], event["tries"]) == ("answered 204", 3)


async def test_a_server_that_is_down_is_tried_again_and_then_no_more(open_client: Open) -> None:
    api = quick(open_client)
    made = await application(api, "<MsgCallbackUrl>http://127.0.0.1:1025/m</MsgCallbackUrl>")
    number, _ = await api.number_for(made)
    await api.message(number, made)
    await api.settled()
    (event,) = (await api.state())["events"]
    assert event["tries"] == 4
    assert event["result"].startswith("failed: ")
    assert (await log(api))[0]["messageStatus"] == "DELIVERED", "the phone has it all the same"


async def test_an_answer_that_comes_too_late_is_none(open_client: Open, receiver: Receiver) -> None:
    api = quick(open_client, message_timeout=0.2, repeats=0)
    number, made = await plain(api, receiver)
    late = threading.Event()
    receiver.script = lambda _: Answer(event=late)
    await api.message(number, made)
    await api.settled()
    late.set()
    assert api.account.events[0].result == "failed: no answer within 0.2 s"


async def test_an_accepted_event_comes_twice_if_asked_for(open_client: Open, receiver: Receiver) -> None:
    api = quick(open_client, duplicates=True)
    number, made = await plain(api, receiver)
    await api.message(number, made)
    await api.settled()
    first, second = receiver.events
    assert first == second


async def test_messages_are_told_on_their_way_if_asked_for(open_client: Open, receiver: Receiver) -> None:
    api = quick(open_client, sending_events=True, sent_events=True, delivery_seconds=0.1)
    number, made = await plain(api, receiver)
    await api.message(number, made, media=["https://example.net/a.png"])
    await api.settled()
    assert [event["type"] for event in receiver.events] == [
        "message-sending",
        "message-sent",
        "message-delivered",
    ]
    times = [event["time"] for event in receiver.events]
    assert times == sorted(set(times))


@pytest.mark.parametrize(
    ("to", "code"), [("+19195554476", 4476), ("+19195554720", 4720), ("+19195554795", 4795), ("+19195559902", 9902)]
)  # fmt: skip
async def test_the_last_digits_of_the_recipient_choose_a_failure(
    api: Any, receiver: Receiver, to: str, code: int
) -> None:
    number, made = await plain(api, receiver)
    await api.message(number, made, to)
    await api.settled()
    (event,) = receiver.events
    assert (event["type"], event["errorCode"]) == ("message-failed", code)
    (entry,) = await log(api)
    assert (entry["messageStatus"], entry["errorCode"]) == ("FAILED", code)


async def test_a_local_number_without_a_campaign_fails_where_registration_counts(
    open_client: Open, receiver: Receiver
) -> None:
    api = quick(open_client, registration=True)
    number, made = await plain(api, receiver)
    await api.message(number, made)
    await api.settled()
    assert receiver.events[0]["errorCode"] == 4476


@pytest.mark.parametrize(
    ("verification", "error"),
    [("VERIFIED", None), ("PENDING", 4795), ("BLOCKED", 4795), ("none", 4795)],
)
async def test_a_toll_free_number_sends_once_it_is_verified(
    open_client: Open, receiver: Receiver, verification: str, error: int | None
) -> None:
    api = quick(open_client, registration=True, toll_free=verification)
    _, made = await plain(api, receiver)
    site = next(iter(api.account.sites))
    (number,) = await api.numbers("tollFreeWildCardPattern=888")
    await api.order(site, number)
    api.clock.advance(1)
    await api.message(f"+1{number}", made)
    await api.settled()
    assert [event.get("errorCode") for event in receiver.events] == [error]


async def test_from_an_unlinked_location_nothing_ever_comes(api: Any, receiver: Receiver) -> None:
    number, _ = await plain(api, receiver)
    other = await api.messaging_app("Unlinked", receiver.url)
    await api.message(number, other)
    await api.settled()
    assert receiver.requests == []
    api.clock.advance(3600)
    assert [entry["messageStatus"] for entry in await log(api)] == ["RECEIVED"]


async def test_the_log_advances_with_the_message_and_lags_behind_if_asked_for(open_client: Open) -> None:
    api = quick(open_client, delivery_seconds=3, log_lag_seconds=2)
    made = await application(api, "<MsgCallbackUrl>https://stranger.example</MsgCallbackUrl>")
    number, _ = await api.number_for(made)
    await api.message(number, made, "+19195554720")
    assert await log(api) == []
    told = []
    for seconds in (2, 1, 1, 1):
        api.clock.advance(seconds)
        (entry,) = await log(api)
        told.append((entry["messageStatus"], entry.get("errorCode")))
    assert told == [("QUEUED", None), ("SENDING", None), ("SENT", None), ("FAILED", 4720)]


async def test_after_a_restart_the_log_goes_on_and_what_waited_is_not_posted(
    open_client: Open, tmp_path: Path
) -> None:
    api = quick(open_client, delivery_seconds=30)
    made = await application(api, "<MsgCallbackUrl>http://127.0.0.1:1025</MsgCallbackUrl>")
    number, _ = await api.number_for(made)
    await api.message(number, made)
    saved = AccountFile(tmp_path / "account.json")
    saved.save(api.account)
    again = saved.load(api.settings)
    assert again.messages == api.account.messages
    assert [event.result for event in again.events] == ["not sent: the simulator was ended before"]
    for errand in api.account.errands:
        errand.cancel()


# --- What a phone writes ---------------------------------------------------------------------------------------


async def phone_writes(api: Any, number: str, text: str) -> Any:
    fields = {"from": "+19195550100", "to": number, "text": text}
    return await api.json("POST", "///_simulator/inbound/message", fields)


async def test_a_message_from_a_phone_is_an_event_with_its_text_and_in_the_log(
    api: Any, receiver: Receiver
) -> None:
    number, made = await plain(api, receiver)
    taken = await phone_writes(api, number, "Hi there")
    assert taken.status == 202
    await api.settled()
    (event,) = receiver.events
    assert (event["type"], event["to"]) == ("message-received", number)
    message = event["message"]
    assert (message["id"], message["text"]) == (taken.body["messageId"], "Hi there")
    assert (message["direction"], message["owner"], message["from"]) == ("in", number, "+19195550100")
    assert message["applicationId"] == made
    (entry,) = await log(api, "messageDirection=INBOUND")
    assert (entry["messageStatus"], entry["destinationTn"]) == ("RECEIVED", number)


async def test_the_phone_answers_what_is_delivered_if_asked_for(
    open_client: Open, receiver: Receiver
) -> None:
    api = quick(open_client, reply="Got it")
    number, made = await plain(api, receiver)
    await api.message(number, made, "+19195550177")
    await api.settled()
    received = {event["type"]: event["message"] for event in receiver.events}
    assert received["message-received"]["text"] == "Got it"
    assert received["message-received"]["from"] == "+19195550177"
    await api.message(number, made, "+19195554720")
    await api.settled()
    assert len(receiver.events) == 3, "to what failed nobody replies"


async def test_a_phone_is_told_if_nobody_is_there_or_it_says_nonsense(api: Any, receiver: Receiver) -> None:
    assert (await phone_writes(api, "+19195551234", "Hi")).status == 409
    for body in ("", "[]", "{}", json.dumps({"from": "1", "to": "+19195551234", "text": "x"})):
        assert (await api.post("///_simulator/inbound/message", body)).status == 400
    assert receiver.requests == []
