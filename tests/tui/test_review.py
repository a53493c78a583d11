"""Review lists what is missing and leads there; only what it shows as it is now can be said yes to, and No is the default."""

from pathlib import Path

import pytest

from bwtui.domain.answers.answers import Answers
from bwtui.exits import Exit
from bwtui.store.answers_file import read
from bwtui.tui.places import APPLY, CONNECT, DONE, REVIEW
from bwtui.tui.widgets.button import LineButton
from support.apply_screen import SECRETS, asked, assert_done, connected, say_yes, to_the_actions
from support.guide import guide_answers
from support.wizard_pilot import LOGIN, WizardHarness
from support.write_faults import assert_finished, fault

GAPS = guide_answers(
    messaging_app__callback_url=None, number__area_code="91", site__name="SetupTest too long"
)  # fmt: skip


def written_to(path: Path) -> str:
    return path.read_text(encoding="utf-8")


async def test_what_is_missing_or_wrong_is_listed_and_enter_goes_to_its_field(harness: WizardHarness) -> None:
    async with connected(harness, GAPS) as wizard:
        assert wizard.says("3 to put right first. Enter goes there."), wizard.text
        assert wizard.plan == []
        for row, key in enumerate(["site.name", "number.area_code", "messaging_app.callback_url"]):
            await wizard.press("home", *["down"] * row, "enter")
            assert (wizard.place, wizard.focused) == (key.partition(".")[0], key)
            assert wizard.said_at(key)
            await wizard.go(REVIEW)
        await wizard.press("ctrl+n")
        assert wizard.says("Put right what is listed first; then it can be applied.")
        assert await harness.writes() == []


async def test_where_there_is_room_all_that_is_wrong_is_seen(harness: WizardHarness) -> None:
    async with harness.show(at="review", size=(120, 40)) as wizard:
        wrong = wizard.shown(wizard.screen.query_one("#problems")).splitlines()
        assert all("! " in line for line in wrong)
        assert wizard.says(f"{len(wrong)} to put right first.")
        assert len(wrong) > 8


async def test_what_was_put_right_is_gone_from_the_list(harness: WizardHarness) -> None:
    async with connected(harness, guide_answers(messaging_app__callback_url=None)) as wizard:
        assert wizard.says("1 to put right first.")
        await wizard.press("enter", *"https://example.com/messages", "ctrl+g", *"review", "enter")
        assert wizard.place == REVIEW
        assert wizard.says("9 changes to the account (legacy platform)."), wizard.text


async def test_without_a_connection_review_leads_to_connect_and_back(harness: WizardHarness) -> None:
    harness.login = LOGIN
    async with harness.show(answers=guide_answers(), at=REVIEW) as wizard:
        assert wizard.says("! Connect: Connect and test the connection: Review looks at the account.")
        await wizard.press("enter")
        assert wizard.place == CONNECT
        wizard.screen.query_one("#test", LineButton).focus()
        await wizard.press("enter", "enter")
        assert wizard.place == REVIEW
        assert len(wizard.plan) == 9


async def test_each_value_is_told_with_where_it_came_from(harness: WizardHarness) -> None:
    async with connected(harness, size=(120, 40)) as wizard:
        await to_the_actions(wizard)
        assert wizard.says("Name SetupTest (answers file)")
        await wizard.press(*["down"] * 4)
        assert wizard.says("Area code 919 (answers file)"), wizard.text
        await wizard.press("down")
        assert wizard.says("Callback password •••••• (not saved)")
        assert not wizard.says("Your-Password")


@pytest.mark.parametrize("keys", [("enter",), ("n",), ("N",), ("escape",)], ids=["Enter", "n", "N", "Escape"])
async def test_no_to_money_is_the_default_and_goes_back_so_that_nothing_is_written(
    harness: WizardHarness, keys: tuple[str, ...]
) -> None:
    async with connected(harness) as wizard:
        await wizard.press("ctrl+n")
        assert asked(wizard).startswith("Order +1 (919)")
        assert "8 more changes to account 9900000, exactly as shown." in asked(wizard)
        await wizard.press(*keys)
        assert (wizard.place, wizard.app.screen) == (REVIEW, wizard.screen)
    assert await harness.writes() == []


async def test_where_nothing_costs_money_it_is_asked_once_and_enter_says_yes(harness: WizardHarness) -> None:
    async with connected(harness, guide_answers(number__enabled="false")) as wizard:
        wizard.send("ctrl+n", "y", "enter")
        await wizard.settled()
        assert asked(wizard).startswith("Apply 8 changes to account 9900000 now, exactly as shown?"), (
            "what was typed before the question was on the screen does not answer it"
        )
        await wizard.press("n")
        assert await harness.writes() == []
        await wizard.press("ctrl+n")
        await wizard.press("enter")
        assert wizard.place == DONE


async def test_an_answer_that_is_changed_is_looked_at_anew(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await wizard.go("site")
        await wizard.type("site.name", "Other")
        await wizard.go(REVIEW)
        await say_yes(wizard)
        await assert_done(harness, wizard)
    assert [site["name"] for site in (await harness.state())["sites"]] == ["Other"]


async def test_a_plan_that_could_not_be_made_anew_is_not_offered(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        assert len(wizard.plan) == 9
        await wizard.go("site")
        harness.fail(fault("answer", method="GET", path="/accounts/*/sites", status=500, times=0))
        await wizard.go(REVIEW)
        assert wizard.says("! Bandwidth had an internal error. Nothing was changed: this was only a look."), (
            wizard.text
        )
        assert wizard.plan == []
        await wizard.press("ctrl+n")
        assert wizard.says("The look at the account failed: Ctrl+R looks again.")
        harness.fail("")
        await wizard.press_shown("Look again")
        assert len(wizard.plan) == 9
        assert "Look again" not in wizard.keys
        await say_yes(wizard)
        await assert_done(harness, wizard)


async def test_damaged_replies_to_the_look_are_explained(harness: WizardHarness) -> None:
    async with connected(harness, at="site") as wizard:
        harness.fail(fault("garbage", method="GET", path="/accounts/*/sites", times=0))
        await wizard.go(REVIEW)
        assert wizard.says("Bandwidth's answer could not be used:"), wizard.text
        assert wizard.says("check that the base URL leads to Bandwidth (Connect: Base URL)")


async def test_the_answers_are_saved_as_a_file_that_apply_takes_and_no_file_is_overwritten(
    harness: WizardHarness, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    async with connected(harness) as wizard:
        plan = wizard.plan
        await wizard.press("ctrl+s")
        await wizard.press("enter")
        assert wizard.says("Saved as setup.toml. Apply it anywhere: bwtui apply setup.toml")
        saved = written_to(tmp_path / "setup.toml")
        assert "Your-Password" not in saved
        await wizard.press("ctrl+s")
        await wizard.press("enter")
        assert wizard.says("! setup.toml is there already and was left as it is: choose another name.")
        await wizard.press("ctrl+s")
        await wizard.press("ctrl+u", "enter")
        assert wizard.says("! Type the name of a file, such as setup.toml.")
        assert written_to(tmp_path / "setup.toml") == saved
    harness.answers = Answers(read("setup.toml").given, SECRETS.secrets)
    harness.file.path.unlink()
    outcome = await harness.apply()
    assert outcome.exit is Exit.DONE, outcome.said
    assert len(plan) == len([event for event in outcome.events if event["event"] == "finished"])
    await assert_finished(harness)


async def test_everything_that_is_there_already_needs_no_yes(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await say_yes(wizard)
        before = await harness.writes()
        await wizard.go(REVIEW)
        assert wizard.says("No changes to the account (legacy platform). What is done stays done.")
        await wizard.press("ctrl+n")
        await assert_done(harness, wizard)
        assert await harness.writes() == before
        await wizard.go(APPLY)
        assert wizard.says("Everything is done.")


async def test_what_costs_money_says_so_in_its_own_line_however_many_numbers_there_are(
    harness: WizardHarness,
) -> None:
    numbers = "9192060033, 9192060074, 9192060084"
    answers = guide_answers(number__numbers=numbers, number__area_code=None)
    async with connected(harness, answers) as wizard:
        assert wizard.says("order Phone number $ costs money +1 (919) 206-0033"), wizard.text


async def test_tab_goes_where_one_can_see_it_and_space_shows_the_rest_of_the_details(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        await to_the_actions(wizard)
        before = wizard.text
        await wizard.press_shown("More")
        assert wizard.text != before
        await wizard.press("tab")
        assert wizard.focused == "apply"
        assert wizard.says("▸ [ Apply ]")


async def test_the_last_line_has_the_key_that_the_text_names_and_escape_goes_back(
    harness: WizardHarness,
) -> None:
    async with connected(harness) as wizard:
        assert wizard.says("H checks them"), wizard.text
        assert (wizard.keys["URLs"], wizard.keys["Back"]) == ("h", "escape")
        assert "Cancel" not in wizard.keys
        await wizard.press("escape")
        assert wizard.place != REVIEW
