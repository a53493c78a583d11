"""Somebody who has never seen it before, with a client id of their own: at most seven answers are typed."""

import pytest

from bwtui.credentials import Login
from bwtui.domain.answers import Answer, Answers, Source
from bwtui.domain.secret import Secret
from bwtui.simulator.settings import Settings
from bwtui.tui.places import CONNECT, walk
from support.wizard_pilot import Stage

ACCOUNT, CLIENT, SECRET = "5500123", "CLI-7d1f", "qzx-77-secret"


@pytest.fixture
def stage(stage: Stage) -> Stage:
    """An account with credentials of its own; the machine knows none of it."""
    settings = Settings(account_id=ACCOUNT, client_id=CLIENT, client_secret=SECRET, order_seconds=0)
    return Stage(folder=stage.folder, settings=settings)


async def test_at_most_seven_answers_are_typed_from_welcome_to_done(stage: Stage) -> None:
    typed: list[str] = []
    async with stage.show() as show:

        async def answer(text: str) -> None:
            typed.append(text)
            await show.press(*text)

        while show.focused != "setup.callback_base_url":
            await show.press("enter")
        await answer("https://hooks.acme.io")
        await show.press("enter")
        assert show.place == "connect"
        for text in (CLIENT, SECRET, ACCOUNT):
            await answer(text)
            await show.press("enter")
        await show.press("enter")
        assert show.says("✓ Connected to Demo Company."), show.text
        for place in walk(show.workflow.draft.answers)[2:-3]:
            await show.press_shown("Next")
            assert show.place == place
            if place == "number":
                await show.press("tab")
                assert show.focused == "number.area_code"
                await answer("919")
        await show.press_shown("Next")
        assert show.place == "review"
        assert show.says("9 of 9 actions write to the account."), show.text
        await show.press_shown("Next")
        await show.press("y")
        await show.press("y")
        assert show.place == "done", show.text
        assert len(typed) <= 7
        assert SECRET not in show.text
    state = await stage.state()
    assert (len(state["sites"]), len(state["sippeers"]), len(state["applications"])) == (1, 1, 2)
    assert len(state["orders"]) == 1
    assert state["sites"][0]["address"]["City"] == "RALEIGH", "the account's own address"
    assert [application["fields"].get("MsgCallbackUrl") for application in state["applications"]] == [
        "https://hooks.acme.io/callbacks",
        None,
    ]


async def test_with_credentials_in_the_environment_one_has_to_say_even_less(stage: Stage) -> None:
    stage.login = Login(oauth=True, user=CLIENT, secret=Secret(SECRET))
    async with stage.show() as show:
        await show.press_shown("Next")
        assert show.says(f"Found and used: credentials of {CLIENT}. Testing them changes nothing.")
        assert show.focused == "account.account_id", "all that is missing"
        await show.press(*ACCOUNT, "enter", "enter")
        assert show.says("✓ Connected to Demo Company."), show.text
        assert SECRET not in show.text


async def test_what_the_environment_says_of_the_account_is_used_and_told(stage: Stage) -> None:
    stage.login = Login(oauth=True, user=CLIENT, secret=Secret(SECRET))
    given = {
        "account.account_id": Answer("9900000", Source.ENVIRONMENT),
        "account.base_url": Answer("http://127.0.0.1:8080/api", Source.ENVIRONMENT),
    }
    async with stage.show(answers=Answers(given), at=CONNECT) as show:
        assert show.says(
            f"Found and used: credentials of {CLIENT}, account id 9900000, base URL http://127.0.0.1:8080/api."
        )
        assert SECRET not in show.text
