"""After a refusal, Apply says what happened, what was not changed and what to do, and a key does it."""

from dataclasses import dataclass, field, replace
from typing import Final

import pytest
from textual.widgets import Static

from bwtui.api.client import Timeouts
from bwtui.domain.runs.run import Status
from bwtui.domain.runs.setup import Setup
from bwtui.store.state import StateFile
from bwtui.store.state_errors import StateError
from bwtui.tui.places import APPLY, CONNECT, DONE, REVIEW
from support.apply_screen import (
    SECRETS,
    assert_done,
    connected,
    line,
    retry,
    say_yes,
    send_yes,
    told,
)
from support.guide import guide_answers
from support.in_process import QUICK
from support.wizard_pilot import ShownWizard, WizardHarness
from support.write_faults import error, fault, fault_at

PAGE: Final = "<html><head><title>Bad gateway</title></head><body>nginx</body></html>"
LATER: Final = {"X-RateLimit-Reset": "{now+600}"}
SOON: Final = {"X-RateLimit-Reset": "{now+1}"}
SAFE: Final = "Trying again is safe: bwtui looks first and never creates or buys anything twice."
NOT_ORDERED: Final = (
    "No number was ordered, as far as Bandwidth shows so far; bwtui looks again before it orders."
)


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One thing that goes wrong, and what is said of it."""

    faults: str
    step: str
    happened: str
    unchanged: str
    todo: str
    keys: set[str] = field(default_factory=set)
    """The keys beside Look again and those that are always there."""
    waiting: tuple[str, ...] = ()
    """The steps that are left for it."""
    order: bool | None = None
    """True if the number is still to be paid."""


AT_THE_SITE: Final = ("sippeer", "sms", "mms", "number", "messaging_link", "voice_link")
NOTHING_CREATED: Final = "Nothing was created."
SITE_IN_DOUBT: Final = (
    "It is not known whether the sub-account was created; bwtui looks for it before trying again."
)
ORDER_IN_DOUBT: Final = (
    "It is not known whether the order was placed; bwtui looks for it before trying again."
)

REFUSALS: Final = {
    "401": Refusal(
        faults=fault_at("site", "answer", status=401, times=0), step="site", waiting=AT_THE_SITE, order=True,
        happened="Bandwidth does not accept the credentials.", unchanged=NOTHING_CREATED,
        todo="they must belong to this environment and not be revoked.",
    ),
    "403": Refusal(
        faults=fault_at("site", "answer", status=403), step="site", waiting=AT_THE_SITE, order=True,
        happened="The credentials are right, but lack the role for this.", unchanged=NOTHING_CREATED,
        todo="Ask your Bandwidth administrator to give the credentials a role that may manage sub-accounts",
    ),
    "403 with a code": Refusal(
        faults=fault_at("voice_app", "answer", status=403, body=error("12150", "The HTTP voice feature is required")),
        step="voice_app", waiting=("voice_link",),
        happened="The account has no HTTP voice.", unchanged=NOTHING_CREATED,
        todo="Ask your Bandwidth account manager to enable HTTP voice on the account",
    ),
    "404": Refusal(
        faults=fault_at("sippeer", "answer", status=404), step="sippeer", keys={"Fix"}, waiting=AT_THE_SITE[1:], order=True,
        happened="Bandwidth finds no such sub-account to hold the location.", unchanged=NOTHING_CREATED,
        todo="Check the ID of the sub-account (Sub-account: Use an existing one).",
    ),
    "429 for long": Refusal(
        faults=fault_at("number", "answer", status=429, headers=LATER, times=0), step="number", keys={"Do without"}, order=True,
        happened="Bandwidth asks for a pause: there were too many requests.", unchanged=NOT_ORDERED,
        todo="Z, then try again.",
    ),
    "500 without a body": Refusal(
        faults=fault_at("site", "answer", status=500), step="site", waiting=AT_THE_SITE, order=True,
        happened="Bandwidth had an internal error.", unchanged=SITE_IN_DOUBT, todo=SAFE,
    ),
    "500 with a body": Refusal(
        faults=fault_at("number", "answer", status=500, body=error("1000", "Internal error [x]")),
        step="number", keys={"Do without"}, order=True,
        happened="Bandwidth had an internal error.", unchanged=ORDER_IN_DOUBT, todo="If that does not help, ask Bandwidth support.",
    ),
    "502 with a page": Refusal(
        faults=fault_at("number", "answer", status=502, body=PAGE), step="number", keys={"Fix", "Do without"}, order=True,
        happened="A gateway in front of Bandwidth got no proper reply from it.", unchanged=ORDER_IN_DOUBT,
        todo="check the proxy of your network and the base URL (Connect: Base URL).",
    ),
    "a cut before the effect": Refusal(
        faults=fault_at("number", "cut-before"), step="number", keys={"Do without"}, order=True,
        happened="The connection ended before Bandwidth had answered:", unchanged=ORDER_IN_DOUBT,
        todo="Check the network, then try again: it picks up where it stopped.",
    ),
    "a hang": Refusal(
        faults=fault_at("site", "hang"), step="site", waiting=AT_THE_SITE, order=True,
        happened="The connection ended before Bandwidth had answered:", unchanged=SITE_IN_DOUBT, todo=SAFE,
    ),
    "an unknown code": Refusal(
        faults=fault_at("site", "answer", status=400, body=error("99999", "[/bold] [red]no \u009b31m")),
        step="site", waiting=AT_THE_SITE, order=True,
        happened="code 99999, which bwtui does not know: “[/bold] [red]no 31m”.", unchanged=NOTHING_CREATED,
        todo="Correct what Bandwidth names, then try again.",
    ),
    "no SMS": Refusal(
        faults=fault_at("sms", "answer", status=400, body=error("13607", "Account does not have sms feature assigned.")),
        step="sms", waiting=("mms", "messaging_link"),
        happened="SMS is not enabled on the account.", unchanged="SMS was not switched on; the location is as it was.",
        todo="Ask your Bandwidth account manager to enable SMS on the account",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", REFUSALS)
async def test_a_refusal_is_explained_and_once_it_is_lifted_retry_finishes(
    harness: WizardHarness, name: str
) -> None:
    refusal = REFUSALS[name]
    harness.timing = replace(QUICK, overall=0.3)
    async with connected(harness) as wizard:
        harness.fail(refusal.faults)
        await say_yes(wizard)
        assert wizard.place == APPLY
        for sentence in (refusal.happened, refusal.unchanged):
            assert wizard.says(sentence), wizard.text
        assert await left_at(wizard) == {refusal.step: "!", **dict.fromkeys(refusal.waiting, "○")}
        assert {key for key in wizard.keys if key in OFFERS} == refusal.keys | {"Look again"}
        all_of_it = await told(wizard)
        assert refusal.todo in all_of_it
        assert "Your-Password" not in all_of_it
        harness.fail("")
        await retry(wizard, order=refusal.order)
        await assert_done(harness, wizard, orders=1)


OFFERS: Final = {"Look again", "Fix", "Take address", "Do without"}


async def left_at(wizard: ShownWizard) -> dict[str, str]:
    """The sign of each step that is not done."""
    signs = {step.key: line(wizard, step.key)[:1] for step in wizard.workflow.steps}
    return {step: sign for step, sign in signs.items() if sign != "✓"}


@pytest.mark.parametrize(
    "faults",
    [
        pytest.param(fault_at("site", "cut-after"), id="a cut after the effect"),
        pytest.param(fault_at("number", "hang", effect=True), id="a hang after the order was placed"),
        pytest.param(fault_at("number", "garbage"), id="truncated XML about an order"),
        pytest.param(fault_at("site", "garbage", body="\\u0000garbage"), id="garbage about a sub-account"),
        pytest.param(fault_at("site", "answer", status=429, headers=SOON), id="429 until soon"),
        pytest.param(fault("answer", method="PUT", path="**", status=500), id="500 at what can be repeated"),
    ],
)
async def test_a_write_that_took_effect_or_can_be_repeated_does_no_harm(
    harness: WizardHarness, faults: str
) -> None:
    harness.timing = replace(QUICK, overall=0.3)
    async with connected(harness) as wizard:
        harness.fail(faults)
        await say_yes(wizard)
        await assert_done(harness, wizard)
        assert any(entry["fault"] for entry in await harness.log())


async def test_while_bandwidth_wants_a_pause_the_screen_says_so(harness: WizardHarness) -> None:
    harness.timing = Timeouts()
    async with connected(harness) as wizard:
        pause = {"X-RateLimit-Reset": "{now+3}"}  # a shorter one would hardly be seen
        harness.fail(fault_at("site", "answer", status=429, headers=pause))
        await send_yes(wizard)
        await wizard.until(
            lambda: "Sub-account (waiting " in wizard.words and " s: Too many requests" in wizard.words,
            "the wait",
        )
        await wizard.settled()
        await assert_done(harness, wizard)


# --- T: an address that Bandwidth writes otherwise ---------------------------------------------------------------

MISSPELT: Final = guide_answers(site__street_name="Mian Campus Dr")


async def test_the_recommended_address_is_taken_with_one_key(harness: WizardHarness) -> None:
    async with connected(harness, MISSPELT) as wizard:
        await say_yes(wizard)
        assert wizard.says(
            "Sub-account: Bandwidth found the address, but writes it differently. Nothing was created."
        )
        assert wizard.says("Use the address that Bandwidth recommends: 900 MAIN CAMPUS DR, RALEIGH NC 27606.")
        await wizard.press("t")
        assert wizard.place == REVIEW
        assert wizard.answer("site.street_name") == "MAIN CAMPUS"
        assert "MAIN CAMPUS  (recommended by Bandwidth)" in str(
            wizard.screen.query_one("#detail", Static).content
        )
        await say_yes(wizard)
        await assert_done(harness, wizard)
        [site] = (await harness.state())["sites"]
        assert "MAIN CAMPUS" in str(site)


async def test_a_recommended_address_outlives_the_next_connection(harness: WizardHarness) -> None:
    async with connected(harness, MISSPELT) as wizard:
        await say_yes(wizard)
        await wizard.press("t")
        taken = {key: wizard.answer(f"site.{key}") for key in ("house_number", "street_name", "zip")}
    async with connected(harness, SECRETS) as wizard:
        assert {key: wizard.answer(f"site.{key}") for key in taken} == taken


# --- F: to the answer --------------------------------------------------------------------------------------------


async def test_fix_goes_to_the_field_with_what_was_said_at_it_until_the_answer_is_changed(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        harness.fail(
            fault_at("sippeer", "answer", status=409, body=error("13524", "SipPeer name already exists"))
        )
        await say_yes(wizard)
        assert wizard.says("The sub-account already has a location of this name. Nothing was created.")
        await wizard.press_shown("Fix")
        assert (wizard.place, wizard.focused) == ("sippeer", "sippeer.name")
        assert "The sub-account already has a location of this name." in wizard.said_at("sippeer.name")
        assert "code 13524, “SipPeer name already exists”" in wizard.said_at("sippeer.name")
        assert wizard.rail["sippeer"] == "!"
        await wizard.press("!", "backspace", "2")
        assert wizard.said_at("sippeer.name") == ""
        await wizard.go(REVIEW)
        assert wizard.rail["sippeer"] != "!", "it is put right, as far as anybody knows"
        await say_yes(wizard)
        await assert_done(harness, wizard)
        [location] = (await harness.state())["sippeers"]
        assert location["name"] == "Setup Test SIP Peer2"


async def test_what_was_refused_is_on_review_until_it_is_changed_and_retry_tries_it_again(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        harness.fail(
            fault_at("sippeer", "answer", status=409, body=error("13524", "SipPeer name already exists"))
        )
        await say_yes(wizard)
        await wizard.press_shown("Fix")
        await wizard.go(REVIEW)
        assert wizard.says("! Location: The sub-account already has a location of this name.")
        assert wizard.plan == [], "nothing to say yes to"
        await wizard.go(APPLY)
        await retry(wizard, order=True)
        await assert_done(harness, wizard)


async def test_fix_opens_the_field_of_an_id_that_nobody_has_entered(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        harness.fail(fault_at("sippeer", "answer", status=404))
        await say_yes(wizard)
        await wizard.press_shown("Fix")
        assert (wizard.place, wizard.focused) == ("site", "site.use")
        assert "Bandwidth finds no such sub-account to hold the location." in wizard.said_at("site.use")
        await wizard.press("1", "backspace")
        assert wizard.said_at("site.use") == ""
        await wizard.go(REVIEW)
        await say_yes(wizard)
        await assert_done(harness, wizard)


async def test_fix_of_the_base_url_goes_to_connect(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        harness.fail(fault_at("number", "answer", status=502, body=PAGE))
        await say_yes(wizard)
        await wizard.press_shown("Fix")
        assert (wizard.place, wizard.focused) == (CONNECT, "account.base_url")
        assert "A gateway in front of Bandwidth" in wizard.said_at("account.base_url")


# --- S: without it -----------------------------------------------------------------------------------------------


async def test_mms_that_is_refused_can_be_skipped(harness: WizardHarness) -> None:
    harness.account.settings = replace(harness.settings, missing_products=frozenset({"MMS"}))
    async with connected(harness) as wizard:
        assert wizard.rail["mms"] == "?", "the look at the account has shown it"
        await say_yes(wizard)
        assert wizard.says("MMS: The account has no MMS:")
        assert wizard.says("MMS was not switched on; the location is as it was.")
        assert wizard.says("or do without picture messages: say no to “MMS: Enable MMS”.")
        await wizard.press_shown("Do without")
        await wizard.press("y")
        assert "MMS" not in [title for _, title in wizard.plan]
        await wizard.press("ctrl+n")
        assert wizard.place == DONE
        assert wizard.says("✓ Set up.")
        [location] = (await harness.state())["sippeers"]
        assert location["mms"] != "HTTP"
        assert len((await harness.state())["orders"]) == 1


async def test_fix_of_mms_goes_to_the_answer_that_does_without(harness: WizardHarness) -> None:
    harness.account.settings = replace(harness.settings, missing_products=frozenset({"MMS"}))
    async with connected(harness) as wizard:
        await say_yes(wizard)
        await wizard.press_shown("Fix")
        assert (wizard.place, wizard.focused) == ("mms", "mms.enabled")


async def test_a_number_that_is_refused_can_be_skipped(harness: WizardHarness) -> None:
    harness.account.settings = replace(harness.settings, missing_products=frozenset({"ORDERING"}))
    async with connected(harness) as wizard:
        await say_yes(wizard)
        assert wizard.says("Ordering phone numbers is not enabled on this account.")
        await wizard.press_shown("Do without")
        await wizard.press("y")
        await wizard.press("ctrl+n")
        assert wizard.place == DONE
        assert wizard.says("✓ Set up.")
        assert await stage_orders(harness) == []


async def stage_orders(harness: WizardHarness) -> list[object]:
    return list((await harness.state())["orders"])


async def test_the_sub_account_cannot_be_skipped(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        harness.fail(fault_at("site", "answer", status=403))
        await say_yes(wizard)
        assert "Do without" not in wizard.keys
        await wizard.press("s")
        assert wizard.place == APPLY


# --- Several at once, and none of a step's -----------------------------------------------------------------------


async def test_each_of_several_failures_is_told_under_the_cursor(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        harness.fail(
            fault_at("site", "answer", status=403)
            + fault_at("voice_app", "answer", status=403, body=error("12150", "No voice"))
        )
        await say_yes(wizard)
        assert wizard.says("! Sub-account: The credentials are right")
        await wizard.press("up", "end", "up")
        assert wizard.says("! Voice application: The account has no HTTP voice.")
        harness.fail("")
        await retry(wizard, order=True)
        await assert_done(harness, wizard)


async def test_a_proof_that_fails_is_told_and_tried_again(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        harness.fail(fault("answer", method="GET", path="/accounts/*/sites/*", status=500, times=0))
        await say_yes(wizard)
        assert wizard.place == APPLY
        assert wizard.says("! Bandwidth had an internal error. Nothing was changed: this was only a look.")
        assert await left_at(wizard) == {}
        harness.fail("")
        await wizard.press_shown("Look again")
        await wizard.press("ctrl+n")
        await assert_done(harness, wizard)


async def test_a_state_file_that_cannot_be_written_stops_the_run_and_is_told(
    harness: WizardHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = StateFile.save

    def full(file: StateFile, setup: Setup) -> None:
        if setup.run.step("sippeer").status is Status.STARTED:
            raise StateError(f"{file.path} cannot be written: No space left on device.")
        save(file, setup)

    async with connected(harness) as wizard:
        monkeypatch.setattr(StateFile, "save", full)
        await say_yes(wizard)
        assert wizard.place == APPLY
        assert wizard.says("cannot be written: No space left on device. The next run first looks for"), (
            wizard.text
        )
        assert wizard.says("Once it can be written, try again"), wizard.text
        assert (await harness.state())["sippeers"] == [], "what was not kept was not done"
        monkeypatch.setattr(StateFile, "save", save)
        await retry(wizard, order=True)
        await assert_done(harness, wizard)
