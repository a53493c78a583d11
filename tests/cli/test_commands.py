"""The command line's main job, and every command around it, as real processes against a simulator on a socket."""

import json
import pkgutil
import re
import shutil
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib import import_module
from typing import Any
from urllib.parse import parse_qsl

import httpx
import pytest

from bwtui import __version__
from bwtui.cli import commands
from bwtui.cli.command_table import COMMANDS
from bwtui.cli.main import WIZARD, module_of
from bwtui.cli.shared_options import ENVIRONMENTS, PLATFORMS, SHARED
from bwtui.domain import catalog
from bwtui.domain.answers.answers import PLATFORM_KEY
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Choice
from bwtui.domain.runs.bookmark import Bookmark
from bwtui.domain.runs.setup import Setup
from bwtui.domain.values.phone_numbers import readable
from bwtui.exits import MEANING
from bwtui.simulator.server import RunningSimulator
from bwtui.store.state import StateFile
from support.cli_runner import (
    BASIC,
    NO_NETWORK,
    OAUTH,
    SECONDS,
    CliRunner,
    Completed,
    fault,
    held,
    log,
    one_of_each,
    writes,
)
from support.guide import let_time_pass

OUTPUTS = {"site_id", "sippeer_id", "messaging_app_id", "voice_app_id", "order_id", "numbers"}
NOT_HERE = "voice_package_id"
"""The output that a legacy account has not: it is named all the same."""
NO_SOCKETS = (sys.executable, "-c", NO_NETWORK)


@dataclass(frozen=True, kw_only=True)
class Done:
    """A runner that has set everything up, its simulator, and the result of apply."""

    runner: CliRunner
    simulator: RunningSimulator
    apply: Completed


@pytest.fixture(scope="module")
def done(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Done]:
    """One setup for the tests that only look at it."""
    with RunningSimulator() as simulator:
        runner = CliRunner(home=tmp_path_factory.mktemp("done")).connect(simulator)
        runner.example()
        yield Done(
            runner=runner, simulator=simulator, apply=runner.run("apply", "setup.toml", "--yes", "--json")
        )


# --- apply -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("credentials", [OAUTH, BASIC], ids=["OAuth2", "Basic"])
def test_the_main_job_makes_one_of_each_and_once_more_writes_nothing(
    runner: CliRunner, simulator: RunningSimulator, credentials: dict[str, str]
) -> None:
    runner.environ = {"BW_ACCOUNT_ID": "9900000", **credentials}
    template = runner.run("template", "--example").told()
    assert (template.exit, template.err) == (0, "")
    runner.write(template.out)
    # Basic has no roles that tell a legacy account from one without the role for voice packages.
    says = ("--platform", "legacy") if credentials is BASIC else ()
    command = ("apply", "setup.toml", "--base-url", simulator.base_url, "--yes", "--json", *says)

    first = runner.run(*command).told()
    assert first.exit == 0, first.err
    one_of_each(simulator.origin)
    state = held(simulator.origin)
    applications = {item["service_type"]: item["id"] for item in state["applications"]}
    assert first.outputs == {
        "site_id": state["sites"][0]["id"],
        "sippeer_id": state["sippeers"][0]["id"],
        "messaging_app_id": applications["Messaging-V2"],
        "voice_app_id": applications["Voice-V2"],
        NOT_HERE: None,
        "order_id": state["orders"][0]["id"],
        "numbers": [f"+1{state['numbers'][0]['tn']}"],
    }

    before = writes(simulator.origin)
    assert len(before) == 9
    again = runner.run(*command).told()
    assert again.exit == 0, again.err
    assert writes(simulator.origin) == before
    assert again.outputs == first.outputs
    tokens = [entry for entry in log(simulator.origin) if entry["path"].endswith("/oauth2/token")]
    assert len(tokens) == (2 if credentials == OAUTH else 0), "one token a run, none for Basic"


def test_the_lines_of_json_are_objects_and_the_last_is_the_result(done: Done) -> None:
    assert all(event["v"] == 1 and event["event"] for event in done.apply.events)
    names = [event["event"] for event in done.apply.events]
    assert names.count("result") == 1
    assert names[-1] == "result"
    assert {"action", "started", "ordered", "finished", "verified"} <= set(names)
    assert done.apply.result["status"] == "done"
    assert done.apply.result["exit"] == 0
    assert set(done.apply.outputs) == {*OUTPUTS, NOT_HERE}
    assert done.apply.outputs[NOT_HERE] is None


def test_a_finished_order_names_its_numbers_among_its_outputs_as_one_text(done: Done) -> None:
    [number] = done.apply.outputs["numbers"]
    wanted = {"order_id": done.apply.outputs["order_id"], "numbers": number.removeprefix("+1")}
    told = done.runner.run("status", "--json").told()
    for event, events in (("finished", done.apply.events), ("step", told.events)):
        [outputs] = [
            each["outputs"] for each in events if (each["event"], each.get("step")) == (event, "number")
        ]
        assert outputs == wanted


def test_messages_for_people_are_not_json_and_go_to_stderr(done: Done) -> None:
    assert "Everything was read back and is as it should be." in done.apply.err
    for line in done.apply.err.splitlines():
        with pytest.raises(json.JSONDecodeError):
            json.loads(line)


def test_without_json_stdout_has_the_ids_and_nothing_else(done: Done) -> None:
    ended = done.runner.run("apply", "setup.toml", "--yes").told()
    assert ended.exit == 0
    told = dict(line.split("=") for line in ended.out.splitlines())
    assert told == {
        name: value if isinstance(value, str) else ",".join(value)
        for name, value in done.apply.outputs.items()
        if value
    }


def test_a_development_python_has_nothing_to_complain_about(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    strict = (sys.executable, "-X", "dev", "-W", "error", "-m", "bwtui")
    ended = connected.run("apply", "setup.toml", "--yes", launcher=strict).told()
    assert ended.exit == 0, ended.err
    assert "Warning" not in ended.err
    one_of_each(simulator.origin)


def test_answers_come_from_standard_input_too(connected: CliRunner, simulator: RunningSimulator) -> None:
    ended = connected.run("apply", "-", "--yes", typed=(connected.home / "setup.toml").read_bytes()).told()
    assert ended.exit == 0, ended.err
    one_of_each(simulator.origin)


def test_two_setups_stand_side_by_side_under_their_names(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    assert connected.run("apply", "setup.toml", "--yes", "--name", "one").told().exit == 0
    connected.example(
        ('"SetupTest"', '"Second"'), ('"Production Server"', '"Second"'), ('"Setup Test Voice"', '"Second V"')
    )
    assert connected.run("apply", "setup.toml", "--yes", "--name", "two").told().exit == 0
    assert {site["name"] for site in held(simulator.origin)["sites"]} == {"SetupTest", "Second"}
    first, second = (connected.run("status", "--json", "--name", name).outputs for name in ("one", "two"))
    assert first["site_id"] != second["site_id"]


# --- plan ------------------------------------------------------------------------------------------------------


def test_plan_needs_neither_network_nor_credentials_nor_an_account(runner: CliRunner) -> None:
    runner.example()
    ended = runner.run("plan", "setup.toml", launcher=NO_SOCKETS).told()
    assert ended.exit == 0, ended.err
    assert "POST https://api.bandwidth.com/api/accounts/{account_id}/sites" in ended.out.splitlines()
    assert not runner.states.exists(), "it keeps nothing"


def test_plan_lists_exactly_the_requests_that_apply_then_sends(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    plan = connected.run("plan", "setup.toml", "--json").told()
    assert plan.exit == 0, plan.err
    assert log(simulator.origin) == []
    applied = connected.run("apply", "setup.toml", "--yes", "--json").told()
    assert applied.exit == 0, applied.err

    planned = [event for event in plan.events if event["event"] == "request"]
    assert plan.result["status"] == "planned"
    assert Counter(_planned(event, applied.outputs) for event in planned) == Counter(
        _seen(entry) for entry in log(simulator.origin) if not _unplanned(entry)
    )
    assert [event["path"] for event in planned if event["costs"]] == ["/accounts/9900000/orders"]


def _planned(event: dict[str, Any], ids: dict[str, Any]) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return event["method"], event["path"].format(**ids), tuple(sorted(event["query"].items()))


def _seen(entry: dict[str, Any]) -> tuple[str, str, tuple[tuple[str, str], ...]]:
    return entry["method"], entry["path"].removeprefix("/api"), tuple(sorted(parse_qsl(entry["query"])))


def _unplanned(entry: dict[str, Any]) -> bool:
    """Tokens, and the order's status, which is read until it is final."""
    watched = entry["method"] == "GET" and re.search(r"/orders/[^/]+$", entry["path"])
    return bool(watched) or entry["path"].endswith("/oauth2/token")


def test_plan_says_that_voice_may_be_set_up_otherwise_and_how_to_see_that(runner: CliRunner) -> None:
    runner.example()
    asked = runner.run("plan", "setup.toml", launcher=NO_SOCKETS).told()
    assert "GET https://api.bandwidth.com/v2/accounts/{account_id}/voiceConfigurationPackages" in asked.out
    assert "origination/settings" in asked.out
    assert "--platform universal shows that" in " ".join(asked.err.split())
    shown = runner.run("plan", "setup.toml", "--platform", "universal", launcher=NO_SOCKETS).told()
    assert shown.exit == 0, shown.err
    assert "--platform universal" not in shown.err
    assert "origination/settings" not in shown.out
    lines = shown.out.splitlines()
    assert "POST https://api.bandwidth.com/api/v2/accounts/{account_id}/sites" in lines
    assert "POST https://api.bandwidth.com/v2/accounts/{account_id}/voiceConfigurationPackages" in lines
    assert "POST https://api.bandwidth.com/api/v2/accounts/{account_id}/serviceActivation" in lines
    legacy = runner.run("plan", "setup.toml", "--platform", "legacy", launcher=NO_SOCKETS).told()
    assert "voiceConfigurationPackages" not in legacy.out
    assert "--platform" not in legacy.err


def test_plan_shows_every_number_that_was_named_and_says_once_that_it_costs_money(
    connected: CliRunner,
) -> None:
    connected.example(
        ('area_code = "919"', 'numbers = "919-555-1003, (919) 555\u20111004, tel:+19195551005"')
    )
    ended = connected.run("plan", "setup.toml").told()
    assert ended.exit == 0, ended.err
    ordered = re.findall(r"<TelephoneNumber>(.*?)</TelephoneNumber>", ended.out)
    assert ordered == ["9195551003", "9195551004", "9195551005"]
    assert ended.out.count("Numbers cost money each month") == 1
    runner = connected.run("plan", "setup.toml", "--json").told()
    (order,) = [event for event in runner.events if event["event"] == "request" and event["costs"]]
    assert "9195551003" in order["body"]
    assert "{chosen_numbers}" not in order["body"]


def test_sloppy_answers_are_sent_and_saved_as_they_are_meant(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    connected.example(
        ('state = "NC"', 'state = "nc"'), ('"27606"', '"27606 "'), ('"SetupTest"', '"Setup\u00a0Test\ufeff"')
    )
    connected.environ |= {
        "BW_ACCOUNT_ID": "9900000 \r", "BW_CLIENT_ID": " demo", "BW_CLIENT_SECRET": "\ufeffdemo-secret\r\n",
        "BW_API_URL": f"{simulator.origin.upper()}/",
    }  # fmt: skip
    ended = connected.run("apply", "setup.toml", "--yes").told()
    assert ended.exit == 0, ended.err
    (site,) = held(simulator.origin)["sites"]
    assert "Setup Test" in str(site)
    assert "NC" in str(site)
    assert connected.state["base_url"] == simulator.base_url
    assert connected.state["account_id"] == "9900000"
    assert connected.run("verify").told().exit == 0


@pytest.mark.parametrize(
    ("url", "code", "words"),
    [
        ("http://192.168.1.20/cb", 0, "Bandwidth cannot reach 192.168.1.20"),
        ("http://[::1]/cb", 0, "Bandwidth cannot reach ::1"),
        ("https://mybox.local/", 0, "Bandwidth cannot reach mybox.local"),
        ("https://host..tld/cb", 6, "The host host..tld has one dot too many."),
        ("https://host.tld\\cb", 6, "Remove the backslash"),
        ("https://host.tld:99999/cb", 6, "The port after the host must be a number from 1 to 65535."),
    ],
)
def test_a_doubtful_callback_host_is_warned_about_or_refused_in_words(
    connected: CliRunner, url: str, code: int, words: str
) -> None:
    connected.example(('"https://yourSecureSite.com/callbacks/init"', f"'{url}'"))
    ended = connected.run("plan", "setup.toml").told()
    assert ended.exit == code
    assert f"voice_app.call_initiated_url: {words}" in ended.err
    assert ended.err.startswith("! warning: ") is (code == 0)


def test_plan_and_apply_count_the_requests_in_their_number(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    plan = connected.run("plan", "setup.toml").told()
    counted = "29 requests: 9 change the account, 20 only look; 1 of them costs money. Nothing was sent.\n"
    assert plan.err.endswith(counted)
    first = connected.run("apply", "setup.toml", "--yes").told()
    assert "9 requests will change the account; 1 of them costs money.\n" in first.err
    next(iter(simulator.account.peers())).messaging_app_id = None
    let_time_pass(connected.states)
    again = connected.run("apply", "setup.toml", "--yes").told()
    assert "\n1 request will change the account.\n" in again.err
    assert "\nNothing on the account has to be changed.\n" in connected.run("apply", "setup.toml").told().err


def test_plan_after_apply_says_what_is_kept_and_writes_nothing(done: Done) -> None:
    ended = done.runner.run("plan", "setup.toml", "--json", launcher=NO_SOCKETS).told()
    assert ended.exit == 0
    methods = {event["method"] for event in ended.events if event["event"] == "request"}
    assert methods == {"GET"}
    paper = done.runner.run("plan", "setup.toml").told()
    assert "# = keep Phone number: done before" in paper.out.splitlines()


# --- status, verify, export ------------------------------------------------------------------------------------


def test_status_says_what_the_state_says_without_asking_anybody(done: Done) -> None:
    ended = done.runner.run("status", launcher=NO_SOCKETS).told()
    assert ended.exit == 0
    lines = ended.out.splitlines()
    assert len(lines) == 10
    assert all(" done" in line for line in lines[:-1])
    assert lines[-1].split() == ["–", "Assign", "campaign", "skipped"]
    [number] = done.apply.outputs["numbers"]
    assert f"✓ Phone number          done         {readable(number)}" in lines
    assert re.fullmatch(
        r"The account is on the legacy platform: the location carries the voice application\.\n"
        r"✓ Everything was read back and was as it should be\.\n"
        r"Verified \d{4}-\d\d-\d\d \d\d:\d\d UTC \((just now|\d minutes? ago)\)\.\n",
        ended.err,
    )
    as_json = done.runner.run("status", "--json").told()
    assert as_json.result["status"] == "done"
    assert as_json.outputs == done.apply.outputs


def test_verify_reads_everything_back_and_writes_nothing(done: Done) -> None:
    before = writes(done.simulator.origin)
    ended = done.runner.run("verify", "--json").told()
    assert ended.exit == 0, ended.err
    assert [event["ok"] for event in ended.events if event["event"] == "verified"] == [True] * 9
    assert ended.result["status"] == "done"
    assert ended.outputs == done.apply.outputs
    assert writes(done.simulator.origin) == before


def test_verify_finds_a_link_that_somebody_took_away(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    assert connected.run("apply", "setup.toml", "--yes").exit == 0
    next(iter(simulator.account.peers())).messaging_app_id = None
    let_time_pass(connected.states)
    ended = connected.run("verify").told()
    assert ended.exit == 1
    assert re.search(r"^✗ Assign messaging +not verified +\S", ended.err, re.MULTILINE)
    assert "To set it right, run apply again: bwtui apply FILE\n" in ended.err
    assert connected.run("apply", "setup.toml", "--yes").told().exit == 0
    one_of_each(simulator.origin)


@pytest.mark.parametrize(
    "command", [("status",), ("verify",), ("export", "--format", "env")], ids=lambda c: c[0]
)
def test_without_a_setup_it_says_what_to_do(connected: CliRunner, command: tuple[str, ...]) -> None:
    ended = connected.run(*command).told()
    assert ended.exit == 3
    assert ended.out == ""
    assert ended.err.strip() == (
        f"There is no setup in {connected.states} yet. Begin one with bwtui or bwtui apply FILE, "
        "or give another --state-dir."
    )


@pytest.mark.parametrize("behind", [True, False])
def test_two_flags_for_one_address_are_refused_unless_they_agree(
    connected: CliRunner, *, behind: bool
) -> None:
    connected.example()
    two = ("--environment", "test", "--base-url", "https://api.bandwidth.com")
    ended = connected.run(*(("plan", "setup.toml", *two) if behind else (*two, "plan", "setup.toml"))).told()
    assert ended.exit == 6
    assert "--environment test is https://test.api.bandwidth.com/api, and --base-url names" in ended.err
    same = ("--environment", "test", "--base-url", "https://test.api.bandwidth.com")
    assert connected.run("plan", "setup.toml", *same).told().exit == 0


def test_exported_variables_are_sourced_by_a_shell(done: Done) -> None:
    ended = done.runner.run("export", "--format", "env").told()
    assert (ended.exit, ended.err) == (0, "")
    done.runner.write(ended.out, "bw.env")
    names = "BW_ACCOUNT_ID BW_NUMBER BW_MESSAGING_APPLICATION_ID BW_VOICE_APPLICATION_ID BASE_CALLBACK_URL"
    script = f'set -aeu; . ./bw.env; for name in {names}; do eval echo "\\$$name"; done'
    shown = subprocess.run(
        ["sh", "-c", script], cwd=done.runner.home, env={"PATH": "/usr/bin:/bin"},
        capture_output=True, text=True, check=True, timeout=10,
    )  # fmt: skip
    outputs = done.apply.outputs
    assert shown.stdout.split() == [
        "9900000", outputs["numbers"][0], outputs["messaging_app_id"], outputs["voice_app_id"], "https://yourSecureSite.com",
    ]  # fmt: skip


def test_exported_json_has_the_account_and_all_ids(done: Done) -> None:
    content = json.loads(done.runner.run("export", "--format", "json").told().out)
    assert content["account_id"] == "9900000"
    assert content["base_url"] == done.simulator.base_url
    assert content["outputs"] == done.apply.outputs


def test_exported_markdown_has_every_id(done: Done) -> None:
    runbook = done.runner.run("export", "--format", "markdown").told().out
    outputs = done.apply.outputs
    assert runbook.startswith("# Bandwidth account 9900000")
    for wanted in (*(outputs[name] for name in OUTPUTS - {"numbers"}), *outputs["numbers"]):
        assert wanted in runbook


@pytest.mark.skipif(not shutil.which("curl"), reason="the script needs curl")
@pytest.mark.parametrize("credentials", [OAUTH, BASIC], ids=["OAuth2", "Basic"])
def test_the_exported_script_sends_a_message_and_places_a_call(
    done: Done, credentials: dict[str, str]
) -> None:
    done.runner.write(done.runner.run("export", "--format", "curl").told().out, "first.sh")
    before = held(done.simulator.origin)
    shown = subprocess.run(
        ["sh", "first.sh", "+19195550123"], cwd=done.runner.home,
        env={"PATH": "/usr/bin:/bin", **credentials}, capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stdout + shown.stderr
    codes = [line for line in shown.stdout.splitlines() if re.fullmatch(r"\d{3}", line)]
    assert codes == ["202", "201"]
    after = held(done.simulator.origin)
    assert len(after["events"]) > len(before["events"])
    assert {event["type"] for event in after["events"]} & {"message-delivered", "message-sending"}
    assert len(after["calls"]) == len(before["calls"]) + 1


def test_an_unfinished_setup_is_exported_with_a_word_about_it(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    fault(
        simulator,
        '[[fault]]\nmethod = "POST"\npath = "/accounts/*/applications"\naction = "answer"\nstatus = 400\ntimes = 0',
    )
    applied = connected.run("apply", "setup.toml", "--yes", "--json").told()
    assert applied.exit == 1
    assert applied.result["status"] == "failed"
    made = {name for name, value in applied.outputs.items() if value}
    assert made == {"site_id", "sippeer_id", "order_id", "numbers"}
    assert set(applied.outputs) == {*OUTPUTS, NOT_HERE}, "what is not there is named all the same"
    ended = connected.run("export", "--format", "json").told()
    assert ended.exit == 1
    assert (
        "Not finished yet: Messaging application, Assign messaging, Voice application, Assign voice."
        in ended.err
    )
    assert json.loads(ended.out)["outputs"]["voice_app_id"] is None
    status = connected.run("status", "--json").told()
    assert (status.exit, status.result["status"]) == (1, "incomplete")


def test_status_speaks_of_each_step_in_one_word_and_says_how_to_continue(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    fault(
        simulator,
        '[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "answer"\nstatus = 400\ntimes = 0',
    )
    folder = connected.home / "kept here"
    named = ("--name", "acme", "--state-dir", str(folder))
    applied = connected.run("apply", "setup.toml", "--yes", *named).told()
    assert applied.exit == 1
    assert "Run the same command again to continue: what is done stays done." in applied.err
    status = connected.run("status", *named).told()
    lines = status.out.splitlines()
    assert lines[0] == "✗ Sub-account           failed"
    assert lines[1] == "○ Location              to do"
    assert lines[5].startswith("! Messaging application applied      ")
    last = f"--name acme --state-dir '{folder}'"
    assert status.err.splitlines()[-1] == (
        f"To continue, run bwtui apply FILE {last}, or the wizard: bwtui {last}"
    )


# --- simulate --------------------------------------------------------------------------------------------------


def test_the_simulators_help_names_everything_that_changes_it(runner: CliRunner) -> None:
    told = runner.run("simulate", "--help").out
    for name in (
        "--port",
        "--host",
        "--latency",
        "--platform",
        "--faults",
        "--tunnel",
        "--account-id",
        "--user",
        "4476",
        "0486",
        "/_simulator/inbound/message",
        "/_simulator/inbound/call",
        "BWTUI_SIMULATOR_SECRET",
    ):
        assert name in told


@pytest.mark.parametrize(("platform", "status"), [((), 403), (("--platform", "universal"), 200)])
def test_the_simulator_has_the_platform_and_the_switches_that_it_is_given(
    runner: CliRunner, platform: tuple[str, ...], status: int
) -> None:
    runner.write("[switches]\npackage_page = 7", "faults.toml")
    process = runner.start("simulate", "--port", "0", "--faults", "faults.toml", *platform)
    try:
        assert process.stdout
        origin = process.stdout.readline().split()[-1].removesuffix("/api")
        url = f"{origin}/v2/accounts/9900000/voiceConfigurationPackages"
        reply = httpx.get(url, auth=("demo", "demo-secret"))
        assert reply.status_code == status
        assert status != 200 or reply.json()["page"]["pageSize"] == 7
    finally:
        process.kill()
        process.communicate(timeout=SECONDS)


@pytest.mark.parametrize("which", [signal.SIGINT, signal.SIGTERM], ids=str)
def test_the_simulator_alone_is_used_as_it_announces_itself_and_ends_when_asked(
    runner: CliRunner, which: signal.Signals
) -> None:
    runner.example()
    runner.write(
        '[[fault]]\nmethod = "POST"\npath = "/accounts/*/sites"\naction = "cut-after"', "faults.toml"
    )
    process = runner.start(
        *(
            "simulate",
            "--port",
            "0",
            "--faults",
            "faults.toml",
            "--account-id",
            "55",
            "--user",
            "me",
            "--latency",
            "5",
        ),
        BWTUI_SIMULATOR_SECRET="of-my-own",
    )
    try:
        assert process.stdout
        announced: dict[str, str] = {}
        while "BW_CLIENT_SECRET" not in announced:
            line = process.stdout.readline()
            assert line, "it ended before it was ready"
            if line.startswith("export "):
                name, _, value = line.removeprefix("export ").strip().partition("=")
                announced[name] = value
        assert {announced[name] for name in ("BW_ACCOUNT_ID", "BW_CLIENT_ID", "BW_CLIENT_SECRET")} == {
            "55",
            "me",
            "of-my-own",
        }
        runner.environ = announced
        applied = runner.run("apply", "setup.toml", "--yes").told()
        assert applied.exit == 0, applied.err
        origin = announced["BW_API_URL"].removesuffix("/api")
        one_of_each(origin)
        assert [entry["fault"] for entry in log(origin) if entry["fault"]] == ["cut-after"]
        process.send_signal(which)
        assert process.wait(SECONDS) == 0
    finally:
        process.kill()
        _, err = process.communicate(timeout=SECONDS)
    assert err == ""


# --- template, completion, --help, --version -------------------------------------------------------------------


def test_version_is_one_line(runner: CliRunner) -> None:
    ended = runner.run("--version", launcher=NO_SOCKETS).told()
    assert (ended.exit, ended.out, ended.err) == (0, f"bwtui {__version__}\n", "")


def test_help_lists_every_command_and_exit_code(runner: CliRunner) -> None:
    ended = runner.run("--help", launcher=NO_SOCKETS, COLUMNS="80").told()
    assert (ended.exit, ended.err) == (0, "")
    for command in COMMANDS:
        assert re.search(rf"^    {command}\b", ended.out, re.MULTILINE)
    assert max(map(len, ended.out.splitlines())) <= 80
    for code, meaning in MEANING.items():
        assert re.search(rf"^ +{int(code)}  {re.escape(meaning)}$", ended.out, re.MULTILINE)


@pytest.mark.parametrize("command", ["plan", "apply"])
def test_a_command_without_its_file_says_how_to_get_one(runner: CliRunner, command: str) -> None:
    ended = runner.run(command).told()
    assert (ended.exit, ended.out) == (6, "")
    usage, told = ended.err.splitlines()
    assert usage == f"usage: bwtui {command} [options] FILE"
    assert told.endswith("Which file? bwtui template > setup.toml writes one to fill in.")


def test_a_template_fits_into_80_columns(runner: CliRunner) -> None:
    for options in ((), ("--example",)):
        assert max(map(len, runner.run("template", *options).out.splitlines())) < 80


def test_verify_of_a_setup_that_was_only_begun_says_that_nothing_is_set_up(runner: CliRunner) -> None:
    StateFile(runner.states).save(Setup(account_id="", base_url="", bookmark=Bookmark(place="site")))
    ended = runner.run("verify").told()
    assert ended.exit == 3
    assert ended.err.strip() == "Nothing is set up here yet: bwtui starts the wizard."


def test_every_module_of_the_folder_is_a_command_that_can_be_typed() -> None:
    assert {module.name for module in pkgutil.iter_modules(commands.__path__)} == {
        module_of(command).rpartition(".")[2] for command in (*COMMANDS, WIZARD)
    }


def test_the_options_have_the_environments_and_platforms_of_the_catalogue() -> None:
    platform = QUESTIONS[PLATFORM_KEY]
    assert isinstance(platform, Choice)
    assert (tuple(catalog.ENVIRONMENTS), platform.options) == (ENVIRONMENTS, PLATFORMS)


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_takes_the_shared_options_that_it_asks_for(command: str) -> None:
    wanted = import_module(module_of(command)).Options._fields
    assert set(COMMANDS[command].shared) == SHARED.keys() & set(wanted)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_and_no_option_for_a_secret(runner: CliRunner, command: str) -> None:
    ended = runner.run(command, "--help").told()
    assert (ended.exit, ended.err) == (0, "")
    assert ended.out.startswith(f"usage: bwtui {command}")
    options = set(re.findall(r"--[a-z-]+", ended.out))
    assert not {"--client-secret", "--password", "--secret"} & options


@pytest.mark.parametrize(
    "words", [("--client-secret", "hunter2"), ("--password=hunter2",), ("--client-s", "hunter2")]
)
def test_a_secret_on_the_command_line_is_not_taken_for_a_file_and_shown(
    runner: CliRunner, words: tuple[str, ...]
) -> None:
    runner.example()
    ended = runner.run("apply", "setup.toml", *words).told()
    assert ended.exit == 6
    assert "there is no option --" in ended.err
    assert "hunter2" not in ended.err


def test_help_says_first_that_bwtui_alone_is_the_wizard(runner: CliRunner) -> None:
    usage, blank, about, *_ = runner.run("--help", COLUMNS="80").out.partition("\n\n")
    assert usage.startswith("usage: bwtui [options]          start the wizard, or continue")
    assert (blank, about.splitlines()[0][:43]) == ("\n\n", "bwtui alone starts or continues the wizard,")


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("acem", "Did you mean acme? The setups: acme, default, other."),
        ("oth", "Did you mean other? The setups: acme, default, other."),
        ("zzz", "There is no setup “zzz” in {folder}. The setups: acme, default, other."),
    ],
)
@pytest.mark.parametrize("command", ["status", "verify", "export --format env"])
def test_a_wrong_name_lists_the_setups_that_exist_and_the_nearest(
    connected: CliRunner, command: str, name: str, words: str
) -> None:
    connected.states.mkdir()
    for setup in ("default", "acme", "other"):
        (connected.states / f"{setup}.json").touch()
    ended = connected.run(*command.split(), "--name", name).told()
    assert ended.exit == 3
    assert words.format(folder=connected.states) in ended.err


def test_the_same_options_stand_before_a_command_and_behind_it_and_the_later_counts(done: Done) -> None:
    for arguments in (
        ("--name", "x", "status"),
        ("status", "--name", "x"),
        ("--name", "y", "status", "--name", "x"),
    ):
        ended = done.runner.run(*arguments).told()
        assert ended.exit == 3
        assert "There is no setup “x” in " in ended.err
        assert "The setups: default." in ended.err
    for good in (("--name", "x", "status", "--name", "default"), ("status",)):
        assert done.runner.run(*good).told().exit == 0
    (before, behind) = (
        done.runner.run(*arguments, "--json").told().events
        for arguments in (
            ("--account-id", "42", "plan", "setup.toml"),
            ("plan", "setup.toml", "--account-id", "42"),
        )
    )
    assert before == behind
    assert any(event.get("path") == "/accounts/42" for event in before)


def test_the_template_is_an_answers_file_that_asks_for_what_is_required(runner: CliRunner) -> None:
    ended = runner.run("template", launcher=NO_SOCKETS).told()
    assert (ended.exit, ended.err) == (0, "")
    runner.write(ended.out)
    refused = runner.run("plan", "setup.toml").told()
    assert refused.exit == 6
    assert re.search(r"^setup\.toml:\d+: site\.name: Name is needed", refused.err, re.MULTILINE)


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish", "tcsh"])
def test_a_completion_script_knows_the_commands_and_is_valid(runner: CliRunner, shell: str) -> None:
    ended = runner.run("completion", shell).told()
    assert (ended.exit, ended.err) == (0, "")
    assert all(command in ended.out for command in COMMANDS)
    if shutil.which(shell) and shell != "tcsh":
        script = runner.home / runner.write(ended.out, f"completion.{shell}")
        subprocess.run([shell, "-n", script], check=True, timeout=10)


# --- Readers that leave ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "command",
    [("template",), ("plan", "setup.toml"), ("completion", "bash"), ("--help",), ("status",), ("export", "--format", "json")],
    ids=lambda command: command[0],
)  # fmt: skip
def test_a_reader_that_leaves_causes_no_traceback(done: Done, command: tuple[str, ...]) -> None:
    script = f"{sys.executable} -m bwtui {' '.join(command)} | true"
    shown = subprocess.run(
        ["sh", "-c", script], cwd=done.runner.home, env=done.runner.variables(),
        capture_output=True, text=True, check=False, timeout=20,
    )  # fmt: skip
    assert shown.returncode == 0
    assert not shown.stdout
    assert "Traceback" not in shown.stderr
    assert "Exception ignored" not in shown.stderr
    assert "Broken pipe" not in shown.stderr


@pytest.mark.parametrize("redirection", ["", "2>&1"], ids=["stdout", "both streams"])
def test_a_reader_that_leaves_while_applying_loses_nothing(
    connected: CliRunner, simulator: RunningSimulator, redirection: str
) -> None:
    script = f'"$0" -m bwtui apply setup.toml --yes --json {redirection} | head -1 > first; cat first'
    shown = subprocess.run(
        ["sh", "-c", script, sys.executable], cwd=connected.home, env=connected.variables(),
        capture_output=True, text=True, check=True, timeout=30,
    )  # fmt: skip
    assert len(shown.stdout.splitlines()) == 1
    assert "Traceback" not in shown.stdout + shown.stderr
    let_time_pass(connected.states)  # what was cut off might still take effect for a while
    again = connected.run("apply", "setup.toml", "--yes").told()
    assert again.exit == 0, again.err
    one_of_each(simulator.origin)


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
def test_closed_streams_are_no_trouble(
    connected: CliRunner, simulator: RunningSimulator, closed: str
) -> None:
    shown = subprocess.run(
        ["sh", "-c", f'"$0" -m bwtui apply setup.toml --yes {closed}', sys.executable],
        cwd=connected.home, env=connected.variables(), capture_output=True, text=True, check=False, timeout=30,
    )  # fmt: skip
    assert "Traceback" not in shown.stderr
    assert shown.returncode == 0, shown.stderr
    one_of_each(simulator.origin)


def test_a_full_disk_behind_stdout_is_told_in_a_sentence(runner: CliRunner) -> None:
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device, not a path of ours
        shown = subprocess.run(
            [sys.executable, "-m", "bwtui", "template"], env=runner.variables(),
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=10,
        )  # fmt: skip
    assert (shown.returncode, shown.stderr) == (1, "bwtui: No space left on device\n")


def test_a_full_disk_behind_what_was_verified_is_all_that_is_told_of_it(connected: CliRunner) -> None:
    assert connected.run("apply", "setup.toml", "--yes").exit == 0
    let_time_pass(connected.states)
    with open("/dev/full", "wb") as full:  # noqa: PTH123 - a device, not a path of ours
        shown = subprocess.run(
            [sys.executable, "-m", "bwtui", "verify", "--json"], env=connected.variables(),
            stdout=full, stderr=subprocess.PIPE, text=True, check=False, timeout=30,
        )  # fmt: skip
    assert shown.returncode == 1
    assert shown.stderr.endswith("\nbwtui: No space left on device\n")
    assert "Stopped" not in shown.stderr


def test_apply_ends_with_what_is_known_not_to_arrive_and_where_the_rest_is_told(
    connected: CliRunner,
) -> None:
    shown = connected.run("apply", "setup.toml", "--yes").told()
    assert shown.exit == 0
    told = " ".join(shown.err.split())
    assert "is set up" in told
    assert "! Texts from +1 (919) 206-0033 will not reach US phones: on no campaign." in told, told
    assert "Whether messages and calls will arrive: bwtui verify" in told, told


def test_a_setup_without_a_number_says_so_at_its_end(connected: CliRunner) -> None:
    connected.example(("# number = true", "number = false"))
    shown = connected.run("apply", "setup.toml", "--yes").told()
    assert shown.exit == 0, shown.err
    assert "There is no phone number: messages and calls need one." in " ".join(shown.err.split())
