"""An export says *done* only of what was read back, and tells what is on the account, not what was answered since."""

import json
from collections.abc import Callable

import pytest

from bwtui.domain.answers.answers import Answers, wanted_steps
from bwtui.domain.planning.progress import answers_of
from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Event, Finished, Started, Verified
from bwtui.export import curl, env, json_, markdown
from bwtui.export.result import Result, result_of
from support.guide import guide_answers

ANSWERS = guide_answers()
OUTPUTS = {
    "site": {"site_id": "1"},
    "sippeer": {"sippeer_id": "2"},
    "number": {"order_id": "o"},
    "messaging_app": {"messaging_app_id": "m"},
    "voice_app": {"voice_app_id": "v"},
}
APPLIED: tuple[Event, ...] = tuple(
    Finished(
        step.key,
        1.0,
        OUTPUTS.get(step.key, {}),
        ("9195551234",) if step.paid else (),
        answers=answers_of(step, ANSWERS),
    )
    for step in wanted_steps(ANSWERS)
)
READ_BACK = Verified(2.0, {step.key: answers_of(step, ANSWERS) for step in wanted_steps(ANSWERS)})
EXPORTS = pytest.mark.parametrize(
    "export", [env.export, curl.export, markdown.export], ids=["env", "curl", "markdown"]
)
OLD, NEW = "https://yourSecureSite.com/callbacks/init", "https://new.example.net/init"
CHANGED = guide_answers(voice_app__call_initiated_url=NEW)


def result(*events: Event, answers: Answers = ANSWERS) -> Result:
    run = RunState()
    for event in events:
        run = run.apply(event)
    return result_of("9900000", "https://api.bandwidth.com/api", answers, run)


@EXPORTS
def test_what_was_read_back_is_done(export: Callable[[Result], str]) -> None:
    told = export(result(*APPLIED, READ_BACK))
    assert "not verified" not in told
    assert "Not finished" not in told


@EXPORTS
@pytest.mark.parametrize(
    "events",
    [
        APPLIED,
        (*APPLIED, READ_BACK._replace(open={"number": Problem("number.look", Kind.NOT_FOUND, "Not there.")})),
        (*APPLIED, READ_BACK, APPLIED[3]),
    ],
    ids=["never read back", "something did not match", "something has happened since"],
)
def test_a_step_that_was_not_read_back_is_applied_and_not_verified(
    export: Callable[[Result], str], events: tuple[Event, ...]
) -> None:
    assert "Applied, not verified" in export(result(*events))


@EXPORTS
def test_an_unfinished_setup_is_said_to_be_unfinished(export: Callable[[Result], str]) -> None:
    assert "Not finished" in export(result(*APPLIED[:3], Started("voice_app", 3.0)))


@EXPORTS
def test_an_answer_that_waits_is_named_and_the_account_is_told_as_it_is(
    export: Callable[[Result], str],
) -> None:
    told = export(result(*APPLIED, READ_BACK, answers=CHANGED)).replace("\\", "")
    waits = f"Call-initiated URL {NEW} waits to be applied; the account has {OLD}"
    assert waits in told
    rest = told.replace(waits, "")
    assert NEW not in rest
    assert OLD in rest or export is env.export


def test_a_base_url_that_waits_is_not_exported_as_the_one_in_use() -> None:
    base = guide_answers(
        setup__callback_base_url="https://old.example.net",
        voice_app__call_initiated_url=None,
        voice_app__call_status_url=None,
    )
    moved = guide_answers(
        setup__callback_base_url="https://new.example.net",
        voice_app__call_initiated_url=None,
        voice_app__call_status_url=None,
    )
    applied = [
        Finished(step.key, 1.0, OUTPUTS.get(step.key, {}), answers=answers_of(step, base))
        for step in wanted_steps(base)
    ]
    told = env.export(result(*applied, answers=moved))
    assert "\nBASE_CALLBACK_URL=https://old.example.net\n" in told
    assert "https://new.example.net/callbacks/init waits" in told


def test_the_json_says_how_far_it_is_and_what_is_open() -> None:
    assert json.loads(json_.export(result(*APPLIED, READ_BACK)))["status"] == "done"
    told = json.loads(json_.export(result(*APPLIED, READ_BACK, answers=CHANGED)))
    assert told["status"] == "applied"
    assert [point["step"] for point in told["open"]] == ["voice_app"]


def test_an_open_point_from_outside_stays_a_comment() -> None:
    hostile = Problem("number.look", Kind.NOT_FOUND, "x\ntouch pwned\r\x1b[2J")
    for export in (env.export, curl.export):
        told = export(result(*APPLIED, READ_BACK._replace(open={"number": hostile}, answers={})))
        [line] = [line for line in told.splitlines() if "touch pwned" in line]
        assert line.startswith("# ")
        assert "\x1b" not in told
