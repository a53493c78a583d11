"""Completion in real shells: commands, options, choices, the setups that exist, and file names as ever."""

import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

import pytest

from bwtui.domain.runs.setup import BESIDE
from support.cli_runner import CliRunner

INSTALLED: Final = Path(__file__).parents[2] / "completions"
"""The files that the wheel brings, which load the script that the installed program prints."""

CASES: Final = [
    ("bwtui ver", {"verify"}),
    ("bwtui status --js", {"--json"}),
    ("bwtui export --format m", {"markdown"}),
    ("bwtui completion fi", {"fish"}),
    ("bwtui status --name ac", {"acme", "acorn"}),
    ("bwtui --name oth", {"other"}),
    ("bwtui verify --state-dir elsewhere --name aci", {"acid"}),
    ("bwtui apply set", {"setup.toml"}),
    ("bwtui --answers set", {"setup.toml"}),
    ("bwtui plan --state-dir else", {"elsewhere"}),
]
"""The text typed before Tab, and the words that are offered."""

BASH: Final = """
source {script}
COMP_WORDS=({words}) COMP_CWORD=$((${{#COMP_WORDS[@]}} - 1))
_shtab_bwtui bwtui "${{COMP_WORDS[COMP_CWORD]}}" "${{COMP_WORDS[COMP_CWORD-1]}}" 2>/dev/null
printf '%s\\n' "${{COMPREPLY[@]}}"
"""

ZSH: Final = """
zmodload zsh/zpty
zpty shell zsh -f -i
zpty -w shell 'PROMPT=; unset zle_bracketed_paste; {before}; autoload -U compinit && compinit -u -D; {after}'
zpty -w shell 'bwtui() {{ print -r "RAN:${{(j:|:)@}}:"; }}; print LOA""DED'
zpty -r -m shell line '*LOADED*'
zpty -w -n shell $'{typed}\\t\\n'
zpty -r -m shell line '*RAN:*:*'
print -r -- "$line"
"""
"""A shell in a pseudo-terminal of its own: it completes what is typed and runs it, and what it ran is shown."""


@pytest.fixture
def shells(runner: CliRunner) -> CliRunner:
    """A home with setups, a folder and a file to be completed."""
    for folder, names in (
        (runner.states, ("acme", "acorn", "other")),
        (runner.home / "elsewhere", ("acid",)),
    ):
        folder.mkdir()
        for name in names:
            for ending in ("", *BESIDE):
                (folder / f"{name}{ending}.json").touch()
    runner.write("", "setup.toml")
    return runner


def _script(runner: CliRunner, shell: str) -> Path:
    ended = runner.run("completion", shell).told()
    assert (ended.exit, ended.err) == (0, "")
    return runner.home / runner.write(ended.out, f"completion.{shell}")


def _run(runner: CliRunner, *command: str) -> str:
    shown = subprocess.run(
        command, cwd=runner.home, env=runner.variables(TERM="xterm"),
        capture_output=True, text=True, check=False, timeout=40,
    )  # fmt: skip
    assert not shown.stderr, shown.stderr
    return shown.stdout


def _offered(shown: str) -> set[str]:
    return {line.partition("\t")[0].rstrip("/ ") for line in shown.splitlines()} - {""}


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
@pytest.mark.parametrize(("typed", "offered"), CASES)
def test_bash_completes(shells: CliRunner, typed: str, offered: set[str]) -> None:
    script = _script(shells, "bash")
    words = " ".join(map(shlex.quote, typed.split()))
    assert _offered(_run(shells, "bash", "-c", BASH.format(script=script, words=words))) == offered


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_in_bash_a_file_is_found_where_the_script_knows_nothing(shells: CliRunner) -> None:
    shown = _run(shells, "bash", "-c", f"source {_script(shells, 'bash')}; complete -p bwtui")
    assert " -o default " in shown


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_a_file_name_in_the_state_directory_is_never_carried_out(shells: CliRunner) -> None:
    (shells.states / "ac$(touch ran).json").touch()
    typed = "bwtui status --name ac"
    _run(shells, "bash", "-c", BASH.format(script=_script(shells, "bash"), words=typed))
    assert not (shells.home / "ran").exists()


@pytest.mark.parametrize(
    ("shell", "wanted"),
    [("bash", "-o bashdefault -o default"), ("zsh", "[[ $zsh_eval_context[-1] != loadautofunc ]]")],
)
def test_what_has_to_be_corrected_in_a_script_is(runner: CliRunner, shell: str, wanted: str) -> None:
    """Where that shell is not there, nothing else would notice that its script has changed."""
    assert wanted in _script(runner, shell).read_text("utf-8")


@pytest.mark.skipif(not shutil.which("fish"), reason="needs fish")
@pytest.mark.parametrize(("typed", "offered"), CASES)
def test_fish_completes(shells: CliRunner, typed: str, offered: set[str]) -> None:
    script = _script(shells, "fish")
    shown = _run(shells, "fish", "--no-config", "-c", f"source {script}; complete -C {shlex.quote(typed)}")
    assert _offered(shown) == offered


@pytest.mark.skipif(not shutil.which("zsh"), reason="needs zsh")
@pytest.mark.parametrize(("typed", "offered"), [case for case in CASES if len(case[1]) == 1])
def test_zsh_completes(shells: CliRunner, typed: str, offered: set[str]) -> None:
    shown = _run(shells, "zsh", "-f", "-c", _zsh(typed, after=f"source {_script(shells, 'zsh')}"))
    assert _ran(shown) in offered, shown


def _zsh(typed: str, *, before: str = ":", after: str = ":") -> str:
    return ZSH.format(typed=typed, before=before, after=after)


def _ran(shown: str) -> str:
    """The last word of the command that zsh has completed and run."""
    return shown.rpartition("RAN:")[2].partition(":")[0].split("|")[-1].rstrip("/")


@pytest.fixture
def installed(shells: CliRunner) -> CliRunner:
    """A shell that finds bwtui on its path."""
    folder = shells.home / "bin"
    folder.mkdir()
    program = folder / "bwtui"
    program.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m bwtui "$@"\n', "utf-8")
    program.chmod(0o755)
    shells.environ["PATH"] = f"{folder}:{shells.variables()['PATH']}"
    return shells


TYPED: Final = "bwtui status --name oth"


@pytest.mark.skipif(not shutil.which("bash"), reason="needs bash")
def test_what_the_wheel_brings_makes_bash_complete(installed: CliRunner) -> None:
    script = BASH.format(script=INSTALLED / "bwtui.bash", words=TYPED)
    assert _offered(_run(installed, "bash", "-c", script)) == {"other"}


@pytest.mark.skipif(not shutil.which("fish"), reason="needs fish")
def test_what_the_wheel_brings_makes_fish_complete(installed: CliRunner) -> None:
    script = f"source {INSTALLED / 'bwtui.fish'}; complete -C {shlex.quote(TYPED)}"
    assert _offered(_run(installed, "fish", "--no-config", "-c", script)) == {"other"}


@pytest.mark.skipif(not shutil.which("zsh"), reason="needs zsh")
def test_what_the_wheel_brings_makes_zsh_complete(installed: CliRunner) -> None:
    """It is found by its name in `fpath`, and completes at the first Tab already."""
    functions = installed.home / "site-functions"
    functions.mkdir()
    shutil.copy(INSTALLED / "bwtui.zsh", functions / "_bwtui")
    shown = _run(installed, "zsh", "-f", "-c", _zsh(TYPED, before=f"fpath=({functions} $fpath)"))
    assert _ran(shown) == "other", shown
