"""`bwtui teardown` as a real process: its flags, its events, and what other commands say afterwards."""

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import CliRunner, held, writes


def test_a_setup_is_removed_and_other_commands_say_so(
    connected: CliRunner, simulator: RunningSimulator
) -> None:
    assert connected.run("apply", "setup.toml", "--yes").exit == 0
    shown = connected.run("teardown", "--plan", "--release-numbers").told()
    assert shown.exit == 0
    assert "DELETE " in shown.out
    assert "Every request, in this order:" in shown.out
    assert "change the account" in shown.err.splitlines()[-2]
    assert "DisconnectTelephoneNumberOrder" in shown.out
    before = writes(simulator.origin)
    refused = connected.run("teardown").told()
    assert refused.exit == 6
    assert "--yes" in refused.err
    assert "--release-numbers" in refused.err
    assert writes(simulator.origin) == before
    kept = connected.run("teardown", "--yes", "--json").told()
    assert kept.exit == 1
    assert (kept.result["status"], kept.result["exit"]) == ("left", 1)
    assert held(simulator.origin)["numbers"][0]["status"] == "Inservice"
    status = connected.run("status").told()
    assert "This setup is being removed. Still there: " in status.err
    assert "To remove the rest: bwtui" in " ".join(status.err.split())
    assert "Not finished" not in status.err, "what is removed is not missing"
    assert "! " not in status.out, "what is still there is no trouble"
    assert "still there" in status.out
    done = connected.run("teardown", "--yes", "--release-numbers", "--json").told()
    assert done.exit == 0
    assert done.result["status"] == "removed"
    assert not held(simulator.origin)["sites"]
    for command in ("status", "verify"):
        said = connected.run(command, "--json").told()
        assert (said.exit, said.result["status"]) == (3, "removed")
    again = connected.run("teardown", "--yes", "--json").told()
    assert (again.exit, again.result["status"]) == (0, "removed")
    assert connected.run("apply", "setup.toml", "--yes").exit == 0
    assert connected.run("status").exit == 0


def test_without_a_setup_there_is_nothing_to_remove_and_no_file_is_made(runner: CliRunner) -> None:
    refused = runner.run("teardown", "--yes").told()
    assert refused.exit == 3
    assert not runner.states.exists()
