"""Masks secrets in everything that is shown of an exchange, even if the server repeats them."""

import json
import re
from collections.abc import Iterable
from html import escape
from typing import Final

from bwtui.domain.values.secret import MASK, Secret

_SHORTEST: Final = 4
"""Least number of characters of a secret that is masked; shorter ones occur in ordinary text."""

_PASSWORD: Final = re.compile(rb"(<(?:[\w.-]+:)?Password(?:\s[^>]*)?>)[^<]*", re.IGNORECASE)


def mask_bytes(body: bytes, secrets: Iterable[Secret]) -> bytes:
    """Return the bytes with every `Password` element and every known secret masked, however escaped.

    Mask before cutting: half a secret at the end of an excerpt would not be recognised.
    """
    body = _PASSWORD.sub(rb"\g<1>" + MASK.encode(), body)
    for form in sorted({form for secret in secrets for form in _forms(secret)}, key=len, reverse=True):
        body = body.replace(form.encode("utf-8", "surrogatepass"), MASK.encode())
    return body


def mask_text(words: str, secrets: Iterable[Secret]) -> str:
    """Do the same as `mask_bytes` for text."""
    return mask_bytes(words.encode("utf-8", "replace"), secrets).decode()


def _forms(secret: Secret) -> set[str]:
    """Return the forms in which a secret may occur: as it is, in XML, in JSON; a header also without its scheme."""
    plain = secret.reveal()
    forms = {plain, plain.strip(), escape(plain, quote=False), escape(plain), json.dumps(plain)[1:-1]}
    forms.add(plain.removeprefix("Bearer ").removeprefix("Basic "))
    return {form for form in forms if len(form) >= _SHORTEST}
