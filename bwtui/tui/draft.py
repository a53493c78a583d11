"""The draft behind the screens: the answers, and at which fields and screens something is to be said by now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bwtui.domain.answers.answers import (
    Answer,
    Answers,
    Source,
    is_left_out,
    taken,
    taken_told,
    uses_existing,
)
from bwtui.domain.answers.validation import Complaint
from bwtui.domain.catalog import QUESTIONS, STEPS
from bwtui.domain.fields import Text
from bwtui.domain.planning.progress import is_applied, waiting
from bwtui.domain.runs.order_text import order_told
from bwtui.domain.runs.run import RunState, Status
from bwtui.domain.runs.run_events import Event, Verified
from bwtui.domain.steps import Step
from bwtui.domain.walk.draft import AnswerDraft
from bwtui.domain.walk.walk import TABLES_OF
from bwtui.tui.places import APPLY, DONE, REVIEW, PlaceStatus, walk

if TYPE_CHECKING:
    from collections.abc import Mapping


class Draft(AnswerDraft):
    """The answers so far, and what was seen of them."""

    def __init__(self, answers: Answers, run: RunState, *, reached: str = "") -> None:
        """`reached` is the screen that an earlier visit came to: those before it count as seen."""
        super().__init__(answers, run)
        places = walk(self.answers)
        for place in places[: places.index(reached)] if reached in places else ():
            self.leave(place)

    def _begin(self, answers: Answers, run: RunState) -> None:
        super()._begin(answers, run)
        self.touched: set[str] = set()
        """The questions that were left at least once: what is missing there is said from then on."""
        self.visited: set[str] = set()
        self.notes: dict[str, str] = {}
        """The form in which an answer was taken, if it was typed in another one, until it is typed again."""
        self._typed: dict[str, str] = {}
        """The answers as they were typed, until their fields are left."""
        self._put_right: set[str] = set()
        """The steps that failed and of which an answer was changed since."""

    def answer(self, key: str, value: str, source: Source = Source.TYPED) -> None:
        """Take an answer as it is meant."""
        self._typed[key] = value
        self.notes.pop(key, None)
        super().answer(key, value, source)

    def _give(self, given: Mapping[str, Answer], *changed: str) -> None:
        self._put_right.update(key.partition(".")[0] for key in changed)
        super()._give(given, *changed)

    def take(self, event: Event) -> None:
        """Take what has happened."""
        super().take(event)
        if not isinstance(event, Verified):
            self._put_right.discard(event.step)

    def complaint(self, key: str) -> Complaint | None:
        """List what to say at a field now: what is merely missing waits until the field was left once."""
        note = self.notes.get(key)
        for complaint in self.complaints:
            if complaint.key == key and (not complaint.blocks or self._is_due(key)):
                return complaint._replace(text=f"{note} {complaint.text}") if note else complaint
        return Complaint(key, note, blocks=False, is_note=True) if note else None

    def _is_due(self, key: str) -> bool:
        """True if a complaint about an answer is shown by now; at an optional question, once its step was begun."""
        question, table = QUESTIONS[key], key.partition(".")[0]
        is_missing = question.required or question.is_secret
        return key in self.touched or self._is_given(key) or (not is_missing and self._is_begun(table))

    def _is_given(self, key: str) -> bool:
        answer = self.answers.given.get(key)
        return bool(answer and answer.value) or key in self.answers.secrets or key in self.refused

    def leave_field(self, key: str) -> None:
        """A field was left: what is missing there is said from now on, and how its answer was taken."""
        if (typed := self._typed.pop(key, None)) is not None:
            self._settle(key, typed)
        if key not in self.touched:
            self.touched.add(key)
            if self.complaint(key):
                self.on_change()

    def _settle(self, key: str, typed: str) -> None:
        """Say how an answer was taken; a suggestion that was cleared stands there again."""
        question = QUESTIONS[key]
        if not typed.strip() and isinstance(question, Text) and question.suggestion:
            self.answer(key, question.suggestion, Source.SUGGESTED)
            self._typed.pop(key)
            return
        answers = taken(key, typed)
        if self.answers.text(key) != answers[key]:
            return  # it was cleared, and its default holds again
        left_out = not answers[key] and isinstance(question, Text) and bool(question.default)
        if text := "Left empty, so it is not sent." if left_out else taken_told(key, typed, answers):
            self.notes[key] = text
            self.on_change()

    def leave(self, place: str) -> None:
        """A screen was seen to its end: from now on it says what is missing."""
        self.visited.add(place)
        table = TABLES_OF.get(place, place)
        self.touched.update(key for key in QUESTIONS if key.partition(".")[0] == table)

    def mark(self, place: str) -> PlaceStatus:
        """Return the status of a screen."""
        if place in (REVIEW, APPLY, DONE):
            return (
                PlaceStatus.DONE
                if is_applied(self.answers, self.run) and place != DONE
                else PlaceStatus.TO_DO
            )
        step = _step(place)
        record = self.run.step(place)
        if any(place in self.visited or self._is_due(complaint.key) for complaint in self.blocking(place)):
            return PlaceStatus.PROBLEM
        if step and record.status is Status.DONE:
            if waiting(step, self.answers, self.run):
                return PlaceStatus.COMPLETE  # as answered, and to be applied on Review
            return PlaceStatus.DONE if record.made else PlaceStatus.EXISTS
        if step and order_told(record):
            return PlaceStatus.WAITING
        if record.status is Status.FAILED and place not in self._put_right:
            return PlaceStatus.PROBLEM
        if step and is_left_out(step, self.answers):
            return PlaceStatus.SKIPPED
        if place in self.doubted:
            return PlaceStatus.DOUBT
        if step and uses_existing(step, self.answers):
            return PlaceStatus.EXISTS
        return (
            PlaceStatus.TO_DO if place not in self.visited or self.blocking(place) else PlaceStatus.COMPLETE
        )

    def _is_begun(self, table: str) -> bool:
        """Say whether something of a table was typed."""
        typed = (key for key, answer in self.answers.given.items() if answer.source is Source.TYPED)
        return any(key.startswith(f"{table}.") for key in (*typed, *self.answers.secrets))


def _step(place: str) -> Step | None:
    return next((step for step in STEPS if step.key == place), None)
