"""What cannot be meant is refused at its own question, with what to type, and asked again there."""

from bwtui.simulator.server import RunningSimulator
from support.cli_runner import CliRunner
from support.linear_talk import APPLYING, TO_REVIEW, talk


def test_the_phone_for_a_trial_is_asked_until_it_is_one(
    runner: CliRunner, simulator: RunningSimulator
) -> None:
    with talk(runner.connect(simulator)) as shown:
        shown.follow((*TO_REVIEW, *APPLYING, ("Try a message or a call?", "yes"), ("Which?", "1")))
        shown.answer("A phone of yours [needed]", "")
        shown.wait_for("A phone of yours [needed]")
        assert "Type the number of a phone, like +19195550142." in shown.news
        shown.answer("A phone of yours [needed]", "919555")
        shown.wait_for("A phone of yours [needed]")
        assert '"919555" is not a US or Canadian phone number; type it like +19195550142.' in shown.news
        shown.follow((("A phone of yours", "<"), ("Try a message or a call?", "!")))
        assert shown.end() == 0
