"""Values that Bandwidth keeps in its own spelling: sent again as answered, they read back just as before.

`comparison` knows the usual spellings, but no such list is complete. So if a change was sent to correct a difference
and the difference remains, the value counts as kept that way: it is neither sent again nor wrong. This never applies
to a value that leads calls or messages elsewhere, to one of a few words, or to a value that is not shown.

A slash at the end of a URL is kept that way from the start, if the value was sent when the object was created and
nothing has changed it since: nobody else can have added or dropped it.
"""

import posixpath
import re
import string
from collections.abc import Iterable, Mapping
from typing import Final, assert_never
from urllib.parse import quote, unquote, urlsplit

from bwtui.domain.account.findings import Difference
from bwtui.domain.answers.answers import Answers
from bwtui.domain.fields import Choice, Const, Flag, Ref, Text
from bwtui.domain.planning.progress import answers_of, waiting
from bwtui.domain.runs.run import RunState, StepState
from bwtui.domain.runs.run_events import Spelling
from bwtui.domain.steps import Step
from bwtui.domain.values.comparison import as_stored, differs_by_slash

Spellings = Mapping[str, Spelling]
"""The wanted and the shown value of each element, by wire name."""

_UNRESERVED: Final = frozenset(string.ascii_letters + string.digits + "-._~")
"""The characters that mean the same percent-encoded or not (RFC 3986, 2.3)."""


def stored_otherwise(
    step: Step, wrong: Iterable[Difference], answers: Answers, state: StepState
) -> dict[str, Spelling]:
    """Return the differences that are only how Bandwidth keeps a value.

    They were read back so before; or they stood there before a change that was to mend them, still do, and that answer
    was never read back as it should be: otherwise somebody has changed the value, and the change had no effect. That
    last condition is not made where only a slash differs, or the object was created so.
    """
    wrong = tuple(wrong)
    if not wrong:
        return {}
    created = created_otherwise(step, wrong, answers, state)
    matched = {key for key, value in answers_of(step, answers).items() if state.matched.get(key) == value}
    keys = _keys_by_path(step)
    found = {}
    for difference in wrong:
        path, spelling = difference.path, Spelling(difference.wanted, difference.found)
        is_left = state.before.get(path) == spelling and (
            keys.get(path) not in matched or differs_by_slash(*spelling)
        )
        is_known = state.kept.get(path) == spelling or difference in created
        if is_known or (is_left and _may_be_kept(step, difference)):
            found[path] = spelling
    return found


def created_otherwise(
    step: Step, wrong: Iterable[Difference], answers: Answers, state: StepState
) -> tuple[Difference, ...]:
    """Return the differences of a slash that were there from the start: the value was sent with the object itself."""
    slashes = tuple(each for each in wrong if differs_by_slash(each.wanted, each.found))
    if not slashes or not (state.made or state.sent):
        return ()
    now, applied = answers_of(step, answers), state.applied or {}
    keys = _keys_by_path(step)

    def was_sent(difference: Difference) -> bool:
        key, tried = keys.get(difference.path, ""), {sent.get(difference.path) for sent in state.sent}
        if tried:
            return difference.wanted in tried and difference.found not in tried
        is_applied = key in now and applied.get(key) == now[key]
        return is_applied and not state.changed and key not in state.matched

    return tuple(filter(was_sent, slashes))


def still_differs(wrong: Iterable[Difference], before: Spellings) -> bool:
    """True if a difference stands there that the last change was sent to mend: it may not show yet."""
    return any(before.get(each.path) == (each.wanted, each.found) for each in wrong)


def sent_again(
    step: Step, wrong: Iterable[Difference], answers: Answers, run: RunState
) -> dict[str, Spelling]:
    """Return the differences that a change sends for the second time at least; if one remains, the API keeps it so.

    What stands there when an answer is sent for the first time may be the former answer: it still being there would
    mean that nothing was changed.
    """
    new = {waits.key for waits in waiting(step, answers, run)}
    keys = _keys_by_path(step)
    return {
        difference.path: Spelling(difference.wanted, difference.found)
        for difference in wrong
        if keys.get(difference.path) not in new
    }


def spellings_text(step: Step, spellings: Spellings) -> str:
    """Return a sentence on the values that are kept otherwise than sent; empty for none."""
    labels = {part.wire: part.label for part in step.questions if part.wire}
    listed = ", ".join(
        f"{labels.get(path, path)} “{wanted}” as “{shown}”" for path, (wanted, shown) in spellings.items()
    )
    return f"Bandwidth keeps {listed}" if listed else ""


def _keys_by_path(step: Step) -> dict[str, str]:
    """Return the full name of each question that is sent, by wire name."""
    return {part.wire: step.key_of(part.key) for part in step.questions if part.wire}


def _may_be_kept(step: Step, difference: Difference) -> bool:
    """Return True if the shown value may mean the same as the wanted one in another spelling."""
    if not difference.found:
        return False
    part = next((part for part in step.body if part.wire == difference.path), None)
    match part:
        case Text():
            is_credential = part.is_secret or part.wire.endswith("/UserId")
            return not is_credential and _leads_to_the_same(difference.wanted, difference.found)
        case Choice(options=options):
            return as_stored(difference.found) not in map(as_stored, options)
        case Flag() | Const() | Ref() | None:
            return False
        case _:
            assert_never(part)


def _leads_to_the_same(wanted: str, shown: str) -> bool:
    """Return True unless one text is a URL and the other leads to another server or place."""
    if "://" not in wanted and "://" not in shown:
        return True
    try:
        return _place(wanted) == _place(shown)
    except ValueError:
        return False


def _place(url: str) -> tuple[str, str | None, int | None, str, str]:
    parts = urlsplit(url.strip())
    port = parts.port or {"http": 80, "https": 443}.get(parts.scheme)
    path = posixpath.normpath(f"/{_in_one_way(parts.path).lstrip('/')}")
    return parts.scheme, parts.hostname, port, path, _in_one_way(parts.query)


def _in_one_way(text: str) -> str:
    """Return a part of a URL with as few percent signs as possible; encoded separators stay encoded."""
    return re.sub(
        "%[0-9A-Fa-f]{2}",
        lambda found: plain if (plain := unquote(found[0])) in _UNRESERVED else found[0].upper(),
        quote(text, safe="%/:?#[]@!$&'()*+,;="),
    )
