"""The help for what has the focus, from the catalogue."""

from collections.abc import Iterable, Iterator
from typing import Any, Final

from textual.screen import Screen
from textual.widget import Widget

from bwtui.domain.catalog import STEPS
from bwtui.domain.fields import Const
from bwtui.domain.steps import Step
from bwtui.domain.walk.walk_text import about_question, source_told
from bwtui.tui.places import APPLY, CONNECT, DONE, REVIEW, TITLES, WELCOME, PlaceStatus
from bwtui.tui.widgets.field import Field

_ABOUT = {
    WELCOME: "Say what you want to set up. What you do not want disappears from the steps. Nothing is written to the "
    "account before you say yes on Review.",
    CONNECT: "Your account and your credentials. The test signs in, reads the account, its products and what it holds, "
    "and changes nothing. The secret is never saved: you are asked for it again next time, unless it is in the "
    "environment (BW_CLIENT_ID and BW_CLIENT_SECRET, or BW_USERNAME and BW_PASSWORD).",
    REVIEW: "create: it does not exist yet. order: phone numbers, which cost money. keep: it exists and is as it should "
    "be. change: it exists and is set as answered. leave: it is no longer asked for, and stays as it is. wait: its order "
    "is under way. conflict: something exists that this setup did not create; you decide before anything is written. "
    "R shows the exact request of an action. Below the list is each value and where it came from.",
    APPLY: "Each step as it happens. Enter shows its requests and replies. After a refusal you read what happened, what was "
    "not changed and what to do. You can leave safely: an order that is under way continues without you and is found again.",
    DONE: "Everything was read back. Enter on the list leads to Try it, C copies the value under the cursor; E, J, U and M "
    "write files for what comes next.",
}

_GENERAL = """\
Keys
  Enter       the next field, or what is under the cursor
  Tab, arrows between fields; left and right, or the first letter of a word, change a choice"""

_SIGNS: Final = "The line of steps\n" + "\n".join(f"  {mark.sign:<12}{mark.word}" for mark in PlaceStatus)
"""The legend of the signs above a screen, or at its left."""


def help_for(place: str, focused: Widget | None, keys: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Title and text of the help for a place of the walk. `keys` are those that do something now, and what."""
    step = next((step for step in STEPS if step.key == place), None)
    about = "\n".join(_about_step(step)) if step else _ABOUT[place]
    title, text = help_about(TITLES[place], about, focused, keys)
    return title, f"{text}\n\n{_SIGNS}"


def help_about(
    title: str, about: str, focused: Widget | None, keys: Iterable[tuple[str, str]]
) -> tuple[str, str]:
    """Title and text of the help for a screen, or for its field that has the focus."""
    field = focused.parent if focused else None
    if isinstance(field, Field):
        title, about = field.question.label, about_question(field.question)
    text = "\n".join((_GENERAL, *(f"  {key:<12}{does}" for key, does in keys)))
    return title, f"{about}\n\n{text}"


def keys_now(screen: Screen[Any]) -> Iterator[tuple[str, str]]:
    """The keys that do something now, those that do the same together, with what they do."""
    does: dict[str, dict[str, None]] = {}
    for active in screen.active_bindings.values():
        if active.enabled and active.binding.tooltip:
            keys = does.setdefault(active.binding.tooltip, {})
            keys[screen.app.get_key_display(active.binding)] = None
    yield from ((", ".join(keys), tooltip) for tooltip, keys in does.items())


def _about_step(step: Step) -> Iterator[str]:
    yield from (
        step.explanation,
        "",
        f"The API's word for it: {step.api_word}.",
        f"{step.method} {step.path}",
    )
    for part in step.body:
        if isinstance(part, Const) and part.value:
            yield f"Always sent: {part.label} {part.value} ({source_told(part.source)})"
