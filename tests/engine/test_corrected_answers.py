"""A corrected answer is applied, or it is said that it was not; what is kept in a usual way of its own is verified."""

import pytest

from bwtui.domain.values.secret import Secret
from bwtui.exits import Exit
from support.guide import guide_answers
from support.in_process import ApplyOutcome, Harness
from support.write_faults import assert_finished, assert_one_more_run_finishes, fault

APPLICATION = "PUT /api/accounts/9900000/applications/"


def planned(outcome: ApplyOutcome) -> dict[str, tuple[str, str]]:
    """Verdict and reason by step."""
    actions = (event for event in outcome.events if event["event"] == "action")
    return {action["step"]: (action["verdict"], action["reason"]) for action in actions}


@pytest.mark.parametrize("step", ["messaging_app", "voice_app"])
async def test_a_callback_password_that_was_wrong_and_is_corrected_is_sent(
    harness: Harness, step: str
) -> None:
    key = f"{step}.callback_password"
    right = guide_answers()
    harness.answers = right._replace(secrets={**right.secrets, key: Secret("wrong-password")})
    assert (await harness.apply()).exit is Exit.DONE
    before = await harness.writes()
    outcome = await harness.apply(right)
    assert outcome.exit is Exit.DONE, outcome.said
    assert planned(outcome)[step] == ("change", "the callback password is sent again")
    [change] = (await harness.writes())[len(before) :]
    assert change == f"{APPLICATION}{harness.run.outputs[f'{step}_id']}"
    assert right.secrets[key].reveal() in str(harness.account.applications)
    assert "wrong-password" not in str(harness.account.applications)
    harness.answers = right
    await assert_one_more_run_finishes(harness)


LEFT = "no longer asked for, and left as it is on the account"
KEPT = "left as it is on the account: "


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        pytest.param({"mms__enabled": "false"}, {"mms": ("leave", LEFT)}, id="MMS"),
        pytest.param(
            {"setup__messaging": "false"},
            dict.fromkeys(("sms", "mms", "messaging_app", "messaging_link"), ("leave", LEFT)),
            id="messaging",
        ),
        pytest.param(
            {"site__description": None},
            {"site": ("keep", f"{KEPT}Description “Programmatic Setup Test”")},
            id="a description",
        ),
        pytest.param(
            {"messaging_app__callback_user": None},
            {"messaging_app": ("keep", f"{KEPT}Callback user “Your-User-id”")},
            id="a callback user",
        ),
        pytest.param(
            {"voice_app__call_status_url": None},
            {"voice_app": ("keep", f"{KEPT}Call-status URL “https://yourSecureSite.com/callbacks/status”")},
            id="a URL",
        ),
        pytest.param(
            {"setup__voice": "false"}, dict.fromkeys(("voice_app", "voice_link"), ("leave", LEFT)), id="voice"
        ),
        pytest.param({"setup__number": "false"}, {"number": ("leave", LEFT)}, id="the number"),
    ],
)
async def test_an_object_that_is_no_longer_wanted_is_left_and_said_to_be(
    harness: Harness, changes: dict[str, str | None], told: dict[str, tuple[str, str]]
) -> None:
    await harness.apply()
    before = await harness.writes()
    outcome = await harness.apply(guide_answers("9900000", **changes))
    assert outcome.exit is Exit.DONE, outcome.said
    for step, (verdict, reason) in told.items():
        assert planned(outcome)[step][0] == verdict
        assert planned(outcome)[step][1].startswith(reason)
    assert await harness.writes() == before
    await assert_finished(harness)


async def test_another_exact_number_is_ordered_with_a_yes_and_never_taken_for_had(harness: Harness) -> None:
    first, other = (number for number, _ in harness.account.search({"areacode": "919"}, 2))
    harness.answers = guide_answers(number__numbers=first, number__area_code=None)
    assert (await harness.apply()).exit is Exit.DONE
    harness.answers = guide_answers(number__numbers=other, number__area_code=None)
    outcome = await harness.apply(yes=False)
    assert outcome.exit is Exit.FAILED
    assert planned(outcome)["number"][0] == "new"
    assert len((await harness.state())["orders"]) == 1, "nobody agreed"
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert [order["completed"] for order in (await harness.state())["orders"]] == [[first], [other]]


async def test_usual_spellings_are_verified_at_once_and_said(harness: Harness) -> None:
    forms = ["upper", "suffix", "zip", "host", "slash"]
    harness.fail(fault("normalise", forms=forms, times=0))
    harness.answers = guide_answers(messaging_app__callback_url="https://yourSecureSite.com")
    assert (await harness.apply()).exit is Exit.DONE
    before = await harness.writes()
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert await harness.writes() == before
    reasons = planned(outcome)
    assert "Street as “MAIN CAMPUS DRIVE”, ZIP code as “27606-5177”" in reasons["site"][1]
    assert "Callback URL as “https://yoursecuresite.com/”" in reasons["messaging_app"][1]
