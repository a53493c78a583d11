"""Leaving loses nothing but secrets: the wizard opens again where it was left, with the same answers and the same run."""

import errno
import os

import pytest

from bwtui.domain.catalog import STEPS
from bwtui.exits import Exit
from bwtui.tui.places import TITLES, PlaceStatus
from support.apply_screen import SECRETS, asked, assert_done, connected, say_yes
from support.guide import guide_answers
from support.wizard_pilot import Show, Stage
from support.write_faults import WRITES, error, fault_at

NO_SECRETS = guide_answers()._replace(secrets={})


@pytest.fixture
def stage(stage: Stage) -> Stage:
    stage.on_disk = True
    return stage


async def leave(show: Show) -> None:
    """Leave with the keys that are shown."""
    await show.press_shown("Leave")
    question = "Leave? Your answers are saved; only secrets are asked again. Go on later with: bwtui"
    assert asked(show) == question
    await show.press("y")
    assert show.app.return_value == Exit.INTERRUPTED


@pytest.mark.parametrize("place", TITLES)
async def test_it_opens_on_the_screen_that_was_left_with_the_answers_that_were_given(
    stage: Stage, place: str
) -> None:
    async with stage.show(answers=NO_SECRETS) as show:
        await show.go("site")
        await show.type("site.description", "Typed just now")
        await show.go("connect")
        await show.type("login.user", "somebody")
        await show.go(place)
        answers = show.workflow.draft.answers.given
        await leave(show)
    async with stage.show() as show:
        assert show.place == place
        assert show.workflow.draft.answers.given == answers
        assert show.answer("site.description") == "Typed just now"
        assert show.workflow.sign_in.user == "somebody"
        assert show.workflow.draft.answers.secrets == {}
        assert not show.workflow.sign_in.secret


async def test_what_was_typed_last_is_kept_without_leaving_the_field(stage: Stage) -> None:
    async with stage.show(at="site") as show:
        await show.type("site.city", "CARY")
        await show.press("ctrl+c", "ctrl+c")
        assert show.app.return_value == Exit.INTERRUPTED
    async with stage.show() as show:
        assert (show.place, show.answer("site.city")) == ("site", "CARY")


async def test_a_killed_wizard_has_kept_all_that_was_typed(stage: Stage) -> None:
    """Nothing of its end is run: the file is read while the first one is still there."""
    async with stage.show(at="site") as show:
        await show.type("site.city", "CARY")
        killed = stage.file.load()
        assert killed
        assert killed.answers["site.city"].value == "CARY"
        assert killed.bookmark.place == "site"


async def test_staying_after_all_changes_nothing(stage: Stage) -> None:
    async with stage.show(at="site") as show:
        await show.type("site.city", "CARY")
        for keys in (("n",), ("escape",), ("enter",)):
            await show.press("ctrl+c", *keys)
            assert (show.place, show.focused, show.app.return_value) == ("site", "site.city", None)


async def test_only_secrets_are_asked_again(stage: Stage) -> None:
    answers = guide_answers()
    async with connected(stage, answers, at="review") as show:
        await leave(show)
    stage.login = None
    async with stage.show() as show:
        assert show.place == "review"
        assert show.says("3 to put right first."), show.text
        for line in (
            "! Connect: Connect and test",
            "! Messaging application: Callback password: The password",
            "! Voice application: Callback password: The password",
        ):
            assert show.says(line)
        await show.press("enter")
        assert (show.place, show.focused) == ("connect", "login.secret"), "the account and the user are known"
        await show.press(*"demo-secret", "enter", "enter", "enter")
        assert show.workflow.is_connected, show.text
        await show.press("enter")
        assert show.place == "review", "where one wanted to be"
        for key in ("messaging_app.callback_password", "voice_app.callback_password"):
            await show.press("enter")
            assert show.focused == key
            assert show.said_at(key).startswith("! The password that goes with the callback user is needed.")
            await show.press(*"Your-Password")
            assert show.said_at(key) == ""
            await show.go("review")
        assert len(show.plan) == len(STEPS)


@pytest.mark.parametrize("step", WRITES)
async def test_a_run_that_stopped_at_any_step_goes_on_from_there(stage: Stage, step: str) -> None:
    stage.fail(fault_at(step, "answer", status=400, body=error("99999")))
    async with connected(stage) as show:
        await say_yes(show)
        assert show.place == "apply"
        run = show.workflow.draft.run
        assert show.rail[step] == PlaceStatus.PROBLEM.sign
        await leave(show)
    async with stage.show(answers=SECRETS) as show:
        assert show.place == "apply"
        assert show.workflow.draft.run == run
        assert show.rail[step] == PlaceStatus.PROBLEM.sign
        assert show.says(f"! {TITLES[step]}")
        await show.press_shown("Retry")
        assert show.place == "connect"
        await show.press("enter", "enter")
        assert show.place == "review"
        await say_yes(show, order=True if step in ("site", "sippeer", "number") else None)
        await assert_done(stage, show)


async def test_after_it_is_done_it_opens_on_done_and_can_prove_it_again(stage: Stage) -> None:
    async with connected(stage) as show:
        await say_yes(show)
        assert show.place == "done"
        run = show.workflow.draft.run
        await show.press_shown("Finish")
        assert show.app.return_value == Exit.DONE
    async with stage.show() as show:
        assert (show.place, show.workflow.draft.run) == ("done", run)
        assert show.says("Everything was done and read back by an earlier go.")
        assert show.says(run.outputs["messaging_app_id"])


# --- Starting over -----------------------------------------------------------------------------------------------


async def test_starting_over_sets_what_was_kept_aside_and_begins_with_the_account(stage: Stage) -> None:
    async with connected(stage) as show:
        await say_yes(show)
        await show.go("welcome")
        assert show.says("There is saved progress: 9 of 9 steps are done and were read back.")
        before = stage.file.path.read_bytes()
        show.screen.query_one("#start-over").focus()
        await show.press("enter", "enter")
        assert show.place == "welcome", "No is the default"
        assert stage.file.path.read_bytes() == before
        show.screen.query_one("#start-over").focus()
        await show.press("enter", "y")
        assert show.place == "connect"
        assert show.workflow.draft.run.records == {}
        assert show.answer("account.account_id") == "9900000"
        assert show.answer("site.name") == "Main", "the suggestion"
        assert show.answer("site.description") == ""
        assert PlaceStatus.DONE.sign not in show.rail.values()
        [aside] = [path for path in stage.file.path.parent.iterdir() if path.read_bytes() == before]
        assert aside != stage.file.path
    async with stage.show() as show:
        assert show.workflow.draft.run.records == {}
        assert (show.place, show.answer("site.description")) == ("connect", "")


async def test_somebody_new_is_not_asked_whether_to_start_over(stage: Stage) -> None:
    async with stage.show() as show:
        assert "saved progress" not in show.text
        assert not show.screen.query("#start-over")


@pytest.mark.parametrize("size", [(80, 24), (60, 14)])
async def test_what_cannot_be_set_aside_is_told_and_stays(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    async with connected(stage, size=size) as show:
        await say_yes(show)
        await show.go("welcome")
        monkeypatch.setattr(os, "replace", _full)
        show.screen.query_one("#start-over").focus()
        await show.press("enter", "y")
        assert show.place == "welcome"
        assert show.says("! "), show.text
        assert show.says("No space left on device"), show.text
        assert show.rail["site"] == PlaceStatus.DONE.sign


def _full(*_: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")
