"""The requests of a trial: the one that sends it, and those that read what became of it (bandwidth-api 9.1, 9.4)."""

import time
from typing import Final
from urllib.parse import quote

from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import VOICE_APP
from bwtui.domain.fields import Text
from bwtui.domain.trials.trial import Attempt, Trial, TrialKind
from bwtui.domain.values.documents import Element, Request
from bwtui.domain.values.hosts import ServiceHost
from bwtui.domain.values.secret import Secret

SKEW: Final = 300.0
"""Seconds by which the clock of this machine may be wrong for the log to be read rightly."""

CALLS: Final = "calls"
"""The name under which the calls of a list are read."""


def trial_request(trial: Trial, tag: str) -> Request:
    """Return the request that sends a trial."""
    match trial.kind:
        case TrialKind.MESSAGE:
            fields: tuple[tuple[str, str | Secret], ...] = (("to[]", trial.to), ("text", trial.text))
        case TrialKind.CALL:
            login = (("username", trial.user), ("password", trial.password or "")) if trial.user else ()
            urls = (("answerUrl", trial.answer_url), ("disconnectUrl", trial.disconnect_url))
            fields = (("to", trial.to), *(each for each in urls if each[1]), *login)
    all_fields = (("applicationId", trial.application_id), ("from", trial.sender), *fields, ("tag", tag))
    return Request(
        operation=trial.kind.operation,
        method="POST",
        path=_path(trial.kind, trial.account_id),
        body=Element(trial.kind, tuple(Element(name, value) for name, value in all_fields)),
        is_json=True,
        service=_host(trial.kind),
    )


def log_request(attempt: Attempt) -> Request:
    """Return the request for what went between the two numbers since a while before the attempt."""
    since = _moment(attempt.at - SKEW)
    names = ("sourceTn", "destinationTn", "fromDateTime")
    if attempt.kind is TrialKind.CALL:
        names = ("from", "to", "minStartTime")
    query = tuple(zip(names, (attempt.sender, attempt.to, since), strict=True))
    return _read(attempt, _path(attempt.kind, attempt.account_id), query)


def state_request(attempt: Attempt) -> Request:
    """Return the request for the state of a call whose id is known."""
    return _read(attempt, f"{_path(attempt.kind, attempt.account_id)}/{quote(attempt.id, safe='')}")


def answer_url(answers: Answers) -> str:
    """Return the URL of the server that answers calls, as answered; empty if there is none."""
    asked = (each for each in VOICE_APP.questions if isinstance(each, Text) and each.answers_calls)
    return next((answers.text(VOICE_APP.key_of(question.key)) for question in asked), "")


def _read(attempt: Attempt, path: str, query: tuple[tuple[str, str], ...] = ()) -> Request:
    return Request(
        operation=attempt.kind.looked_up,
        method="GET",
        path=path,
        query=query,
        is_json=True,
        service=_host(attempt.kind),
        listed_as=CALLS if attempt.kind is TrialKind.CALL and query else "",
    )


def _path(kind: TrialKind, account_id: str) -> str:
    account = quote(account_id, safe="")
    return f"/users/{account}/messages" if kind is TrialKind.MESSAGE else f"/accounts/{account}/calls"


def _host(kind: TrialKind) -> ServiceHost:
    return ServiceHost.MESSAGING if kind is TrialKind.MESSAGE else ServiceHost.VOICE


def _moment(at: float) -> str:
    """Return a time as both logs take it, with milliseconds."""
    return f"{time.strftime('%Y-%m-%dT%H:%M:%S', time.gmtime(at))}.000Z"
