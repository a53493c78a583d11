"""What went wrong, in the words of the screens: an answer is called what its field is called."""

import re
from collections.abc import Iterable

from bwtui.domain.actions import Action
from bwtui.domain.answers import Complaint
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.proof import Open
from bwtui.domain.remedies import at_answer, sentences
from bwtui.domain.run import Problem
from bwtui.tui.places import TITLES, place_of
from bwtui.tui.text import safe

_HERE = {
    "BW_CLIENT_ID and BW_CLIENT_SECRET": "the client id and its secret",
    "BW_USERNAME and BW_PASSWORD": "the user and the password",
    "--environment": "Environment",
}


def told(problem: Problem) -> str:
    """All of it in one paragraph."""
    return _labelled(sentences(problem))


def told_at_field(problem: Problem) -> str:
    """What is said at the answer that has to be changed."""
    return _labelled(at_answer(problem))


def told_of_proof(proof: Iterable[Action]) -> str:
    """What was not read back as it should be, a line each; empty where nothing is known to be wrong."""
    wrong = (action for action in proof if not action.is_proven)
    return "\n".join(f"! {action.step.title}: {safe(action.reason or 'missing')}" for action in wrong)


def told_of_open(points: Iterable[Open]) -> str:
    """What is known to be open, a line each; what is still to do or to be read back is not among it."""
    return "\n".join(f"! {point.step.title}: {safe(point.text)}" for point in points if point.is_wrong)


def told_from_afar(complaint: Complaint) -> str:
    """A complaint where its field is not in sight: `! Sub-account: State: Exactly 2 letters, such as NC …`."""
    question = QUESTIONS.get(complaint.key)
    label = question.label if question and question.key != "use" else ""
    named = complaint.text if label.casefold() in complaint.text.casefold() else f"{label}: {complaint.text}"
    return f"! {TITLES[place_of(complaint.key)]}: {named}"


def _labelled(text: str) -> str:
    """`site.name` is called “Sub-account: Name” where one can see it, and what a command line would say is a field."""
    for command_line, here in _HERE.items():
        text = text.replace(command_line, here)
    return safe(re.sub(r"\b\w+\.\w+\b", lambda match: _label(match[0]), text))


def _label(key: str) -> str:
    question = QUESTIONS.get(key)
    return f"{TITLES[place_of(key)]}: {question.label}" if question else key
