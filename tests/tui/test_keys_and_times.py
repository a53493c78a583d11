"""What the last line and the list on Apply say is so: whose keys these are, what waits, and how long something took."""

import pytest

from bwtui.domain.values.documents import Exchange
from bwtui.tui.places import APPLY
from bwtui.tui.screens.apply import ApplyScreen
from support.apply_screen import connected, say_yes
from support.guide import guide_answers
from support.wizard_pilot import WizardHarness


@pytest.mark.parametrize("size", [(80, 24), (40, 12)], ids=["80x24", "40x12"])
async def test_while_a_dialog_is_open_the_last_line_names_its_keys(
    harness: WizardHarness, size: tuple[int, int]
) -> None:
    async with harness.show(answers=guide_answers(), at="site", size=size) as wizard:
        before = wizard.keys
        await wizard.press("ctrl+c")
        assert {"Yes", "No", "Back"} <= set(wizard.keys)
        assert "^N" not in wizard.text, "keys of the screen below"
        await wizard.press_shown("No")
        assert wizard.keys == before


async def test_on_a_small_terminal_every_answer_to_a_question_is_in_sight(harness: WizardHarness) -> None:
    async with connected(harness, size=(40, 12)) as wizard:
        await wizard.press("ctrl+n")
        for label in ("[ Back (n) ]", "[ Apply all $ (y) ]", "[ All but the numbers (w) ]"):
            assert label in wizard.text


async def test_a_time_that_is_over_does_not_grow(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await say_yes(wizard)
        await wizard.go(APPLY)
        screen = wizard.screen
        assert isinstance(screen, ApplyScreen)
        lines = screen._steps.lines
        write = next(each for each in wizard.workflow.exchanges if each.method == "POST")
        assert isinstance(write, Exchange)
        wizard.workflow.exchanges.append(write._replace(method="GET", seconds=9.0))
        screen.refresh_content()
        assert screen._steps.lines == lines, "reading back is no part of what was done"


async def test_the_palette_says_how_many_match(harness: WizardHarness) -> None:
    async with harness.show(answers=guide_answers(), at="site") as wizard:
        await wizard.press("ctrl+g", *"location to do")
        assert wizard.says("1 of ")
        assert "▸ ○ Location" in wizard.text
        await wizard.press(*"zzz")
        assert wizard.says("none of ")
