"""Texts with colours: signs by what they mean, keys set off from their words, requests by their parts.

A colour only repeats what a sign or a word says, so nothing is lost where there are no colours.
"""

import re
from collections.abc import Iterator
from typing import Final

from textual.content import Content

from bwtui.domain.values.text import safe

SIGN_STYLES: Final = {
    "✓": "$success",
    "!": "$error",
    "?": "$warning",
    "$": "$warning",
    "…": "$primary",
    "○": "$hint",
    "–": "$hint",
    "=": "$hint",
}
"""The style of each sign: done, failed, doubtful, costs money, running; then those that ask for nothing."""

MONEY: Final = "costs money"

_LOUD: Final = frozenset("✓!?$")
"""The signs whose first sentence has their colour too."""

_SENTENCE: Final = re.compile(r".*?[.?](?= |$)|.*")

_VALUE: Final = re.compile(r"(  \S.{27})(.*?)(  \([^()]*\))?")

_LISTED: Final = re.compile(r"  [^ ]+(?=  )|  Tab, arrows")

_PARTS: Final = re.compile(
    r"(?P<problem>^! .*?[.?](?= |$))"
    r"|(?P<request>^(?:GET|POST|PUT|DELETE) \S+)"
    r"|(?P<accepted>^2\d\d(?=, [\d.]+ s$))"
    r"|(?P<refused>^(?:\d{3}|no answer)(?=, [\d.]+ s$))"
    r"|(?P<masked>•+)"
    r"|(?P<tag><[^<>]*>)"
    r'|(?P<key>"[^"\n]*"(?=\s*:))',
    re.MULTILINE,
)
_PART_STYLES: Final = {
    "problem": "bold $error",
    "request": "bold",
    "accepted": "bold $success",
    "refused": "bold $error",
    "masked": "$secondary",
    "tag": "$tag",
    "key": "$tag",
}


def signed(text: str) -> Content:
    """Colour each line that begins with a sign: the sign and what it is about, its first sentence."""
    return Content("\n").join(map(_signed_line, safe(text).split("\n")))


def _signed_line(line: str) -> Content:
    if line[:1] not in _LOUD or line[1:2] != " ":
        return Content(line)
    sentence = _SENTENCE.match(line, 2)
    end = sentence.end() if sentence else len(line)
    return Content.assemble((line[:end], f"bold {SIGN_STYLES[line[0]]}"), line[end:])


def with_sign(line: str) -> Content:
    """Colour nothing but the sign that a line begins with: for lists, where many lines have one."""
    style = SIGN_STYLES.get(line[:1], "") if line[1:2] == " " else ""
    return Content.assemble((line[:1], style), line[1:]) if style else Content(line)


def headed(text: str) -> Content:
    """The same, and the lines that end with a colon as the headings of those below them."""
    lines = signed(text).split("\n")
    return Content("\n").join(line.stylize("bold") if _is_heading(line.plain) else line for line in lines)


def _is_heading(line: str) -> bool:
    return line.endswith(":") and line[:1].isalpha()


def manual(text: str) -> Content:
    """Set off the keys of a list, `  Esc       back`, and the words that stand alone as its headings."""
    return Content("\n").join(map(_manual_line, safe(text).split("\n")))


def _manual_line(line: str) -> Content:
    if line.isalpha():
        return Content.styled(line, "bold")
    if not (listed := _LISTED.match(line)):
        return Content(line)
    return Content.assemble((listed[0], "bold $primary"), line[listed.end() :])


def values(text: str) -> Content:
    """Set values off from their labels and from where they came from: `  Name    SetupTest  (typed)`."""
    return Content("\n").join(map(_value_line, safe(text).split("\n")))


def _value_line(line: str) -> Content:
    if not (found := _VALUE.fullmatch(line)):
        return Content(line)
    label, value, source = found.groups()
    return Content.assemble(label, (value, "$foreground"), source)


def keys(text: str) -> Content:
    """Set the keys of `^N Next  Esc Back` off from their words."""
    return Content("").join(_keys(text))


def _keys(text: str) -> Iterator[Content]:
    for offer in re.split(r"(  |\n)", text):
        key, _, name = offer.partition(" ")
        yield Content.assemble((key, "bold $primary"), f" {name}") if key and name else Content(offer)


def request(text: str) -> Content:
    """Tell apart what a request or a reply consists of, XML or JSON; whatever it holds, it is text."""
    text = safe(text)
    pieces: list[tuple[str, str]] = []
    end = 0
    for found in _PARTS.finditer(text):
        pieces += [(text[end : found.start()], ""), (found[0], _PART_STYLES[found.lastgroup or "tag"])]
        end = found.end()
    return Content.assemble(*(piece for piece in (*pieces, (text[end:], "")) if piece[0]))
