"""Turn a response into a reply, a token, or a failure."""

from dataclasses import replace
from typing import Final

from bwtui.api.auth import Token, oauth_error, read_token_document
from bwtui.api.errors import (
    Failure,
    charset,
    clean,
    excerpt,
    from_reply,
    is_page,
    is_transient,
    refused_within,
    status_line,
)
from bwtui.api.masking import mask_beginning, mask_bytes
from bwtui.api.retry import http_date, reset_delay, reset_time
from bwtui.api.transport import HttpRequest, HttpResponse
from bwtui.api.wire import Reply, WireError, is_empty_list, many, parse, parse_json
from bwtui.domain.runs.problem import Kind, OwnCode, Problem

_ENOUGH: Final = 64 * 1024
"""Bytes of a body that are masked and cut for display."""


def read_reply(request: HttpRequest, response: HttpResponse, now: float) -> Reply | Failure:
    """Read a response of the API; `now` is in seconds since the epoch."""
    succeeded = 200 <= response.status < 300
    if succeeded and is_page(response.body):
        return _unreadable(request, response, "it is a web page", transient=False)
    if not succeeded and response.status != 404:
        return refusal(request, response, now)
    try:
        document = (
            parse_json(response.body, request.listed_as)
            if request.is_json
            else parse(response.body, charset(response.headers))
        )
    except WireError as error:  # probably cut short in transit: worth repeating if that is harmless
        return (
            _unreadable(request, response, str(error), transient=True)
            if succeeded
            else refusal(request, response, now)
        )
    if not (succeeded or (request.method == "GET" and not request.is_json and is_empty_list(document))):
        return refusal(request, response, now)
    if request.is_json and many(document, "errors"):
        return _partly_refused(request, response, now)
    if refused_within(request.operation, document):
        return refusal(request, response, now)
    return Reply(
        status=response.status,
        location=response.location,
        document=document,
        size=len(response.body),
        date=http_date(response.headers.get("date", "")),
    )


def read_token(request: HttpRequest, response: HttpResponse, now: float) -> Token | Failure:
    """Read a response of the token service. Nothing of its body is shown: it may repeat the secret, or hold a token."""
    if 200 <= response.status < 300:
        token = read_token_document(response.body)
        return token if isinstance(token, Token) else _without_token(request, response, token)
    failure = refusal(request, response, now)
    line = status_line(response.status)
    if failure.problem.kind is Kind.RATE_LIMITED:
        text = failure.problem.text if failure.wait is not None else f"The token service answered {line}."
        return replace(failure, problem=failure.problem._replace(text=text), body="")
    if _is_client_refused(response):
        text = "Bandwidth does not accept the client ID and its secret"
        return _without_token(request, response, text, Kind.CREDENTIALS, OwnCode.CLIENT_REFUSED)
    page = " with a web page" if is_page(response.body) else ""
    trouble = _without_token(request, response, f"The token service is in trouble: it answered {line}{page}.")
    return replace(trouble, transient=failure.transient)


def _is_client_refused(response: HttpResponse) -> bool:
    """Return True if it is the client that is refused, by 401 or by `invalid_client` (bandwidth-api 1.3)."""
    if response.status == 401:
        return not is_page(response.body)  # a page is from a proxy or a portal
    return response.status == 400 and oauth_error(response.body) == "invalid_client"


def _without_token(
    request: HttpRequest,
    response: HttpResponse,
    text: str,
    kind: Kind = Kind.UNREACHABLE,
    code: OwnCode = OwnCode.NO_TOKEN,
) -> Failure:
    problem = Problem(operation=request.operation, kind=kind, text=text, status=response.status, code=code)
    return Failure(problem=problem)


def refusal(request: HttpRequest, response: HttpResponse, now: float) -> Failure:
    """Return the failure that a response reports."""
    # Masked first, so that no text taken from the body contains a secret.
    body = mask_bytes(response.body, (request.header, *request.secrets))
    problem = from_reply(request.operation, request.method, response.status, response.headers, body)
    problem = problem._replace(unclear=problem.unclear and not request.repeatable)
    wait = reset_delay(response.headers, now) if problem.kind is Kind.RATE_LIMITED else None
    return Failure(
        problem=problem if wait is None else _until(problem, reset_time(now, wait)),
        body=excerpt(body),
        transient=is_transient(response.status),
        wait=wait,
    )


def _partly_refused(request: HttpRequest, response: HttpResponse, now: float) -> Failure:
    """Return the failure of a JSON answer that succeeded and lists errors: some of it may have been done (13.10, 3)."""
    failure = refusal(request, response, now)
    return replace(failure, problem=failure.problem._replace(unclear=not request.repeatable))


def displayed_body(request: HttpRequest, response: HttpResponse) -> str:
    """Return the beginning of a response's body for display; nothing of what the token service says."""
    if request.operation == "token":
        return ""
    return excerpt(mask_beginning(response.body, _ENOUGH, (request.header, *request.secrets)))


def _until(problem: Problem, reset: str) -> Problem:
    text = f"Too many requests; the API takes further ones from {reset}."
    return problem._replace(text=text, details={**problem.details, "reset": reset})


def _unreadable(request: HttpRequest, response: HttpResponse, why: str, *, transient: bool) -> Failure:
    problem = Problem(
        operation=request.operation,
        kind=Kind.FAILED,
        text=clean(f"The API answered {response.status}, but the answer cannot be read: {why}."),
        status=response.status,
        unclear=not request.repeatable,
    )
    body = excerpt(mask_beginning(response.body, _ENOUGH, (request.header, *request.secrets)))
    return Failure(problem=problem, body=body, transient=transient)
