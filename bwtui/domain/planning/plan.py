"""Make the plan: decide each step's action and its exact request from answers, run and findings."""

from collections.abc import Mapping
from typing import NamedTuple, assert_never

from bwtui.domain.account.findings import (
    Absent,
    Difference,
    Finding,
    Found,
    Gone,
    How,
    NotOnPlatform,
    Numbers,
    OnCampaign,
    OnNumbers,
    Several,
    Unreadable,
    differences,
    differences_told,
    spellings,
)
from bwtui.domain.answers.answers import Answer, Answers, Source, can_be_done, uses_existing, wanted_steps
from bwtui.domain.catalog import LOCATION, STEPS, linked_by, parent_of
from bwtui.domain.fields import Flag
from bwtui.domain.planning.actions import Action, Plan, Verdict, conflict, create, known_so_far
from bwtui.domain.planning.campaign_plan import needed_settings, plan_campaign
from bwtui.domain.planning.given_up import begun_anew
from bwtui.domain.planning.order_plan import plan_numbers, unwanted_numbers
from bwtui.domain.planning.preserved_values import foreign_user, preserved_text, values_to_preserve
from bwtui.domain.planning.requests import Known, body, change_request
from bwtui.domain.planning.stored_spellings import Spellings, sent_again, spellings_text, stored_otherwise
from bwtui.domain.planning.voice_plan import plan_on_numbers, plan_unreadable
from bwtui.domain.platform import Platform
from bwtui.domain.runs.problem import Kind, OwnCode
from bwtui.domain.runs.run import RunState, Status
from bwtui.domain.steps import FoundAsSetting, FoundInList, Step
from bwtui.domain.values.comparison import is_same
from bwtui.domain.values.documents import Element


def make_plan(
    answers: Answers, run: RunState, findings: Mapping[str, Finding], chosen_numbers: tuple[str, ...] = ()
) -> Plan:
    """Decide the action of every wanted step.

    `findings` come from a survey; a step without one is decided from the run alone, as `bwtui plan` does without
    sending anything. `chosen_numbers` are those about to be ordered, once a search has found some.
    """
    run = begun_anew(answers, run)
    answers = _with_rules(answers, findings.get(LOCATION.key, Absent()))
    answers = _with_needed_settings(answers, findings, run.numbers or chosen_numbers)
    known = known_so_far(answers, run)
    if chosen_numbers:
        known["chosen_numbers"] = chosen_numbers
    location_is_ours = not uses_existing(LOCATION, answers)
    actions: list[Action] = []
    coming: tuple[str, ...] = ()
    for step in wanted_steps(answers):
        finding = findings.get(step.key)
        action = platform_conflict(step, answers) or (
            _from_run(step, answers, run, known)
            if finding is None
            else _decide(step, answers, run, finding, known, location_is_ours=location_is_ours)
        )
        if step.paid:
            coming = tuple(
                number for number in _numbers_of(action, finding, chosen_numbers) if number not in run.numbers
            )
        known.update(action.outputs)
        actions.append(_with_coming(action, answers, finding, known, coming))
    return Plan((*actions, *_left(answers, run)))


def _numbers_of(action: Action, finding: Finding | None, chosen: tuple[str, ...]) -> tuple[str, ...]:
    """Return the numbers that the setup will have once the paid step is done."""
    match action.verdict, finding:
        case Verdict.NEW, _:
            return chosen
        case Verdict.WAIT, Numbers(orders=orders):
            return tuple(number for order in orders if not order.is_settled for number in order.numbers)
        case _:
            return action.numbers


def _with_coming(
    action: Action, answers: Answers, finding: Finding | None, known: Known, coming: tuple[str, ...]
) -> Action:
    """Return the action of a step on numbers; one that has nothing to do for those there has to see to those that come."""
    seen = finding.numbers if isinstance(finding, OnNumbers | OnCampaign) else ()
    new = tuple(number for number in coming if number not in seen)
    if not (new and seen and action.step.names_numbers and action.verdict is Verdict.KEEP):
        return action
    return create(action.step, answers, Known({**known, "numbers": new}))


def platform_conflict(step: Step, answers: Answers) -> Action | None:
    """Return the conflict of a step that the account's platform cannot do, or may be unable to; the others go on."""
    if can_be_done(step, answers):
        return None
    match answers.platform:
        case Platform.UNKNOWN:
            text = (
                "It is not known which platform the account is on, and voice is set up differently on each."
            )
            kind, code = Kind.CONFLICT, OwnCode.PLATFORM_UNKNOWN
        case _:
            text = f"A trial account cannot do this: {step.title}."
            kind, code = Kind.CONFLICT, OwnCode.TRIAL_ACCOUNT
    return conflict(step, kind, text, code)._replace(stops_only_itself=True)


def _left(answers: Answers, run: RunState) -> tuple[Action, ...]:
    """Return a LEAVE or WAIT action for each step that this setup has made and that is no longer asked for."""
    wanted = {step.key for step in wanted_steps(answers)}
    unwanted = (step for step in STEPS if step.key not in wanted)
    return tuple(action for step in unwanted if (action := _unwanted(step, answers, run)))


def _unwanted(step: Step, answers: Answers, run: RunState) -> Action | None:
    record = run.step(step.key)
    if step.paid and record.orders:
        return unwanted_numbers(step, answers, record.orders)
    if record.made and record.status is Status.DONE:
        text = "no longer asked for, and left as it is on the account"
        return Action(step=step, verdict=Verdict.LEAVE, reason=text)
    return None


def _with_rules(answers: Answers, location: Finding) -> Answers:
    """Return answers that send `true` for the first location of a site: it must be the default one (error 13522)."""
    parent = parent_of(LOCATION)
    first = not (parent and uses_existing(parent, answers)) or location == Absent(alone=True)
    given = dict(answers.given)
    for key in (
        LOCATION.key_of(q.key) for q in LOCATION.questions if isinstance(q, Flag) and q.true_for_first
    ):
        if first and not uses_existing(LOCATION, answers):
            given[key] = Answer("true", Source.RULE)
        elif not isinstance(location, Absent) and answers.text(key) == "false":
            # The rule may have made it the default one, which only another location can change.
            del given[key]
    return Answers(given, answers.secrets)


def _with_needed_settings(
    answers: Answers, findings: Mapping[str, Finding], numbers: tuple[str, ...]
) -> Answers:
    """Return answers that set what wanted steps need from others, such as the location's SMS from a campaign."""
    needed: dict[str, Answer] = {}
    for step in wanted_steps(answers):
        needed |= needed_settings(step, answers, findings, numbers)
    return answers._replace(given={**answers.given, **needed}) if needed else answers


def _from_run(step: Step, answers: Answers, run: RunState, known: Known) -> Action:
    record = run.step(step.key)
    if record.status is Status.DONE:
        return Action(
            step=step,
            verdict=Verdict.KEEP,
            outputs=record.outputs,
            numbers=record.numbers,
            reason="done before",
        )
    if used := uses_existing(step, answers):
        return Action(
            step=step,
            verdict=Verdict.KEEP,
            outputs={step.produces: used},
            adopted=True,
            reason="used, as you said",
        )
    return create(step, answers, known)


def _decide(
    step: Step, answers: Answers, run: RunState, finding: Finding, known: Known, *, location_is_ours: bool
) -> Action:
    match finding:
        case Absent():
            return create(step, answers, known)
        case Gone():
            return _gone(step, run, finding)
        case Several(ids=ids):
            return conflict(
                step, Kind.CONFLICT,
                f"Several objects could be this {step.title.lower()}: {', '.join(ids)}.", OwnCode.SEVERAL,
            )  # fmt: skip
        case Found():
            return _judge(step, answers, run, finding, known, location_is_ours=location_is_ours)
        case Numbers():
            return plan_numbers(step, answers, finding, known, location_is_ours=location_is_ours)
        case OnNumbers():
            return plan_on_numbers(step, answers, finding, known)
        case OnCampaign():
            return plan_campaign(step, answers, finding, known)
        case Unreadable(problem=problem):
            return plan_unreadable(step, run, problem)
        case NotOnPlatform(text=text):
            return conflict(step, Kind.CONFLICT, text, OwnCode.OTHER_PLATFORM)
        case _:
            assert_never(finding)


def _gone(step: Step, run: RunState, gone: Gone) -> Action:
    named = f"{gone.of or step.title} {gone.id}"
    if gone.is_new:
        text = f"{named} was created a moment ago and cannot be read yet."
        return conflict(step, Kind.UNREACHABLE, text, OwnCode.NOT_YET)
    if gone.of:
        return conflict(step, Kind.NOT_FOUND, f"{named}, which it belongs to, does not exist (any more).")
    if not run.step(step.key).made:
        return conflict(step, Kind.NOT_FOUND, f"{named} does not exist (any more).", OwnCode.UNKNOWN_ID)
    text = f"{named} was created by this setup, and no longer exists."
    return conflict(step, Kind.NOT_FOUND, text, OwnCode.REMOVED, gone.id)


class _Comparison(NamedTuple):
    """An object that was found, beside what is wanted of it."""

    step: Step
    found: Found
    desired: Element
    wrong: tuple[Difference, ...]
    """The values that are not the wanted ones."""
    spelled: Spellings
    """The values that the API keeps in its own spelling, which are not wrong."""
    kept: Mapping[str, tuple[str, ...]]
    """The values that no answer sets, as a change sends them back."""

    @property
    def outputs(self) -> dict[str, str]:
        """The id of the object, by name."""
        return {self.step.produces: self.found.id} if self.step.produces else {}

    @property
    def told(self) -> str:
        """What is wrong, in words."""
        return differences_told(self.step, self.wrong)


def _judge(
    step: Step, answers: Answers, run: RunState, found: Found, known: Known, *, location_is_ours: bool
) -> Action:
    """Decide about an object that was found."""
    if found.how is How.SAME_NAME:
        return _of_the_same_name(step, answers, found)
    compared = _compared(step, answers, run, found, known)
    if not compared.wrong and not found.unsent:
        return _kept(compared)
    is_theirs = not location_is_ours and found.how is not How.OURS
    return _left_to_the_person(
        compared, answers, is_theirs=is_theirs or _is_linked_anew(compared, run)
    ) or _changed(compared, answers, run, known)


def _of_the_same_name(step: Step, answers: Answers, found: Found) -> Action:
    named = _named(step, found)
    if is_same(found.id, answers.text(step.key_of("given_up"))):
        return conflict(step, Kind.CONFLICT, f"{named} still exists.", OwnCode.STILL_THERE)
    return conflict(
        step, Kind.CONFLICT,
        f"A {step.title.lower()} of this name already exists, and this setup did not create it: {named}.",
        OwnCode.SAME_NAME, found.id,
    )  # fmt: skip


def _named(step: Step, found: Found) -> str:
    return f"{step.title} {found.id}".strip()


def _compared(step: Step, answers: Answers, run: RunState, found: Found, known: Known) -> _Comparison:
    """Compare what was found with what is wanted."""
    is_listed = isinstance(step.found_by, FoundInList)
    desired = body(step, answers, known, defaults=not (is_listed and found.how is How.USED))
    differing = differences(step, desired, found.leaves)
    is_ours = found.how is How.OURS
    spelled = stored_otherwise(step, differing, answers, run.step(step.key)) if is_ours else {}
    wrong = tuple(difference for difference in differing if difference.path not in spelled)
    moved = any(difference.path.startswith("Address/") for difference in wrong)
    is_kept = is_listed and found.how in (How.OURS, How.RECOVERED)
    kept = values_to_preserve(step, desired, found.leaves, moved=moved) if is_kept else {}
    return _Comparison(step, found, desired, wrong, spelled, kept)


def _kept(compared: _Comparison) -> Action:
    step, found = compared.step, compared.found
    return Action(
        step=step, verdict=Verdict.KEEP, outputs=compared.outputs, adopted=found.how is How.USED,
        reason=_why_kept(compared), spellings=compared.spelled, notices=_twins_told(step, found.twins),
    )  # fmt: skip


def _is_linked_anew(compared: _Comparison, run: RunState) -> bool:
    """Return true if somebody has linked another object since this setup linked the one that it has now."""
    record = run.step(compared.step.key)
    wanted = {difference.wanted for difference in compared.wrong if difference.found}
    makers = ((maker.produces, run.step(maker.key)) for maker in linked_by(compared.step))
    return record.status is Status.DONE and any(
        made.outputs.get(name) in wanted and made.ended_at <= record.ended_at for name, made in makers
    )


def _left_to_the_person(compared: _Comparison, answers: Answers, *, is_theirs: bool) -> Action | None:
    """Return the action where it is the person who says if it is changed: a conflict, or what was said; else `None`.

    `is_theirs` is true for a setting that somebody else has made.
    """
    step, found, wrong = compared.step, compared.found, compared.wrong
    if isinstance(step.found_by, FoundAsSetting) and is_theirs:
        match answers.text(step.key_of("existing")):
            case "change":
                return None
            case "keep":
                reason = f"left as it is: {compared.told}"
                return Action(step=step, verdict=Verdict.KEEP, adopted=True, reason=reason)
            case _:
                text = f"{step.title} is set differently on this location: {compared.told}."
                return conflict(step, Kind.CONFLICT, text, OwnCode.SET_OTHERWISE, differences=wrong)
    if isinstance(step.found_by, FoundInList) and found.how in (How.USED, How.RECOVERED) and wrong:
        text = f"{_named(step, found)} is not as answered: {compared.told}."
        code = OwnCode.UNLIKE if found.how is How.USED else OwnCode.LIKE_OURS
        return conflict(
            step, Kind.CONFLICT, text, code, found.id, outputs=compared.outputs, differences=wrong
        )
    return None


def _changed(compared: _Comparison, answers: Answers, run: RunState, known: Known) -> Action:
    step, found, spelled = compared.step, compared.found, compared.spelled
    resent = "the callback password is sent again" if found.unsent else ""
    lost = foreign_user(step, compared.desired, found.leaves)
    cannot = (
        f"the callback credentials of “{lost}” cannot be read back, so that the change takes them away"
        if lost
        else ""
    )
    besides = "; ".join(filter(None, (resent, preserved_text(step, compared.kept), cannot)))
    return Action(
        step=step, verdict=Verdict.CHANGE, outputs=compared.outputs, kept=compared.kept, spellings=spelled,
        request=change_request(step, answers, Known(known, **compared.outputs), compared.kept),
        before={**sent_again(step, compared.wrong, answers, run), **spelled},
        reason="; ".join(filter(None, (compared.told, besides))), differences=compared.wrong, besides=besides,
        notices=_twins_told(step, found.twins),
    )  # fmt: skip


def _twins_told(step: Step, twins: tuple[str, ...]) -> tuple[str, ...]:
    """Say which other objects of the same name are there; nothing for none."""
    if not twins:
        return ()
    is_one = len(twins) == 1
    there = (
        f"Another {step.title.lower()} of this name is" if is_one else f"{len(twins)} others of this name are"
    )
    it = "it" if is_one else "them"
    text = (
        f"{there} on the account, made at the same moment or later: {', '.join(twins)}. This setup does not use {it}. "
        f"If nobody else created {it}, the request was delivered twice: delete {it} in the Bandwidth App."
    )
    return (text,)


def _why_kept(compared: _Comparison) -> str:
    step, found, desired = compared.step, compared.found, compared.desired
    user = foreign_user(step, desired, found.leaves) if found.how is not How.USED else ""
    parts = (
        preserved_text(step, compared.kept),
        f"left as it is on the account: Callback user “{user}”" if user else "",
        "created by this setup before it was interrupted" if found.how is How.RECOVERED else "",
        spellings(step, desired, found.leaves, besides=compared.spelled),
        spellings_text(step, compared.spelled),
    )
    return "; ".join(filter(None, parts)) or "as it should be"
