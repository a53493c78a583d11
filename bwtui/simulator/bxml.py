"""Reading the BXML with which an application answers a call (universal-platform 7.3)."""

from bwtui.simulator.callback_client import MOST_BYTES
from bwtui.simulator.xml import XmlError, parse

_ROOTS = frozenset({"Response", "Bxml"})
"""Bandwidth's own SDKs make both."""


class BxmlError(Exception):
    """The document is not one that a call can go on with; the text says why."""


def spoken(document: bytes) -> list[str]:
    """Return what a document has spoken, up to where it hangs up; an empty one hangs up at once.

    Raises:
        BxmlError: the document is not well-formed, is something else, or has more than 64 KB.
    """
    if len(document) > MOST_BYTES:
        raise BxmlError("The BXML has more than 64 KB")
    if not document.strip():
        return []
    try:
        root = parse(document)
    except XmlError as problem:
        raise BxmlError(f"The BXML is not well-formed: {problem}") from problem
    if root.tag not in _ROOTS:
        raise BxmlError(f"The BXML has the root <{root.tag}>, not <Response>")
    said = []
    for verb in root:
        if verb.tag == "Hangup":
            break
        if verb.tag == "SpeakSentence":
            said.append(" ".join("".join(verb.itertext()).split()))
    return said
