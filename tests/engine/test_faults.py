"""Every failure ends in its exit code and a sentence that helps; the next run finishes."""

from dataclasses import replace

import pytest

from bwtui.domain.runs.run import Status
from bwtui.exits import Exit
from support.guide import guide_answers
from support.in_process import QUICK, Harness
from support.write_faults import (
    WRITES,
    assert_explained,
    assert_finished,
    assert_one_more_run_finishes,
    error,
    fault,
    fault_at,
    problems,
)

PAGE = "<html><head><title>Bad gateway</title></head><body>nginx</body></html>"
BEYOND = {"X-RateLimit-Reset": "{now+600}"}
SOON = {"X-RateLimit-Reset": "{now+1}"}
EVERYTHING = {"method": "*", "path": "/accounts/**", "times": 0}
SITES, SITE = "/accounts/*/sites", "/accounts/*/sites/*"
SAFE = "Trying again is safe: bwtui looks first and never creates or buys anything twice."


@pytest.mark.parametrize(
    ("faults", "expected", "sentence"),
    [
        pytest.param(
            fault("answer", status=401, **EVERYTHING),
            Exit.CREDENTIALS, "Bandwidth does not accept the credentials.", id="401 for good",
        ),
        pytest.param(
            fault_at("site", "answer", status=401, times=0),
            Exit.CREDENTIALS, "Bandwidth does not accept the credentials. Nothing was created.", id="401 at a write",
        ),
        pytest.param(
            fault("answer", method="POST", path="**/oauth2/token", status=401, times=0),
            Exit.CREDENTIALS, "Bandwidth does not accept the client ID and its secret: one of the two is wrong,",
            id="401 for the token",
        ),
        pytest.param(
            fault("answer", method="POST", path="**/oauth2/token", status=403, times=0),
            Exit.UNREACHABLE, "The token service is in trouble: it answered 403 Forbidden.", id="403 for the token",
        ),
        pytest.param(
            fault("answer", status=403, **EVERYTHING),
            Exit.CREDENTIALS, "The credentials are right, but not for this account.", id="403 without a body",
        ),
        pytest.param(
            fault_at("site", "answer", status=403),
            Exit.CREDENTIALS, "The credentials are right, but lack the role for this.", id="403 at a write",
        ),
        pytest.param(
            fault_at("voice_app", "answer", status=403, body=error("12150", "The HTTP voice feature is required")),
            Exit.CONFLICT, "Ask your Bandwidth account manager to enable HTTP voice", id="403 with a code",
        ),
        pytest.param(
            fault("answer", status=429, headers=BEYOND, **EVERYTHING),
            Exit.RATE_LIMITED, "Bandwidth asks for a pause: there were too many requests.", id="429 for long",
        ),
        pytest.param(
            fault_at("number", "answer", status=429, headers=BEYOND, times=0),
            Exit.RATE_LIMITED, "as far as Bandwidth shows so far; bwtui looks again before it orders. Wait until 20", id="429 at the order",
        ),
        pytest.param(
            fault_at("site", "answer", status=500),
            Exit.FAILED, "It is not known whether the sub-account was created; bwtui looks for it before", id="500",
        ),
        pytest.param(
            fault_at("number", "answer", status=500, body=error("1000", "Internal error [x]")),
            Exit.FAILED, f"Wait a minute, then try again. If that does not help, ask Bandwidth support. {SAFE}", id="500 with a code",
        ),
        pytest.param(
            fault_at("number", "answer", status=502, body=PAGE),
            Exit.UNREACHABLE, "A gateway in front of Bandwidth got no proper reply from it. bwtui has looked for the order, and found none so far. It is not known whether the order was placed",
            id="502 with a page",
        ),
        pytest.param(
            fault_at("number", "cut-before"),
            Exit.UNREACHABLE, "It is not known whether the order was placed; bwtui looks for it before", id="a cut at the order",
        ),
        pytest.param(
            fault_at("sippeer", "answer", status=409, body=error("13524", "SipPeer name already exists")),
            Exit.CONFLICT, "Choose another name (sippeer.name), or use the existing one", id="13524",
        ),
        pytest.param(
            fault("cut-before", **EVERYTHING),
            Exit.UNREACHABLE, "Check the network, VPN and proxy, and the base URL (account.base_url)", id="no network",
        ),
        pytest.param(
            fault("answer", method="GET", path=SITES, status=500, times=0),
            Exit.FAILED, "Bandwidth had an internal error. Nothing was changed: this was only a look.", id="500 at a look",
        ),
        pytest.param(
            fault("answer", method="GET", path=SITE, status=500, times=0),
            Exit.FAILED, "Bandwidth had an internal error. Nothing was changed: this was only a look.", id="500 at the proof",
        ),
        pytest.param(
            fault("garbage", method="GET", path=SITES, times=0),
            Exit.FAILED, "Bandwidth's answer could not be used:", id="damaged replies to a look",
        ),
    ],
)  # fmt: skip
async def test_each_failure_has_its_exit_code_and_its_sentence(
    harness: Harness, faults: str, expected: Exit, sentence: str
) -> None:
    harness.fail(faults)
    outcome = await harness.apply()
    assert outcome.exit is expected, outcome.said
    assert sentence in outcome.said
    assert_explained(outcome)
    await assert_one_more_run_finishes(harness)


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param(fault("answer", status=401, **{**EVERYTHING, "times": 1}), id="401 once"),
        pytest.param(fault("answer", status=429, headers=SOON, **{**EVERYTHING, "times": 1}), id="429 at a look"),
        pytest.param(fault_at("site", "answer", status=429, headers=SOON), id="429 at a write"),
        pytest.param(fault("answer", method="PUT", status=500), id="500 at a PUT"),
        *(
            pytest.param(fault(action, method="GET", path=path, **fields), id=f"{called} at {path}")
            for path in (SITES, SITE, "/accounts/*/availableNumbers", "/accounts/*/orders/*", "**/tns")
            for called, action, fields in (
                ("500", "answer", {"status": 500}),
                ("a cut", "cut-after", {}),
                ("a damaged reply", "garbage", {}),
            )
        ),
    ],
)  # fmt: skip
async def test_what_can_be_repeated_without_harm_is_repeated_in_the_same_run(
    harness: Harness, faults: str
) -> None:
    harness.fail(faults)
    outcome = await harness.apply()
    assert any(entry["fault"] for entry in await harness.log())
    assert outcome.exit is Exit.DONE, outcome.said
    assert not problems(outcome)
    await assert_finished(harness)


async def test_with_basic_a_401_is_final(harness: Harness) -> None:
    harness.fail(fault("answer", status=401, **EVERYTHING))
    outcome = await harness.apply(basic=True)
    assert outcome.exit is Exit.CREDENTIALS
    assert "Bandwidth does not accept the credentials." in outcome.said
    await assert_one_more_run_finishes(harness)


async def test_a_wrong_secret_is_told_before_anything_is_asked(harness: Harness) -> None:
    outcome = await harness.apply(secret="not-the-secret")
    assert outcome.exit is Exit.CREDENTIALS
    assert "no request reached the account" in outcome.said
    assert await harness.writes() == []
    await assert_one_more_run_finishes(harness)


async def test_an_unknown_account_is_not_found(harness: Harness) -> None:
    outcome = await harness.apply(guide_answers("1234567"))
    assert outcome.exit is Exit.NOT_FOUND
    assert "Check the account ID for typos (account.account_id)" in outcome.said
    assert_explained(outcome)
    assert await harness.writes() == []


async def test_an_account_of_somebody_else_is_named_as_the_reason(harness: Harness) -> None:
    harness.account.settings = replace(harness.settings, foreign_accounts=frozenset({"1234567"}))
    outcome = await harness.apply(guide_answers("1234567"))
    assert outcome.exit is Exit.CREDENTIALS
    assert "The credentials are right, but not for this account." in outcome.said
    assert_explained(outcome)
    assert await harness.writes() == []


async def test_an_address_that_bandwidth_writes_otherwise_is_given_back_to_type(harness: Harness) -> None:
    outcome = await harness.apply(guide_answers(site__street_name="Mian Campus Dr"))
    assert outcome.exit is Exit.CONFLICT
    assert "Use the address that Bandwidth recommends: 900 MAIN CAMPUS DR, RALEIGH NC 27606." in outcome.said
    assert "Nothing was created." in outcome.said
    assert_explained(outcome)
    await assert_one_more_run_finishes(harness)


async def test_text_of_bandwidth_is_told_as_one_line_without_control_characters(harness: Harness) -> None:
    harness.fail(
        fault_at("site", "answer", status=400, body=error("99999", "&#10;[/x]  {text} \u009b2J {code}"))
    )
    outcome = await harness.apply()
    assert outcome.exit is Exit.FAILED
    assert "code 99999, which bwtui does not know: “[/x] {text} 2J {code}”" in outcome.said
    await assert_one_more_run_finishes(harness)


async def test_a_hang_ends_by_itself_and_the_look_finds_what_it_made(harness: Harness) -> None:
    harness.fail(fault_at("number", "hang", effect=True))
    outcome = await harness.apply(timing=replace(QUICK, overall=0.7))
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(harness)


LACKING = {
    "SMS": ("sms", "SMS is not enabled on the account.", {"mms", "messaging_link"}),
    "MMS": ("mms", "The account has no MMS", set[str]()),
    "HTTPV2": ("messaging_app", "The account has no HTTP messaging.", {"messaging_link"}),
    "OrigHttpVoice": ("voice_app", "The account has no HTTP voice.", {"voice_link"}),
    "ORDERING": ("number", "Ordering phone numbers is not enabled", set[str]()),
}
"""By feature: the step that is refused, what is said, and the steps that wait for it."""


@pytest.mark.parametrize("feature", LACKING)
async def test_a_missing_feature_is_warned_about_and_stops_only_what_depends_on_it(
    harness: Harness, feature: str
) -> None:
    step, sentence, waiting = LACKING[feature]
    harness.account.settings = replace(harness.settings, missing_products=frozenset({feature}))
    outcome = await harness.apply()
    assert [event["step"] for event in outcome.events if event["event"] == "warning"] == [step]
    assert f"the account seems to lack {feature}" in outcome.said
    assert outcome.exit is Exit.CONFLICT
    assert sentence in outcome.said
    assert problems(outcome).keys() == {f"{step}.create"}
    assert_explained(outcome)
    done = {key for key, record in harness.run.steps.items() if record.status is Status.DONE}
    assert done == set(WRITES) - waiting - {step}
    harness.account.settings = harness.settings
    await assert_one_more_run_finishes(harness)


async def test_the_state_file_and_the_result_name_what_exists_after_a_failure(harness: Harness) -> None:
    harness.fail(fault_at("sippeer", "answer", status=503))
    outcome = await harness.apply()
    state = await harness.state()
    assert outcome.result["outputs"]["site_id"] == state["sites"][0]["id"]
    assert f"So far:\n  Sub-account           {state['sites'][0]['id']}\n" in outcome.said
    assert outcome.result["outputs"]["sippeer_id"] is None


async def test_a_setting_that_was_not_made_is_not_taken_for_another_of_its_name(harness: Harness) -> None:
    harness.fail(fault_at("voice_link", "answer", status=503))
    outcome = await harness.apply()
    assert outcome.exit is Exit.UNREACHABLE
    assert "It is not known whether the voice application was linked" in outcome.said
    assert "of this name" not in outcome.said
    await assert_one_more_run_finishes(harness)
