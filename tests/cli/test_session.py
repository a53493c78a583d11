"""The answers and the user that a setup is continued with, the same for the wizard and every command."""

import pytest

from bwtui.cli.session import saved_answers
from bwtui.credentials import CredentialsError, Given, Login, find_login
from bwtui.domain.answers import Answer, Answers, Source
from bwtui.domain.bookmark import Bookmark
from bwtui.domain.run import Started
from bwtui.domain.secret import Secret
from bwtui.domain.setup import Setup
from bwtui.simulator.server import RunningSimulator
from bwtui.store.state import StateFile
from support.cli_runner import CliRunner, log
from support.guide import guide_answers

PRODUCTION = "https://api.bandwidth.com/api"
TEST = "https://test.api.bandwidth.com/api"
SETUP = Setup(account_id="1", base_url=PRODUCTION)
BOUND = SETUP.after([Started("site", at=0)])


def _saved(setup: Setup, **account: str) -> Answers:
    typed = {f"account.{key}": Answer(value, Source.TYPED) for key, value in account.items()}
    return Answers(saved_answers(setup._replace(answers=typed)))


def test_a_setup_without_answers_about_its_account_continues_with_that_account() -> None:
    saved = _saved(SETUP)
    assert (saved.text("account.account_id"), saved.base_url) == ("1", PRODUCTION)


@pytest.mark.parametrize("place", [{"environment": "test"}, {"base_url": TEST}], ids=["environment", "url"])
def test_an_account_typed_later_counts_until_something_was_made(place: dict[str, str]) -> None:
    saved = _saved(SETUP, account_id="2", **place)
    assert (saved.text("account.account_id"), saved.base_url) == ("2", TEST)
    saved = _saved(BOUND, account_id="2", **place)
    assert (saved.text("account.account_id"), saved.base_url) == ("1", PRODUCTION)


def test_the_environment_of_a_setup_that_made_something_stays_as_typed() -> None:
    assert _saved(BOUND, environment="production").given["account.environment"].source is Source.TYPED


@pytest.mark.parametrize("source", [Source.FLAG, Source.ENVIRONMENT])
def test_an_account_that_was_named_once_is_no_flag_or_variable_of_today(source: Source) -> None:
    kept = SETUP._replace(answers={"account.account_id": Answer("1", source)})
    assert saved_answers(kept)["account.account_id"] == Answer("1", Source.STATE)


def test_the_user_of_last_time_signs_in_unless_another_is_named() -> None:
    last = Bookmark(oauth=False, user="somebody")
    login = find_login(Given(), {"BW_PASSWORD": "demo-secret"}, None, last)
    assert login == Login(oauth=False, user="somebody", secret=Secret("demo-secret"))
    named = {"BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": "demo-secret", "BW_PASSWORD": "other"}
    assert find_login(Given(), named, None, last) == Login(
        oauth=True, user="demo", secret=Secret("demo-secret")
    )
    with pytest.raises(CredentialsError, match="secret of somebody"):
        find_login(Given(), {}, None, last)


def test_a_command_signs_in_the_user_of_the_wizard(connected: CliRunner, simulator: RunningSimulator) -> None:
    user = connected.environ.pop("BW_CLIENT_ID")
    answers = guide_answers(messaging_app__callback_user=None, voice_app__callback_user=None).given
    StateFile(connected.states).save(
        Setup(account_id="", base_url="", answers=answers, bookmark=Bookmark(user=user))
    )
    assert "Credentials are missing" not in connected.run("verify").told().err
    assert any("/sites" in request["path"] for request in log(simulator.origin)), "it was let in"
