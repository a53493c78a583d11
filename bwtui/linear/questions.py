"""A question of the catalogue in one line, the help for it, and the answer as it is kept."""

from typing import assert_never

from bwtui.domain.fields import Choice, Flag, Question, Text
from bwtui.domain.values.yes_or_no import read_yes_or_no, yes_or_no
from bwtui.linear.conversation import IN_LIST, chosen_number


def in_one_line(question: Question, now: str) -> str:
    """Return the question with what it is for, what it takes, and in brackets what counts if nothing is answered."""
    text = now or ("needed" if question.required else "none")
    return f"{question.label}: {question.help} {_takes(question, now)}[{text}]"


def _takes(question: Question, now: str) -> str:
    """Return how a question is answered that takes no text, a blank behind it."""
    match question:
        case Choice():
            return f"{IN_LIST} "
        case Flag():
            return "Yes or no " if now or question.required else "Yes, no or nothing "
        case Text():
            return ""
        case _:
            assert_never(question)


def as_shown(question: Question, value: str) -> str:
    """Return a kept answer as people read it; of a secret, only that there is one."""
    if question.is_secret:
        return "as given" if value else ""
    if isinstance(question, Choice) and value in question.options:
        return f"{question.options.index(value) + 1} {value}"
    return yes_or_no(value) if isinstance(question, Flag) else value


def as_kept(question: Question, typed: str) -> str:
    """Return a typed answer as it is kept: `true` for yes, a word for its number; any other text unchanged."""
    match question:
        case Flag():
            answer = read_yes_or_no(typed)
            return typed if answer is None else str(answer).lower()
        case Choice(options=options):
            number = chosen_number(typed, len(options))
            return options[number - 1] if number else typed
        case Text():
            return typed
        case _:
            assert_never(question)
