"""The answers while they are given: typed text as it is, right or wrong, and what is to be said about it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bwtui.domain.answers import (
    Answer,
    Answers,
    Source,
    is_left_out,
    missing_secrets,
    taken,
    taken_told,
    uses_existing,
    wanted_steps,
)
from bwtui.domain.catalog import PAID_STEP, QUESTIONS, SITE, STEPS
from bwtui.domain.fields import Text
from bwtui.domain.phone_numbers import ten_digits
from bwtui.domain.progress import is_applied, waiting
from bwtui.domain.run import Event, RunState, Status, Verified
from bwtui.domain.secret import Secret
from bwtui.domain.steps import Step
from bwtui.domain.text import split_list
from bwtui.domain.validation import Complaint, complaints
from bwtui.tui.places import APPLY, CONNECT, DONE, REVIEW, WELCOME, PlaceStatus, walk

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from bwtui.domain.account import Account

TO_BE_CHOSEN = "Choose an existing one, or create a new one."
"""The complaint if an existing object is to be used and none was chosen."""

NUMBERS = PAID_STEP.key_of("numbers")
"""The question for numbers that are named one by one."""

TABLES_OF = {WELCOME: "setup", CONNECT: "account"}
"""The tables of the screens that are no steps; a step's table has the step's own name."""

ADDRESS = {
    f"{SITE.key}.{question.key}": question.wire.rpartition("/")[2].casefold()
    for question in SITE.questions
    if question.wire.startswith("Address/") and question.key not in ("address_type", "country")
}
"""The answers that say where a place is, and how the API names each."""


def recommended_address(details: Mapping[str, str]) -> dict[str, str]:
    """The answers that a recommended address would give; empty where none is recommended."""
    told = {path.rpartition("/")[2].casefold(): value for path, value in details.items()}
    return {key: told[name] for key, name in ADDRESS.items() if told.get(name)}


class Draft:
    """The answers so far. Every change goes through here, and `on_change` is called."""

    def __init__(self, answers: Answers, run: RunState, *, reached: str = "") -> None:
        """`reached` is the screen that an earlier visit came to: those before it count as seen."""
        self.on_change: Callable[[], None] = lambda: None
        self._begin(answers, run)
        places = walk(self.answers)
        self.visited.update(places[: places.index(reached)] if reached in places else ())

    def _begin(self, answers: Answers, run: RunState) -> None:
        self._aside = Answers()
        self.answers = self._that_count(_with_suggestions(answers))
        self.run = run
        self.doubted: frozenset[str] = frozenset()
        """The steps that the account seems unable to do."""
        self.refused: dict[str, str] = {}
        """The API's message about an answer, until that answer is changed."""
        self.touched: set[str] = set()
        """The questions that were left at least once: what is missing there is said from then on."""
        self.visited: set[str] = set()
        self.notes: dict[str, str] = {}
        """How an answer was taken that was typed in another form, until it is typed again."""
        self._typed: dict[str, str] = {}
        """The answers as they were typed, until their fields are left."""
        self.unchosen: set[str] = set()
        """The steps that are to use something that is there, before it is said what."""
        self._put_right: set[str] = set()
        """The steps that failed and of which an answer was changed since."""
        self._checked: tuple[Answers, tuple[Complaint, ...]] | None = None

    # --- answering ---

    def answer(self, key: str, value: str, source: Source = Source.TYPED) -> None:
        """Take an answer as it is meant."""
        answers = taken(key, value)
        self._typed[key] = value
        self.notes.pop(key, None)
        if all(self.answers.text(name) == answer for name, answer in answers.items()):
            return
        given = {**self.answers.given, **{name: Answer(answer, source) for name, answer in answers.items()}}
        if key in ADDRESS:  # half of one address and half of another is none
            given = {
                other: answer for other, answer in given.items() if not _is_told_about_another(other, answer)
            }
        self._give(given, *answers)

    def take_back(self, *keys: str) -> None:
        """Answer nothing there: the default holds again."""
        given = {key: answer for key, answer in self.answers.given.items() if key not in keys}
        self._give(given, *keys)

    def keep_secret(self, key: str, value: str) -> None:
        """Take a secret: held in memory only."""
        secrets = {name: secret for name, secret in self.answers.secrets.items() if name != key}
        if secret := Secret.entered(value):
            secrets[key] = secret
        self.answers = self.answers._replace(secrets=secrets)
        self.refused.pop(key, None)
        self.on_change()

    def begin_anew(self, answers: Answers) -> None:
        """Forget everything but these answers."""
        self._begin(answers, RunState())
        self.on_change()

    def learn(self, account: Account) -> None:
        """Fill in what the account itself says, where nothing was answered: the address of its sub-account."""
        self.doubted = frozenset(account.lacking)
        if uses_existing(SITE, self.answers):
            return
        address = {
            f"{SITE.key}.{part.key}": account.address[part.wire]
            for part in SITE.body
            if isinstance(part, Text) and account.address.get(part.wire)
        }
        given = self.answers.given
        if any(key in given and given[key].source is not Source.ACCOUNT for key in address):
            return  # half of one address and half of another is none
        given = {key: answer for key, answer in given.items() if answer.source is not Source.ACCOUNT}
        self._give({**given, **{key: Answer(value, Source.ACCOUNT) for key, value in address.items()}})

    def take_address(self, address: Mapping[str, str]) -> None:
        """Take the address that Bandwidth recommends: every part of it, and none of the old one."""
        given = {key: answer for key, answer in self.answers.given.items() if key not in ADDRESS}
        given.update({key: Answer(value, Source.RECOMMENDED) for key, value in address.items()})
        self._give(given, *ADDRESS)

    def forget_refusals(self) -> None:
        """Whatever the API said about answers, they are to be tried once more as they are."""
        self.refused.clear()
        self.on_change()

    def pick_numbers(self, numbers: tuple[str, ...]) -> None:
        """Take exactly these numbers, or none, so that the search decides again."""
        if numbers:
            self.answer(NUMBERS, ",".join(numbers))
        else:
            self.take_back(NUMBERS)

    @property
    def picked_numbers(self) -> tuple[str, ...]:
        """The numbers that are named one by one, ten digits each, as far as they are numbers."""
        return tuple(filter(None, map(ten_digits, split_list(self.answers.text(NUMBERS)))))

    def _that_count(self, answers: Answers) -> Answers:
        """The answers without those about a new object where one that is there is used: these wait until it is not."""
        every = Answers({**self._aside.given, **answers.given}, {**self._aside.secrets, **answers.secrets})
        used = (step for step in STEPS if uses_existing(step, answers))
        aside = {step.key_of(part.key) for step in used for part in step.questions if part.wire}
        self._aside = _only(every, lambda key: key in aside)
        return _only(every, lambda key: key not in aside)

    def _give(self, given: Mapping[str, Answer], *changed: str) -> None:
        self.answers = self._that_count(self.answers._replace(given=given))
        for key in changed:
            self.refused.pop(key, None)
            self._put_right.add(key.partition(".")[0])
        self.on_change()

    def take(self, event: Event) -> None:
        """Take what has happened."""
        self.run = self.run.apply(event)
        if not isinstance(event, Verified):
            self._put_right.discard(event.step)

    def use_existing(self, step: Step, *, wanted: bool) -> None:
        """Say whether a step uses something that is there; what, is an answer."""
        if wanted:
            self.unchosen.add(step.key)
            self.on_change()
        else:
            self.unchosen.discard(step.key)
            self.take_back(step.key_of("use"))

    # --- what is to be said about it ---

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        """Everything that is wrong or doubtful, the API's own words first."""
        if self._checked is None or self._checked[0] is not self.answers:
            self._checked = (self.answers, complaints(self.answers))
        refusals = (Complaint(key, text) for key, text in self.refused.items())
        told = (*refusals, *self._checked[1], *self._missing_passwords())
        to_choose = tuple(self._to_be_chosen())
        of_a_new_one = tuple(f"{complaint.key.partition('.')[0]}." for complaint in to_choose)
        return (*(complaint for complaint in told if not complaint.key.startswith(of_a_new_one)), *to_choose)

    def _missing_passwords(self) -> Iterator[Complaint]:
        """The callback passwords that are still to be sent: they are never saved, so asked for once more."""
        for step in wanted_steps(self.answers):
            if self.run.step(step.key).status is not Status.DONE and not uses_existing(step, self.answers):
                yield from map(password_needed, missing_secrets(step, self.answers))

    def _to_be_chosen(self) -> Iterator[Complaint]:
        for step in wanted_steps(self.answers) if self.unchosen else ():
            if step.key in self.unchosen and not uses_existing(step, self.answers):
                yield Complaint(step.key_of("use"), TO_BE_CHOSEN)

    def complaint(self, key: str) -> Complaint | None:
        """List what to say at a field now: what is merely missing waits until the field was left once."""
        for complaint in self.complaints:
            if complaint.key == key and (not complaint.blocks or self._is_due(key)):
                return complaint
        note = self.notes.get(key)
        return Complaint(key, note, blocks=False, is_note=True) if note else None

    def _is_due(self, key: str) -> bool:
        """True if a complaint about an answer is shown by now; at an optional question, once its step was begun."""
        question, table = QUESTIONS[key], key.partition(".")[0]
        is_missing = question.required or question.is_secret
        return key in self.touched or self._is_given(key) or (not is_missing and self._is_begun(table))

    def blocking(self, place: str) -> tuple[Complaint, ...]:
        """List what has to be put right on a screen."""
        table = TABLES_OF.get(place, place)
        return tuple(
            complaint
            for complaint in self.complaints
            if complaint.blocks and complaint.key.partition(".")[0] == table
        )

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
        if told := "Left empty, so it is not sent." if left_out else taken_told(key, typed, answers):
            self.notes[key] = told
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


def _with_suggestions(answers: Answers) -> Answers:
    """Begin with a good name wherever any will do."""
    suggested = {
        key: Answer(question.suggestion, Source.SUGGESTED)
        for key, question in QUESTIONS.items()
        if isinstance(question, Text) and question.suggestion
    }
    return answers.over(suggested)


def password_needed(key: str) -> Complaint:
    """The complaint about a callback user without a password."""
    return Complaint(key, "The password that goes with the callback user is needed. It is never saved.")


def _only(answers: Answers, wanted: Callable[[str], bool]) -> Answers:
    return Answers(
        {key: answer for key, answer in answers.given.items() if wanted(key)},
        {key: secret for key, secret in answers.secrets.items() if wanted(key)},
    )


def _is_told_about_another(key: str, answer: Answer) -> bool:
    """True for an optional part of the account's own address, which is folded away; its complaint is about another part."""
    return key in ADDRESS and not QUESTIONS[key].required and answer.source is Source.ACCOUNT


def _step(place: str) -> Step | None:
    return next((step for step in STEPS if step.key == place), None)
