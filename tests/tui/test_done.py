"""Done shows the proof and hands the result on; what somebody changes later is found, and what apply has done shows too."""

import asyncio
import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from bwtui.cli.main import run as bwtui
from bwtui.command_line import CommandLine
from bwtui.domain.answers.answers import Answers, wanted_steps
from bwtui.domain.arrival.arrival import Arrival, ArrivalVerdict, Service
from bwtui.domain.callbacks.callback_check import CallbackUrl, Unresolved
from bwtui.domain.callbacks.callback_urls import callback_urls
from bwtui.domain.planning import progress
from bwtui.domain.planning.progress import Progress
from bwtui.domain.runs.run import Status
from bwtui.domain.values.phone_numbers import readable
from bwtui.exits import Exit
from bwtui.tui.places import APPLY, CONNECT, DONE, REVIEW
from bwtui.tui.screens.base import Go
from bwtui.tui.widgets.menu import Menu
from support.apply_screen import SECRETS, assert_done, connected, done, placed, retry, say_yes
from support.guide import guide_answers
from support.in_process import BASE_URL
from support.wizard_pilot import LOGIN, ShownWizard, WizardHarness
from support.write_faults import assert_finished, elsewhere, fault_at

HERE = guide_answers(account__base_url=BASE_URL)
"""The same account for the wizard as for apply without it."""


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that one works in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written_to(path: Path) -> str:
    return path.read_text(encoding="utf-8")


async def read_on(wizard: ShownWizard, sentence: str) -> None:
    """Read the details on until they say something."""
    for _ in range(4):
        if wizard.says(sentence):
            return
        await wizard.press("space")
    raise AssertionError(f"“{sentence}” is nowhere:\n{wizard.text}")


async def test_the_proof_the_ids_and_what_comes_next_are_shown(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        outputs = wizard.workflow.draft.run.outputs
        for value in ("site_id", "sippeer_id", "messaging_app_id", "voice_app_id"):
            assert wizard.says(f"read back {outputs[value]}")
        [number] = wizard.workflow.draft.run.numbers
        assert wizard.says(f"read back {readable(number)}")
        assert wizard.shown(wizard.screen.query_one("#ids")).count("read back") == 6
        assert wizard.says("✓ SMS, MMS, Assign messaging, Assign voice read back")
        await wizard.until(lambda: wizard.workflow.arrivals)
        assert wizard.says(f"Messages from {readable(number)}: ")
        assert wizard.says(f"✓ Calls to {readable(number)}: yes.")
        await wizard.press("space")
        assert wizard.says("bwtui export --format curl > try.sh && sh try.sh +1YOURPHONE")
        assert wizard.says("A 202 means accepted, not yet delivered")


async def test_every_id_is_seen_at_once_on_a_small_screen(harness: WizardHarness) -> None:
    async with connected(harness, guide_answers(campaign__id="CDEMO01")) as wizard:
        await done(wizard)
        ids = wizard.screen.query_one("#ids", Menu)
        assert ids.max_scroll_y == 0, wizard.text
        assert wizard.says("✓ Assign campaign read back"), wizard.text


NO_CAMPAIGN = Arrival(
    "9195550100", Service.MESSAGES, ArrivalVerdict.NO, "It is on no 10DLC campaign.", "Put it on one."
)


async def test_what_arrives_is_unknown_while_it_is_read_and_keeps_nobody_waiting(
    harness: WizardHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    is_read = asyncio.Event()

    async def slow(*_: object) -> tuple[Arrival, ...]:
        await is_read.wait()
        return (NO_CAMPAIGN,)

    async with connected(harness) as wizard:
        await done(wizard)
        monkeypatch.setattr("bwtui.connected_services.read_arrivals", slow)
        wizard.send("v")
        await wizard.until(
            lambda: wizard.says("? Unknown yet. Reading whether messages and calls will arrive.")
        )
        assert wizard.says("✓ Set up. Everything was read back")
        is_read.set()
        await wizard.until(
            lambda: wizard.says(
                "! Messages from +1 (919) 555-0100: no. It is on no 10DLC campaign. Put it on one."
            )
        )
        assert wizard.workflow.is_proven, "what arrives is no part of the proof"


async def test_a_server_that_cannot_be_reached_makes_calls_unknown(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        await wizard.until(lambda: wizard.workflow.arrivals)
        await read_on(wizard, "? 3 callback URLs were not checked: bwtui doctor checks them.")
        wizard.workflow.callbacks.keep(answers_calls(wizard.workflow.draft.answers), Unresolved("no.example"))
        await wizard.press("v")
        await wizard.until(lambda: wizard.workflow.arrivals)
        [number] = wizard.workflow.draft.run.numbers
        nobody = "No name server knows no.example."
        assert wizard.says(f"? Calls to {readable(number)}: unknown. {nobody}"), wizard.text
        await read_on(wizard, f"? Callback URL: {nobody}")


def answers_calls(answers: Answers) -> CallbackUrl:
    """The URL that is asked what to do with a call."""
    steps = (step for step in wanted_steps(answers) if step.callback_parts)
    return next(each for step in steps for each in callback_urls(step, answers) if each.answers_calls)


async def test_done_is_left_while_it_reads_what_arrives(
    harness: WizardHarness, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def endless(*_: object) -> tuple[Arrival, ...]:
        await asyncio.Event().wait()
        return ()

    async with connected(harness) as wizard:
        await done(wizard)
        monkeypatch.setattr("bwtui.connected_services.read_arrivals", endless)
        wizard.send("v")
        await wizard.until(lambda: wizard.says("? Unknown yet."))
        wizard.send("q")
        await wizard.until(lambda: wizard.app.return_value is not None)
    assert wizard.app.return_value == Exit.DONE


async def test_a_copy_that_a_request_delivered_twice_has_made_is_told_before_what_comes_next(
    harness: WizardHarness,
) -> None:
    harness.fail(fault_at("voice_app", "twice", answered=1))
    async with connected(harness) as wizard:
        await done(wizard)
        ours = wizard.workflow.draft.run.outputs["voice_app_id"]
        [copy] = [
            each["id"]
            for each in (await harness.state())["applications"]
            if each["service_type"] == "Voice-V2" and each["id"] != ours
        ]
        assert wizard.says("? Voice application: Another voice application of this name is on the account")
        assert wizard.says(copy)
        assert wizard.says("Set up. Everything was read back")
        await read_on(wizard, "First message and first call")


async def test_the_next_command_names_the_setup(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        wizard.workflow.host.commands = CommandLine("acme", "/home/me/my states")
        await done(wizard)
        command = "bwtui export --format curl --name acme --state-dir '/home/me/my states'"
        await wizard.until(lambda: wizard.workflow.arrivals)
        await read_on(wizard, f"{command} > try.sh && sh try.sh +1YOURPHONE")


async def test_an_id_is_copied_and_a_setting_has_none(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        outputs = wizard.workflow.draft.run.outputs
        await wizard.press("home", "c")
        assert wizard.app.clipboard == outputs["site_id"]
        assert wizard.says(f"Copied {outputs['site_id']}, if this terminal lets programs copy.")
        await wizard.press("down", "c")
        assert wizard.app.clipboard == outputs["sippeer_id"]
        await wizard.press("down", "c")
        [number] = wizard.workflow.draft.run.numbers
        assert wizard.app.clipboard == readable(number)
        await wizard.press("end", "c")
        assert wizard.says("There is no id to copy here: a setting has none.")


@pytest.mark.parametrize(
    ("name", "form", "path"),
    [
        ("Env", "env", "bwtui.env"),
        ("JSON", "json", "bwtui.json"),
        ("Curl script", "curl", "try.sh"),
        ("Runbook", "markdown", "runbook.md"),
    ],
)
async def test_an_export_is_that_of_the_command_and_no_file_is_overwritten(
    harness: WizardHarness, here: Path, name: str, form: str, path: str
) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        await wizard.press_shown(name)
        await wizard.press("enter")
        assert wizard.says(f"Written to {path}."), wizard.text
        written = written_to(here / path)
        await wizard.press_shown(name)
        await wizard.press("enter")
        assert wizard.says(f"! {path} is there already and was left as it is: choose another name.")
    printed = io.StringIO()
    with redirect_stdout(printed):
        assert bwtui(["export", "--format", form], {"BWTUI_STATE_DIR": str(harness.folder)}) == Exit.DONE
    assert written.rstrip("\n") == printed.getvalue().rstrip("\n")
    assert "Your-Password" not in written
    assert "demo-secret" not in written


@pytest.mark.parametrize("key", ["t", "v", "x", "enter"])
async def test_what_needs_the_account_leads_to_connect_first(harness: WizardHarness, key: str) -> None:
    outcome = await harness.apply(HERE)
    assert outcome.exit is Exit.DONE
    harness.login, harness.on_disk = LOGIN, True
    async with harness.show(answers=SECRETS, at=DONE) as wizard:
        assert {"Try it", "Verify", "Remove"} <= wizard.keys.keys(), wizard.text
        wizard.screen.query_one("#ids").focus()
        await wizard.press(key)
        assert wizard.place == CONNECT
        assert not wizard.says("secrets are not saved"), "the secret was found"
        await wizard.press("enter", "enter")
        assert wizard.place == DONE


async def test_help_says_what_enter_does(harness: WizardHarness) -> None:
    async with harness.show(answers=HERE, at=DONE) as wizard:
        await wizard.press("f1")
        told = " ".join(" ".join(await wizard.read()).split())
        assert "Enter on the list leads to Try it, C copies the value under the cursor" in told
        await wizard.press("escape", "enter")
        assert wizard.says("There is no phone number: messages and calls need one."), "it cannot lead there"


async def test_a_secret_that_was_not_found_is_asked_for_again(harness: WizardHarness) -> None:
    outcome = await harness.apply(HERE)
    assert outcome.exit is Exit.DONE
    harness.on_disk = True
    async with harness.show(answers=SECRETS, at=DONE) as wizard:
        await wizard.press("v")
        assert wizard.says("Sign in again first: secrets are not saved."), wizard.text


# --- Answers that are changed afterwards ---------------------------------------------------------------------------


async def test_an_answer_that_is_changed_afterwards_takes_the_proof_away_until_it_is_applied(
    harness: WizardHarness,
) -> None:
    new = "https://new.example.net/init"
    async with connected(harness) as wizard:
        await done(wizard)
        await wizard.go("voice_app")
        await wizard.type("voice_app.call_initiated_url", new)
        assert (wizard.rail["voice_app"], wizard.rail["site"], wizard.rail[DONE]) == ("●", "✓", "○")
        assert wizard.rail[APPLY] == "○"
        await wizard.go(DONE)
        assert not wizard.says("✓ Set up.")
        assert wizard.says("Applied, not verified: answers were changed and wait. Review applies them."), (
            wizard.text
        )
        assert wizard.says(f"! Voice application: Call-initiated URL {new} waits to be applied;"), wizard.text
        await wizard.go("welcome")
        assert wizard.says("9 of 9 steps are applied, not verified; changed answers of 1 wait to be applied.")
        await wizard.press("ctrl+c", "ctrl+c")
        assert wizard.app.return_value == Exit.INTERRUPTED, "it is not done"
    async with connected(harness, SECRETS) as wizard:
        assert ("change", "Voice application") in wizard.plan
        await say_yes(wizard, order=None)
        await assert_done(harness, wizard)


async def test_an_answer_that_is_changed_back_takes_nothing_away(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        await wizard.go("site")
        await wizard.type("site.description", "Another")
        assert not wizard.workflow.is_proven
        await wizard.type("site.description", HERE.text("site.description"))
        assert wizard.workflow.is_proven
        await wizard.go(DONE)
        assert wizard.says("✓ Set up.")


async def test_a_step_found_missing_is_no_longer_done_in_any_command(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        assert progress_of(harness) is Progress.DONE
        run = wizard.workflow.draft.run
        location = f"/sites/{run.outputs['site_id']}/sippeers/{run.outputs['sippeer_id']}"
        await elsewhere(harness, "DELETE", f"{location}/products/messaging/features/mms")
        await wizard.go(REVIEW)
        assert ("enable", "MMS") in wizard.plan
        assert progress_of(harness) is Progress.APPLIED


def progress_of(harness: WizardHarness) -> Progress:
    """Return the progress that the state file shows."""
    setup = harness.file.load()
    assert setup
    return progress.progress_of(Answers(setup.answers), setup.run)


# --- Somebody else -----------------------------------------------------------------------------------------------


async def test_what_somebody_else_changed_is_found_by_verifying_again_and_set_right_by_review(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        run = wizard.workflow.draft.run
        location = f"/sites/{run.outputs['site_id']}/sippeers/{run.outputs['sippeer_id']}"
        await elsewhere(harness, "DELETE", f"{location}/products/messaging/features/mms")
        await wizard.press_shown("Verify")
        assert wizard.says("! Not everything is as it should be."), wizard.text
        assert wizard.says("! MMS missing"), wizard.text
        assert wizard.shown(wizard.screen.query_one("#ids")).count("read back") == 6
        await wizard.press("ctrl+c", "y")
        assert wizard.app.return_value == Exit.INTERRUPTED, "it is not done"
    async with connected(harness, SECRETS) as wizard:
        assert ("enable", "MMS") in wizard.plan
        await say_yes(wizard, order=None)
        await assert_done(harness, wizard)


async def test_why_something_is_not_as_it_should_be_is_told_in_full(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        app_id = wizard.workflow.draft.run.outputs["voice_app_id"]
        other = (
            "<Application><ServiceType>Voice-V2</ServiceType><AppName>Setup Test Voice</AppName>"
            "<CallInitiatedCallbackUrl>https://elsewhere.example.com/init</CallInitiatedCallbackUrl></Application>"
        )
        await elsewhere(harness, "PUT", f"/applications/{app_id}", other)
        await wizard.press("v", "end", "up")
        assert wizard.says("Call-initiated URL is “https://elsewhere.example.com/init”"), wizard.text
        assert wizard.says("https://elsewhere.example.com/init"), wizard.text
        await wizard.go(REVIEW)
        assert ("change", "Voice application") in wizard.plan
        await say_yes(wizard, order=None)
        await assert_done(harness, wizard)


async def test_a_number_that_was_released_is_told_and_not_bought_again(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        harness.account.numbers.clear()
        await wizard.press_shown("Verify")
        assert not wizard.says("✓ Set up.")
        assert wizard.says("? Applied, but not proven: Phone number. Everything else was read back."), (
            wizard.text
        )
        assert wizard.says("Ordered, but not on the location"), wizard.text
        await wizard.go(REVIEW)
        assert wizard.says("No changes to the account"), wizard.text
        assert await placed(harness) == 1


async def test_a_proof_that_cannot_be_had_is_no_proof(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        harness.fail(
            '[[fault]]\naction = "answer"\nmethod = "GET"\npath = "/accounts/*/sites/*"\nstatus = 500\ntimes = 0'
        )
        await wizard.press_shown("Verify")
        assert wizard.says("! Bandwidth had an internal error."), wizard.text
        assert not wizard.says("✓ Set up.")
        harness.fail("")
        await wizard.press_shown("Verify")
        assert wizard.says("✓ Set up.")


# --- With and without the wizard ---------------------------------------------------------------------------------


async def test_what_apply_did_without_the_wizard_shows_in_it_and_is_proven_there(
    harness: WizardHarness,
) -> None:
    outcome = await harness.apply(HERE)
    assert outcome.exit is Exit.DONE
    before = await harness.writes()
    async with connected(harness, SECRETS, at=DONE) as wizard:
        assert wizard.says("Everything was done and read back earlier. V reads it back once more.")
        assert set(wizard.rail.values()) <= {"●", "✓", "○", "–"}
        assert [wizard.rail[step.key] for step in wizard.workflow.steps] == ["✓"] * 9
        for value in ("site_id", "sippeer_id", "messaging_app_id", "voice_app_id"):
            assert wizard.workflow.draft.run.outputs[value] in wizard.text
        await wizard.press_shown("Verify")
        await assert_done(harness, wizard)
    assert await harness.writes() == before


async def test_a_look_by_the_wizard_leaves_done_what_was_set_up_without_a_campaign(
    harness: WizardHarness,
) -> None:
    """The account has a campaign that could be chosen: it is offered to a setup that is not begun, and to no other."""
    assert (
        await harness.apply(guide_answers(account__base_url=BASE_URL, campaign__id=None))
    ).exit is Exit.DONE
    async with connected(harness, SECRETS, at=DONE) as wizard:
        assert wizard.says("Everything was done and read back earlier. V reads it back once more.")
        await wizard.press_shown("Verify")
        assert wizard.workflow.is_proven


async def test_what_apply_could_not_do_the_wizard_explains_and_finishes(harness: WizardHarness) -> None:
    harness.fail(fault_at("voice_app", "answer", status=403))
    outcome = await harness.apply(HERE)
    assert outcome.exit is not Exit.DONE
    harness.fail("")
    async with connected(harness, SECRETS, at=APPLY) as wizard:
        assert wizard.says("! Voice application: The credentials are right, but lack the role for this."), (
            wizard.text
        )
        assert wizard.rail["voice_app"] == "!"
        await retry(wizard)
        await assert_done(harness, wizard)


async def test_what_the_wizard_did_apply_finds_and_leaves_alone(harness: WizardHarness) -> None:
    async with connected(harness, HERE) as wizard:
        await done(wizard)
    before = await harness.writes()
    outcome = await harness.apply(kept(harness))
    assert outcome.exit is Exit.DONE, outcome.said
    assert await harness.writes() == before
    await assert_finished(harness)


async def test_what_the_wizard_left_undone_apply_finishes(harness: WizardHarness) -> None:
    async with connected(harness, HERE) as wizard:
        harness.fail(fault_at("sippeer", "answer", status=500))
        await say_yes(wizard)
        assert wizard.place == APPLY
    harness.fail("")
    assert harness.run.step("sippeer").status is Status.FAILED
    outcome = await harness.apply(kept(harness))
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(harness)


def kept(harness: WizardHarness) -> Answers:
    """The answers as the wizard has kept them."""
    setup = harness.file.load()
    assert setup
    return Answers(setup.answers, SECRETS.secrets)


# --- What Review and the files say afterwards --------------------------------------------------------------------


async def test_review_of_what_is_done_offers_to_read_it_back(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        async with wizard.workflow._busy:  # the look waits
            wizard.screen.post_message(Go(REVIEW))
            await wizard.until(lambda: wizard.place == REVIEW and wizard.says("before you say yes"))
            assert not wizard.says("Nothing was written yet"), wizard.text
        await wizard.settled()
        assert wizard.says("What is done stays done."), wizard.text
        assert wizard.says("[ Read back ]"), wizard.text


async def test_what_is_typed_replaces_the_proposed_path(harness: WizardHarness, here: Path) -> None:
    async with connected(harness) as wizard:
        await done(wizard)
        await wizard.press_shown("Env")
        await wizard.press(*"x.env", "enter")
        assert wizard.says("Written to x.env."), wizard.text
    assert (here / "x.env").exists()
