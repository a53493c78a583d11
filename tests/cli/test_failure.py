"""An exception that no command knows: it is told in words, `--json` ends with a result, and the next run goes on."""

import sys
from typing import Final

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import CliRunner, held

BUG: Final = """
import sys
import bwtui.engine.provision as provision
async def crash(*_):
    typed = "hunter%d" % 2
    raise RuntimeError("a bug of ours")
provision.Provision._outputs = crash
from bwtui.__main__ import main
sys.exit(main())
"""
"""A bwtui with a bug that shows once the first objects have been made."""

NO_FILE: Final = """
import sys
import bwtui.store.state as state
def missing(*_, **__):
    raise FileNotFoundError(2, "No such file or directory", "/over/there")
state.StateFile.load = missing
from bwtui.__main__ import main
sys.exit(main())
"""
"""A bwtui that fails to do without a file."""

APPLY: Final = ("apply", "setup.toml", "--yes", "--json")


def test_a_bug_is_told_in_words_ends_json_with_a_result_and_loses_nothing(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    failed = connected.run(*APPLY, launcher=(sys.executable, "-c", BUG))
    assert (failed.exit, failed.result["event"], failed.result["status"]) == (1, "result", "failed")
    assert (failed.result["exit"], failed.result["outputs"]["numbers"]) == (1, [])
    assert "This is a bug in bwtui." in failed.result["text"]
    assert "Traceback" not in failed.out
    assert "RuntimeError: a bug of ours" in failed.err, "for whoever mends it"
    assert "hunter2" not in failed.err, "what was typed is not shown"
    assert failed.err.endswith("What a bug report needs, without secrets: bwtui report\n")
    made = _ids(simulator)
    assert made, "it failed after something was made"

    again = connected.run(*APPLY).told()
    assert again.exit == 0, again.err
    assert _ids(simulator) == made


def _ids(simulator: RunningSimulator) -> list[str]:
    return [site["id"] for site in held(simulator.origin)["sites"]]


def test_the_report_that_is_named_is_that_of_the_setup(connected: CliRunner) -> None:
    failed = connected.run(
        "apply", "setup.toml", "--yes", "--name", "acme", launcher=(sys.executable, "-c", BUG)
    )
    assert failed.exit == 1
    assert failed.err.endswith("bwtui report --name acme\n")


def test_a_file_that_is_missing_is_named(connected: CliRunner) -> None:
    failed = connected.run("status", "--json", launcher=(sys.executable, "-c", NO_FILE)).told()
    told = "bwtui: /over/there: No such file or directory"
    assert (failed.exit, failed.err) == (1, f"{told}\n")
    assert (failed.result["status"], failed.result["text"]) == ("failed", told)
