"""Texts about problems in the words of plain questions: decisions on Review, and questions by what they are called."""

from typing import Final

from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.walk.problem_text import ProblemText

WORDING: Final = ProblemText(
    {
        "given_up": "choose on Review to make it anew",
        PAID_STEP.key_of("given_up"): "choose on Review to count it no more",
        "use": "choose on Review to use it",
        "existing=change": "choose on Review to change it",
        "existing=keep": "choose on Review to keep it",
        "existing=order": "choose on Review to order more",
        "existing=move": "choose on Review to move it",
    }
)
