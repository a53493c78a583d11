"""Review lists what is missing and leads there; only what it shows as it is now can be said yes to, and No is the default."""

from pathlib import Path

import pytest

from bwtui.domain.answers import Answers
from bwtui.exits import Exit
from bwtui.store.answers_file import read
from bwtui.tui.places import APPLY, CONNECT, REVIEW
from bwtui.tui.widgets.button import LineButton
from support.apply_screen import SECRETS, asked, assert_done, connected, say_yes
from support.guide import guide_answers
from support.wizard_pilot import LOGIN, Stage
from support.write_faults import assert_finished, fault

GAPS = guide_answers(
    messaging_app__callback_url=None, number__area_code="91", site__name="SetupTest too long"
)  # fmt: skip


def written_to(path: Path) -> str:
    return path.read_text(encoding="utf-8")


async def test_what_is_missing_or_wrong_is_listed_and_enter_goes_to_its_field(stage: Stage) -> None:
    async with connected(stage, GAPS) as show:
        assert show.says("3 to put right first. Enter goes there."), show.text
        assert show.plan == []
        for row, key in enumerate(["site.name", "number.area_code", "messaging_app.callback_url"]):
            await show.press("home", *["down"] * row, "enter")
            assert (show.place, show.focused) == (key.partition(".")[0], key)
            assert show.said_at(key)
            await show.go(REVIEW)
        await show.press("ctrl+n")
        assert show.says("Put right what is listed first; then it can be applied.")
        assert await stage.writes() == []


async def test_where_there_is_room_all_that_is_wrong_is_seen(stage: Stage) -> None:
    async with stage.show(at="review", size=(120, 40)) as show:
        wrong = [line for line in show.lines if "! " in line]
        assert show.says(f"{len(wrong)} to put right first.")
        assert len(wrong) > 8


async def test_what_was_put_right_is_gone_from_the_list(stage: Stage) -> None:
    async with connected(stage, guide_answers(messaging_app__callback_url=None)) as show:
        assert show.says("1 to put right first.")
        await show.press("enter", *"https://example.com/messages", "ctrl+g", *"review", "enter")
        assert show.place == REVIEW
        assert show.says("9 of 9 actions write to the account."), show.text


async def test_without_a_connection_review_leads_to_connect_and_back(stage: Stage) -> None:
    stage.login = LOGIN
    async with stage.show(answers=guide_answers(), at=REVIEW) as show:
        assert show.says("! Connect: Connect and test the connection: Review looks at the account.")
        await show.press("enter")
        assert show.place == CONNECT
        show.screen.query_one("#test", LineButton).focus()
        await show.press("enter", "enter")
        assert show.place == REVIEW
        assert len(show.plan) == 9


async def test_each_value_is_told_with_where_it_came_from(stage: Stage) -> None:
    async with connected(stage, size=(120, 40)) as show:
        await show.press("home")
        assert show.says("Name SetupTest (answers file)")
        await show.press(*["down"] * 4)
        assert show.says("Some are better than none no (default)") or show.says(
            "Area code 919 (answers file)"
        )
        await show.press("down")
        assert show.says("Callback password •••••• (not saved)")
        assert not show.says("Your-Password")


@pytest.mark.parametrize("keys", [("enter",), ("escape",), ("n",)], ids=["Enter", "Escape", "N"])
async def test_no_is_the_default_and_writes_nothing(stage: Stage, keys: tuple[str, ...]) -> None:
    async with connected(stage) as show:
        await show.press("ctrl+n")
        assert asked(show).startswith("Write to account 9900000 now? 9 actions, exactly as shown.")
        await show.press(*keys)
        assert show.place == REVIEW
        await show.press("ctrl+n", "y")
        assert asked(show).startswith("Order +1 (919)")
        await show.press("escape")
        assert show.place == REVIEW, "not answering is neither yes nor no: nothing has begun"
        assert await stage.writes() == []


async def test_an_answer_that_is_changed_is_looked_at_anew(stage: Stage) -> None:
    async with connected(stage) as show:
        await show.go("site")
        await show.type("site.name", "Other")
        await show.go(REVIEW)
        await say_yes(show)
        await assert_done(stage, show)
    assert [site["name"] for site in (await stage.state())["sites"]] == ["Other"]


async def test_a_plan_that_could_not_be_made_anew_is_not_offered(stage: Stage) -> None:
    async with connected(stage) as show:
        assert len(show.plan) == 9
        await show.go("site")
        stage.fail(fault("answer", method="GET", path="/accounts/*/sites", status=500, times=0))
        await show.go(REVIEW)
        assert show.says("! Bandwidth had an internal error. Nothing was changed: this was only a look."), (
            show.text
        )
        assert show.plan == []
        await show.press("ctrl+n")
        assert show.says("The look at the account failed: Ctrl+R looks again.")
        stage.fail("")
        await show.press_shown("Look again")
        assert len(show.plan) == 9
        assert "Look again" not in show.keys
        await say_yes(show)
        await assert_done(stage, show)


async def test_damaged_replies_to_the_look_are_explained(stage: Stage) -> None:
    async with connected(stage, at="site") as show:
        stage.fail(fault("garbage", method="GET", path="/accounts/*/sites", times=0))
        await show.go(REVIEW)
        assert show.says("Bandwidth's answer could not be used:"), show.text
        assert show.says("check that the base URL leads to Bandwidth (Connect: Base URL)")


async def test_the_answers_are_saved_as_a_file_that_apply_takes_and_no_file_is_overwritten(
    stage: Stage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with connected(stage) as show:
        plan = show.plan
        await show.press_shown("Save answers")
        await show.press("enter")
        assert show.says("Saved as setup.toml. Apply it anywhere: bwtui apply setup.toml")
        saved = written_to(tmp_path / "setup.toml")
        assert "Your-Password" not in saved
        await show.press_shown("Save answers")
        await show.press("enter")
        assert show.says("! setup.toml is there already and was left as it is: choose another name.")
        await show.press_shown("Save answers")
        await show.press("ctrl+u", "enter")
        assert show.says("! Type the name of a file, such as setup.toml.")
        assert written_to(tmp_path / "setup.toml") == saved
    stage.answers = Answers(read("setup.toml").given, SECRETS.secrets)
    stage.file.path.unlink()
    outcome = await stage.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert len(plan) == len([event for event in outcome.events if event["event"] == "finished"])
    await assert_finished(stage)


async def test_everything_that_is_there_already_needs_no_yes(stage: Stage) -> None:
    async with connected(stage) as show:
        await say_yes(show)
        before = await stage.writes()
        await show.go(REVIEW)
        assert show.says("0 of 9 actions write to the account. What is done stays done.")
        await show.press("ctrl+n")
        await assert_done(stage, show)
        assert await stage.writes() == before
        await show.go(APPLY)
        assert show.says("Everything is done.")


async def test_tab_goes_where_one_can_see_it_and_space_shows_the_rest_of_the_details(stage: Stage) -> None:
    async with connected(stage) as show:
        before = show.text
        await show.press_shown("More")
        assert show.text != before
        await show.press("tab")
        assert show.focused == "apply"
        assert show.says("▸ [ Apply ]")
