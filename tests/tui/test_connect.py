"""Connect: who is asking and for which account; a test of both that changes nothing, and its refusals in words."""

import asyncio
from datetime import date
from typing import Any

import httpx
import pytest

from bwtui.api.client import Clock
from bwtui.credentials import Login
from bwtui.domain.answers.answers import Answer, Answers, Source
from bwtui.domain.values.secret import Secret
from bwtui.simulator.settings import Settings
from bwtui.tui.widgets.spinner import Spinner
from support.apply_screen import Gate, connected
from support.days import BEFORE, LONG_AFTER, ON_THE_DAY, noon
from support.guide import guide_answers
from support.wizard_pilot import LOGIN, ShownWizard, WizardHarness
from support.write_faults import fault

ANSWERS = guide_answers()


def on(harness: WizardHarness, day: date) -> WizardHarness:
    """Let the wizard and the client work on a day."""
    harness.clock = Clock(wall=lambda: noon(day))
    return harness


async def test_oauth2_is_asked_for_and_another_way_is_folded_away(harness: WizardHarness) -> None:
    async with harness.show(at="connect") as wizard:
        assert wizard.focused == "login.user"
        assert wizard.says("Client ID * ")
        assert wizard.says(" optional: Sign in with, Base URL")
        assert "Basic" not in wizard.text
        await wizard.choose("login.way", "Basic")
        assert wizard.says("Sign in with ( ) OAuth2 (•) Basic")


async def test_the_title_names_no_account_that_cannot_be_one(harness: WizardHarness) -> None:
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        assert "account 9900000" in wizard.lines[0]
        await wizard.type("account.account_id", "wrongsecret")
        assert "account" not in wizard.lines[0], wizard.lines[0]


async def test_nothing_is_still_looked_at_once_the_outcome_is_told(harness: WizardHarness) -> None:
    harness.login = LOGIN
    gate = Gate(harness, "GET", "")
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        wizard.send("enter")
        await wizard.until(lambda: wizard.says("s Looking at the account"), "what is being read")
        gate.open()
        await wizard.until(lambda: wizard.says("✓ Connected"), "the outcome")
        assert not wizard.screen.query_one(Spinner).display, wizard.text


async def test_a_way_that_was_used_last_is_in_sight(harness: WizardHarness) -> None:
    harness.login = Login(oauth=False, user="demo", secret=Secret("demo-secret"))
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        assert wizard.says("Sign in with ( ) OAuth2 (•) Basic")
        assert wizard.says(" optional: Base URL")


@pytest.mark.parametrize(
    ("day", "told"),
    [
        (
            BEFORE,
            "HTTP Basic ends on 2 December 2026: api.bandwidth.com then refuses user names and passwords.",
        ),
        (
            ON_THE_DAY,
            "HTTP Basic ended on 2 December 2026: api.bandwidth.com refuses user names and passwords.",
        ),
        (
            LONG_AFTER,
            "HTTP Basic ended on 2 December 2026: api.bandwidth.com refuses user names and passwords.",
        ),
    ],
)
async def test_basic_says_by_the_day_why_it_may_not_work_at_bandwidth(
    harness: WizardHarness, day: date, told: str
) -> None:
    async with on(harness, day).show(at="connect", answers=ANSWERS) as wizard:
        await wizard.enter("login.way")
        assert wizard.says(told), "before it is chosen"
        await wizard.choose("login.way", "Basic")
        assert wizard.said_at("login.way") == f"? {told} Use an OAuth2 client."
        assert wizard.words.count("HTTP Basic") == 1, "it is said once"
        await wizard.choose("account.environment", "test")
        assert "test.api.bandwidth.com" in wizard.said_at("login.way")
        await wizard.choose("login.way", "OAuth2")
        assert wizard.said_at("login.way") == ""


async def test_elsewhere_basic_is_as_good_as_any(harness: WizardHarness) -> None:
    async with on(harness, LONG_AFTER).show(at="connect", answers=ANSWERS) as wizard:
        await wizard.type("account.base_url", "http://127.0.0.1:8080/api")
        await wizard.choose("login.way", "Basic")
        assert "HTTP Basic" not in wizard.text
        assert wizard.said_at("login.way") == ""


@pytest.mark.parametrize("way", ["OAuth2", "Basic"])
async def test_both_ways_to_sign_in_look_at_the_account_and_change_nothing(
    harness: WizardHarness, way: str
) -> None:
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        if way == "Basic":
            await wizard.choose("login.way", way)
        await wizard.type("login.user", "demo")
        await wizard.type("login.secret", "demo-secret")
        await press_test(wizard)
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


async def press_test(wizard: ShownWizard) -> None:
    wizard.screen.query_one("#test").focus()
    await wizard.press("enter")


@pytest.mark.parametrize("size", [(40, 12), (80, 24)], ids=["40x12", "80x24"])
async def test_what_the_test_found_is_in_sight_with_the_button_that_goes_on(
    harness: WizardHarness, size: tuple[int, int]
) -> None:
    harness.login = LOGIN
    async with harness.show(at="connect", answers=ANSWERS, size=size) as wizard:
        await wizard.press("enter")
        assert wizard.workflow.is_connected
        assert wizard.says("✓ Connected to Demo Company.")
        assert "▸ [ Next ]" in wizard.text


async def test_why_the_test_failed_is_in_sight_on_a_tiny_terminal(harness: WizardHarness) -> None:
    harness.login = Login(oauth=True, user="demo", secret=Secret("nope"))
    async with harness.show(at="connect", answers=ANSWERS, size=(40, 12)) as wizard:
        await wizard.press("enter")
        assert wizard.says(
            "! Bandwidth does not accept the client ID and its secret: one of the two is wrong"
        )
        assert wizard.focused == "login.secret"
        assert "▌ Client secret" in wizard.text


@pytest.mark.parametrize(
    ("day", "first", "field"),
    [
        (BEFORE, "! Bandwidth does not accept the user name and the password.", "login.secret"),
        (ON_THE_DAY, "! HTTP Basic ended on 2 December 2026:", "login.way"),
        (LONG_AFTER, "! HTTP Basic ended on 2 December 2026:", "login.way"),
    ],
)
async def test_a_refused_api_user_is_told_of_the_end_of_basic_and_led_to_the_way_out(
    harness: WizardHarness, day: date, first: str, field: str
) -> None:
    harness.login = Login(oauth=False, user="demo", secret=Secret("expired"))
    async with on(harness, day).show(at="connect", answers=ANSWERS, size=(80, 40)) as wizard:
        await press_test(wizard)
        said = " ".join(wizard.shown(wizard.screen.query_one("#outcome")).split())
        assert said.startswith(first)
        assert "on 2 December 2026" in said
        assert "Account > API Credentials > Create" in said
        assert "choose OAuth2 (Connect: Sign in with)" in said
        assert "BW_" not in said
        assert wizard.focused == field


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
    told = await refused(harness, account_id="7654321")
    assert told.startswith("! These credentials are for account 9900000, not for 7654321.")


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
        for key in ("login.user", "login.secret"):
            assert "needed" in wizard.said_at(key)
        assert wizard.said_at("account.account_id") == "", "the token may name it"
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


async def test_a_base_url_of_ones_own_is_in_sight_and_no_environment_is_chosen_beside_it(
    harness: WizardHarness,
) -> None:
    url = "http://127.0.0.1:8080/api"
    found = Answers({**ANSWERS.given, "account.base_url": Answer(url, Source.ENVIRONMENT)})
    async with harness.show(at="connect", answers=found) as wizard:
        assert wizard.says(f"Base URL {url}")
        assert not wizard.says("(•) production"), "it would be a lie"
        await wizard.enter("account.account_id")
        await wizard.press("down", "c")
        assert wizard.workflow.draft.answers.base_url != "https://dashboard.bandwidth.com/api", (
            "no letter chooses another place"
        )
        await wizard.type("account.base_url", "")
        assert wizard.says("Environment (•) production"), "without it, an environment counts"
        assert not wizard.says(f"base URL {url}"), "what is no longer used is not said to be"
        assert wizard.workflow.draft.answers.base_url == "https://api.bandwidth.com/api"


async def test_who_gets_the_secret_is_said_whatever_is_typed(harness: WizardHarness) -> None:
    found = Answers(
        {**ANSWERS.given, "account.base_url": Answer("http://127.0.0.1:8080/api", Source.ENVIRONMENT)}
    )
    async with harness.show(at="connect", answers=found) as wizard:
        assert wizard.says("The secret goes to 127.0.0.1")
        await wizard.type("account.base_url", "")
        assert wizard.says("The secret goes to api.bandwidth.com."), wizard.text


async def test_a_wrong_path_of_a_base_url_of_ones_own_is_told_and_led_to(harness: WizardHarness) -> None:
    url = "http://127.0.0.1:8080/apii"
    harness.login = LOGIN
    found = Answers({**ANSWERS.given, "account.base_url": Answer(url, Source.TYPED)})
    async with harness.show(at="connect", answers=found, size=(80, 40)) as wizard:
        await press_test(wizard)
        said = " ".join(wizard.shown(wizard.screen.query_one("#outcome")).split())
        assert said.startswith(f"! There is no such account at {url}.")
        assert said.index("Connect: Base URL") < said.index("Connect: Account ID")
        assert "environment" not in said.casefold(), "it is not asked beside a base URL"
        assert wizard.focused == "account.base_url"


async def test_a_test_that_is_begun_from_a_field_ends_where_enter_goes_on(harness: WizardHarness) -> None:
    harness.login = LOGIN
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        await wizard.enter("login.user")
        await wizard.press("ctrl+n")
        assert wizard.workflow.is_connected
        assert (wizard.focused, wizard.says("▸ [ Next ]")) == ("test", True)
        await wizard.press("enter")
        assert wizard.place == "site"


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
    harness.login = LOGIN._replace(secret=Secret("not-this-one"))
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


# --- What a token says -------------------------------------------------------------------------------------------

EVERY_ROLE = ["Configuration", "Messaging", "Ordering", "HTTP Application Management", "HttpVoice"]


def nobodys() -> Answers:
    """The guide's answers without an account."""
    given = {key: answer for key, answer in ANSWERS.given.items() if key != "account.account_id"}
    return ANSWERS._replace(given=given)


def outcome(wizard: ShownWizard) -> str:
    return " ".join(wizard.shown(wizard.screen.query_one("#outcome")).split())


async def test_roles_that_the_token_lacks_are_told_by_the_steps_and_block_nothing(
    harness: WizardHarness,
) -> None:
    harness.login = LOGIN
    harness.claims = {
        "accounts": ["9900000"],
        "roles": ["SUB-ACCOUNTS read/write", "numbers", "HttpVoice Admin"],
    }
    async with harness.show(at="connect", answers=ANSWERS, size=(80, 30)) as wizard:
        await press_test(wizard)
        assert "✓ Connected to Demo Company." in outcome(wizard)
        assert (
            "? Messaging application, Voice application: the credentials seem to lack the role "
            "HTTP Application Management; Bandwidth may refuse these steps." in outcome(wizard)
        )
        assert outcome(wizard).count("seem to lack") == 1, (
            "a location's services may do with the role for locations"
        )
        await wizard.press("enter")
        assert wizard.place == "site"


@pytest.mark.parametrize(
    "claims", [{}, {"roles": []}, {"roles": EVERY_ROLE}, {"roles": [role.upper() for role in EVERY_ROLE]}]
)
async def test_without_a_doubt_about_roles_nothing_is_said(
    harness: WizardHarness, claims: dict[str, Any]
) -> None:
    harness.login, harness.claims = LOGIN, claims
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        await press_test(wizard)
        assert outcome(wizard).startswith("✓ Connected to Demo Company.")
        assert "?" not in outcome(wizard)


async def test_the_only_account_of_the_credentials_is_taken_where_none_is_given(
    harness: WizardHarness,
) -> None:
    async with harness.show(at="connect", answers=nobodys()) as wizard:
        assert wizard.says("Account ID found from the credentials if left empty"), wizard.text
        await wizard.type("login.user", "demo")
        await wizard.type("login.secret", "demo-secret")
        await press_test(wizard)
        assert wizard.field("account.account_id").control.value == "9900000", wizard.text
        assert wizard.said_at("account.account_id") == ""
        assert outcome(wizard).startswith("✓ Connected to Demo Company.")
        await wizard.type("account.account_id", "1234567")
        assert wizard.answer("account.account_id") == "1234567"


@pytest.mark.parametrize(
    ("accounts", "told"),
    [
        ([], "! The account ID is needed: these credentials name no account."),
        (["9900000", "1234567"], "! These credentials are for the accounts 9900000, 1234567."),
        (["9900000\n[bold]"], "! These credentials are for account 9900000 [bold]."),
    ],
)
async def test_where_the_token_does_not_name_just_one_account_it_is_asked_for(
    harness: WizardHarness, accounts: list[str], told: str
) -> None:
    harness.login, harness.claims = LOGIN, {"accounts": accounts}
    async with harness.show(at="connect", answers=nobodys()) as wizard:
        await press_test(wizard)
        assert outcome(wizard).startswith(told)
        assert wizard.focused == "account.account_id"
        assert wizard.answer("account.account_id") == ""
        await wizard.press(*"9900000")
        await press_test(wizard)
        assert "✓ Connected to Demo Company." in outcome(wizard)


async def test_a_user_of_basic_has_to_give_the_account(harness: WizardHarness) -> None:
    harness.login = Login(oauth=False, user="demo", secret=Secret("demo-secret"))
    async with harness.show(at="connect", answers=nobodys()) as wizard:
        await press_test(wizard)
        assert wizard.focused == "account.account_id"
        assert "needed" in wizard.said_at("account.account_id")
        assert await harness.log() == []


async def test_an_account_that_the_token_does_not_name_is_doubted_and_used(harness: WizardHarness) -> None:
    harness.login, harness.claims = LOGIN, {"accounts": ["1", "2", "3", "4", "5", "6", "7"]}
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        await press_test(wizard)
        assert "✓ Connected to Demo Company." in outcome(wizard)
        told = "These credentials are for the accounts 1, 2, 3, 4, 5 and 2 more, not for 9900000."
        assert f"? {told} Bandwidth may refuse them here." in outcome(wizard)
        assert "[ Next ]" in wizard.text


async def test_a_refused_account_is_told_with_those_that_the_token_names(harness: WizardHarness) -> None:
    told = await refused(harness, account_id="1234567")
    assert told.startswith("! These credentials are for account 9900000, not for 1234567.")
    assert "Correct the account ID" in told
    assert "typos" not in told


async def test_a_refusal_goes_as_soon_as_what_it_is_about_is_edited(harness: WizardHarness) -> None:
    harness.login = LOGIN
    async with harness.show(at="connect", answers=guide_answers(account_id="1234567")) as wizard:
        await press_test(wizard)
        assert outcome(wizard).startswith("! These credentials are for")
        await wizard.press("backspace")
        assert outcome(wizard) == ""
        await wizard.press("7")
        assert outcome(wizard), "it is what was refused again"


async def test_a_client_id_with_a_blank_inside_is_doubted(harness: WizardHarness) -> None:
    async with harness.show(at="connect") as wizard:
        await wizard.type("login.user", "CLI 1234")
        assert wizard.said_at("login.user") == "? There is a blank in it: is it one piece?"


async def test_what_to_do_about_a_refused_client_is_short(harness: WizardHarness) -> None:
    harness.login = LOGIN._replace(secret=Secret("wrong"))
    async with harness.show(at="connect", answers=ANSWERS) as wizard:
        await press_test(wizard)
        assert len(wizard.shown(wizard.screen.query_one("#outcome")).splitlines()) <= 5
