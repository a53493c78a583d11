"""The answers that a person gave: typed text with its source, completed with defaults."""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType
from typing import Final, NamedTuple, assert_never
from urllib.parse import urlsplit

from bwtui.domain.catalog import (
    CALLBACK_URLS,
    ENVIRONMENTS,
    PAID_STEP,
    QUESTIONS,
    SERVER_URL,
    STEPS,
    WISHES,
)
from bwtui.domain.fields import Choice, Flag, Part, Question, Text
from bwtui.domain.platform import AUTO, FoundPlatform, Platform, platform_named
from bwtui.domain.steps import Step
from bwtui.domain.values.base_urls import api_prefix
from bwtui.domain.values.phone_numbers import listed, listed_twice
from bwtui.domain.values.secret import Secret
from bwtui.domain.values.text import visible

ACCOUNT_ID: Final = "account.account_id"
"""The question for the account."""
PLATFORM_KEY: Final = "account.platform"
"""The question for the platform of the account; what is found out becomes its answer."""


class Source(StrEnum):
    """The sources of a value, strongest first."""

    TYPED = "typed"
    FLAG = "flag"
    ENVIRONMENT = "environment"
    LOGIN = "login"
    """A saved login. In a state file it is `STATE`: another login, or none, may be used the next time."""
    FILE = "answers file"
    STATE = "state"
    EXAMPLE = "the guide's example"
    RECOMMENDED = "recommended by Bandwidth"
    ACCOUNT = "the account's own"
    SUGGESTED = "suggested"
    BASE = "from the server base URL"
    DEFAULT = "default"
    RULE = "Bandwidth's rule"

    @property
    def is_default(self) -> bool:
        """True if nobody has answered."""
        return self in (Source.DEFAULT, Source.BASE)


class Answer(NamedTuple):
    """A value as text (flags are `true` and `false`) and its source."""

    value: str
    source: Source


class Answers(NamedTuple):
    """Answers by full name, without defaults; secrets are separate, so that they are never saved with the rest."""

    given: Mapping[str, Answer] = MappingProxyType({})
    secrets: Mapping[str, Secret] = MappingProxyType({})

    def answer(self, key: str) -> Answer | None:
        """Return the given answer, else the default, else `None`.

        An empty answer to a text that may be left out of the request removes its default; to any other question it
        counts as no answer.
        """
        question = QUESTIONS[key]
        given = self.given.get(key)
        if given and (given.value or _may_be_left_out(question)):
            return given
        default = _default(question)
        if "{" in default:
            base = self._sound_callback_base_url.rstrip("/")
            return Answer(default.format(setup=_Dots(base)), Source.BASE) if base else None
        return Answer(default, Source.DEFAULT) if default else None

    def text(self, key: str) -> str:
        """Return the value, given or default; empty if there is none."""
        answer = self.answer(key)
        return answer.value if answer else ""

    def flag(self, key: str) -> bool:
        """Return a yes-or-no answer."""
        return self.text(key) == "true"

    def over(self, weaker: Mapping[str, Answer]) -> "Answers":
        """Return these answers, completed with `weaker` ones."""
        return Answers({**weaker, **self.given}, self.secrets)

    @property
    def account_id(self) -> str:
        """The id of the account; empty if it is not answered."""
        return self.text(ACCOUNT_ID)

    @property
    def base_url(self) -> str:
        """The prefix of the API, from the stronger source of `account.base_url` and `account.environment`.

        Empty for an environment that does not exist: its name must not lead to another one.
        """
        if self.has_own_address:
            return api_prefix(self.text("account.base_url"))
        environment = self.answer("account.environment")
        return ENVIRONMENTS.get(environment.value if environment else "production", "")

    @property
    def has_own_address(self) -> bool:
        """True where a base URL of one's own counts instead of an environment."""
        url, environment = self.given.get("account.base_url"), self.answer("account.environment")
        is_stronger = url and (not environment or _strength(url.source) <= _strength(environment.source))
        return bool(is_stronger and url and url.value)

    @property
    def platform(self) -> Platform | None:
        """The account's platform as answered or found out; `None` while neither is so."""
        return platform_named(self.text(PLATFORM_KEY))

    @property
    def chosen_platform(self) -> str:
        """The platform as the person answered it: auto, too, if it was found out."""
        given = self.given.get(PLATFORM_KEY)
        return given.value if given and given.source is not Source.ACCOUNT else AUTO

    def shown(self, key: str) -> str:
        """Return an answer as a form shows it: a platform that decides nothing leaves its question open."""
        undecided = key == PLATFORM_KEY and not (self.platform and self.platform.is_settled)
        return AUTO if undecided else self.text(key)

    def on(self, found: FoundPlatform) -> "Answers":
        """Return these answers for an account on the platform that was found."""
        if self.platform is found.platform:
            return self
        answer = Answer(found.platform, Source.ACCOUNT)
        return self._replace(given={**self.given, PLATFORM_KEY: answer})

    @property
    def without_platform(self) -> "Answers":
        """These answers with the question of the platform left open."""
        given = {key: answer for key, answer in self.given.items() if key != PLATFORM_KEY}
        return self._replace(given=given)

    @property
    def _sound_callback_base_url(self) -> str:
        """The answered server base URL; empty if it is invalid, so that no default is made from it."""
        base, question = self.text(SERVER_URL), QUESTIONS[SERVER_URL]
        assert isinstance(question, Text)
        assert question.check
        return "" if question.check(base) else base

    @property
    def callback_base_url(self) -> str:
        """The public base of the person's server: as answered, else the origin of a callback URL."""
        if base := self.text(SERVER_URL):
            return base
        for key in CALLBACK_URLS:
            if url := self.text(key):
                parts = urlsplit(url)
                return f"{parts.scheme}://{parts.netloc}"
        return ""


class _Dots(NamedTuple):
    callback_base_url: str


def _strength(source: Source) -> int:
    return list(Source).index(source)


def _default(question: Question) -> str:
    match question:
        case Flag(default=None):
            return ""
        case Flag(default=default):
            return str(default).lower()
        case Text() | Choice():
            return question.default
        case _:
            assert_never(question)


def _may_be_left_out(question: Question) -> bool:
    return isinstance(question, Text) and bool(question.wire) and not question.required


def taken(key: str, typed: str, others: Mapping[str, str] = MappingProxyType({})) -> dict[str, str]:
    """Return the answers that were given by what was typed or read: mostly one, a ZIP code with its extension two.

    Nothing is divided if `others` answers the second question otherwise.
    """
    question = QUESTIONS[key]
    rest = question.rest(visible(typed)) if isinstance(question, Text) and question.rest else ""
    if not rest or not isinstance(question, Text):
        return {key: as_meant(key, typed)}
    second = f"{key.partition('.')[0]}.{question.rest_goes_to}"
    if others.get(second, "") not in ("", rest):
        return {key: visible(typed)}
    return {key: as_meant(key, typed), second: rest}


def taken_told(key: str, typed: str, answers: Mapping[str, str]) -> str:
    """Say how something was taken that was not typed as Bandwidth wants it; empty if nothing need be said."""
    question, value = QUESTIONS[key], answers[key]
    if isinstance(question, Text) and question.many and (again := listed_twice(typed)):
        return f"{listed(again)}: listed twice, and taken once."
    if visible(typed) == value or not isinstance(question, Text) or question.shown or question.is_secret:
        return ""
    more = "".join(f", {QUESTIONS[other].label} {answers[other]}" for other in answers if other != key)
    return f"“{visible(typed)}” is taken as {value}{more}."


def as_meant(key: str, value: str) -> str:
    """Return an answer in the form in which it is checked, saved and sent, from whatever was typed or read."""
    question, value = QUESTIONS[key], visible(value)
    match question:
        case Text(meant=meant):
            return meant(value) if meant and value else value
        case Choice(options=options):
            return next((option for option in options if option.casefold() == value.casefold()), value)
        case Flag():
            return value.casefold()
        case _:
            assert_never(question)


def possible_steps(answers: Answers) -> tuple[Step, ...]:
    """Return the steps that exist on the account's platform, in the order of the guide.

    While the platform is not known, voice is shown as the guide has it.
    """
    platform = _platform_of_steps(answers)
    return tuple(step for step in STEPS if step.platform in (None, platform))


def can_be_done(step: Step, answers: Answers) -> bool:
    """Return False for a step that a trial account cannot do, or that waits until the platform is known."""
    match answers.platform:
        case Platform.UNKNOWN:
            return step.platform is None
        case Platform.TRIAL:
            return step.on_trial
        case _:
            return True


def wished_steps(answers: Answers) -> tuple[Step, ...]:
    """Return the steps that the flags under [setup] need, in the order of the guide, including those left out."""
    wishes = _wishes(answers)
    has_numbers = wishes.issuperset(PAID_STEP.wanted_by) and not is_left_out(PAID_STEP, answers)
    return tuple(
        step
        for step in possible_steps(answers)
        if wishes.intersection(step.wanted_by) and (has_numbers or not step.names_numbers)
    )


def _wishes(answers: Answers) -> set[str]:
    return {wish for wish in WISHES if answers.flag(f"setup.{wish}")}


def _platform_of_steps(answers: Answers) -> Platform:
    is_universal = answers.platform is Platform.UNIVERSAL
    return Platform.UNIVERSAL if is_universal else Platform.LEGACY


def asked_questions(step: Step, answers: Answers) -> tuple[Question, ...]:
    """Return the questions of a step that have a meaning on the account's platform and for what is wished."""
    return tuple(question for question in step.questions if _is_asked(question, answers))


def _is_asked(question: Part, answers: Answers) -> bool:
    match question:
        case Choice(platform=Platform() as only):
            return only is _platform_of_steps(answers)
        case Flag(wanted_by=wish):
            return not wish or wish in _wishes(answers)
        case _:
            return True


def is_left_out(step: Step, answers: Answers) -> bool:
    """Return True if the answers leave out this optional step."""
    return bool(step.left_out_by) and answers.text(step.left_out_by) in ("", "false")


def wanted_steps(answers: Answers) -> tuple[Step, ...]:
    """Return the steps to do, in the order of the guide."""
    return tuple(step for step in wished_steps(answers) if not is_left_out(step, answers))


def uses_existing(step: Step, answers: Answers) -> str:
    """Return the id of the existing object that the answers name for this step; empty for a new one."""
    return answers.text(step.key_of("use")) if step.is_listed else ""


def chosen_existing(step: Step, answers: Answers) -> str:
    """Return the id of the existing object that was chosen for this step, to be used or to be assigned; empty for none."""
    return answers.text(step.key_of(step.chosen_by)) if step.chosen_by else ""


def superseded(step: Step, answers: Answers) -> frozenset[str]:
    """Return the wire names that are left out because a more specific question is answered."""
    return frozenset(
        wire
        for question in step.questions
        if isinstance(question, Text) and question.supersedes and answers.text(step.key_of(question.key))
        for wire in question.supersedes
    )


def missing_secrets(step: Step, answers: Answers) -> tuple[str, ...]:
    """Return the full names of the secrets that this step will send but that have not been given."""
    return tuple(
        key
        for question in step.questions
        if isinstance(question, Text) and question.is_secret
        for key in (step.key_of(question.key),)
        if answers.text(step.key_of(question.goes_with)) and key not in answers.secrets
    )
