"""XML in and out: a parser that refuses DOCTYPE and entities, and a builder that leaves out None."""

import re
from collections.abc import Iterable
from xml.etree.ElementTree import Element, TreeBuilder, tostring
from xml.parsers import expat

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_DEEPEST = 50
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class XmlError(ValueError):
    """Raised if a body is not an XML document that a server should read."""


def parse(document: bytes) -> Element:
    """Return the root element. Namespaces are ignored; a DOCTYPE is refused before it takes effect."""
    builder = TreeBuilder()
    parser = expat.ParserCreate(namespace_separator="}")
    parser.buffer_text = True

    depth = 0

    def start(tag: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise XmlError("nested too deeply")
        builder.start(tag.rpartition("}")[2], attributes)

    def end(tag: str) -> None:
        nonlocal depth
        depth -= 1
        builder.end(tag.rpartition("}")[2])

    def refuse(*_: object) -> None:
        raise XmlError("a document type is not accepted")

    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.CharacterDataHandler = builder.data
    parser.StartDoctypeDeclHandler = refuse
    try:
        parser.Parse(document, True)  # noqa: FBT003 - expat takes "this is all" by position only
    except expat.ExpatError as problem:
        raise XmlError(str(problem)) from problem
    return builder.close()


def render(root: Element) -> bytes:
    return _DECLARATION + tostring(root, encoding="unicode").encode()


def element(tag: str, *content: Element | str | None) -> Element:
    """Make an element with children or text; a child that is None is left out."""
    made = Element(tag)
    for item in content:
        if isinstance(item, str):
            made.text = item if item.isprintable() else _NOT_XML.sub("", item)
        elif item is not None:
            made.append(item)
    return made


def leaf(tag: str, value: object) -> Element | None:
    """Make an element with text, or None if there is no value."""
    if value is None:
        return None
    if isinstance(value, bool):
        return element(tag, "true" if value else "false")
    return element(tag, str(value))


def leaves(tag: str, values: Iterable[object]) -> list[Element]:
    return [element(tag, str(value)) for value in values]


def text(root: Element | None, *paths: str) -> str | None:
    """Return the trimmed text at the first path that has any; None if there is none."""
    if root is None:
        return None
    for path in paths:
        found = root.findtext(path)
        if found is not None and found.strip():
            return found.strip()
    return None


def texts(root: Element, path: str) -> list[str]:
    return [found.text.strip() for found in root.iterfind(path) if found.text and found.text.strip()]


def flag(root: Element | None, path: str, *, default: bool = False) -> bool:
    value = text(root, path)
    return default if value is None else value.lower() == "true"
