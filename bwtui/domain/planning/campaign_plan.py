"""Plan which numbers are put on the 10DLC campaign, number by number (bandwidth-api 13.7)."""

from collections.abc import Iterable, Mapping
from typing import Final

from bwtui.domain.account.findings import Finding, Found, OnCampaign
from bwtui.domain.answers.answers import Answer, Answers, Source, is_left_out, wished_steps
from bwtui.domain.catalog import CAMPAIGN, NUMBER, QUESTIONS, TOLL_FREE_SEARCH, step_of
from bwtui.domain.planning.actions import Action, Verdict, conflict, create
from bwtui.domain.planning.number_tally import order_wishes
from bwtui.domain.planning.requests import REGISTERED, Known
from bwtui.domain.runs.problem import Kind, OwnCode, Problem
from bwtui.domain.runs.run import Order, RunState
from bwtui.domain.steps import NeededSetting, Step
from bwtui.domain.values.phone_numbers import is_toll_free, listed, readable

BEING_SET: Final = "PROCESSING"
"""The status of a number whose campaign is being set."""

NOT_FOUND: Final = "12189"
NOT_ACTIVE: Final = "12192"
"""The API's own codes for a campaign that does not exist, and for one that is not active."""


def local_numbers(numbers: tuple[str, ...]) -> tuple[str, ...]:
    """Return the numbers that can be on a campaign: not the toll-free ones, which are verified instead."""
    return tuple(number for number in numbers if not is_toll_free(number))


def left_out_told(answers: Answers, numbers: tuple[str, ...]) -> str:
    """Warn where numbers are to send messages and the campaign is left out; empty if there is nothing to warn of."""
    local = local_numbers(numbers)
    if not local or not _is_missed(answers):
        return ""
    return f"Texts from {listed(local)} will not reach US phones: on no campaign."


def will_be_left_out(answers: Answers, run: RunState) -> bool:
    """Return True if there will be something to warn of once the numbers are there; those of a search are not known yet."""
    named = (*ordered_numbers(run), *order_wishes(answers).numbers)
    is_toll_free = any(answers.text(NUMBER.key_of(key)) for key in TOLL_FREE_SEARCH)
    return _is_missed(answers) and (bool(local_numbers(named)) or not (named or is_toll_free))


def _is_missed(answers: Answers) -> bool:
    """Return True if numbers are to send messages and the campaign is left out."""
    return CAMPAIGN in wished_steps(answers) and is_left_out(CAMPAIGN, answers)


def ordered_numbers(run: RunState) -> tuple[str, ...]:
    """Return the numbers that orders of this setup have brought, ten digits each."""
    return tuple(number for order in run.orders for number in order.completed)


def missing(found: OnCampaign) -> tuple[str, ...]:
    """Return the local numbers that are not on the campaign."""
    return tuple(number for number in found.numbers if not found.is_on_it(number))


def is_on_campaign(found: OnCampaign) -> bool:
    """Return True if the campaign is registered and every local number is on it."""
    return not missing(found) and (found.status == REGISTERED or not found.numbers)


def being_changed(found: OnCampaign) -> tuple[str, ...]:
    """Return the numbers that somebody, perhaps this setup, is putting on a campaign right now."""
    return being_set(found, missing(found))


def being_set(found: OnCampaign, numbers: Iterable[str]) -> tuple[str, ...]:
    """Return those of the numbers whose campaign is being set, or taken off, right now."""
    return tuple(number for number in numbers if found.rows.get(number, ("", ""))[0] == BEING_SET)


def open_order(orders: tuple[Order, ...]) -> Order | None:
    """Return the order that may still put numbers on the campaign; `None` if none can."""
    return next((order for order in reversed(orders) if order.order_id and not order.is_settled), None)


def unusable(step: Step, found: OnCampaign) -> Problem | None:
    """Return the problem of a campaign that numbers cannot join."""
    if found.status == REGISTERED:
        return None
    if not found.status:
        text = f"The account has no campaign {found.campaign_id}."
        return conflict(step, Kind.NOT_FOUND, text, NOT_FOUND).problem
    text = f"Campaign {found.campaign_id} is {found.status}; numbers can join it once it is {REGISTERED}."
    return conflict(step, Kind.CONFLICT, text, NOT_ACTIVE).problem


def moves_off(step: Step, answers: Answers, found: OnCampaign) -> Problem | None:
    """Return the problem of numbers that would be taken off another campaign, unless the answers say to move them."""
    others = {number: other for number in missing(found) if (other := found.campaign_of(number))}
    others = {number: other for number, other in others.items() if other != found.campaign_id}
    if not others or answers.text(step.key_of("existing")) == "move":
        return None
    elsewhere = "; ".join(f"{readable(number)} is on campaign {id_}" for number, id_ in others.items())
    text = f"{elsewhere}. Moving it would take it off that campaign."
    return conflict(step, Kind.CONFLICT, text, OwnCode.ON_OTHER_CAMPAIGN).problem


def plan_campaign(step: Step, answers: Answers, found: OnCampaign, known: Known) -> Action:
    """Decide the action for the numbers that are to be on the campaign."""
    if known.numbers and not found.numbers:
        return Action(step=step, verdict=Verdict.KEEP, reason="toll-free numbers need no campaign")
    if problem := unusable(step, found) or moves_off(step, answers, found):
        return Action(step=step, verdict=Verdict.CONFLICT, reason=problem.text, problem=problem)
    if not found.numbers:
        return create(step, answers, known)
    lacking = missing(found)
    if not lacking:
        return Action(step=step, verdict=Verdict.KEEP, reason="as it should be", adopted=found.are_kept)
    if order := open_order(found.orders):
        return _wait(step, under_way(step, order))
    if changing := being_changed(found):
        return _wait(step, settings_under_way(step, changing))
    action = create(step, answers, Known({**known, "numbers": lacking}))
    failed = next((order for order in reversed(found.orders) if order.error_text), None)
    return action._replace(reason=failure_told(failed) if failed else "")


def _wait(step: Step, problem: Problem) -> Action:
    return Action(step=step, verdict=Verdict.WAIT, reason=problem.text)


def under_way(step: Step, order: Order) -> Problem:
    """Return the problem of an order that is not final yet: nothing is ordered beside it."""
    text = (
        f"Order {order.order_id} for {listed(order.numbers)} is {order.status}. It goes on by itself, which takes minutes "
        "to hours; nothing is ordered beside it."
    )
    return Problem(
        operation=step.operation("watch"), kind=Kind.UNREACHABLE, text=text, code=OwnCode.NOT_READY
    )


def settings_under_way(step: Step, numbers: tuple[str, ...]) -> Problem:
    """Return the problem of numbers whose campaign is being set: nothing is ordered beside that."""
    text = f"{listed(numbers)}: a campaign is being set right now, so nothing is ordered beside it."
    return Problem(
        operation=step.operation("watch"), kind=Kind.UNREACHABLE, text=text, code=OwnCode.NOT_READY
    )


def still_changing(step: Step, found: OnCampaign) -> Problem | None:
    """Return the problem of numbers whose campaign is being set; `None` if there are none."""
    changing = being_changed(found)
    return settings_under_way(step, changing) if changing else None


def failure_told(order: Order) -> str:
    """Say what an order that is final did not do, with the code of each number."""
    done = f"put {len(order.completed)} of {len(order.numbers)} numbers on the campaign"
    return f"Order {order.order_id or order.customer_order_id} {done}: {order.error_text}".rstrip(": ")


# --- Settings of other steps that it needs ---------------------------------------------------------------------


def needed_settings(
    step: Step, answers: Answers, findings: Mapping[str, Finding], numbers: tuple[str, ...]
) -> dict[str, Answer]:
    """Return the answers to other steps that the step needs and nobody has given.

    A value on the account that will do stays as it is, and is sent back with a change.
    """
    if numbers and not local_numbers(numbers):
        return {}
    return {
        needed.answer: Answer(_value(needed, findings), Source.RULE)
        for needed in step.needed_settings
        if not answers.text(needed.answer)
    }


def _value(needed: NeededSetting, findings: Mapping[str, Finding]) -> str:
    other = step_of(needed.answer)
    found = findings.get(other.key) if other else None
    if not isinstance(found, Found):
        return needed.otherwise
    shown = next(iter(found.leaves.get(QUESTIONS[needed.answer].wire.casefold(), ())), "")
    return next((value for value in needed.any_of if value.casefold() == shown.casefold()), needed.otherwise)
