"""The answers and the user that a setup is continued with, the same for the wizard and every command."""

from pathlib import Path

import pytest

from bwtui.cli.options import SetupOptions
from bwtui.cli.session import over_all, saved_answers
from bwtui.credentials import CredentialsError, Given, Login, find_login
from bwtui.domain.answers.answers import PLATFORM_KEY, Answer, Answers, Source
from bwtui.domain.platform import Platform
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.run_events import Finished, Started
from bwtui.domain.runs.setup import Setup, begun_on, changed_platform
from bwtui.domain.values.secret import Secret
from bwtui.exits import Exit
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from bwtui.store.answers_file import parse
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


# --- The platform of the account ---------------------------------------------------------------------------------


def _on(setup: Setup, platform: str, source: Source = Source.ACCOUNT) -> Setup:
    return setup._replace(answers={**setup.answers, PLATFORM_KEY: Answer(platform, source)})


@pytest.mark.parametrize("platform", ["legacy", "universal"])
def test_a_platform_that_was_found_is_kept(platform: str) -> None:
    assert Answers(saved_answers(_on(SETUP, platform))).text(PLATFORM_KEY) == platform


@pytest.mark.parametrize("platform", ["unknown", "trial"])
def test_an_account_that_did_not_tell_or_is_on_trial_is_looked_at_again(platform: str) -> None:
    assert Answers(saved_answers(_on(SETUP, platform))).platform is None


@pytest.mark.parametrize(
    ("options", "platform"),
    [
        (SetupOptions(), "universal"),
        (SetupOptions(account_id="1"), "universal"),
        (SetupOptions(account_id="2"), "auto"),
        (SetupOptions(environment="classic"), "universal"),
        (SetupOptions(environment="test"), "auto"),
        (SetupOptions(platform="legacy"), "legacy"),
        (SetupOptions(platform="auto"), "auto"),
        (SetupOptions(account_id="2", platform="legacy"), "legacy"),
    ],
)
def test_the_platform_of_one_account_says_nothing_about_another(options: SetupOptions, platform: str) -> None:
    kept = saved_answers(_on(SETUP, "universal"))
    assert Answers(over_all(options, {}, kept, None)).text(PLATFORM_KEY) == platform


def test_a_file_that_leaves_the_platform_open_does_not_forget_it() -> None:
    kept = saved_answers(_on(SETUP, "universal"))
    for written, platform in (("auto", "universal"), ("legacy", "legacy")):
        file = parse(f'[account]\nplatform = "{written}"\n', "setup.toml")
        assert Answers(over_all(SetupOptions(), {}, kept, file)).text(PLATFORM_KEY) == platform


def _done(step: str) -> Setup:
    return SETUP.after([Started(step, at=0), Finished(step, at=1, outputs={})])


def _pending(step: str) -> Setup:
    return BOUND.after([Started(step, at=0)])


def test_a_setup_belongs_to_the_platform_that_something_was_made_on() -> None:
    assert begun_on(SETUP) is None
    assert begun_on(_on(SETUP, "universal")) is None, "nothing was made yet"
    assert begun_on(BOUND) is None
    assert begun_on(_on(BOUND, "universal", Source.TYPED)) is Platform.UNIVERSAL
    assert begun_on(_on(BOUND, "universal")) is None, (
        "found out, perhaps in error, and voice is not set up yet"
    )
    assert begun_on(_on(BOUND, "unknown")) is None
    assert begun_on(_done("voice_app")) is None
    assert begun_on(_done("voice_link")) is Platform.LEGACY
    assert begun_on(_done("voice_package")) is Platform.UNIVERSAL
    assert begun_on(_on(_done("voice_link"), "universal")) is Platform.LEGACY, "what was made counts"
    assert begun_on(_pending("voice_package")) is Platform.UNIVERSAL, "it may be there"
    assert begun_on(_pending("voice_link")) is None, "a setting leaves nothing behind"


def test_a_change_of_the_platform_is_refused_in_words() -> None:
    told = changed_platform(Platform.LEGACY, "default", Platform.UNIVERSAL)
    assert told == (
        "The setup default was begun on the legacy platform, and cannot continue on the Universal Platform. "
        "Give another --name to begin a new one, which can use what is there."
    )
    told = changed_platform(Platform.LEGACY, "default", Platform.UNIVERSAL, is_ordering=True)
    assert "First wait until its order of phone numbers has ended, or you may buy them twice." in told
    for same in (None, Platform.LEGACY, Platform.UNKNOWN, Platform.TRIAL):
        assert not changed_platform(Platform.LEGACY, "default", same)
    assert not changed_platform(None, "default", Platform.UNIVERSAL)


def test_a_change_of_mind_after_something_was_made_is_a_conflict_and_sends_nothing(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    connected.example()
    assert connected.run("apply", "setup.toml", "--yes").exit == 0
    assert connected.state["answers"][PLATFORM_KEY] == {"value": "legacy", "source": "the account's own"}
    before = log(simulator.origin)
    for command in (("apply", "setup.toml", "--yes"), ("verify",), ("status",)):
        ended = connected.run(*command, "--platform", "universal", "--json").told()
        assert ended.exit == Exit.CONFLICT
        assert "begun on the legacy platform" in ended.err
        assert ended.result["status"] == "conflict"
    assert log(simulator.origin) == before
    again = connected.run("apply", "setup.toml", "--yes", "--platform", "auto", "--json").told()
    assert (again.exit, again.result["platform"]) == (0, "legacy")
    assert not any(
        "voiceConfigurationPackages" in entry["path"] for entry in log(simulator.origin)[len(before) :]
    )


def test_a_change_of_mind_before_anything_was_made_is_none(tmp_path: Path) -> None:
    with RunningSimulator(Settings(platform="universal")) as simulator:
        runner = CliRunner(home=tmp_path).connect(simulator)
        runner.example()
        assert runner.run("apply", "setup.toml").exit == Exit.INVALID, "nobody agreed to the price"
        assert runner.state["answers"][PLATFORM_KEY]["value"] == "universal"
        told = runner.run("status", "--platform", "legacy", "--json").told()
        assert told.result["platform"] == "legacy"
