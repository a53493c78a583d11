"""Texts about problems in the words of the screens: keys to press, and fields by what they are called."""

from collections.abc import Iterable

from bwtui.domain.actions import Action
from bwtui.domain.catalog import PAID_STEP, QUESTIONS
from bwtui.domain.progress import Open
from bwtui.domain.remedies import at_answer, sentences, with_advice
from bwtui.domain.run import Problem
from bwtui.domain.text import safe
from bwtui.domain.validation import Complaint
from bwtui.domain.words import Words
from bwtui.tui.places import TITLES, place_of

_PRESSES = {
    "given_up": "M",
    PAID_STEP.key_of("given_up"): "G",
    "use": "U",
    "existing=change": "C",
    "existing=keep": "K",
    "existing=order": "O",
}
"""The keys of Review, by the answers that they give."""


class _OnScreen:
    """The words of the wizard."""

    client = "the client ID and its secret"
    user = "the user name and the password"
    environment = "Connect: Environment"

    def field(self, key: str) -> str:
        question = QUESTIONS.get(key)
        return f"{TITLES[place_of(key)]}: {question.label}" if question else ""

    def password(self, key: str) -> str:
        return self.field(key)

    def answer(self, key: str, value: str) -> str:
        name = key.partition(".")[2]
        press = _PRESSES.get(key) or _PRESSES.get(name) or _PRESSES.get(f"{name}={value}")
        return f"press {press} on Review"

    def choose(self, key: str) -> str:
        return f"go to “{TITLES.get(place_of(key), key)}”"

    def clear(self, key: str) -> str:
        return f"clear “{self.field(key)}”"


_WORDS: Words = _OnScreen()


def told(problem: Problem) -> str:
    """All of it in one paragraph."""
    return safe(sentences(problem, _WORDS))


def field_text(problem: Problem) -> str:
    """Write the text at the answer that has to be changed."""
    return safe(at_answer(problem, _WORDS))


def advised(text: str, problem: Problem | None) -> str:
    """What bwtui itself found, with what to do about it; any other text as it is."""
    return safe(with_advice(text, problem, _WORDS))


def reason_of(action: Action) -> str:
    """The reason for an action, with what to do about it if something is to be decided."""
    return advised(action.reason, action.problem or action.unproven)


def verification_lines(proof: Iterable[Action]) -> str:
    """List what was not read back as it should be, a line each; empty where nothing is known to be wrong."""
    wrong = (action for action in proof if not action.is_proven)
    return "\n".join(
        f"{'?' if action.unproven else '!'} {action.step.title}: {reason_of(action) or 'missing'}"
        for action in wrong
    )


def unproven_steps(proof: Iterable[Action]) -> tuple[str, ...]:
    """The steps that could not be read back, where nothing else is wrong."""
    wrong = [action for action in proof if not action.is_proven]
    return tuple(action.step.title for action in wrong) if all(action.unproven for action in wrong) else ()


def open_point_lines(points: Iterable[Open]) -> str:
    """List what is known to be open, a line each; what is still to do or to be read back is not among it."""
    return "\n".join(
        f"! {point.step.title}: {advised(point.text, point.problem)}" for point in points if point.is_wrong
    )


def complaint_line(complaint: Complaint) -> str:
    """A complaint where its field is not in sight: `! Sub-account: State: Exactly 2 letters, such as NC …`."""
    question = QUESTIONS.get(complaint.key)
    label = question.label if question and question.key not in ("use", "existing") else ""
    text = safe(complaint.text)
    named = text if label.casefold() in text.casefold() else f"{label}: {text}"
    return f"! {TITLES[place_of(complaint.key)]}: {named}"
