"""What an answer means: a reply, a token, or a failure."""

from dataclasses import replace
from typing import Final

from bwtui.api.auth import Token, token_in
from bwtui.api.errors import (
    Failure,
    charset,
    clean,
    excerpt,
    from_reply,
    is_page,
    is_transient,
    refused_within,
)
from bwtui.api.masking import hide
from bwtui.api.retry import reset_delay, reset_time
from bwtui.api.transport import Answer, Message
from bwtui.api.wire import Reply, WireError, is_empty_list, parse
from bwtui.domain.run import Kind, Problem

_ENOUGH: Final = 64 * 1024
"""Bytes of a body that are looked through for what is shown of it."""


def read_reply(message: Message, answer: Answer, now: float) -> Reply | Failure:
    """The reply in an answer of the XML API; `now` is in seconds since the epoch."""
    succeeded = 200 <= answer.status < 300
    if succeeded and is_page(answer.body):
        return _unreadable(message, answer, "it is a web page", transient=False)
    if not succeeded and answer.status != 404:
        return refusal(message, answer, now)
    try:
        document = parse(answer.body, charset(answer.headers))
    except WireError as error:  # cut short on its way, most likely: worth asking again where that is harmless
        return (
            _unreadable(message, answer, str(error), transient=True)
            if succeeded
            else refusal(message, answer, now)
        )
    if not (succeeded or (message.method == "GET" and is_empty_list(document))):
        return refusal(message, answer, now)
    if succeeded and refused_within(message.operation, document):
        return refusal(message, answer, now)
    return Reply(
        status=answer.status,
        location=answer.location,
        document=document,
        size=len(answer.body),
    )


def read_token(message: Message, answer: Answer, now: float) -> Token | Failure:
    """The token in an answer of the token service."""
    if not 200 <= answer.status < 300:
        failure = refusal(message, answer, now)
        refused = answer.status in {400, 401, 403}
        return (
            replace(failure, problem=failure.problem._replace(kind=Kind.CREDENTIALS)) if refused else failure
        )
    token = token_in(answer.body)
    if isinstance(token, Token):
        return token
    # The body is not shown: it may well hold a token, only not where it belongs.
    problem = Problem(operation=message.operation, kind=Kind.FAILED, text=token, status=answer.status)
    return Failure(problem=problem)


def refusal(message: Message, answer: Answer, now: float) -> Failure:
    """The failure that an answer tells of."""
    # Masked before it is read, so that no text made of it can hold a secret.
    body = hide(answer.body, (message.header, *message.secrets))
    problem = from_reply(message.operation, message.method, answer.status, answer.headers, body)
    problem = problem._replace(unclear=problem.unclear and not message.repeatable)
    wait = reset_delay(answer.headers, now) if problem.kind is Kind.RATE_LIMITED else None
    return Failure(
        problem=problem if wait is None else _until(problem, reset_time(now, wait)),
        body=excerpt(body),
        transient=is_transient(answer.status),
        wait=wait,
    )


def shown(message: Message, answer: Answer) -> str:
    """The beginning of an answer's body for display; nothing of a token."""
    if message.operation == "token" and answer.status < 300:
        return ""
    return excerpt(hide(answer.body[:_ENOUGH], (message.header, *message.secrets)))


def _until(problem: Problem, reset: str) -> Problem:
    text = f"Too many requests; the API takes further ones from {reset}."
    return problem._replace(text=text, details={**problem.details, "reset": reset})


def _unreadable(message: Message, answer: Answer, why: str, *, transient: bool) -> Failure:
    problem = Problem(
        operation=message.operation,
        kind=Kind.FAILED,
        text=clean(f"The API answered {answer.status}, but the answer cannot be read: {why}."),
        status=answer.status,
        unclear=not message.repeatable,
    )
    body = excerpt(hide(answer.body[:_ENOUGH], (message.header, *message.secrets)))
    return Failure(problem=problem, body=body, transient=transient)
