"""The imports of each command, seen from inside its process: a static graph cannot see a deferred import."""

import json
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import SECONDS, CliRunner
from support.waiting import wait_until

LOOK = """
import atexit, json, sys
from pathlib import Path
atexit.register(lambda: Path("modules.json").write_text(json.dumps(sorted(sys.modules))))
from bwtui.__main__ import main
sys.exit(main())
"""
LAUNCHER = (sys.executable, "-c", LOOK)
LOOK_AS_THE_SCREENS_BEGIN = """
import json, sys
from pathlib import Path
from types import ModuleType
def run_wizard(*_, autoplay):
    Path("modules.json").write_text(json.dumps(sorted(set(sys.modules) - {"bwtui.tui", "bwtui.tui.app"})))
    return 0
app = ModuleType("bwtui.tui.app")
app.run_wizard = run_wizard
sys.modules |= {"bwtui.tui": ModuleType("bwtui.tui"), "bwtui.tui.app": app}
sys.stdin.isatty = sys.stdout.isatty = lambda: True
from bwtui.__main__ import main
sys.exit(main())
"""
NETWORK = ("httpx", "asyncio", "ssl", "bwtui.api", "bwtui.engine", "bwtui.connected_services", "xmltodict")
SIMULATOR = ("starlette", "uvicorn", "bwtui.simulator")
SCREEN = ("textual",)
UNUSED = ("bwtui.cli.plan_printing", "bwtui.domain.walk.walk_text", "bwtui.ending_signals", "signal")
"""What neither a plan without a look nor what is known of a setup has a use for."""


def _imported(runner: CliRunner, unwanted: tuple[str, ...]) -> list[str]:
    """Those of the unwanted packages that were imported, or that something of theirs was."""
    modules = json.loads((runner.home / "modules.json").read_text("utf-8"))
    assert "bwtui.cli.main" in modules
    return [
        module for module in modules for name in unwanted if module == name or module.startswith(f"{name}.")
    ]


@pytest.mark.parametrize(
    "command",
    ["--version", "--help", "template", "template --example", "plan setup.toml", "plan setup.toml --json",
     "completion bash"],
)  # fmt: skip
def test_commands_without_requests_import_neither_network_nor_simulator(
    runner: CliRunner, command: str
) -> None:
    runner.example()
    ended = runner.run(*command.split(), launcher=LAUNCHER).told()
    assert ended.exit == 0, ended.err
    assert _imported(runner, NETWORK + SIMULATOR + SCREEN) == []
    if command.startswith("plan"):
        assert _imported(runner, UNUSED) == []


@pytest.mark.parametrize("command", ["--version", "--help", "template"])
def test_the_quickest_commands_do_not_import_each_others_modules(runner: CliRunner, command: str) -> None:
    runner.run(command, launcher=LAUNCHER).told()
    assert (
        _imported(runner, ("bwtui.cli.session", "bwtui.export", "bwtui.store.state", "shtab", "platformdirs"))
        == []
    )


def test_apply_imports_no_simulator_and_what_reads_its_state_no_network(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    assert simulator.settings.account_id == connected.environ["BW_ACCOUNT_ID"]
    for command in ("apply setup.toml --yes", "verify"):
        assert connected.run(*command.split(), launcher=LAUNCHER).told().exit == 0
        assert _imported(connected, ("click", "pygments")) == [], "the command line of httpx"
        assert _imported(connected, SIMULATOR + SCREEN) == []
        assert _imported(connected, ("httpx",)), "the look sees what is imported"
    for command in (
        "status",
        "status --json",
        *(f"export --format {name}" for name in ("env", "json", "curl", "markdown")),
    ):
        assert connected.run(*command.split(), launcher=LAUNCHER).told().exit == 0
        assert _imported(connected, NETWORK + SIMULATOR + SCREEN) == []
        if command.startswith("status"):
            assert _imported(connected, (*UNUSED, "datetime")) == []


@pytest.mark.parametrize("command", [(), ("demo",)], ids=["wizard", "demo"])
def test_before_the_wizard_connects_it_has_imported_neither_network_nor_simulator(
    runner: CliRunner, command: tuple[str, ...]
) -> None:
    launcher = (sys.executable, "-c", LOOK_AS_THE_SCREENS_BEGIN)
    ended = runner.run(
        *command, launcher=launcher, BW_CLIENT_ID="demo", BW_CLIENT_SECRET="demo-secret"
    ).told()
    assert ended.exit == 0, ended.err
    assert _imported(runner, NETWORK + SIMULATOR + SCREEN + ("bwtui.tui", "bwtui.export")) == []


def test_simulate_imports_nothing_of_what_it_is_the_other_side_of(runner: CliRunner) -> None:
    process = runner.start("simulate", "--port", "0", launcher=LAUNCHER)
    try:
        assert process.stdout
        assert re.match(
            r"Simulating a Bandwidth account at http://127\.0\.0\.1:\d+/api$", process.stdout.readline()
        )
        process.send_signal(signal.SIGTERM)
        assert process.wait(SECONDS) == 0
    finally:
        process.kill()
        process.communicate(timeout=SECONDS)
    wait_until((runner.home / "modules.json").exists)
    unwanted = (
        "httpx",
        "bwtui.api",
        "bwtui.engine",
        "bwtui.domain",
        "bwtui.store",
        "bwtui.cli.session",
        "textual",
    )
    assert _imported(runner, unwanted) == []


def test_the_console_script_is_the_same_program(runner: CliRunner) -> None:
    script = Path(sys.executable).with_name("bwtui")
    if not script.exists():
        pytest.skip("bwtui is not installed beside this Python")
    shown = subprocess.run(
        [script, "--version"],
        env=runner.variables(),
        capture_output=True,
        text=True,
        check=True,
        timeout=SECONDS,
    )
    assert shown.stdout == runner.run("--version").out
