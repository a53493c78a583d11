"""A secret is never read: not on any screen, in any file, nor in what the program says of itself."""

import pytest

from bwtui.simulator.settings import Settings
from bwtui.tui.places import walk
from support.apply_screen import say_yes
from support.guide import guide_answers
from support.wizard_pilot import ShownWizard, WizardHarness

CANARIES = {
    "login.secret": "canary-one-1",
    "messaging_app.callback_password": "canary-two-2",
    "voice_app.callback_password": "canary-three-3",
}


def assert_unseen(wizard: ShownWizard) -> None:
    pictured = wizard.app.export_screenshot()
    assert "<svg" in pictured
    for canary in CANARIES.values():
        assert canary not in wizard.words.replace(" ", "")
        assert canary not in pictured


@pytest.mark.parametrize("width", [80, 120])
async def test_no_secret_is_seen_on_any_screen_or_written_anywhere(
    harness: WizardHarness, width: int
) -> None:
    settings = Settings(client_secret=CANARIES["login.secret"], order_seconds=0)
    harness = WizardHarness(folder=harness.folder, settings=settings, on_disk=True)
    async with harness.show(
        at="connect", answers=guide_answers()._replace(secrets={}), size=(width, 30)
    ) as wizard:
        await wizard.type("login.user", "demo")
        await wizard.type("login.secret", CANARIES["login.secret"])
        assert wizard.says("•" * len(CANARIES["login.secret"]))
        for _ in range(4):
            await wizard.press("enter")
            assert_unseen(wizard)
        assert wizard.workflow.is_connected, wizard.text
        for place in walk(wizard.workflow.draft.answers)[1:-2]:
            await wizard.go(place)
            key = f"{place}.callback_password"
            if key in CANARIES:
                await wizard.type(key, CANARIES[key])
                assert wizard.says("•" * len(CANARIES[key]))
                assert_unseen(wizard)
                await wizard.press("f1")
                assert_unseen(wizard)
                await wizard.press("escape")
            assert_unseen(wizard)
        for _ in wizard.plan:
            await wizard.press("r")
            assert_unseen(wizard)
            for line in await wizard.read():
                assert "canary" not in line
            await wizard.press("escape", "down")
        await say_yes(wizard)
        assert wizard.place == "done", wizard.text
        assert_unseen(wizard)
        await wizard.go("apply")
        assert not any(
            canary in repr(each) for canary in CANARIES.values() for each in wizard.workflow.exchanges
        )
        told = [
            repr(wizard.workflow.draft.answers),
            repr(wizard.workflow.sign_in),
            *map(repr, wizard.app.workers),
        ]
        assert not any(canary in each for canary in CANARIES.values() for each in told)
    for path in harness.folder.rglob("*"):
        assert not path.is_file() or b"canary" not in path.read_bytes()
