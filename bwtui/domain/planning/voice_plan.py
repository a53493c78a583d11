"""Plan the numbers of a voice package and the activation of their services, number by number (bandwidth-api 13.3, 13.4)."""

from collections.abc import Container, Iterable, Mapping
from typing import Final

from bwtui.domain.account.findings import OnNumbers, Service
from bwtui.domain.answers.answers import Answer, Answers, Source, asked_questions
from bwtui.domain.fields import Flag
from bwtui.domain.planning.actions import Action, Verdict, conflict, create
from bwtui.domain.planning.requests import Known, create_request
from bwtui.domain.runs.problem import Kind, OwnCode, Problem
from bwtui.domain.runs.run import RunState, Status
from bwtui.domain.steps import FoundAsActivation, FoundAsAssignment, Step
from bwtui.domain.values.documents import Request
from bwtui.domain.values.phone_numbers import listed, readable

IN_SERVICE: Final = "IN_SERVICE"
READY: Final = "READY_TO_ACTIVATE"
"""The two statuses of a service that sources name; with any other, its reasons are shown as they came."""


def plan_on_numbers(step: Step, answers: Answers, found: OnNumbers, known: Known) -> Action:
    """Decide the action for the numbers of the package, or for their services."""
    if isinstance(step.found_by, FoundAsAssignment):
        return _plan_assignment(step, answers, found, known)
    return _plan_activation(step, answers, found, known)


def plan_unreadable(step: Step, run: RunState, refused: Problem) -> Action:
    """Return the action for what may not be read: nothing is proven, and the other steps go on."""
    role = " The credentials may lack the role for it." if refused.kind is Kind.CREDENTIALS else ""
    text = f"{step.title} cannot be read: {refused.text}{role}"
    problem = refused._replace(text=text)
    if run.step(step.key).status is Status.DONE:
        return Action(step=step, verdict=Verdict.KEEP, reason=text, unproven=problem)
    return Action(step=step, verdict=Verdict.CONFLICT, reason=text, problem=problem, stops_only_itself=True)


# --- the package ---


def not_in_package(found: OnNumbers) -> tuple[str, ...]:
    """Return the numbers that are not in the setup's own package: all of them while there is none."""
    ours = found.package_id.lower()
    return tuple(number for number in found.numbers if not ours or found.package_of(number) != ours)


def in_another_package(found: OnNumbers) -> dict[str, str]:
    """Return the numbers that are in another package, with its id."""
    return {number: other for number in not_in_package(found) if (other := found.package_of(number))}


def moves_away(step: Step, answers: Answers, found: OnNumbers) -> Problem | None:
    """Return the problem of numbers that would be taken out of another package, unless the answers say to move them."""
    others = in_another_package(found)
    if not others or answers.text(step.key_of("existing")) == "move":
        return None
    elsewhere = "; ".join(f"{readable(number)} is in package {id_}" for number, id_ in others.items())
    text = f"{elsewhere}. Moving it would take its calls away from that package."
    return conflict(step, Kind.CONFLICT, text, OwnCode.IN_OTHER_PACKAGE).problem


def _plan_assignment(step: Step, answers: Answers, found: OnNumbers, known: Known) -> Action:
    missing = not_in_package(found)
    if not missing:
        return Action(step=step, verdict=Verdict.KEEP, reason="as it should be", adopted=found.are_kept)
    if problem := moves_away(step, answers, found):
        return Action(step=step, verdict=Verdict.CONFLICT, reason=problem.text, problem=problem)
    return create(step, answers, _with_numbers(known, missing))


# --- their services ---


def wanted_services(step: Step, answers: Answers) -> tuple[Flag, ...]:
    """Return the flags of the services that the answers ask for."""
    asked = asked_questions(step, answers)
    return tuple(
        part
        for part in step.body
        if isinstance(part, Flag) and part.sends and part in asked and answers.flag(step.key_of(part.key))
    )


def reads_rows(step: Step, answers: Answers) -> bool:
    """Return True if the numbers' rows in the list of voice numbers matter: not for the activation of messages alone."""
    if isinstance(step.found_by, FoundAsAssignment):
        return True
    return any(flag.shown_as for flag in wanted_services(step, answers))


def service_of(flag: Flag) -> str:
    """Return the name of the service that a flag belongs to: `voice`."""
    return flag.wire.split("/")[1].removesuffix("[]")


def inactive(step: Step, answers: Answers, found: OnNumbers) -> dict[str, tuple[Flag, ...]]:
    """Return, for each number that lacks a wanted service, the flags that it lacks."""
    wanted = wanted_services(step, answers)
    lacking = {
        number: tuple(flag for flag in wanted if not _is_active(flag, number, found))
        for number in found.numbers
    }
    return {number: flags for number, flags in lacking.items() if flags}


def _is_active(flag: Flag, number: str, found: OnNumbers) -> bool:
    """Return True if the checker and, for calls, the number's own row show the service as active.

    A row that does not show a kind of outgoing calls at all says nothing about it: its name is not certain
    (bandwidth-api 13.10, 19).
    """
    if found.service(number, service_of(flag)).status != IN_SERVICE:
        return False
    if not flag.shown_as:
        return True
    shown = found.shown(number, flag.shown_as)
    return shown == "true" or (not shown and flag.sends != "INBOUND")


def not_ready(lacking: Mapping[str, tuple[Flag, ...]], found: OnNumbers) -> str:
    """Say which services cannot be activated yet, with every reason as Bandwidth gives it; empty if all can."""
    reasons = {
        f"{readable(number)}: {name} is {_status_told(found.service(number, name))}"
        for number, flags in lacking.items()
        for name in dict.fromkeys(map(service_of, flags))
        if found.service(number, name).status not in (IN_SERVICE, READY)
    }
    return "; ".join(sorted(reasons))


def ready_for_order(
    lacking: Mapping[str, tuple[Flag, ...]], found: OnNumbers, ordered: Container[tuple[str, Flag]]
) -> dict[str, tuple[Flag, ...]]:
    """Return what can be activated of what is lacking, without what was ordered before."""
    ready = {
        number: tuple(
            flag
            for flag in flags
            if found.service(number, service_of(flag)).status in (IN_SERVICE, READY)
            and (number, flag) not in ordered
        )
        for number, flags in lacking.items()
    }
    return {number: flags for number, flags in ready.items() if flags}


def _status_told(service: Service) -> str:
    reasons = f" ({', '.join(service.reasons)})" if service.reasons else ""
    return f"{service.status or 'not shown'}{reasons}"


def activation_requests(
    step: Step, answers: Answers, lacking: Mapping[str, tuple[Flag, ...]], known: Known
) -> tuple[Request, ...]:
    """Return one request for each set of services, with the numbers that lack just these."""
    groups: dict[tuple[Flag, ...], list[str]] = {}
    for number, flags in lacking.items():
        groups.setdefault(flags, []).append(number)
    return tuple(
        create_request(step, _only(step, answers, flags), _with_numbers(known, numbers))
        for flags, numbers in groups.items()
    )


def _only(step: Step, answers: Answers, flags: tuple[Flag, ...]) -> Answers:
    others = (flag for flag in wanted_services(step, answers) if flag not in flags)
    off = {step.key_of(flag.key): Answer("false", Source.RULE) for flag in others}
    return answers._replace(given={**answers.given, **off})


def _plan_activation(step: Step, answers: Answers, found: OnNumbers, known: Known) -> Action:
    lacking = inactive(step, answers, found)
    if not lacking:
        return Action(step=step, verdict=Verdict.KEEP, reason="as it should be", adopted=found.are_kept)
    action = create(step, answers, _with_numbers(known, lacking))
    text = not_ready(lacking, found)
    return action._replace(reason=f"not active yet: {text}" if text else "")


def is_complete(step: Step, answers: Answers, found: OnNumbers) -> bool:
    """Return True if every number is as it should be."""
    match step.found_by:
        case FoundAsAssignment():
            return not not_in_package(found)
        case FoundAsActivation():
            return not inactive(step, answers, found)
        case _:
            return True


def _labels_of(lacking: Mapping[str, tuple[Flag, ...]]) -> str:
    return "; ".join(
        f"{readable(number)}: {', '.join(flag.label for flag in flags)}" for number, flags in lacking.items()
    )


def _with_numbers(known: Known, numbers: Iterable[str]) -> Known:
    return Known({**known, "numbers": tuple(numbers)})


def still_lacking(step: Step, answers: Answers, found: OnNumbers) -> Problem:
    """Return the problem of numbers that do not show the wanted package or services although that was asked for."""
    if isinstance(step.found_by, FoundAsAssignment):
        text = f"Not in the package yet: {listed(not_in_package(found))}."
    else:
        lacking = inactive(step, answers, found)
        text = f"Not active yet: {not_ready(lacking, found) or _labels_of(lacking)}."
    return Problem(
        operation=step.operation("read"),
        kind=Kind.UNREACHABLE,
        text=text,
        code=OwnCode.NOT_READY,
        unclear=True,
    )
