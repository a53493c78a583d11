"""Check answers: each one alone, the missing ones, and those that exclude or need each other."""

from collections.abc import Iterator
from typing import NamedTuple, assert_never

from bwtui.domain.answers.answers import (
    ACCOUNT_ID,
    PLATFORM_KEY,
    Answers,
    Source,
    superseded,
    uses_existing,
    wanted_steps,
)
from bwtui.domain.catalog import QUESTIONS, parent_of
from bwtui.domain.fields import Choice, Flag, Question, Text
from bwtui.domain.steps import AnyOf, AtMostOne, Needs, Rule, Step
from bwtui.domain.values.checks import is_https, plain
from bwtui.domain.values.phone_numbers import listed, ten_digits
from bwtui.domain.values.text import split_list

MOST_NUMBERS = 5000
"""Most numbers in one order (5009, bandwidth-api 7.1)."""


class Complaint(NamedTuple):
    """Something wrong or doubtful about one answer, with what to do."""

    key: str
    """The question's full name: `site.name`."""
    text: str
    blocks: bool = True
    in_file: str = ""
    """Added to `text` for the author of an answers file, if the text alone is not enough."""
    is_note: bool = False
    """True if nothing is wrong or doubtful: it says how an answer was taken."""
    is_missing: bool = False
    """True if a required answer is missing; next to the question, a mark is enough."""

    @property
    def told(self) -> str:
        """The text for the author of an answers file."""
        return f"{self.text} {self.in_file}".strip()


_NEITHER = Complaint("", "Answer yes or no.", in_file="In a file these are true and false.")


def complaints(answers: Answers) -> tuple[Complaint, ...]:
    """Return everything that is wrong (`blocks`) or doubtful about the answers, in the order of the catalogue."""
    found = [*_of_values(answers), *_of_missing(answers), *_of_combinations(answers)]
    order = {key: place for place, key in enumerate(QUESTIONS)}
    return tuple(sorted(found, key=lambda complaint: order[complaint.key]))


def complaints_of(key: str, value: str) -> tuple[Complaint, ...]:
    """Check one value alone, as a form does while it is typed."""
    return complaints_of_question(key, QUESTIONS[key], value)


def complaints_of_question(key: str, question: Question, value: str) -> tuple[Complaint, ...]:
    """The same as `complaints_of`, for a question that is not in the catalogue's tables, such as the user."""
    match question:
        case Flag():
            return () if value in ("true", "false") else (_NEITHER._replace(key=key),)
        case Choice():
            if value in question.options:
                return ()
            return (Complaint(key, f"One of: {', '.join(question.options)}."),)
        case Text():
            # First of all: advice about an invisible character would show it, or leave it there.
            if wrong := plain(value) or (question.check(value) if question.check else None):
                return (Complaint(key, wrong),)
            doubt = question.warn(value) if question.warn else None
            return (Complaint(key, doubt, blocks=False),) if doubt else ()
        case _:
            assert_never(question)


def _of_values(answers: Answers) -> Iterator[Complaint]:
    for key in QUESTIONS:
        given = answers.given.get(key)
        if given and given.value and not (key == PLATFORM_KEY and given.source is Source.ACCOUNT):
            yield from complaints_of(key, given.value)
    wanted = {step.key for step in wanted_steps(answers)}
    for key, secret in answers.secrets.items():
        if key.partition(".")[0] in wanted:
            yield from complaints_of(key, secret.reveal())


def _of_missing(answers: Answers) -> Iterator[Complaint]:
    if not answers.account_id:
        yield Complaint(
            ACCOUNT_ID,
            "The account ID is needed: the Bandwidth App shows it.",
            in_file="Give --account-id, BW_ACCOUNT_ID or account_id under [account].",
        )
    steps = wanted_steps(answers)
    if not steps:
        yield Complaint(
            "setup.messaging",
            "Nothing is chosen: say yes to messaging, voice or a phone number.",
            in_file="Set messaging, voice or number to true under [setup].",
        )
    for step in steps:
        if uses_existing(step, answers):
            continue
        left_out = superseded(step, answers)
        for question in step.questions:
            wire = question.wire
            if question.required and not answers.text(step.key_of(question.key)) and wire not in left_out:
                yield _ask_for(step, question)


def _ask_for(step: Step, question: Question) -> Complaint:
    return Complaint(
        step.key_of(question.key),
        needed_text(question),
        in_file=f"Answer {question.key} under [{step.key}].",
        is_missing=True,
    )


def needed_text(question: Question) -> str:
    """Say that an answer is needed, with an example where the guide has one."""
    sample = question.guide if isinstance(question, Text) and not question.is_secret else ""
    return f"{question.label} is needed{f', such as {sample}' if sample else ''}."


def _of_combinations(answers: Answers) -> Iterator[Complaint]:
    for step in wanted_steps(answers):
        if not uses_existing(step, answers):
            for rule in step.rules:
                yield from _broken(rule, step, answers)
        yield from _of_callbacks(step, answers)
        if step.paid:
            yield from _of_named_numbers(step, answers)
        yield from _of_parents(step, answers)


def _broken(rule: Rule, step: Step, answers: Answers) -> Iterator[Complaint]:
    def given(keys: tuple[str, ...]) -> int:
        # A list of nothing but commas is no answer.
        return sum(bool(answers.text(step.key_of(key)).strip(" ,")) for key in keys)

    match rule:
        case AnyOf():
            is_broken, blocks = not given(rule.keys), True
        case AtMostOne():
            here, beside = given(rule.keys), given(rule.others)
            is_broken, blocks = here > 1 or bool(here and beside), True
        case Needs():
            is_broken, blocks = bool(given((rule.key,)) and not given(rule.any_of)), rule.blocks
        case _:
            assert_never(rule)
    if is_broken:
        yield Complaint(step.key_of(rule.at), rule.text, blocks=blocks, in_file=rule.in_file)


def _of_callbacks(step: Step, answers: Answers) -> Iterator[Complaint]:
    """Check that a callback password has a user, and that their URLs are https."""
    with_user = [question for question in step.questions if isinstance(question, Text) and question.goes_with]
    for secret in with_user:
        user = step.key_of(secret.goes_with)
        is_given = step.key_of(secret.key) in answers.secrets
        if is_given and not answers.text(user):
            yield Complaint(
                user,
                "A callback password is given but no user: give the user, or take the password away.",  # error 12800
            )
        if is_given or answers.text(user):
            yield from _of_unsafe_urls(step, answers)


def _of_unsafe_urls(step: Step, answers: Answers) -> Iterator[Complaint]:
    left_out = superseded(step, answers)
    for question in step.callback_parts:
        if question.wire in left_out:
            continue
        key = step.key_of(question.key)
        url = answers.text(key)
        if url and not is_https(url) and url.lower().startswith("http://"):
            yield Complaint(
                key,
                f"https is required when callback credentials are given: type https://{url[7:]}.",  # error 12812
            )


def _of_named_numbers(step: Step, answers: Answers) -> Iterator[Complaint]:
    """Check the numbers that are named one by one."""
    key, given_up = step.key_of("numbers"), step.key_of("given_up")
    numbers = split_list(answers.text(key))
    if len(numbers) > MOST_NUMBERS:
        yield Complaint(key, f"At most {MOST_NUMBERS} numbers for each order; this has {len(numbers)}.")
    dialled = [*filter(None, map(ten_digits, numbers))]
    gone = {ten_digits(each) for each in split_list(answers.text(given_up))} & set(dialled)
    if gone:
        label = QUESTIONS[given_up].label
        text = f"{listed(tuple(sorted(gone)))} is also under “{label}”: remove it in one of the two places."
        yield Complaint(key, text, in_file="That is given_up.")
    if len(set(dialled)) < len(dialled):
        yield Complaint(key, "The same number is listed twice: remove one.")  # error 5093


def _of_parents(step: Step, answers: Answers) -> Iterator[Complaint]:
    """Check that an existing object has an existing parent, and warn that the first in a new parent is its default."""
    parent = parent_of(step)
    if parent is None or not step.is_listed or uses_existing(parent, answers):
        return
    if uses_existing(step, answers):
        yield Complaint(
            parent.key_of("use"),
            f"To use an existing {step.title.lower()}, say which {parent.title.lower()} it belongs to.",
            in_file=f"Answer use under [{parent.key}].",
        )
    for question in step.questions:
        key = step.key_of(question.key)
        if isinstance(question, Flag) and question.true_for_first and answers.text(key) == "false":
            yield Complaint(
                key,
                f"The first {step.title.lower()} of a {parent.title.lower()} is always its default one, so yes is sent.",  # error 13522
                blocks=False,
            )
