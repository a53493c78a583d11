"""Exports of both platforms: complete on the Universal Platform, and on a legacy account as they were before it."""

import json
import re
from collections.abc import Callable
from typing import Final

import pytest

from bwtui.domain.answers.answers import Answers, wanted_steps
from bwtui.domain.planning.progress import answers_of
from bwtui.domain.runs.problem import Kind, Problem
from bwtui.domain.runs.run import RunState
from bwtui.domain.runs.run_events import Failed, Finished, Started, Verified
from bwtui.export import curl, env, json_, markdown
from bwtui.export.result import Result, result_of
from support.guide import guide_answers

PACKAGE: Final = "6a1f0d2c-54c8-4a8b-9b39-2f5e3b0f6c11"
OUTPUTS: Final = {
    "site": {"site_id": "2297"},
    "sippeer": {"sippeer_id": "500709"},
    "number": {"order_id": "o"},
    "messaging_app": {"messaging_app_id": "m"},
    "voice_app": {"voice_app_id": "v"},
    "voice_package": {"voice_package_id": PACKAGE},
}
UNIVERSAL: Final = guide_answers(account__platform="universal")
TEXTS: Final = pytest.mark.parametrize(
    "export", [env.export, curl.export, markdown.export], ids=["env", "curl", "markdown"]
)


def result(answers: Answers, *, without: str = "") -> Result:
    """A setup in which every wanted step was done and read back, but one."""
    steps = [step for step in wanted_steps(answers) if step.key != without]
    run = RunState()
    for step in steps:
        numbers = ("9195551234",) if step.paid else ()
        ids = OUTPUTS.get(step.key, {})
        run = run.apply(Finished(step.key, 1.0, ids, numbers, answers=answers_of(step, answers)))
    run = run.apply(Verified(2.0, {step.key: answers_of(step, answers) for step in steps}))
    if without:
        refused = Problem(f"{without}.check", Kind.CONFLICT, "NOT_READY")
        run = run.apply(Started(without, 3.0)).apply(Failed(without, 4.0, refused))
    return result_of("9900000", "https://api.bandwidth.com/api", answers, run)


def rows(text: str) -> list[list[str]]:
    return [
        [cell.strip() for cell in line.strip("|").split("|")]
        for line in text.splitlines()
        if line.startswith("|")
    ]


# --- legacy ---


@TEXTS
@pytest.mark.parametrize("platform", ["auto", "legacy"])
def test_nothing_of_the_universal_platform_is_told_on_a_legacy_account(
    export: Callable[[Result], str], platform: str
) -> None:
    told = export(result(guide_answers(account__platform=platform)))
    told = re.sub(r"The account is on the legacy platform.*\n\n", "", told)
    assert told == export(result(guide_answers()))
    for word in ("universal", "platform", "package", "activat"):
        assert word not in told.lower()


@pytest.mark.parametrize(
    ("answered", "told"), [("auto", None), ("legacy", "legacy"), ("universal", "universal")]
)
def test_the_json_has_the_platform_and_a_place_for_the_package(answered: str, told: str | None) -> None:
    exported = json.loads(json_.export(result(guide_answers(account__platform=answered))))
    assert exported["platform"] == told
    assert exported["outputs"]["voice_package_id"] == (PACKAGE if told == "universal" else None)
    assert exported["outputs"]["numbers"] == ["+19195551234"]


# --- universal ---


def test_the_environment_names_the_package() -> None:
    lines = env.export(result(UNIVERSAL)).splitlines()
    assert f"BW_VOICE_PACKAGE_ID={PACKAGE}" in lines
    assert "BW_NUMBER=+19195551234" in lines
    missing = env.export(result(UNIVERSAL, without="voice_package")).splitlines()
    assert "# BW_VOICE_PACKAGE_ID: this setup has no voice package." in missing


def test_the_runbook_says_which_platform_it_is_and_what_lives_where() -> None:
    told = markdown.export(result(UNIVERSAL))
    assert "account is on the Universal Platform" in told
    services = "Incoming calls; Outgoing calls, national; Messages"
    table = rows(told)
    assert ["Messages", "Location", "500709", "done"] in table
    assert ["Calls", "Voice package", PACKAGE, "done"] in table
    assert [services, "Each phone number", "", "done"] in table
    assert ["Voice package", PACKAGE, "made by this setup", "done", ""] in table
    assert ["Voice package", "Name", "Setup Test Voice", "answers file"] in table
    assert ["Activate", "Outgoing calls, international", "false", "default"] in table
    assert "Assign voice" not in told


def test_services_that_are_not_active_are_not_told_as_done() -> None:
    table = rows(markdown.export(result(UNIVERSAL, without="activation")).replace("\\", ""))
    states = {row[1]: row[3] for row in table if len(row) == 4}
    assert states["Each phone number"] == "failed: NOT_READY"
    assert states["Voice package"] == "applied"


def test_a_setup_without_calls_has_no_package_in_its_runbook() -> None:
    told = markdown.export(result(guide_answers(account__platform="universal", setup__voice="false")))
    table = rows(told)
    assert ["Messages", "Location", "500709", "done"] in table
    assert ["Messages", "Each phone number", "", "done"] in table
    assert "Calls" not in [row[0] for row in table]


WARNING: Final = "has not activated outgoing calls"


def test_the_script_sends_and_calls_as_on_a_legacy_account() -> None:
    script = curl.export(result(UNIVERSAL))
    assert script == curl.export(result(guide_answers()))
    assert "https://messaging.bandwidth.com/api/v2/users/9900000/messages" in script
    assert "https://voice.bandwidth.com/api/v2/accounts/9900000/calls" in script
    assert "token_url=https://api.bandwidth.com/api/v1/oauth2/token" in script


def test_the_script_warns_of_a_call_that_was_not_activated() -> None:
    not_wanted = guide_answers(account__platform="universal", activation__outbound_national="false")
    assert WARNING in curl.export(result(not_wanted))
    assert WARNING in curl.export(result(UNIVERSAL, without="activation"))
    assert WARNING not in curl.export(result(UNIVERSAL))
