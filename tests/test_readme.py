"""The README and the reference tell the truth: their commands, tables, examples and names."""

import argparse
import ast
import os
import re
import shlex
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from bwtui.cli import command_table
from bwtui.cli.main import make_parser
from bwtui.cli.shared_options import COMMON, CREDENTIALS
from bwtui.domain.catalog import OUTPUTS, STEPS
from bwtui.exits import MEANING
from bwtui.simulator import switches
from bwtui.simulator.fault_script import parse
from support.cli_runner import CliRunner
from support.pty_screen import screen

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text("utf-8")
REFERENCE = (ROOT / "docs" / "reference.md").read_text("utf-8")
PAGES = [
    *sorted(ROOT.glob("*.md")),
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "screenshots" / "README.md",
]
SOURCES = "\n".join(file.read_text("utf-8") for file in sorted((ROOT / "bwtui").rglob("*.py")))


def _block(mark: str) -> str:
    """The code block that follows an HTML comment."""
    found = re.search(rf"<!-- {mark} -->\n```\w*\n(.*?)```", README, re.DOTALL)
    assert found, f"no block is marked {mark}"
    return found[1]


def _rows(mark: str) -> list[list[str]]:
    """The rows of the table that follows an HTML comment, without its head."""
    found = re.search(rf"<!-- {mark} -->\n((?:\|.*\n)+)", REFERENCE)
    assert found, f"no table is marked {mark}"
    return [[cell.strip() for cell in line.strip("|").split("|")] for line in found[1].splitlines()[2:]]


def _commands() -> list[str]:
    """Every command line of bwtui, from code blocks and from tables; what may be left out is there."""
    blocks = "\n".join(re.findall(r"```sh\n(.*?)```", README + REFERENCE, re.DOTALL))
    lines = re.findall(r"^\s*(?:\.venv/bin/|uvx --from \. )?bwtui (\S.*)$", blocks, re.MULTILINE)
    inline = re.findall(r"`bwtui ([^`]+)`", README + REFERENCE)
    return [re.split(r" (?:#|>|&|\$)|\)$", line)[0].strip() for line in lines + inline]


def _expanded(command: str) -> list[str]:
    r"""`export --format env\|json` as one command a choice; brackets as said."""
    command = command.replace("\\|", "|").replace("[", "").replace("]", "")
    choices = re.search(r"\S+\|\S+", command)
    if not choices:
        return [command]
    return [command.replace(choices[0], choice) for choice in choices[0].split("|")]


COMMANDS = sorted({one for command in _commands() for one in _expanded(command)})


def test_the_commands_were_found() -> None:
    assert len(COMMANDS) > 12
    assert {command.split()[0] for command in COMMANDS} >= {"--name", *command_table.COMMANDS}


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_line_parses(command: str) -> None:
    arguments = shlex.split(re.sub(r"\b(MS|X)\b", "5", command))
    wizard = arguments[0].startswith("--")
    assert make_parser().parse_args(arguments).command == (None if wizard else arguments[0])


def test_the_table_of_commands_has_every_command_with_every_option_of_its_own() -> None:
    described: dict[str, set[str]] = {}
    for row in re.findall(r"^\| (`bwtui .*?) \| ", REFERENCE, re.MULTILINE):
        for line in re.findall(r"`bwtui ([^`]+)`", row):
            command = "" if line.startswith("[") else line.split()[0]
            described.setdefault(command, set()).update(re.findall(r"--[a-z-]+", line))
    assert list(described) == ["", *command_table.COMMANDS]
    shared = {f"--{name.replace('_', '-')}" for name in (*COMMON, *CREDENTIALS)} | {"--help", "--version"}
    for command, options in described.items():
        assert options - shared == _help(command) - shared, command


def _help(command: str) -> set[str]:
    actions = next(action.choices for action in make_parser()._actions if action.dest == "command")
    assert isinstance(actions, dict)
    parser = actions[command] if command else make_parser()
    return {
        option
        for action in parser._actions
        for option in action.option_strings
        if option.startswith("--") and action.help != argparse.SUPPRESS
    }


def test_every_option_that_is_named_exists() -> None:
    prose = re.sub(r"```.*?```", "", README + REFERENCE, flags=re.DOTALL)
    known = {option for command in command_table.COMMANDS for option in _help(command)}
    assert set(re.findall(r"`(--[a-z-]+)", prose)) <= known


def test_every_variable_that_is_named_is_read_somewhere() -> None:
    named = set(re.findall(r"\b(?:BW|BWTUI)_[A-Z][A-Z_]+", README + REFERENCE))
    assert len(named) > 7
    texts = [
        node.value
        for node in ast.walk(ast.parse(SOURCES))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    ]
    assert named <= set(texts)


def test_the_exit_codes_are_those_of_the_code() -> None:
    assert _rows("exit codes") == [[str(int(code)), meaning] for code, meaning in MEANING.items()]


def test_the_steps_are_those_of_the_catalogue() -> None:
    assert _rows("steps") == [
        [step.title, f"`[{step.key}]`", f"`{step.method} {step.path}`", "yes" if step.paid else ""]
        for step in STEPS
    ]


def test_the_outputs_are_those_of_the_result() -> None:
    found = re.search(r'and `"outputs"` \(([^)]*)\)', REFERENCE)
    assert found
    assert re.findall(r"`(\w+)`", found[1]) == [*OUTPUTS, "numbers"]


def test_the_test_command_stands_word_for_word_in_the_check() -> None:
    assert _block("tests").strip() in (ROOT / ".ci" / "run").read_text("utf-8").splitlines()
    assert os.access(ROOT / ".ci" / "run", os.X_OK)


def test_the_example_of_a_fault_loads_and_is_what_it_says() -> None:
    blocks = re.findall(r"```toml\n(.*?)```", REFERENCE, re.DOTALL)
    faults, chosen = blocks
    switched = switches.parse(chosen)
    assert switched is not None
    assert switched.ready_after_tries == 3
    fault, late = parse(faults)
    assert (late.action, late.status, late.effect_after) == ("answer", 504, 16)
    assert (fault.method, fault.nth, fault.action) == ("POST", 2, "cut-after")
    assert fault.meets("POST", "/accounts/9900000/orders", "")
    assert not fault.meets("POST", "/accounts/9900000/orders/1/notes", "")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(page: Path) -> None:
    for target in re.findall(r"\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), target


def test_the_tests_mirror_the_package_as_contributing_says() -> None:
    packages = {file.parent.name for file in (ROOT / "bwtui").glob("*/__init__.py")}
    assert [name for name in sorted(packages) if not any((ROOT / "tests" / name).glob("test_*.py"))] == []


def test_every_event_is_described() -> None:
    """Under the name that stands in the code, where it is printed."""
    printed = set(re.findall(r"""\.event\(\s*"([a-z ]+)",""", SOURCES))
    described = {name for row in _rows("events") for name in re.findall("`([a-z ]+)`", row[0])}
    assert described == printed


NEW_ENOUGH = """python3 -c 'import sys; sys.exit(sys.version_info < (3, 11) and "bwtui needs Python 3.11 or newer")' && """
INSTALL = f"{NEW_ENOUGH}python3 -m venv .venv && .venv/bin/pip install --quiet . && "
"""Commands that need the network; the rest of the main job is run."""


WALK = 150
"""Seconds that the whole walk of the demo may take on a busy machine; alone it takes ten."""


@pytest.mark.timeout(WALK + 60)
def test_the_main_job_shows_the_wizard_and_walks_to_the_proof(runner: CliRunner) -> None:
    assert _block("main job") == f"{INSTALL}.venv/bin/bwtui demo\n"
    with screen(runner, "demo", "--autoplay", "--speed", "100") as shown:
        shown.until(lambda: "Spoken to whoever answered" in shown.text, "the call", seconds=WALK)
        shown.type("\x1b")
        shown.until(lambda: "Everything was read back from Bandwidth" in shown.text, "the proof")
        shown.type("q")
        assert shown.end() == 0
    assert list(runner.home.iterdir()) == [], "nothing is kept"


def test_the_alias_leads_to_the_program_from_any_folder(runner: CliRunner) -> None:
    [alias] = re.findall(r"^alias .*$", README, re.MULTILINE)
    told = subprocess.run(
        ["/bin/sh", "-c", f"{alias}\ncd /\nalias bwtui"],
        cwd=runner.home, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert str(runner.home / ".venv" / "bin" / "bwtui") in told.stdout


def test_the_way_without_the_wizard_names_what_looks_at_a_setup() -> None:
    part = README.partition("## Without the wizard")[2].partition("\n## ")[0]
    named = set(re.findall(r"^bwtui (\w+)", part, re.MULTILINE))
    assert named == {"template", "import", "plan", "apply", "status", "verify", "doctor", "report"}


@pytest.mark.parametrize("block", ["main job", "tests"])
def test_the_commands_say_which_python_is_needed_before_anything_else(runner: CliRunner, block: str) -> None:
    assert _block(block).startswith(NEW_ENOUGH)
    for needed, code in (("(3, 11)", 0), ("(99, 0)", 1)):
        check = NEW_ENOUGH.replace("python3", sys.executable).replace("(3, 11)", needed)
        done = subprocess.run(
            ["/bin/sh", "-c", f"{check}exit 0"], cwd=runner.home, capture_output=True, text=True, check=False
        )
        assert done.returncode == code
        assert done.stderr == ("bwtui needs Python 3.11 or newer\n" if code else "")


def test_the_readmes_commands_without_the_wizard_run_as_printed(runner: CliRunner) -> None:
    block = _block("without the wizard")
    assert block.count("8080") == 2
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    script = block.replace("8080", str(port))
    commands = runner.home / ".venv" / "bin"
    commands.mkdir(parents=True)
    (commands / "bwtui").write_text(f'#!/bin/sh\nexec {sys.executable} -m bwtui "$@"\n')
    (commands / "bwtui").chmod(0o755)
    shown = subprocess.run(
        ["bash", "-c", script], cwd=runner.home, env=runner.variables(TMPDIR=str(runner.home)),
        capture_output=True, text=True, check=False, timeout=60,
    )  # fmt: skip
    assert shown.returncode == 0, shown.stdout + shown.stderr
    assert "Everything was read back and is as it should be." in shown.stderr
    assert re.search(r"^numbers=\+1919\d{7}$", shown.stdout, re.MULTILINE)
    with socket.socket() as probe:
        assert probe.connect_ex(("127.0.0.1", port)), "the simulator has ended with it"
