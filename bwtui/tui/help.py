"""The help for what has the focus, from the catalogue."""

from collections.abc import Iterable

from textual.widget import Widget

from bwtui.domain.catalog import STEPS
from bwtui.domain.walk_text import about_question
from bwtui.tui.places import APPLY, CONNECT, DONE, REVIEW, TITLES, WELCOME
from bwtui.tui.widgets.field import Field

_ABOUT = {
    WELCOME: "Say what you want to set up; what you do not want disappears from the steps. Nothing is written to the "
    "account before you say yes on Review.",
    CONNECT: "The account, and who is asking. The test gets a token where OAuth2 is used, reads the account, its products "
    "and what it holds, and changes nothing. The secret is never saved: it is asked for again next time, unless the "
    "environment has it (BW_CLIENT_ID and BW_CLIENT_SECRET, or BW_USERNAME and BW_PASSWORD).",
    REVIEW: "new: it is created. keep: it is there and as it should be. change: it is there and is set as answered. "
    "conflict: something is there that this setup did not make; decide before anything is written. R shows the exact "
    "request of an action. Below the list stands each value and where it came from.",
    APPLY: "Each step as it happens. Enter shows its requests and replies. What was refused says what happened, what was "
    "not changed and what to do. Leaving is safe: an order that is under way goes on by itself and is found again.",
    DONE: "Everything was read back. Enter or C copies the value under the cursor; E, J, U and M write what comes next.",
}

_GENERAL = """\
Keys
  Enter       the next field, or what stands under the cursor
  Tab, arrows between fields; left and right, or the first letter of a word, change a choice"""


def help_for(place: str, focused: Widget | None, keys: Iterable[tuple[str, str]]) -> tuple[str, str]:
    """Title and text. `keys` are those that do something now, and what."""
    told = "\n".join((_GENERAL, *(f"  {key:<12}{does}" for key, does in keys)))
    field = focused.parent if focused else None
    if isinstance(field, Field):
        return field.question.label, f"{about_question(field.question)}\n\n{told}"
    step = next((step for step in STEPS if step.key == place), None)
    about = (
        f"{step.explanation}\n\nThe API's word for it: {step.api_word}.\n{step.method} {step.path}"
        if step
        else _ABOUT[place]
    )
    return TITLES[place], f"{about}\n\n{told}"
