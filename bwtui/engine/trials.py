"""Sends a first message or a first call once, and follows it: never sent again by itself, whatever happens.

The intent is on disk before the request leaves. What no answer tells is looked up: by our tag in the events that a
listener gets, and in Bandwidth's log for the two numbers, where it is the only new one of the time in which it can be ours.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import AbstractContextManager
from dataclasses import replace
from itertools import islice
from typing import Any, Protocol, TypeVar

from bwtui.api.client import ApiError, Client
from bwtui.api.wire import text
from bwtui.domain.callbacks.callback_events import CallbackEvent, MessageEvent, UnknownEvent, VoiceEvent
from bwtui.domain.runs.problem import Kind, Problem, ProblemError, Stopped
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.trials.trial import (
    Accepted,
    Attempt,
    Ended,
    Heard,
    Listed,
    NewsSource,
    OnTrial,
    Outcome,
    Sending,
    Stage,
    Trial,
    TrialKind,
    Unclear,
    Word,
    call_state,
    message_event,
    new_attempt,
    outcome_of,
)
from bwtui.domain.trials.trial_requests import trial_request
from bwtui.domain.trials.trial_text import unsaved_text
from bwtui.domain.values.text import single_line
from bwtui.engine.first_call import read_call, read_calls
from bwtui.engine.first_message import read_log
from bwtui.engine.only_once import only_once
from bwtui.engine.waiting import Pace

_T = TypeVar("_T")

_LONGEST_PAUSE = 5.0
"""Seconds between two looks at the message log, which allows some ten requests a second."""
_LOOKS_AFTER_REFUSAL = 3
_KEPT = 50
"""Ids of earlier attempts that are kept: far more than the log has of the same few minutes."""
_UNTIL_SENT = 30.0
"""Seconds that may pass between the look at the log and the last time that the request leaves."""


class TrialJournal(Protocol):
    """Keeps attempts; every method raises `SaveError`."""

    def last(self, kind: TrialKind) -> Attempt | None: ...
    def save(self, attempt: Attempt) -> None: ...
    def update(self, attempt: Attempt) -> None: ...
    def sending(self, kind: TrialKind, after: Attempt | None) -> AbstractContextManager[None]: ...


class Feed(Protocol):
    """The events of a running listener."""

    @property
    def public_url(self) -> str: ...
    def events(self, since: float = 0) -> AsyncIterator[CallbackEvent]: ...


FindFeed = Callable[[], Awaitable[Feed | None]]


async def no_feed() -> None:
    """Find no listener."""


class ConnectedTrials:
    """The trials of one setup on one account."""

    def __init__(
        self, client: Client, pace: Pace, journal: TrialJournal, find_feed: FindFeed = no_feed
    ) -> None:
        self._client = client
        self._pace = pace
        self._journal = journal
        self._find_feed = find_feed

    async def send(
        self, trial: Trial, wait: float, on_event: OnTrial, *, after: Attempt | None = None
    ) -> Ended:
        """Send a trial once, and follow it for `wait` seconds; the last event is returned, too.

        `after` is the last attempt of its kind, as the person was told of it.

        Raises:
            SaveError: the intent could not be written, and nothing was sent; or it was, and what became of it could not:
                then the text says so, and what is known was told as an event.
            BusyError: another process sends, or has sent one meanwhile; nothing was sent.
            Stopped: before anything was sent.
            ProblemError: it was certainly not sent, or refused.
        """
        with self._journal.sending(trial.kind, after):
            attempt = await self._send(trial, on_event, after)
        return await self.follow(attempt, wait, on_event)

    async def _send(self, trial: Trial, on_event: OnTrial, last: Attempt | None) -> Attempt:
        draft = new_attempt(trial, self._pace.clock())
        attempt = await self._pace.look_until_stopped(self._told_apart(draft, last))
        self._pace.check()
        await asyncio.to_thread(self._journal.save, attempt)
        on_event(Sending(attempt))
        try:
            reply = await self._client.send(trial_request(trial, attempt.tag), before=only_once)
        except ProblemError as error:
            return await self._without_answer(attempt, error.problem, on_event)
        id_ = single_line(text(reply.document, "id" if trial.kind is TrialKind.MESSAGE else "callId"))
        if not id_:
            on_event(Unclear(attempt, "The answer names no id."))
            return attempt
        return await self._accepted(attempt.heard(Word(Stage.ACCEPTED, id_)), on_event)

    async def _accepted(self, attempt: Attempt, on_event: OnTrial) -> Attempt:
        await self._keep(self._journal.save, Accepted(attempt), on_event)
        on_event(Accepted(attempt))
        return attempt

    async def _keep(
        self, keep: Callable[[Attempt], None], event: Accepted | Ended, on_event: OnTrial
    ) -> None:
        """Write down what is known of a trial whose request has left; where that fails, the event is told at once.

        Raises:
            SaveError: it could not be written; the text says that the request has left, and what the next run does.
        """
        try:
            await asyncio.to_thread(keep, event.attempt)
        except SaveError as error:
            on_event(event)
            raise SaveError(unsaved_text(event.attempt, str(error))) from error

    async def _without_answer(self, attempt: Attempt, problem: Problem, on_event: OnTrial) -> Attempt:
        """Write down that it was refused, and raise that; one that was, or may have been, accepted is given back."""
        if problem.unclear:
            on_event(Unclear(attempt, problem.text))
            return attempt
        if word := await self._accepted_all_the_same(attempt):
            return await self._accepted(attempt.heard(word), on_event)
        refused = replace(attempt, stage=Stage.REFUSED, code=problem.code, is_told=True)
        ended = Ended(refused, Outcome.REFUSED, why=problem.text)
        await self._keep(self._journal.save, ended, on_event)
        self._pace.check()  # the wish to stop came while it waited to be sent
        on_event(ended)
        raise ProblemError(problem)

    async def _accepted_all_the_same(self, attempt: Attempt) -> Word | None:
        """Look for what was refused: a gateway may deliver a request twice, and tell of the copy that was refused."""
        for pause in islice(self._pace.polls(), _LOOKS_AFTER_REFUSAL):
            await asyncio.sleep(pause)
            try:
                word = await self.read(attempt)
            except ApiError:
                return None
            if word or self._pace.stop.is_set():
                return word
        return None

    async def _told_apart(self, attempt: Attempt, last: Attempt | None) -> Attempt:
        """Return the attempt with what tells it from others in the log; as it is where that cannot be known for sure."""
        try:
            listed = await self._read_list(attempt)
        except ApiError:
            return attempt
        if not listed.is_all or listed.read_at is None or (last and self._may_still_show(last, attempt.at)):
            return attempt
        earlier = (*(last.before or ()), last.id) if last else ()
        ids = dict.fromkeys((*earlier[-_KEPT:], *(word.id for word in listed.words)))
        return replace(attempt, before=tuple(ids), since=listed.read_at)

    def _may_still_show(self, last: Attempt, at: float) -> bool:
        """Return true if nobody knows the id of an earlier attempt, and it may still take effect."""
        is_open = last.stage is Stage.SENDING and not last.id
        return is_open and at < last.at + self._latest_effect

    @property
    def _latest_effect(self) -> float:
        """Seconds after the look at the log within which an attempt takes effect, if ever."""
        return _UNTIL_SENT + self._pace.attempt + self._pace.settle

    def last(self, kind: TrialKind) -> Attempt | None:
        """Return the last attempt of a kind, as it was written down. Raises `SaveError`."""
        return self._journal.last(kind)

    async def follow(self, attempt: Attempt, wait: float, on_event: OnTrial) -> Ended:
        """Wait up to `wait` seconds for news of an attempt; sends nothing. The last event is returned, too.

        Raises:
            SaveError: what became of it could not be written; it was told all the same.
        """
        following = _Following(self, attempt, on_event)
        ended = await following.until_over(wait)
        await self._keep(self._journal.update, ended, on_event)
        on_event(ended)
        # Only now: if this process is killed before, the next one tells it.
        if ended.outcome is not Outcome.NOT_KNOWN:
            known = replace(ended, attempt=replace(ended.attempt, is_told=True))
            await self._keep(self._journal.update, known, lambda _: None)
        return ended

    async def public_url(self) -> str:
        """Return where the internet reaches the running listener; empty where none is known."""
        feed = await self._find_feed()
        return feed.public_url if feed else ""

    async def reply(self, attempt: Attempt, wait: float) -> str | None:
        """Wait for what the phone writes back to a message; `None` where nothing came, or no listener runs."""

        def text_of(event: CallbackEvent) -> str | None:
            if not isinstance(event, MessageEvent) or not event.is_inbound:
                return None
            return event.text if (event.sender, event.to) == (attempt.to, attempt.sender) else None

        return await self._first(text_of, attempt, wait)

    async def was_spoken_to(self, attempt: Attempt, wait: float) -> bool:
        """Wait until the listener was asked what to say in a call, which it answers with its sentence."""

        def is_asking(event: CallbackEvent) -> bool | None:
            is_ours = isinstance(event, VoiceEvent) and _is_of(attempt, event.call_id, event.raw.get("tag"))
            return True if is_ours and event.type == "answer" else None

        return bool(await self._first(is_asking, attempt, wait))

    async def _first(
        self, found: Callable[[CallbackEvent], _T | None], attempt: Attempt, wait: float
    ) -> _T | None:
        """Return what is first found in an event since an attempt; `None` after `wait` seconds, or once stopped."""

        async def look() -> _T | None:
            if feed := await self._find_feed():
                async for event in feed.events(attempt.at):
                    if (value := found(event)) is not None:
                        return value
            return None

        looking = asyncio.ensure_future(look())
        stopped = asyncio.ensure_future(self._pace.stop.wait())
        try:
            await asyncio.wait((looking, stopped), timeout=wait, return_when=asyncio.FIRST_COMPLETED)
            return looking.result() if looking.done() else None
        finally:
            for task in (looking, stopped):
                task.cancel()
            await asyncio.gather(looking, stopped, return_exceptions=True)

    # --- used by the following ---

    @property
    def pace(self) -> Pace:
        return self._pace

    async def feed(self) -> Feed | None:
        return await self._find_feed()

    async def read(self, attempt: Attempt) -> Word | None:
        """Return what the log, or the state of the call, says of an attempt; `None` for nothing. Raises `ApiError`."""
        if attempt.id and attempt.kind is TrialKind.CALL:
            return await read_call(self._client, attempt)
        listed = await self._read_list(attempt)
        if attempt.id:
            return next((word for word in listed.words if word.id == attempt.id), None)
        if attempt.before is None or not listed.is_all:
            return None  # it could be anybody's
        new = {word.id: word for word in listed.words if self._may_be(attempt, word)}
        return next(iter(new.values())) if len(new) == 1 else None

    def _may_be(self, attempt: Attempt, word: Word) -> bool:
        """Return true for what was received once the attempt had been sent, while it could take effect, and is no other's."""
        if attempt.before is None or word.id in attempt.before or attempt.since is None or word.at is None:
            return False
        return 0 <= word.at - attempt.since <= self._latest_effect

    async def _read_list(self, attempt: Attempt) -> Listed:
        reading = read_log if attempt.kind is TrialKind.MESSAGE else read_calls
        return await reading(self._client, attempt)


class _Following:
    """Follows one attempt by the listener and by Bandwidth's log at once: whichever tells first."""

    def __init__(self, trials: ConnectedTrials, attempt: Attempt, on_event: OnTrial) -> None:
        self._trials = trials
        self._attempt = attempt
        self._on_event = on_event
        self._over = asyncio.Event()
        self._why = ""

    async def until_over(self, wait: float) -> Ended:
        pace = self._trials.pace
        started = pace.monotonic()
        self._check()
        work = [asyncio.ensure_future(each) for each in (self._watch_log(), self._watch_feed())]
        over = asyncio.ensure_future(self._over.wait())
        stopped = asyncio.ensure_future(pace.stop.wait())
        try:
            await asyncio.wait((over, stopped), timeout=wait, return_when=asyncio.FIRST_COMPLETED)
        finally:
            tasks: Iterable[asyncio.Future[Any]] = (*work, over, stopped)
            for task in tasks:
                task.cancel()
            results = await asyncio.gather(*tasks, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception) and not isinstance(result, Stopped):
                raise result
        return Ended(self._attempt, self._outcome(), pace.monotonic() - started, self._why)

    def _outcome(self) -> Outcome:
        if outcome := outcome_of(self._attempt):
            return outcome
        if not self._attempt.id:
            return Outcome.NOT_KNOWN
        return Outcome.STOPPED if self._trials.pace.stop.is_set() else Outcome.NO_WORD

    def _check(self) -> None:
        if outcome_of(self._attempt):
            self._over.set()

    def _hear(self, word: Word, source: NewsSource) -> None:
        heard = self._attempt.heard(word)
        if heard == self._attempt:
            return
        self._attempt = heard
        pace = self._trials.pace
        self._on_event(Heard(heard, source, max(0.0, pace.clock() - heard.at)))
        self._check()

    async def _watch_log(self) -> None:
        pace = self._trials.pace
        source = NewsSource.LOG if self._attempt.kind is TrialKind.MESSAGE else NewsSource.CALL
        for pause in pace.polls():
            await asyncio.sleep(min(pause, _LONGEST_PAUSE))
            try:
                word = await self._trials.read(self._attempt)
            except ApiError as error:
                self._why = error.problem.text
                if error.problem.kind in (Kind.CREDENTIALS, Kind.CONFLICT, Kind.INVALID):
                    return
                continue
            self._why = ""
            if word:
                self._hear(word, source)

    async def _watch_feed(self) -> None:
        feed = await self._trials.feed()
        if feed is None:
            return
        async for event in feed.events():
            if word := _word(event, self._attempt):
                self._hear(word, NewsSource.LISTENER)


def _word(event: CallbackEvent, attempt: Attempt) -> Word | None:
    """Return what an event says of an attempt; `None` if it is about something else."""
    match event:
        case MessageEvent() if attempt.kind is TrialKind.MESSAGE and not event.is_inbound:
            message = event.raw.get("message")
            tag = message.get("tag") if isinstance(message, dict) else None
            if not _is_of(attempt, event.message_id, tag):
                return None
            stage = message_event(event.type)
            code = "" if event.error_code is None or stage is not Stage.FAILED else str(event.error_code)
            return Word(stage, event.message_id, code, single_line(event.description) if code else "")
        case VoiceEvent() if attempt.kind is TrialKind.CALL and _is_of(
            attempt, event.call_id, event.raw.get("tag")
        ):
            state = {"answer": "answered", "disconnect": "disconnected"}.get(event.type, "")
            was_answered = isinstance(event.raw.get("answerTime"), str)
            stage = call_state(state, event.cause, was_answered=was_answered)
            failed = stage is Stage.FAILED
            return Word(stage, event.call_id, event.cause if failed else "", event.error if failed else "")
        case MessageEvent() | VoiceEvent() | UnknownEvent():
            return None


def _is_of(attempt: Attempt, id_: str, tag: object) -> bool:
    return (bool(attempt.id) and id_ == attempt.id) or tag == attempt.tag
