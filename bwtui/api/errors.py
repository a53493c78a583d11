"""Every way in which the API says no, turned into one kind of problem.

    ApiError            the only exception that leaves this package
      .problem          what went wrong, as the domain has it: operation, kind, status, code, text, details
      .body             the raw answer, cut, secrets masked

What an error looks like (bandwidth-api 11.1); the root's name never decides:

    a  XxxResponse/ResponseStatus/{ErrorCode, Description}      f  the same without a code
    b  OrderResponse/ErrorList/Error*/{Code, Description}       g  no body at all
    c  SearchResult/Error/{Code, Description}                   h  no XML: a web page, plain text, JSON
    d  XxxResponse/Errors*/{Code, Description}                  i  a beside data
    e  resultCode ("0" is success), resultMessage               j  a with AddressErrorDescription
"""

import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from html import unescape
from http import HTTPStatus
from typing import Final

from bwtui.api.wire import Node, WireError, everywhere, find, leaf_texts, parse, text
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.run import Kind, Problem, ProblemError

REPEATABLE: Final = frozenset({"GET", "PUT", "DELETE"})
"""Methods whose second time does nothing that the first did not. A POST creates, and an order costs money."""

ORDERS: Final = frozenset({PAID_STEP.operation("create"), PAID_STEP.operation("read")})
"""Operations whose answers carry an ErrorList with HTTP 200: numbers that an order did not get are no failed call."""

CONFLICTS: Final = frozenset({
    "12112",  # the address needs changes
    "13524", "16008",  # it exists already
    # What the account cannot do, from missing products to a missing contract (bandwidth-api 1.6, 4.1, 5.4).
    "5012", "5183", "12013", "12019", "12130", "12150", "12161", "12784", "13547", "13576", "13607", "13609",
    "13610", "13650", "13651", "13688",
})  # fmt: skip

MISSING: Final = frozenset({"12016", "13563", "13629"})
"""Not found, although the status says 400 or even 200 (bandwidth-api 3.2, 11.1)."""

DENIED: Final = "1001"

_MARKERS: Final = frozenset({"errorcode", "error", "errors", "resultcode"})
_LONGEST_TEXT: Final = 600
_LONGEST_BODY: Final = 8 * 1024
_MOST_TEXTS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """One attempt that did not succeed, before it is decided whether there is another."""

    problem: Problem
    body: str = ""
    sent: bool = True
    """Whether the server may have received the request."""
    transient: bool = False
    """Whether the same request could fare better a moment later."""
    wait: float | None = None
    """Seconds that the server asked to wait."""
    cause: Exception | None = None


class ApiError(ProblemError):
    """A call that failed for good."""

    def __init__(self, problem: Problem, body: str = "") -> None:
        super().__init__(problem)
        self.body = body


@dataclass(frozen=True, slots=True)
class _ErrorElement:
    """One error as the API words it."""

    code: str
    text: str


def from_reply(operation: str, method: str, status: int, headers: Mapping[str, str], body: bytes) -> Problem:
    """The problem that an answer tells of, whatever its shape; for answers that are known to be errors."""
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
    """Look for an error inside a successful answer (bandwidth-api 11.1: 13563 and 13536 with HTTP 200)."""
    return operation not in ORDERS and any(True for _ in _complaints(document))


def kind_of(method: str, status: int, code: str) -> Kind:
    """Sort a status and a code into a kind of problem."""
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
    """Tell a status that is about the server's state from one that is about the request."""
    return status == HTTPStatus.REQUEST_TIMEOUT or status >= HTTPStatus.INTERNAL_SERVER_ERROR


def status_line(status: int) -> str:
    """`404 Not Found`; the bare number for one that has no name."""
    try:
        return f"{status} {HTTPStatus(status).phrase}"
    except ValueError:
        return str(status)


def clean(words: str) -> str:
    """Text from outside as one line that cannot move a cursor: no control characters, no runs of blanks, cut."""
    line = " ".join("".join(c if c.isprintable() else " " for c in words).split())
    return line if len(line) <= _LONGEST_TEXT else line[: _LONGEST_TEXT - 1] + "…"


def excerpt(body: bytes) -> str:
    """The beginning of a body as it came, for display: line ends and tabs kept, other control characters not."""
    words = body[:_LONGEST_BODY].decode("utf-8", "replace")
    return "".join(c if c.isprintable() or c in "\n\t" else " " for c in words.replace("\r\n", "\n"))


def is_page(body: bytes) -> bool:
    """Recognise a web page, from a proxy or a portal in between."""
    return bool(re.search(rb"<html|<!doctype html|<title", body[:_LONGEST_BODY], re.IGNORECASE))


def charset(headers: Mapping[str, str]) -> str:
    """Read the encoding from the Content-Type; `""` where it names none."""
    content_type = next((value for name, value in headers.items() if name.lower() == "content-type"), "")
    found = re.search(r"charset\s*=\s*\"?([\w.:-]+)", content_type, re.IGNORECASE)
    return found[1] if found else ""


def _document(headers: Mapping[str, str], body: bytes) -> Node:
    try:
        return parse(body, charset(headers))
    except WireError:
        return {}


def _complaints(document: Node) -> Iterable[_ErrorElement]:
    """The errors of a document that carry a code; in the order in which codes are to be believed."""
    nodes = [("", document), *everywhere(document)]
    if _MARKERS.isdisjoint(
        name.lower() for name, _ in nodes
    ):  # a large reply without errors is the usual case
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
    """Find errors without a code: `ResponseStatus/Description`, or an `Error` with only a description."""
    for name, node in everywhere(document):
        if name.lower() in {"responsestatus", "error", "errors"} and isinstance(node, Mapping):
            yield _complaint(node, "", "Description")


def _complaint(node: Node, code: str, words: str) -> _ErrorElement:
    number = text(node, "TelephoneNumber")
    said = text(node, words)
    return _ErrorElement(code=text(node, code), text=f"{said} ({number})" if number else said)


def _words(complaints: Iterable[_ErrorElement], document: Node) -> str:
    distinct = list(dict.fromkeys(complaint.text for complaint in complaints if complaint.text))
    more = [f"and {len(distinct) - _MOST_TEXTS} more"] if len(distinct) > _MOST_TEXTS else []
    address = text(find(document, "AddressErrorDescription"), "AddressInconsistencies")
    return clean("; ".join([*distinct[:_MOST_TEXTS], *more, *([address] if address else [])]))


def _wordless(status: int, document: Node, body: bytes) -> str:
    """The best that can be said of an answer that is no error of the API's: none, a web page, text or JSON."""
    line = status_line(status)
    words = body.decode("utf-8", "replace").strip()
    if not words:
        return f"The server answered {line} without saying why."
    if is_page(body):
        title = re.search(r"<title[^>]*>\s*([^<]*)", words[:_LONGEST_BODY], re.IGNORECASE)
        named = f" titled “{clean(unescape(title[1]))}”" if title and title[1].strip() else ""
        return f"The server answered {line} with a web page{named} instead of an answer of the API."
    said = "" if document else _json_words(words) or clean(re.sub(r"<[^>]*>", " ", words[:_LONGEST_BODY]))
    return (
        f"The server answered {line}: {said}" if said else f"The server answered {line} without saying why."
    )


def _json_words(words: str) -> str:
    """The message in a JSON error, as gateways send them."""
    try:
        answer = json.loads(words)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(answer, dict):
        return ""
    keys = ("error_description", "description", "message", "error", "type")
    return next((clean(answer[key]) for key in keys if isinstance(answer.get(key), str) and answer[key]), "")
