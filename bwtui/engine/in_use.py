"""Look for what others have on an account that needs something of a setup, and so keeps it from being removed. Only GET."""

from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Final

from bwtui.api.client import Client
from bwtui.api.wire import Node, text
from bwtui.domain.account.findings import Finding, Found
from bwtui.domain.answers.answers import Answers
from bwtui.domain.catalog import LOCATION, PAID_STEP, STEPS, parent_of
from bwtui.domain.fields import Ref
from bwtui.domain.planning.requests import Known, list_request
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.run import RunState
from bwtui.domain.steps import FoundAsAssignment, FoundInList, ReleasedByOrder, Step
from bwtui.domain.teardown.teardown import our_numbers
from bwtui.domain.values.comparison import is_same
from bwtui.domain.values.phone_numbers import listed
from bwtui.engine.list_reader import read_objects
from bwtui.engine.number_release import is_in_service
from bwtui.engine.voice_number_look_up import VoiceNumberLookUp

MOST_NAMED: Final = 20
"""Most numbers of others that are looked up one by one, to be named."""

_TELLS_NOTHING: Final = (HTTPStatus.FORBIDDEN, HTTPStatus.NOT_FOUND)

_DEFAULT: Final = "isdefaultpeer"
"""Tells of a location that it can only be deleted as the last one of its sub-account (bandwidth-api 3.3)."""


async def needed_by_others(
    client: Client, answers: Answers, known: Known, run: RunState, findings: Mapping[str, Finding]
) -> dict[str, str]:
    """Return, by the key of its step, why an object of this setup is still needed by something of others.

    `findings` has what was found of each step that has made something; what needs it is looked for as long as the
    setup's own of the same kind is there. What may not be read, or is gone, tells nothing.

    Raises:
        ProblemError: something could not be read.
    """
    needed: dict[str, str] = {}
    for user in STEPS:
        ours = tuple(_ours(user, known, run, findings))
        if not ours:
            continue
        try:
            if isinstance(user.found_by, FoundInList):
                needed |= await _by_objects(client, user, user.found_by, ours, known)
            elif isinstance(user.found_by, FoundAsAssignment):
                numbers = await _numbers(client, user, answers, known, run)
                if numbers:
                    text = f"is needed by numbers that this setup did not order: {listed(numbers)}"
                    needed |= {step.key: text for step in ours}
        except ProblemError as error:
            if error.problem.status not in _TELLS_NOTHING:
                raise
    above = parent_of(LOCATION)
    there = needed.get(above.key) if above else None
    if there and _is_default(findings.get(LOCATION.key)):
        needed.setdefault(LOCATION.key, f"is the default location of a sub-account that {there}")
    return needed


def _ours(user: Step, known: Known, run: RunState, findings: Mapping[str, Finding]) -> Iterator[Step]:
    """Yield the steps whose objects this setup has made, and that those of `user` need."""
    if isinstance(user.found_by, FoundInList) and not (user.key in findings and user.produces in known):
        return
    for step in STEPS:
        is_there = step.key in findings and run.step(step.key).is_ours and step.produces in known
        if is_there and step.is_listed and step.produces in user.needs:
            yield step


async def _by_objects(
    client: Client, user: Step, found_by: FoundInList, ours: tuple[Step, ...], known: Known
) -> dict[str, str]:
    items = await read_objects(client, list_request(user, known), found_by)
    others = [item for item in items if not is_same(text(item, found_by.id), known.id(user.produces))]
    needed = {}
    for step in ours:
        names = [_name(item, found_by) for item in others if _names(user, item, step, known)]
        if names:
            named = ", ".join(names[:MOST_NAMED])
            needed[step.key] = f"is needed by what this setup did not make: {user.title.lower()} {named}"
    return needed


def _names(user: Step, item: Node, step: Step, known: Known) -> bool:
    """Return true if an object needs that of another step: it names it, or lies within it."""
    wires = [part.wire for part in user.body if isinstance(part, Ref) and part.output == step.produces]
    return all(is_same(text(item, wire), known.id(step.produces)) for wire in wires)


def _name(item: Node, found_by: FoundInList) -> str:
    name = text(item, *found_by.matched_by)
    return f"{name} ({text(item, found_by.id)})".strip()


async def _numbers(
    client: Client, user: Step, answers: Answers, known: Known, run: RunState
) -> tuple[str, ...]:
    """Return the numbers in service in the setup's package that no order of the setup has brought, some at least."""
    release = PAID_STEP.undo
    assert isinstance(release, ReleasedByOrder), "numbers are released"
    ours = {*our_numbers(run.step(PAID_STEP.key).orders), *known.numbers}
    look_up = VoiceNumberLookUp(client, answers, known)
    there = await look_up.in_package(user, known.package_id, MOST_NAMED + len(ours))
    candidates = [each for each in there if each not in ours][:MOST_NAMED]
    return tuple(
        [each for each in candidates if await is_in_service(client, PAID_STEP, release, each, known)]
    )


def _is_default(finding: Finding | None) -> bool:
    shown = finding.leaves.get(_DEFAULT, ()) if isinstance(finding, Found) else ()
    return any(is_same("true", value) for value in shown)
