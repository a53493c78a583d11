"""What may befall a request in JSON: the shapes of its errors, and answers that are nearly right."""

import json
from collections.abc import Callable
from typing import Any, Final

import httpx

from support.write_faults import error
from trust.request_faults import PAGE, Mishap, answer, spoilt

STATUSES: Final = (200, 207, 400, 401, 403, 404, 409, 422, 429, 500, 503)
CODES: Final = ("VCS-0044", "VCS-0002")
JSON: Final = {"Content-Type": "application/json"}


def is_json(request: httpx.Request) -> bool:
    """Return True for a request to the voice packages or for an activation."""
    return (
        request.headers.get("accept") == "application/json"
        and "/accounts/" in request.url.path
        and "oauth2" not in request.url.path
    )


def shapes(code: str) -> dict[str, str]:
    """Each way in which an error is written in JSON, or something else in its place."""
    said = {"code": code, "type": "validation", "description": "No."}
    uncoded = {"type": "validation", "description": "No."}
    whole: dict[str, Any] = {
        "envelope": {"links": [], "errors": [said]},
        "an error for a number": {"links": [], "data": [], "errors": [{**said, "phoneNumber": "+19195550100"}]},
        "envelope, data null": {"links": [], "data": None, "errors": [said, uncoded]},
        "without a code": {"links": [], "errors": [uncoded]},
        "an error beside an empty list": {"links": [], "data": [], "errors": [uncoded], "page": {"totalElements": 0}},
        "only texts": {"errors": ["No."]},
        "an object": {"error": {"code": code, "description": "No."}},
        "bare": uncoded,
        "a message": {"message": "No."},
    }  # fmt: skip
    return {
        **{name: json.dumps(body) for name, body in whole.items()},
        "nothing": "",
        "null": "null",
        "a list": "[]",
        "half": json.dumps(whole["envelope"])[:30],
        "XML": error("1001"),
        "a page": PAGE,
    }


def json_refusals() -> list[Mishap]:
    """Every status with every shape; where the server is in trouble, also after the effect."""
    return [
        answer(status, body, JSON, effect=effect)
        for status in STATUSES
        for code in (CODES if status in {200, 207, 400} else CODES[1:])
        for body in dict.fromkeys(shapes(code).values())
        for effect in ((False, True) if status >= 500 else (False,))
    ]


def _changed(name: str, change: Callable[[dict[str, Any]], object]) -> Mishap:
    """The right answer with a change to its JSON; an answer without JSON stays as it is."""

    def spoil(body: bytes) -> bytes:
        document = json.loads(body) if body.strip() else None
        if not isinstance(document, dict):
            return body
        given = change(document)
        return json.dumps(document if given is None else given).encode()

    return spoilt(name, spoil, "application/json")


def _everywhere(value: Any, change: Callable[[str, Any], Any], name: str = "") -> Any:
    """Return a JSON value with each leaf as `change` gives it for its name."""
    if isinstance(value, dict):
        return {below: _everywhere(inner, change, below) for below, inner in value.items()}
    if isinstance(value, list):
        return [_everywhere(inner, change, name) for inner in value]
    return change(name, value)


def _leaves(name: str, change: Callable[[str, Any], Any]) -> Mishap:
    return _changed(name, lambda document: _everywhere(document, change))


def _without(*names: str) -> Callable[[dict[str, Any]], object]:
    def strip(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: strip(inner) for name, inner in value.items() if name not in names}
        return [strip(inner) for inner in value] if isinstance(value, list) else value

    return strip


def _turned(document: dict[str, Any]) -> None:
    """A list where an object was due, or the other way round."""
    data = document.get("data")
    document["data"] = (data[0] if data else {}) if isinstance(data, list) else [data]


def _twice(document: dict[str, Any]) -> None:
    if isinstance(document.get("data"), list):
        document["data"] = document["data"] * 2


def _in_capitals(name: str, value: Any) -> Any:
    return value.upper() if name.lower().endswith("id") and isinstance(value, str) else value


def _in_ten_digits(name: str, value: Any) -> Any:
    return value.removeprefix("+1") if name == "phoneNumber" else value


def _without_plus(name: str, value: Any) -> Any:
    return value.removeprefix("+") if name == "phoneNumber" else value


def _status(word: Any) -> Callable[[str, Any], Any]:
    return lambda name, value: word if name in ("status", "orderStatus") else value


def json_mishaps() -> list[Mishap]:
    """Everything else that may happen to an answer in JSON."""
    following = [{"href": "https://evil.example/v2?pageNumber=0", "rel": "next", "method": "GET"}]
    nowhere = [{"href": "", "rel": "next", "method": "GET"}]
    flags = ("inboundActivated", "outboundNationalActivated", "outboundInternationalActivated")
    return [
        spoilt("an empty answer", lambda _: b"", "application/json"),
        spoilt("JSON cut in half", lambda body: body[: len(body) // 2], "application/json"),
        spoilt("JSON without its last byte", lambda body: body[:-1], "application/json"),
        spoilt("null", lambda _: b"null", "application/json"),
        spoilt("a number", lambda _: b"5", "application/json"),
        spoilt("deep JSON", lambda _: b'{"data":' + b"[" * 50_000, "application/json"),
        spoilt("a page for an answer", lambda _: PAGE.encode(), "text/html"),
        spoilt("XML for an answer", lambda _: b"<Sites><Site/></Sites>"),
        spoilt("noise", lambda _: bytes(range(256)) * 4),
        spoilt("another content type", lambda body: body, "text/plain"),
        spoilt("a byte order mark", lambda body: b"\xef\xbb\xbf" + body, "application/json"),
        _changed("data null", lambda document: document.update(data=None)),
        _changed("no data", _without("data")),
        _changed("data empty", lambda document: document.update(data=[])),
        _changed("data an empty object", lambda document: document.update(data={})),
        _changed("data turned", _turned),
        _changed("data of texts", lambda document: document.update(data=["a", "b"])),
        _changed("each row twice", _twice),
        _changed("errors null", lambda document: document.update(errors=None)),
        _changed("no page", _without("page")),
        _changed("page null", lambda document: document.update(page=None)),
        _changed("more than it shows", lambda document: document.update(page={"totalElements": 99})),
        _changed("a total that is no number", lambda document: document.update(page={"totalElements": "x"})),
        _changed("a cursor to nowhere", lambda document: document.update(page={"afterCursor": "x"})),
        _changed("a next page elsewhere", lambda document: document.update(links=following)),
        _changed("a next page nowhere", lambda document: document.update(links=nowhere)),
        _changed("no ids", _without("voiceConfigurationPackageId", "orderId")),
        _changed("no names", _without("name")),
        _changed("no numbers", _without("phoneNumber")),
        _changed("no flags", _without(*flags)),
        _changed("no services", _without("serviceTypes")),
        _changed("no application", _without("httpVoiceV2ApplicationId")),
        _leaves("ids in capitals", _in_capitals),
        _leaves("numbers of ten digits", _in_ten_digits),
        _leaves("numbers without a plus", _without_plus),
        _leaves("a status that is not known", _status("SOMETHING_ELSE")),
        _leaves("a status that is null", _status(None)),
        _leaves("a status in lower case", lambda name, value: value.lower() if "tatus" in name and value else value),
        _leaves("flags turned", lambda name, value: not value if name in flags else value),
        _leaves("flags as texts", lambda name, value: str(value) if name in flags else value),
    ]  # fmt: skip
