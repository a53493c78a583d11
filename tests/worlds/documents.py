"""XML and JSON as the account reads and writes them: leaves by their path (`Address/City`), and errors in their envelopes."""

import json
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final, NamedTuple
from xml.etree import ElementTree as ET
from xml.sax.saxutils import escape

HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
JSON: Final = "JSON"
"""Stands for a root where a reply is in JSON."""


class WorldReply(NamedTuple):
    """A reply of the account."""

    status: int
    body: str = ""
    headers: Mapping[str, str] = {}


class Refused(Exception):  # noqa: N818 - named as what is the matter
    """The account does not do it."""

    def __init__(self, status: int, code: str, text: str) -> None:
        super().__init__(text)
        self.status, self.code, self.text = status, code, text

    def reply(self, root: str) -> WorldReply:
        if root == JSON:
            error = {"code": self.code, "type": "ERROR", "description": self.text}
            told = {name: text for name, text in error.items() if text}
            return envelope(None, status=self.status, errors=[told])
        code = f"<ErrorCode>{self.code}</ErrorCode>" if self.code else ""
        said = f"<ResponseStatus>{code}<Description>{escape(self.text)}</Description></ResponseStatus>"
        if root == "OrderResponse":
            said = (
                f"<ErrorList><Error><Code>{self.code}</Code><Description>{escape(self.text)}</Description>"
                "</Error></ErrorList>"
            )
        return WorldReply(self.status, f"{HEAD}<{root}>{said}</{root}>")


@lru_cache(4096)
def leaves(body: bytes) -> tuple[tuple[str, str], ...]:
    """Every text of a document below its root, with its path; an element that occurs twice stands there twice."""
    found: list[tuple[str, str]] = []

    def walk(element: ET.Element, path: str) -> None:
        if len(element) == 0:
            found.append((path, (element.text or "").strip()))
        for child in element:
            walk(child, f"{path}/{child.tag}" if path else child.tag)

    walk(ET.fromstring(body), "")
    return tuple(found)


def render(fields: Iterable[tuple[str, str]]) -> str:
    """The elements that leaves stand for; neighbours of one parent share it."""
    out: list[str] = []
    open_: list[str] = []
    for path, text in fields:
        *parents, leaf = path.split("/")
        common = 0
        while common < min(len(parents), len(open_)) and parents[common] == open_[common]:
            common += 1
        out.extend(f"</{tag}>" for tag in reversed(open_[common:]))
        out.extend(f"<{tag}>" for tag in parents[common:])
        out.append(f"<{leaf}>{escape(text)}</{leaf}>" if text else f"<{leaf}/>")
        open_ = parents
    out.extend(f"</{tag}>" for tag in reversed(open_))
    return "".join(out)


def document(root: str, inner: str) -> str:
    return f"{HEAD}<{root}>{inner}</{root}>" if inner else f"{HEAD}<{root}/>"


def element(tag: str, fields: Mapping[str, str]) -> str:
    return f"<{tag}>{render(fields.items())}</{tag}>"


def envelope(data: object, *, status: int = 200, errors: Iterable[object] = (), links: Iterable[object] = (),
             page: object = None) -> WorldReply:  # fmt: skip
    """The envelope of everything in JSON (universal-platform 0)."""
    told: dict[str, Any] = {"links": list(links), "data": data, "errors": list(errors)}
    if page is not None:
        told["page"] = page
    return WorldReply(status, json.dumps(told), {"Content-Type": "application/json"})


_OUTER = re.compile(r"(<\?xml[^>]*>)?<(\w+)")


def other_root(body: str) -> str:
    """The same document under a root that nobody knows."""
    if body.startswith("{"):
        return '{"status":"ok"}'
    found = _OUTER.match(body)
    return (
        "<Portal><Message>Welcome</Message></Portal>" if found is None else "<Status><Ok>true</Ok></Status>"
    )
