"""All error replies of the API, turned into one kind of problem.

    ApiError            the only exception that leaves this package
      .problem          the domain's description: operation, kind, status, code, text, details
      .body             the raw answer, cut, secrets masked

Shapes of an error (bandwidth-api 11.1); the root's name does not matter:

    a  XxxResponse/ResponseStatus/{ErrorCode, Description}      f  the same without a code
    b  OrderResponse/ErrorList/Error*/{Code, Description}       g  no body at all
    c  SearchResult/Error/{Code, Description}                   h  no XML: a web page, plain text, JSON
    d  XxxResponse/Errors*/{Code, Description}                  i  a beside data
    k  {"errors": [{code, description}]} in JSON, also beside data (bandwidth-api 13.0)
    e  resultCode ("0" is success), resultMessage               j  a with AddressErrorDescription
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from http import HTTPStatus
from typing import Final

from bwtui.api.wire import Node, WireError, everywhere, find, leaf_texts, parse, parse_json, text
from bwtui.domain.catalog import PAID_STEP, STEPS
from bwtui.domain.runs.problem import UNSAID, Kind, Problem, ProblemError
from bwtui.domain.steps import FoundOnCampaign
from bwtui.domain.trials.trial import LOOK_UPS
from bwtui.domain.values.text import single_line

REPEATABLE: Final = frozenset({"GET", "PUT", "PATCH", "DELETE"})
"""Methods that can be repeated without a further effect. A POST creates, and an order costs money.

A PATCH of ours sets the values that it names, so that a second one changes nothing."""

ORDERS_OF_NUMBER: Final = "registration.orders"
"""Reads the orders of number options that a number is in, those that failed too."""

ORDERS: Final = frozenset(
    {
        PAID_STEP.operation("create"),
        PAID_STEP.operation("read"),
        PAID_STEP.operation("released"),
        ORDERS_OF_NUMBER,
        *(
            step.operation(verb)
            for step in STEPS
            if isinstance(step.found_by, FoundOnCampaign)
            for verb in ("watch", "list")
        ),
    }
)
"""Operations whose answers may have an ErrorList with HTTP 200, for numbers for which an order failed."""

CONFLICTS: Final = frozenset({
    "12112",  # the address needs changes
    "13524", "16008",  # it exists already
    # The account lacks something, from products to a contract (bandwidth-api 1.6, 4.1, 5.4).
    "5012", "5183", "12013", "12019", "12130", "12150", "12161", "12784", "13547", "13576", "13607", "13609",
    "13610", "13650", "13651", "13688",
})  # fmt: skip

MISSING: Final = frozenset({"12016", "13563", "13629"})
"""Codes that mean not found, although the status is 400 or even 200 (bandwidth-api 3.2, 11.1)."""

DENIED: Final = "1001"

_MARKERS: Final = frozenset({"errorcode", "error", "errors", "resultcode"})
_LONGEST_TEXT: Final = 600
_LONGEST_BODY: Final = 8 * 1024
_MOST_TEXTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One attempt that did not succeed; another may follow."""

    problem: Problem
    body: str = ""
    sent: bool = True
    """True if the server may have received the request."""
    transient: bool = False
    """True if the same request may succeed a moment later."""
    wait: float | None = None
    """Seconds that the server asked to wait."""
    cause: Exception | None = None


class ApiError(ProblemError):
    """Raised for a call that failed for good."""

    def __init__(self, problem: Problem, body: str = "") -> None:
        super().__init__(problem)
        self.body = body


@dataclass(frozen=True, slots=True)
class _ErrorElement:
    """One error as the API words it."""

    code: str
    text: str


def from_reply(operation: str, method: str, status: int, headers: Mapping[str, str], body: bytes) -> Problem:
    """Return the problem in an answer that is known to be an error, whatever its shape."""
    document = _document(headers, body)
    complaints = list(_complaints(document)) or list(_uncoded(document))
    code = next((complaint.code for complaint in complaints if complaint.code), "")
    return Problem(
        operation=operation,
        kind=kind_of(method, status, code),
        text=_words(complaints, document) or _wordless(status, document, body),
        status=status,
        code=code,
        unclear=method not in REPEATABLE and is_transient(status),
        details=leaf_texts(find(document, "RecommendedAddress")),
    )


def refused_within(operation: str, document: Node) -> bool:
    """Return True if a successful answer contains an error (bandwidth-api 11.1: 13563 and 13536 with HTTP 200)."""
    return operation not in ORDERS | LOOK_UPS and any(True for _ in _complaints(document))


def kind_of(method: str, status: int, code: str) -> Kind:
    """Return the kind of problem for a status and a code."""
    if status == HTTPStatus.TOO_MANY_REQUESTS:
        return Kind.RATE_LIMITED
    if status == HTTPStatus.UNAUTHORIZED or code == DENIED:
        return Kind.CREDENTIALS
    if status == HTTPStatus.FORBIDDEN:
        return Kind.CONFLICT if code else Kind.CREDENTIALS
    if status in {HTTPStatus.PAYMENT_REQUIRED, HTTPStatus.CONFLICT} or code in CONFLICTS:
        return Kind.CONFLICT
    if status == HTTPStatus.NOT_FOUND or (code in MISSING and method in {"GET", "DELETE"}):
        return Kind.NOT_FOUND
    return (
        Kind.UNREACHABLE
        if is_transient(status) and status != HTTPStatus.INTERNAL_SERVER_ERROR
        else Kind.FAILED
    )


def is_transient(status: int) -> bool:
    """Return True for a status that depends on the server's state, not on the request."""
    return status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def status_line(status: int) -> str:
    """Return a status with its name, `404 Not Found`; the bare number if it has none."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def clean(words: str) -> str:
    """Return text from outside on one line, cut, without control characters and runs of blanks."""
    line = single_line(words)
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"


def excerpt(body: bytes) -> str:
    """Return the beginning of a body for display, with line ends and tabs but no other control characters."""
    words = body[:_LONGEST_BODY].decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in words.replace("\r\n", "\n"))


def is_page(body: bytes) -> bool:
    """Return True for a web page, such as a proxy or a portal sends."""
    return bool(re.search(rb"<html|<!doctype html|<title", body[:_LONGEST_BODY], re.IGNORECASE))


def charset(headers: Mapping[str, str]) -> str:
    """Read the encoding from the Content-Type; `""` if it names none."""
    content_type = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    found = re.search(r"charset\s*=\s*\"?([\w.:-]+)", content_type, re.IGNORECASE)
    return found[1] if found else ""


def _document(headers: Mapping[str, str], body: bytes) -> Node:
    is_json = body.lstrip()[:1] == b"{"
    try:
        return parse_json(body) if is_json else parse(body, charset(headers))
    except WireError:
        return {}


def _complaints(document: Node) -> Iterable[_ErrorElement]:
    """Return the errors of a document that have a code, all of the first shape in which there are any."""
    nodes = [("", document), *everywhere(document)]
    if _MARKERS.isdisjoint(
        name.lower() for name, _ in nodes
    ):  # quick exit for the usual case, a large reply without errors
        return []
    shapes = [
        [_complaint(node, "ErrorCode", "Description") for _, node in nodes if isinstance(node, Mapping)],
        [
            _complaint(node, "Code", "Description")
            for name, node in nodes
            if name.lower() in {"error", "errors"} and isinstance(node, Mapping)
        ],
        [_complaint(node, "resultCode", "resultMessage") for _, node in nodes if isinstance(node, Mapping)],
    ]
    found = ([one for one in shape if one.code.strip("0")] for shape in shapes)
    return next((shape for shape in found if shape), [])


def _uncoded(document: Node) -> Iterable[_ErrorElement]:
    """Yield errors without a code: `ResponseStatus/Description`, or an `Error` with only a description."""
    for name, node in everywhere(document):
        if name.lower() in {"responsestatus", "error", "errors"} and isinstance(node, Mapping):
            yield _complaint(node, "", "Description")


def _complaint(node: Node, code: str, words: str) -> _ErrorElement:
    number = text(node, "TelephoneNumber", "phoneNumber")
    said = text(node, words)
    return _ErrorElement(code=text(node, code), text=f"{said} ({number})" if number else said)


def _words(complaints: Iterable[_ErrorElement], document: Node) -> str:
    distinct = list(dict.fromkeys(complaint.text for complaint in complaints if complaint.text))
    more = [f"and {len(distinct) - _MOST_TEXTS} more"] if len(distinct) > _MOST_TEXTS else []
    address = text(find(document, "AddressErrorDescription"), "AddressInconsistencies")
    return clean("; ".join([*distinct[:_MOST_TEXTS], *more, *([address] if address else [])]))


def _wordless(status: int, document: Node, body: bytes) -> str:
    """Describe an error answer that is not in the API's form: an empty one, a web page, text or JSON."""
    line = status_line(status)
    words = body.decode("utf-8", "replace").strip()
    if not words:
        return f"The server answered {line} {UNSAID}"
    if is_page(body):
        title = re.search(r"<title[^>]*>\s*([^<]*)", words[:_LONGEST_BODY], re.IGNORECASE)
        named = f" titled “{clean(unescape(title[1]))}”" if title and title[1].strip() else ""
        return f"The server answered {line} with a web page{named} instead of an answer of the API."
    said = _json_words(words) or ("" if document else clean(re.sub(r"<[^>]*>", " ", words[:_LONGEST_BODY])))
    return f"The server answered {line}: {said}" if said else f"The server answered {line} {UNSAID}"


def _json_words(words: str) -> str:
    """Return the message in a JSON error, as gateways send it."""
    try:
        answer = json.loads(words)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(answer, dict):
        return ""
    keys = ("error_description", "description", "message", "error", "type")
    said = next((answer[key] for key in keys if isinstance(answer.get(key), str) and answer[key]), "")
    return clean(": ".join(filter(None, (said, "; ".join(_field_errors(answer))))))


def _field_errors(answer: Mapping[str, object]) -> Iterable[str]:
    """Yield what is wrong with each field of a message (bandwidth-api 9.1)."""
    fields = answer.get("fieldErrors")
    for field in fields if isinstance(fields, list) else ():
        match field:
            case {"fieldName": str(name), "description": str(description)}:
                yield f"{name} {description}"
