"""The answers while they are given, right or wrong, and what is to be said about them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bwtui.domain.answers.answers import (
    ACCOUNT_ID,
    PLATFORM_KEY,
    Answer,
    Answers,
    Source,
    asked_questions,
    chosen_existing,
    missing_secrets,
    taken,
    uses_existing,
    wanted_steps,
    wished_steps,
)
from bwtui.domain.answers.validation import Complaint, complaints
from bwtui.domain.catalog import CAMPAIGN, LOCATION, PAID_STEP, QUESTIONS, SERVER_URL, SITE, STEPS, parent_of
from bwtui.domain.fields import Question, Text
from bwtui.domain.platform import FoundPlatform
from bwtui.domain.runs.run import RunState, Status, StepState
from bwtui.domain.runs.run_events import Event
from bwtui.domain.steps import Step
from bwtui.domain.values.phone_numbers import ten_digits
from bwtui.domain.values.secret import Secret
from bwtui.domain.values.text import join_list, split_list
from bwtui.domain.walk.walk import TABLES_OF

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from bwtui.domain.account.account import Account
    from bwtui.domain.planning.obstacles import Obstacle
    from bwtui.domain.runs.problem import Problem

_Checked = tuple[Answers, RunState, dict[str, str], set[str]]
"""The answers, run, refusals and choices to be made from which the complaints were worked out."""

TO_BE_CHOSEN = "Choose an existing one, or create a new one."
"""The complaint if an existing object is to be used and none was chosen."""

NUMBERS = PAID_STEP.key_of("numbers")
"""The question for numbers that are named one by one."""

_QUANTITY = PAID_STEP.key_of("quantity")
"""The question for how many numbers are ordered."""

OFFERED = frozenset({Source.SUGGESTED, Source.ACCOUNT, Source.EXAMPLE})
"""The sources of answers that nobody has given: something better may take their place."""

PLACE = frozenset({ACCOUNT_ID, "account.environment", "account.base_url"})
"""The answers that say which account it is; what was found out of another one does not count any more."""

FEW = 4
"""A step with no more optional questions than this asks them all."""

ADDRESS = {
    f"{SITE.key}.{question.key}": question.wire.rpartition("/")[2].casefold()
    for question in SITE.questions
    if question.wire.startswith("Address/") and question.key not in ("address_type", "country")
}
"""The answers that say where a place is, and how the API names each."""


def recommended_address(details: Mapping[str, str]) -> dict[str, str]:
    """The answers that a recommended address would give; empty where none is recommended."""
    values = {path.rpartition("/")[2].casefold(): value for path, value in details.items()}
    return {key: values[name] for key, name in ADDRESS.items() if values.get(name)}


def questions_due(step: Step, answers: Answers, run: RunState) -> tuple[tuple[str, Question], ...]:
    """Return the questions that a step asks now, by their full names; which object is used is asked elsewhere.

    Those on removed or existing objects are due only if something was made or is used.
    """
    record = run.step(step.key)
    used = bool(uses_existing(LOCATION, answers)) or (step.paid and run.step(LOCATION.key).made)
    due = {step.chosen_by: False, "existing": used, "given_up": record.made or bool(record.orders)}
    asked = sorted(asked_questions(step, answers), key=lambda question: question.key != "enabled")
    return tuple(
        (key, question)
        for question in asked
        for key in (step.key_of(question.key),)
        if due.get(question.key, True) or (question.key in ("existing", "given_up") and key in answers.given)
    )


def asked_at_once(
    step: Step, questions: Sequence[tuple[str, Question]], usual: Sequence[str] = ()
) -> frozenset[str]:
    """Return the optional questions that are asked along with the needed ones: all of them, if there are few."""
    optional = [key for key, question in questions if not question.required]
    return frozenset(optional if len(optional) <= FEW else map(step.key_of, ("enabled", *usual)))


class AnswerDraft:
    """The answers so far, and the run. Every change goes through here, and `on_change` is called."""

    def __init__(self, answers: Answers, run: RunState) -> None:
        self.on_change: Callable[[], None] = lambda: None
        self._begin(answers, run)

    def _begin(self, answers: Answers, run: RunState) -> None:
        self._aside = Answers()
        self.answers = self._that_count(_with_suggestions(answers))
        self.run = run
        self.doubted: frozenset[str] = frozenset()
        """The steps that the account seems unable to do."""
        self._found_platform: FoundPlatform | None = None
        self.refused: dict[str, str] = {}
        """The API's message about an answer, until that answer is changed."""
        self.unchosen: set[str] = set()
        """The steps that are to use something that is there, before it is said what."""
        self._checked: tuple[_Checked, tuple[Complaint, ...]] | None = None

    # --- answering ---

    def answer(self, key: str, value: str, source: Source = Source.TYPED) -> None:
        """Take an answer as it is meant."""
        answers = taken(key, value)
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

    def begin_with(self, existing: Answers) -> None:
        """Take the answers of what is on the account in place of all but the account, the server and suggested names."""
        kept = {
            key: answer
            for key, answer in self.answers.given.items()
            if key.startswith("account.") or key == SERVER_URL or answer.source is Source.SUGGESTED
        }
        read = {key: answer for key, answer in existing.given.items() if not key.startswith("account.")}
        self._aside = Answers()
        self.unchosen.clear()
        self._give({**kept, **read}, *read)

    def learn(self, account: Account) -> None:
        """Fill in what the account itself says, where nothing was answered: its platform, its address, the only campaign.

        A setup that was begun keeps its answers: otherwise a look would make one that is done unfinished.
        """
        self.doubted = frozenset(account.lacking)
        if account.platform:
            self.take_platform(account.platform)
        if self.run.steps:
            return
        self._offer_the_only_ones(account)
        self._offer_the_only_campaign(account)
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
        given = {
            key: answer
            for key, answer in given.items()
            if key not in ADDRESS or answer.source is not Source.ACCOUNT
        }
        self._give({**given, **{key: Answer(value, Source.ACCOUNT) for key, value in address.items()}})

    def _offer_the_only_ones(self, account: Account) -> None:
        """Begin with the only sub-account and its only location, unless somebody has said what is wanted there."""
        sites, location = account.candidates.get(SITE.key, ()), account.only_location
        if location is None or len(sites) != 1 or any(map(self._is_decided, (SITE, LOCATION))):
            return
        ids = {SITE.key_of("use"): sites[0].id, LOCATION.key_of("use"): location.id}
        offered = {key: Answer(id_, Source.ACCOUNT) for key, id_ in ids.items()}
        self._give({**self.answers.given, **offered})

    def _offer_the_only_campaign(self, account: Account) -> None:
        """Begin with the only campaign that numbers can join, without which carriers refuse their messages."""
        campaigns = account.candidates.get(CAMPAIGN.key, ())
        if len(campaigns) == 1 and not self._is_decided(CAMPAIGN):
            chosen = Answer(campaigns[0].id, Source.ACCOUNT)
            self._give({**self.answers.given, CAMPAIGN.key_of(CAMPAIGN.chosen_by): chosen})

    def _is_decided(self, step: Step) -> bool:
        """Return True if a person has answered something of a step, or the run has begun it."""
        answers = (answer for key, answer in self.answers.given.items() if key.startswith(f"{step.key}."))
        return self.run.step(step.key) != StepState() or any(
            answer.source not in OFFERED for answer in answers
        )

    def take_platform(self, found: FoundPlatform) -> None:
        """Take the platform that was found."""
        self._found_platform = found
        self._give(self.answers.on(found).given)

    @property
    def platform(self) -> FoundPlatform | None:
        """The platform of the account, with what shows it if it was found out here; `None` while it is not known."""
        platform, found = self.answers.platform, self._found_platform
        if platform is None or (found and found.platform is platform):
            return found if platform else None
        return FoundPlatform(platform)

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
        """Take exactly these numbers, and as many; or none, so that the search decides again."""
        if numbers:
            self.answer(NUMBERS, join_list(numbers))
            self.answer(_QUANTITY, str(len(numbers)))
        else:
            self.take_back(NUMBERS, _QUANTITY)

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
        found = given.get(PLATFORM_KEY)
        if found and found.source is Source.ACCOUNT and not PLACE.isdisjoint(changed):
            given = Answers(given).without_platform.given
        self.answers = self._that_count(self.answers._replace(given=given))
        for key in changed:
            self.refused.pop(key, None)
        self.on_change()

    def take(self, event: Event) -> None:
        """Take what has happened."""
        self.run = self.run.apply(event)

    def use_existing(self, step: Step, *, wanted: bool) -> None:
        """Say whether a step uses something that is there; what, is an answer."""
        if wanted:
            self.unchosen.add(step.key)
            self.on_change()
        else:
            self.unchosen.discard(step.key)
            self._decline(step)

    def _decline(self, step: Step) -> None:
        """Have something new made instead of using what is there, also if it was offered; then it is not offered again."""
        key, given = step.key_of(step.chosen_by), self.answers.given
        if not (key in given and given[key].source is Source.ACCOUNT):
            self.take_back(key)
            return
        below = [other.key_of("use") for other in STEPS if parent_of(other) == step]
        given = {other: answer for other, answer in given.items() if other not in below}
        self._give({**given, key: Answer("", Source.TYPED)}, key, *below)

    # --- what is to be said about it ---

    @property
    def complaints(self) -> tuple[Complaint, ...]:
        """Everything that is wrong or doubtful, the API's own words first."""
        about = (self.answers, self.run, dict(self.refused), set(self.unchosen))
        if self._checked is None or not _is_same(self._checked[0], about):
            self._checked = (about, tuple(self._found()))
        return self._checked[1]

    def _found(self) -> Iterator[Complaint]:
        refusals = (Complaint(key, text) for key, text in self.refused.items())
        found = (*refusals, *complaints(self.answers), *self._missing_passwords())
        to_choose = tuple(self._to_be_chosen())
        of_a_new_one = tuple(f"{complaint.key.partition('.')[0]}." for complaint in to_choose)
        yield from (complaint for complaint in found if not complaint.key.startswith(of_a_new_one))
        yield from to_choose

    def _missing_passwords(self) -> Iterator[Complaint]:
        """The callback passwords that are still to be sent: they are never saved, so asked for once more."""
        for step in wanted_steps(self.answers):
            if self.run.step(step.key).status is not Status.DONE and not uses_existing(step, self.answers):
                yield from map(password_needed, missing_secrets(step, self.answers))

    def _to_be_chosen(self) -> Iterator[Complaint]:
        for step in wished_steps(self.answers) if self.unchosen else ():
            if step.key in self.unchosen and not chosen_existing(step, self.answers):
                yield Complaint(step.key_of(step.chosen_by), TO_BE_CHOSEN)

    def blocking(self, place: str) -> tuple[Complaint, ...]:
        """List what has to be put right on a screen."""
        table = TABLES_OF.get(place, place)
        return tuple(
            complaint
            for complaint in self.complaints
            if complaint.blocks and complaint.key.partition(".")[0] == table
        )


def _is_same(before: _Checked, now: _Checked) -> bool:
    """True if nothing changed in between. Answers and run are never changed, only replaced."""
    return before[0] is now[0] and before[1] is now[1] and before[2:] == now[2:]


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


def obstacle_complaint(obstacle: Obstacle, advised: Callable[[str, Problem | None], str]) -> Complaint:
    """Return an obstacle to a plan as a complaint about the answer that removes it; `advised` says what to do."""
    key, problem = obstacle
    is_password = key in QUESTIONS and QUESTIONS[key].is_secret
    return password_needed(key) if is_password else Complaint(key, advised(problem.text, problem))


def _only(answers: Answers, wanted: Callable[[str], bool]) -> Answers:
    return Answers(
        {key: answer for key, answer in answers.given.items() if wanted(key)},
        {key: secret for key, secret in answers.secrets.items() if wanted(key)},
    )


def _is_told_about_another(key: str, answer: Answer) -> bool:
    """True for an optional part of the account's own address, which is folded away; its complaint is about another part."""
    return key in ADDRESS and not QUESTIONS[key].required and answer.source is Source.ACCOUNT
