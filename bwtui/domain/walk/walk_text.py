"""The texts of the walk's places, the same in each front end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, assert_never

from bwtui.domain.answers.answers import (
    ACCOUNT_ID,
    Answers,
    Source,
    asked_questions,
    chosen_existing,
    uses_existing,
    wanted_steps,
)
from bwtui.domain.catalog import LOCATION, QUESTIONS, STEPS, linked_by
from bwtui.domain.catalog_universal import VOICE_PACKAGE
from bwtui.domain.fields import Choice, Flag, Question, Text, is_yes_or_no
from bwtui.domain.planning.progress import Progress, progress_of, waiting
from bwtui.domain.runs.problem import OWN_ADDRESS, Kind, OwnCode, Problem
from bwtui.domain.runs.run import RunState, Status
from bwtui.domain.steps import (
    FoundAsActivation,
    FoundAsAssignment,
    FoundAsSetting,
    FoundInList,
    FoundOnCampaign,
    Step,
)
from bwtui.domain.values.comparison import is_same
from bwtui.domain.values.phone_numbers import listed, readable
from bwtui.domain.values.secret import MASK
from bwtui.domain.values.sources import SOURCES
from bwtui.domain.values.text import capitalised, counted, safe
from bwtui.domain.values.yes_or_no import yes_or_no
from bwtui.domain.walk.walk import counted_steps, step_counts

if TYPE_CHECKING:  # start-up time is budgeted
    from collections.abc import Iterable, Iterator

    from bwtui.domain.account.account import Account, Candidate
    from bwtui.domain.planning.actions import Plan

WELCOME_ABOUT: Final = "Set up Bandwidth for calls and texts:"

NOTHING_YET: Final = "Nothing is written before you say yes."

_SECONDS_A_STEP: Final = 20
"""The time that a step takes if most of what is suggested is taken."""

ACCOUNT_FOUND: Final = "found from the credentials if left empty"

CONNECT_ABOUT: Final = (
    "OAuth2 client credentials: a client ID and its secret. "
    "The test looks at the account and changes nothing."
)

START_OVER: Final = (
    "Start over? What is saved is set aside, not deleted. What was created in the account stays there, "
    "and this setup will no longer know that it made it."
)

GIVE_UP: Final = (
    "Count {lost} no more? Look in the Bandwidth App first. Numbers are ordered in place of these, which costs money; "
    "if these are yours after all, they stay billed besides. Before anything is ordered you are asked again."
)

SET_UP: Final = "Set up. Everything was read back from Bandwidth and is as it should be."

NO_NUMBER: Final = "There is no phone number: messages and calls need one."

DO_WITHOUT: Final = (
    "Set up the rest without this: {step}? Its own screen takes it up again, and Review shows what is left."
)

SIGN_IN_AGAIN: Final = "Sign in again first: secrets are not saved."
ORDER_GOES_ON: Final = "Sign in again first; the order goes on meanwhile."

STAYS_OPEN: Final = (
    "Do without a number? Order {order} may be open at Bandwidth: if it is filled, the number is yours and is billed. "
    "This setup will not look at it any more; close it in the Bandwidth App."
)

_OTHER_SEARCHES: Final = (
    "Try another area code, a city with its state, a ZIP code, or a toll-free pattern such as 8**."
)
NOTHING_FOUND: Final = f"No numbers were found. {_OTHER_SEARCHES}"

NEXT_STEPS: Final = """\
First message and first call, to a phone of yours:
  {way}
  {script}
  A 202 means accepted, not yet delivered; your callback URL gets the result."""

EXPORTS: Final = {"env": "bwtui.env", "json": "bwtui.json", "curl": "try.sh", "markdown": "runbook.md"}
"""The export formats, and the file name that is suggested for each."""

SEARCH_WAYS: Final = {
    "area code": ("area_code",),
    "city": ("city", "state"),
    "ZIP": ("zip",),
    "toll-free": ("toll_free_pattern",),
}
"""The ways to search for numbers that most people use, and the questions of each."""

USUAL_SEARCHES: Final = tuple(key for keys in SEARCH_WAYS.values() for key in keys)


_TAG: Final = re.compile(rf"(?<!the )\b(?:{'|'.join(sorted(SOURCES, key=len, reverse=True))})\b(?!-)")


def nothing_found_text(step: Step, answers: Answers) -> str:
    """Say that a search of a step found nothing, where it looked, and what to search for instead."""
    values = filter(None, (answers.text(step.key_of(key)) for key in USUAL_SEARCHES))
    where = ", ".join(map(safe, values))
    return f"No numbers were found in {where}. {_OTHER_SEARCHES}" if where else NOTHING_FOUND


def length_text(answers: Answers) -> str:
    """Say how long the walk is: `about 3 minutes, 9 steps`."""
    minutes = max(1, round(max(step_counts(answers)) * _SECONDS_A_STEP / 60))
    return f"about {counted(minutes, 'minute')}, {counted_steps(answers)}"


def saved_progress(answers: Answers, run: RunState, *, is_begun: bool, is_demo: bool = False) -> str:
    """Say how far the setup is; `is_begun` is true if answers were given. Empty if there is nothing to go on with.

    In the demo nothing is saved.
    """
    if run.is_removed:
        return "What this setup had made was removed. Your answers are as you left them, to set it up anew."
    if run.is_being_removed:
        return "This setup was removed in part: bwtui teardown removes the rest. To set it up again, go on."
    text = _progress_told(answers, run) or ("your answers are as you left them." if is_begun else "")
    return capitalised(text) if is_demo or not text else f"There is saved progress: {text}"


def _progress_told(answers: Answers, run: RunState) -> str:
    """Say how many steps are done; empty if none was begun."""
    if not run.steps:
        return ""
    steps = wanted_steps(answers)
    done = sum(run.step(step.key).status is Status.DONE for step in steps)
    if progress_of(answers, run) is Progress.DONE:
        return f"{done} of {len(steps)} steps are done and were read back."
    waits = sum(bool(waiting(step, answers, run)) for step in steps)
    more = f"; changed answers of {waits} wait to be applied" if waits else ""
    return f"{done} of {len(steps)} steps are applied, not verified{more}."


def connected_text(account: Account) -> str:
    """Say to whose account one is connected, and what is there that could be used."""
    name = f" to {safe(account.company)}" if account.company else ""
    return f"Connected{name}. There: {', '.join(_counted(account))}."


def _counted(account: Account) -> Iterator[str]:
    words = {
        step.key: step.title.lower() if step.is_listed else step.api_word
        for step in STEPS
        if step.key in account.candidates
    }
    for key, word in words.items():
        count = len(account.candidates.get(key, ()))
        yield f"{count} {word}{'' if count == 1 else 's'}"


def lacking_text(feature: str) -> str:
    """Say that the account seems to lack the feature that a step needs."""
    return f"the account seems to lack {safe(feature)}; Bandwidth may refuse this step."


def found_text(credentials: str, answers: Answers, doubt: str = "") -> str:
    """Say which credentials and answers nobody had to type, from wherever they come; empty if there are none.

    `doubt` says why the credentials may soon not work.
    """
    found = [f"credentials of {credentials}"] if credentials else []
    for key in (ACCOUNT_ID, "account.base_url"):
        answer = answers.given.get(key)
        if answer and answer.source in (Source.ENVIRONMENT, Source.LOGIN):
            label = QUESTIONS[key].label
            found.append(f"{label[0].lower()}{label[1:]} {answer.value}")
    text = f"Found and used: {', '.join(found)}. Testing them changes nothing." if found else ""
    return " ".join(filter(None, (text, doubt)))


def plan_text(plan: Plan, run: RunState, answers: Answers) -> str:
    """Say how many changes a plan makes, on which platform the account is, and what was done before."""
    writes = len(plan.writes)
    platform = f" ({answers.platform.told})" if answers.platform else ""
    records = [run.step(action.step.key) for action in plan]
    if any(record.pending for record in records):
        before = "What was under way was looked for first."
    elif any(record.made for record in records):
        before = "What is done stays done."
    elif writes or plan.conflicts:
        before = "Nothing was written yet."
    else:
        before = "What is wanted is there."
    return f"{counted(writes, 'change') if writes else 'No changes'} to the account{platform}. {before}"


def cost_text(*, is_demo: bool) -> str:
    """Say behind a question whether a yes costs money."""
    return "In the demo it costs nothing." if is_demo else "This costs money."


PRICES: Final = (
    "bwtui knows no price: what you pay is in your contract with Bandwidth. List prices: "
    "https://www.bandwidth.com/pricing/"
)


def numbers_cost_text(numbers: tuple[str, ...]) -> str:
    """Say which numbers are about to be ordered, and that they cost money."""
    cost = "costs" if len(numbers) == 1 else "cost"
    return f"{counted(len(numbers), 'phone number')} {cost} money: {listed(numbers)}."


def saved_text(path: str, command: str) -> str:
    """Say where the answers file is, and the command that applies it."""
    return f"Saved as {path}. Apply it anywhere: {command}"


def namesake(
    step: Step, candidates: Iterable[Candidate], answers: Answers, run: RunState
) -> Candidate | None:
    """Return the existing object with the very name that is to be created, unless this setup made it."""
    if not isinstance(step.found_by, FoundInList):
        return None
    name = answers.text(step.key_of("name")).strip()
    made = run.step(step.key).outputs.get(step.produces)
    return next(
        (found for found in candidates if name and is_same(found.name, name) and found.id != made), None
    )


def namesake_text(found: Candidate) -> str:
    """Say that something of the wanted name is there already."""
    return f"“{safe(found.name)}” already exists ({safe(found.id)}): use it, or choose another name."


def declined_text(answers: Answers, run: RunState) -> str:
    """Say that no number was ordered, where all is set up that can be without one, and what waits for it."""
    left = [step for step in wanted_steps(answers) if run.step(step.key).status is not Status.DONE]
    waiting_for_it = ", ".join(step.title for step in left if not step.paid)
    ordered = "No more numbers were ordered" if run.numbers else "No number was ordered"
    return f"{ordered}. All else is set up{f', but for {waiting_for_it}' if waiting_for_it else ''}."


def settings_of(step: Step, candidate: Candidate) -> Iterator[str]:
    """Yield the settings of an existing object that have a name on the screens."""
    named = {
        name.rpartition("/")[2].casefold(): part
        for part in (*step.questions, *step.body)
        for name in (part.wire, *(part.echoed_as if isinstance(part, Text) else ()))
        if name and part.label
    }
    for path, values in candidate.leaves.items():
        part = named.get(path.rpartition("/")[2].casefold())
        if part is None:
            continue
        read = map(yes_or_no, values) if is_yes_or_no(part) else values
        text = ", ".join(filter(None, read))
        if text and text not in (candidate.id, candidate.name):
            yield f"{part.label}: {safe(text)}"


def values_of(step: Step, answers: Answers) -> Iterator[tuple[str, str, str]]:
    """Yield each value of a step that counts, with its label and where it came from."""
    for question in asked_questions(step, answers):
        answer = answers.answer(step.key_of(question.key))
        if answer and answer.value and (question.wire or not answer.source.is_default):
            value = yes_or_no(answer.value) if isinstance(question, Flag) else answer.value
            yield question.label, safe(value), answer.source.value
        elif question.is_secret and step.key_of(question.key) in answers.secrets:
            yield question.label, MASK, "not saved"


def created_text(step: Step, answers: Answers) -> str:
    """Say in one line what a step creates, by the values that matter: its name and address, or what it links."""
    linked = ", ".join(_named(other, answers) for other in linked_by(step))
    match step.found_by:
        case FoundAsAssignment():
            return f"numbers to {_named(VOICE_PACKAGE, answers)}"
        case FoundAsActivation():
            return " · ".join(_services(step, answers))
        case FoundOnCampaign():
            return safe(f"local numbers to campaign {chosen_existing(step, answers)}")
        case FoundAsSetting() if linked:
            return f"{linked} to {_named(LOCATION, answers)}"
        case FoundAsSetting():
            return " · ".join(_services(step, answers)) or f"at {_named(LOCATION, answers)}"
        case FoundInList() if linked:
            return f"{_named(step, answers)} with {linked}"
    if not step.has("name"):
        return ""
    parts = (answers.text(step.key_of("name")), address_text(step, answers, brief=True))
    return safe(" · ".join(filter(None, parts)))


def _services(step: Step, answers: Answers) -> Iterator[str]:
    """Yield the services that a step switches on, as the screens name them."""
    for question in asked_questions(step, answers):
        is_sent = isinstance(question, Flag) and (question.sends or question.wire)
        if is_sent and answers.flag(step.key_of(question.key)):
            yield question.label


_STREET: Final = (
    "house_prefix", "house_number", "house_suffix", "pre_directional", "street_name", "street_suffix",
    "post_directional",
)  # fmt: skip


def address_text(step: Step, answers: Answers, *, brief: bool = False) -> str:
    """Return the address that a step's answers give, on one line; empty if it has none.

    `brief` leaves out what is not needed to recognise it: its second line and the ZIP code.
    """

    def told(*names: str) -> str:
        return " ".join(filter(None, (answers.text(step.key_of(name)) for name in names if step.has(name))))

    if brief:
        street, place = told(*_STREET), told("city", "state")
    else:
        street, place = told(*_STREET, "address_line_2"), told("city", "state", "zip")
    return f"{street}, {place}" if street and place else ""


def other_way(step: Step) -> str:
    """Say what is done where no existing object is chosen."""
    return "create a new one" if step.is_listed else "leave it out"


def ways_to_settle(step: Step) -> tuple[str, ...]:
    """Return the options for a setting that exists already with other values."""
    questions = (question for question in step.own if question.key == "existing")
    return next((question.options for question in questions if isinstance(question, Choice)), ())


def about_question(question: Question) -> str:
    """Explain a question: what it is for, its limit, an example, and where it is sent."""
    lines = [question.help, "", "Required." if question.required else "Optional."]
    match question:
        case Text():
            if question.limit_told:
                lines.append(question.limit_told)
            if question.is_secret:
                lines.append(f"Taken from {question.secret_from} if that is set. Never saved.")
            elif sample := question.example or question.guide:
                lines.append(f"Example: {sample}")
        case Choice():
            lines.append(f"One of: {', '.join(question.told)}.")
        case Flag():
            lines.append("Yes or no.")
        case _:
            assert_never(question)
    if question.wire:
        lines.append(f"Sent as: {question.wire}")
    lines.append(f"Source: {source_told(question.source)}")
    return "\n".join(lines)


def source_told(source: str) -> str:
    """Return the source of a limit with its tags in words: `Bandwidth's setup guide: at most 10 characters`."""
    return _TAG.sub(lambda match: SOURCES[match[0]], source)


def lost_text(lost: Iterable[str]) -> str:
    """List what could be given up: orders by their ids, numbers as people read them."""
    return ", ".join(readable(each) if each.isdigit() and len(each) == 10 else each for each in lost)


def links_told(step: Step, answers: Answers) -> Iterator[str]:
    """Yield a sentence for each application that a step links to the location, or that a package carries."""
    if isinstance(step.found_by, FoundInList):
        for application in linked_by(step):
            yield f"It carries application {_named(application, answers)}."
    if not isinstance(step.found_by, FoundAsSetting):
        return
    replaced = (
        "Review shows what is linked there now."
        if uses_existing(LOCATION, answers)
        else "The location is new, so nothing is replaced."
    )
    for application in linked_by(step):
        named, location = _named(application, answers), _named(LOCATION, answers)
        yield f"Links application {named} to location {location}. {replaced}"


def _named(step: Step, answers: Answers) -> str:
    used = uses_existing(step, answers)
    if used:
        return f"{used} (existing)"
    name = answers.text(step.key_of("name"))
    return f"“{name}”" if name else "(no name yet)"


def most_likely_wrong(problem: Problem) -> str:
    """Return the question to look at first after a connection was refused."""
    match problem.kind:
        case _ if problem.code == OwnCode.BASIC_ENDED:
            return "login.way"
        case _ if problem.code == OwnCode.WHICH_ACCOUNT:
            return ACCOUNT_ID
        case Kind.UNREACHABLE:
            return "account.base_url"
        case _ if OWN_ADDRESS in problem.details and not problem.details.get("accounts"):
            return "account.base_url"
        case Kind.NOT_FOUND:
            return ACCOUNT_ID
        case Kind.CREDENTIALS if problem.status == 403:
            return ACCOUNT_ID
        case Kind.CREDENTIALS:
            return "login.secret"
        case _:
            return ACCOUNT_ID if problem.status in (403, 404) else "login.secret"
