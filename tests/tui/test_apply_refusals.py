"""Where Bandwidth refuses, Apply says what happened, what was not changed and what to do; a key does it."""

from dataclasses import dataclass, field, replace
from typing import Final

import pytest
from textual.widgets import Static

from bwtui.domain.run import Status
from bwtui.domain.setup import Setup
from bwtui.store.state import StateError, StateFile
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
from support.wizard_pilot import Show, Stage
from support.write_faults import error, fault, fault_at

PAGE: Final = "<html><head><title>Bad gateway</title></head><body>nginx</body></html>"
LATER: Final = {"X-RateLimit-Reset": "{now+600}"}
SOON: Final = {"X-RateLimit-Reset": "{now+1}"}
SAFE: Final = "Trying again is safe: bwtui looks first and never creates or buys anything twice."
NOT_ORDERED: Final = "No number was ordered and nothing was charged."


@dataclass(frozen=True, kw_only=True)
class Refusal:
    """One thing that goes wrong, and what is said of it."""

    faults: str
    step: str
    happened: str
    unchanged: str
    todo: str
    keys: set[str] = field(default_factory=set)
    """The keys beside Retry and those that are always there."""
    waiting: tuple[str, ...] = ()
    """The steps that are left for it."""
    order: bool | None = None
    """Whether the number is still to be paid."""


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
        todo="check that they belong to this environment and were not revoked.",
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
        todo="Check the id of the sub-account (Sub-account: Use an existing one).",
    ),
    "429 for long": Refusal(
        faults=fault_at("number", "answer", status=429, headers=LATER, times=0), step="number", keys={"Skip"}, order=True,
        happened="Bandwidth asks for a pause: there were too many requests.", unchanged=NOT_ORDERED,
        todo="Wait a minute, then try again.",
    ),
    "500 without a body": Refusal(
        faults=fault_at("site", "answer", status=500), step="site", waiting=AT_THE_SITE, order=True,
        happened="Bandwidth had an internal error.", unchanged=SITE_IN_DOUBT, todo=SAFE,
    ),
    "500 with a body": Refusal(
        faults=fault_at("number", "answer", status=500, body=error("1000", "Internal error [x]")),
        step="number", keys={"Skip"}, order=True,
        happened="Bandwidth had an internal error.", unchanged=ORDER_IN_DOUBT, todo="If it stays, ask Bandwidth support.",
    ),
    "502 with a page": Refusal(
        faults=fault_at("number", "answer", status=502, body=PAGE), step="number", keys={"Fix", "Skip"}, order=True,
        happened="A machine in front of Bandwidth got no proper answer from it.", unchanged=ORDER_IN_DOUBT,
        todo="check the proxy of your network and the base URL (Connect: Base URL).",
    ),
    "a cut before the effect": Refusal(
        faults=fault_at("number", "cut-before"), step="number", keys={"Skip"}, order=True,
        happened="The connection ended before Bandwidth had answered:", unchanged=ORDER_IN_DOUBT,
        todo="Check the network, then try again: it goes on where it stopped.",
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
async def test_a_refusal_is_explained_and_once_it_is_lifted_retry_finishes(stage: Stage, name: str) -> None:
    refusal = REFUSALS[name]
    stage.timing = replace(QUICK, overall=0.3)
    async with connected(stage) as show:
        stage.fail(refusal.faults)
        await say_yes(show)
        assert show.place == APPLY
        for sentence in (refusal.happened, refusal.unchanged):
            assert show.says(sentence), show.text
        assert await left_at(show) == {refusal.step: "!", **dict.fromkeys(refusal.waiting, "○")}
        assert {key for key in show.keys if key in OFFERS} == refusal.keys | {"Retry"}
        all_of_it = await told(show)
        assert refusal.todo in all_of_it
        assert "Your-Password" not in all_of_it
        stage.fail("")
        await retry(show, order=refusal.order)
        await assert_done(stage, show, orders=1)


OFFERS: Final = {"Retry", "Fix", "Take address", "Skip"}


async def left_at(show: Show) -> dict[str, str]:
    """The sign of each step that is not done."""
    signs = {step.key: line(show, step.key)[:1] for step in show.workflow.steps}
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
async def test_what_had_its_effect_or_can_be_repeated_is_no_matter(stage: Stage, faults: str) -> None:
    stage.timing = replace(QUICK, overall=0.3)
    async with connected(stage) as show:
        stage.fail(faults)
        await say_yes(show)
        await assert_done(stage, show)
        assert any(entry["fault"] for entry in await stage.log())


async def test_while_bandwidth_wants_a_pause_the_screen_says_so(stage: Stage) -> None:
    async with connected(stage) as show:
        stage.fail(fault_at("site", "answer", status=429, headers=SOON))
        await send_yes(show)
        await show.until(
            lambda: "Sub-account (waiting " in show.words and " s: Too many requests" in show.words,
            "the wait",
        )
        await show.settled()
        await assert_done(stage, show)


# --- T: an address that Bandwidth writes otherwise ---------------------------------------------------------------

MISSPELT: Final = guide_answers(site__street_name="Mian Campus Dr")


async def test_the_recommended_address_is_taken_with_one_key(stage: Stage) -> None:
    async with connected(stage, MISSPELT) as show:
        await say_yes(show)
        assert show.says(
            "Sub-account: Bandwidth found the address, but writes it otherwise. Nothing was created."
        )
        assert show.says("Use the address that Bandwidth recommends: 900 MAIN CAMPUS DR, RALEIGH NC 27606.")
        await show.press("t")
        assert show.place == REVIEW
        assert show.answer("site.street_name") == "MAIN CAMPUS"
        assert "MAIN CAMPUS  (recommended by Bandwidth)" in str(
            show.screen.query_one("#detail", Static).content
        )
        await say_yes(show)
        await assert_done(stage, show)
        [site] = (await stage.state())["sites"]
        assert "MAIN CAMPUS" in str(site)


async def test_a_recommended_address_outlives_the_next_connection(stage: Stage) -> None:
    async with connected(stage, MISSPELT) as show:
        await say_yes(show)
        await show.press("t")
        taken = {key: show.answer(f"site.{key}") for key in ("house_number", "street_name", "zip")}
    async with connected(stage, SECRETS) as show:
        assert {key: show.answer(f"site.{key}") for key in taken} == taken


# --- F: to the answer --------------------------------------------------------------------------------------------


async def test_fix_goes_to_the_field_with_what_was_said_at_it_until_the_answer_is_changed(
    stage: Stage,
) -> None:
    async with connected(stage) as show:
        stage.fail(
            fault_at("sippeer", "answer", status=409, body=error("13524", "SipPeer name already exists"))
        )
        await say_yes(show)
        assert show.says("The sub-account already has a location of this name. Nothing was created.")
        await show.press_shown("Fix")
        assert (show.place, show.focused) == ("sippeer", "sippeer.name")
        assert "The sub-account already has a location of this name." in show.said_at("sippeer.name")
        assert "code 13524, “SipPeer name already exists”" in show.said_at("sippeer.name")
        assert show.rail["sippeer"] == "!"
        await show.press("!", "backspace", "2")
        assert show.said_at("sippeer.name") == ""
        await show.go(REVIEW)
        assert show.rail["sippeer"] != "!", "it is put right, as far as anybody knows"
        await say_yes(show)
        await assert_done(stage, show)
        [location] = (await stage.state())["sippeers"]
        assert location["name"] == "Setup Test SIP Peer2"


async def test_what_was_refused_is_on_review_until_it_is_changed_and_retry_tries_it_again(
    stage: Stage,
) -> None:
    async with connected(stage) as show:
        stage.fail(
            fault_at("sippeer", "answer", status=409, body=error("13524", "SipPeer name already exists"))
        )
        await say_yes(show)
        await show.press_shown("Fix")
        await show.go(REVIEW)
        assert show.says("! Location: The sub-account already has a location of this name.")
        assert show.plan == [], "nothing to say yes to"
        await show.go(APPLY)
        await retry(show, order=True)
        await assert_done(stage, show)


async def test_fix_opens_the_field_of_an_id_that_nobody_has_entered(stage: Stage) -> None:
    async with connected(stage) as show:
        stage.fail(fault_at("sippeer", "answer", status=404))
        await say_yes(show)
        await show.press_shown("Fix")
        assert (show.place, show.focused) == ("site", "site.use")
        assert "Bandwidth finds no such sub-account to hold the location." in show.said_at("site.use")
        await show.press("1", "backspace")
        assert show.said_at("site.use") == ""
        await show.go(REVIEW)
        await say_yes(show)
        await assert_done(stage, show)


async def test_fix_of_the_base_url_goes_to_connect(stage: Stage) -> None:
    async with connected(stage) as show:
        stage.fail(fault_at("number", "answer", status=502, body=PAGE))
        await say_yes(show)
        await show.press_shown("Fix")
        assert (show.place, show.focused) == (CONNECT, "account.base_url")
        assert "A machine in front of Bandwidth" in show.said_at("account.base_url")


# --- S: without it -----------------------------------------------------------------------------------------------


async def test_mms_that_is_refused_can_be_skipped(stage: Stage) -> None:
    stage.account.settings = replace(stage.settings, missing_products=frozenset({"MMS"}))
    async with connected(stage) as show:
        assert show.rail["mms"] == "?", "the look at the account has shown it"
        await say_yes(show)
        assert show.says("MMS: The account has no MMS:")
        assert show.says("MMS was not switched on; the location is as it was.")
        assert show.says("or do without picture messages (no at MMS: Enable MMS).")
        await show.press_shown("Skip")
        assert "MMS" not in [title for _, title in show.plan]
        await show.press("ctrl+n")
        assert show.place == DONE
        assert show.says("✓ Done.")
        [location] = (await stage.state())["sippeers"]
        assert location["mms"] != "HTTP"
        assert len((await stage.state())["orders"]) == 1


async def test_fix_of_mms_goes_to_the_answer_that_does_without(stage: Stage) -> None:
    stage.account.settings = replace(stage.settings, missing_products=frozenset({"MMS"}))
    async with connected(stage) as show:
        await say_yes(show)
        await show.press_shown("Fix")
        assert (show.place, show.focused) == ("mms", "mms.enabled")


async def test_a_number_that_is_refused_can_be_skipped(stage: Stage) -> None:
    stage.account.settings = replace(stage.settings, missing_products=frozenset({"ORDERING"}))
    async with connected(stage) as show:
        await say_yes(show)
        assert show.says("Ordering phone numbers is not enabled on this account.")
        await show.press_shown("Skip")
        await show.press("ctrl+n")
        assert show.place == DONE
        assert show.says("✓ Done.")
        assert await stage_orders(stage) == []


async def stage_orders(stage: Stage) -> list[object]:
    return list((await stage.state())["orders"])


async def test_the_sub_account_cannot_be_skipped(stage: Stage) -> None:
    async with connected(stage) as show:
        stage.fail(fault_at("site", "answer", status=403))
        await say_yes(show)
        assert "Skip" not in show.keys
        await show.press("s")
        assert show.place == APPLY


# --- Several at once, and none of a step's -----------------------------------------------------------------------


async def test_of_several_failures_each_is_told_under_the_cursor(stage: Stage) -> None:
    async with connected(stage) as show:
        stage.fail(
            fault_at("site", "answer", status=403)
            + fault_at("voice_app", "answer", status=403, body=error("12150", "No voice"))
        )
        await say_yes(show)
        assert show.says("! Sub-account: The credentials are right")
        await show.press("end", "up")
        assert show.says("! Voice application: The account has no HTTP voice.")
        stage.fail("")
        await retry(show, order=True)
        await assert_done(stage, show)


async def test_a_proof_that_fails_is_told_and_tried_again(stage: Stage) -> None:
    async with connected(stage) as show:
        stage.fail(fault("answer", method="GET", path="/accounts/*/sites/*", status=500, times=0))
        await say_yes(show)
        assert show.place == APPLY
        assert show.says("! Bandwidth had an internal error. Nothing was changed: this was only a look.")
        assert await left_at(show) == {}
        stage.fail("")
        await show.press_shown("Retry")
        await show.press("ctrl+n")
        await assert_done(stage, show)


async def test_a_state_file_that_cannot_be_written_stops_the_run_and_is_told(
    stage: Stage, monkeypatch: pytest.MonkeyPatch
) -> None:
    save = StateFile.save

    def full(file: StateFile, setup: Setup) -> None:
        if setup.run.record("sippeer").status is Status.STARTED:
            raise StateError(f"{file.path} cannot be written: No space left on device.")
        save(file, setup)

    async with connected(stage) as show:
        monkeypatch.setattr(StateFile, "save", full)
        await say_yes(show)
        assert show.place == APPLY
        assert show.says("cannot be written: No space left on device."), show.text
        assert (await stage.state())["sippeers"] == [], "what was not kept was not done"
        monkeypatch.setattr(StateFile, "save", save)
        await retry(show, order=True)
        await assert_done(stage, show)
