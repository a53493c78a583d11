"""Canaries: no secret, whichever way a run ends, is anywhere but in the request that needs it."""

import base64
import signal
import sys
import termios
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import pytest

from bwtui.simulator.server import RunningSimulator
from bwtui.simulator.settings import Settings
from bwtui.store.answers_schema import schema
from support.cli_runner import SECONDS, CliRunner, fault, held
from support.listed import HURRIED, write_list
from support.pty_screen import screen
from support.waiting import wait_until
from trust.canaries import BASIC, CALLBACKS, CLIENT, MESSAGING, VOICE, WITH_CALLBACKS, found_below, found_in
from trust.sampling import Tried

LOGINS: Final = {
    "OAuth2": {"BW_CLIENT_ID": "demo", "BW_CLIENT_SECRET": CLIENT},
    "Basic": {"BW_USERNAME": "demo", "BW_PASSWORD": BASIC},
}
APPLY: Final = ("apply", "setup.toml", "--yes", "--json", "--platform", "legacy")
LINUX: Final = pytest.mark.skipif(sys.platform != "linux", reason="/proc is Linux's")

CRASH: Final = """
import sys
import bwtui.engine.provision as provision
async def crash(*_): raise RuntimeError("a fault of bwtui")
provision.Provision._outputs = crash
from bwtui.__main__ import main
sys.exit(main())
"""
"""A bwtui that has a fault in the middle of a run."""

NOISY: Final = {
    "PYTHONDEVMODE": "1",
    "PYTHONASYNCIODEBUG": "1",
    "PYTHONFAULTHANDLER": "1",
    "PYTHONWARNINGS": "ignore",
}
"""Whatever makes Python talkative."""


@pytest.fixture
def guarded() -> Iterator[RunningSimulator]:
    """An account whose secrets are canaries."""
    with RunningSimulator(Settings(client_secret=CLIENT, password=BASIC)) as running:
        yield running


@pytest.fixture(params=LOGINS, ids=str)
def trusted(runner: CliRunner, guarded: RunningSimulator, request: pytest.FixtureRequest) -> CliRunner:
    """A runner with every secret in its environment."""
    runner.example(*WITH_CALLBACKS)
    return runner.connect(guarded, LOGINS[request.param] | CALLBACKS)


def assert_clean(runner: CliRunner, simulator: RunningSimulator, *told: str) -> int:
    """Fail where a secret or an access token is in a file or in what was told; give in how many places was looked."""
    tokens = list(simulator.account.tokens)
    for words in told:
        assert not found_in(words.encode(), tokens)
    assert not found_below(runner.home, tokens)
    return len(told) + sum(1 for file in runner.home.rglob("*") if file.is_file())


@pytest.mark.parametrize("noise", [{}, NOISY], ids=["as usual", "with all that Python tells when asked to"])
def test_a_run_and_all_commands_after_it_tell_no_secret(
    trusted: CliRunner, guarded: RunningSimulator, tried: Tried, noise: dict[str, Any]
) -> None:
    trusted.environ |= noise
    applied = trusted.run(*APPLY)
    assert applied.exit == 0, applied.err
    commands = ["status", "status --json", "verify --json", "plan setup.toml", "plan setup.toml --json"]
    exports = [f"export --format {name}" for name in ("env", "json", "curl", "markdown")]
    ended = [trusted.run(*command.split()) for command in (*commands, *exports)]
    told = [words for one in (applied, *ended) for words in (one.out, one.err)]
    tried("canaries", assert_clean(trusted, guarded, *told))


def test_a_fault_of_bwtui_itself_tells_no_secret(
    trusted: CliRunner, guarded: RunningSimulator, tried: Tried
) -> None:
    for noise in ({}, NOISY):
        trusted.environ |= noise
        crashed = trusted.run(*APPLY, launcher=(sys.executable, "-c", CRASH))
        assert crashed.exit == 1
        assert "a fault of bwtui" in crashed.err
        tried("canaries", assert_clean(trusted, guarded, crashed.out, crashed.err))


def test_a_refusal_that_repeats_every_secret_tells_none(
    trusted: CliRunner, guarded: RunningSimulator, tried: Tried
) -> None:
    echo = base64.b64encode(f"demo:{CLIENT}".encode()).decode()
    body = f"<R><ErrorCode>12800</ErrorCode><Description><![CDATA[{MESSAGING} {CLIENT} {BASIC} {echo}]]></Description></R>"
    shown = LOGINS["OAuth2" if "BW_CLIENT_ID" in trusted.environ else "Basic"]
    ours = body if "BW_CLIENT_ID" in shown else body.replace(CLIENT, "").replace(echo, "")
    ours = ours if "BW_USERNAME" in shown else ours.replace(BASIC, "")
    fault(
        guarded,
        "[[fault]]\nmethod = 'POST'\npath = '/accounts/*/applications'\naction = 'answer'\nstatus = 400\n"
        f"times = 0\nbody = '''{ours}'''",
    )
    refused = trusted.run(*APPLY, BWTUI_VOICE_CALLBACK_PASSWORD=MESSAGING)
    assert refused.exit not in {0, 6}, refused.err
    assert "12800" in refused.out
    again = trusted.run("status", "--json")
    tried("canaries", assert_clean(trusted, guarded, refused.out, refused.err, again.out, again.err))


def test_a_list_of_setups_and_all_that_is_kept_of_it_tell_no_secret(
    runner: CliRunner, guarded: RunningSimulator, tried: Tried
) -> None:
    write_list(runner, 2)
    runner.example(*WITH_CALLBACKS)
    runner.connect(guarded, LOGINS["OAuth2"] | CALLBACKS)
    each = ("--each", "stores.csv")
    apply = ("apply", "setup.toml", *each, "--yes", "--results", "results.csv", "--log", "log.jsonl")
    body = f"<R><ErrorCode>12800</ErrorCode><Description><![CDATA[{MESSAGING} {CLIENT}]]></Description></R>"
    fault(
        guarded,
        "[[fault]]\nmethod = 'POST'\npath = '/accounts/*/applications'\naction = 'answer'\nstatus = 400\n"
        f"times = 0\nbody = '''{body}'''",
    )
    refused = runner.run(*apply, "--json", launcher=HURRIED, BWTUI_VOICE_CALLBACK_PASSWORD=MESSAGING)
    assert refused.exit not in {0, 6}, refused.err
    assert "12800" in refused.out
    looked = assert_clean(runner, guarded, refused.out, refused.err)
    fault(guarded, "")
    applied = runner.run(*apply, launcher=HURRIED)
    assert applied.exit == 0, applied.err
    exported = runner.run("export", *each, "--format", "env", "--out", "exports")
    assert exported.exit == 0, exported.err
    kept = {file.name for file in runner.home.rglob("*")}
    assert kept >= {"results.csv", "log.jsonl", "store-1.json", "store-2.json"}
    told = [words for one in (applied, exported) for words in (one.out, one.err)]
    tried("canaries", looked + assert_clean(runner, guarded, *told))
    creds = {application.creds["CallbackCreds"][1] for application in guarded.account.applications.values()}
    assert creds == {MESSAGING, VOICE}, "they reached the account"


def test_the_schema_is_the_same_whatever_secrets_are_in_the_environment(runner: CliRunner) -> None:
    runner.environ |= LOGINS["OAuth2"] | LOGINS["Basic"] | CALLBACKS
    shown = runner.run("template", "--schema").told()
    assert (shown.exit, shown.err) == (0, "")
    assert not found_in(shown.out.encode())
    assert shown.out == schema()


@LINUX
@pytest.mark.parametrize(
    "which", [signal.SIGKILL, signal.SIGABRT, signal.SIGSEGV, signal.SIGTERM, signal.SIGQUIT], ids=str
)
def test_a_run_under_way_shows_no_secret_and_however_it_is_ended_leaves_no_core(
    runner: CliRunner, guarded: RunningSimulator, tried: Tried, which: signal.Signals
) -> None:
    """The secret comes from a file here, so that it need not be in the environment either."""
    runner.example()
    runner.connect(guarded, {})
    (runner.home / "secret").write_text(CLIENT)
    fault(guarded, '[[fault]]\naction = "order"\noutcome = "RECEIVED"')
    launcher = ("/bin/sh", "-c", 'ulimit -c unlimited; exec "$0" "$@"', sys.executable, "-m", "bwtui")
    process = runner.start(
        *APPLY, "--client-id", "demo", "--client-secret-file", "secret", launcher=launcher, **NOISY
    )
    try:
        wait_until(lambda: bool(held(guarded.origin)["orders"]))
        _assert_shows_nothing(process.pid, guarded)
    finally:
        process.send_signal(which)
        out, err = process.communicate(timeout=SECONDS)
    (runner.home / "secret").unlink()
    tried("canaries", assert_clean(runner, guarded, out, err) + 2)
    assert not list(runner.home.glob("core*"))


def _assert_shows_nothing(pid: int, guarded: RunningSimulator) -> None:
    """Check what other processes of the same user can see, and what a crash would leave."""
    proc = Path(f"/proc/{pid}")
    assert b"setup.toml" in (proc / "cmdline").read_bytes()
    tokens = list(guarded.account.tokens)
    for shown in ("cmdline", "environ"):
        assert not found_in((proc / shown).read_bytes(), tokens)
    assert [task.read_text() for task in proc.glob("task/*/children")] == [""] * len(
        list(proc.glob("task/*"))
    )
    assert "Max core file size        0 " in (proc / "limits").read_text()


def test_what_a_terminal_was_sent_holds_no_secret(
    runner: CliRunner, guarded: RunningSimulator, tried: Tried
) -> None:
    """Everything, so that what has scrolled away, been erased or been overwritten is looked at too."""
    runner.example(*WITH_CALLBACKS)
    runner.connect(guarded, {"BW_CLIENT_ID": "demo"})
    with screen(runner, "apply", "setup.toml", "--yes") as shown:
        for question, secret in (
            ("Client secret of client ID demo", CLIENT),
            ("essaging", MESSAGING),
            ("Voice", MESSAGING),
        ):
            shown.expect(question)
            wait_until(lambda: not termios.tcgetattr(shown.master)[3] & termios.ECHO)
            shown.type(f"{secret}\r")
        assert shown.end() == 0
    tried("canaries", assert_clean(runner, guarded, shown.written))


def test_the_wizard_sends_no_secret_to_the_terminal(
    runner: CliRunner, guarded: RunningSimulator, tried: Tried
) -> None:
    runner.connect(guarded, {"BW_CLIENT_ID": "demo"})
    with screen(runner) as shown:
        shown.go("Connect").type(CLIENT).type("\x0e")
        shown.expect("••••")
        shown.type("\x03\x03")
        shown.end()
    tried("canaries", assert_clean(runner, guarded, shown.written))
