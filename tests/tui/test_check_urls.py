"""The callback URLs can be tried where they are asked; what comes of it is said, and keeps nobody from going on."""

import pytest

from bwtui.domain.callbacks.callback_check import CallbackUrl, Fine
from bwtui.domain.catalog import MESSAGING_APP, VOICE_APP
from bwtui.tui.screens.dialogs import ConfirmApply
from support.apply_screen import asked, connected
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


GUARDED = guide_answers(
    messaging_app__callback_url="https://server.example.dev/callbacks",
    voice_app__call_initiated_url="https://server.example.dev/init",
    voice_app__call_status_url="https://server.example.dev/init",
)


@pytest.fixture
def tried(monkeypatch: pytest.MonkeyPatch) -> list[CallbackUrl]:
    """What was tried, of a server that asks for the credentials and accepts them."""
    seen: list[CallbackUrl] = []

    async def check(callback: CallbackUrl, **_: object) -> Fine:
        seen.append(callback)
        return Fine("server.example.dev", untried=not callback.password, accepted=bool(callback.password))

    monkeypatch.setattr("bwtui.api.callback_check.check_callback", check)
    return seen


async def test_the_password_is_sent_only_after_a_yes_that_names_the_host(
    harness: WizardHarness, tried: list[CallbackUrl]
) -> None:
    async with connected(harness, GUARDED, at=MESSAGING_APP.key) as wizard:
        for key, sent in (("n", False), ("escape", False), ("enter", False), ("y", True)):
            await wizard.press("ctrl+r")
            await wizard.until(lambda: isinstance(wizard.app.screen, ConfirmApply), "the question")
            assert "server.example.dev" in asked(wizard)
            assert not tried[-1].password
            await wizard.press(key)
            assert bool(tried[-1].password) is sent
        await wizard.until(lambda: "accepts them" in " ".join(wizard.text.split()), "the outcome")


async def test_another_password_or_url_is_not_what_was_checked(
    harness: WizardHarness, tried: list[CallbackUrl]
) -> None:
    async with connected(harness, GUARDED, at=MESSAGING_APP.key) as wizard:
        await wizard.press("ctrl+r")
        await wizard.press("y")
        assert tried[-1].password
        draft, checked = wizard.workflow.draft, wizard.workflow.callbacks
        assert checked.hint(draft.answers) == "1 callback URL was not checked."
        draft.keep_secret("messaging_app.callback_password", "another")
        assert checked.hint(draft.answers) == "2 callback URLs were not checked."


async def test_review_says_what_was_not_checked_and_what_is_doubtful(harness: WizardHarness) -> None:
    async with connected(harness, HERE) as wizard:
        assert wizard.says("2 callback URLs were not checked: H checks them.")
        await wizard.press("h")
        await wizard.until(lambda: wizard.says("? Callback URL: 127.0.0.1 "), "what is doubtful, in words")
        assert not wizard.says("not checked")
