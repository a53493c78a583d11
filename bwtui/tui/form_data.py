"""The values that forms read and write."""

from dataclasses import dataclass

from bwtui.domain.answers.validation import Complaint
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Question, Text
from bwtui.tui.draft import Draft


@dataclass(slots=True)
class DraftFormData:
    """The draft as a form fills it in."""

    draft: Draft

    def text(self, key: str) -> str:
        question = QUESTIONS[key]
        if question.is_secret:
            secret = self.draft.answers.secrets.get(key)
            return secret.reveal() if secret else ""
        answer = self.draft.answers.text(key)
        return question.shown(answer) if isinstance(question, Text) and question.shown else answer

    def write(self, key: str, question: Question, value: str) -> None:
        if question.is_secret:
            self.draft.keep_secret(key, value)
        elif value or isinstance(question, Text):
            self.draft.answer(key, value)
        else:
            self.draft.take_back(key)

    def complaint(self, key: str) -> Complaint | None:
        return self.draft.complaint(key)

    def left(self, key: str) -> None:
        self.draft.leave_field(key)
