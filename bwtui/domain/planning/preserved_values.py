"""Values on the account that no answer sets, preserved by a change: set in the App, or no longer answered.

They are left as they are: a change sends them back as they were read, and the plan says so. A value that cannot be
read back (a callback password) is lost in a change; the plan names it.
"""

from collections.abc import Mapping
from typing import Final

from bwtui.domain.account.findings import Leaves
from bwtui.domain.fields import Text
from bwtui.domain.steps import Step
from bwtui.domain.values.documents import Element, leaves

_STREET: Final = frozenset({
    "Address/HouseNumber", "Address/PreDirectional", "Address/StreetName", "Address/StreetSuffix",
    "Address/PostDirectional", "Address/Country",
})  # fmt: skip
"""Elements that Bandwidth fills in or rewrites; sent back, their values could appear twice."""

_USER: Final = "CallbackCreds/UserId"


def values_to_preserve(
    step: Step, desired: Element, shown: Leaves, *, moved: bool = False
) -> dict[str, tuple[str, ...]]:
    """Return the values of an object that `desired` does not set and that may be sent back, by wire name.

    `moved` is true if the address changes, so that nothing of the old one is kept.
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


def preserved_text(step: Step, values: Mapping[str, tuple[str, ...]]) -> str:
    """Return a sentence on the values that are left as they are; empty for none."""
    labels = {part.wire: part.label for part in step.questions}
    said = (
        f"{labels.get(name, name)} “{', '.join(value)}”" for name, value in values.items() if name in labels
    )
    listed = ", ".join(said)
    return f"left as it is on the account: {listed}" if listed else ""


def foreign_user(step: Step, desired: Element, shown: Leaves) -> str:
    """Return the callback user of the object that no answer names; empty if there is none."""
    has_one = any(isinstance(part, Text) and part.wire == _USER for part in step.body)
    asked = any(path == _USER for path, _ in leaves(desired))
    users = (value for name in (_USER, f"Inbound{_USER}") for value in shown.get(name.casefold(), ()))
    return next(filter(None, users), "") if has_one and not asked else ""


def _is_secret(part: object) -> bool:
    return isinstance(part, Text) and part.is_secret
