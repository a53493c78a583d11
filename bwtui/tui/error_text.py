"""Texts about problems in the words of the screens: an answer is called what its field is called."""

from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.question_wording import Wording, unproven_steps

__all__ = [
    "complaint_line",
    "field_text",
    "in_words",
    "open_point_lines",
    "told",
    "unproven_steps",
    "verification_lines",
]

_PRESSES = {
    "given_up": "M",
    PAID_STEP.key_of("given_up"): "G",
    "use": "U",
    "existing=change": "C",
    "existing=keep": "K",
    "existing=order": "O",
}
"""The keys of Review, by the answers that they give."""

_WORDING = Wording({answer: f"press {key} on Review" for answer, key in _PRESSES.items()})

told = _WORDING.told
field_text = _WORDING.field_text
verification_lines = _WORDING.verification_lines
open_point_lines = _WORDING.open_point_lines
complaint_line = _WORDING.complaint_line
in_words = _WORDING.in_words
