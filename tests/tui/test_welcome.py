"""Welcome: what is wanted, from where callbacks are made, how long it takes, and what was begun before."""

from bwtui.domain.answers.answers import Answers
from bwtui.domain.runs.run import RunState
from bwtui.domain.walk.walk_text import saved_progress
from bwtui.tui.places import CONNECT
from bwtui.tui.widgets.button import LineButton
from support.apply_screen import connected, say_yes
from support.guide import guide_answers
from support.wizard_pilot import WizardHarness


async def test_what_can_be_chosen_is_in_sight_on_a_tiny_terminal(harness: WizardHarness) -> None:
    async with connected(harness, guide_answers(), at="connect", size=(40, 12)) as wizard:
        await wizard.go("welcome")
        assert "Text messages" in wizard.text
        assert "▸ [ Continue ]" in wizard.text
        await wizard.resize(40, 24)
        columns = {
            line.find(text) for line in wizard.lines for text in ("Your server", "[x] Text") if text in line
        }
        assert len(columns) == 1, wizard.text


async def test_it_says_what_it_sets_up_how_long_it_takes_and_that_nothing_is_written_yet(
    harness: WizardHarness,
) -> None:
    async with harness.show() as wizard:
        assert wizard.says("Set up Bandwidth for calls and texts: about 4 minutes, 10 or 11 steps.")
        assert wizard.says("[ Start ] Nothing is written before you say yes.")
        assert wizard.says("[x] Phone number $ costs money")
        assert wizard.focused == "setup.callback_base_url", "the one thing that has no default"


async def test_a_tick_that_is_taken_away_leaves_its_steps_out_and_is_counted_at_once(
    harness: WizardHarness,
) -> None:
    async with harness.show() as wizard:
        await wizard.enter("setup.voice")
        await wizard.press("space")
        assert wizard.says("[ ] Voice calls")
        assert wizard.says("about 3 minutes, 8 or 9 steps.")
        assert not {"voice_app", "voice_link"} & set(wizard.rail)
        await wizard.press("right")
        assert wizard.says("[x] Voice calls")
        assert wizard.answer("setup.voice") == "true"


async def test_the_ticks_follow_the_saved_answers(harness: WizardHarness) -> None:
    async with harness.show() as wizard:
        await wizard.choose("setup.number", "false")
        await wizard.type("setup.callback_base_url", "hooks.acme.io")
        await wizard.press("enter")
        assert wizard.place == CONNECT
    async with harness.show(at="welcome") as wizard:
        assert wizard.says("[x] Voice calls")
        assert wizard.says("[ ] Phone number")
        assert wizard.answer("messaging_app.callback_url") == "https://hooks.acme.io/callbacks"
        assert wizard.answer("voice_app.call_initiated_url") == "https://hooks.acme.io/callbacks/init"


async def test_with_saved_progress_one_continues_or_starts_over(harness: WizardHarness) -> None:
    async with connected(harness) as wizard:
        await say_yes(wizard)
        await wizard.go("welcome")
        assert wizard.says("[ Continue ] [ Start over ]")
        assert wizard.app.focused is wizard.screen.query_one("#next", LineButton)


async def test_it_is_all_in_sight_on_a_small_terminal(harness: WizardHarness) -> None:
    async with harness.show(size=(40, 12)) as wizard:
        for told in ("[x] Text messages", "[x] Phone number $ costs money", "Your server", "[ Start ]"):
            assert wizard.says(told), wizard.text


def test_in_the_demo_nothing_is_said_to_be_saved() -> None:
    told = saved_progress(Answers(), RunState(), is_begun=True, is_demo=True)
    assert told == "Your answers are as you left them."
