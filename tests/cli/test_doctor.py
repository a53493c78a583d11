"""`bwtui doctor` as a program: before a setup and after one, with everything that may stand in the way."""

import re
from typing import Any

import pytest

from bwtui.domain.doctor import ON_THE_ACCOUNT
from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from support.cli_runner import BASIC, CliRunner, Completed, fault, log
from support.guide import let_time_pass
from support.listening import Listen, free_port
from trust.canaries import CLIENT, found_below, found_in

ALWAYS = [
    "terminal.type", "terminal.size", "terminal.locale", "setup.file", "net.proxy", "net.dns", "net.connection", "net.tls",
    "net.clock", "auth.given", "auth.basic", "auth.token", "auth.roles", "account.id", "account.access", "account.platform",
    "account.features",
]  # fmt: skip


def checks(ended: Completed) -> dict[str, dict[str, Any]]:
    """The lines by name."""
    return {event["check"]: event for event in ended.events if event["event"] == "check"}


def stopped(ended: Completed) -> dict[str, str]:
    return {name: line["stops"] for name, line in checks(ended).items() if line["state"] == "stops"}


def test_before_any_setup_it_says_that_all_is_ready(connected: CliRunner) -> None:
    ended = connected.run("doctor", "--json").told()
    assert ended.exit == 0, ended.out
    assert list(checks(ended)) == [*ALWAYS, "step.any", "callback.any", "numbers.any"]
    assert {line["state"] for line in checks(ended).values()} == {"fine"}
    assert "no setup “default” yet" in checks(ended)["setup.file"]["text"]
    assert not list(connected.states.glob("*.json")), "nothing was written"


@pytest.mark.parametrize("platform", ["legacy", "universal"])
def test_after_a_setup_it_reads_what_was_made_and_sends_only_gets(runner: CliRunner, platform: Any) -> None:
    with RunningSimulator(Settings(platform=platform)) as simulator:
        runner.connect(simulator).example()
        assert runner.run("apply", "setup.toml", "--yes").exit == 0
        let_time_pass(runner.states)
        before = len(log(simulator.origin))
        ended = runner.run("doctor", "--json").told()
        sent = log(simulator.origin)[before:]
    assert {f"{each['method']} {each['path']}" for each in sent if each["method"] != "GET"} == {
        "POST /api/v1/oauth2/token"
    }
    found = checks(ended)
    assert {
        name: line for name, line in found.items() if name.startswith("step.") and line["state"] != "fine"
    } == {}
    assert {"step.site", "step.sippeer", "step.messaging_link", "step.voice_app"} <= set(found)
    assert found["numbers.calls"]["state"] == "fine"
    assert found["numbers.messages"]["text"].startswith("Messages from +1 (919) ")


def test_what_somebody_took_away_will_stop_messages(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    assert connected.run("apply", "setup.toml", "--yes").exit == 0
    next(iter(simulator.account.peers())).messaging_app_id = None
    let_time_pass(connected.states)
    ended = connected.run("doctor", "--json").told()
    assert ended.exit == 4
    assert stopped(ended) == {"step.messaging_link": "Assign messaging", "numbers.messages": "messages"}


def test_without_credentials_it_goes_on_with_what_needs_none(connected: CliRunner) -> None:
    for name in ("BW_CLIENT_ID", "BW_CLIENT_SECRET"):
        connected.environ.pop(name)
    ended = connected.run("doctor", "--json").told()
    assert ended.exit == 2
    assert stopped(ended) == {"auth.given": "everything"}
    assert checks(ended)["net.connection"]["state"] == "fine"
    for name in ON_THE_ACCOUNT:
        assert checks(ended)[name]["text"] == "not looked at because there are no credentials"


def test_refused_credentials_are_told_and_nothing_behind_them_is_tried(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    connected.environ["BW_CLIENT_SECRET"] = "wrong"
    ended = connected.run("doctor", "--json").told()
    assert ended.exit == 2
    assert stopped(ended) == {"auth.token": "everything"}
    assert not any("/accounts/" in each["path"] for each in log(simulator.origin))


def test_a_server_that_is_not_there_is_unreachable(connected: CliRunner, simulator: RunningSimulator) -> None:
    connected.environ["BW_API_URL"] = "http://127.0.0.1:1/api"
    ended = connected.run("doctor", "--json").told()
    assert ended.exit == 5
    assert stopped(ended) == {"net.connection": "everything"}
    assert checks(ended)["auth.token"]["text"] == "not looked at because Bandwidth is not reached"
    assert log(simulator.origin) == []


def test_another_account_than_the_credentials_is_told(connected: CliRunner) -> None:
    connected.environ["BW_ACCOUNT_ID"] = "1234567"
    ended = connected.run("doctor", "--json").told()
    assert ended.exit in (2, 4)
    assert stopped(ended) == {"account.access": "everything"}


def test_a_missing_feature_stops_its_step(runner: CliRunner) -> None:
    with RunningSimulator(Settings(missing_products=frozenset({"SMS"}))) as simulator:
        ended = runner.connect(simulator).run("doctor", "--json").told()
    assert ended.exit == 4
    assert stopped(ended) == {"account.features": "SMS"}


def test_the_account_is_taken_from_the_credentials_where_none_is_given(connected: CliRunner) -> None:
    connected.environ.pop("BW_ACCOUNT_ID")
    ended = connected.run("doctor", "--json").told()
    assert ended.exit == 0, ended.out
    assert checks(ended)["account.id"]["text"] == "9900000, the only one that the credentials name"


def test_basic_needs_no_token_on_a_server_of_ones_own(runner: CliRunner, simulator: RunningSimulator) -> None:
    ended = runner.connect(simulator, BASIC).run("doctor", "--json").told()
    assert stopped(ended) == {"account.platform": "Assign voice"}, (
        "only a token tells the platform of a legacy account"
    )
    assert checks(ended)["auth.token"]["text"] == "none is needed with HTTP Basic"
    assert checks(ended)["auth.basic"]["text"] == "taken by this server"


def test_a_damaged_file_is_told_and_left(connected: CliRunner) -> None:
    connected.states.mkdir(parents=True, exist_ok=True)
    (connected.states / "default.json").write_text("{", encoding="utf-8")
    ended = connected.run("doctor", "--json").told()
    assert stopped(ended) == {"setup.file": "everything"}
    assert ended.exit == 4
    assert (connected.states / "default.json").read_text(encoding="utf-8") == "{"


def test_a_server_in_trouble_is_no_verdict_on_the_account(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    fault(simulator, '[[fault]]\npath = "/accounts/*/products"\naction = "answer"\nstatus = 403\n')
    ended = connected.run("doctor", "--json").told()
    assert ended.exit == 0, ended.out


def set_up(runner: CliRunner, messages: str, calls: str) -> None:
    """Apply the guide's example with these callback URLs."""
    runner.example(
        ('callback_url = "https://yourSecureSite.com/callbacks"', f'callback_url = "{messages}"'),
        (
            'call_initiated_url = "https://yourSecureSite.com/callbacks/init"',
            f'call_initiated_url = "{calls}"',
        ),
        ('call_status_url = "https://yourSecureSite.com/callbacks/status"', f'call_status_url = "{calls}"'),
    )
    assert runner.run("apply", "setup.toml", "--yes").exit == 0
    let_time_pass(runner.states)


def test_each_callback_url_gets_a_sample_event(connected: CliRunner) -> None:
    port = free_port()
    url = f"http://127.0.0.1:{port}/callbacks"
    set_up(connected, url, f"{url}/calls")
    with Listen(connected, port=port) as listen:
        ended = connected.run("doctor", "--json").told()
        came = [listen.next(), listen.next()]
    told = [line["state"] for line in ended.events if line.get("check") == "callback.fine"]
    assert told == ["fine", "fine"]
    assert {event["kind"] for event in came} == {"message", "voice"}
    assert all("bwtui-check" in str(event["body"]) for event in came)


def test_a_doubt_about_a_callback_url_is_told_and_stops_nothing(connected: CliRunner) -> None:
    set_up(connected, f"http://127.0.0.1:{free_port()}/callbacks", "https://yourSecureSite.com/init")
    ended = connected.run("doctor", "--json").told()
    assert set(stopped(ended)) == {"numbers.messages"}, "the number has no campaign; that is all"
    found = checks(ended)
    assert found["callback.answers"]["state"] == "unknown"
    assert "the connection was refused" in found["callback.answers"]["text"]
    assert "yourSecureSite.com/init" in found["callback.any"]["text"], (
        "nobody's server is asked for a simulated account"
    )
    names = list(found)
    assert names.index("step.voice_app") < names.index("callback.answers") < names.index("numbers.messages")


def test_in_a_pipe_it_is_plain_and_each_line_has_its_sign_its_name_and_its_word(connected: CliRunner) -> None:
    ended = connected.run("doctor").told()
    assert re.search(r"^✓ net\.dns +fine +\S", ended.out, re.MULTILINE)
    assert "\nCredentials\n" in ended.out
    assert "\x1b" not in ended.out + ended.err
    assert "Nothing was changed." in ended.err


def test_no_secret_is_told_or_written(runner: CliRunner) -> None:
    with RunningSimulator(Settings(client_secret=CLIENT)) as simulator:
        runner.connect(simulator, {"BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": CLIENT})
        right = [runner.run("doctor"), runner.run("doctor", "--json")]
        wrong = runner.run("doctor", "--client-id", "other")
        tokens = list(simulator.account.tokens)
    for ended in (*right, wrong):
        assert not found_in((ended.out + ended.err).encode(), tokens)
    assert not found_below(runner.home, tokens)
    assert wrong.exit == 2
