"""Secrets that are easily recognised, and a search for them in everything that a run leaves behind."""

import base64
import json
from collections.abc import Iterable, Iterator
from html import escape
from pathlib import Path
from typing import Final
from urllib.parse import quote

CLIENT: Final = "canary&<client>77"
BASIC: Final = "canary&<basic>77"
MESSAGING: Final = "canary&<message>77"
VOICE: Final = "canary&<voice>77"
CALLBACKS: Final = {"BWTUI_MESSAGING_CALLBACK_PASSWORD": MESSAGING, "BWTUI_VOICE_CALLBACK_PASSWORD": VOICE}
WITH_CALLBACKS: Final = (
    ("[messaging_app]", '[messaging_app]\ncallback_user = "Your-User-id"'),
    ("[voice_app]", '[voice_app]\ncallback_user = "Your-User-id"'),
)
"""Changes of the guide's example that make it ask for callback passwords."""


def spellings(secret: str) -> Iterator[str]:
    """Return the spellings of a secret: as it is, escaped for XML, JSON or a URL, and as HTTP Basic sends it."""
    yield from (secret, escape(secret), escape(secret, quote=False), json.dumps(secret)[1:-1], quote(secret))
    yield from (base64.b64encode(f"{user}:{secret}".encode()).decode() for user in ("demo", "Your-User-id"))
    yield base64.b64encode(secret.encode()).decode()


def found_in(content: bytes, more: Iterable[str] = ()) -> list[str]:
    """The secrets that stand in some content; `more` are access tokens."""
    known = [
        spelling for secret in (CLIENT, BASIC, MESSAGING, VOICE, *more) for spelling in spellings(secret)
    ]
    return [spelling for spelling in known if spelling.encode() in content]


def found_below(folder: Path, more: Iterable[str] = ()) -> dict[str, list[str]]:
    """The files below a folder that hold a secret."""
    known = list(more)
    found = {str(file): found_in(file.read_bytes(), known) for file in folder.rglob("*") if file.is_file()}
    return {name: secrets for name, secrets in found.items() if secrets}
