"""Replies as they come over the wire: parse XML or JSON into plain values, and look values up in them.

A parsed reply is a tree of mappings. Every leaf is text, trimmed, and stays text (`02139`, `true`); an empty element
is `""`; an element that occurs several times is a list. The API's variations (one or many, an empty container or
none, `id` or `Id`, any root) are handled by the functions here and nowhere else.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias
from urllib.parse import urlsplit
from xml.parsers import expat

import xmltodict  # type: ignore[import-untyped]  # it ships no type hints

Node: TypeAlias = Mapping[str, "Value"]
Value: TypeAlias = "str | Node | list[str | Node]"

MAX_DEPTH: Final = 64
"""The deepest nesting of elements. The API's own replies stay below ten."""
MAX_ELEMENTS: Final = 200_000
"""Most elements of a reply: four times as many as the details of 5,000 numbers or a list of 10,000 sub-accounts.

Without this limit the largest reply could take half a minute and half a gigabyte to read.
"""

_ID: Final = re.compile(r"[A-Za-z0-9_.-]{1,100}")
_BYTE_ORDER_MARKS: Final = (b"\xef\xbb\xbf", b"\xff\xfe", b"\xfe\xff")
_ENCODING_DECLARED: Final = re.compile(rb"<\?xml[^>]*\sencoding\s*=")


class WireError(ValueError):
    """Raised if a reply is not XML that can be trusted; the text says why."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """A successful answer."""

    status: int
    location: str = ""
    """The `Location` header as it came; not to be requested, only to be read (bandwidth-api 11.5)."""
    document: Node = field(default_factory=dict)
    """The root element by its name; empty if there was no body."""
    size: int = 0
    """Bytes of the body."""
    sent: str = ""
    """The name of the request's root element, which is that of the created object: `Site`."""
    path: str = ""
    """The path of the request; for a POST, its last segment is the collection."""
    date: float | None = None
    """The server's clock as it answered, in whole seconds since the epoch; `None` if it does not tell."""


def parse(body: bytes, charset: str = "") -> Node:
    """Parse a body; `{}` for an empty one. `charset` is that of the Content-Type, for documents that declare none.

    Attributes and namespace prefixes are dropped. Raises `WireError` for anything malformed, for document types and
    entities (which could grow without bound), and for more or deeper elements than `MAX_ELEMENTS` and `MAX_DEPTH`.
    """
    if not body.strip():
        return {}
    try:
        document: Node = xmltodict.parse(
            _decoded(body.lstrip(), charset), expat=_Strict, postprocessor=_empty_is_text, cdata_separator=""
        )
    except expat.ExpatError as error:
        raise WireError(f"not well-formed XML ({error})") from error
    except (ValueError, LookupError) as error:  # a refusal of ours, or an encoding that Python does not know
        raise WireError(str(error)) from error
    return document


def parse_json(body: bytes, listed_as: str = "") -> Node:
    """Parse a JSON body into the same kind of tree: every leaf is text (`true`, `25`), and null is empty.

    `{}` for an empty body or null. With `listed_as`, an array is read as an object with that one member. Raises `WireError` for anything malformed, for what is no object, and for more or
    deeper elements than `MAX_ELEMENTS` and `MAX_DEPTH`.
    """
    if not body.strip():
        return {}
    try:
        document = json.loads(
            body.decode("utf-8-sig"), parse_int=str, parse_float=str, parse_constant=_no_number
        )
    except (ValueError, RecursionError) as error:
        raise WireError(f"not well-formed JSON ({error})") from error
    if document is None:
        return {}
    if listed_as and isinstance(document, list):
        document = {listed_as: document}
    if not isinstance(document, dict):
        raise WireError("its JSON is no object")
    left = [MAX_ELEMENTS]
    return {name: _from_json(value, MAX_DEPTH, left) for name, value in document.items()}


def _from_json(value: object, depth: int, left: list[int]) -> Value:
    left[0] -= 1
    if depth == 0 or left[0] < 0:
        raise WireError("it is nested too deeply, or has too many members")
    match value:
        case dict():
            return {str(name): _from_json(below, depth - 1, left) for name, below in value.items()}
        case list():
            items = [_from_json(item, depth - 1, left) for item in value]
            return [item for item in items if not isinstance(item, list)]
        case None:
            return ""
        case bool():
            return str(value).lower()
        case _:
            return str(value).strip()


def _no_number(name: str) -> object:
    raise ValueError(f"{name} is no number")


def many(node: Node, *path: str) -> list[Node]:
    """Return every element at a path, none, one or many: `many(document, "Sites", "Site")`, or `"Sites/Site"`.

    The path may begin at any depth; from there each name is a child of the one before. Elements with only text are left
    out: `texts` returns those.
    """
    return [value for value in _select(node, "/".join(path)) if isinstance(value, Mapping)]


def texts(node: Node, *path: str) -> list[str]:
    """Return every non-empty text at a path: `texts(document, "TelephoneNumberList", "TelephoneNumber")`."""
    return [found for value in _select(node, "/".join(path)) if (found := _text_of(value))]


def find(node: Node, *path: str) -> Node:
    """Return the first element with children at a path, which may begin at any depth; `{}` if there is none."""
    return next(iter(many(node, *path)), {})


def text(node: Node, *paths: str) -> str:
    """Return the first non-empty text at one of the paths, which begin at `node` itself: `text(site, "Address/City")`.

    Names are compared without regard to case (`id`, `Id`). `""` if there is none.
    """
    for path in paths:
        first, *rest = path.split("/")
        for value in _descend(_children(node, first), rest):
            if found := _text_of(value):
                return found
    return ""


def leaf_texts(node: Node) -> dict[str, str]:
    """Return the non-empty texts directly below a node, by name."""
    return {name: found for name in node if (found := text(node, name))}


def everywhere(node: Node) -> Iterator[tuple[str, Value]]:
    """Yield every element below a node with its name, the nearest first; repeated elements one by one."""
    level: list[Node] = [node]
    while level:
        found = [(name, value) for each in level for name, values in each.items() for value in _flat(values)]
        yield from found
        level = [value for _, value in found if isinstance(value, Mapping)]


def new_id(reply: Reply, *names: str) -> str:
    """Return the id of a new object, or `""` if the reply has none and the object must be looked up by name.

    Sites answer with a body, locations with a `Location` and often no body, orders with both (bandwidth-api 10.7, 10.8,
    11.5): the body comes first, then the last segment of `Location`. A text that does not look like an id is ignored,
    since it would become part of a path; so is the collection itself, to which some servers point.
    """
    candidates = {text(item, *names) for item in _created(reply)} - {""}
    in_body = candidates.pop() if len(candidates) == 1 else ""
    segment = _last_segment(reply.location)
    is_collection = segment.lower() == reply.path.rpartition("/")[2].lower()
    return _id(in_body) or ("" if is_collection else _id(segment))


def is_empty_list(document: Node) -> bool:
    """Return True for a 404 that means an empty list: `<Links>` and a total of 0 at most (bandwidth-api 11.2)."""
    inner: Value = document
    while isinstance(inner, Mapping):
        lowered = {name.lower(): value for name, value in inner.items()}
        if "links" in lowered:
            return set(lowered) <= {"links", "totalcount"} and lowered.get("totalcount", "0") == "0"
        if len(inner) != 1:
            return False
        [inner] = inner.values()
    return False


def has(node: Node, name: str) -> bool:
    """Return True if there is an element of this name at any depth, even an empty one."""
    return any(found.lower() == name.lower() for found, _ in everywhere(node))


class _Strict:
    """An `expat` module for xmltodict: names without prefixes, no attributes, no document types, bounded depth."""

    @staticmethod
    def ParserCreate(encoding: str | None, _separator: str | None) -> "_StrictParser":  # noqa: N802 - expat's name
        return _StrictParser(expat.ParserCreate(encoding))


class _StrictParser:
    """A parser that takes xmltodict's handlers, and passes the real parser's events to them."""

    buffer_text: bool
    ordered_attributes: bool
    EntityDeclHandler: Callable[..., None]
    StartNamespaceDeclHandler: Callable[..., None]
    StartElementHandler: Callable[[str, list[str]], None]
    EndElementHandler: Callable[[str], None]
    CharacterDataHandler: Callable[[str], None]

    def __init__(self, parser: expat.XMLParserType) -> None:
        self._parser = parser
        self._depth = 0
        self._elements = 0

    def Parse(self, body: bytes, final: bool) -> None:  # noqa: FBT001, N802 - expat's signature
        self._parser.buffer_text = True
        self._parser.StartDoctypeDeclHandler = _refuse_document_type
        self._parser.StartElementHandler = self._start
        self._parser.EndElementHandler = self._end
        self._parser.CharacterDataHandler = self.CharacterDataHandler
        self._parser.Parse(body, final)

    def _start(self, name: str, _attributes: object) -> None:
        self._depth += 1
        if self._depth > MAX_DEPTH:
            raise WireError(f"elements nested more than {MAX_DEPTH} deep")
        self._elements += 1
        if self._elements > MAX_ELEMENTS:
            raise WireError(f"more than {MAX_ELEMENTS:,} elements")
        self.StartElementHandler(_local(name), [])

    def _end(self, name: str) -> None:
        self._depth -= 1
        self.EndElementHandler(_local(name))


def _refuse_document_type(*_: object) -> None:
    raise WireError("a document type is declared, which replies of the API never do")


def _local(name: str) -> str:
    return name.rpartition(":")[2]


def _empty_is_text(_path: Any, name: str, value: Any) -> tuple[str, Any]:  # noqa: ANN401 - xmltodict's signature
    return name, "" if value is None else value


def _decoded(body: bytes, charset: str) -> bytes | str:
    """Decode a body if only the Content-Type names its encoding; otherwise return the bytes, which declare it."""
    if not charset or body.startswith(_BYTE_ORDER_MARKS) or _ENCODING_DECLARED.match(body):
        return body
    try:
        return body.decode(charset)
    except (LookupError, UnicodeDecodeError):
        return body


def _select(node: Node, path: str) -> list[Value]:
    first, *rest = path.split("/")
    return _descend(_nearest(node, first), rest)


def _nearest(node: Node, name: str) -> list[Value]:
    """Return the elements of a name on the highest level that has any."""
    level: list[Node] = [node]
    while level:
        if found := [value for each in level for value in _children(each, name)]:
            return found
        level = [value for each in level for value in _below(each) if isinstance(value, Mapping)]
    return []


def _descend(values: list[Value], names: list[str]) -> list[Value]:
    for name in names:
        values = [child for value in values if isinstance(value, Mapping) for child in _children(value, name)]
    return values


def _children(node: Node, name: str) -> list[Value]:
    wanted = name.lower()
    return [value for key in node if key.lower() == wanted for value in _flat(node[key])]


def _flat(value: Value) -> list[str | Node]:
    return value if isinstance(value, list) else [value]


def _below(node: Node) -> list[str | Node]:
    """Return every child, repeated elements one by one."""
    return [value for values in node.values() for value in _flat(values)]


def _text_of(value: Value) -> str:
    """Return the text of a leaf; for an element with children, the text beside them."""
    if isinstance(value, Mapping):
        value = value.get("#text", "")
    return value if isinstance(value, str) else ""


def _created(reply: Reply) -> list[Node]:
    """Return the elements that may hold a new id: those named like the submitted one, else root and children."""
    roots = [root for root in _below(reply.document) if isinstance(root, Mapping)]
    items = [item for root in roots for item in _below(root) if isinstance(item, Mapping)]
    same = [node for parent in (reply.document, *roots) for node in _children(parent, reply.sent)]
    return [node for node in same if isinstance(node, Mapping)] or items + roots


def _last_segment(location: str) -> str:
    try:
        segments = [segment for segment in urlsplit(location.strip()).path.split("/") if segment]
    except ValueError:
        return ""
    return "" if ".." in segments or not segments else segments[-1]


def _id(candidate: str) -> str:
    return candidate if _ID.fullmatch(candidate) and candidate.strip(".") else ""
