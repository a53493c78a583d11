"""Requests as plain values, their XML or JSON, and exchanges for display."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

from bwtui.domain.values.hosts import ServiceHost, service_url
from bwtui.domain.values.secret import MASK, Secret

DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


class NotYetKnown(str):
    """The place of a value that an earlier step will produce: its name, in braces."""

    __slots__ = ()


class Element(NamedTuple):
    """One XML element: either text or children, never both. The API uses no attributes in requests."""

    tag: str
    content: "str | Secret | tuple[Element, ...]" = ()


class Request(NamedTuple):
    """One call to the API, complete except for credentials and host."""

    operation: str
    """The name of the call, `step.verb` (`site.create`), by which errors are explained."""
    method: str
    path: str
    """The path below the base URL, percent-encoded: `/accounts/9900000/sites`."""
    query: tuple[tuple[str, str], ...] = ()
    body: Element | None = None
    at_origin: bool = False
    """True if the path is below the origin of the base URL instead: `/v2/accounts/9900000/…`."""
    is_json: bool = False
    """True if the body is sent as JSON, and JSON is asked for."""
    only_looks: bool = False
    """True for a POST that changes nothing, such as a check."""
    service: ServiceHost | None = None
    """The host that it is for, where messages and calls have hosts of their own."""
    listed_as: str = ""
    """The name under which the items of an answer that is a JSON array are read; empty if the answer is an object."""

    def url(self, base_url: str) -> str:
        """Return the address that it is sent to, without its query."""
        if self.service:
            return service_url(base_url, self.service) + self.path
        base = base_url.removesuffix("/api") if self.at_origin else base_url
        return base + self.path

    @property
    def content_type(self) -> str:
        """The media type of the body."""
        return "application/json" if self.is_json else "application/xml; charset=utf-8"

    @property
    def content(self) -> bytes:
        """The body as it is sent, secrets included; empty without one."""
        if self.body is None:
            return b""
        return to_json(self.body, reveal=True).encode() if self.is_json else to_bytes(self.body)

    @property
    def shown_body(self) -> str:
        """The body as it is shown: indented, secrets masked; empty without one."""
        if self.body is None:
            return ""
        return to_json(self.body, indent=True) if self.is_json else to_xml(self.body, indent=True)


class Exchange(NamedTuple):
    """One attempt for display; holds no secret."""

    operation: str
    method: str
    url: str
    request: str = ""
    """The body that was sent, indented, secrets masked."""
    status: int | None = None
    """`None` when no complete answer came."""
    reply: str = ""
    """The beginning of the answer's body, or what happened instead of an answer. Text from outside: never markup."""
    seconds: float = 0.0


def leaves(element: Element, path: str = "") -> Iterator[tuple[str, str | Secret]]:
    """Yield every text of an element, in order, with its path below the root: `("Address/City", "RALEIGH")`."""
    if not isinstance(element.content, tuple):
        yield path, element.content
        return
    for child in element.content:
        yield from leaves(child, f"{path}/{child.tag}" if path else child.tag)


def to_xml(element: Element, *, reveal: bool = False, indent: bool = False) -> str:
    """Return the element as XML without a declaration; secrets are masked unless `reveal` is true."""
    return (
        "\n".join(_lines(element, 0, reveal=reveal))
        if indent
        else "".join(_lines(element, None, reveal=reveal))
    )


def to_json(element: Element, *, reveal: bool = False, indent: bool = False) -> str:
    """Return the content of an element as a JSON object; secrets are masked unless `reveal` is true.

    A member whose name ends in `[]` is an array, also with one item.
    """
    import json  # noqa: PLC0415 - start-up time is budgeted, and most documents are XML

    return json.dumps(_members(element, reveal=reveal), indent=2 if indent else None, ensure_ascii=False)


def request_text(request: Request) -> str:
    """Return a request as text: method, path, query and document, secrets masked."""
    query = "&".join(f"{name}={value}" for name, value in request.query)
    head = f"{request.method} {request.path}{'?' if query else ''}{query}"
    return f"{head}\n\n{request.shown_body}" if request.body else head


OnExchange = Callable[[Exchange], None]
"""Told each attempt of a request, secrets masked."""

OnWait = Callable[[str, float, str], None]
"""Told each wait before it begins: the operation, the seconds, and the reason."""


def exchange_text(exchange: Exchange) -> str:
    """Return one request and its reply as text."""
    status = exchange.status if exchange.status is not None else "no answer"
    parts = [
        f"{exchange.method} {exchange.url}",
        exchange.request,
        f"{status}, {exchange.seconds:.2f} s",
        exchange.reply.replace("><", ">\n<"),
    ]
    return "\n".join(filter(None, parts))


def to_bytes(element: Element) -> bytes:
    """Return the document as it is sent, secrets included: UTF-8 with a declaration."""
    return (DECLARATION + to_xml(element, reveal=True)).encode()


def _lines(element: Element, depth: int | None, *, reveal: bool) -> Iterator[str]:
    margin = "  " * (depth or 0)
    match element.content:
        case () | "":
            yield f"{margin}<{element.tag} />"
        case tuple() as children:
            yield f"{margin}<{element.tag}>"
            for child in children:
                yield from _lines(child, None if depth is None else depth + 1, reveal=reveal)
            yield f"{margin}</{element.tag}>"
        case Secret() as secret:
            text = _escaped(secret.reveal()) if reveal else MASK
            yield f"{margin}<{element.tag}>{text}</{element.tag}>"
        case str() as text:
            yield f"{margin}<{element.tag}>{_escaped(text)}</{element.tag}>"


def _members(element: Element, *, reveal: bool) -> dict[str, object]:
    assert isinstance(element.content, tuple), "a JSON document is an object"
    members: dict[str, object] = {}
    for child in element.content:
        value = _json_value(child, reveal=reveal)
        if child.tag.endswith("[]"):
            array = members.setdefault(child.tag.removesuffix("[]"), [])
            assert isinstance(array, list), "a member is an array or it is not"
            array.append(value)
        else:
            members[child.tag] = value
    return members


def _json_value(element: Element, *, reveal: bool) -> object:
    match element.content:
        case tuple():
            return _members(element, reveal=reveal)
        case Secret() as secret:
            return secret.reveal() if reveal else MASK
        case str() as text:
            return str(text)


def _escaped(text: str) -> str:
    """Escape text for use between XML tags."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
