"""One step of the setup as questions: new or one that is there, what it needs, and the numbers that a search finds."""

from collections.abc import Iterator, Sequence
from functools import partial
from typing import Final

from bwtui.domain.account.account import AvailableNumber, Candidate
from bwtui.domain.answers.answers import chosen_existing, is_left_out, uses_existing
from bwtui.domain.callbacks.callback_urls import callback_urls, password_question
from bwtui.domain.catalog import QUESTIONS
from bwtui.domain.fields import Question, Text, is_asked_first
from bwtui.domain.planning.order_plan import MOST_FOUND
from bwtui.domain.runs.problem import ProblemError
from bwtui.domain.runs.setup import SaveError
from bwtui.domain.steps import Step
from bwtui.domain.values.phone_numbers import listed, readable, ten_digits
from bwtui.domain.values.text import safe
from bwtui.domain.walk.draft import NUMBERS, AnswerDraft, asked_at_once, questions_due
from bwtui.domain.walk.walk import step_number
from bwtui.domain.walk.walk_text import (
    USUAL_SEARCHES,
    lacking_text,
    links_told,
    namesake,
    namesake_text,
    nothing_found_text,
    other_way,
    settings_of,
)
from bwtui.linear.choosing import choose_from
from bwtui.linear.conversation import Back, Conversation
from bwtui.linear.error_text import WORDING
from bwtui.linear.form import DraftForm, Item
from bwtui.linear.questions import as_shown
from bwtui.linear.work import Work


class StepTalk:
    """Asks what one step needs."""

    def __init__(self, step: Step, talk: Conversation, draft: AnswerDraft, work: Work) -> None:
        self._step = step
        self._talk = talk
        self._draft = draft
        self._work = work
        self._form = DraftForm(talk, draft)
        self._found: tuple[AvailableNumber, ...] = ()

    def ask(self, *, from_end: bool) -> None:
        """Ask everything that the step asks now. Raises `Back` where the place before is wanted."""
        if from_end and not self._items():
            raise Back
        self._introduce()
        self._form.fill(self._items, self._step.key, from_end=from_end)
        if found := self._namesake():
            self._talk.say(f"Note: {namesake_text(found)}")

    def _introduce(self) -> None:
        step, account = self._step, self._work.setup.account
        place = step_number(step.key, self._draft.answers)
        self._talk.begin(f"{place}: {step.full_title}. {step.explanation}")
        if account and step.key in account.lacking:
            self._talk.say(f"Note: {lacking_text(account.lacking[step.key])}")
        for text in links_told(step, self._draft.answers):
            self._talk.say(text)

    def _items(self) -> Sequence[Item]:
        """Return what is to be asked, as far as the answers of now lead."""
        step, answers = self._step, self._draft.answers
        items: list[Item] = []
        if step.chosen_by and (chosen_existing(step, answers) or self._candidates()):
            items.append(Item("which", self.ask_which))
            if chosen_existing(step, answers):
                return items
        questions = questions_due(step, answers, self._draft.run)
        first = asked_at_once(step, questions)
        now = [(key, question) for key, question in questions if is_asked_first(question) or key in first]
        items += [self._form.item(key) for key, question in now if self._is_due(question)]
        if is_left_out(step, answers):
            return items
        asked = {key for key, _ in now}
        if step.query:
            items += self._search_items()
            asked |= {NUMBERS, step.key_of("quantity"), *map(step.key_of, USUAL_SEARCHES)}
        if optional := [(key, question) for key, question in questions if key not in asked]:
            items.append(Item("optional", partial(self._form.offer, optional)))
        if callback_urls(step, answers) and not self._work.host.is_demo:
            items.append(Item("check", self._offer_check))
        return items

    def _search_items(self) -> Iterator[Item]:
        yield Item("search", self._ask_search)
        if not self._draft.picked_numbers:
            yield Item(self._step.key_of("quantity"), self._ask_how_many)
        yield Item("pick", self._pick_numbers)

    def _is_due(self, question: Question) -> bool:
        """False for a password without a user to go with it."""
        if not (isinstance(question, Text) and question.goes_with):
            return True
        return bool(self._draft.answers.text(self._step.key_of(question.goes_with)))

    # --- callback URLs ---

    def _offer_check(self) -> None:
        """Offer to try the callback URLs; what is doubtful is kept if somebody wants to, else asked for again."""
        while not self._draft.blocking(self._step.key) and self._talk.confirm(
            "Check the URLs now?", _CHECKING
        ):
            self._check()
            doubtful = self._doubtful_urls()
            if not doubtful or self._keeps(doubtful):
                return
            for key in doubtful:
                self._form.ask(key)

    def _keeps(self, keys: Sequence[str]) -> bool:
        labels = " and ".join(QUESTIONS[key].label for key in keys)
        return self._talk.confirm(
            f"Keep {labels} as {'it is' if len(keys) == 1 else 'they are'}?", _KEEPING, default=True
        )

    def _doubtful_urls(self) -> tuple[str, ...]:
        """Return the questions for the URLs that a check found trouble with."""
        answers = self._draft.answers
        checked = self._work.setup.callbacks.of_step(self._step, answers)
        urls = {callback.url for callback, outcome in checked if outcome and not outcome.is_fine}
        keys = (self._step.key_of(part.key) for part in self._step.callback_parts)
        return tuple(key for key in keys if answers.text(key) in urls)

    def _check(self) -> None:
        """Try the callback URLs, with the password only after a yes."""
        self._work.check_callbacks(callback_urls(self._step, self._draft.answers))
        asking = self._work.setup.callbacks.waiting_for_password(self._step, self._draft.answers)
        if asking and self._talk.confirm(password_question(asking), _SENDING):
            self._work.check_callbacks(asking)

    # --- one that is there ---

    def _candidates(self) -> tuple[Candidate, ...]:
        try:
            return self._work.candidates(self._step)
        except ProblemError as error:
            self._talk.say(WORDING.told(error.problem))
            return ()

    def _namesake(self) -> Candidate | None:
        if uses_existing(self._step, self._draft.answers):
            return None
        return namesake(self._step, self._candidates(), self._draft.answers, self._draft.run)

    def ask_which(self) -> None:
        """Ask whether something new is created or something that is there is used, and which."""
        step = self._step
        key = step.key_of(step.chosen_by)
        used, there = chosen_existing(step, self._draft.answers), self._candidates()
        ways = [other_way(step), f"use an existing one ({len(there)})"]
        question = f"{step.title}: {'a new one' if step.is_listed else 'none'}, or an existing one?"
        if self._talk.choose(question, ways, QUESTIONS[key].help, default=1 if used else 0) == 0:
            self._draft.use_existing(step, wanted=False)
            return
        if not there:
            self._form.ask(key)
            return
        ids = [candidate.id for candidate in there]
        chosen = choose_from(
            self._talk, "Which one?", [f"{safe(each.name)}, {safe(each.id)}" for each in there],
            lambda text: ids.index(text) if text in ids else None, fallback=used or "go back",
        )  # fmt: skip
        if not chosen and not used:
            raise Back
        if chosen:
            self._draft.answer(key, ids[chosen[0]])
            self._talk.say("; ".join(settings_of(step, there[chosen[0]])))

    # --- numbers ---

    def _ask_search(self, *, again: bool = False) -> None:
        """Offer the ways to search; Enter goes on once there is one, and asks for it anew where it comes `again`."""
        keys = [*map(self._step.key_of, USUAL_SEARCHES), NUMBERS]
        about = next((rule.text for rule in self._step.rules), "")
        while True:
            lines = [*map(self._told, keys), "go on"]
            given = [index for index, key in enumerate(keys) if self._draft.answers.text(key)]
            if again:
                default, again = next(iter(given), 0), False
            else:
                default = len(keys) if given else 0
            chosen = self._talk.choose("Search by what?", lines, about, default=default)
            if chosen == len(keys):
                return
            try:
                self._form.ask(keys[chosen])
            except Back:
                continue

    def _ask_how_many(self) -> None:
        """Ask how many to order of what is found; of many, whether it is meant."""
        key = self._step.key_of("quantity")
        while True:
            before = self._draft.answers.text(key)
            self._form.ask(key)
            now = self._draft.answers.text(key)
            if now == before or not now.isdecimal() or int(now) <= MANY or self._is_meant(now):
                return
            self._draft.answer(key, before)

    def _is_meant(self, count: str) -> bool:
        try:
            return self._talk.confirm(f"Really order {count} numbers?")
        except Back:
            return False

    def _told(self, key: str) -> str:
        question, now = QUESTIONS[key], self._draft.answers.text(key)
        return f"{question.label}{f', now {as_shown(question, now)}' if now else ''}"

    def _pick_numbers(self) -> None:
        """Search, and let numbers be picked, ten at a time; without a pick the first of the search are ordered.

        A search that finds nothing is asked for once more, and made again.
        """
        while self._wants_search():
            try:
                self._found = self._work.search(MOST_FOUND)
            except (ProblemError, SaveError) as error:
                self._talk.say(WORDING.told(error.problem) if isinstance(error, ProblemError) else str(error))
                return
            if self._found:
                self._pick_from_found()
                return
            self._talk.say(nothing_found_text(self._step, self._draft.answers))
            self._ask_search(again=True)

    def _wants_search(self) -> bool:
        if self._draft.blocking(self._step.key):
            self._form.put_right(self._step.key)
        picked = self._draft.picked_numbers
        have = (
            f"{listed(picked)} picked already. Search for others?"
            if picked
            else "Search now, to pick from what is found?"
        )
        return self._talk.confirm(
            have, "Without a pick, the first numbers that the search finds are ordered.", default=not picked
        )

    def _pick_from_found(self) -> None:
        self._talk.say(f"{len(self._found)} found.")
        digits = [found.number for found in self._found]
        chosen = choose_from(
            self._talk, "Which ones?", list(_lines(self._found)),
            lambda text: digits.index(number) if (number := ten_digits(text)) in digits else None,
            fallback="as they are" if self._draft.picked_numbers else "the first of the search", several=True,
        )  # fmt: skip
        if chosen:
            self._draft.pick_numbers(tuple(digits[index] for index in chosen))
            self._talk.say(f"Picked: {listed(self._draft.picked_numbers)}.")


MANY: Final = 10
"""More numbers of a search than these are ordered only if somebody says that so many are meant."""

_CHECKING: Final = "A sample event is posted to each callback URL, without the password; nothing is changed."
_KEEPING: Final = "Yes goes on with it all the same, no asks for it again."
_SENDING: Final = (
    "Bandwidth sends it the same way. Without it, everything else about the URL is checked all the same."
)


def _lines(found: Sequence[AvailableNumber]) -> Iterator[str]:
    for each in found:
        places = filter(None, (each.city, each.rate_center, each.state))
        yield ", ".join((readable(each.number), *map(safe, places)))
