"""Answers that change after the end change what is there; less than everything can be wanted; what is refused waits."""

import re

import pytest

from bwtui.domain.runs.run import Status
from bwtui.exits import Exit
from support.guide import guide_answers
from support.in_process import ApplyOutcome, Harness
from support.write_faults import (
    SITE,
    WRITES,
    assert_explained,
    assert_finished,
    assert_one_more_run_finishes,
    elsewhere,
    error,
    fault,
    fault_at,
    problems,
    read_back,
)

ROOT = "/api/accounts/9900000"


async def sent(harness: Harness) -> list[tuple[str, str]]:
    """Each write with its document."""
    return [
        (f"{entry['method']} {entry['path']}", entry["body"])
        for entry in await harness.log()
        if entry["method"] in ("POST", "PUT") and entry["path"].startswith(ROOT)
    ]


def planned_changes(outcome: ApplyOutcome) -> dict[str, str]:
    """The reason of each planned change, by step."""
    return {
        event["step"]: event["reason"]
        for event in outcome.events
        if event["event"] == "action" and event["verdict"] == "change"
    }


def tags(document: str) -> list[str]:
    return re.findall(r"<(\w+)", document)


KINDS = {
    "site": "<Site>",
    "sippeer": "<SipPeer>",
    "sms": "<SipPeerSmsFeature>",
    "messaging_app": "Messaging-V2",
    "voice_app": "Voice-V2",
}
"""A piece of text that only the document of this step has."""


@pytest.mark.parametrize(
    ("changes", "step"),
    [
        ({"site__description": "Another"}, "site"),
        ({"site__name": "Renamed", "site__customer_name": "Other"}, "site"),
        ({"site__house_number": "901"}, "site"),
        ({"sippeer__name": "Renamed location"}, "sippeer"),
        ({"sms__zone5": "false"}, "sms"),
        ({"messaging_app__callback_url": "https://example.com/other"}, "messaging_app"),
        ({"messaging_app__name": "Renamed", "messaging_app__callback_user": "another-user"}, "messaging_app"),
        ({"voice_app__call_status_url": "https://example.com/status"}, "voice_app"),
    ],
)
async def test_a_later_answer_is_put_as_a_whole_and_proven(
    harness: Harness, changes: dict[str, str], step: str
) -> None:
    await harness.apply()
    before = await sent(harness)
    assert (await read_back(harness, guide_answers("9900000", **changes))).exit is not Exit.DONE
    harness.answers = guide_answers("9900000", **changes)
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    [(change, body)] = (await sent(harness))[len(before) :]
    assert change.startswith("PUT ")
    [(changed, reason)] = planned_changes(outcome).items()
    assert changed == step
    assert "should be" in reason
    first = next(tags(first) for _, first in before if KINDS[step] in first)
    assert set(first) <= set(tags(body)), "the whole of it, and what the account has beside"
    assert all(f">{value}<" in body for value in changes.values())
    assert (await read_back(harness)).exit is Exit.DONE
    await assert_finished(harness)
    await assert_one_more_run_finishes(harness)


async def test_a_description_that_somebody_else_wrote_survives_a_change_and_the_plan_says_so(
    harness: Harness,
) -> None:
    harness.answers = guide_answers(site__description=None)
    await harness.apply()
    await elsewhere(harness, "PUT", f"/sites/{harness.run.outputs['site_id']}", SITE.format("A colleague's"))
    harness.answers = guide_answers(site__description=None, site__name="Renamed")
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert "left as it is on the account: Description “A colleague's”" in planned_changes(outcome)["site"]
    [site] = (await harness.state())["sites"]
    assert (site["name"], site["fields"]["Description"]) == ("Renamed", "A colleague's")


async def test_callback_credentials_that_a_change_takes_away_are_named_in_the_plan(harness: Harness) -> None:
    await harness.apply()
    harness.answers = guide_answers(messaging_app__callback_user=None, messaging_app__name="Renamed")
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert (
        "the callback credentials of “Your-User-id” cannot be read back, so that the change takes them away"
        in planned_changes(outcome)["messaging_app"]
    )
    [application] = [each for each in (await harness.state())["applications"] if each["name"] == "Renamed"]
    assert "Your-User-id" not in str(application)


async def test_a_change_that_fails_is_made_by_the_next_run(harness: Harness) -> None:
    await harness.apply()
    harness.answers = guide_answers(site__description="Another")
    harness.fail(
        fault("answer", method="PUT", path="/accounts/*/sites/*", status=400, body=error("4016", "Too long"))
    )
    outcome = await harness.apply()
    assert outcome.exit is Exit.FAILED
    assert "The settings are as they were." in outcome.said
    assert_explained(outcome)
    await assert_one_more_run_finishes(harness)
    assert (await harness.state())["sites"][0]["fields"]["Description"] == "Another"


@pytest.mark.parametrize("action", ["cut-before", "cut-after", "garbage"])
async def test_a_change_that_is_cut_off_is_sent_again(harness: Harness, action: str) -> None:
    await harness.apply()
    harness.answers = guide_answers(
        site__description="Another", messaging_app__callback_url="https://example.com/x"
    )
    harness.fail(fault(action, method="PUT", times=2))
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(harness)
    assert (await harness.state())["sites"][0]["fields"]["Description"] == "Another"


MESSAGING = {"sms", "mms", "messaging_app", "messaging_link"}
VOICE = {"voice_app", "voice_link"}
PLACE = {"site", "sippeer"}


@pytest.mark.parametrize(
    ("changes", "steps"),
    [
        pytest.param(
            {"setup__voice": "false", "setup__number": "false"}, PLACE | MESSAGING, id="messaging only"
        ),
        pytest.param({"setup__messaging": "false", "setup__number": "false"}, PLACE | VOICE, id="voice only"),
        pytest.param(
            {"setup__messaging": "false", "setup__voice": "false"}, PLACE | {"number"}, id="a number only"
        ),
        pytest.param({"mms__enabled": "false"}, set(WRITES) - {"mms"}, id="without MMS"),
    ],
)
async def test_less_than_everything_can_be_wanted_and_the_rest_later(
    harness: Harness, changes: dict[str, str], steps: set[str]
) -> None:
    answers = guide_answers("9900000", **changes)
    outcome = await harness.apply(answers)
    assert outcome.exit is Exit.DONE, outcome.said
    assert {key for key, record in harness.run.steps.items() if record.status is Status.DONE} == steps
    writes = await harness.writes()
    assert len(writes) == len(steps)
    await harness.apply(answers)
    assert await harness.writes() == writes
    await assert_one_more_run_finishes(harness)
    assert len(await harness.writes()) == len(WRITES)


WAITING = {
    "site": set(WRITES) - {"site", "messaging_app", "voice_app"},
    "sippeer": {"sms", "mms", "number", "messaging_link", "voice_link"},
    "sms": {"mms", "messaging_link"},
    "mms": set[str](),
    "number": set[str](),
    "messaging_app": {"messaging_link"},
    "messaging_link": set[str](),
    "voice_app": {"voice_link"},
    "voice_link": set[str](),
}
"""By step that is refused: those that cannot go on."""


@pytest.mark.parametrize("step", WRITES)
async def test_a_refused_step_stops_what_depends_on_it_and_nothing_else(harness: Harness, step: str) -> None:
    harness.fail(fault_at(step, "answer", status=400, body=error("99999", "Not today"), times=1))
    outcome = await harness.apply()
    assert outcome.exit is Exit.FAILED
    assert problems(outcome).keys() == {f"{step}.create"}
    assert "Not today" in outcome.said
    assert_explained(outcome)
    records = harness.run.steps
    assert WAITING[step].isdisjoint(records)
    done = {key for key, record in records.items() if record.status is Status.DONE}
    assert done == set(WRITES) - WAITING[step] - {step}
    await assert_one_more_run_finishes(harness)


async def test_two_refusals_are_both_told_and_the_earlier_step_decides_the_exit_code(
    harness: Harness,
) -> None:
    harness.fail(
        fault_at("voice_app", "answer", status=409, body=error("12150"))
        + fault_at("sms", "answer", status=400, body=error("13641"))
    )
    outcome = await harness.apply()
    assert outcome.exit is Exit.FAILED
    assert problems(outcome).keys() == {"sms.create", "voice_app.create"}
    assert_explained(outcome)
    await assert_one_more_run_finishes(harness)


async def test_a_forgotten_callback_password_is_told_before_anything_is_written(harness: Harness) -> None:
    answers = guide_answers()
    answers.secrets.pop("voice_app.callback_password")  # type: ignore[attr-defined]
    outcome = await harness.apply(answers)
    assert outcome.exit is Exit.INVALID
    assert "BWTUI_VOICE_CALLBACK_PASSWORD" in outcome.said
    assert_explained(outcome)
    assert await harness.writes() == []
    await assert_one_more_run_finishes(harness)
