"""Plan the action for phone numbers: keep, order, wait, or ask."""

from typing import Final

from bwtui.domain.account.findings import Numbers, Survey
from bwtui.domain.answers.answers import Answers, can_be_done, wanted_steps
from bwtui.domain.catalog import PAID_STEP
from bwtui.domain.planning.actions import Action, Verdict, conflict, create, known_so_far, problem_found
from bwtui.domain.planning.number_tally import NumberTally, is_searched_for, order_wishes, tally
from bwtui.domain.planning.requests import Known, search_request
from bwtui.domain.runs.problem import Kind, OwnCode, Problem
from bwtui.domain.runs.run import Order, RunState, order_to_name
from bwtui.domain.steps import Step
from bwtui.domain.values.documents import Request, leaves
from bwtui.domain.values.phone_numbers import listed
from bwtui.domain.values.text import capitalised, counted, join_list

SPARE_NUMBERS: Final = 20
"""Numbers that a search asks for beyond those wanted, to replace any that somebody else takes first."""


MOST_FOUND: Final = 5000
"""Most numbers that a search may ask for (bandwidth-api 6.1)."""


def number_search(
    answers: Answers, run: RunState, count: NumberTally | None = None, *, besides: int = 0
) -> Request | None:
    """Return the search to make; `None` if no numbers are wanted, missing or searched for.

    `count` is the tally from a look-up, if there was one; otherwise it is made from the run. `besides` is the count of
    numbers that others may take of those that are found.
    """
    step = next((step for step in wanted_steps(answers) if step.paid), None)
    if step is None or not can_be_done(step, answers):
        return None
    record = run.step(step.key)
    count = count or tally(answers, record.orders, record.numbers)
    spare = SPARE_NUMBERS if order_wishes(answers).replace_taken else 0
    replaces = bool(spare and count.missing > len(count.to_reorder) and not count.unexplained)
    if not is_searched_for(answers) or not (count.needs_search or replaces):
        return None
    asked = count.missing + spare + len(count.gone) + besides
    return search_request(step, answers, min(MOST_FOUND, asked), known_so_far(answers, run))


def numbers_to_order(answers: Answers, run: RunState, survey: Survey) -> tuple[str, ...]:
    """Return the numbers that the next order asks for, according to a survey; empty if none are missing."""
    found = survey.findings.get(PAID_STEP.key, Numbers(run.orders))
    if not isinstance(found, Numbers):
        return ()
    return tally(answers, found.orders, found.located).to_order(survey.candidates)


def numbers_to_keep(answers: Answers, found: Numbers) -> tuple[str, ...]:
    """Return the numbers on the location that are used as they are, as the answers say; empty if others are ordered."""
    count = tally(answers, found.orders, found.located)
    keeps = order_wishes(answers).existing == "keep" and count.missing and count.strangers
    return (*count.had, *count.strangers) if keeps else ()


def plan_numbers(
    step: Step, answers: Answers, found: Numbers, known: Known, *, location_is_ours: bool
) -> Action:
    """Decide the action for the numbers, from the orders and the location as they were found."""
    count = tally(answers, found.orders, found.located)
    under_way = [order for order in found.orders if order.order_id and not order.is_final]
    if count.missing and (under_way or count.unexplained):
        if not count.unexplained:
            return Action(step=step, verdict=Verdict.WAIT, reason="its order is under way")
        order = count.unexplained[0]
        text = unexplained(order)
        problem = problem_found(step, Kind.FAILED, text, OwnCode.ORDER_IN_DOUBT, _named(order))
        return Action(step=step, verdict=Verdict.WAIT, reason=text, problem=problem)
    if not count.missing:
        return _had(step, answers, found, count)
    if _lost(found, _kept(found, known.numbers, count)):
        action = Action(step=step, verdict=Verdict.KEEP, numbers=known.numbers, adopted=not count.had)
        return _as_located(action, found)
    if count.strangers or (found.located is None and not location_is_ours and not count.to_reorder):
        return _numbers_already_there(step, answers, found, count, known)
    action = create(step, answers, known)
    if count.had and not count.to_reorder:
        asked, then = _wanted(answers), len(count.had) + count.missing
        more = f"; that makes {then}, and you ask for {asked}" if then > asked else ""
        return action._replace(reason=f"{count.missing} more, besides {listed(count.had)}{more}")
    if count.to_reorder:
        return action._replace(
            reason="it is not known what became of its order: the same numbers are ordered again, which buys nothing twice"
        )
    return action


def most_agreed_to(action: Action) -> int:
    """Return how many numbers this action may buy at most: those that the person saw in its request."""
    if not action.costs or not action.request or not action.request.body:
        return 0
    return sum(path.endswith("/TelephoneNumber") for path, _ in leaves(action.request.body))


def unexplained(order: Order) -> str:
    """Return what is known of an order that may have bought numbers it does not name."""
    said = (
        f"says {order.status} and does not name its numbers"
        if order.status
        else "may have been placed all the same"
    )
    return f"Order {_named(order)} {said}, so no other is placed beside it."


def _named(order: Order) -> str:
    return order.order_id or order.customer_order_id


def _had(step: Step, answers: Answers, found: Numbers, count: NumberTally) -> Action:
    """Return the action that keeps the numbers had; it is unproven if one is not on the location."""
    named = order_to_name(found.orders, has_numbers=bool(count.had))
    more = _more_than_wanted(answers, count)
    sentence = f"{capitalised(more)}." if more and not count.surplus else ""
    action = Action(
        step=step, verdict=Verdict.KEEP, outputs={step.produces: named.order_id if named else ""}, numbers=count.had,
        reason=more or "as it should be",
        notices=tuple(filter(None, (sentence, _strangers_told(answers, count)))),
    )  # fmt: skip
    if count.surplus:
        text = _surplus_told(answers, count)
        problem = problem_found(step, Kind.CONFLICT, text, OwnCode.BOUGHT_TWICE, join_list(count.surplus))
        return action._replace(reason=text, unproven=problem)
    return _as_located(action, found)


def lost_numbers(answers: Answers, found: Numbers, numbers: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of a setup's numbers that it has no more; `numbers` are those that it had, ordered or kept."""
    count = tally(answers, found.orders, found.located)
    return _lost(found, _kept(found, numbers, count) if count.missing else count.had)


def _kept(found: Numbers, numbers: tuple[str, ...], count: NumberTally) -> tuple[str, ...]:
    """Return those of a setup's numbers that no order asked for: they were on the location before."""
    asked = {number for order in found.orders for number in order.numbers}
    return tuple(number for number in numbers if number not in {*asked, *count.had, *count.gone})


def _lost(found: Numbers, numbers: tuple[str, ...]) -> tuple[str, ...]:
    """Return those of the numbers that are certainly not in service on the location."""
    return tuple(number for number in numbers if found.located is not None and number not in found.located)


def _as_located(action: Action, found: Numbers) -> Action:
    """Return an action that keeps numbers; it is unproven if one of them is not in service on the location."""
    step = action.step
    if found.located is None:
        sentence = found.refused.text if found.refused else ""
        text = f"Ordered, but the numbers on the location cannot be read: {sentence} The credentials lack the role for it."
        refused = found.refused or Problem(
            operation=step.operation("located"), kind=Kind.CREDENTIALS, text=""
        )
        return action._replace(reason=text, unproven=refused._replace(text=text))
    if lost := _lost(found, action.numbers):
        ageing = tuple(number for number in lost if number in found.ageing)
        gone = tuple(number for number in lost if number not in ageing)
        text = _lost_told(found, gone, ageing)
        certain = tuple(number for number in lost if number in ageing or number not in found.fresh)
        if certain:
            code = OwnCode.NUMBERS_GONE if set(certain) - set(ageing) else OwnCode.NUMBERS_AGEING
            problem = problem_found(step, Kind.NOT_FOUND, text, code, join_list(certain))
        else:
            problem = problem_found(step, Kind.UNREACHABLE, text, OwnCode.NOT_YET)
        return action._replace(reason=text, unproven=problem, gone=gone, ageing=ageing)
    return action._replace(notices=(*action.notices, *_unread_told(found)))


def _unread_told(found: Numbers) -> tuple[str, ...]:
    """Say that nobody knows whether numbers are being released, where that cannot be read."""
    if found.unread is None:
        return ()
    return (f"On the location; whether somebody has disconnected them cannot be read: {found.unread.text}",)


def _lost_told(found: Numbers, gone: tuple[str, ...], ageing: tuple[str, ...]) -> str:
    """Say which numbers are not on the location, and which are being released."""
    had = "Ordered, but not" if found.orders else "Kept, but no longer"
    are, them = ("is", "it") if len(ageing) == 1 else ("are", "them")
    sentences = (
        f"{had} on the location: {listed(gone)}.",
        f"{listed(ageing)} {are} being released (Aging): somebody has disconnected {them}.",
    )
    return " ".join(each for each, numbers in zip(sentences, (gone, ageing), strict=True) if numbers)


def _more_than_wanted(answers: Answers, count: NumberTally) -> str:
    """Say how many more numbers than wanted stay on the account; empty for none."""
    wanted = _wanted(answers)
    if len(count.had) <= wanted:
        return ""
    return (
        f"you have {counted(len(count.had), 'phone number')} and asked for {wanted}: {listed(count.had)} stay on the account and keep "
        "costing money; release those that you do not need in the App"
    )


def _surplus_told(answers: Answers, count: NumberTally) -> str:
    bought = counted(len(count.had), "phone number")
    return f"Your orders bought {bought}, but you asked for {_wanted(answers)}. Too many: {listed(count.surplus)}."


def _wanted(answers: Answers) -> int:
    wishes = order_wishes(answers)
    return len(wishes.numbers) or wishes.quantity


def _strangers_told(answers: Answers, count: NumberTally) -> str:
    """Say which numbers are on the location that nobody was asked about; empty for none."""
    if not count.strangers or order_wishes(answers).existing != "report":
        return ""
    are = "number is" if len(count.strangers) == 1 else "numbers are"
    return f"{len(count.strangers)} {are} on the location that this setup did not order: {listed(count.strangers)}."


def _numbers_already_there(
    step: Step, answers: Answers, found: Numbers, count: NumberTally, known: Known
) -> Action:
    strangers = count.strangers
    match order_wishes(answers).existing:
        case "order":
            return create(step, answers, known)
        case "keep" if strangers:
            return Action(
                step=step,
                verdict=Verdict.KEEP,
                numbers=numbers_to_keep(answers, found),
                adopted=not count.had,
                reason="the existing numbers are kept",
                notices=_unread_told(found),
            )
        case _ if strangers:
            there = f"The location already has numbers that this setup did not order: {listed(strangers)}."
        case _:
            text = found.refused.text if found.refused else ""
            there = f"These credentials cannot read which numbers the location already has: {text}"
    return conflict(step, Kind.CONFLICT, there, OwnCode.OTHER_NUMBERS)


def unwanted_numbers(step: Step, answers: Answers, orders: tuple[Order, ...]) -> Action | None:
    """Leave numbers that are no longer asked for; an order with unknown outcome is still watched to its end."""
    count = tally(answers, orders, ())
    waiting = [order for order in count.unresolved if order.status == "BACKORDERED"]
    if len(waiting) < len(count.unresolved):
        text = (
            "no longer asked for, but an order was placed: it is brought to its end, and no other is placed"
        )
        return Action(step=step, verdict=Verdict.WAIT, reason=text)
    if not count.had and not waiting:
        return None
    left = filter(
        None,
        (listed(count.had), *(f"order {order.order_id}, which may still be filled" for order in waiting)),
    )
    text = f"no longer asked for, and left as it is on the account: {'; '.join(left)}"
    return Action(step=step, verdict=Verdict.LEAVE, reason=text)
