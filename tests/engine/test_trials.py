"""A first message and a first call: sent once, whatever happens to the answer, and followed to the truth."""

import asyncio
import errno
import fcntl
import json
import os
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bwtui.domain.callbacks.callback_events import CallbackEvent, read_events
from bwtui.domain.remedies.remedies import sentences
from bwtui.domain.runs.problem import Kind, ProblemError
from bwtui.domain.runs.setup import BusyError, SaveError
from bwtui.domain.trials.trial import (
    Accepted,
    Attempt,
    Ended,
    Heard,
    NewsSource,
    Outcome,
    Sending,
    Stage,
    TrialKind,
    Unclear,
)
from bwtui.domain.trials.trial_setup import left_open
from bwtui.domain.trials.trial_text import ended_text
from bwtui.domain.values.secret import Secret
from support.in_process import Harness
from support.trying import TO, Trying, fill_disk, set_up

KINDS = list(TrialKind)
POST = '[[fault]]\nmethod = "POST"\npath = "**/{path}"\n'
PATHS = {TrialKind.MESSAGE: "messages", TrialKind.CALL: "calls"}
GOOD = {TrialKind.MESSAGE: Outcome.DELIVERED, TrialKind.CALL: Outcome.ANSWERED}


@pytest.fixture
async def trying(harness: Harness) -> Trying:
    return await set_up(harness)


def on_post(kind: TrialKind, fault: str) -> str:
    """Script a failure of the request that sends."""
    return POST.format(path=PATHS[kind]) + fault


@pytest.mark.parametrize("kind", KINDS)
async def test_it_is_sent_once_and_followed_to_its_good_end(trying: Trying, kind: TrialKind) -> None:
    ended = await trying.send(trying.trial(kind))
    assert ended.outcome is GOOD[kind]
    assert [type(event) for event in trying.events[:2]] == [Sending, Accepted]
    assert len(await trying.posts()) == trying.accepted == 1
    last = trying.file.last(kind)
    assert last == replace(ended.attempt, is_told=True)


@pytest.mark.parametrize("kind", KINDS)
async def test_it_is_on_disk_before_the_request_leaves(trying: Trying, kind: TrialKind) -> None:
    trying.harness.fail(on_post(kind, 'action = "answer"\nstatus = 400\n'))
    found: list[Attempt | None] = []

    def look(event: object) -> None:
        if isinstance(event, Sending):
            assert trying.accepted == 0
            found.append(trying.file.last(kind))

    async with trying.services() as services:
        with pytest.raises(ProblemError):
            await services.trials.send(trying.trial(kind), 1, look)
    (kept,) = found
    assert kept
    assert (kept.stage, kept.to, kept.is_unfinished) == (Stage.SENDING, TO, True)
    assert kept.tag.startswith("bwtui-")


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "lost",
    [
        'action = "answer"\nstatus = 504\neffect = true\n',
        'action = "answer"\nstatus = 500\neffect = true\n',
        'action = "answer"\nstatus = 502\neffect_after = 0.3\n',
        'action = "garbage"\neffect = true\n',
    ],
)
async def test_one_whose_answer_is_lost_is_found_and_not_sent_again(
    trying: Trying, kind: TrialKind, lost: str
) -> None:
    trying.harness.fail(on_post(kind, lost))
    ended = await trying.send(trying.trial(kind))
    assert ended.outcome is GOOD[kind]
    assert any(isinstance(event, Unclear) for event in trying.events)
    assert len(await trying.posts()) == trying.accepted == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_one_that_cannot_be_found_is_told_as_not_known_and_never_sent_again(
    trying: Trying, kind: TrialKind
) -> None:
    trying.harness.fail(on_post(kind, 'action = "answer"\nstatus = 504\neffect = false\n'))
    ended = await trying.send(trying.trial(kind), 0.2)
    assert ended.outcome is Outcome.NOT_KNOWN
    assert f"not {'sent' if kind is TrialKind.MESSAGE else 'placed'} again" in ended_text(ended)
    last = trying.file.last(kind)
    assert last
    assert last.is_unfinished, "the next try takes it up"
    assert (await trying.follow(last, 0.2)).outcome is Outcome.NOT_KNOWN
    assert len(await trying.posts()) == 1
    assert trying.accepted == 0


async def test_what_others_sent_between_the_same_numbers_is_not_taken_for_ours(trying: Trying) -> None:
    assert (await trying.send()).outcome is Outcome.DELIVERED
    trying.harness.fail(on_post(TrialKind.MESSAGE, 'action = "answer"\nstatus = 504\neffect = false\n'))
    ended = await trying.send(after=trying.file.last(TrialKind.MESSAGE), wait=0.2)
    assert ended.outcome is Outcome.NOT_KNOWN, "the one before has its own id"


async def test_of_two_that_could_be_ours_none_is_claimed(trying: Trying) -> None:
    trying.harness.fail("")
    await trying.send()
    first = trying.file.last(TrialKind.MESSAGE)
    await trying.send(after=first)
    assert first
    lost = replace(first, id="", stage=Stage.SENDING, is_told=False, before=())
    assert (await trying.follow(lost, 0.2)).outcome is Outcome.NOT_KNOWN


NO_EFFECT = 'action = "answer"\nstatus = 504\neffect = false\n'


def lagging_once(kind: TrialKind) -> str:
    """Script a list that does not show yet, the first time that it is read, what has been sent."""
    body = '{"messages": []}' if kind is TrialKind.MESSAGE else "[]"
    return (
        f'[[fault]]\nmethod = "GET"\npath = "**/{PATHS[kind]}"\naction = "answer"\nstatus = 200\n'
        f"content_type = \"application/json\"\nbody = '{body}'\n"
    )


@pytest.mark.parametrize("kind", KINDS)
async def test_one_that_was_sent_before_and_shows_late_is_not_taken_for_the_next(
    trying: Trying, kind: TrialKind
) -> None:
    first = (await trying.send(trying.trial(kind))).attempt
    trying.harness.fail(lagging_once(kind) + on_post(kind, NO_EFFECT))
    ended = await trying.send(trying.trial(kind), 0.2, after=trying.file.last(kind))
    assert (ended.outcome, ended.attempt.id) == (Outcome.NOT_KNOWN, "")
    assert first.id
    assert trying.accepted == 1


@pytest.mark.parametrize("kind", KINDS)
async def test_what_others_had_sent_before_and_shows_late_is_not_taken_for_ours(
    trying: Trying, kind: TrialKind
) -> None:
    clock = trying.harness.account.clock
    trying.harness.account.clock = lambda: clock() - 60
    await trying.send(trying.trial(kind))
    trying.harness.account.clock = clock
    (trying.harness.folder / "default.tries").unlink()  # as if somebody else had sent it
    trying.harness.fail(lagging_once(kind) + on_post(kind, NO_EFFECT))
    assert (await trying.send(trying.trial(kind), 0.2)).outcome is Outcome.NOT_KNOWN


@pytest.mark.parametrize("kind", KINDS)
async def test_what_others_send_long_afterwards_is_not_taken_for_ours(
    trying: Trying, kind: TrialKind
) -> None:
    sent = (await trying.send(trying.trial(kind))).attempt
    assert sent.since
    lost = replace(
        sent, id="", stage=Stage.SENDING, is_told=False, at=sent.at - 1000, since=sent.since - 1000
    )
    assert (await trying.follow(lost, 0.2)).outcome is Outcome.NOT_KNOWN


@pytest.mark.parametrize("kind", KINDS)
async def test_one_that_takes_effect_late_is_found_beside_an_earlier_one_that_shows_late(
    trying: Trying, kind: TrialKind
) -> None:
    first = (await trying.send(trying.trial(kind))).attempt
    late = 'action = "answer"\nstatus = 504\neffect_after = 0.3\n'
    trying.harness.fail(lagging_once(kind) + on_post(kind, late))
    ended = await trying.send(trying.trial(kind), after=trying.file.last(kind))
    assert ended.outcome is GOOD[kind]
    assert ended.attempt.id not in ("", first.id)


@pytest.mark.parametrize("kind", KINDS)
async def test_while_an_earlier_one_may_still_take_effect_nothing_is_taken_for_the_next(
    trying: Trying, kind: TrialKind
) -> None:
    trying.harness.fail(on_post(kind, NO_EFFECT))
    lost = (await trying.send(trying.trial(kind), 0.2)).attempt
    trying.harness.fail(on_post(kind, 'action = "answer"\nstatus = 504\neffect = true\n'))
    assert (await trying.send(trying.trial(kind), 0.2, after=lost)).outcome is Outcome.NOT_KNOWN


async def test_where_bandwidth_tells_no_time_nothing_is_taken_for_ours(
    trying: Trying, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bwtui.api.responses.http_date", lambda _: None)
    lost = 'action = "answer"\nstatus = 504\neffect = true\n'
    trying.harness.fail(on_post(TrialKind.MESSAGE, lost))
    assert (await trying.send(wait=0.2)).outcome is Outcome.NOT_KNOWN


@pytest.mark.parametrize("kind", KINDS)
async def test_a_refused_one_is_told_and_the_next_may_be_sent(trying: Trying, kind: TrialKind) -> None:
    trying.harness.fail(on_post(kind, 'action = "answer"\nstatus = 403\n'))
    with pytest.raises(ProblemError) as refused:
        await trying.send(trying.trial(kind))
    assert refused.value.problem.kind is Kind.CREDENTIALS
    last = trying.file.last(kind)
    assert last
    assert (last.stage, last.is_unfinished) == (Stage.REFUSED, False)
    assert (await trying.send(trying.trial(kind), after=last)).outcome is GOOD[kind]


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [404, 409])
async def test_a_refusal_says_what_was_not_sent_and_what_to_look_at(
    trying: Trying, kind: TrialKind, status: int
) -> None:
    body = '{"type": "not-now", "description": "The application is disabled."}'
    told = f'action = "answer"\nstatus = {status}\ncontent_type = "application/json"\nbody = {json.dumps(body)}\n'
    trying.harness.fail(on_post(kind, told))
    with pytest.raises(ProblemError) as refused:
        await trying.send(trying.trial(kind))
    said = sentences(refused.value.problem)
    assert ("No message was sent." if kind is TrialKind.MESSAGE else "No call was placed.") in said
    assert "The application is disabled." in said
    assert "still as this setup made them" in said
    assert "already exists" not in said
    assert "bwtui does not know" not in said


async def test_the_field_that_bandwidth_refuses_is_named(trying: Trying) -> None:
    with pytest.raises(ProblemError) as refused:
        await trying.send(replace(trying.trial(), application_id="nobody"))
    assert "applicationId 'nobody' is not a known application" in refused.value.problem.text


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [429, 401])
async def test_what_is_put_off_is_told_and_not_sent_again(
    trying: Trying, kind: TrialKind, status: int
) -> None:
    put_off = f'action = "answer"\nstatus = {status}\nheaders = {{ Retry-After = "0" }}\n'
    trying.harness.fail(on_post(kind, put_off))
    with pytest.raises(ProblemError) as refused:
        await trying.send(trying.trial(kind))
    assert refused.value.problem.status == status
    assert len(await trying.posts()) == 1
    assert trying.accepted == 0
    last = trying.file.last(kind)
    assert last
    assert not last.is_unfinished, "the person may send another"


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("status", [429, 401, 404, 409])
async def test_what_is_refused_and_accepted_all_the_same_is_found(
    trying: Trying, kind: TrialKind, status: int
) -> None:
    trying.harness.fail(on_post(kind, f'action = "answer"\nstatus = {status}\neffect = true\n'))
    assert (await trying.send(trying.trial(kind))).outcome is GOOD[kind]
    assert len(await trying.posts()) == trying.accepted == 1


def log_says(status: str, code: int) -> str:
    """Script what the message log has of the message that was sent last."""
    row = {"messageId": "@", "messageDirection": "OUTBOUND", "messageStatus": status, "errorCode": code}
    return json.dumps({"totalCount": 1, "messages": [row]})


async def test_a_failed_message_is_told_with_its_code_and_what_to_do(trying: Trying) -> None:
    def fail_it(event: object) -> None:
        if isinstance(event, Accepted):
            body = log_says("FAILED", 4476).replace("@", event.attempt.id)
            trying.harness.fail(
                '[[fault]]\nmethod = "GET"\npath = "**/messages"\naction = "answer"\nstatus = 200\ntimes = 0\n'
                f"content_type = \"application/json\"\nbody = '{body}'\n"
            )

    async with trying.services() as services:
        ended = await services.trials.send(trying.trial(), 20, fail_it)
    assert (ended.outcome, ended.attempt.code) == (Outcome.FAILED, "4476")
    assert "campaign" in ended_text(ended)


async def test_a_call_that_nobody_answers_is_failed_with_its_cause(trying: Trying) -> None:
    body = json.dumps({"state": "disconnected", "disconnectCause": "timeout", "callId": "c-1"})
    trying.harness.fail(
        '[[fault]]\nmethod = "GET"\npath = "**/calls/*"\naction = "answer"\nstatus = 404\ntimes = 2\n'
        '[[fault]]\nmethod = "GET"\npath = "**/calls/*"\naction = "answer"\nstatus = 200\ntimes = 0\n'
        f"content_type = \"application/json\"\nbody = '{body}'\n"
    )
    ended = await trying.send(trying.trial(TrialKind.CALL))
    assert (ended.outcome, ended.attempt.code) == (Outcome.FAILED, "timeout")
    assert "Nobody answered" in ended_text(ended)


async def test_without_news_it_says_how_long_it_waited(trying: Trying) -> None:
    trying.harness.fail(
        '[[fault]]\nmethod = "GET"\npath = "**/messages"\naction = "answer"\nstatus = 200\ntimes = 0\n'
        'content_type = "application/json"\nbody = \'{"messages": []}\'\n'
    )
    ended = await trying.send(wait=0.2)
    assert ended.outcome is Outcome.NO_WORD
    assert ended_text(ended).startswith("No word after 0 s: the message was accepted")


class Callbacks:
    """A listener that has one event: about the message that was sent, known by its tag alone."""

    public_url = ""

    def __init__(self, trying: Trying, **event: object) -> None:
        self._trying = trying
        self._event = event

    async def events(self, since: float = 0) -> AsyncIterator[CallbackEvent]:  # noqa: ARG002 - the interface
        last = self._trying.file.last(TrialKind.MESSAGE)
        assert last
        message = {"id": "from-a-callback", "direction": "out", "from": last.sender, "tag": last.tag}
        other = {**message, "id": "another", "tag": "another"}
        for each in (other, message):
            (event,) = read_events({**self._event, "to": TO, "message": each})
            yield event


async def test_a_listener_tells_what_the_log_does_not(trying: Trying) -> None:
    trying.harness.fail(
        '[[fault]]\nmethod = "GET"\npath = "**/messages"\naction = "answer"\nstatus = 403\ntimes = 0\n'
        + on_post(TrialKind.MESSAGE, 'action = "answer"\nstatus = 504\neffect = true\n')
    )

    async def find() -> Callbacks:
        return Callbacks(trying, type="message-failed", errorCode=4720, description="landline")

    trying.find_feed = find
    ended = await trying.send()
    assert (ended.outcome, ended.attempt.code, ended.attempt.id) == (
        Outcome.FAILED,
        "4720",
        "from-a-callback",
    )
    assert [event.source for event in trying.events if isinstance(event, Heard)] == [NewsSource.LISTENER]


async def test_one_that_no_carrier_speaks_of_is_not_told_as_failed(trying: Trying) -> None:
    async def find() -> Callbacks:
        return Callbacks(trying, type="message-failed", errorCode=9902, description="no receipt")

    trying.find_feed = find
    trying.harness.fail(
        '[[fault]]\nmethod = "GET"\npath = "**/messages"\naction = "answer"\nstatus = 403\ntimes = 0\n'
    )
    assert (await trying.send()).outcome is Outcome.NO_WORD


async def test_leaving_while_it_is_followed_says_what_is_known(trying: Trying) -> None:
    trying.harness.fail(
        '[[fault]]\nmethod = "GET"\npath = "**/messages"\naction = "answer"\nstatus = 200\ntimes = 0\n'
        'content_type = "application/json"\nbody = \'{"messages": []}\'\n'
    )

    def leave(event: object) -> None:
        if isinstance(event, Accepted):
            trying.pace.stop.set()

    async with trying.services() as services:
        ended = await services.trials.send(trying.trial(), 20, leave)
    assert ended.outcome is Outcome.STOPPED
    assert "the message was accepted" in ended_text(ended)


async def test_two_at_once_send_one(trying: Trying) -> None:
    results = await asyncio.gather(trying.send(), trying.send(), return_exceptions=True)
    (refused,) = [each for each in results if isinstance(each, Exception)]
    assert isinstance(refused, BusyError)
    assert f"process {os.getpid()} on " in str(refused)
    assert trying.accepted == 1


async def test_one_that_another_process_sent_meanwhile_is_told_first(trying: Trying) -> None:
    await trying.send()
    with pytest.raises(BusyError, match="meanwhile"):
        await trying.send(after=None)
    assert trying.accepted == 1


async def test_nothing_is_sent_while_its_file_cannot_be_read(trying: Trying) -> None:
    (trying.harness.folder / "default.tries").write_text('{"v": 1, "last": {"message": {}}}')
    with pytest.raises(SaveError, match="nobody knows what was sent last"):
        await trying.send()
    assert await trying.posts() == []


async def test_a_lock_that_is_another_file_too_is_not_emptied_and_nothing_is_sent(trying: Trying) -> None:
    theirs = trying.harness.folder / "theirs"
    theirs.write_text("keep me")
    (trying.harness.folder / "default.tries-lock").hardlink_to(theirs)
    with pytest.raises(
        SaveError, match=r"default\.tries-lock cannot be locked: it is no plain file of its own"
    ):
        await trying.send()
    assert theirs.read_text() == "keep me"
    assert await trying.posts() == []


async def test_where_there_are_no_locks_nothing_is_sent(
    trying: Trying, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(errno.ENOLCK, os.strerror(errno.ENOLCK))

    monkeypatch.setattr(fcntl, "flock", refuse)
    with pytest.raises(SaveError, match=r"default\.tries-lock cannot be locked: .*--state-dir"):
        await trying.send()
    assert await trying.posts() == []


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    "case",
    [
        ("", 2, "was {sent}, but", Accepted),
        ("", 3, "was {sent}, but", Ended),
        ("", 4, "was {sent}, but", Ended),
        ('action = "answer"\nstatus = 504\neffect = false\n', 2, "may have been {sent}, but", Ended),
        ('action = "answer"\nstatus = 400\n', 2, "was not accepted, but", Ended),
    ],
    ids=["accepted", "arrived", "told", "not known", "refused"],
)
async def test_where_what_became_of_it_cannot_be_written_it_is_told_that_it_was_sent(
    trying: Trying, monkeypatch: pytest.MonkeyPatch, kind: TrialKind, case: tuple[str, int, str, type]
) -> None:
    fault, nth, told, known = case
    fill_disk(monkeypatch, nth)
    trying.harness.fail(on_post(kind, fault) if fault else "")
    with pytest.raises(SaveError) as refused:
        await trying.send(trying.trial(kind), wait=1)
    sent = "sent" if kind is TrialKind.MESSAGE else "placed"
    assert f"The {kind} {told.format(sent=sent)}" in str(refused.value)
    assert f"no second one is {sent} unless you ask for it" in str(refused.value)
    assert type(trying.events[-1]) is known, "what is known is told all the same"
    assert left_open(trying.file.last(kind), trying.harness.answers), "the next run looks it up"
    assert len(await trying.posts()) == 1


async def test_what_a_killed_process_has_half_written_is_removed(trying: Trying) -> None:
    left_over = trying.harness.folder / ".default.tries.0badcafe.tmp"
    left_over.write_text(TO)
    await trying.send()
    assert not left_over.exists()


async def test_no_text_and_no_password_is_written_down(trying: Trying) -> None:
    call = replace(trying.trial(TrialKind.CALL), user="user", password=Secret("canary-password"))
    await trying.send(replace(trying.trial(), text="canary text"))
    await trying.send(call)
    kept = "".join(path.read_text() for path in trying.harness.folder.glob("default.tries*"))
    assert "canary" not in kept + repr(trying.events)
    assert '"password": "***"' in json.dumps(await trying.harness.log()).replace("\\", "")
