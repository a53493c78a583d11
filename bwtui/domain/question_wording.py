"""Texts for somebody who is asked questions: an answer is called what its question is called.

The texts of the engine name an answer as the answers file does: `existing = "keep" under [sms]`, `use under [site]` or
`site.name`.
"""

import re
from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bwtui.domain.actions import Action
from bwtui.domain.catalog import PAID_STEP, QUESTIONS
from bwtui.domain.progress import Open
from bwtui.domain.remedies import at_answer, sentences
from bwtui.domain.run import Problem
from bwtui.domain.text import safe
from bwtui.domain.validation import Complaint
from bwtui.domain.walk import TITLES, place_of

_HERE = {
    "BW_CLIENT_ID and BW_CLIENT_SECRET": "the client id and its secret",
    "BW_USERNAME and BW_PASSWORD": "the user and the password",
    "--environment": "Environment",
}

_AGAIN = re.compile(r"Run the same command again")
_TABLE_FIRST = re.compile(r"Under \[\w+\], answer (?=\w+ = )")
_TO_ANSWER = re.compile(r'(?:[Aa]nswer )?\b(\w+) = "([^"]*)"(?: under \[(\w+)\])?')
_TO_CHOOSE = re.compile(r"[Aa]nswer use under \[(\w+)\]")
_IN_TABLE = re.compile(r"(?:[Aa]nswer )?\b(\w+) under \[(\w+)\]")
_UNDER = re.compile(r"\bunder \[(\w+)\]")


class Wording(NamedTuple):
    """The words of one front end. Text from outside comes without what steers a terminal."""

    on_review: Mapping[str, str]
    """How Review is told a decision, such as `press K on Review`, by the answer that it gives: `existing=keep`."""

    def told(self, problem: Problem) -> str:
        """All of it in one paragraph."""
        return self._labelled(sentences(problem))

    def field_text(self, problem: Problem) -> str:
        """Write the text at the answer that has to be changed."""
        return self._labelled(at_answer(problem))

    def verification_lines(self, proof: Iterable[Action]) -> str:
        """List what was not read back as it should be, a line each; empty where nothing is known to be wrong."""
        wrong = (action for action in proof if not action.is_proven)
        return "\n".join(
            f"{'?' if action.unproven else '!'} {action.step.title}: {self.in_words(action.reason) or 'missing'}"
            for action in wrong
        )

    def open_point_lines(self, points: Iterable[Open]) -> str:
        """List what is known to be open, a line each; what is still to do or to be read back is not among it."""
        return "\n".join(
            f"! {point.step.title}: {self.in_words(point.text)}" for point in points if point.is_wrong
        )

    def complaint_line(self, complaint: Complaint) -> str:
        """A complaint where its field is not in sight: `! Sub-account: State: Exactly 2 letters, such as NC …`."""
        question = QUESTIONS.get(complaint.key)
        label = question.label if question and question.key != "use" else ""
        text = self.in_words(complaint.text)
        named = text if label.casefold() in text.casefold() else f"{label}: {text}"
        return f"! {TITLES[place_of(complaint.key)]}: {named}"

    def _labelled(self, text: str) -> str:
        """`site.name` is called “Sub-account: Name” where one can see it, and what a command line would say is a field."""
        for command_line, here in _HERE.items():
            text = text.replace(command_line, here)
        return self.in_words(text)

    def in_words(self, text: str) -> str:
        """A text without a word of the answers file: what to do on Review, and questions by what they are called."""
        text = _AGAIN.sub("Look again", text)
        text = _TABLE_FIRST.sub("Answer ", text)
        text = _TO_ANSWER.sub(self._to_answer, text)
        text = _TO_CHOOSE.sub(lambda match: f"{_like(match[0], 'choose it')} on “{_title(match[1])}”", text)
        text = _IN_TABLE.sub(lambda match: _field(match[1], match[2]), text)
        text = _UNDER.sub(lambda match: f"on “{_title(match[1])}”", text)
        return safe(re.sub(r"\b\w+\.\w+\b", lambda match: _label(match[0]), text))

    def _to_answer(self, match: re.Match[str]) -> str:
        """The way to give an answer on Review; where there is none, the question to answer."""
        said, key, value, table = match[0], match[1], match[2], match[3] or PAID_STEP.key
        if f"{table}.{key}" not in QUESTIONS:
            return said  # somebody else's words
        ways = (self.on_review.get(name) for name in (f"{table}.{key}", key, f"{key}={value}"))
        if way := next(filter(None, ways), None):
            return _like(said, way)
        return _like(said, f"set {_field(key, table)} to “{value}”")


def unproven_steps(proof: Iterable[Action]) -> tuple[str, ...]:
    """The steps that could not be read back, where nothing else is wrong."""
    wrong = [action for action in proof if not action.is_proven]
    return tuple(action.step.title for action in wrong) if all(action.unproven for action in wrong) else ()


def _field(key: str, table: str) -> str:
    question = QUESTIONS.get(f"{table}.{key}")
    if key == "use" or not question:
        return f"what is used on “{_title(table)}”"
    return f"“{_title(table)}: {question.label}”"


def _title(table: str) -> str:
    return TITLES.get(place_of(table), table)


def _like(said: str, text: str) -> str:
    """With a capital letter where there was one."""
    return text[0].upper() + text[1:] if said[0].isupper() else text


def _label(key: str) -> str:
    question = QUESTIONS.get(key)
    return f"{TITLES[place_of(key)]}: {question.label}" if question else key
