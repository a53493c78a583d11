"""The API's error replies: a status, a code and a text, wrapped differently by each family (bandwidth-api 11.1)."""

from collections.abc import Callable
from xml.etree.ElementTree import Element

from bwtui.simulator.xml import element, leaf


class ErrorResponse(Exception):  # noqa: N818 - it is an answer of the API, not an error of the simulator
    """Raised by a rule to refuse a request; becomes the reply. Without a code the body is empty."""

    def __init__(self, status: int, code: int | None = None, text: str = "", *extra: Element) -> None:
        super().__init__(f"{status} {code or ''} {text}".strip())
        self.status = status
        self.code = code
        self.text = text
        self.extra = extra


Envelope = Callable[[ErrorResponse], Element | None]


def in_status(root: str) -> Envelope:
    """Shape a: `<SiteResponse><ResponseStatus><ErrorCode/><Description/></ResponseStatus></SiteResponse>`."""

    def wrap(refusal: ErrorResponse) -> Element | None:
        if refusal.code is None and not refusal.text:
            return None
        status = element("ResponseStatus", leaf("ErrorCode", refusal.code), leaf("Description", refusal.text))
        return element(root, status, *refusal.extra)

    return wrap


def in_error_list(root: str) -> Envelope:
    """Shape b: `<OrderResponse><ErrorList><Error><Code/><Description/></Error></ErrorList>...`."""

    def wrap(refusal: ErrorResponse) -> Element | None:
        if refusal.code is None:
            return None
        return element(root, element("ErrorList", _error(refusal)), *refusal.extra)

    return wrap


def in_error(root: str) -> Envelope:
    """Shape c: `<SearchResult><Error><Code/><Description/></Error></SearchResult>`."""

    def wrap(refusal: ErrorResponse) -> Element | None:
        return None if refusal.code is None else element(root, _error(refusal))

    return wrap


def _error(refusal: ErrorResponse) -> Element:
    return element("Error", leaf("Code", refusal.code), leaf("Description", refusal.text))
