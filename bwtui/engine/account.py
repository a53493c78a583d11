"""Read an account before the questions are asked, and list the objects and numbers to choose from. Only GET."""

import asyncio
from collections.abc import Mapping
from typing import Final

from bwtui.api.client import Client, TokenClaims
from bwtui.api.wire import Node, find, many, text, texts
from bwtui.domain.account.account import Account, AvailableNumber, Candidate
from bwtui.domain.account.credential_hints import other_accounts
from bwtui.domain.answers.answers import Answer, Answers, Source, uses_existing, wished_steps
from bwtui.domain.answers.validation import complaints_of
from bwtui.domain.catalog import CAMPAIGN, LOCATION, NUMBER, SITE, STEPS, parent_of
from bwtui.domain.catalog_universal import VOICE_PACKAGE
from bwtui.domain.fields import Const
from bwtui.domain.planning.actions import known_so_far
from bwtui.domain.planning.requests import list_request, search_request
from bwtui.domain.platform import FoundPlatform, Platform
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.run import RunState
from bwtui.domain.steps import FoundInList, FoundOnCampaign, Step
from bwtui.domain.values.comparison import is_same
from bwtui.domain.values.documents import Request
from bwtui.domain.values.phone_numbers import ten_digits
from bwtui.engine.campaign_look_up import CampaignLookUp
from bwtui.engine.exception_groups import first_of
from bwtui.engine.list_reader import read_objects
from bwtui.engine.platform import PlatformLook, look_for_platform
from bwtui.engine.replies import flatten
from bwtui.engine.survey import beside, read_account
from bwtui.engine.waiting import Pace

_CONVERTED_IN_PLACE: Final = 64 * 1024
"""Search replies above this many bytes are parsed in a thread, so that the screen does not freeze."""


async def account(client: Client, answers: Answers) -> Account:
    """Read the account's company, address, missing features and existing objects, with all requests at once.

    Parts that the user's roles may not read are left empty; if that is all of them, the refusal is raised.

    Raises:
        ProblemError: credentials or account are refused, or something could not be read.
    """
    listed = [step for step in STEPS if step.is_listed and not parent_of(step) and not step.is_json]
    by_path = {step.path: step for step in listed}  # the two sorts of application share a list
    try:
        async with asyncio.TaskGroup() as group:
            read = group.create_task(read_account(client, answers))
            asked = group.create_task(client.claims())
            platform = group.create_task(beside(read, _look_for_platform(client, answers)))
            campaigns = group.create_task(_campaigns(client, answers))
            lists = {
                path: group.create_task(beside(read, _list(client, step, answers)))
                for path, step in by_path.items()
            }
    except BaseExceptionGroup as failures:
        raise _with_accounts(first_of(failures), _claims(asked), answers) from None
    refused = read.result().refused
    if refused and all(items.result() is None for items in lists.values()):
        raise _with_accounts(refused, _claims(asked), answers)
    claims, node = _claims(asked), find(read.result().document, "Account")
    looked = platform.result()
    packages = (
        {VOICE_PACKAGE.key: _candidates(VOICE_PACKAGE, looked.packages)}
        if looked.found.platform is Platform.UNIVERSAL
        else {}
    )
    there = {step.key: _candidates(step, lists[step.path].result() or []) for step in listed}
    return Account(
        company=text(node, "CompanyName"),
        address=_address(node),
        reachable=claims.accounts,
        roles=claims.roles,
        lacking=read.result().lacking,
        candidates=there | packages | campaigns.result(),
        only_location=await _only_location(client, answers, there[SITE.key]),
        platform=looked.found,
    )


async def _campaigns(client: Client, answers: Answers) -> dict[str, tuple[Candidate, ...]]:
    """Return the campaigns that numbers can join, by the key of their step; nothing where they are of no use, or refused."""
    if CAMPAIGN not in wished_steps(answers):
        return {}
    try:
        return {CAMPAIGN.key: await candidates(client, CAMPAIGN, answers)}
    except ProblemError:
        return {}  # its own screen asks again, and says why


def _claims(told: asyncio.Task[TokenClaims | None]) -> TokenClaims:
    """Return the claims of the token; none with Basic, or if no token could be had."""
    is_known = told.done() and not told.cancelled() and not told.exception()
    return (told.result() if is_known else None) or TokenClaims()


def _with_accounts(error: BaseException, claims: TokenClaims, answers: Answers) -> BaseException:
    """Return a refusal of the account with the accounts that the token names instead; any other error as it is."""
    other = other_accounts(claims.accounts, answers.account_id)
    if other and isinstance(error, ProblemError) and error.problem.status in (403, 404):
        details = {**error.problem.details, "accounts": other}
        error.problem = error.problem._replace(details=details)
    return error


async def _only_location(client: Client, answers: Answers, sites: tuple[Candidate, ...]) -> Candidate | None:
    """Return the location of an account that has one sub-account with one location; `None` if it has not just that."""
    if len(sites) != 1:
        return None
    used = Answers({**answers.given, SITE.key_of("use"): Answer(sites[0].id, Source.ACCOUNT)})
    there = _candidates(LOCATION, await _list(client, LOCATION, used) or [])
    return there[0] if len(there) == 1 else None


async def _look_for_platform(client: Client, answers: Answers) -> PlatformLook:
    """Find the platform unless it is answered, and the voice packages if there can be any."""
    platform = answers.platform
    if platform is None or not platform.is_settled:
        return await look_for_platform(client, answers)
    packages = await _list(client, VOICE_PACKAGE, answers) if platform is Platform.UNIVERSAL else None
    return PlatformLook(FoundPlatform(platform), packages or [])


async def candidates(client: Client, step: Step, answers: Answers) -> tuple[Candidate, ...]:
    """List the existing objects that a step could use; none for a location whose sub-account is not chosen yet.

    Raises:
        ProblemError: the list could not be read.
    """
    if isinstance(step.found_by, FoundOnCampaign):
        looker = CampaignLookUp(client, step, known_so_far(answers, RunState()), Pace())
        return tuple(map(_campaign, await looker.campaigns()))
    parent = parent_of(step)
    if not step.is_listed or (parent and not uses_existing(parent, answers)):
        return ()
    return _candidates(step, await _read(client, step, answers))


async def search(client: Client, answers: Answers, quantity: int) -> tuple[AvailableNumber, ...]:
    """Search for at most `quantity` numbers with the answered parameters; empty if there are none.

    Raises:
        ProblemError: the search was refused, or could not be made.
    """
    known = known_so_far(answers, RunState())
    reply = await client.send(search_request(NUMBER, answers, quantity, known))
    if reply.size > _CONVERTED_IN_PLACE:
        return await asyncio.to_thread(available, reply.document)
    return available(reply.document)


def available(document: Node) -> tuple[AvailableNumber, ...]:
    """Return the numbers in a search reply, each once; with city and state only if the reply is detailed."""
    found = {number.number: number for number in map(_detailed, _details(document)) if number.number}
    for each in texts(document, "TelephoneNumberList", "TelephoneNumber"):
        if number := ten_digits(each):
            found.setdefault(number, AvailableNumber(number=number))
    return tuple(found.values())


def _details(document: Node) -> list[Node]:
    return many(document, "TelephoneNumberDetailList", "TelephoneNumberDetail")


def _detailed(detail: Node) -> AvailableNumber:
    leaves = {name.casefold(): value.strip() for name, value in detail.items() if isinstance(value, str)}
    return AvailableNumber(
        number=ten_digits(leaves.get("fullnumber") or leaves.get("telephonenumber", "")),
        city=leaves.get("city", ""),
        rate_center=leaves.get("ratecenter", ""),
        state=leaves.get("state", ""),
    )


async def _list(client: Client, step: Step, answers: Answers) -> list[Node] | None:
    """Read the list that the step's object would be in; `None` if this user may not read it."""
    try:
        return await _read(client, step, answers)
    except ProblemError as error:
        if error.problem.status == 403:
            return None
        raise


async def _read(client: Client, step: Step, answers: Answers) -> list[Node]:
    assert isinstance(step.found_by, FoundInList), "only what is listed can be chosen"
    return await read_objects(client, _list_request(step, answers), step.found_by)


def _list_request(step: Step, answers: Answers) -> Request:
    known = known_so_far(answers, RunState())
    parent = parent_of(step)
    if parent and (used := uses_existing(parent, answers)):
        known[parent.produces] = used
    return list_request(step, known)


def _campaign(item: Node) -> Candidate:
    name = text(item, "description", "usecase", "campaignId")
    return Candidate(id=text(item, "campaignId"), name=name, leaves=flatten(item))


def _candidates(step: Step, items: list[Node]) -> tuple[Candidate, ...]:
    """Return the items of a list that are of the step's kind, such as messaging applications."""
    listed = step.found_by
    assert isinstance(listed, FoundInList), "only what is listed can be chosen"
    sort = {
        part.wire: part.value
        for part in step.body
        if isinstance(part, Const) and part.wire in listed.matched_by
    }
    return tuple(
        Candidate(id=id_, name=text(item, listed.matched_by[0]), leaves=flatten(item))
        for item in items
        if (id_ := text(item, listed.id))
        and all(is_same(text(item, wire), value) for wire, value in sort.items())
    )


def _address(node: Node) -> Mapping[str, str]:
    """Return the account's own address by wire name, without values that the sub-account step would refuse."""
    return {
        question.wire: value
        for question in SITE.questions
        if question.wire.startswith("Address/")
        if (value := text(node, question.wire))
        and not any(complaint.blocks for complaint in complaints_of(f"{SITE.key}.{question.key}", value))
    }
