"""Enter goes on: nothing but Enter from Welcome to Done in the demo, and up to the question about money in earnest."""

import pytest

from bwtui.cli.commands.demo import DemoHost, Simulated, example_answers
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.run import RunState
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from bwtui.simulator.snapshot import snapshot
from bwtui.tui.app import WizardApp
from bwtui.tui.draft import Draft
from bwtui.tui.places import DONE, REVIEW, WELCOME, walk
from bwtui.tui.widgets.button import LineButton
from bwtui.tui.workflow import Workflow
from support.apply_screen import is_asked_for_money
from support.guide import guide_answers
from support.wizard_pilot import LOGIN, ShownWizard, WizardHarness

MOST = 40
"""Far more than the walk has screens."""


async def enter(wizard: ShownWizard) -> None:
    """Press Enter, and wait for all that it brings about."""
    await wizard.press("enter")
    await wizard.until(lambda: wizard.app.focused is not None, "something to press Enter on")


async def test_in_the_demo_enter_alone_leads_from_welcome_to_done() -> None:
    await _only_enter((80, 24))


@pytest.mark.parametrize("size", [(40, 12), (120, 40)], ids=["40x12", "120x40"])
async def test_also_on_a_small_and_on_a_large_terminal(size: tuple[int, int]) -> None:
    await _only_enter(size)


async def _only_enter(size: tuple[int, int]) -> None:
    simulator = RunningSimulator(Settings(order_seconds=0))
    with Simulated(lambda: simulator) as simulated:
        simulated.base_url()
        workflow = Workflow(DemoHost(simulated), Draft(example_answers(), RunState()), Bookmark())
        app = WizardApp(workflow, WELCOME)
        async with app.run_test(size=size):
            wizard = ShownWizard(app, workflow)
            await wizard.settled()
            seen = [wizard.place]
            for _ in range(MOST):
                if wizard.place == DONE:
                    break
                pressed = app.focused
                assert not isinstance(pressed, LineButton) or "▸ [" in wizard.text, wizard.text
                await enter(wizard)
                seen.append(wizard.place)
            assert list(dict.fromkeys(seen)) == [
                place for place in walk(workflow.draft.answers) if place in seen
            ]
            assert (wizard.place, workflow.is_proven) == (DONE, True), wizard.text
        assert len(snapshot(simulator.account)["orders"]) == 1
        assert len(seen) <= 24, "about one Enter a screen"


async def test_in_earnest_enter_leads_to_the_question_about_money_and_answers_it_with_no(
    harness: WizardHarness,
) -> None:
    harness.login = LOGIN
    async with harness.show(answers=guide_answers(), at=WELCOME) as wizard:
        for _ in range(MOST):
            if is_asked_for_money(wizard):
                break
            await enter(wizard)
        assert wizard.place == REVIEW
        assert not await harness.writes(), "nothing is written before the question is answered"
        await wizard.press("enter")
        assert not (await harness.state())["orders"], "no is the default"


async def test_the_demo_uses_the_server_that_is_named_and_refuses_another_client() -> None:
    simulator = RunningSimulator(Settings(order_seconds=0))
    with Simulated(lambda: simulator) as simulated:
        workflow = Workflow(DemoHost(simulated), Draft(example_answers(), RunState()), Bookmark())
        app = WizardApp(workflow, WELCOME)
        async with app.run_test(size=(80, 24)):
            wizard = ShownWizard(app, workflow)
            await wizard.type("setup.callback_base_url", "https://hooks.acme.io")
            assert wizard.answer("messaging_app.callback_url") == "https://hooks.acme.io/callbacks"
            await wizard.go("connect")
            await wizard.type("login.user", "somebody")
            await wizard.press("ctrl+n")
            assert (wizard.place, workflow.is_connected) == ("connect", False)
            await wizard.type("login.user", "demo")
            await wizard.press("ctrl+n")
            assert workflow.is_connected


async def test_the_hint_that_enter_goes_on_leaves_with_the_focus(harness: WizardHarness) -> None:
    async with harness.show(answers=guide_answers(), at="site") as wizard:
        assert wizard.says("Enter goes on.")
        await wizard.press("up")
        assert not wizard.says("Enter goes on.")
