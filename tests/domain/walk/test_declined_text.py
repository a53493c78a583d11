"""Once the order of numbers was declined, it is said what is set up and what waits for a number."""

import pytest

from bwtui.domain.answers.answers import Answer, Answers, Source, wanted_steps
from bwtui.domain.catalog import CAMPAIGN, NUMBER
from bwtui.domain.runs.run import RunState, Status, StepState
from bwtui.domain.walk.walk_text import declined_text


@pytest.mark.parametrize(
    ("campaign", "told"),
    [
        ("", "No number was ordered. All else is set up."),
        ("CDEMO01", "No number was ordered. All else is set up, but for Assign campaign."),
    ],
)
def test_what_waits_for_a_number_is_not_called_set_up(campaign: str, told: str) -> None:
    given = {
        "setup.messaging": "true", "setup.number": "true", CAMPAIGN.key_of(CAMPAIGN.chosen_by): campaign,
    }  # fmt: skip
    answers = Answers({key: Answer(value, Source.TYPED) for key, value in given.items()})
    done = StepState(status=Status.DONE)
    run = RunState({step.key: done for step in wanted_steps(answers) if step not in (NUMBER, CAMPAIGN)})
    assert declined_text(answers, run) == told
