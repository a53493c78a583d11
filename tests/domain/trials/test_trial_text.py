"""Trials in words: a message is sent, a call is placed."""

import pytest

from bwtui.domain.trials.trial import Attempt, Heard, NewsSource, Sending, Stage, Trial, TrialKind
from bwtui.domain.trials.trial_text import event_text, question


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


def _asked(text: str) -> str:
    return question(
        Trial(TrialKind.MESSAGE, "9900000", "a-1", "+19195550100", "+19195550142", text=text)
    ).rpartition(" from ")[0]


def test_the_question_says_what_the_message_says() -> None:
    assert _asked("Hello from bwtui") == 'Send the message "Hello from bwtui"'


def test_a_text_from_outside_stays_on_one_line_and_a_long_one_is_cut() -> None:
    assert _asked("One\n\x1b[31mtwo") == 'Send the message "One [31mtwo"'
    assert _asked("x" * 160).endswith('x"')
    assert _asked("x" * 1600).endswith('x…" (1,600 characters)')
