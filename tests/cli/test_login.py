"""`bwtui login`, `logout` and `whoami` as programs: what is saved where, what is used, and where each value comes from."""

import json
import os
import sys
import time
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from bwtui.cli.commands.wizard import SetupHost
from bwtui.credentials import Login
from bwtui.domain.answers.answers import Answer, Answers, Source
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.values.secret import Secret
from bwtui.exits import Exit
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from bwtui.simulator.switches import Switches
from bwtui.store.open_setup import OpenSetup
from support.cli_runner import NO_NETWORK, CliRunner, Completed, log, writes
from support.fake_keyring import FakeKeyring
from support.pty_process import terminal
from trust.canaries import CLIENT, found_below, found_in

LOGIN = ("login", "--client-id", "demo", "--client-secret-file", "-")
FILE = "--insecure-storage"


@pytest.fixture
def guarded() -> Iterator[RunningSimulator]:
    """An account whose secret is a canary."""
    with RunningSimulator(Settings(client_secret=CLIENT)) as running:
        yield running


@pytest.fixture
def other() -> Iterator[RunningSimulator]:
    """Another server, with another account."""
    with RunningSimulator(Settings(account_id="9911111", client_secret=CLIENT)) as running:
        yield running


@pytest.fixture
def keyring(runner: CliRunner, tmp_path_factory: pytest.TempPathFactory) -> FakeKeyring:
    return FakeKeyring(tmp_path_factory.mktemp("keyring"), runner)


def log_in(runner: CliRunner, server: RunningSimulator, *more: str) -> Completed:
    return runner.run(*LOGIN, "--base-url", server.base_url, *more, typed=f"{CLIENT}\n").told()


def folder(runner: CliRunner) -> Path:
    return runner.home / ".config" / "bwtui" / "logins"


def logins(runner: CliRunner) -> dict[str, Any]:
    path = folder(runner) / "logins.json"
    found: dict[str, Any] = json.loads(path.read_text("utf-8"))["logins"] if path.exists() else {}
    return found


def values(ended: Completed) -> dict[str, tuple[str, str]]:
    """What `whoami --json` says: each value with its source."""
    told = [each for each in ended.events if each["event"] == "value"]
    return {each["key"]: (each["value"], each["source"]) for each in told}


def in_days(days: int) -> str:
    return (date(*time.localtime()[:3]) + timedelta(days=days)).isoformat()


# --- Saving ------------------------------------------------------------------------------------------------------


def test_a_login_is_checked_and_its_secret_is_in_the_keyring_alone(
    runner: CliRunner, guarded: RunningSimulator, keyring: FakeKeyring
) -> None:
    ended = log_in(runner, guarded)
    assert ended.exit == 0, ended.err
    assert "Logged in as demo to account 9900000, Demo Company" in ended.err
    assert "in the system keyring" in ended.err
    paths = [each["path"] for each in log(guarded.origin)]
    assert paths[0].endswith("/oauth2/token")
    assert any(path.endswith("/accounts/9900000") for path in paths), "the account was read"
    assert writes(guarded.origin) == []
    assert list(keyring.entries.values()) == [CLIENT], "and what it was tested with is gone"
    assert next(iter(keyring.entries)).startswith("bwtui/")
    assert (
        runner.run(
            "login", *LOGIN[1:], "--base-url", guarded.base_url, "--account", "work", typed=CLIENT
        ).exit
        == 0
    )
    assert list(logins(runner)) == ["9900000", "work"], "an account's number is its name where none is given"
    assert not found_below(runner.home, guarded.account.tokens)
    assert not found_in((ended.out + ended.err).encode(), guarded.account.tokens)
    assert {oct(path.stat().st_mode & 0o777) for path in folder(runner).iterdir()} == {"0o600"}
    assert oct(folder(runner).stat().st_mode & 0o777) == "0o700"


def test_a_refused_login_saves_nothing_and_leaves_an_older_one_as_it_is(
    runner: CliRunner, guarded: RunningSimulator, keyring: FakeKeyring
) -> None:
    refused = runner.run(*LOGIN, "--base-url", guarded.base_url, typed="wrong\n").told()
    assert refused.exit == Exit.CREDENTIALS
    assert "Nothing was saved." in refused.err
    assert not folder(runner).exists()
    assert keyring.entries == {}
    assert log_in(runner, guarded, "--account", "work").exit == 0
    before = (logins(runner), keyring.entries)
    again = runner.run(*LOGIN, "--base-url", guarded.base_url, "--account", "work", typed="wrong\n")
    assert again.told().exit == Exit.CREDENTIALS
    elsewhere = log_in(runner, guarded, "--account", "work", "--account-id", "1234567")
    assert elsewhere.exit != 0
    assert (logins(runner), keyring.entries) == before


@pytest.mark.parametrize("trouble", ["broken", "null", "plain", "keeps", "no library"])
def test_where_no_keyring_works_nothing_is_written_unless_the_person_says_so(
    runner: CliRunner, guarded: RunningSimulator, tmp_path_factory: pytest.TempPathFactory, trouble: str
) -> None:
    if trouble != "no library":
        FakeKeyring(tmp_path_factory.mktemp("keyring"), runner)
        runner.environ["FAKE_KEYRING_TROUBLE"] = trouble
    refused = log_in(runner, guarded)
    assert refused.exit == Exit.INVALID
    assert "The system keyring cannot keep the secret" in refused.err
    assert (f"{sys.executable} -m pip install keyring" in refused.err) == (trouble == "no library")
    path = folder(runner) / "secrets.json"
    assert f"With --insecure-storage it is kept in {path}, not encrypted" in refused.err
    assert not folder(runner).exists()
    assert log(guarded.origin) == [], "the secret was not even asked for"
    agreed = log_in(runner, guarded, FILE)
    assert agreed.exit == 0
    assert f"The secret is in a file, not encrypted: {path}." in agreed.err
    assert oct(path.stat().st_mode & 0o777) == "0o600"
    assert list(found_below(runner.home, guarded.account.tokens)) == [str(path)]


def test_a_keyring_that_cannot_read_is_left_without_the_entry_that_was_tried(
    runner: CliRunner, guarded: RunningSimulator, keyring: FakeKeyring
) -> None:
    runner.environ["FAKE_KEYRING_TROUBLE"] = "cannot read"
    assert log_in(runner, guarded).exit == Exit.INVALID
    assert keyring.entries == {}


def test_a_keyring_that_gives_no_answer_is_not_waited_for(runner: CliRunner, keyring: FakeKeyring) -> None:
    assert keyring.entries == {}
    impatient = (
        "import sys; from bwtui import system_keyring; system_keyring.PATIENCE = 0.2\n"
        "from bwtui.__main__ import main; sys.exit(main())"
    )
    launcher = (sys.executable, "-c", impatient)
    ended = runner.run(*LOGIN, launcher=launcher, typed=CLIENT, FAKE_KEYRING_TROUBLE="locked").told()
    assert ended.exit == Exit.INVALID
    assert "it did not answer within 0 s; perhaps it is locked" in ended.err


def test_on_a_terminal_the_secret_is_hidden_and_a_file_takes_a_yes(
    runner: CliRunner, guarded: RunningSimulator
) -> None:
    line = ("login", "--base-url", guarded.base_url)
    for typed, code in (("\r", Exit.FAILED), ("y\r", Exit.DONE)):
        with terminal(runner, *line, columns=300) as shown:
            shown.expect("Client ID (OAuth2): ").type("demo\r")
            shown.expect("Client secret of client ID demo (not shown): ").type(f"{CLIENT}\r")
            shown.expect("not encrypted? Only you can read that file. [y/N] ").type(typed)
            if code is Exit.DONE:
                shown.expect("Its last day").type("soon\r")
                shown.expect("“soon” is no day").expect("Its last day", times=2).type(f"{in_days(3)}\r")
                shown.expect("expires in 3 days")
            assert shown.end() == code
            assert CLIENT not in shown.text
        if code is Exit.FAILED:
            assert "Nothing was saved." in shown.text
            assert not folder(runner).exists()
    assert logins(runner)["9900000"]["expires"] == in_days(3)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--expires", "tomorrow"), "“tomorrow” is no day"),
        (("--account", "../x"), "“../x” cannot name a login"),
        (("--base-url", "http://example.com"), "Credentials travel over https only"),
    ],
)
def test_what_cannot_be_saved_is_refused_before_anything_is_sent(
    runner: CliRunner, options: tuple[str, ...], words: str
) -> None:
    ended = runner.run(*LOGIN, FILE, *options, typed=CLIENT, launcher=(sys.executable, "-c", NO_NETWORK))
    assert ended.told().exit == Exit.INVALID
    assert words in ended.err


def test_where_the_credentials_do_not_name_one_account_it_is_asked_for(runner: CliRunner) -> None:
    with RunningSimulator(Settings(client_secret=CLIENT, switches=Switches(system_wide=True))) as server:
        told = log_in(runner, server, FILE)
        assert told.exit == Exit.INVALID
        assert "The account ID is needed" in told.err
        assert not folder(runner).exists()
        with terminal(
            runner, "login", "--base-url", server.base_url, FILE, "--expires", in_days(99)
        ) as shown:
            shown.expect("Client ID (OAuth2): ").type("demo\r")
            shown.expect("(not shown): ").type(f"{CLIENT}\r")
            shown.expect("Account ID: ").type("x\r")
            shown.expect("Account ID: ", times=2).type("9900000\r")
            assert shown.end() == 0
    assert logins(runner)["9900000"]["account_id"] == "9900000"


CRASH = """
import sys
from bwtui.store.logins import Logins
def crash(self, login, secret): raise RuntimeError("a fault of bwtui")
Logins.save = crash
from bwtui.__main__ import main
sys.exit(main())
"""


def test_a_crash_while_saving_shows_no_secret(runner: CliRunner, guarded: RunningSimulator) -> None:
    line = (*LOGIN, FILE, "--base-url", guarded.base_url)
    ended = runner.run(*line, typed=CLIENT, launcher=(sys.executable, "-X", "dev", "-c", CRASH))
    assert "a fault of bwtui" in ended.err
    assert not found_in((ended.out + ended.err).encode(), guarded.account.tokens)
    assert not found_below(runner.home, guarded.account.tokens)


# --- Using -------------------------------------------------------------------------------------------------------


def test_every_command_that_connects_uses_the_login_alone(
    runner: CliRunner, guarded: RunningSimulator, keyring: FakeKeyring
) -> None:
    assert log_in(runner, guarded).exit == 0
    runner.example()
    ended = [
        runner.run(*command.split()).told()
        for command in (
            "plan setup.toml --live", "apply setup.toml --yes --log log.jsonl", "verify --json", "doctor --json", "import",
            "status --json", "teardown --plan", "report",
        )
    ]  # fmt: skip
    assert [each.exit for each in ended[:3]] == [0, 0, 0], ended[1].err
    checks = {each["check"]: each for each in ended[3].events if each["event"] == "check"}
    assert checks["auth.given"]["text"] == "OAuth2 client demo, login 9900000, in the system keyring"
    for each in ended:
        assert not found_in((each.out + each.err).encode(), guarded.account.tokens)
    assert not found_below(runner.home, guarded.account.tokens)
    answers = runner.state["answers"]
    assert answers["account.account_id"] == {"value": "9900000", "source": "state"}, (
        "an older bwtui can read this"
    )
    assert list(keyring.entries.values()) == [CLIENT]


def test_a_secret_is_never_sent_to_another_host(
    runner: CliRunner, guarded: RunningSimulator, other: RunningSimulator
) -> None:
    assert log_in(runner, guarded, FILE).exit == 0
    runner.example()
    for ended in (
        runner.run("apply", "setup.toml", "--yes", "--base-url", other.base_url),
        runner.run("apply", "setup.toml", "--yes", BW_API_URL=other.base_url),
        runner.run("import", "--account", "9900000", "--base-url", other.base_url),
        runner.run("whoami", "--base-url", other.base_url),
    ):
        assert ended.told().exit in (Exit.INVALID, Exit.CREDENTIALS)
        assert f"is for {guarded.base_url}, and its secret is sent nowhere else" in ended.err
    assert log(other.origin) == []


def test_a_list_of_logins_that_was_changed_leads_no_secret_elsewhere(
    runner: CliRunner, guarded: RunningSimulator, other: RunningSimulator
) -> None:
    assert log_in(runner, guarded, FILE).exit == 0
    path = folder(runner) / "logins.json"
    path.write_text(path.read_text("utf-8").replace(guarded.base_url, other.base_url), encoding="utf-8")
    ended = runner.run("import").told()
    assert ended.exit == Exit.INVALID
    assert "The secret of the login 9900000 is not in its file. " in ended.err
    assert "Log in again: bwtui login --account 9900000" in ended.err
    assert log(other.origin) == []


def test_the_last_login_counts_unless_another_is_named(
    runner: CliRunner, guarded: RunningSimulator, other: RunningSimulator
) -> None:
    assert log_in(runner, other, FILE, "--account", "there").exit == 0
    assert log_in(runner, guarded, FILE, "--account", "here").exit == 0
    assert values(runner.run("whoami", "--json").told())["account"] == ("9900000", "login")
    named = runner.run("--account", "there", "whoami", "--json", BW_API_URL=guarded.base_url).told()
    assert values(named)["account"] == ("9911111", "login")
    assert values(named)["address"] == (other.base_url, "login"), "a flag beats the environment"
    wrong = runner.run("import", "--account", "her").told()
    assert wrong.exit == Exit.NOT_FOUND
    assert "There is no login “her”. Did you mean here? The logins: there, here." in wrong.err
    both = runner.run("import", "--account", "here", "--client-id", "demo").told()
    assert both.exit == Exit.INVALID
    assert "give one of the two" in both.err


def test_an_answers_file_of_another_account_is_not_applied_to_that_of_the_last_login(
    runner: CliRunner, guarded: RunningSimulator
) -> None:
    assert log_in(runner, guarded, FILE, "--account", "work").exit == 0
    runner.example(('# account_id = "9900000"', 'account_id = "1234567"'))
    refused = runner.run("apply", "setup.toml", "--yes").told()
    assert refused.exit == Exit.INVALID
    assert "this is another account than that of the login work" in refused.err
    assert writes(guarded.origin) == []
    named = runner.run("plan", "setup.toml", "--live", "--account", "work").told()
    assert named.exit == 0, named.err
    runner.example(('# account_id = "9900000"', 'base_url = "http://127.0.0.1:9/api"'))
    elsewhere = runner.run("apply", "setup.toml", "--yes").told()
    assert elsewhere.exit == Exit.INVALID
    assert "this is another address than that of the login work" in elsewhere.err


def test_the_environment_is_used_whole_where_it_names_somebody(
    runner: CliRunner, guarded: RunningSimulator, simulator: RunningSimulator
) -> None:
    assert log_in(runner, guarded, FILE).exit == 0
    runner.connect(simulator)
    told = values(runner.run("whoami", "--json").told())
    assert told["user"] == ("demo", "environment")
    assert told["address"] == (simulator.base_url, "environment")
    assert "login" not in told
    assert len(log(guarded.origin)) < len(log(simulator.origin)) + 20


def test_a_refused_secret_is_looked_for_where_it_came_from(
    runner: CliRunner, guarded: RunningSimulator
) -> None:
    assert log_in(runner, guarded, FILE, "--account", "work").exit == 0
    secrets = folder(runner) / "secrets.json"
    secrets.write_text(secrets.read_text("utf-8").replace(CLIENT, "of-last-year"), "utf-8")
    runner.example()
    given = ("--client-id", "demo", "--client-secret-file", "-", "--base-url", guarded.base_url)
    of_login = ("the client ID (login work) and its secret (login work, in a file, not encrypted)",
                "To log in with it: bwtui login --account work")  # fmt: skip
    for command, told in [
        (("whoami",), of_login),
        (("apply", "setup.toml", "--yes"), of_login),
        (("import", *given), ("the client ID (--client-id) and its secret (--client-secret-file)",)),
    ]:
        refused = runner.run(*command, typed="wrong\n").told()
        assert refused.exit == Exit.CREDENTIALS
        assert all(each in refused.err for each in told), refused.err
        assert "BW_CLIENT" not in refused.err, "they are not set"
        assert ("bwtui login" in refused.err) == (told is of_login)
    assert writes(guarded.origin) == []


@pytest.mark.parametrize("days", [-1, 0, 14, 15])
def test_a_secret_that_expires_is_named_days_before(
    runner: CliRunner, guarded: RunningSimulator, days: int
) -> None:
    assert log_in(runner, guarded, FILE, "--expires", in_days(days)).exit == 0
    told = [runner.run("import").err, runner.run("whoami").err, runner.run("doctor").out]
    words = {-1: f"expired on {in_days(-1)}", 0: "expires today", 14: "expires in 14 days", 15: ""}[days]
    for each in told:
        assert words in each
        assert ("The secret expire" in each) == bool(words)


async def test_a_secret_that_a_screen_shows_is_still_for_its_own_host(other: RunningSimulator) -> None:
    secret, here = Secret(CLIENT), "https://api.bandwidth.com/api"
    host = SetupHost(OpenSetup(None), Login(oauth=True, user="demo", secret=secret, only_at=here))
    typed = Login(oauth=True, user="demo", secret=secret)
    elsewhere = Answers({"account.base_url": Answer(other.base_url, Source.TYPED)})
    with pytest.raises(ProblemError, match=f"this secret is for {here} alone"):
        await host.list_accounts(typed, elsewhere, lambda _: None, lambda *_: None)
    with pytest.raises(ProblemError, match="Nothing was sent"):
        async with host.connect(typed, elsewhere, lambda _: None, lambda *_: None):
            pass
    assert log(other.origin) == []


def test_connect_says_which_login_was_found_and_when_its_secret_expires(
    runner: CliRunner, guarded: RunningSimulator
) -> None:
    assert log_in(runner, guarded, FILE, "--account", "work", "--expires", in_days(5)).exit == 0
    told = runner.run("--linear", typed="\n" * 9).told().out.replace("\n", " ")
    assert "Found and used: credentials of demo (login work), account ID 9900000" in told
    assert f"account ID 9900000, base URL {guarded.base_url}" in told
    assert f"The secret expires in 5 days, on {in_days(5)}." in told
    assert "Connected" in told or "Demo Company" in told
    assert not found_in(told.encode(), guarded.account.tokens)
    named = runner.run("--linear", "--account", "work", typed="!\n").told()
    assert "bwtui --linear --account work" in named.out, "it continues as the same"
    wrong = runner.run("--linear", "--account", "wok").told()
    assert wrong.exit == Exit.NOT_FOUND
    assert "Did you mean work?" in wrong.out
    elsewhere = runner.run("--linear", "--base-url", "http://127.0.0.1:9/api").told()
    assert elsewhere.exit == Exit.INVALID
    assert "is sent nowhere else" in elsewhere.out


# --- Files that cannot be trusted --------------------------------------------------------------------------------


def _wider(path: Path) -> None:
    path.chmod(0o640)


def _link(path: Path) -> None:
    path.rename(path.with_name("elsewhere"))
    path.symlink_to(path.with_name("elsewhere"))


def _open_folder(path: Path) -> None:
    path.parent.chmod(0o755)


def _damaged(path: Path) -> None:
    path.write_text(path.read_text("utf-8")[:-9], encoding="utf-8")


@pytest.mark.parametrize("file", ["logins.json", "secrets.json"])
@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (_wider, "is open to others, and was not used: chmod 600"),
        (_open_folder, "is open to others, and was not used: chmod 700"),
        (_link, "is a symbolic link"),
        (_damaged, "cannot be understood"),
    ],
)
def test_files_that_others_may_read_links_and_damage_are_refused(
    runner: CliRunner, guarded: RunningSimulator, file: str, spoil: Any, words: str
) -> None:
    assert log_in(runner, guarded, FILE).exit == 0
    before = len(log(guarded.origin))
    spoil(folder(runner) / file)
    ended = runner.run("import").told()
    assert ended.exit in (Exit.FAILED, Exit.INVALID)
    assert words in ended.err
    assert not found_in((ended.out + ended.err).encode())
    assert len(log(guarded.origin)) == before
    with_environment = runner.connect(guarded, {"BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": CLIENT})
    assert "is open to others" not in with_environment.run("import").told().err, "they are not even looked at"


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
def test_a_file_of_another_user_is_refused(runner: CliRunner, guarded: RunningSimulator) -> None:
    assert log_in(runner, guarded, FILE).exit == 0
    os.chown(folder(runner) / "secrets.json", 12345, -1)
    ended = runner.run("import").told()
    assert "belongs to another user, and was not used" in ended.err


# --- Logging out -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [(), (FILE,)], ids=["keyring", "file"])
def test_logout_removes_the_secret_and_the_login(
    runner: CliRunner, guarded: RunningSimulator, keyring: FakeKeyring, more: tuple[str, ...]
) -> None:
    for name in ("one", "two"):
        assert log_in(runner, guarded, "--account", name, *more).exit == 0
    which = runner.run("logout").told()
    assert which.exit == Exit.INVALID
    assert "The logins: one, two." in which.err
    ended = runner.run("logout", "--account", "two").told()
    assert ended.exit == 0
    assert "The login two and its secret are gone." in ended.err
    assert list(logins(runner)) == ["one"]
    assert values(runner.run("whoami", "--json"))["login"][0] == "one", "that is the last one now"
    assert runner.run("logout", "--all").told().exit == 0
    assert keyring.entries == {}
    assert not found_below(runner.home, guarded.account.tokens)
    assert [path.name for path in folder(runner).iterdir()] == ["lock"]
    assert runner.run("logout").told().exit == Exit.NOT_FOUND


@pytest.mark.parametrize("trouble", ["broken", "keeps", "no library"])
def test_logout_keeps_the_login_while_a_keyring_that_has_gone_may_keep_its_secret(
    runner: CliRunner, guarded: RunningSimulator, keyring: FakeKeyring, trouble: str
) -> None:
    assert log_in(runner, guarded, "--account", "work").exit == 0
    assert keyring.entries
    before = runner.environ["PYTHONPATH"]
    gone = {"PYTHONPATH": ""} if trouble == "no library" else {"FAKE_KEYRING_TROUBLE": trouble}
    runner.environ |= gone
    ended = runner.run("logout").told()
    assert ended.exit == Exit.FAILED
    assert "The login work stays: its secret may still be there." in ended.err
    assert f"The secret is the entry “login work: demo at {guarded.base_url}” of bwtui in it." in ended.err
    assert not found_in((ended.out + ended.err).encode())
    runner.environ |= {"PYTHONPATH": before, "FAKE_KEYRING_TROUBLE": ""}
    assert runner.run("logout").told().exit == 0
    assert (keyring.entries, logins(runner)) == ({}, {})


def test_logout_keeps_the_login_while_its_file_cannot_be_trusted(
    runner: CliRunner, guarded: RunningSimulator
) -> None:
    assert log_in(runner, guarded, "--account", "work", FILE).exit == 0
    secrets = folder(runner) / "secrets.json"
    secrets.chmod(0o644)
    ended = runner.run("logout").told()
    assert ended.exit == Exit.FAILED
    assert "chmod 600 closes it" in ended.err
    assert f"entry “login work: demo at {guarded.base_url}” of {secrets}" in ended.err
    assert "bwtui logout --account work" in ended.err
    secrets.chmod(0o600)
    assert runner.run("logout").told().exit == 0
    assert not found_below(runner.home, guarded.account.tokens)


def test_a_new_secret_under_the_same_name_takes_the_place_of_the_old_one(
    runner: CliRunner, guarded: RunningSimulator, other: RunningSimulator, keyring: FakeKeyring
) -> None:
    assert log_in(runner, guarded, "--account", "work", FILE).exit == 0
    assert log_in(runner, other, "--account", "work").exit == 0
    assert not (folder(runner) / "secrets.json").exists(), "the older one is gone"
    assert list(keyring.entries) == [f"bwtui/login work: demo at {other.base_url}"]
    again = runner.run("login", "--account", "work", "--client-secret-file", "-", typed=CLIENT).told()
    assert again.exit == 0, again.err
    assert logins(runner)["work"]["base_url"] == other.base_url, "where it is was known"


# --- Who am I ----------------------------------------------------------------------------------------------------


def test_whoami_says_where_each_value_comes_from(runner: CliRunner, guarded: RunningSimulator) -> None:
    assert log_in(runner, guarded, FILE, "--account", "work").exit == 0
    runner.write('[account]\nplatform = "legacy"\n')
    ended = runner.run("whoami", "--json", "--answers", "setup.toml", BW_ACCOUNT_ID="9900000").told()
    assert ended.exit == 0, ended.err
    told = values(ended)
    roles = told.pop("roles")
    assert told == {
        "login": ("work", "login"),
        "user": ("demo", "login"),
        "secret": ("not shown", "login"),
        "address": (guarded.base_url, "login"),
        "account": ("9900000", "environment"),
        "platform": ("legacy", "answers"),
        "company": ("Demo Company", "account"),
        "accounts": ("9900000", "token"),
    }
    assert roles[1] == "token"
    assert "HttpVoice" in roles[0]
    assert {each["where"] for each in ended.events if each.get("source") == "environment"} == {
        "BW_ACCOUNT_ID in the environment"
    }
    assert ended.result["exit"] == 0
    assert writes(guarded.origin) == []
    plain = runner.run("whoami", "--account-id", "9900000").told()
    assert "9900000                            --account-id\n" in plain.out
    assert "platform   legacy                             from the account\n" in plain.out
    assert not found_in((plain.out + plain.err + ended.out).encode(), guarded.account.tokens)


def test_whoami_works_with_the_environment_and_without_a_login(connected: CliRunner) -> None:
    connected.environ.pop("BW_ACCOUNT_ID")
    ended = connected.run("whoami", "--json").told()
    assert ended.exit == 0
    told = values(ended)
    assert told["user"] == ("demo", "environment")
    assert told["secret"] == ("not shown", "environment")
    assert told["account"] == ("9900000", "token")
    assert ended.result["platform"] == "legacy"


@pytest.mark.parametrize("spoil", [_open_folder, _damaged])
def test_whoami_goes_on_where_no_login_is_needed_and_none_can_be_read(
    runner: CliRunner, guarded: RunningSimulator, spoil: Any
) -> None:
    assert log_in(runner, guarded, FILE).exit == 0
    spoil(folder(runner) / "logins.json")
    runner.connect(guarded, {"BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": CLIENT})
    ended = runner.run("whoami", "--json").told()
    assert ended.exit == 0, ended.err
    assert values(ended)["company"] == ("Demo Company", "account")
    (told,) = [each["text"] for each in ended.events if each["event"] == "warning"]
    assert str(folder(runner)) in told
    assert " ".join(told.split()) in " ".join(ended.err.split())


def test_whoami_without_anything_says_what_is_missing(runner: CliRunner) -> None:
    ended = runner.run("whoami", "--json").told()
    assert ended.exit == Exit.CREDENTIALS
    assert values(ended) == {"address": ("https://api.bandwidth.com/api", "default")}
    assert "Nobody can sign in." in ended.err
    assert "bwtui login" in ended.err


def test_whoami_without_network_says_what_is_known_here(runner: CliRunner, guarded: RunningSimulator) -> None:
    assert log_in(runner, guarded, FILE, "--account", "work").exit == 0
    guarded.close()
    ended = runner.run("whoami", "--json").told()
    assert ended.exit == Exit.UNREACHABLE
    assert values(ended)["account"] == ("9900000", "login")
    assert "The rest could not be asked:" in ended.err


def test_whoami_names_the_other_logins(
    runner: CliRunner, guarded: RunningSimulator, other: RunningSimulator
) -> None:
    assert log_in(runner, other, FILE, "--account", "there").exit == 0
    assert log_in(runner, guarded, FILE, "--account", "here").exit == 0
    ended = runner.run("whoami").told()
    assert "Other logins, for --account: there (9911111)." in ended.err


def test_commands_that_need_no_credentials_take_no_login(
    runner: CliRunner, guarded: RunningSimulator, other: RunningSimulator
) -> None:
    assert log_in(runner, guarded, FILE, "--account", "here").exit == 0
    runner.example()
    assert runner.run("apply", "setup.toml", "--yes").told().exit == 0
    assert log_in(runner, other, FILE, "--account", "there").exit == 0
    assert runner.run("status").told().exit == 0, "the setup is that of its own account"
    refused = runner.run("verify").told()
    assert refused.exit == Exit.INVALID
    assert "The account is that of the login there; --account names another." in refused.err
    assert runner.run("verify", "--account", "here").told().exit == 0
    assert runner.run("status", "--account", "here").exit == Exit.INVALID
