"""Connect: who is asking and for which account; a test of both that changes nothing, and its refusals in words."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from bwtui.domain.secret import Secret
from bwtui.simulator.settings import Settings
from support.apply_screen import Gate, connected
from support.guide import guide_answers
from support.wizard_pilot import LOGIN, WizardHarness
from support.write_faults import fault

ANSWERS = guide_answers()


async def test_oauth2_comes_first_and_basic_says_when_it_ends(harness: WizardHarness) -> None:
    async with harness.show(at="connect") as wizard:
        assert wizard.says("Sign in with * (•) OAuth2 ( ) Basic")
        await wizard.enter("login.way")
        assert wizard.says("HTTP Basic ends on 2026-12-02")
        await wizard.choose("login.way", "Basic")
        assert wizard.says("Sign in with * ( ) OAuth2 (•) Basic")


@pytest.mark.parametrize("way", ["OAuth2", "Basic"])
async def test_both_ways_to_sign_in_look_at_the_account_and_change_nothing(
    harness: WizardHarness, way: str
) -> None:
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        await wizard.choose("login.way", way)
        await wizard.type("login.user", "demo")
        await wizard.type("login.secret", "demo-secret")
        await wizard.press("enter", "enter", "enter")
        assert wizard.says("✓ Connected to Demo Company. There: 0 sub-accounts, 0 messaging applications"), (
            wizard.text
        )
        assert wizard.lines[0].rstrip().endswith("account 9900000 Demo Company at api.bandwidth.com")
        assert "[ Next ]" in wizard.text
        assert await harness.writes() == []
        tokens = [entry for entry in await harness.log() if entry["path"].endswith("/oauth2/token")]
        assert len(tokens) == (way == "OAuth2")
        await wizard.press("enter")
        assert wizard.place == "site"


async def refused(harness: WizardHarness, *, account_id: str = "9900000", secret: str = "demo-secret") -> str:
    """Return the message that is shown if the test of the connection fails."""
    async with harness.show(at="connect", answers=guide_answers(account_id)) as wizard:
        await wizard.type("login.user", "demo")
        await wizard.type("login.secret", secret)
        await wizard.press("enter", "enter", "enter")
        assert not wizard.workflow.is_connected
        outcome = " ".join(wizard.shown(wizard.screen.query_one("#outcome")).split())
        assert outcome.startswith("! ")
        assert "[ Test connection ]" in wizard.text
        return outcome


async def test_a_wrong_secret_is_told_without_repeating_it(harness: WizardHarness) -> None:
    said = await refused(harness, secret="qzx-not-this-one")
    assert "qzx" not in said
    assert "Nothing was" in said
    assert "Check the client ID and its secret" in said
    assert "BW_" not in said
    assert "--" not in said, "who sits at a screen is told of fields, not of a command line"


@pytest.mark.parametrize(
    ("account_id", "secret", "field"),
    [("9900000", "wrong", "login.secret"), ("1234567", "demo-secret", "account.account_id")],
)
async def test_a_refusal_leads_to_the_field_that_is_most_likely_wrong(
    harness: WizardHarness, account_id: str, secret: str, field: str
) -> None:
    async with harness.show(at="connect", answers=guide_answers(account_id)) as wizard:
        await wizard.type("login.user", "demo")
        await wizard.type("login.secret", secret)
        await wizard.press("enter", "enter", "enter")
        before = wizard.workflow.draft.answers.base_url
        assert wizard.focused == field, wizard.text
        await wizard.press("2")
        assert wizard.workflow.draft.answers.base_url == before


async def test_an_account_that_is_not_there_is_told(harness: WizardHarness) -> None:
    assert "account id" in (await refused(harness, account_id="1234567")).casefold()


async def test_an_account_that_these_credentials_do_not_cover_is_told(harness: WizardHarness) -> None:
    harness = WizardHarness(folder=harness.folder, settings=Settings(foreign_accounts={"7654321"}))
    assert "The credentials are right, but not for this account." in await refused(
        harness, account_id="7654321"
    )


async def test_no_answer_is_told_and_can_be_tried_again(harness: WizardHarness) -> None:
    harness.login = LOGIN
    harness.fail(fault("answer", status=503, times=0))
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        await wizard.press("enter")
        assert wizard.says("! "), wizard.text
        assert not wizard.workflow.is_connected
        harness.fail("")
        wizard.screen.query_one("#test").focus()
        await wizard.press("enter")
        assert wizard.says("✓ Connected to Demo Company.")
        assert "! " not in wizard.text


async def test_the_focus_goes_to_a_missing_answer_before_anything_is_sent(harness: WizardHarness) -> None:
    async with harness.show(at="connect") as wizard:
        wizard.screen.query_one("#test").focus()
        await wizard.press("enter")
        assert wizard.focused == "login.user"
        for key in ("login.user", "login.secret", "account.account_id"):
            assert "needed" in wizard.said_at(key)
        assert await harness.log() == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("account.account_id", "9900001"),
        ("login.user", "else"),
        ("login.secret", "x"),
        ("account.base_url", "https://test.api.bandwidth.com/api"),
    ],
)
async def test_another_user_or_account_has_to_be_tested_anew(
    harness: WizardHarness, key: str, value: str
) -> None:
    async with connected(harness, at="connect") as wizard:
        assert "[ Next ]" in wizard.text
        await wizard.type(key, value)
        assert "[ Test connection ]" in wizard.text
        assert "✓ Connected" not in wizard.text
        assert "Demo Company" not in wizard.text
        await wizard.go("review")
        assert wizard.says("! Connect: Connect and test the connection")


async def test_while_it_looks_one_can_type_and_go_on(harness: WizardHarness) -> None:
    harness.login = LOGIN
    gate = Gate(harness, "GET", "/products")
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        wizard.send("enter")
        await wizard.until(lambda: gate.held, "the look")
        wizard.send("ctrl+g", *"sub-account", "enter", "shift+tab")
        await wizard.until(lambda: wizard.place == "site", "the next screen")
        gate.open()
        await wizard.until(lambda: wizard.workflow.is_connected, "the connection")
        await wizard.settled()
        assert wizard.place == "site"
        assert wizard.says("use an existing one")


async def test_the_environment_decides_the_address(harness: WizardHarness) -> None:
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        await wizard.choose("account.environment", "classic")
        await wizard.type("login.user", "demo")
        await wizard.type("login.secret", "demo-secret")
        await wizard.press("enter", "enter", "enter")
        assert wizard.workflow.is_connected
        hosts = {
            httpx.URL(exchange.url).host for exchange in wizard.workflow.exchanges if exchange.method == "GET"
        }
        assert hosts == {"dashboard.bandwidth.com"}


async def test_while_it_is_tested_once_more_enter_tests_nothing_twice(harness: WizardHarness) -> None:
    gate = Gate(harness, "POST", "/oauth2/token")
    harness.login = LOGIN
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        wizard.send("enter", "enter")
        await wizard.until(lambda: gate.held, "a test")
        wizard.send("enter", "enter")
        await wizard.until(lambda: wizard.app.is_quiet, "that the keys are taken")
        gate.open()
        await wizard.until(lambda: wizard.workflow.is_connected, "the end of the test")
    assert len([entry for entry in await harness.log() if entry["path"].endswith("/oauth2/token")]) == 1


async def test_a_test_that_another_takes_the_place_of_closes_nothing_of_its(harness: WizardHarness) -> None:
    harness.login = replace(LOGIN, secret=Secret("not-this-one"))
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        workflow = wizard.workflow
        for moments in range(60):
            workflow.sign_in.secret = Secret("not-this-one")
            first = asyncio.create_task(workflow.connect())
            for _ in range(moments):
                await asyncio.sleep(0)
            first.cancel()
            workflow.sign_in.secret = LOGIN.secret
            await workflow.connect()
            assert workflow.is_connected, f"after {moments} moments: {workflow.problem}"
            workflow.locations = {}
            await workflow.look()
            assert workflow.plan, f"after {moments} moments: {workflow.problem}"


async def test_credentials_are_called_by_the_way_of_signing_in(harness: WizardHarness) -> None:
    def label(key: str) -> str:
        return wizard.shown(wizard.field(key).label).strip("▌▸ *").split(" *")[0]

    async with harness.show(at="connect") as wizard:
        assert (label("login.user"), label("login.secret")) == ("Client ID", "Client secret")
        await wizard.choose("login.way", "Basic")
        assert (label("login.user"), label("login.secret")) == ("User name", "Password")
        await wizard.enter("login.user")
        assert wizard.says("The name of your API user")
        assert wizard.says("e.g. api-user")
        await wizard.choose("login.way", "OAuth2")
        assert (label("login.user"), label("login.secret")) == ("Client ID", "Client secret")
        await wizard.enter("login.user")
        assert wizard.says("The ID of your OAuth2 client")
