"""Done shows the proof and hands the result on; what somebody changes later is found, and what apply has done shows too."""

import io
from contextlib import redirect_stdout
from pathlib import Path

import pytest

from bwtui.cli.main import run as bwtui
from bwtui.domain import progress
from bwtui.domain.answers import Answers
from bwtui.domain.checks import readable
from bwtui.domain.progress import Standing
from bwtui.domain.run import Status
from bwtui.exits import Exit
from bwtui.tui.places import APPLY, DONE, REVIEW
from support.apply_screen import SECRETS, assert_done, connected, placed, retry, say_yes
from support.guide import guide_answers
from support.in_process import BASE_URL
from support.wizard_pilot import Show, Stage
from support.write_faults import assert_finished, elsewhere, fault_at

HERE = guide_answers(account__base_url=BASE_URL)
"""The same account for the wizard as for apply without it."""


async def done(show: Show) -> None:
    await say_yes(show)
    assert show.place == DONE, show.text


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder that one works in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def written_to(path: Path) -> str:
    return path.read_text(encoding="utf-8")


async def test_the_proof_the_ids_and_what_comes_next_are_shown(stage: Stage) -> None:
    async with connected(stage) as show:
        await done(show)
        outputs = show.workflow.draft.run.outputs
        for value in ("site_id", "sippeer_id", "messaging_app_id", "voice_app_id"):
            assert show.says(f"read back {outputs[value]}")
        assert show.says(f"read back {readable(outputs['numbers'])}")
        assert show.shown(show.screen.query_one("#ids")).count("read back") == 9
        assert show.says("bwtui export --format curl > try.sh && sh try.sh +1YOURPHONE")
        assert show.says("Accepted (202) is not delivered")
        assert show.says("US local numbers need a 10DLC campaign")


async def test_an_id_is_copied_and_a_setting_has_none(stage: Stage) -> None:
    async with connected(stage) as show:
        await done(show)
        outputs = show.workflow.draft.run.outputs
        await show.press("home", "c")
        assert show.app.clipboard == outputs["site_id"]
        assert show.says(f"Copied {outputs['site_id']}, if this terminal lets programs copy.")
        await show.press("down", "enter")
        assert show.app.clipboard == outputs["sippeer_id"]
        await show.press("down", "c")
        assert show.says("There is no id to copy here: this step is a setting.")
        await show.press("down", "down", "c")
        assert show.app.clipboard == readable(outputs["numbers"])


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
    stage: Stage, here: Path, name: str, form: str, path: str
) -> None:
    async with connected(stage) as show:
        await done(show)
        await show.press_shown(name)
        await show.press("enter")
        assert show.says(f"Written to {path}."), show.text
        written = written_to(here / path)
        await show.press_shown(name)
        await show.press("enter")
        assert show.says(f"! {path} is there already and was left as it is: choose another name.")
    printed = io.StringIO()
    with redirect_stdout(printed):
        assert bwtui(["--state-dir", str(stage.folder), "export", "--format", form]) == Exit.DONE
    assert written.rstrip("\n") == printed.getvalue().rstrip("\n")
    assert "Your-Password" not in written
    assert "demo-secret" not in written


@pytest.mark.parametrize("keys", [("q",), ("ctrl+c", "y"), ("ctrl+c", "ctrl+c"), ("ctrl+q", "ctrl+q")])
async def test_leaving_when_it_is_proven_is_success(stage: Stage, keys: tuple[str, ...]) -> None:
    async with connected(stage) as show:
        await done(show)
        await show.press(*keys)
        assert show.app.return_value == Exit.DONE


async def test_ctrl_c_asks_when_it_is_proven_too(stage: Stage) -> None:
    async with connected(stage) as show:
        await done(show)
        await show.press("ctrl+c")
        assert show.says("Leave? Everything is done and was read back.")
        await show.press("escape")
        assert (show.place, show.app.return_value) == ("done", None)


# --- Answers that are changed afterwards ---------------------------------------------------------------------------


async def test_an_answer_that_is_changed_afterwards_takes_the_proof_away_until_it_is_applied(
    stage: Stage,
) -> None:
    new = "https://new.example.net/init"
    async with connected(stage) as show:
        await done(show)
        await show.go("voice_app")
        await show.type("voice_app.call_initiated_url", new)
        assert (show.rail["voice_app"], show.rail["site"], show.rail[DONE]) == ("●", "✓", "○")
        assert show.rail[APPLY] == "○"
        await show.go(DONE)
        assert not show.says("✓ Done.")
        assert show.says("Applied, not verified: answers were changed and wait. Review applies them."), (
            show.text
        )
        assert show.says(f"! Voice application: Call-initiated URL {new} waits to be applied;"), show.text
        await show.go("welcome")
        assert show.says("9 of 9 steps are applied, not verified; changed answers of 1 wait to be applied.")
        await show.press("ctrl+c", "ctrl+c")
        assert show.app.return_value == Exit.INTERRUPTED, "it is not done"
    async with connected(stage, SECRETS) as show:
        assert ("change", "Voice application") in show.plan
        await say_yes(show, order=None)
        await assert_done(stage, show)


async def test_an_answer_that_is_changed_back_takes_nothing_away(stage: Stage) -> None:
    async with connected(stage) as show:
        await done(show)
        await show.go("site")
        await show.type("site.description", "Another")
        assert not show.workflow.is_proven
        await show.type("site.description", HERE.text("site.description"))
        assert show.workflow.is_proven
        await show.go(DONE)
        assert show.says("✓ Done.")


async def test_what_looking_finds_missing_is_done_no_longer_for_anybody(stage: Stage) -> None:
    async with connected(stage) as show:
        await done(show)
        assert standing(stage) is Standing.DONE
        run = show.workflow.draft.run
        location = f"/sites/{run.outputs['site_id']}/sippeers/{run.outputs['sippeer_id']}"
        await elsewhere(stage, "DELETE", f"{location}/products/messaging/features/mms")
        await show.go(REVIEW)
        assert ("new", "MMS") in show.plan
        assert standing(stage) is Standing.APPLIED


def standing(stage: Stage) -> Standing:
    """How far the setup is by its state file."""
    setup = stage.file.load()
    assert setup
    return progress.standing(Answers(setup.answers), setup.run)


# --- Somebody else -----------------------------------------------------------------------------------------------


async def test_what_somebody_else_changed_is_found_by_verifying_again_and_set_right_by_review(
    stage: Stage,
) -> None:
    async with connected(stage) as show:
        await done(show)
        run = show.workflow.draft.run
        location = f"/sites/{run.outputs['site_id']}/sippeers/{run.outputs['sippeer_id']}"
        await elsewhere(stage, "DELETE", f"{location}/products/messaging/features/mms")
        await show.press_shown("Verify")
        assert show.says("! Not everything is as it should be."), show.text
        assert show.says("! MMS missing"), show.text
        assert show.shown(show.screen.query_one("#ids")).count("read back") == 8
        await show.press("ctrl+c", "y")
        assert show.app.return_value == Exit.INTERRUPTED, "it is not done"
    async with connected(stage, SECRETS) as show:
        assert ("new", "MMS") in show.plan
        await say_yes(show, order=None)
        await assert_done(stage, show)


async def test_why_something_is_not_as_it_should_be_is_told_in_full(stage: Stage) -> None:
    async with connected(stage) as show:
        await done(show)
        app_id = show.workflow.draft.run.outputs["voice_app_id"]
        other = (
            "<Application><ServiceType>Voice-V2</ServiceType><AppName>Setup Test Voice</AppName>"
            "<CallInitiatedCallbackUrl>https://elsewhere.example.com/init</CallInitiatedCallbackUrl></Application>"
        )
        await elsewhere(stage, "PUT", f"/applications/{app_id}", other)
        await show.press("v", "end", "up")
        assert show.says("CallInitiatedCallbackUrl"), show.text
        assert show.says("https://elsewhere.example.com/init"), show.text
        await show.go(REVIEW)
        assert ("change", "Voice application") in show.plan
        await say_yes(show, order=None)
        await assert_done(stage, show)


async def test_a_number_that_was_released_is_told_and_not_bought_again(stage: Stage) -> None:
    async with connected(stage) as show:
        await done(show)
        stage.account.numbers.clear()
        await show.press_shown("Verify")
        assert not show.says("✓ Done.")
        assert show.says("? Applied, but not proven: Phone number. Everything else was read back."), show.text
        assert show.says("Ordered, but not on the location"), show.text
        await show.go(REVIEW)
        assert show.says("0 of 9 actions write to the account."), show.text
        assert await placed(stage) == 1


async def test_a_proof_that_cannot_be_had_is_no_proof(stage: Stage) -> None:
    async with connected(stage) as show:
        await done(show)
        stage.fail(
            '[[fault]]\naction = "answer"\nmethod = "GET"\npath = "/accounts/*/sites/*"\nstatus = 500\ntimes = 0'
        )
        await show.press_shown("Verify")
        assert show.says("! Bandwidth had an internal error."), show.text
        assert not show.says("✓ Done.")
        stage.fail("")
        await show.press_shown("Verify")
        assert show.says("✓ Done.")


# --- With and without the wizard ---------------------------------------------------------------------------------


async def test_what_apply_did_without_the_wizard_shows_in_it_and_is_proven_there(stage: Stage) -> None:
    outcome = await stage.apply(HERE)
    assert outcome.exit is Exit.DONE
    before = await stage.writes()
    async with connected(stage, SECRETS, at=DONE) as show:
        assert show.says("Everything was done and read back by an earlier go. V reads it back once more.")
        assert set(show.rail.values()) <= {"●", "✓", "○"}
        assert [show.rail[step.key] for step in show.workflow.steps] == ["✓"] * 9
        for value in ("site_id", "sippeer_id", "messaging_app_id", "voice_app_id"):
            assert show.workflow.draft.run.outputs[value] in show.text
        await show.press_shown("Verify")
        await assert_done(stage, show)
    assert await stage.writes() == before


async def test_what_apply_could_not_do_the_wizard_explains_and_finishes(stage: Stage) -> None:
    stage.fail(fault_at("voice_app", "answer", status=403))
    outcome = await stage.apply(HERE)
    assert outcome.exit is not Exit.DONE
    stage.fail("")
    async with connected(stage, SECRETS, at=APPLY) as show:
        assert show.says("! Voice application: The credentials are right, but lack the role for this."), (
            show.text
        )
        assert show.rail["voice_app"] == "!"
        await retry(show)
        await assert_done(stage, show)


async def test_what_the_wizard_did_apply_finds_and_leaves_alone(stage: Stage) -> None:
    async with connected(stage, HERE) as show:
        await done(show)
    before = await stage.writes()
    outcome = await stage.apply(kept(stage))
    assert outcome.exit is Exit.DONE, outcome.said
    assert await stage.writes() == before
    await assert_finished(stage)


async def test_what_the_wizard_left_undone_apply_finishes(stage: Stage) -> None:
    async with connected(stage, HERE) as show:
        stage.fail(fault_at("sippeer", "answer", status=500))
        await say_yes(show)
        assert show.place == APPLY
    stage.fail("")
    assert stage.run.record("sippeer").status is Status.FAILED
    outcome = await stage.apply(kept(stage))
    assert outcome.exit is Exit.DONE, outcome.said
    await assert_finished(stage)


def kept(stage: Stage) -> Answers:
    """The answers as the wizard has kept them."""
    setup = stage.file.load()
    assert setup
    return Answers(setup.answers, SECRETS.secrets)
