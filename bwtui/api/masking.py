"""Masks secrets in everything that is shown of an exchange, even if the server repeats them."""

import json
import re
from collections.abc import Iterable, Sequence
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
    for form in _all_forms(secrets):
        body = body.replace(form, MASK.encode())
    return body


def mask_beginning(body: bytes, size: int, secrets: Sequence[Secret]) -> bytes:
    """Return the first `size` bytes, masked, without what may be half a secret where they are cut."""
    masked = mask_bytes(body[:size], secrets)
    if len(body) <= size:
        return masked
    longest = max(map(len, _all_forms(secrets)), default=0)
    return masked[: max(0, len(masked) - longest)]


def mask_text(words: str, secrets: Iterable[Secret]) -> str:
    """Do the same as `mask_bytes` for text."""
    return mask_bytes(words.encode("utf-8", "replace"), secrets).decode()


def _all_forms(secrets: Iterable[Secret]) -> list[bytes]:
    """Return the forms in which the secrets may occur, the longest first."""
    forms = {form.encode("utf-8", "surrogatepass") for secret in secrets for form in _forms(secret)}
    return sorted(forms, key=len, reverse=True)


def _forms(secret: Secret) -> set[str]:
    """Return the forms in which a secret may occur: as it is, in XML, in JSON; a header also without its scheme."""
    plain = secret.reveal()
    forms = {plain, plain.strip(), escape(plain, quote=False), escape(plain), json.dumps(plain)[1:-1]}
    forms.add(plain.removeprefix("Bearer ").removeprefix("Basic "))
    return {form for form in forms if len(form) >= _SHORTEST}
