"""Problems, complaints and open points in text, where questions are asked: an answer is called what its question is."""

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from bwtui.domain.answers.validation import Complaint
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.planning.actions import Action
from bwtui.domain.planning.progress import Open
from bwtui.domain.planning.value_changes import reason_told
from bwtui.domain.remedies.remedies import at_answer, explain, sentences, with_advice
from bwtui.domain.runs.problem import Problem
from bwtui.domain.steps import Step
from bwtui.domain.values.text import safe
from bwtui.domain.walk.walk import TITLES, place_of


class _QuestionWords:
    """The words of a front end that asks questions."""

    client = "the client ID and its secret"
    use_client = "choose OAuth2 (Connect: Sign in with) and enter the client ID and its secret"
    user = "the user name and the password"
    environment = "Connect: Environment"

    def __init__(self, on_review: Mapping[str, str]) -> None:
        self._on_review = on_review

    def field(self, key: str) -> str:
        question = QUESTIONS.get(key)
        return f"{TITLES[place_of(key)]}: {question.label}" if question else ""

    def password(self, key: str) -> str:
        return self.field(key)

    def answer(self, key: str, value: str) -> str:
        name = key.partition(".")[2]
        ways = (self._on_review.get(each) for each in (key, name, f"{name}={value}"))
        return next(filter(None, ways), self.choose(key))

    def choose(self, key: str) -> str:
        return f"go to “{TITLES.get(place_of(key), key)}”"

    def clear(self, key: str) -> str:
        return f"clear “{self.field(key)}”"


class ProblemText(NamedTuple):
    """The texts of one front end. Text from outside comes without what steers a terminal."""

    on_review: Mapping[str, str]
    """The way to make a decision on Review, such as `press K on Review`, by the answer that it gives: `existing=keep`."""

    @property
    def _words(self) -> _QuestionWords:
        return _QuestionWords(self.on_review)

    def told(self, problem: Problem) -> str:
        """All of it in one paragraph."""
        return safe(sentences(problem, self._words))

    def happened(self, problem: Problem) -> str:
        """Return the first sentence of it: what happened."""
        return safe(explain(problem, self._words).happened)

    def field_text(self, problem: Problem) -> str:
        """Write the text at the answer that has to be changed."""
        return safe(at_answer(problem, self._words))

    def advised(self, text: str, problem: Problem | None) -> str:
        """Return a finding of bwtui's own with what to do about it; any other text as it is."""
        return safe(with_advice(text, problem, self._words))

    def reason_of(self, action: Action) -> str:
        """The reason for an action, with what to do about it if something is to be decided."""
        return self.advised(reason_told(action), action.problem or action.unproven)

    def verification_lines(self, proof: Iterable[Action]) -> str:
        """List what was not read back as it should be, a line each; empty where nothing is known to be wrong."""
        wrong = (action for action in proof if not action.is_proven)
        return "\n".join(
            f"{'?' if action.unproven else '!'} {action.step.title}: {self._unproven_reason(action) or 'missing'}"
            for action in wrong
        )

    def _unproven_reason(self, action: Action) -> str:
        return self.advised(action.reason, action.problem or action.unproven)

    def open_point_lines(self, points: Iterable[Open]) -> str:
        """List what is known to be open, a line each; what is still to do or to be read back is not among it."""
        return "\n".join(
            f"! {point.step.title}: {self.advised(point.text, point.problem)}"
            for point in points
            if point.is_wrong
        )

    def complaint_line(self, complaint: Complaint) -> str:
        """A complaint where its field is not in sight: `! Sub-account: State: Exactly 2 letters, such as NC …`."""
        question = QUESTIONS.get(complaint.key)
        label = question.label if question and question.key not in ("use", "existing") else ""
        text = safe(complaint.text)
        named = text if label.casefold() in text.casefold() else f"{label}: {text}"
        return f"! {TITLES[place_of(complaint.key)]}: {named}"


def notice_lines(found: Iterable[tuple[Step, str]]) -> str:
    """List what is on the account besides what is wanted, a line each; empty for nothing."""
    return "\n".join(f"? {step.title}: {safe(text)}" for step, text in found)


def unproven_steps(proof: Iterable[Action]) -> tuple[str, ...]:
    """The steps that could not be read back, where nothing else is wrong."""
    wrong = [action for action in proof if not action.is_proven]
    return tuple(action.step.title for action in wrong) if all(action.unproven for action in wrong) else ()
