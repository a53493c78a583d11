"""Start from what is there, as plain questions: the answers become those of what is on the account."""

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import CliRunner, writes
from support.linear_talk import CONNECTING, talk


def test_what_is_there_becomes_the_answers_and_nothing_is_left_to_write(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    runner.connect(simulator).example()
    assert runner.run("apply", "setup.toml", "--yes").told().exit == 0
    before = writes(simulator.origin)
    with talk(runner, "--linear", "--name", "other") as shown:
        shown.follow(CONNECTING)
        shown.follow((("Start from what is there?", "yes"),))
        shown.wait_for("Sub-account: a new one, or an existing one? Number in the list [2]")
        assert "The answers are now those of what is there, with +1 (919)" in shown.news
        assert "Messaging application: On the account, and no answer says it: RequestedCallback" in shown.news
        shown.enter_until("What next?")
        assert "Sub-account: keep, as it should be" in shown.text
        shown.follow((("What next?", "!"),))
    assert writes(simulator.origin) == before
