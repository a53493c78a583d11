"""The lines of `bwtui doctor` on callback URLs: each is tried as Bandwidth would, without a password."""

import asyncio
from collections.abc import Iterable
from urllib.parse import urlsplit

from bwtui.api.callback_check import check_callback
from bwtui.domain import doctor
from bwtui.domain.answers.answers import Answers, wanted_steps
from bwtui.domain.callbacks.callback_check import CallbackOutcome, CallbackUrl, is_certain
from bwtui.domain.callbacks.callback_urls import callback_urls
from bwtui.domain.doctor import Line, fine, stops, unknown
from bwtui.domain.values.hosts import is_loopback
from bwtui.domain.values.text import single_line


async def callback_lines(answers: Answers, *, is_simulated: bool) -> tuple[Line, ...]:
    """Try each callback URL, and return a line for each.

    A simulated account's URLs may be anybody's, those of an example: only the ones on this machine are tried.
    """
    callbacks = [callback for step in wanted_steps(answers) for callback in callback_urls(step, answers)]
    if not callbacks:
        return (fine(doctor.CALLBACKS, "no callback URL is set up here"),)
    tried = [callback for callback in callbacks if not is_simulated or _is_here(callback)]
    outcomes = await asyncio.gather(*(check_callback(each, may_be_private=is_simulated) for each in tried))
    lines = tuple(_line(callback, outcome) for callback, outcome in zip(tried, outcomes, strict=True))
    return lines if len(tried) == len(callbacks) else (*lines, _untried(callbacks, tried))


def _is_here(callback: CallbackUrl) -> bool:
    return is_loopback(urlsplit(callback.url).hostname or "")


def _line(callback: CallbackUrl, outcome: CallbackOutcome) -> Line:
    text = single_line(f"{callback.url}: {outcome.sentence}")
    if outcome.is_fine:
        return fine(outcome.name, text)
    if is_certain(outcome):
        return stops(outcome.name, "calls" if callback.is_voice else "messages", text, "")
    return unknown(outcome.name, text)


def _untried(callbacks: Iterable[CallbackUrl], tried: Iterable[CallbackUrl]) -> Line:
    left = sorted({each.url for each in callbacks} - {each.url for each in tried})
    return unknown(
        doctor.CALLBACKS, single_line(f"not tried, since the account is simulated: {', '.join(left)}")
    )
