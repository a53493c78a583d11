"""No secret is kept, shown or passed on: canaries are looked for wherever a run leaves a trace."""

import base64
import json
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from support.cli_runner import SECONDS, STARTED, CliRunner, Completed, fault, held, log
from support.waiting import wait_until

CLIENT, BASIC, MESSAGING, VOICE = (
    "canary-client-77",
    "canary-basic-77",
    "canary-message-77",
    "canary-voice-77",
)
CREDENTIALS = {
    "OAuth2": {"BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": CLIENT},
    "Basic": {"BW_USERNAME": "demo", "BW_PASSWORD": BASIC},
}
CALLBACKS = {"BWTUI_MESSAGING_CALLBACK_PASSWORD": MESSAGING, "BWTUI_VOICE_CALLBACK_PASSWORD": VOICE}
HEADERS = [base64.b64encode(f"demo:{secret}".encode()).decode() for secret in (CLIENT, BASIC)]


@pytest.fixture
def guarded() -> Iterator[RunningSimulator]:
    """An account whose secrets are canaries, and whose orders stay RECEIVED for a while."""
    with RunningSimulator(Settings(client_secret=CLIENT, password=BASIC)) as running:
        yield running


@pytest.fixture(params=CREDENTIALS, ids=str)
def trusted(runner: CliRunner, guarded: RunningSimulator, request: pytest.FixtureRequest) -> CliRunner:
    """A runner with every secret in its environment."""
    runner.example(
        ("[messaging_app]", '[messaging_app]\ncallback_user = "Your-User-id"'),
        ("[voice_app]", '[voice_app]\ncallback_user = "Your-User-id"'),
    )
    return runner.connect(guarded, CREDENTIALS[request.param] | CALLBACKS)


def _told(ended: Completed) -> str:
    return ended.told().out + ended.err


def _is_clean(runner: CliRunner, simulator: RunningSimulator, *told: str) -> None:
    """Fail where a canary is in a file, in what was told or in the simulator's log."""
    traces = {"told": "\n".join(told), "log": json.dumps(log(simulator.origin))}
    traces |= {str(file): file.read_text("utf-8") for file in runner.home.rglob("*") if file.is_file()}
    assert any(name.endswith("default.json") for name in traces), "there is a state to look into"
    for name, content in traces.items():
        assert "canary" not in content, name
        assert not [header for header in HEADERS if header in content], name


def test_a_setup_leaves_no_secret_behind(trusted: CliRunner, guarded: RunningSimulator) -> None:
    told = [_told(trusted.run("plan", "setup.toml"))]
    applied = trusted.run("apply", "setup.toml", "--yes", "--json", "--platform", "legacy")
    assert applied.exit == 0, applied.err
    told.append(_told(applied))
    commands = [
        "apply setup.toml --yes", "status", "status --json", "verify --json", "plan setup.toml --json",
        *(f"export --format {name}" for name in ("env", "json", "curl", "markdown")),
    ]  # fmt: skip
    told += [_told(trusted.run(*command.split())) for command in commands]
    _is_clean(trusted, guarded, *told)
    creds = [application.creds["CallbackCreds"] for application in guarded.account.applications.values()]
    assert sorted(creds) == [("Your-User-id", MESSAGING), ("Your-User-id", VOICE)], "they reached the account"


def test_a_refusal_that_repeats_a_secret_does_not_show_it(
    trusted: CliRunner, guarded: RunningSimulator
) -> None:
    body = f"<R><ErrorList><Error><Code>12800</Code><Description>{MESSAGING} is bad</Description></Error></ErrorList></R>"
    fault(
        guarded,
        f'[[fault]]\nmethod = "POST"\npath = "/accounts/*/applications"\naction = "answer"\nstatus = 400\ntimes = 0\nbody = "{body}"',
    )
    refused = trusted.run("apply", "setup.toml", "--yes", "--json", BWTUI_VOICE_CALLBACK_PASSWORD=MESSAGING)
    assert refused.exit != 0
    assert " is bad" in refused.err
    fault(guarded, "")
    _is_clean(trusted, guarded, _told(refused), _told(trusted.run("status", "--json")))


@pytest.mark.parametrize("which", [signal.SIGKILL, signal.SIGTERM], ids=str)
def test_a_process_that_is_stopped_shows_no_secret_while_it_runs_or_afterwards(
    trusted: CliRunner, guarded: RunningSimulator, which: signal.Signals
) -> None:
    fault(guarded, '[[fault]]\naction = "order"\noutcome = "RECEIVED"')
    process = trusted.start("apply", "setup.toml", "--yes", "--json", launcher=STARTED)
    wait_until(lambda: bool(held(guarded.origin)["orders"]))
    arguments = Path(f"/proc/{process.pid}/cmdline")
    if arguments.exists():
        shown = arguments.read_bytes()
        assert b"setup.toml" in shown
        assert b"canary" not in shown
    process.send_signal(which)
    out, err = process.communicate(timeout=SECONDS)
    _is_clean(trusted, guarded, out, err, _told(trusted.run("status")))


def test_wrong_secrets_are_not_shown_either(runner: CliRunner, guarded: RunningSimulator) -> None:
    runner.example()
    told = []
    for credentials in CREDENTIALS.values():
        wrong = {name: value.replace("canary", "canary-wrong") for name, value in credentials.items()}
        runner.environ = {}
        refused = runner.connect(guarded, wrong).run("apply", "setup.toml", "--yes")
        assert refused.exit == 2
        told.append(_told(refused))
    _is_clean(runner, guarded, *told)


def test_secrets_come_from_a_file_or_standard_input(runner: CliRunner, guarded: RunningSimulator) -> None:
    runner.example()
    runner.connect(guarded, {"BW_CLIENT_SECRET": "not this one", "BW_PASSWORD": "nor this one"})
    (runner.home / "secret").write_text(f"{CLIENT}\nand a note\n")
    first = runner.run(
        "apply", "setup.toml", "--yes", "--client-id", "demo", "--client-secret-file", "secret"
    )
    assert first.told().exit == 0, first.err
    second = runner.run("verify", "--username", "demo", "--password-file", "-", typed=f"{BASIC}\n")
    assert second.told().exit == 0, second.err
    (runner.home / "secret").unlink()
    _is_clean(runner, guarded, first.out, first.err, second.out, second.err)
