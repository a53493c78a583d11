"""What still arrives while the wizard is being left does no harm."""

import pytest
from textual import events

from support.wizard_pilot import WizardHarness


@pytest.mark.parametrize("forwarded", [False, True], ids=["from the keyboard", "on its way between widgets"])
async def test_a_key_that_comes_when_the_screens_are_gone_is_dropped(
    harness: WizardHarness, *, forwarded: bool
) -> None:
    async with harness.show() as wizard:
        app = wizard.app
        await wizard.press("ctrl+c", "ctrl+c")
    key = events.Key("x", "x")
    if forwarded:
        key._set_forwarded()
    with app._context():
        await app.on_event(key)
