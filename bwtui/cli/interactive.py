"""Preparations of a command that works on an account: find who signs in, ask for passwords, refuse redirected URLs."""

import os
import signal
import sys
import time
from collections.abc import Callable
from functools import partial

from bwtui.cli.hidden_prompt import Signalled, ask_hidden
from bwtui.cli.printing import print_result
from bwtui.cli.saved_login import login_in_use
from bwtui.cli.session import Session, UsageError, tell_redirected
from bwtui.cli.style import warning
from bwtui.credentials import CredentialsError, Given, Login, find_login
from bwtui.domain.answers.answers import missing_secrets, uses_existing, wanted_steps
from bwtui.domain.answers.validation import complaints_of
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Text
from bwtui.domain.runs.run import Status
from bwtui.domain.steps import Step
from bwtui.domain.values.basic_auth import basic_doubt, local_day
from bwtui.domain.values.secret import Secret
from bwtui.domain.values.secret_expiry import expiry_doubt
from bwtui.ending_signals import ENDING_SIGNALS
from bwtui.exits import Exit, status_for


def login_for(session: Session, given: Given, clock: Callable[[], float] = time.time) -> Login:
    """Find the credentials, and ask for what is missing where somebody can be asked; warn where they may not work.

    `clock` gives seconds since the epoch. Raises `UsageError`.
    """
    prompt = partial(prompt_on_terminal, session) if sys.stdin.isatty() else None
    try:
        saved = login_in_use(session.options, session.environ)
        last = session.setup.setup.bookmark
        login = find_login(
            given, session.environ, prompt, last, saved=saved, base_url=session.answers.base_url
        )
    except CredentialsError as error:
        raise UsageError(str(error)) from error
    today = local_day(clock())
    for doubt in (
        "" if login.oauth else basic_doubt(session.answers.base_url, today),
        expiry_doubt(login.expires, today),
    ):
        if doubt:
            session.output.say(warning(doubt), indent=2)
    return login


def missing_callback_passwords(session: Session) -> dict[str, Secret]:
    """Ask for the callback passwords that are needed now and not in the environment.

    Raises:
        UsageError: one is missing and nobody can be asked.
    """
    asked = {}
    for step in wanted_steps(session.answers):
        if session.run.step(step.key).status is Status.DONE or uses_existing(step, session.answers):
            continue
        for key in missing_secrets(step, session.answers):
            question = QUESTIONS[key]
            assert isinstance(question, Text)
            if not sys.stdin.isatty():
                raise UsageError(
                    f"{key}: set {question.secret_from} to the password that goes with callback_user."
                )
            asked[key] = _ask_until_valid(session, key, f"{step.title}, {question.label.lower()}: ")
    return asked


def ask_callback_password(session: Session, step: Step) -> Secret:
    """Return the password that goes with an application's callback user: from the environment, or asked for.

    Raises:
        UsageError: it is missing and nobody can be asked.
    """
    key = step.key_of("callback_password")
    if given := session.answers.secrets.get(key):
        return given
    question = QUESTIONS[key]
    assert isinstance(question, Text)
    if not sys.stdin.isatty():
        raise UsageError(
            f"{step.title} has a callback user, so that callbacks have to come with a password: set "
            f"{question.secret_from} to it."
        )
    return _ask_until_valid(session, key, f"{step.title}, {question.label.lower()}: ")


def _ask_until_valid(session: Session, key: str, question: str) -> Secret:
    """Ask until the answer is right."""
    while True:
        secret = Secret.entered(prompt_on_terminal(session, question, hidden=True))
        wrong = complaints_of(key, secret.reveal())
        if not wrong:
            return secret
        session.output.say(wrong[0].text)


def prompt_on_terminal(session: Session, question: str, *, hidden: bool) -> str:
    """Ask on the terminal; what is hidden is not shown while it is typed.

    Raises:
        UsageError: the input ended (Ctrl+D) before there was an answer.
        SystemExit: a signal came; the terminal is as it was before.
    """
    if hidden:
        return _ask_hidden(session, question)
    session.output.ask(question)
    if line := sys.stdin.readline():
        return line
    raise UsageError("\nStopped: there was no answer.")


def _ask_hidden(session: Session, question: str) -> str:
    try:
        answer = ask_hidden(question, session.output.ask)
    except Signalled as signalled:
        which = signalled.which
    else:
        if answer is not None:
            return answer
        raise UsageError("Stopped: there was no answer.")
    session.output.say("Stopped.")
    if which not in ENDING_SIGNALS:
        signal.signal(which, signal.SIG_DFL)
        os.kill(os.getpid(), which)
    code = ENDING_SIGNALS[which]
    print_result(session.output, "interrupted", session.run, session.answers, exit=int(code))
    raise SystemExit(int(code))


def refused_at_listener(session: Session, why: str) -> bool:
    """Refuse to change the account while callback URLs point at a listener; return False where none do."""
    if not tell_redirected(session):
        return False
    session.output.say(why)
    code = Exit.CONFLICT
    print_result(session.output, status_for(code), session.run, session.answers, exit=int(code))
    return True
