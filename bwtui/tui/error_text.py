"""Texts about problems in the words of the screens: keys to press, and fields by what they are called."""

from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.walk.problem_text import ProblemText, unproven_steps

__all__ = [
    "advised",
    "complaint_line",
    "field_text",
    "happened",
    "open_point_lines",
    "reason_of",
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
    "existing=move": "V",
}
"""The keys of Review, by the answers that they give."""

_WORDING = ProblemText({answer: f"press {key} on Review" for answer, key in _PRESSES.items()})

told = _WORDING.told
happened = _WORDING.happened
field_text = _WORDING.field_text
advised = _WORDING.advised
reason_of = _WORDING.reason_of
verification_lines = _WORDING.verification_lines
open_point_lines = _WORDING.open_point_lines
complaint_line = _WORDING.complaint_line
