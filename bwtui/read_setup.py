"""Read a setup from the account: which sub-accounts and locations there are, and the answers that one amounts to."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bwtui.domain.account.findings import Numbers
from bwtui.domain.answers.answers import Answer, Answers, Source, possible_steps
from bwtui.domain.catalog import LOCATION, parent_of
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.run import RunState
from bwtui.domain.steps import FoundAsAssignment, FoundOnCampaign, Step
from bwtui.domain.walk.existing_setup import ExistingSetup, existing_setup, linked, probe

if TYPE_CHECKING:  # start-up time is budgeted
    from collections.abc import Mapping

    from bwtui.domain.account.account import Candidate
    from bwtui.domain.account.findings import Finding
    from bwtui.services import Services

_ROUNDS = 8
"""Most looks: from the location to its package, from there to the application, and from the numbers to their campaign."""


async def read_setup(services: Services, answers: Answers, site_id: str, sippeer_id: str) -> ExistingSetup:
    """Read what a sub-account with one of its locations amounts to; only looks.

    `answers` say which account it is, and its platform.

    Raises:
        ProblemError: something could not be read.
        Stopped: the person wants to leave.
    """
    parent = parent_of(LOCATION)
    assert parent, "a location belongs to a sub-account"
    used = {parent.key: site_id, LOCATION.key: sippeer_id}
    findings: Mapping[str, Finding] = {}
    unread: dict[str, str] = {}
    for _ in range(_ROUNDS):
        findings = (await services.survey(probe(answers, used), RunState())).findings
        more = (
            linked(findings, used)
            or await _only_package(services, answers, used, findings)
            or await _some_campaign(services, answers, used, findings, unread)
        )
        if not more:
            break
        used |= more
    return existing_setup(answers, used, findings, unread)


async def list_locations(services: Services, answers: Answers, site_id: str) -> tuple[Candidate, ...]:
    """List the locations of a sub-account. Raises as `read_setup` does."""
    parent = parent_of(LOCATION)
    assert parent, "a location belongs to a sub-account"
    used = {**answers.given, parent.key_of("use"): Answer(site_id, Source.ACCOUNT)}
    return await services.list_candidates(LOCATION, Answers(used))


async def _only_package(
    services: Services, answers: Answers, used: Mapping[str, str], findings: Mapping[str, Finding]
) -> dict[str, str]:
    """Return the only package of the account, where the location has no numbers that could say which is its own."""
    if any(isinstance(found, Numbers) and found.located != () for found in findings.values()):
        return {}
    for step in _packages(answers):
        if step.key not in used:
            there = await services.list_candidates(step, probe(answers, used))
            if len(there) == 1:
                return {step.key: there[0].id}
    return {}


async def _some_campaign(
    services: Services,
    answers: Answers,
    used: Mapping[str, str],
    findings: Mapping[str, Finding],
    unread: dict[str, str],
) -> dict[str, str]:
    """Return a campaign of the account, by which it is read which one the numbers are on, if there are numbers."""
    if not any(isinstance(found, Numbers) and found.located for found in findings.values()):
        return {}
    for step in possible_steps(answers):
        if not isinstance(step.found_by, FoundOnCampaign) or step.key in used or step.key in unread:
            continue
        try:
            there = await services.list_candidates(step, answers)
        except ProblemError as error:
            if error.problem.status not in (403, 404):
                raise
            unread[step.key] = error.problem.text
            continue
        if there:
            return {step.key: there[0].id}
    return {}


def _packages(answers: Answers) -> tuple[Step, ...]:
    """Return the steps whose objects numbers are put into."""
    steps = possible_steps(answers)
    needed = {name for step in steps if isinstance(step.found_by, FoundAsAssignment) for name in step.needs}
    return tuple(step for step in steps if step.is_listed and step.produces in needed)
