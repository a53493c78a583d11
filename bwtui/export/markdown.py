"""A runbook for people: what exists, who made it, and what to do next."""

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final

from bwtui.domain.answers.answers import Answers, asked_questions, uses_existing, wanted_steps
from bwtui.domain.catalog import LOCATION, MESSAGING_LINK, STEPS
from bwtui.domain.catalog_universal import ACTIVATION, VOICE_NUMBERS, VOICE_PACKAGE
from bwtui.domain.planning.voice_plan import wanted_services
from bwtui.domain.platform import Platform
from bwtui.domain.runs.run import Status, StepState
from bwtui.domain.steps import Step
from bwtui.domain.values.phone_numbers import is_toll_free, readable
from bwtui.domain.values.text import single_line
from bwtui.export.result import Result

_CHECK: Final = """\
## Check it

```sh
{verify}    # reads every object back from Bandwidth and compares it with the answers; changes nothing
{status}    # says how far this setup is
```
"""

_FIRST_USE: Final = """\
## First message, first call

```sh
{export} > first.sh
export BW_CLIENT_ID=... BW_CLIENT_SECRET=...
sh first.sh +15551234567
```
"""

_NEXT: Final = """\
## Know next

- **202 is not delivery.** Bandwidth accepts a message and tells its fate to the callback URL: `message-delivered` or
  `message-failed` with an error code.
- Callbacks must be answered with 2xx within 10 seconds; unanswered ones are repeated for 24 hours, so duplicates happen.
- With callback credentials the first request comes without them and expects 401 with `WWW-Authenticate: Basic`.
"""


_LOCAL_NEEDS: Final = "it is on a registered 10DLC campaign (4476 otherwise)"
_TOLL_FREE_NEEDS: Final = "it is verified (4795 otherwise)"

_EMERGENCY: Final = (
    "A number that is ordered elsewhere has to be put into the package and activated before its calls reach your server.\n"
    "Emergency calls (911) are not set up."
)


def export(result: Result) -> str:
    """Return the runbook."""
    commands = result.commands
    parts = [
        _head(result),
        _open(result),
        _places(result),
        _objects(result),
        _numbers(result),
        _arrivals(result),
        _callbacks(result.answers),
        _settings(result),
        _CHECK.format(verify=commands.of("verify"), status=commands.of("status")),
        _FIRST_USE.format(export=commands.of("export", "--format", "curl")),
        _NEXT,
    ]
    return "\n".join(part for part in parts if part)


def _head(result: Result) -> str:
    return f"# Bandwidth account {_safe(result.account_id)}\n\nAPI: {_safe(result.base_url)}. All times are UTC.\n"


def _open(result: Result) -> str:
    if not result.told:
        besides = "".join(f"\n- {step.title}: {_safe(text)}" for step, text in result.notices)
        return "Everything was read back and is as it should be.\n" + (besides and f"{besides}\n")
    rows = ((point.step.title, result.open_text(point)) for point in result.open)
    return f"## {result.told[0].rstrip(':')}\n\n{_table(('What', 'Open'), rows)}"


def _places(result: Result) -> str:
    """Say what carries messages and what carries calls on the Universal Platform; elsewhere the location does both."""
    if result.platform is not Platform.UNIVERSAL:
        return ""
    about = f"This account is on the {result.platform.told}: its voice package does for calls what its location does for messages."
    rows = list(_place_rows(result))
    table = f"\n{_table(('What', 'Carried by', 'Id', 'State'), rows)}" if rows else ""
    return f"## What lives where\n\n{about}\n{_EMERGENCY}\n{table}"


def _place_rows(result: Result) -> Iterable[tuple[str, ...]]:
    """Yield what is wanted, what carries it, and how far it is."""
    wanted = wanted_steps(result.answers)
    calls = VOICE_NUMBERS if VOICE_NUMBERS in wanted else VOICE_PACKAGE
    services = "; ".join(flag.label for flag in wanted_services(ACTIVATION, result.answers))
    for step, what, carrier, id_ in (
        (MESSAGING_LINK, "Messages", LOCATION.title, result.id(LOCATION.produces)),
        (calls, "Calls", VOICE_PACKAGE.title, result.id(VOICE_PACKAGE.produces)),
        (ACTIVATION, services, "Each phone number", ""),
    ):
        if what and step in wanted:
            yield what, carrier, id_, _state(step, result)


def _objects(result: Result) -> str:
    rows = [_row(step, result) for step in STEPS if result.run.step(step.key) != StepState()]
    if not rows:
        return "## What exists\n\nNothing was made yet.\n"
    return f"## What exists\n\n{_table(('What', 'Id', 'By whom', 'State', 'Started'), rows)}"


def _row(step: Step, result: Result) -> tuple[str, ...]:
    record = result.run.step(step.key)
    placed = record.order_under_way
    return (
        step.title,
        record.outputs.get(step.produces, placed.order_id if placed else ""),
        _by_whom(record),
        _state(step, result),
        _time(record.started_at),
    )


def _by_whom(record: StepState) -> str:
    if record.status is not Status.DONE and not record.outputs:
        return ""
    return "made by this setup" if record.made else "was there, only used"


def _state(step: Step, result: Result) -> str:
    """Return the state of a step in words; *done* only once it was read back."""
    record = result.run.step(step.key)
    if record.problem:
        return f"{record.status}: {record.problem.text}"
    if placed := record.order_under_way:
        return f"ordered, {placed.status}"
    is_open = any(point.step is step for point in result.open)
    return "applied" if record.status is Status.DONE and is_open else record.status


def _time(at: float) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%d %H:%M:%S") if at else ""


def _numbers(result: Result) -> str:
    if not result.numbers and not result.run.orders:
        return ""
    orders = [
        (
            order.order_id or "unknown",
            order.status or "no answer known",
            str(len(order.completed)),
            _time(order.started_at),
        )
        for order in result.run.orders
    ]
    text = _safe(result.order_told)
    none = f"None yet: {text}.\n" if text else "None yet.\n"
    listed = (
        "".join(f"- {readable(number)}, in requests `{number}`\n" for number in result.e164_numbers) or none
    )
    table = f"\n{_table(('Order', 'Status', 'Numbers', 'Sent'), orders)}" if orders else ""
    return f"## Phone numbers\n\n{listed}{table}"


def _arrivals(result: Result) -> str:
    """Say what carriers want of each number before they take its messages; a document cannot know what is so today."""
    if MESSAGING_LINK not in wanted_steps(result.answers) or not result.e164_numbers:
        return ""
    rows = (
        (readable(number), _TOLL_FREE_NEEDS if is_toll_free(number) else _LOCAL_NEEDS)
        for number in result.e164_numbers
    )
    text = f"`{result.commands.of('verify')}` says of each number whether its messages and calls will arrive, and what to do."
    return f"## Will it arrive\n\n{text}\n\n{_table(('Phone number', 'Before carriers take its messages'), rows)}"


def _callbacks(answers: Answers) -> str:
    rows = [
        (url, question.receives)
        for step in wanted_steps(answers)
        for question in step.callback_parts
        if (url := answers.text(step.key_of(question.key)))
    ]
    return f"## Callback URLs\n\n{_table(('URL', 'Hears of'), rows)}" if rows else ""


def _settings(result: Result) -> str:
    rows = [row for step in wanted_steps(result.answers) for row in _settings_of(step, result)]
    return f"## Settings\n\n{_table(('Of', 'Setting', 'Value', 'From'), rows)}" if rows else ""


def _settings_of(step: Step, result: Result) -> Iterable[tuple[str, ...]]:
    """Yield the settings that are sent; without defaults for an existing object, which keeps its own."""
    only_used = uses_existing(step, result.answers)
    for question in asked_questions(step, result.answers):
        answer = result.answers.answer(step.key_of(question.key))
        if not question.wire or not answer or not answer.value or question.is_secret:
            continue
        if not (only_used and answer.source.is_default):
            yield step.title, question.label, answer.value, answer.source


def _table(titles: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [titles, tuple("---" for _ in titles), *(tuple(map(_safe, row)) for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _safe(text: str) -> str:
    """Return text from outside on one line, escaped so that it is neither markup nor HTML."""
    return re.sub(r"([\\`*_\[\]<>|~&#$])", r"\\\1", single_line(text))
