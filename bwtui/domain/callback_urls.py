"""The callback URLs of a setup, as they are answered, ready to be tried."""

from typing import TYPE_CHECKING

from bwtui.domain.answers import Answers, superseded, uses_existing
from bwtui.domain.fields import Text
from bwtui.domain.steps import Step

if TYPE_CHECKING:  # start-up time is budgeted
    from bwtui.domain.callback_check import CallbackUrl


def has_callback_urls(step: Step) -> bool:
    """Return True for a step that sets callback URLs."""
    return any(isinstance(part, Text) and part.receives for part in step.body)


def callback_urls(step: Step, answers: Answers) -> "tuple[CallbackUrl, ...]":
    """Return the callback URLs that a step would set, each once; without a password, so that none is sent by mistake."""
    from bwtui.domain.callback_check import CallbackUrl  # noqa: PLC0415 - as above

    if uses_existing(step, answers):
        return ()
    parts = [part for part in step.body if isinstance(part, Text) and part.receives]
    left_out = superseded(step, answers)
    user = answers.text(step.key_of("callback_user")) if parts else ""
    is_voice = any(part.answers_calls for part in parts)
    found = {
        url: CallbackUrl(url, part.receives, part.answers_calls, is_voice, user)
        for part in parts
        if part.wire not in left_out and (url := answers.text(step.key_of(part.key)))
    }
    return tuple(found.values())
