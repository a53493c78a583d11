"""Connect: who is asking and for which account; a test of both that changes nothing, and its refusals in words."""

import asyncio
from dataclasses import replace

import httpx
import pytest

from bwtui.domain.secret import Secret
from bwtui.simulator.settings import Settings
from support.apply_screen import Gate, connected
from support.guide import guide_answers
from support.wizard_pilot import LOGIN, Stage
from support.write_faults import fault

ANSWERS = guide_answers()


async def test_oauth2_comes_first_and_basic_says_when_it_ends(stage: Stage) -> None:
    async with stage.show(at="connect") as show:
        assert show.says("Sign in with * (•) OAuth2 ( ) Basic")
        await show.enter("login.way")
        assert show.says("HTTP Basic ends on 2026-12-02")
        await show.choose("login.way", "Basic")
        assert show.says("Sign in with * ( ) OAuth2 (•) Basic")


@pytest.mark.parametrize("way", ["OAuth2", "Basic"])
async def test_both_ways_to_sign_in_look_at_the_account_and_change_nothing(stage: Stage, way: str) -> None:
    async with stage.show(at="connect", answers=ANSWERS) as show:
        await show.choose("login.way", way)
        await show.type("login.user", "demo")
        await show.type("login.secret", "demo-secret")
        await show.press("enter", "enter", "enter")
        assert show.says("✓ Connected to Demo Company. There: 0 sub-accounts, 0 messaging applications"), (
            show.text
        )
        assert show.lines[0].rstrip().endswith("account 9900000 Demo Company")
        assert "[ Go on ]" in show.text
        assert await stage.writes() == []
        tokens = [entry for entry in await stage.log() if entry["path"].endswith("/oauth2/token")]
        assert len(tokens) == (way == "OAuth2")
        await show.press("enter")
        assert show.place == "site"


async def refused(stage: Stage, *, account_id: str = "9900000", secret: str = "demo-secret") -> str:
    """What is said where the test of the connection fails."""
    async with stage.show(at="connect", answers=guide_answers(account_id)) as show:
        await show.type("login.user", "demo")
        await show.type("login.secret", secret)
        await show.press("enter", "enter", "enter")
        assert not show.workflow.is_connected
        outcome = " ".join(show.shown(show.screen.query_one("#outcome")).split())
        assert outcome.startswith("! ")
        assert "[ Test connection ]" in show.text
        return outcome


async def test_a_wrong_secret_is_told_without_repeating_it(stage: Stage) -> None:
    said = await refused(stage, secret="qzx-not-this-one")
    assert "qzx" not in said
    assert "Nothing was" in said
    assert "Check the client id and its secret" in said
    assert "BW_" not in said
    assert "--" not in said, "who sits at a screen is told of fields, not of a command line"


@pytest.mark.parametrize(
    ("account_id", "secret", "field"),
    [("9900000", "wrong", "login.secret"), ("1234567", "demo-secret", "account.account_id")],
)
async def test_a_refusal_leads_to_the_field_that_is_most_likely_wrong(
    stage: Stage, account_id: str, secret: str, field: str
) -> None:
    async with stage.show(at="connect", answers=guide_answers(account_id)) as show:
        await show.type("login.user", "demo")
        await show.type("login.secret", secret)
        await show.press("enter", "enter", "enter")
        before = show.workflow.draft.answers.base_url
        assert show.focused == field, show.text
        await show.press("2")
        assert show.workflow.draft.answers.base_url == before


async def test_an_account_that_is_not_there_is_told(stage: Stage) -> None:
    assert "account id" in (await refused(stage, account_id="1234567")).casefold()


async def test_an_account_that_these_credentials_do_not_cover_is_told(stage: Stage) -> None:
    stage = Stage(folder=stage.folder, settings=Settings(foreign_accounts={"7654321"}))
    assert "The credentials are right, but not for this account." in await refused(
        stage, account_id="7654321"
    )


async def test_no_answer_is_told_and_can_be_tried_again(stage: Stage) -> None:
    stage.login = LOGIN
    stage.fail(fault("answer", status=503, times=0))
    async with stage.show(at="connect", answers=ANSWERS) as show:
        await show.press("enter")
        assert show.says("! "), show.text
        assert not show.workflow.is_connected
        stage.fail("")
        show.screen.query_one("#test").focus()
        await show.press("enter")
        assert show.says("✓ Connected to Demo Company.")
        assert "! " not in show.text


async def test_what_is_missing_is_gone_to_before_anything_is_sent(stage: Stage) -> None:
    async with stage.show(at="connect") as show:
        show.screen.query_one("#test").focus()
        await show.press("enter")
        assert show.focused == "login.user"
        for key in ("login.user", "login.secret", "account.account_id"):
            assert "needed" in show.said_at(key)
        assert await stage.log() == []


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("account.account_id", "9900001"),
        ("login.user", "else"),
        ("login.secret", "x"),
        ("account.base_url", "https://test.api.bandwidth.com/api"),
    ],
)
async def test_somebody_or_something_else_has_to_be_tested_anew(stage: Stage, key: str, value: str) -> None:
    async with connected(stage, at="connect") as show:
        assert "[ Go on ]" in show.text
        await show.type(key, value)
        assert "[ Test connection ]" in show.text
        assert "✓ Connected" not in show.text
        assert "Demo Company" not in show.text
        await show.go("review")
        assert show.says("! Connect: Connect and test the connection")


async def test_while_it_looks_one_can_type_and_go_on(stage: Stage) -> None:
    stage.login = LOGIN
    gate = Gate(stage, "GET", "/products")
    async with stage.show(at="connect", answers=ANSWERS) as show:
        show.send("enter")
        await show.until(lambda: gate.held, "the look")
        show.send("ctrl+n", "shift+tab")
        await show.until(lambda: show.place == "site", "the next screen")
        gate.open()
        await show.until(lambda: show.workflow.is_connected, "the connection")
        await show.settled()
        assert show.place == "site"
        assert show.says("use one that is there")


async def test_the_environment_decides_the_address(stage: Stage) -> None:
    async with stage.show(at="connect", answers=ANSWERS) as show:
        await show.choose("account.environment", "classic")
        await show.type("login.user", "demo")
        await show.type("login.secret", "demo-secret")
        await show.press("enter", "enter", "enter")
        assert show.workflow.is_connected
        hosts = {
            httpx.URL(exchange.url).host for exchange in show.workflow.exchanges if exchange.method == "GET"
        }
        assert hosts == {"dashboard.bandwidth.com"}


async def test_while_it_is_tested_once_more_enter_tests_nothing_twice(stage: Stage) -> None:
    gate = Gate(stage, "POST", "/oauth2/token")
    stage.login = LOGIN
    async with stage.show(at="connect", answers=ANSWERS) as show:
        show.send("enter", "enter")
        await show.until(lambda: gate.held, "a test")
        show.send("enter", "enter")
        await show.until(lambda: show.app.is_quiet, "that the keys are taken")
        gate.open()
        await show.until(lambda: show.workflow.is_connected, "the end of the test")
    assert len([entry for entry in await stage.log() if entry["path"].endswith("/oauth2/token")]) == 1


async def test_a_test_that_another_takes_the_place_of_closes_nothing_of_its(stage: Stage) -> None:
    stage.login = replace(LOGIN, secret=Secret("not-this-one"))
    async with stage.show(at="connect", answers=ANSWERS) as show:
        workflow = show.workflow
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
