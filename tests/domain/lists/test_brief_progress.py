"""The progress of a whole setup in a word: *done* only of what was proven, and *failed* only where something did."""

from collections.abc import Sequence

import pytest

from bwtui.domain.lists.brief_progress import BriefProgress, ProgressStage, brief_progress
from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Event, RemovalStarted, Started, Verified
from support.guide import guide_answers
from support.listed_setups import ANSWERS, APPLIED, BEGUN, DONE, ON_ORDER, REFUSED, REMOVED


def brief(events: Sequence[Event]) -> BriefProgress:
    run = RunState()
    for event in events:
        run = run.apply(event)
    return brief_progress(ANSWERS, run)


def test_what_was_read_back_is_done() -> None:
    assert brief(DONE) == BriefProgress(ProgressStage.DONE, "", None)


def test_what_was_only_applied_is_not_done() -> None:
    assert brief(APPLIED) == BriefProgress(
        ProgressStage.APPLIED, "not read back since it was applied", Kind.FAILED
    )


def test_what_was_begun_says_what_is_next() -> None:
    assert brief(BEGUN) == BriefProgress(ProgressStage.TO_DO, "2 of 9 steps done, next SMS", Kind.FAILED)
    assert brief((*BEGUN, Started("sms", 1.0))).stage is ProgressStage.TO_DO
    assert brief(()).stage is ProgressStage.TO_DO


def test_an_order_under_way_waits_and_is_no_failure() -> None:
    told = brief(ON_ORDER)
    assert told.stage is ProgressStage.WAITING
    assert "order order-1 (BACKORDERED) for +1 (919) 555-1234 is under way" in told.text


def test_what_failed_says_so_also_beside_an_order_that_waits() -> None:
    for events in (REFUSED, (*ON_ORDER, *REFUSED)):
        assert brief(events) == BriefProgress(
            ProgressStage.FAILED, "Sub-account: The name is taken.", Kind.CONFLICT
        )


def test_what_did_not_match_when_it_was_read_back_failed() -> None:
    gone = Verified(3.0, {}, {"sms": Problem("sms.read", Kind.NOT_FOUND, "It is gone.")})
    assert brief((*APPLIED, gone)) == BriefProgress(ProgressStage.FAILED, "SMS: It is gone.", Kind.NOT_FOUND)


def test_what_was_removed_is_not_done() -> None:
    assert brief(REMOVED) == BriefProgress(ProgressStage.REMOVED, "", Kind.NOT_FOUND)
    half = brief((*DONE, RemovalStarted("voice_link", 3.0)))
    assert half.stage is ProgressStage.REMOVING
    assert half.kind


@pytest.mark.parametrize("change", [{"site__name": "Other"}, {"number__quantity": "2"}])
def test_an_answer_that_waits_to_be_applied_is_not_done(change: dict[str, str]) -> None:
    run = RunState()
    for event in DONE:
        run = run.apply(event)
    answers = guide_answers(messaging_app__callback_user=None, voice_app__callback_user=None, **change)
    assert brief_progress(answers, run).stage is ProgressStage.FAILED
