"""Which platform the account is on: found out before anything is written, and never guessed."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from bwtui.api.client import Basic, Client, OAuth, token_url_for
from bwtui.domain.answers.answers import Answers
from bwtui.domain.platform import FoundPlatform, Platform, platform_text
from bwtui.domain.runs.problem import Kind, ProblemError
from bwtui.domain.runs.setup import begun_on
from bwtui.domain.values.secret import Secret
from bwtui.engine.account import account
from bwtui.engine.platform import find_platform
from bwtui.exits import Exit
from bwtui.simulator.settings import Settings
from bwtui.simulator.switches import Switches
from support.guide import guide_answers
from support.in_process import BASE_URL, QUICK, Harness
from support.write_faults import error, fault

AUTO = guide_answers(account__platform=None)
PACKAGES = "/accounts/*/voiceConfigurationPackages"

UNIVERSAL = (
    "The account is on the Universal Platform: a voice package carries the voice application and the numbers."
)
LEGACY = "The account is on the legacy platform: the location carries the voice application."
UNKNOWN = (
    "It is not known which platform the account is on. Bandwidth refuses voice packages: either the account is on the "
    "legacy platform, or the credentials lack the role for voice packages (VCP). Voice waits until you say which; "
    "everything else goes on."
)
NOT_LEGACY = (
    "The answers say that the account is on the legacy platform, but Bandwidth lists its voice packages: it is on the "
    "Universal Platform, which is likely to refuse voice on a location. Nothing was changed: this was only a look. Say that "
    "it is universal, or leave it to bwtui (account.platform); to set voice up as on the legacy platform all the same, "
    'answer existing = "change" under [voice_link].'
)
TRIAL = (
    "This is a trial account. It can have a voice application, and its own number can call phones that you have verified. "
    "It cannot have sub-accounts, locations, messages, other numbers or voice packages."
)


def at(folder: Path, platform: Any, **switches: Any) -> Harness:
    settings = Settings(platform=platform, order_seconds=0, switches=Switches(**switches))
    return Harness(folder=folder, settings=settings, answers=AUTO)


@asynccontextmanager
async def connected(harness: Harness, *, basic: bool = False) -> AsyncIterator[Client]:
    secret = Secret("demo-secret")
    credentials = Basic("demo", secret) if basic else OAuth("demo", secret, token_url_for(BASE_URL))
    timing = replace(QUICK, patience=0.1)
    async with Client(
        base_url=BASE_URL,
        credentials=credentials,
        timing=timing,
        transport=httpx.ASGITransport(harness.app),
    ) as client:
        yield client


async def find(harness: Harness, answers: Answers = AUTO, *, basic: bool = False) -> FoundPlatform:
    async with connected(harness, basic=basic) as client:
        return await find_platform(client, answers)


# --- What the token and the list show, each with its sentence ----------------------------------------------------


async def test_a_list_of_packages_is_the_universal_platform(tmp_path: Path) -> None:
    found = await find(at(tmp_path, "universal"))
    assert found.platform is Platform.UNIVERSAL
    assert platform_text(found) == UNIVERSAL


@pytest.mark.parametrize("refusal", ["empty", "errors"])
async def test_a_refusal_in_spite_of_a_role_for_packages_is_the_legacy_platform(
    tmp_path: Path, refusal: str
) -> None:
    found = await find(at(tmp_path, "legacy", refusal=refusal))
    assert found.platform is Platform.LEGACY
    assert platform_text(found) == LEGACY


@pytest.mark.parametrize("role", ["VCP Admin", "Voice Configuration", "my vcp role"])
async def test_a_role_for_packages_is_known_by_its_name_in_any_case(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, role: str
) -> None:
    monkeypatch.setattr("bwtui.simulator.auth.VCP_ROLE", role)
    assert (await find(at(tmp_path, "legacy"))).platform is Platform.LEGACY


@pytest.mark.parametrize("platform", ["legacy", "universal"])
async def test_a_refusal_without_a_role_has_two_causes_and_both_are_named(
    tmp_path: Path, platform: str
) -> None:
    found = await find(at(tmp_path, platform, vcp_role=False))
    assert found.platform is Platform.UNKNOWN
    assert platform_text(found) == UNKNOWN


async def test_basic_has_no_roles_to_tell_so_a_refusal_has_two_causes(tmp_path: Path) -> None:
    assert (await find(at(tmp_path, "legacy"), basic=True)).platform is Platform.UNKNOWN
    assert (await find(at(tmp_path, "universal"), basic=True)).platform is Platform.UNIVERSAL


async def test_no_such_list_is_the_legacy_platform(tmp_path: Path) -> None:
    harness = at(tmp_path, "legacy", vcp_role=False)
    harness.fail(fault("answer", path=PACKAGES, status=404))
    found = await find(harness)
    assert (found.platform, found.reason) == (
        Platform.LEGACY,
        "Bandwidth knows no voice packages for this account.",
    )


async def test_the_token_of_a_trial_account_says_so_and_no_list_is_asked_for(tmp_path: Path) -> None:
    harness = at(tmp_path, "build")
    found = await find(harness)
    assert found.platform is Platform.TRIAL
    assert platform_text(found) == TRIAL
    assert [entry["path"] for entry in await harness.log()] == ["/api/v1/oauth2/token"]


@pytest.mark.parametrize("platform", ["legacy", "universal"])
async def test_nothing_is_asked_where_the_answers_say_it(tmp_path: Path, platform: str) -> None:
    harness = at(tmp_path, "build")
    found = await find(harness, guide_answers(account__platform=platform))
    assert found.platform.value == platform
    assert await harness.log() == []


# --- Not known yet -----------------------------------------------------------------------------------------------

NULL_LIST = '{"data": null}'

NO_ANSWER = {
    "500": (fault("answer", path=PACKAGES, status=500, times=0), Kind.UNREACHABLE),
    "503": (fault("answer", path=PACKAGES, status=503, times=0), Kind.UNREACHABLE),
    "400": (fault("answer", path=PACKAGES, status=400), Kind.FAILED),
    "429": (
        fault("answer", path=PACKAGES, status=429, times=0, headers={"Retry-After": "60"}),
        Kind.RATE_LIMITED,
    ),
    "cut": (fault("cut-before", path=PACKAGES, times=0), Kind.UNREACHABLE),
    "no list": (fault("answer", path=PACKAGES, status=200, body=NULL_LIST), Kind.FAILED),
    "no JSON": (fault("answer", path=PACKAGES, status=200, body="<Ok/>", times=0), Kind.FAILED),
    "half a list": (
        fault("answer", path=PACKAGES, status=200, body='{"data": [], "page": {"totalElements": 3}}'),
        Kind.FAILED,
    ),
}


@pytest.mark.parametrize(("faults", "kind"), NO_ANSWER.values(), ids=NO_ANSWER)
async def test_without_a_clear_answer_it_is_not_known_yet(tmp_path: Path, faults: str, kind: Kind) -> None:
    harness = at(tmp_path, "universal")
    harness.fail(faults)
    with pytest.raises(ProblemError) as caught:
        await find(harness)
    assert caught.value.problem.kind is kind


async def test_a_refused_secret_is_told_as_such(tmp_path: Path) -> None:
    outcome = await at(tmp_path, "legacy").apply(secret="wrong")
    assert outcome.exit is Exit.CREDENTIALS


@pytest.mark.parametrize(
    ("status", "code"), [(503, Exit.UNREACHABLE), (500, Exit.UNREACHABLE), (429, Exit.RATE_LIMITED)]
)
async def test_apply_writes_nothing_while_it_is_not_known(tmp_path: Path, status: int, code: Exit) -> None:
    harness = at(tmp_path, "universal")
    harness.fail(fault("answer", path=PACKAGES, status=status, times=0))
    outcome = await harness.apply(timing=replace(QUICK, patience=0.1))
    assert outcome.exit is code
    assert await harness.writes() == []
    harness.fail("")
    assert (await harness.apply()).exit is Exit.DONE


async def test_an_answer_that_is_no_list_is_told_as_such_and_nothing_is_created_on_it(tmp_path: Path) -> None:
    harness = at(tmp_path, "universal")
    harness.fail(fault("answer", path=PACKAGES, status=200, body=NULL_LIST, times=0))
    for answers in (AUTO, guide_answers(account__platform="universal")):
        outcome = await harness.apply(answers)
        assert outcome.exit is Exit.FAILED
        assert (
            "Bandwidth answered with no list where one was due. Nothing is created on such an answer. Nothing was changed"
            in " ".join(outcome.said.split())
        )
        assert "could not be reached" not in outcome.said
    assert await harness.writes() == []


# --- apply and verify ---------------------------------------------------------------------------------------------


async def test_apply_says_the_platform_and_does_what_it_needs(tmp_path: Path) -> None:
    for platform, told, made in (
        ("legacy", LEGACY, "voice_app_id"),
        ("universal", UNIVERSAL, "voice_package_id"),
    ):
        harness = at(tmp_path / platform, platform)
        outcome = await harness.apply()
        assert outcome.exit is Exit.DONE, outcome.said
        assert told in " ".join(outcome.said.split())
        assert outcome.result["platform"] == platform
        assert made in outcome.result["outputs"]
        await harness.forget_log()
        assert (await harness.apply()).exit is Exit.DONE
        assert all(path.endswith("/serviceActivationChecker") for path in await harness.writes())


async def test_a_platform_that_is_not_known_stops_the_voice_steps_alone(tmp_path: Path) -> None:
    harness = at(tmp_path, "legacy", vcp_role=False)
    outcome = await harness.apply()
    assert outcome.exit is Exit.CONFLICT
    assert UNKNOWN in " ".join(outcome.said.split())
    assert outcome.result["platform"] == "unknown"
    failed = [event["step"] for event in outcome.events if event["event"] == "failed"]
    done = [event["step"] for event in outcome.events if event["event"] == "finished"]
    assert failed == ["voice_link"]
    assert {"site", "sippeer", "sms", "mms", "number", "messaging_app", "messaging_link", "voice_app"} == set(
        done
    )
    again = await harness.apply(guide_answers(account__platform="legacy"))
    assert (again.exit, again.result["platform"]) == (Exit.DONE, "legacy")


async def test_an_answered_platform_that_the_account_does_not_show_stops_before_anything_is_written(
    tmp_path: Path,
) -> None:
    harness = at(tmp_path, "universal")
    outcome = await harness.apply(guide_answers(account__platform="legacy"))
    assert outcome.exit is Exit.CONFLICT
    assert NOT_LEGACY in " ".join(outcome.said.split())
    assert await harness.writes() == []
    assert (await harness.apply(guide_answers(account__platform="universal"))).exit is Exit.DONE


async def test_who_insists_on_the_legacy_platform_has_voice_sent_there(tmp_path: Path) -> None:
    harness = at(tmp_path, "universal")
    insisting = guide_answers(account__platform="legacy", voice_link__existing="change")
    outcome = await harness.apply(insisting)
    assert "13651" in outcome.said
    assert any(path.endswith("/origination/settings") for path in await harness.writes())


@pytest.mark.parametrize("status", [403, 404])
async def test_one_answer_in_error_does_not_keep_a_setup_on_the_wrong_platform(
    tmp_path: Path, status: int
) -> None:
    harness = at(tmp_path, "universal")
    settings = "**/origination/settings"
    refused = fault(
        "answer", method="GET", path=settings, status=400, body=error("13651", "not enabled"), times=0
    )
    harness.fail(fault("answer", path=PACKAGES, status=status, times=1) + refused)
    outcome = await harness.apply()
    assert outcome.result["platform"] == "legacy"
    assert "It is not known whether" not in outcome.said
    setup = harness.file.load()
    assert setup
    assert begun_on(setup) is None
    again = await harness.apply()
    assert (again.exit, again.result["platform"]) == (Exit.DONE, "universal"), again.said
    assert len((await harness.state())["numbers"]) == 1


@pytest.mark.parametrize(
    "faults",
    [
        fault("answer", path=PACKAGES, status=404),
        fault("answer", path=PACKAGES, status=503, times=0),
        fault("answer", path=PACKAGES, status=200, body='{"data": null}'),
        fault("answer", path=PACKAGES, status=200, body='{"data": [], "page": {"totalElements": 3}}'),
    ],
)
async def test_only_a_list_of_packages_contradicts_an_answered_platform(tmp_path: Path, faults: str) -> None:
    harness = at(tmp_path, "legacy")
    harness.fail(faults)
    outcome = await harness.apply(
        guide_answers(account__platform="legacy"), timing=replace(QUICK, patience=0.1)
    )
    assert outcome.exit is Exit.DONE


async def test_voice_that_was_set_up_is_not_called_into_question(tmp_path: Path) -> None:
    harness = at(tmp_path, "legacy")
    forced = guide_answers(account__platform="legacy")
    assert (await harness.apply(forced)).exit is Exit.DONE
    harness.fail(fault("answer", path=PACKAGES, status=200, body='{"data": []}'))
    assert (await harness.apply(forced)).exit is Exit.DONE


# --- Connect ------------------------------------------------------------------------------------------------------


async def test_connecting_finds_the_platform_and_the_packages_by_one_list(tmp_path: Path) -> None:
    harness = at(tmp_path, "universal")
    await harness.apply()
    await harness.forget_log()
    async with connected(harness) as client:
        read = await account(client, AUTO)
        assert read.platform
        assert read.platform.platform is Platform.UNIVERSAL
        assert [each.name for each in read.candidates["voice_package"]] == ["Setup Test Voice"]
        asked = [entry["path"] for entry in await harness.log()]
        assert sum("voiceConfigurationPackages" in path for path in asked) == 1
        settled = await account(client, guide_answers(account__platform="universal"))
        assert settled.candidates["voice_package"] == read.candidates["voice_package"]


async def test_connecting_to_a_legacy_account_offers_no_packages(tmp_path: Path) -> None:
    async with connected(at(tmp_path, "legacy")) as client:
        read = await account(client, AUTO)
    assert read.platform
    assert read.platform.platform is Platform.LEGACY
    assert "voice_package" not in read.candidates


async def test_one_can_connect_to_a_trial_account(tmp_path: Path) -> None:
    async with connected(at(tmp_path, "build")) as client:
        read = await account(client, AUTO)
    assert read.platform
    assert read.platform.platform is Platform.TRIAL


async def test_connecting_fails_while_the_platform_is_not_known(tmp_path: Path) -> None:
    harness = at(tmp_path, "universal")
    harness.fail(fault("answer", path=PACKAGES, status=503, times=0))
    async with connected(harness) as client:
        with pytest.raises(ProblemError) as caught:
            await account(client, AUTO)
    assert caught.value.problem.kind is Kind.UNREACHABLE


async def test_apply_takes_a_file_as_it_is_on_a_fresh_account(tmp_path: Path) -> None:
    harness = at(tmp_path, "universal", fresh=True)
    assert (await harness.apply()).exit is Exit.DONE
    assert len((await harness.state())["sites"]) == 2


async def test_a_trial_account_gets_what_it_can_have_and_is_told_of_the_rest(tmp_path: Path) -> None:
    harness = at(tmp_path, "build")
    outcome = await harness.apply()
    assert (outcome.exit, outcome.result["platform"]) == (Exit.CONFLICT, "trial")
    assert TRIAL in " ".join(outcome.said.split())
    done = [event["step"] for event in outcome.events if event["event"] == "finished"]
    failed = {
        event["step"]: event["problem"]["text"] for event in outcome.events if event["event"] == "failed"
    }
    assert done == ["voice_app"]
    assert failed["site"] == "A trial account cannot do this: Sub-account."
    assert all(path.endswith("/applications") for path in await harness.writes())
