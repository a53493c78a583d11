"""Review shows each value that changes, old and new, as `plan --live` and `apply` do."""

from support.apply_screen import connected, to_the_actions
from support.guide import guide_answers
from support.wizard_pilot import WizardHarness

CHANGED = {"site__city": "DURHAM", "sms__zone2": "false"}


async def test_review_shows_old_and_new_of_each_value_in_the_line_and_below(harness: WizardHarness) -> None:
    assert (await harness.apply()).exit == 0
    async with connected(harness, guide_answers(**CHANGED)) as wizard:
        await to_the_actions(wizard)
        assert wizard.says("change Sub-account City: “RALEIGH” -> “DURHAM”"), wizard.text
        assert wizard.says("change SMS Zone 2: “yes” -> “no”")
        assert wizard.says("City “RALEIGH” -> “DURHAM”"), "below, on a line of its own"


async def test_apply_says_the_same_before_it_writes(harness: WizardHarness) -> None:
    assert (await harness.apply()).exit == 0
    outcome = await harness.apply(guide_answers(**CHANGED))
    assert "    City: “RALEIGH” -> “DURHAM”\n" in outcome.said
    assert "    Zone 2: “yes” -> “no”\n" in outcome.said
    changes = {event["step"]: event["changes"] for event in outcome.events if event["event"] == "action"}
    assert changes["sms"] == [
        {"label": "Zone 2", "element": "SipPeerSmsFeatureSettings/Zone2", "old": "yes", "new": "no"}
    ]
    assert changes["mms"] == []
