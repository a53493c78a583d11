"""Calls whose application can be asked: events, BXML, and why a call ended."""

import asyncio
import json
import threading
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from bwtui.simulator.persistence import AccountFile
from bwtui.simulator.settings import Settings
from bwtui.simulator.switches import Switches
from simulator.receiver import Answer, Received, Receiver, challenging

SPOKEN = (
    b"<Response><SpeakSentence voice='kate'>It <break/> works.</SpeakSentence><Hangup/>"
    b"<SpeakSentence>Nobody hears this.</SpeakSentence></Response>"
)
VOICE = "<CallInitiatedCallbackUrl>{0}/v</CallInitiatedCallbackUrl>"
CREDS = "<CallbackCreds><UserId>someone</UserId><Password>hush-hush</Password></CallbackCreds>"

Open = Callable[..., Any]


@pytest.fixture
def api(open_client: Open) -> Any:
    return open_client(switches=Switches(call_seconds=0))


def speaking(request: Received) -> Answer:
    """Answer every event but the last with a sentence."""
    is_last = request.raw and request.body["eventType"] == "disconnect"
    return Answer(204) if is_last else Answer(200, SPOKEN, {"Content-Type": "application/xml"})


async def application(api: Any, inside: str) -> str:
    body = f"<ServiceType>Voice-V2</ServiceType><AppName>Calls</AppName>{inside}"
    return str((await api.post("/applications", f"<Application>{body}</Application>")).new_id)


async def call(api: Any, made: str, url: str, to: str = "+19195550100", **more: Any) -> str:
    """The id of a call, which is then left to itself until it has ended."""
    fields = {"from": "+19195550101", "to": to, "applicationId": made, "answerUrl": f"{url}/a"}
    fields |= {"disconnectUrl": f"{url}/d", **more}
    reply = await api.json("POST", "///api/v2/accounts/9900000/calls", fields)
    assert reply.status == 201, reply.text
    return str(reply.body["callId"])


async def state(api: Any, call_id: str) -> Any:
    return (await api.json("GET", f"///api/v2/accounts/9900000/calls/{call_id}")).body


async def shown(api: Any) -> Any:
    """The only call, as the state shows it."""
    (only,) = (await api.state())["calls"]
    return only


async def test_a_call_is_answered_spoken_to_and_ended(api: Any, receiver: Receiver) -> None:
    receiver.script = speaking
    made = await application(api, VOICE.format(receiver.url))
    call_id = await call(api, made, receiver.url, tag="mine")
    await api.settled()
    answer, disconnect = (request.body for request in receiver.requests)
    assert [request.path for request in receiver.requests] == ["/a", "/d"]
    assert (answer["eventType"], answer["direction"], answer["tag"]) == ("answer", "outbound", "mine")
    assert (answer["callId"], answer["applicationId"], answer["to"]) == (call_id, made, "+19195550100")
    assert {
        "eventTime",
        "accountId",
        "from",
        "callUrl",
        "enqueuedTime",
        "startTime",
        "answerTime",
    } <= answer.keys()
    assert (disconnect["eventType"], disconnect["cause"]) == ("disconnect", "hangup")
    assert {"endTime", "answerTime", "tag"} <= disconnect.keys()
    now = await state(api, call_id)
    assert (now["state"], now["disconnectCause"]) == ("disconnected", "hangup")
    assert (await shown(api))["spoken"] == ["It works."]
    effects = [effect for entry in await api.log() for effect in entry["effect"]]
    assert f"call {call_id} spoke: It works." in effects


async def test_a_call_can_be_watched_while_it_lasts(open_client: Open, receiver: Receiver) -> None:
    api = open_client(switches=Switches(call_seconds=20))
    receiver.script = speaking
    made = await application(api, VOICE.format(receiver.url))
    call_id = await call(api, made, receiver.url)
    assert (await state(api, call_id))["state"] == "queued"
    api.clock.advance(0.2)
    assert (await state(api, call_id))["state"] == "initiated"
    async with asyncio.timeout(10):
        while not api.account.calls[call_id].spoken:  # noqa: ASYNC110 - the simulator tells nobody
            await asyncio.sleep(0)
    assert (await state(api, call_id))["state"] == "answered"
    await api.json("POST", f"///api/v2/accounts/9900000/calls/{call_id}", {"state": "completed"})
    await api.settled()
    assert (await state(api, call_id))["disconnectCause"] == "hangup"
    assert receiver.requests[-1].body["cause"] == "hangup"


async def test_a_call_that_is_ended_while_it_rings_is_cancelled(api: Any, receiver: Receiver) -> None:
    made = await application(api, VOICE.format(receiver.url))
    call_id = await call(api, made, receiver.url)
    await api.json("POST", f"///api/v2/accounts/9900000/calls/{call_id}", {"state": "completed"})
    await api.settled()
    (only,) = receiver.requests
    assert (only.body["eventType"], only.body["cause"]) == ("disconnect", "cancel")


@pytest.mark.parametrize(
    ("answer", "cause"),
    [
        (Answer(500), "callback-error"),
        (Answer(200, b"<Response><SpeakSentence></Response>"), "invalid-bxml"),
        (Answer(200, b"Hello"), "invalid-bxml"),
        (Answer(200, b"<html/>"), "invalid-bxml"),
        (Answer(200, b"<Response>" + b" " * 65_536 + b"</Response>"), "invalid-bxml"),
        (Answer(200), "hangup"),
    ],
)
async def test_what_the_application_answers_says_why_a_call_ends(
    api: Any, receiver: Receiver, answer: Answer, cause: str
) -> None:
    receiver.script = lambda _: answer
    made = await application(api, VOICE.format(receiver.url))
    call_id = await call(api, made, receiver.url)
    await api.settled()
    assert receiver.requests[-1].body["cause"] == cause
    now = await state(api, call_id)
    assert (now["disconnectCause"], "errorMessage" in now) == (cause, cause != "hangup")


@pytest.mark.parametrize(("to", "cause"), [("0486", "busy"), ("0408", "timeout"), ("0603", "rejected")])
async def test_the_last_digits_of_a_phone_keep_it_from_answering(
    api: Any, receiver: Receiver, to: str, cause: str
) -> None:
    made = await application(api, VOICE.format(receiver.url))
    await call(api, made, receiver.url, f"+1919555{to}")
    await call(api, made, "https://stranger.example", f"+1919555{to}")
    await api.settled()
    (only,) = receiver.requests
    assert (only.body["cause"], "answerTime" in only.body) == (cause, False)
    api.clock.advance(1)
    listed = (await api.json("GET", f"///api/v2/accounts/9900000/calls?disconnectCause={cause}")).body
    assert [item["disconnectCause"] for item in listed] == [cause, cause]


async def test_an_answer_that_comes_too_late_ends_the_call(api: Any, receiver: Receiver) -> None:
    late = threading.Event()
    receiver.script = lambda request: Answer(event=late if request.body["eventType"] == "answer" else None)
    made = await application(api, VOICE.format(receiver.url))
    await call(api, made, receiver.url, callbackTimeout=1)
    await api.settled()
    late.set()
    assert receiver.requests[-1].body["cause"] == "callback-error"
    assert (await shown(api))["callbacks"][0] == "answer: no answer within 1 s"


async def test_the_fallback_is_asked_if_the_usual_url_fails(api: Any, receiver: Receiver) -> None:
    receiver.script = lambda request: Answer(404) if request.path == "/a" else speaking(request)
    made = await application(api, VOICE.format(receiver.url))
    await call(api, made, receiver.url, answerFallbackUrl=f"{receiver.url}/f", answerFallbackMethod="GET")
    await api.settled()
    assert [(request.method, urlsplit(request.path).path) for request in receiver.requests] == [
        ("POST", "/a"), ("GET", "/f"), ("POST", "/d"),
    ]  # fmt: skip
    assert (await shown(api))["spoken"] == ["It works."]


async def test_the_fallback_has_credentials_of_its_own(open_client: Open, receiver: Receiver) -> None:
    api = open_client(tunnel=receiver.url, switches=Switches(call_seconds=0))
    made = await application(api, VOICE.format("https://v.example"))
    ours = challenging("other", "secret", Answer(200, SPOKEN))
    receiver.script = lambda request: Answer(503) if request.path == "/a" else ours(request)
    own = {"answerFallbackUrl": "https://a.example/f", "username": "caller", "password": "mine"}
    await call(api, made, "https://a.example", fallbackUsername="other", fallbackPassword="secret", **own)
    await api.settled()
    assert (await shown(api))["spoken"] == ["It works."]


async def test_an_end_is_told_once_more_if_there_was_no_connection(api: Any, receiver: Receiver) -> None:
    receiver.script = speaking
    made = await application(api, VOICE.format(receiver.url))
    await call(api, made, receiver.url, disconnectUrl="http://127.0.0.1:1025/d")
    await api.settled()
    told = [words.partition(": ")[0] for words in (await shown(api))["callbacks"]]
    assert told == ["answer", "disconnect", "disconnect"]
    assert (await shown(api))["cause"] == "hangup"


async def test_a_call_has_credentials_of_its_own_or_those_of_the_application(
    open_client: Open, receiver: Receiver
) -> None:
    api = open_client(tunnel=receiver.url, switches=Switches(call_seconds=0))
    made = await application(api, VOICE.format("https://v.example") + CREDS)
    for user, password, own in (
        ("someone", "hush-hush", {}),
        ("caller", "mine", {"username": "caller", "password": "mine"}),
    ):
        receiver.requests.clear()
        receiver.script = challenging(user, password, Answer(200, SPOKEN))
        await call(api, made, "https://a.example", **own)
        await api.settled()
        assert [(request.path, bool(request.authorization)) for request in receiver.requests] == [
            ("/a", False), ("/a", True), ("/d", False), ("/d", True),
        ]  # fmt: skip
    assert [call["cause"] for call in (await api.state())["calls"]] == ["hangup", "hangup"]


async def test_passwords_of_a_call_are_neither_shown_nor_saved(
    open_client: Open, receiver: Receiver, tmp_path: Any
) -> None:
    api = open_client(tunnel=receiver.url)
    made = await application(api, VOICE.format("https://v.example"))
    await call(api, made, "https://a.example", username="caller", password="hush-hush")
    saved = AccountFile(tmp_path / "account.json")
    saved.save(api.account)
    again = saved.load(Settings())
    told = [await api.state(), await api.log(), repr(api.account.calls)]
    await api.settled()
    assert "hush-hush" not in json.dumps(told) + saved.path.read_text("utf-8")
    (only,) = again.calls.values()
    assert (only.cause, again.ringing) == ("error", []), "what was under way does not go on"


# --- Calls from a phone ----------------------------------------------------------------------------------------


async def phone_calls(api: Any, number: str) -> Any:
    fields = {"from": "+19195550100", "to": number}
    return await api.json("POST", "///_simulator/inbound/call", fields)


@pytest.mark.parametrize("method", ["POST", "GET"])
async def test_on_a_legacy_account_the_application_of_the_location_answers(
    api: Any, receiver: Receiver, method: str
) -> None:
    receiver.script = speaking
    status = f"<CallStatusCallbackUrl>{receiver.url}/s</CallStatusCallbackUrl>"
    how = f"<CallInitiatedMethod>{method}</CallInitiatedMethod>"
    made = await application(api, VOICE.format(receiver.url) + how + status)
    site = await api.site()
    path = await api.peer(site)
    (number,) = await api.buy(site)
    assert (await phone_calls(api, f"+1{number}")).status == 409, "no application is linked yet"
    await api.link_voice(path, made)
    taken = await phone_calls(api, f"+1{number}")
    assert taken.status == 201
    await api.settled()
    first, last = receiver.requests
    asked = urlsplit(first.path)
    event = first.body if method == "POST" else {k: v[0] for k, v in parse_qs(asked.query).items()}
    assert (first.method, asked.path, last.path) == (method, "/v", "/s")
    assert (event["eventType"], event["direction"]) == ("initiate", "inbound")
    assert (event["to"], event["from"]) == (f"+1{number}", "+19195550100")
    assert (event["callId"], event["applicationId"]) == (taken.body["callId"], made)
    assert (last.body["eventType"], last.body["cause"]) == ("disconnect", "hangup")
    told = await state(api, taken.body["callId"])
    assert (told["direction"], told["state"]) == ("inbound", "disconnected")
    assert (await shown(api))["spoken"] == ["It works."]


async def test_on_the_universal_platform_the_application_of_the_package_answers(
    open_client: Open, receiver: Receiver
) -> None:
    api = open_client(platform="universal", switches=Switches(call_seconds=0))
    api.prefix = "/api/v2"
    receiver.script = speaking
    made = await application(api, VOICE.format(receiver.url))
    site = await api.site()
    await api.peer(site)
    (number,) = await api.buy(site)
    package = await api.package(httpVoiceV2ApplicationId=made)
    await api.bulk(package, number)
    assert (await phone_calls(api, number)).status == 409, "inbound calls are not active yet"
    wanted = {"action": "ACTIVATE", "phoneNumbers": [number], "services": {"voice": ["INBOUND"]}}
    await api.json("POST", "///api/v2/accounts/9900000/serviceActivation", wanted)
    api.clock.advance(10)
    assert (await phone_calls(api, number)).status == 201
    await api.settled()
    assert receiver.requests[0].body["eventType"] == "initiate"


async def test_a_call_to_an_application_that_is_down_is_not_answered(api: Any) -> None:
    made = await application(api, VOICE.format("http://127.0.0.1:1025"))
    site = await api.site()
    path = await api.peer(site)
    (number,) = await api.buy(site)
    await api.link_voice(path, made)
    await api.state()
    call_id = (await phone_calls(api, f"+1{number}")).body["callId"]
    await api.settled()
    told = await state(api, call_id)
    assert (told["disconnectCause"], "answerTime" in told) == ("callback-error", False)


async def test_a_phone_that_calls_nonsense_is_told(api: Any) -> None:
    for body in ("", "null", json.dumps({"from": "Nobody", "to": "+19195550100"})):
        assert (await api.post("///_simulator/inbound/call", body)).status == 400


async def test_a_caller_may_hide(api: Any, receiver: Receiver) -> None:
    receiver.script = speaking
    made = await application(api, VOICE.format(receiver.url))
    site = await api.site()
    path = await api.peer(site)
    await api.link_voice(path, made)
    (number,) = await api.buy(site)
    fields = {"from": "Anonymous", "to": f"+1{number}"}
    assert (await api.json("POST", "///_simulator/inbound/call", fields)).status == 201
    await api.settled()
    assert receiver.requests[0].body["from"] == "Anonymous"


async def test_a_trial_account_is_called_by_its_only_number(open_client: Open, receiver: Receiver) -> None:
    api = open_client(platform="build", tunnel=receiver.url, switches=Switches(call_seconds=0))
    receiver.script = speaking
    (number,) = api.account.numbers
    assert (await phone_calls(api, f"+1{number}")).status == 201
    await api.settled()
    assert receiver.requests[0].headers["host"] == "example.com"
    assert (await shown(api))["spoken"] == ["It works."]


async def test_a_call_to_a_server_out_of_reach_goes_well_by_itself(api: Any) -> None:
    made = await application(api, VOICE.format("https://stranger.example"))
    site = await api.site()
    path = await api.peer(site)
    await api.link_voice(path, made)
    (number,) = await api.buy(site)
    call_id = (await phone_calls(api, f"+1{number}")).body["callId"]
    api.clock.advance(60)
    told = await state(api, call_id)
    assert (told["direction"], told["disconnectCause"]) == ("inbound", "hangup")
    assert (await shown(api))["callbacks"] == [], "no stranger is called"
