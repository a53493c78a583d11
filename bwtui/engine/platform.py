"""Find the platform of an account: by the token, then by the list of voice packages (bandwidth-api 13.1). Only GET."""

from http import HTTPStatus
from typing import Final, NamedTuple

from bwtui.api.client import Client, TokenClaims
from bwtui.api.wire import Node
from bwtui.domain.account.findings import Finding, NotOnPlatform
from bwtui.domain.answers.answers import Answers, wanted_steps
from bwtui.domain.planning.actions import known_so_far
from bwtui.domain.planning.requests import platform_request
from bwtui.domain.platform import FoundPlatform, Platform
from bwtui.domain.runs.problem import Kind, Problem, ProblemError
from bwtui.domain.runs.run import RunState
from bwtui.engine.list_reader import read_json_list

_ROLES: Final = ("vcp", "voice configuration")
"""A role for voice packages has one of these in its name, in any case."""

_TRIAL: Final = FoundPlatform(Platform.TRIAL, "The token says that it is a trial account.")
_KNOWS_NONE: Final = "Bandwidth knows no voice packages for this account."
_REFUSED_ALL_THE_SAME: Final = (
    "Bandwidth refuses voice packages although the credentials have a role for them."
)
_LISTS_PACKAGES: Final = (
    "The answers say that the account is on the legacy platform, but Bandwidth lists its voice packages: it is on the "
    "Universal Platform, which is likely to refuse voice on a location."
)
_TWO_CAUSES: Final = (
    "Bandwidth refuses voice packages: either the account is on the legacy platform, "
    "or the credentials lack the role for voice packages (VCP)."
)


class PlatformLook(NamedTuple):
    """The platform of an account, with the voice packages that were listed to find it."""

    found: FoundPlatform
    packages: list[Node]


async def find_platform(client: Client, answers: Answers) -> FoundPlatform:
    """Find the platform of the account; nothing is sent if the answers say which.

    Raises:
        ProblemError: it is not known yet. Nothing may be written then.
    """
    platform = answers.platform
    if platform and platform.is_settled:
        return FoundPlatform(platform)
    return (await look_for_platform(client, answers)).found


async def look_for_platform(client: Client, answers: Answers) -> PlatformLook:
    """Find the platform of the account by its token and its list of voice packages.

    Raises:
        ProblemError: it is not known yet, since there was no clear answer.
    """
    claims = await client.claims()
    if claims and claims.express:
        return PlatformLook(_TRIAL, [])
    request = platform_request(known_so_far(answers, RunState()))
    try:
        packages = await read_json_list(client, request)
    except ProblemError as error:
        return PlatformLook(_after_refusal(error, claims), [])
    reason = "Bandwidth lists the voice packages of the account."
    return PlatformLook(FoundPlatform(Platform.UNIVERSAL, reason), packages)


async def not_on_platform(client: Client, answers: Answers, run: RunState) -> dict[str, Finding]:
    """Return a finding for each step that the account shows not to have: the answers say legacy, and it lists packages.

    A person who wants it all the same answers so. Nothing is sent where no step is in question, and any other reply
    shows nothing: the answered platform stands.
    """
    steps = [
        step
        for step in wanted_steps(answers)
        if step.platform is Platform.LEGACY
        and answers.chosen_platform == Platform.LEGACY
        and answers.text(step.key_of("existing")) != "change"
        and not run.step(step.key).made
    ]
    if not steps:
        return {}
    try:
        await read_json_list(client, platform_request(known_so_far(answers, RunState())))
    except ProblemError:
        return {}
    return {step.key: NotOnPlatform(_LISTS_PACKAGES) for step in steps}


def _after_refusal(error: ProblemError, claims: TokenClaims | None) -> FoundPlatform:
    """Return what a refused list shows. Raises `ProblemError` if that is nothing."""
    match error.problem.status:
        case HTTPStatus.NOT_FOUND:
            return FoundPlatform(Platform.LEGACY, _KNOWS_NONE)
        case HTTPStatus.FORBIDDEN if _has_role(claims):
            return FoundPlatform(Platform.LEGACY, _REFUSED_ALL_THE_SAME)
        case HTTPStatus.FORBIDDEN:
            return FoundPlatform(Platform.UNKNOWN, _TWO_CAUSES)
        case _:
            raise _not_known_yet(error.problem) from error


def _not_known_yet(problem: Problem) -> ProblemError:
    """Return the error for an answer that shows no platform; trouble of Bandwidth's passes, and ends as *resume later*."""
    if problem.status and problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        problem = problem._replace(kind=Kind.UNREACHABLE)
    return ProblemError(problem)


def _has_role(claims: TokenClaims | None) -> bool:
    roles = [role.lower() for role in claims.roles] if claims else []
    return any(name in role for role in roles for name in _ROLES)
