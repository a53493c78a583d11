"""A trial of a setup: its application, its number, and for a call who speaks once it is answered."""

from dataclasses import replace
from typing import NamedTuple
from urllib.parse import quote, urlsplit

from bwtui.domain.answers.answers import Answers
from bwtui.domain.arrival.arrival import Arrival, Service
from bwtui.domain.catalog import MESSAGING_APP, VOICE_APP
from bwtui.domain.planning.progress import on_account
from bwtui.domain.runs.run import RunState
from bwtui.domain.trials.trial import (
    SAY,
    USUAL_TEXT,
    Attempt,
    Trial,
    TrialError,
    TrialKind,
    destination,
    message_text,
    sender_number,
)
from bwtui.domain.trials.trial_requests import answer_url
from bwtui.domain.values.phone_numbers import ten_digits


class CannotTryError(Exception):
    """Raised where the setup has nothing to send with; the text says what is missing, and what to do."""


class Wish(NamedTuple):
    """A message or call to try, as typed."""

    kind: TrialKind
    to: str
    sender: str = ""
    """Empty for the setup's first number."""
    text: str = USUAL_TEXT
    say: str = ""
    """The sentence for the listener to say in a call; empty for its usual one."""


def service_of(kind: TrialKind) -> Service:
    """Return the service of a number that a trial uses."""
    return Service.MESSAGES if kind is TrialKind.MESSAGE else Service.CALLS


def left_open(last: Attempt | None, answers: Answers) -> Attempt | None:
    """Return the last attempt if it is of this account and the person does not know yet what became of it."""
    is_ours = last is not None and last.account_id == answers.account_id
    return last if last and is_ours and last.is_unfinished else None


def arrival_of(trial: Trial, arrivals: tuple[Arrival, ...]) -> Arrival | None:
    """Return the verdict on the number and the service of a trial; `None` if there is none."""
    wanted = ten_digits(trial.sender), service_of(trial.kind)
    return next((each for each in arrivals if (each.number, each.service) == wanted), None)


def trial_of(wish: Wish, answers: Answers, run: RunState, public_url: str = "") -> Trial:
    """Return the trial that is wished for; `public_url` is where the internet reaches a listener of this setup.

    Raises:
        TrialError: something was typed that cannot be sent.
        CannotTryError: the setup has nothing to send with.
    """
    to = destination(wish.to)
    text = message_text(wish.text) if wish.kind is TrialKind.MESSAGE else ""
    application = MESSAGING_APP if wish.kind is TrialKind.MESSAGE else VOICE_APP
    application_id = run.outputs.get(application.produces, "")
    if not run.numbers:
        raise CannotTryError(f"This setup has no phone number to send a {wish.kind} from. Set it up first.")
    if not application_id:
        raise CannotTryError(
            f"This setup has no {application.title.lower()}, which a {wish.kind} needs. Set it up first."
        )
    sender = sender_number(wish.sender, run.numbers)
    if sender == to:
        raise TrialError(
            "A number cannot write to itself or call itself: give the number of a phone of yours."
        )
    trial = Trial(wish.kind, answers.account_id, application_id, sender, to, text)
    return (
        trial
        if wish.kind is TrialKind.MESSAGE
        else _with_answer(trial, wish.say, on_account(answers, run), public_url)
    )


def _with_answer(trial: Trial, say: str, answers: Answers, public_url: str) -> Trial:
    """Add who is asked what to say once the call is answered: the listener if the internet reaches it, else the server."""
    if public_url:
        here = f"{public_url.rstrip('/')}/"
        asked = replace(trial, answer_url=f"{here}?{SAY}={quote(say)}" if say else here, disconnect_url=here)
    elif say:
        raise CannotTryError(
            "Only a listener of this setup that the internet reaches can say a sentence of yours: start "
            "bwtui listen --public-url URL first. Without --say, your server answers the call."
        )
    elif url := answer_url(answers):
        asked = replace(trial, answer_url=url)
    else:
        raise CannotTryError(
            "Nobody would speak in the call: this setup has no call-initiated URL of a server of yours. "
            "Start bwtui listen --public-url URL, or answer that URL."
        )
    user = answers.text(VOICE_APP.key_of("callback_user"))
    password = answers.secrets.get(VOICE_APP.key_of("callback_password"))
    return replace(asked, user=user, password=password) if user and password else asked


def answering_text(trial: Trial, public_url: str = "") -> str:
    """Say who speaks in a call."""
    host = urlsplit(trial.answer_url).netloc
    if public_url:
        return f"The listener answers the call, at {host}."
    return f"Your server answers the call: {host} is asked what to say."
