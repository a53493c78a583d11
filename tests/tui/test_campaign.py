"""Without a campaign carriers refuse the texts of a local number: the only one there is is offered, and no silence about none."""

from dataclasses import replace

from bwtui.tui.places import REVIEW
from bwtui.tui.widgets.existing_chooser import Switch
from support.apply_screen import connected, done
from support.guide import guide_answers
from support.power_cuts import CAMPAIGN
from support.wizard_pilot import ShownWizard, WizardHarness

UNDECIDED = guide_answers(campaign__id=None)
WARNING = "? Texts from +1 (919) 206-0033 will not reach US phones: on no campaign."


async def leave_it_out(wizard: ShownWizard) -> None:
    await wizard.go("campaign")
    wizard.screen.query_one(Switch).focus()
    await wizard.press("left")
    await wizard.go(REVIEW)


async def test_the_only_registered_campaign_is_chosen_and_shown_on_review(harness: WizardHarness) -> None:
    harness.account.switches = replace(harness.account.switches, tn_option_seconds=0)
    async with connected(harness, UNDECIDED) as wizard:
        assert ("assign", "Assign campaign") in wizard.plan
        assert wizard.says(f"local numbers to campaign {CAMPAIGN}"), wizard.text
        assert not wizard.says("will not reach"), wizard.text
        await done(wizard)
    assert [number.campaign_id for number in harness.account.held()] == [CAMPAIGN]


async def test_a_campaign_that_was_left_out_is_not_offered_again_and_review_warns_before_money(
    harness: WizardHarness,
) -> None:
    async with connected(harness, UNDECIDED) as wizard:
        await leave_it_out(wizard)
        assert "Assign campaign" not in [title for _, title in wizard.plan]
        assert wizard.says(WARNING), wizard.text
    async with connected(harness) as wizard:
        assert wizard.says(WARNING), wizard.text


async def test_where_there_is_no_campaign_none_is_chosen_and_nothing_is_warned_of(
    harness: WizardHarness,
) -> None:
    harness.account.campaigns.clear()
    async with connected(harness, UNDECIDED) as wizard:
        assert "Assign campaign" not in [title for _, title in wizard.plan]
        assert not wizard.says("will not reach"), wizard.text
