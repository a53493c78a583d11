"""The setup that a sub-account with a location amounts to, in answers: what is used, what is set, what is wished for."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from bwtui.domain.account.findings import (
    Finding,
    Found,
    Gone,
    NotOnPlatform,
    Numbers,
    OnCampaign,
    OnNumbers,
    Unreadable,
    differences,
)
from bwtui.domain.account.read_back import read_back
from bwtui.domain.answers.answers import Answer, Answers, Source, asked_questions, possible_steps
from bwtui.domain.answers.validation import complaints_of
from bwtui.domain.catalog import PAID_STEP, QUESTIONS, STEPS, WISHES, step_of
from bwtui.domain.fields import Flag, Ref
from bwtui.domain.planning.actions import Plan, known_so_far
from bwtui.domain.planning.campaign_plan import is_on_campaign
from bwtui.domain.planning.plan import make_plan
from bwtui.domain.planning.requests import Known, body
from bwtui.domain.planning.voice_plan import inactive, not_in_package
from bwtui.domain.runs.run import RunState
from bwtui.domain.steps import FoundAsAssignment, FoundAsSetting, Step
from bwtui.domain.values.phone_numbers import is_toll_free, listed, readable
from bwtui.domain.values.text import join_list
from bwtui.domain.walk.walk_text import ways_to_settle


class ExistingSetup(NamedTuple):
    """The objects on the account, as answers."""

    answers: Answers
    notes: Mapping[str, tuple[str, ...]] = MappingProxyType({})
    """Sentences on what no answer says, by table. They hold text from outside: never markup."""
    plan: Plan = Plan()
    """The plan for these answers on the account as it was read: *keep* for everything, if they say it all."""

    @property
    def numbers(self) -> tuple[str, ...]:
        """The numbers on the location, ten digits each."""
        return next((action.numbers for action in self.plan if action.step.paid), ())


def probe(answers: Answers, used: Mapping[str, str]) -> Answers:
    """Return answers by which everything is looked for: all is wished for, and `used` has ids by step key."""
    given = {key: answer for key, answer in answers.given.items() if key.startswith("account.")}
    asked = {f"setup.{wish}": "true" for wish in WISHES}
    asked |= {PAID_STEP.key_of("existing"): "keep"}
    asked |= {step.key_of(step.chosen_by): used[step.key] for step in STEPS if step.key in used}
    return Answers({**given, **_from_account(asked)})


def _from_account(values: Mapping[str, str]) -> dict[str, Answer]:
    return {key: Answer(value, Source.ACCOUNT) for key, value in values.items()}


def linked(findings: Mapping[str, Finding], used: Mapping[str, str]) -> dict[str, str]:
    """Return the ids that the objects found so far lead to, by step key: the application of a location or package."""
    found: dict[str, str] = {}
    for step in STEPS:
        finding = findings.get(step.key)
        if isinstance(finding, Found) and (not step.is_listed or step.key in used):
            for part in step.body:
                if isinstance(part, Ref):
                    ids = filter(None, finding.leaves.get(part.wire.casefold(), ()))
                    found |= {other.key: id_ for id_ in ids for other in _producing(part.output)}
        if isinstance(finding, OnNumbers) and isinstance(step.found_by, FoundAsAssignment):
            packages = Counter(filter(None, map(finding.package_of, finding.numbers)))
            found |= {
                other.key: id_
                for id_, _ in packages.most_common(1)
                for name in step.needs
                for other in _producing(name)
            }
        if isinstance(finding, OnCampaign):
            for id_, _ in Counter(id_ for _, id_ in finding.rows.values() if id_).most_common(1):
                found[step.key] = id_
    return {key: id_ for key, id_ in found.items() if used.get(key) != id_ and _can_be_used(key, id_)}


def _producing(output: str) -> tuple[Step, ...]:
    return tuple(step for step in STEPS if step.is_listed and step.produces == output)


def _can_be_used(key: str, id_: str) -> bool:
    step = step_of(key)
    return step is not None and not any(
        complaint.blocks for complaint in complaints_of(step.key_of(step.chosen_by), id_)
    )


def existing_setup(
    answers: Answers,
    used: Mapping[str, str],
    findings: Mapping[str, Finding],
    unread: Mapping[str, str] = MappingProxyType({}),
) -> ExistingSetup:
    """Return the answers for what was found with `probe(answers, used)`.

    `unread` has the reason, by step key, for what may not be read.
    """
    return _Reading(probe(answers, used), used, findings, unread).result()


class _Reading:
    """Reads the findings step by step."""

    def __init__(
        self,
        asked: Answers,
        used: Mapping[str, str],
        findings: Mapping[str, Finding],
        unread: Mapping[str, str],
    ) -> None:
        self._asked = asked
        self._used = used
        self._findings = findings
        self._steps = possible_steps(asked)
        self._values: dict[str, str] = {}
        self._notes: defaultdict[str, list[str]] = defaultdict(list)
        for key, why in unread.items():
            self._notes[key].append(f"It cannot be read: {why}")
        self._there: set[str] = set()
        """The keys of the steps whose object is there as the answers can say it."""
        self._known = Known(known_so_far(asked, RunState()))
        self._known.update({step.produces: used[step.key] for step in STEPS if step.key in used})

    def result(self) -> ExistingSetup:
        for step in self._steps:
            self._read(step)
        self._wish()
        answers = self._final()
        plan = make_plan(answers, RunState(), self._findings)
        return ExistingSetup(answers, {key: tuple(notes) for key, notes in self._notes.items()}, plan)

    def _final(self) -> Answers:
        """Return the answers, without those to questions that have no meaning for what is wished for."""
        account = {key: each for key, each in self._asked.given.items() if key.startswith("account.")}
        answers = Answers({**account, **_from_account(self._values)})
        pointless = {
            step.key_of(question.key)
            for step in STEPS
            for question in {*step.questions} - {*asked_questions(step, answers)}
        }
        return Answers({key: each for key, each in answers.given.items() if key not in pointless})

    def _note(self, step: Step, told: str) -> None:
        self._notes[step.key].append(told)

    def _read(self, step: Step) -> None:
        match self._findings.get(step.key):
            case Found() as found if not step.is_listed or step.key in self._used:
                self._read_object(step, found)
            case Gone(id=id_):
                self._note(step, f"{id_} is named here, and does not exist (any more).")
            case Numbers() as numbers:
                self._read_numbers(numbers)
            case OnNumbers() as found if isinstance(step.found_by, FoundAsAssignment):
                self._read_assignment(step, found)
            case OnNumbers() as found:
                self._read_services(step, found)
            case OnCampaign() as found:
                self._read_campaign(step, found)
            case Unreadable(problem=problem):
                self._note(step, f"It cannot be read: {problem.text}")
            case NotOnPlatform(text=text):
                self._note(step, text)
            case _:
                if isinstance(step.found_by, FoundAsSetting) and step.left_out_by:
                    self._values[step.left_out_by] = "false"

    def _read_object(self, step: Step, found: Found) -> None:
        """Read the values of an object or a setting; those that would not read back the same are only told."""
        read = read_back(step, found.leaves)
        self._values |= {step.key_of(key): value for key, value in read.values.items()}
        untold = list(read.untold)
        if step.is_listed:
            self._values[step.key_of("use")] = self._used[step.key]
        if step.left_out_by:
            self._values[step.left_out_by] = "true"
        answers = Answers(_from_account(self._values))
        desired = body(step, answers, self._known, defaults=not step.is_listed)
        wrong = differences(step, desired, found.leaves)
        by_wire = {question.wire: question for question in step.questions if question.wire}
        for each in wrong:
            question = by_wire.get(each.path)
            if question and self._values.pop(step.key_of(question.key), ""):
                untold.append(f"{question.label}: {each.found or 'not shown'}")
        if untold:
            self._note(step, f"On the account, and no answer says it: {'; '.join(untold)}.")
        if not wrong or step.is_listed:
            self._there.add(step.key)
        elif "keep" in ways_to_settle(step):
            self._values[step.key_of("existing")] = "keep"
            self._there.add(step.key)

    def _read_numbers(self, found: Numbers) -> None:
        """Answer with the numbers on the location: they are kept, and a twin orders as many of the same area."""
        step = PAID_STEP
        numbers = found.located or ()
        self._values[step.left_out_by] = "true" if numbers else "false"
        if found.located is None:
            refused = found.refused.text if found.refused else ""
            self._note(step, f"The numbers on the location cannot be read: {refused}")
        if not numbers:
            return
        self._there.add(step.key)
        self._values[step.key_of("existing")] = "keep"
        self._values |= _search(step, numbers)
        is_one = len(numbers) == 1
        are = "This number is" if is_one else f"These {len(numbers)} numbers are"
        self._note(
            step,
            f"{are} on the location: {listed(numbers)}. {'It is' if is_one else 'They are'} used as {'it is' if is_one else 'they are'}; where there "
            f"is none, as at another location, the search orders {'one' if is_one else 'as many'} like {'it' if is_one else 'most of them'}.",
        )

    def _read_assignment(self, step: Step, found: OnNumbers) -> None:
        missing = not_in_package(found._replace(package_id=self._package(step)))
        if not missing:
            self._there.add(step.key)
        for number in missing:
            where = f"in package {other}" if (other := found.package_of(number)) else "in no package"
            self._note(step, f"{readable(number)} is {where}.")

    def _read_campaign(self, step: Step, found: OnCampaign) -> None:
        """Answer with the campaign that all local numbers are on; what only some are on is told."""
        if found.numbers and is_on_campaign(found):
            self._values[step.key_of(step.chosen_by)] = found.campaign_id
        elif any(id_ for _, id_ in found.rows.values()):
            for number in found.numbers:
                status, id_ = found.rows.get(number, ("", ""))
                where = f"on campaign {id_} ({status})" if id_ else "on no campaign"
                self._note(step, f"{readable(number)} is {where}.")

    def _package(self, step: Step) -> str:
        """Return the id of the package that is used; empty if there is none."""
        return next(
            (
                self._used[other.key]
                for name in step.needs
                for other in _producing(name)
                if other.key in self._used
            ),
            "",
        )

    def _read_services(self, step: Step, found: OnNumbers) -> None:
        """Answer yes for each service that every number has; what only some have is told."""
        flags = [part for part in step.body if isinstance(part, Flag) and part.sends]
        all_on = _from_account({step.key_of(flag.key): "true" for flag in flags})
        lacking = inactive(step, Answers({**self._asked.given, **all_on}), found)
        for flag in flags:
            without = tuple(number for number, lacks in lacking.items() if flag in lacks)
            self._values[step.key_of(flag.key)] = str(not without).lower()
            if without and len(without) < len(found.numbers):
                self._note(step, f"{flag.label}: only some numbers have it; not {listed(without)}.")
        self._there.add(step.key)

    def _wish(self) -> None:
        """Wish for what is there as a whole; of anything else, say which parts there are."""
        has_numbers = PAID_STEP.key in self._there
        for wish in WISHES:
            needed = [
                step
                for step in self._steps
                if step.wanted_by == (wish,)
                and not step.left_out_by
                and (has_numbers or not step.names_numbers)
            ]
            missing = [step.title for step in needed if step.key not in self._there]
            there = [step.title for step in needed if step.key in self._there]
            self._values[f"setup.{wish}"] = str(not missing).lower()
            if missing and there:
                label = QUESTIONS[f"setup.{wish}"].label
                self._notes["setup"].append(
                    f"{label}: {', '.join(there)} {'is' if len(there) == 1 else 'are'} there; what is missing, or not as an "
                    f"answer could say it: {', '.join(missing)}. It is set up once you wish for {label.lower()}."
                )


def _search(step: Step, numbers: tuple[str, ...]) -> dict[str, str]:
    """Return the answers that search for as many numbers of the kind that most of these are."""
    prefix = Counter(number[:3] for number in numbers).most_common(1)[0][0]
    toll_free = is_toll_free(f"{prefix}5550100")
    key, value = ("toll_free_pattern", f"{prefix[:2]}*") if toll_free else ("area_code", prefix)
    count = {step.key_of("quantity"): str(len(numbers))}
    name = step.key_of(key)
    if any(complaint.blocks for complaint in complaints_of(name, value)):
        return count | {step.key_of("numbers"): join_list(numbers)}
    return count | {name: value}
