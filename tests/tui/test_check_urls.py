"""The callback URLs can be tried where they are asked; what comes of it is said, and keeps nobody from going on."""

from bwtui.domain.catalog import MESSAGING_APP, VOICE_APP
from support.apply_screen import connected
from support.guide import guide_answers
from support.wizard_pilot import WizardHarness

HERE = guide_answers(
    messaging_app__callback_url="https://127.0.0.1:9/callbacks",
    voice_app__call_initiated_url="https://127.0.0.1:9/init",
    voice_app__call_status_url="https://127.0.0.1:9/init",
)


async def test_a_callback_url_is_tried_by_its_key_and_the_outcome_stands_on_the_screen(
    harness: WizardHarness,
) -> None:
    for place in (MESSAGING_APP.key, VOICE_APP.key):
        async with connected(harness, HERE, at=place) as wizard:
            assert "^R" in wizard.words
            await wizard.press("ctrl+r")
            await wizard.until(lambda: "? 127.0.0.1" in wizard.text)
            await wizard.press("ctrl+n")
            assert wizard.place != place


async def test_no_other_step_has_the_key(harness: WizardHarness) -> None:
    async with connected(harness, HERE, at="number") as wizard:
        assert "Check URLs" not in wizard.words
