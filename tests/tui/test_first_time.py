"""Somebody who has never seen it before, with a client id of their own: at most seven answers are typed."""

import pytest

from bwtui.credentials import Login
from bwtui.domain.answers.answers import Answer, Answers, Source
from bwtui.domain.values.secret import Secret
from bwtui.simulator.settings import Settings
from bwtui.simulator.switches import Switches
from bwtui.tui.places import CONNECT, walk
from support.wizard_pilot import WizardHarness

ACCOUNT, CLIENT, SECRET = "5500123", "CLI-7d1f", "qzx-77-secret"


@pytest.fixture
def harness(harness: WizardHarness) -> WizardHarness:
    """A harness over an account with credentials of its own, none of which it has been given."""
    settings = Settings(
        account_id=ACCOUNT,
        client_id=CLIENT,
        client_secret=SECRET,
        order_seconds=0,
        switches=Switches(tn_option_seconds=0),
    )
    return WizardHarness(folder=harness.folder, settings=settings)


async def test_at_most_seven_answers_are_typed_from_welcome_to_done(harness: WizardHarness) -> None:
    typed: list[str] = []
    async with harness.show() as wizard:

        async def answer(text: str) -> None:
            typed.append(text)
            await wizard.press(*text)

        while wizard.focused != "setup.callback_base_url":
            await wizard.press("enter")
        await answer("https://hooks.acme.io")
        await wizard.press("enter")
        assert wizard.place == "connect"
        for text in (CLIENT, SECRET, ACCOUNT):
            await answer(text)
            await wizard.press("enter")
        await wizard.press("enter")
        assert wizard.says("✓ Connected to Demo Company."), wizard.text
        for place in walk(wizard.workflow.draft.answers)[2:-3]:
            await wizard.press_shown("Next")
            assert wizard.place == place
            if place == "number":
                assert wizard.focused == "number.area_code"
                await answer("919")
        await wizard.press_shown("Next")
        assert wizard.place == "review"
        assert wizard.says("10 changes to the account (legacy platform)."), wizard.text
        await wizard.press_shown("Apply")
        await wizard.press("y")
        assert wizard.place == "done", wizard.text
        assert len(typed) <= 7
        assert SECRET not in wizard.text
    state = await harness.state()
    assert (len(state["sites"]), len(state["sippeers"]), len(state["applications"])) == (1, 1, 2)
    assert len(state["orders"]) == 1
    assert state["sites"][0]["address"]["City"] == "RALEIGH", "the account's own address"
    assert [application["fields"].get("MsgCallbackUrl") for application in state["applications"]] == [
        "https://hooks.acme.io/callbacks",
        None,
    ]


async def test_with_credentials_in_the_environment_one_has_to_say_even_less(harness: WizardHarness) -> None:
    harness.login = Login(oauth=True, user=CLIENT, secret=Secret(SECRET))
    async with harness.show() as wizard:
        await wizard.press_shown("Next")
        assert wizard.says(f"Found and used: credentials of {CLIENT}. Testing them changes nothing.")
        assert wizard.focused == "account.account_id", "all that is missing"
        await wizard.press(*ACCOUNT, "enter", "enter")
        assert wizard.says("✓ Connected to Demo Company."), wizard.text
        assert SECRET not in wizard.text


async def test_what_the_environment_says_of_the_account_is_used_and_told(harness: WizardHarness) -> None:
    harness.login = Login(oauth=True, user=CLIENT, secret=Secret(SECRET))
    given = {
        "account.account_id": Answer("9900000", Source.ENVIRONMENT),
        "account.base_url": Answer("http://127.0.0.1:8080/api", Source.ENVIRONMENT),
    }
    async with harness.show(answers=Answers(given), at=CONNECT) as wizard:
        assert wizard.says(
            f"Found and used: credentials of {CLIENT}, account ID 9900000, base URL http://127.0.0.1:8080/api."
        )
        assert SECRET not in wizard.text
