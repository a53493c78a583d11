"""Values on the account that no answer asks for: set in the App, or asked for once and taken away since.

It is left as it is: a change sends it back as it was read, and the plan says so. What cannot be read back (a callback
password) a change cannot keep either; the plan names that.
"""

from collections.abc import Mapping
from typing import Final

from bwtui.domain.documents import Element, leaves
from bwtui.domain.fields import Text
from bwtui.domain.findings import Leaves
from bwtui.domain.steps import Step

_STREET: Final = frozenset({
    "Address/HouseNumber", "Address/PreDirectional", "Address/StreetName", "Address/StreetSuffix",
    "Address/PostDirectional", "Address/Country",
})  # fmt: skip
"""What Bandwidth fills in or writes in its own way: sent back, it would stand there twice."""

_USER: Final = "CallbackCreds/UserId"


def unasked(
    step: Step, desired: Element, shown: Leaves, *, moved: bool = False
) -> dict[str, tuple[str, ...]]:
    """The values of an object that `desired` says nothing about, by wire name, as far as they may be sent back.

    `moved` says that the address is another one now, so that nothing of the old one is kept.
    """
    asked = {path: value for path, value in leaves(desired) if value}
    covered = {
        name.casefold()
        for part in step.body
        if isinstance(part, Text) and part.wire in asked
        for name in (part.wire, *part.echoed_as, *part.replaces)
    }
    names = [part.wire for part in step.questions if part.wire and not _is_secret(part)]
    return {
        name: tuple(values)
        for name in (*names, *step.keeps)
        if name not in asked
        and name.casefold() not in covered
        and name not in _STREET
        and not name.endswith("/UserId")
        and not (moved and name.startswith("Address/"))
        and (values := [value for value in shown.get(name.casefold(), ()) if value])
    }


def told(step: Step, values: Mapping[str, tuple[str, ...]]) -> str:
    """Say what is left as it is; empty for nothing."""
    labels = {part.wire: part.label for part in step.questions}
    said = (
        f"{labels.get(name, name)} “{', '.join(value)}”" for name, value in values.items() if name in labels
    )
    listed = ", ".join(said)
    return f"left as it is on the account: {listed}" if listed else ""


def foreign_user(step: Step, desired: Element, shown: Leaves) -> str:
    """The callback user that the object has and no answer names; empty where there is none."""
    has_one = any(isinstance(part, Text) and part.wire == _USER for part in step.body)
    asked = any(path == _USER for path, _ in leaves(desired))
    users = (value for name in (_USER, f"Inbound{_USER}") for value in shown.get(name.casefold(), ()))
    return next(filter(None, users), "") if has_one and not asked else ""


def _is_secret(part: object) -> bool:
    return isinstance(part, Text) and part.is_secret
