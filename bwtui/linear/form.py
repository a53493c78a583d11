"""Questions one after another: forwards by answering, backwards by `<`."""

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from typing import NamedTuple

from bwtui.domain.answers.answers import as_meant, taken, taken_told
from bwtui.domain.answers.validation import Complaint, complaints_of, needed_text
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Choice, Question, Text
from bwtui.domain.values.text import safe
from bwtui.domain.walk.draft import AnswerDraft
from bwtui.domain.walk.walk_text import about_question
from bwtui.linear.conversation import TAKEN_AWAY, Back, Conversation
from bwtui.linear.questions import as_kept, as_shown, in_one_line


class Item(NamedTuple):
    """One thing to ask."""

    name: str
    ask: Callable[[], None]
    """Asks it; raises `Back` where what comes before it is wanted."""


class Offer(NamedTuple):
    """An optional question, the answer that counts now, and the asking of it."""

    question: Question
    now: Callable[[], str]
    ask: Callable[[], None]

    @property
    def shown(self) -> str:
        """The answer that counts now, as people read it; empty if there is none."""
        return as_shown(self.question, self.now())


def fill(items: Callable[[], Sequence[Item]], *, from_end: bool) -> None:
    """Ask one thing after another; which there are may follow from the answers. Raises `Back` before the first."""
    now = items()
    place = len(now) - 1 if from_end else 0
    if place < 0:
        raise Back
    while place < len(now):
        name = now[place].name
        try:
            now[place].ask()
        except Back:
            if place == 0:
                raise
            place -= 1
        else:
            now = items()
            names = [item.name for item in now]
            place = names.index(name) + 1 if name in names else place


def ask_question(
    talk: Conversation,
    question: Question,
    now: str,
    complaints: Callable[[str], Iterable[Complaint]],
) -> str | None:
    """Ask until the answer is right; `None` if what counts now is to count, empty if it is taken away."""
    if isinstance(question, Choice):
        talk.number(question.told)
    while True:
        typed = talk.ask(
            in_one_line(question, as_shown(question, now)),
            about_question(question),
            hidden=question.is_secret,
            many=isinstance(question, Text) and question.many,
            removable=not question.required,
        )
        if typed == TAKEN_AWAY:
            if not question.required:
                return ""
            talk.refuse(f"{question.label} is required; it cannot be taken away.")
            continue
        if not typed and (now or not question.required):
            return None
        value = as_kept(question, typed)
        found = tuple(complaints(value)) if typed else (Complaint("", needed_text(question)),)
        if blocking := next((complaint for complaint in found if complaint.blocks), None):
            talk.refuse(safe(blocking.text))
            continue
        for doubt in found:
            talk.say(f"Warning: {safe(doubt.text)}")
        return value


def offer(talk: Conversation, offers: Sequence[Offer]) -> None:
    """Offer optional questions: none is asked unless somebody wants to."""
    answered = [f"{each.question.label} {each.shown}" for each in offers if each.shown]
    count = f"{len(offers)} optional question{'s' if len(offers) > 1 else ''}"
    have = f", answered: {'; '.join(answered)}" if answered else ""
    names = ", ".join(each.question.label for each in offers)
    if not talk.confirm(f"{count}{have}. Set one?", f"They are: {names}."):
        return
    while True:
        lines = [f"{each.question.label} [{each.shown or 'none'}]" for each in offers]
        try:
            chosen = talk.choose(
                "Which one?", [*lines, "No more: go on"], f"They are: {names}.", default=len(lines)
            )
            if chosen == len(lines):
                return
            offers[chosen].ask()
        except Back:
            return


class DraftForm:
    """Asks the questions of the catalogue and takes the answers to the draft."""

    def __init__(self, talk: Conversation, draft: AnswerDraft) -> None:
        self._talk = talk
        self._draft = draft

    def ask(self, key: str) -> None:
        """Ask one question until the answer is right, by itself and beside the others."""
        question, draft = QUESTIONS[key], self._draft
        if refused := draft.refused.get(key):
            self._talk.say(refused)
        while True:
            answer = ask_question(
                self._talk,
                question,
                self._now(key, question),
                lambda value: complaints_of(key, as_meant(key, value)),
            )
            if answer is None:
                return
            self._write(key, question, answer)
            wrong = [complaint for complaint in draft.complaints if complaint.key == key and complaint.blocks]
            if not wrong or not answer:
                self._tell_how_taken(key, answer)
                return
            self._talk.refuse(safe(wrong[0].text))

    def _tell_how_taken(self, key: str, answer: str) -> None:
        """Say in which form an answer was taken, where it was typed in another one."""
        if answer and (text := taken_told(key, answer, taken(key, answer))):
            self._talk.say(text)

    def item(self, key: str) -> Item:
        """Return the asking of one question."""
        return Item(key, partial(self.ask, key))

    def fill(self, items: Callable[[], Sequence[Item]], place: str, *, from_end: bool) -> None:
        """Ask everything at a place, until nothing there is wrong or missing. Raises `Back` before the first."""
        while True:
            fill(items, from_end=from_end)
            try:
                self.put_right(place)
            except Back:
                from_end = True
            else:
                return

    def put_right(self, place: str) -> None:
        """Ask again what is wrong or missing at a place, until nothing is."""
        while wrong := self._draft.blocking(place):
            self._talk.say(safe(wrong[0].text))
            self.ask(wrong[0].key)

    def offer(self, questions: Sequence[tuple[str, Question]], *others: Offer) -> None:
        """Offer optional questions, and others that are not the draft's: none is asked unless somebody wants to."""
        own = (
            Offer(question, partial(self._now, key, question), partial(self.ask, key))
            for key, question in questions
        )
        offer(self._talk, (*own, *others))

    def _now(self, key: str, question: Question) -> str:
        """Return the answer that counts now."""
        if question.is_secret:
            return "given" if key in self._draft.answers.secrets else ""
        return self._draft.answers.shown(key)

    def _write(self, key: str, question: Question, value: str) -> None:
        if question.is_secret:
            self._draft.keep_secret(key, value)
        elif value or isinstance(question, Text):
            self._draft.answer(key, value)
        else:
            self._draft.take_back(key)
