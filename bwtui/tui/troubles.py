"""What went wrong, in the words of the screens: an answer is called what its field is called."""

import re

from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.remedies import Remedy, sentences
from bwtui.domain.run import Problem
from bwtui.tui.places import TITLES, place_of
from bwtui.tui.text import safe


def told(problem: Problem) -> str:
    """All of it in one paragraph."""
    return _labelled(sentences(problem))


def told_at_field(remedy: Remedy) -> str:
    """What is said at the answer that has to be changed."""
    return _labelled(f"{remedy.happened} {remedy.todo}")


def _labelled(text: str) -> str:
    """`site.name` is called “Sub-account: Name” where one can see it."""
    return safe(re.sub(r"\b\w+\.\w+\b", lambda match: _label(match[0]), text))


def _label(key: str) -> str:
    question = QUESTIONS.get(key)
    return f"{TITLES[place_of(key)]}: {question.label}" if question else key
