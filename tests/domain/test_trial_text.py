"""Trials in words: a message is sent, a call is placed."""

import pytest

from bwtui.domain.trials.trial import Attempt, Heard, NewsSource, Sending, Stage, TrialKind
from bwtui.domain.trials.trial_text import event_text


@pytest.mark.parametrize(
    ("kind", "stage", "began", "heard"),
    [
        (TrialKind.MESSAGE, Stage.DELIVERED, "Sending the message", "Delivered, 0.5 s after it was sent"),
        (TrialKind.CALL, Stage.ANSWERED, "Placing the call", "Answered, 0.5 s after it was placed"),
    ],
)
def test_each_kind_has_its_own_verb(kind: TrialKind, stage: Stage, began: str, heard: str) -> None:
    attempt = Attempt(kind, "9900000", "a-1", "+19195550100", "+19195550142", tag="t", at=0.0, stage=stage)
    assert event_text(Sending(attempt)).startswith(f"{began} from +1 (919) 555-0100 to ")
    assert event_text(Heard(attempt, NewsSource.CALL, 0.5)).startswith(heard)
