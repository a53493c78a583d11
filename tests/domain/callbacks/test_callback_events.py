"""Callbacks are read as what they are; what nobody knows is kept as it came."""

from datetime import UTC, datetime

import pytest

from bwtui.domain.callbacks.callback_events import (
    MESSAGE_ERRORS,
    MessageEvent,
    UnknownEvent,
    VoiceEvent,
    explain,
    read_events,
    seconds_since,
    sent_before,
)

FAILED = {
    "time": "2024-12-18T16:51:28.704450Z", "type": "message-failed", "to": "+19195551234",
    "description": "forbidden to country", "errorCode": 4432,
    "message": {"id": "m1", "owner": "+19195550000", "applicationId": "a1", "time": "2024-12-18T16:51:27.704450Z",
                "segmentCount": 1, "direction": "out", "to": ["+19195551234"], "from": "+19195550000", "text": ""},
}  # fmt: skip
HUNG_UP = {
    "eventType": "disconnect", "eventTime": "2024-12-18T16:51:30Z", "callId": "c-1", "from": "+19195550000",
    "to": "+19195551234", "direction": "inbound", "startTime": "2024-12-18T16:51:00Z", "cause": "hangup",
}  # fmt: skip


def test_a_message_event_has_its_ids_its_numbers_and_its_error() -> None:
    (event,) = read_events([FAILED])
    assert isinstance(event, MessageEvent)
    assert (event.message_id, event.sender, event.to) == ("m1", "+19195550000", "+19195551234")
    assert event.error_code == 4432
    assert event.raw == FAILED


def test_a_single_object_counts_as_an_array_of_one() -> None:
    assert read_events(FAILED) == read_events([FAILED])


def test_a_voice_event_tells_why_the_call_ended() -> None:
    (event,) = read_events(HUNG_UP)
    assert isinstance(event, VoiceEvent)
    assert (event.call_id, event.cause, event.wants_bxml) == ("c-1", "hangup", False)


@pytest.mark.parametrize("kind", ["initiate", "answer"])
def test_a_call_that_waits_wants_bxml(kind: str) -> None:
    (event,) = read_events({**HUNG_UP, "eventType": kind})
    assert isinstance(event, VoiceEvent)
    assert event.wants_bxml


@pytest.mark.parametrize(
    "strange",
    [
        1, None, "text", [], {}, {"type": "message-sent"}, {"type": "message-sent", "message": {"id": 7}},
        {"eventType": 3, "callId": []}, {"type": {"a": 1}, "message": []},
    ],
)  # fmt: skip
def test_whatever_else_arrives_is_kept_as_it_came(strange: object) -> None:
    (event,) = read_events([strange])
    assert isinstance(event, UnknownEvent)
    assert event.raw == strange


def test_a_repeated_event_has_the_same_identity_and_another_recipient_another() -> None:
    first, again, other = read_events([FAILED, {**FAILED, "time": "later"}, {**FAILED, "to": "+1"}])
    assert first.identity == again.identity != other.identity


def test_the_time_since_sending_is_told_where_the_event_has_it() -> None:
    now = datetime(2024, 12, 18, 16, 51, 29, tzinfo=UTC)
    message, call, unknown = read_events([FAILED, HUNG_UP, {}])
    assert seconds_since(message, now) == pytest.approx(1.296, abs=0.001)
    assert seconds_since(call, now) == 29
    assert seconds_since(unknown, now) is None


def test_a_message_without_a_time_counts_as_an_old_one() -> None:
    (message,) = read_events([{**FAILED, "message": {"id": "m", "time": "soon"}}])
    assert isinstance(message, MessageEvent)
    assert sent_before(message, datetime(2000, 1, 1, tzinfo=UTC))


@pytest.mark.parametrize("code", MESSAGE_ERRORS)
def test_each_known_error_says_what_it_means_and_what_to_do(code: int) -> None:
    assert explain(code) == explain(str(code))
    assert explain(code).count(".") >= 2


def test_an_error_that_no_source_explains_has_no_explanation() -> None:
    assert explain(1) == explain(None) == explain("x") == ""
