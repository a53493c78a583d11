"""The requests that only read, to be shown before anything is sent: those before a plan and those after it."""

from typing import assert_never

from bwtui.domain.answers.answers import Answers, chosen_existing, uses_existing, wanted_steps
from bwtui.domain.catalog import CAMPAIGN, LOCATION
from bwtui.domain.catalog_universal import VOICE_PACKAGE
from bwtui.domain.planning.actions import known_so_far
from bwtui.domain.planning.campaign_plan import will_be_left_out
from bwtui.domain.planning.order_plan import number_search
from bwtui.domain.planning.requests import (
    Known,
    account_request,
    ageing_request,
    campaign_numbers_request,
    campaign_request,
    campaigns_request,
    check_request,
    list_request,
    located_request,
    platform_request,
    products_request,
    read_request,
    voice_numbers_request,
)
from bwtui.domain.planning.voice_plan import reads_rows
from bwtui.domain.runs.run import RunState
from bwtui.domain.steps import (
    FoundAsActivation,
    FoundAsAssignment,
    FoundAsOrder,
    FoundAsSetting,
    FoundInList,
    FoundOnCampaign,
    Step,
)
from bwtui.domain.values.documents import Request


def look_requests(answers: Answers, run: RunState) -> tuple[Request, ...]:
    """Return the requests before a plan, as far as ids are known; the two applications share one list."""
    known = known_so_far(answers, run)
    search = number_search(answers, run)
    finding = [platform_request(known)] if answers.platform is None else []
    looks = [*finding, account_request(known), products_request(known), *([search] if search else [])]
    for step in wanted_steps(answers):
        looks += _look(step, answers, known)
    return tuple({(request.path, request.query): request for request in looks}.values())


def _look(step: Step, answers: Answers, known: Known) -> tuple[Request, ...]:
    if any(f"{{{name}}}" in step.path and name not in known for name in step.needs):
        return ()
    match step.found_by:
        case FoundInList():
            id_ = uses_existing(step, answers) or (known.id(step.produces) if step.produces in known else "")
            if id_:
                known[step.produces] = id_
            return (read_request(step, id_, known) if id_ else list_request(step, known),)
        case FoundAsSetting():
            return (read_request(step, "", known),)
        case FoundAsOrder():
            return _numbers(known) if LOCATION.produces in known else ()
        case FoundAsAssignment() | FoundAsActivation() as found_by:
            return _on_numbers(step, found_by, known.package_id, answers, known) if known.numbers else ()
        case FoundOnCampaign() as found_by:
            return _on_campaign(step, found_by, answers, known)
        case _:
            assert_never(step.found_by)


def _numbers(known: Known) -> tuple[Request, ...]:
    return (located_request(known), ageing_request(known)) if known.numbers else (located_request(known),)


def _on_numbers(
    step: Step,
    found_by: FoundAsAssignment | FoundAsActivation,
    package_id: str,
    answers: Answers,
    known: Known,
) -> tuple[Request, ...]:
    requests = [voice_numbers_request(step, found_by, package_id, known)] if reads_rows(step, answers) else []
    if isinstance(found_by, FoundAsActivation):
        requests.append(check_request(step, found_by, known.numbers, known))
    return tuple(requests)


def _on_campaign(
    step: Step, found_by: FoundOnCampaign, answers: Answers, known: Known
) -> tuple[Request, ...]:
    campaign = campaign_request(step, found_by, chosen_existing(step, answers), known)
    return (campaign, campaign_numbers_request(step, found_by, known))


def proof_requests(answers: Answers, run: RunState) -> tuple[Request, ...]:
    """Return the requests that read everything back at the end."""
    known = known_so_far(answers, run)
    known.update(
        {step.produces: used for step in wanted_steps(answers) if (used := uses_existing(step, answers))}
    )
    requests = (request for step in wanted_steps(answers) for request in proof_of(step, answers, known))
    return tuple({(request.path, request.query): request for request in requests}.values())


def proof_of(step: Step, answers: Answers, known: Known) -> tuple[Request, ...]:
    """Return the requests that read one step back."""
    match step.found_by:
        case FoundAsOrder():
            return (located_request(known), ageing_request(known))
        case FoundAsAssignment() | FoundAsActivation() as found_by:
            package_id = known.id(VOICE_PACKAGE.produces)
            return _on_numbers(step, found_by, package_id, answers, known)
        case FoundOnCampaign() as found_by:
            return _on_campaign(step, found_by, answers, known)
        case FoundInList():
            read = read_request(step, known.id(step.produces), known)
            # The list shows others of the same name that a request delivered twice may have made.
            return (read,) if uses_existing(step, answers) else (read, list_request(step, known))
        case FoundAsSetting():
            return (read_request(step, "", known),)
        case _:
            assert_never(step.found_by)


def advice_requests(answers: Answers, run: RunState) -> tuple[Request, ...]:
    """Return the requests that find out what numbers without a campaign could join; none where they need none."""
    found_by = CAMPAIGN.found_by
    if not isinstance(found_by, FoundOnCampaign) or not will_be_left_out(answers, run):
        return ()
    return (campaigns_request(CAMPAIGN, found_by, known_so_far(answers, run)),)
