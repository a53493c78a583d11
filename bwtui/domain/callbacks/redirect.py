"""Callback URLs that point at a listener for a while, and the way back to where they pointed before."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple

from bwtui.domain.account.findings import Leaves
from bwtui.domain.answers.answers import Answers, uses_existing, wanted_steps
from bwtui.domain.planning.requests import Known, resource_path
from bwtui.domain.runs.run import RunState
from bwtui.domain.steps import Step
from bwtui.domain.values.comparison import is_same_value
from bwtui.domain.values.documents import Element, Request

_SERVER = "{setup.callback_base_url}"


class Redirect(NamedTuple):
    """The URLs of one application: where they pointed, and where they point for now; by wire name."""

    step: str
    """The key of the application's step."""
    id: str
    old: Mapping[str, str]
    new: Mapping[str, str]
    whole: str = ""
    """The element that sets all of them, where the application had one URL for all."""

    @property
    def url(self) -> str:
        """The URL that they point at for now."""
        return next(iter(self.new.values()))


class Redirection(NamedTuple):
    """Everything that was pointed at one listener."""

    account_id: str
    base_url: str
    public_url: str
    redirects: tuple[Redirect, ...]


class WayBack(StrEnum):
    """The outcome of putting an application's URLs back."""

    RESTORED = "restored"
    """They point where they pointed before."""
    LEFT = "left"
    """Somebody has changed some of them meanwhile, and those were left as they are."""
    GONE = "gone"
    """The application does not exist any more."""


class Returned(NamedTuple):
    """The way back of one application."""

    redirect: Redirect
    way: WayBack
    found: str = ""
    """The URL that somebody has set meanwhile."""


def applications(answers: Answers, run: RunState) -> tuple[tuple[Step, str], ...]:
    """Return the setup's applications with their ids: those that it made, or was told to use."""
    steps = [step for step in wanted_steps(answers) if step.callback_parts]
    found = (
        (step, run.step(step.key).outputs.get(step.produces) or uses_existing(step, answers))
        for step in steps
    )
    return tuple((step, id_) for step, id_ in found if id_)


def redirect_to(step: Step, id_: str, shown: Leaves, public_url: str) -> Redirect | None:
    """Return the change that points an application at a public URL; `None` if it points there, or nowhere."""
    whole = _whole(step)
    old = _urls(step, shown)
    paths = {part.wire: part.default.removeprefix(_SERVER) for part in step.callback_parts}
    base = public_url.rstrip("/")
    new = {wire: base + (paths[wire] or paths.get(whole, "")) for wire in old}
    is_one = bool(whole) and len(set(old.values())) == 1 and bool(shown.get(whole.casefold()))
    return Redirect(step.key, id_, old, new, whole if is_one else "") if old != new else None


def has_credentials(shown: Leaves) -> bool:
    """Return True if the application has callback credentials: Bandwidth then takes https URLs only (12812)."""
    return any(path.endswith("creds/userid") and any(values) for path, values in shown.items())


def there(redirect: Redirect) -> Mapping[str, str]:
    """Return the elements that point the application at the listener."""
    return {redirect.whole: redirect.url} if redirect.whole else redirect.new


def back(redirect: Redirect, step: Step, shown: Leaves, *, certain: bool) -> tuple[Mapping[str, str], str]:
    """Return the elements that point the application back, and a URL that somebody else has set meanwhile.

    Without `certain`, a URL that is back already is sent again: the request that pointed it away may still be under way.
    """
    now = _urls(step, shown)
    own = {
        wire: old
        for wire, old in redirect.old.items()
        if is_same_value(wire, redirect.new[wire], now.get(wire, ""))
        or (not certain and is_same_value(wire, old, now.get(wire, "")))
    }
    others = [
        url
        for wire, url in now.items()
        if wire in redirect.old
        and not is_same_value(wire, redirect.new[wire], url)
        and not is_same_value(wire, redirect.old[wire], url)
    ]
    if redirect.whole and own.keys() == redirect.old.keys():
        own = {redirect.whole: next(iter(redirect.old.values()))}
    return own, next(iter(others), "")


def url_request(step: Step, id_: str, urls: Mapping[str, str], known: Known) -> Request:
    """Return the request that sets these URLs of an application and nothing else.

    PATCH keeps what it does not name: a colleague's changes, and the callback password, which nobody can read back and
    a PUT without it would remove (bandwidth-api 5).
    """
    return Request(
        operation=step.operation("update"),
        method="PATCH",
        path=resource_path(step, id_, known),
        body=Element(step.root, tuple(Element(wire, url) for wire, url in urls.items())),
        at_origin=step.at_origin,
        is_json=step.is_json,
    )


def _whole(step: Step) -> str:
    """Return the element that stands for several others; empty if the step has none."""
    return next((wire for part in step.callback_parts for wire in part.supersedes), "")


def _urls(step: Step, shown: Leaves) -> dict[str, str]:
    """Return the callback URLs that an application has, by wire name, without the one that stands for others."""
    whole = _whole(step)
    names = {
        part.wire: (part.wire, *((whole, *_echoes(step, whole)) if whole else ()))
        for part in step.callback_parts
    }
    found = {
        wire: next((value for name in known for value in shown.get(name.casefold(), ()) if value), "")
        for wire, known in names.items()
        if wire != whole
    }
    return {wire: url for wire, url in found.items() if url}


def _echoes(step: Step, whole: str) -> tuple[str, ...]:
    """Return the other names under which the element that stands for all is shown."""
    others = {part.wire for part in step.callback_parts}
    echoed = next((part.echoed_as for part in step.callback_parts if part.wire == whole), ())
    return tuple(name for name in echoed if name not in others)
