"""The platform of the account on screen: told on Connect, asked for where the account does not tell, and followed."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bwtui.domain.answers.answers import Answer, Answers, Source
from bwtui.domain.runs.run_events import Finished, Started
from bwtui.simulator.settings import Settings
from bwtui.simulator.switches import Switches
from bwtui.tui.widgets.existing_chooser import Switch
from support.guide import guide_answers
from support.wizard_pilot import LOGIN, ShownWizard, WizardHarness

PRODUCTION = "https://api.bandwidth.com/api"
AUTO = guide_answers(account__platform=None)


def at(folder: Path, platform: Any, **switches: Any) -> WizardHarness:
    settings = Settings(platform=platform, order_seconds=0, switches=Switches(**switches))
    return WizardHarness(folder=folder, settings=settings, login=LOGIN)


def outcome(wizard: ShownWizard) -> str:
    return " ".join(wizard.shown(wizard.screen.query_one("#outcome")).split())


async def test_connect_tells_the_universal_platform_and_the_walk_follows_it(tmp_path: Path) -> None:
    async with at(tmp_path, "universal").show(at="connect", answers=AUTO) as wizard:
        await wizard.press("enter")
        assert "✓ The account is on the Universal Platform: a voice package carries" in outcome(wizard)
        await wizard.press("enter")
        walked = [wizard.place]
        while walked[-1] != "review":
            await wizard.press("ctrl+n")
            walked.append(wizard.place)
        assert walked == [
            "site", "sippeer", "sms", "mms", "number", "messaging_app", "messaging_link", "voice_app",
            "voice_package", "activation", "campaign", "review",
        ]  # fmt: skip


async def test_connect_tells_the_legacy_platform(tmp_path: Path) -> None:
    async with at(tmp_path, "legacy").show(at="connect", answers=AUTO) as wizard:
        await wizard.press("enter")
        assert "✓ The account is on the legacy platform: the location carries" in outcome(wizard)


async def test_connect_tells_a_trial_account_what_it_can_do_and_what_not(tmp_path: Path) -> None:
    async with at(tmp_path, "build").show(at="connect", answers=AUTO) as wizard:
        await wizard.press("enter")
        assert "? This is a trial account. It can have a voice application" in outcome(wizard)
        assert "It cannot have sub-accounts" in outcome(wizard)


async def test_where_the_account_does_not_tell_the_person_is_asked_and_enter_goes_on(tmp_path: Path) -> None:
    async with at(tmp_path, "universal", vcp_role=False).show(at="connect", answers=AUTO) as wizard:
        await wizard.press("enter")
        assert "either the account is on the legacy platform, or the credentials lack the role" in outcome(
            wizard
        )
        assert "Say it under Platform above, or go on." in outcome(wizard)
        assert wizard.says("Platform (•) auto ( ) legacy ( ) universal"), wizard.text
        await wizard.press("enter")
        assert wizard.place == "site"


async def test_what_the_person_says_is_taken_and_tested(tmp_path: Path) -> None:
    async with at(tmp_path, "universal", vcp_role=False).show(at="connect", answers=AUTO) as wizard:
        await wizard.press("enter")
        await wizard.choose("account.platform", "universal")
        assert not wizard.workflow.is_connected
        assert "[ Test connection ]" in wizard.text
        await wizard.press("ctrl+n")
        assert "✓ The account is on the Universal Platform" in outcome(wizard)
        assert "activation" in [step.key for step in wizard.workflow.steps]


async def test_a_platform_that_the_account_contradicts_is_to_be_put_right_before_anything_is_written(
    tmp_path: Path,
) -> None:
    harness = at(tmp_path, "universal")
    async with harness.show(at="connect", answers=guide_answers(account__platform="legacy")) as wizard:
        await wizard.press("enter", "ctrl+g", *"review", "enter")
        assert wizard.says("The answers say that the account is on the legacy platform, but"), wizard.text
        await wizard.press("enter")
        assert (wizard.place, wizard.focused) == ("connect", "account.platform")
        await wizard.choose("account.platform", "auto")
        await wizard.press("ctrl+n", "ctrl+g", *"review", "enter")
        assert "conflict" not in wizard.text
        assert ("create", "Voice package") in wizard.plan
    assert await harness.writes() == []


async def test_another_account_is_looked_at_anew(tmp_path: Path) -> None:
    async with at(tmp_path, "universal").show(at="connect", answers=AUTO) as wizard:
        await wizard.press("enter")
        assert wizard.workflow.draft.answers.text("account.platform") == "universal"
        await wizard.type("account.account_id", "1234567")
        assert wizard.workflow.draft.answers.text("account.platform") == "auto"


async def test_a_change_of_mind_after_something_was_made_is_a_sentence_on_connect(tmp_path: Path) -> None:
    harness = at(tmp_path, "universal")
    harness.setup.save_answers(guide_answers(account__platform="legacy").given, harness.setup.setup.bookmark)
    harness.setup.begin_run("9900000", PRODUCTION, harness.setup.setup.answers)
    harness.setup.save_events([Started("voice_link", at=0), Finished("voice_link", at=1, outputs={})])
    async with harness.show(at="connect", answers=guide_answers(account__platform="universal")) as wizard:
        await wizard.press("enter")
        assert "was begun on the legacy platform, and cannot continue on the Universal Platform" in outcome(
            wizard
        )
        assert not wizard.workflow.is_connected
        await wizard.choose("account.platform", "auto")
        await wizard.press("ctrl+n")
        assert "was begun on the legacy platform" in outcome(wizard), (
            "what was found is no other than what was said"
        )
    assert await harness.writes() == []


async def test_the_platform_that_was_found_is_kept_and_an_unknown_one_is_not(tmp_path: Path) -> None:
    for name, platform, role in (("a", "universal", True), ("b", "auto", False)):
        harness = at(tmp_path / name, "universal", vcp_role=role)
        async with harness.show(at="connect", answers=AUTO) as wizard:
            await wizard.press("enter")
            assert wizard.workflow.is_connected
            await wizard.press("enter")
        async with harness.show() as wizard:
            assert wizard.workflow.draft.answers.text("account.platform") == platform


@pytest.mark.parametrize("platform", ["legacy", "universal"])
async def test_at_80_by_24_review_shows_all_from_its_first_line_to_apply(
    tmp_path: Path, platform: str
) -> None:
    async with at(tmp_path, platform).show(at="connect", answers=AUTO) as wizard:
        await wizard.press("enter")
        await wizard.go("review")
        assert wizard.focused == "apply"
        assert wizard.says(" changes to the account"), wizard.text
        assert all(wizard.says(f" {step.title} ") for step in wizard.workflow.steps), wizard.text
        assert wizard.says("SMS Toll-free numbers · Short codes"), wizard.text
        assert wizard.says("▸ [ Apply ]"), wizard.text


async def test_at_80_by_24_done_says_whether_it_arrives_and_what_to_do(tmp_path: Path) -> None:
    async with at(tmp_path, "universal").show(at="connect", answers=AUTO) as wizard:
        await wizard.press("enter")
        await wizard.go("review")
        await wizard.press("ctrl+n")
        await wizard.press("y")
        await wizard.until(lambda: wizard.workflow.is_proven, "the proof")
        await wizard.until(lambda: wizard.workflow.arrivals, "what will arrive")
        await wizard.settled()
        assert wizard.says("Will it arrive: ! Messages from +1 (919) 206-0033: no."), wizard.text
        assert wizard.says("choose it in the step Assign campaign, then apply again."), (
            f"and what to do, to its end:\n{wizard.text}"
        )


async def test_review_apply_and_done_have_a_line_for_what_has_no_screen(tmp_path: Path) -> None:
    async with at(tmp_path, "universal").show(at="connect", answers=AUTO, size=(130, 40)) as wizard:
        await wizard.press("enter")
        await wizard.go("review")
        assert wizard.says("11 changes to the account (Universal Platform)."), wizard.text
        assert wizard.says("Voice package “Setup Test Voice” with “Setup Test Voice”"), wizard.text
        assert wizard.says("Package numbers numbers to “Setup Test Voice”"), wizard.text
        assert wizard.says("Activate Incoming calls · Outgoing calls, national · Messages"), wizard.text
        await wizard.press("ctrl+n")
        await wizard.press("y")
        await wizard.until(lambda: wizard.workflow.is_proven, "the proof")
        await wizard.settled()
        for place in ("apply", "done"):
            await wizard.go(place)
            assert wizard.says("Package numbers"), wizard.text


# --- An account with one sub-account that has one location -------------------------------------------------------

FRESH = Answers({
    "account.account_id": Answer("9900000", Source.TYPED),
    "setup.callback_base_url": Answer("https://yourSecureSite.com", Source.TYPED),
})  # fmt: skip


async def test_a_fresh_account_is_offered_its_own_sub_account_and_location_first(tmp_path: Path) -> None:
    async with at(tmp_path, "universal", fresh=True).show(at="connect", answers=FRESH) as wizard:
        await wizard.press("enter")
        await wizard.press("enter")
        assert wizard.place == "site"
        assert wizard.says("(•) use an existing one (1)"), wizard.text
        assert wizard.says("(•) Default Sub-account"), wizard.text
        await wizard.press("ctrl+n")
        assert wizard.place == "sippeer"
        assert wizard.says("(•) Default Location"), wizard.text
        assert not wizard.workflow.draft.blocking("sippeer")


async def test_one_key_makes_new_ones_instead_and_they_are_not_offered_again(tmp_path: Path) -> None:
    harness = at(tmp_path, "universal", fresh=True)
    async with harness.show(at="connect", answers=FRESH) as wizard:
        await wizard.press("enter")
        await wizard.press("enter")
        wizard.screen.query_one(Switch).focus()
        await wizard.press("left")
        assert wizard.says("(•) create a new one"), wizard.text
        for key in ("site.use", "sippeer.use"):
            assert wizard.workflow.draft.answers.text(key) == ""
        await wizard.press("ctrl+n")
        assert wizard.says("(•) create a new one"), wizard.text
    async with harness.show(at="connect") as wizard:
        await wizard.press("enter")
        assert wizard.workflow.is_connected
        assert wizard.workflow.draft.answers.text("site.use") == ""


async def test_what_was_answered_about_a_new_one_is_not_put_aside(tmp_path: Path) -> None:
    async with at(tmp_path, "universal", fresh=True).show(at="connect", answers=AUTO) as wizard:
        await wizard.press("enter")
        assert wizard.workflow.is_connected
        assert wizard.workflow.draft.answers.text("site.use") == ""


async def test_two_locations_are_no_offer(tmp_path: Path) -> None:
    harness = at(tmp_path, "universal", fresh=True)
    async with harness.show(at="connect", answers=FRESH) as wizard:
        (site,) = harness.account.sites.values()
        site.peers["1"] = replace(next(iter(site.peers.values())), id="1", name="Second", is_default=False)
        await wizard.press("enter")
        assert wizard.workflow.is_connected
        assert wizard.workflow.draft.answers.text("site.use") == ""
